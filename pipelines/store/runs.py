"""Issues, runs with their frozen results, briefs and deliveries."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from pipelines.schema import briefs, deliveries, issue_threads, issues, runs
from pipelines.store.database import upsert


def known_issues(connection: Connection) -> tuple[dict[int, int], dict[int, str], int]:
    """Thread id -> issue id; issue id -> title given by staff; the next free issue id."""
    rows = connection.execute(select(issue_threads.c.thread_id, issue_threads.c.issue_id))
    renamed = connection.execute(select(issues.c.id, issues.c.title).where(issues.c.renamed))
    last = connection.execute(select(func.max(issues.c.id))).scalar() or 0
    return {row.thread_id: row.issue_id for row in rows}, {row.id: row.title for row in renamed}, last + 1


def first_posts(connection: Connection) -> dict[int, datetime]:
    """Issue id -> when its first post was written, as last stored."""
    rows = connection.execute(select(issues.c.id, issues.c.first_post_at))
    return {row.id: row.first_post_at for row in rows}


def save_issues(
    connection: Connection,
    records: Sequence[Mapping[str, Any]],
    joined: Mapping[int, int],
    joined_at: datetime,
) -> None:
    """Store issues (id, title, place, first_post_at, first_seen_at) and which thread belongs to which."""
    upsert(
        connection,
        issues,
        [dict(record) for record in records],
        key=("id",),
        update=("title", "place", "first_post_at"),
    )
    rows = [
        {"thread_id": thread, "issue_id": issue, "joined_at": joined_at} for thread, issue in joined.items()
    ]
    upsert(connection, issue_threads, rows, key=("thread_id",), update=("issue_id",))


def save_run(connection: Connection, row: Mapping[str, Any]) -> Row[Any]:
    """Store a run, replacing the one of the same kind and window, whose id stays; the row as it is now."""
    key = ("kind", "first_day", "last_day", "topic", "inputs_hash")
    whole = {"topic": "", "inputs_hash": "", **row}
    upsert(connection, runs, [whole], key=key, update=[name for name in row if name not in key])
    return connection.execute(_of_window(*(whole[name] for name in key[:3]))).one()


def find_run(connection: Connection, kind: str, first_day: date, last_day: date) -> Row[Any] | None:
    """The run of that kind and window, or None."""
    return connection.execute(_of_window(kind, first_day, last_day)).one_or_none()


def _of_window(kind: str, first_day: date, last_day: date) -> Select[Any]:
    return select(runs).where(runs.c.kind == kind, runs.c.first_day == first_day, runs.c.last_day == last_day)


def save_brief(connection: Connection, run: Row[Any], made_at: datetime) -> Row[Any]:
    """The brief of a run: numbered by kind and year when first made, its number kept afterwards."""
    found = connection.execute(select(briefs).where(briefs.c.run_id == run.id)).one_or_none()
    if found is not None:
        return found
    year = run.last_day.year
    of_year = (briefs.c.kind == run.kind) & (briefs.c.year == year)
    last = connection.execute(select(func.max(briefs.c.number)).where(of_year)).scalar() or 0
    row = {
        "run_id": run.id,
        "kind": run.kind,
        "year": year,
        "number": last + 1,
        "state": "draft",
        "made_at": made_at,
    }
    return connection.execute(insert(briefs).values(row).returning(briefs)).one()


def find_brief(connection: Connection, kind: str, first_day: date, last_day: date) -> Row[Any] | None:
    """The brief made of that run, or None."""
    of_run = (runs.c.kind == kind) & (runs.c.first_day == first_day) & (runs.c.last_day == last_day)
    query = select(briefs).join(runs, runs.c.id == briefs.c.run_id).where(of_run)
    return connection.execute(query).one_or_none()


def approve_brief(connection: Connection, brief_id: int) -> None:
    """From now on the brief is no draft."""
    connection.execute(update(briefs).where(briefs.c.id == brief_id).values(state="approved"))


def claim_delivery(connection: Connection, row: Mapping[str, Any]) -> bool:
    """Record that a brief goes to a recipient now; False when it already went there in this state."""
    query = select(deliveries.c.id).filter_by(**{name: row[name] for name in _SENT_ONCE})
    if connection.execute(query).first() is not None:
        return False
    connection.execute(insert(deliveries).values(dict(row)))
    return True


_SENT_ONCE = ("brief_id", "channel", "recipient", "state")
