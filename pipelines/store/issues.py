"""Issues as they are kept from day to day: titles, threads, what staff made of them.

A thread stands in one issue.  Where staff merged issues, `from_issue` keeps which part of
the merged issue it belongs to: grouping goes on part by part, and a merge can be taken back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from pipelines.schema import issue_states, issue_threads, issues, posts, runs, threads
from pipelines.store.database import StoreError, take_turns, upsert

_ISSUES_TURN = 6_391_105  # any number of our own


class IssuesChangedError(StoreError):
    """Somebody opened issues while a run was grouping: its numbers are taken."""


def lock_issues(connection: Connection) -> None:
    """Let nobody else open, merge or split issues until this transaction ends."""
    take_turns(connection, _ISSUES_TURN)


def known_issues(connection: Connection) -> tuple[dict[int, int], dict[int, str], int]:
    """Thread id -> issue id, or the part of it; issue id -> title given by staff; the next free issue id."""
    part = func.coalesce(issue_threads.c.from_issue, issue_threads.c.issue_id)
    rows = connection.execute(select(issue_threads.c.thread_id, part.label("part")))
    last = connection.execute(select(func.max(issues.c.id))).scalar() or 0
    return {row.thread_id: row.part for row in rows}, _given_titles(connection), last + 1


def _given_titles(connection: Connection) -> dict[int, str]:
    rows = connection.execute(select(issues.c.id, issues.c.title).where(issues.c.renamed))
    return {row.id: row.title for row in rows}


def merged_issues(connection: Connection) -> dict[int, int]:
    """Merged issue id -> the issue it is part of now, through every merge."""
    query = select(issues.c.id, issues.c.merged_into).where(issues.c.merged_into.is_not(None))
    into = {row.id: row.merged_into for row in connection.execute(query)}
    return {issue: _follow(into, issue) for issue in into}


def _follow(into: Mapping[int, int], issue: int) -> int:
    while issue in into:
        issue = into[issue]
    return issue


def first_posts(connection: Connection) -> dict[int, datetime]:
    """Issue id -> when its first post was written, as last stored."""
    rows = connection.execute(select(issues.c.id, issues.c.first_post_at))
    return {row.id: row.first_post_at for row in rows}


def save_issues(
    connection: Connection,
    records: Sequence[Mapping[str, Any]],
    joined: Mapping[int, int],
    joined_at: datetime,
    next_id: int,
) -> None:
    """Store issues (id, title, place, first_post_at, first_seen_at, chatter) and the part each thread joined.

    A stored thread stays where it is, and a title given by staff too, also when that
    happened during the run.  IssuesChangedError when a number from `next_id` on is taken.
    """
    lock_issues(connection)
    new = [record["id"] for record in records if record["id"] >= next_id]
    if new and connection.execute(select(issues.c.id).where(issues.c.id >= next_id)).first():
        raise IssuesChangedError("分析期间有人新建或拆分了事项，这次结果没有保存；请重新运行")
    given, into = _given_titles(connection), merged_issues(connection)
    rows = [dict(record) | {"title": given.get(record["id"], record["title"])} for record in records]
    upsert(connection, issues, rows, key=("id",), update=("title", "place", "first_post_at", "chatter"))
    upsert(
        connection,
        issue_threads,
        [
            {
                "thread_id": thread,
                "issue_id": into.get(part, part),
                "from_issue": part if part in into else None,
                "joined_at": joined_at,
            }
            for thread, part in joined.items()
        ],
        key=("thread_id",),
        update=(),
    )


def find_issue(connection: Connection, issue_id: int) -> Row[Any] | None:
    """The issue with that number, merged away or not; None when there is none."""
    return connection.execute(select(issues).where(issues.c.id == issue_id)).one_or_none()


def counted_issues(connection: Connection, issue_ids: Iterable[int]) -> Sequence[Row[Any]]:
    """These issues' id, title, first_post_at, and how many threads are still on their forum."""
    columns: list[Any] = [issues.c[name] for name in ("id", "title", "first_post_at")]
    counted: list[Any] = [func.count(threads.c.id).label("threads")]
    query = (
        select(*columns, *counted)
        .join(issue_threads, issue_threads.c.issue_id == issues.c.id)
        .join(threads, threads.c.id == issue_threads.c.thread_id)
        .where(issues.c.id.in_(sorted(issue_ids)), threads.c.gone_at.is_(None))
        .group_by(*columns)
        .order_by(issues.c.id)
    )
    return connection.execute(query).all()


def parts_of(connection: Connection, issue_id: int) -> list[int]:
    """The issue itself and every one that was merged into it."""
    found, fresh = [issue_id], [issue_id]
    while fresh:
        query = select(issues.c.id).where(issues.c.merged_into.in_(fresh)).order_by(issues.c.id)
        fresh = list(connection.execute(query).scalars())
        found += fresh
    return found


def threads_of(connection: Connection, issue_id: int) -> Sequence[Row[Any]]:
    """The issue's threads that are still on their forum, oldest first, each with its posts counted."""
    columns: list[Any] = [threads.c[name] for name in ("id", "source", "board", "title", "url")]
    columns.append(issue_threads.c.from_issue)
    first = func.min(posts.c.dated_at)
    counted: list[Any] = [first.label("first_post_at"), func.count(posts.c.id).label("posts")]
    query = (
        select(*columns, *counted)
        .join(issue_threads, issue_threads.c.thread_id == threads.c.id)
        .join(posts, posts.c.thread_id == threads.c.id)
        .where(issue_threads.c.issue_id == issue_id, threads.c.gone_at.is_(None))
        .group_by(*columns)
        .order_by(first, threads.c.id)
    )
    return connection.execute(query).all()


def thread_ids_of(connection: Connection, issue_id: int) -> set[int]:
    """Ids of all its threads, gone ones too."""
    query = select(issue_threads.c.thread_id).where(issue_threads.c.issue_id == issue_id)
    return set(connection.execute(query).scalars())


def merge(connection: Connection, kept: Row[Any], gone: Row[Any]) -> None:
    """`gone` becomes a part of `kept`, with all its threads."""
    moved = issue_threads.c.issue_id == gone.id
    values = {
        "from_issue": func.coalesce(issue_threads.c.from_issue, issue_threads.c.issue_id),
        "issue_id": kept.id,
        "by_staff": True,
    }
    connection.execute(update(issue_threads).where(moved).values(values))
    connection.execute(update(issues).where(issues.c.id == gone.id).values(merged_into=kept.id))
    began = {name: min(kept._mapping[name], gone._mapping[name]) for name in _BEGAN}
    connection.execute(update(issues).where(issues.c.id == kept.id).values(began))


_BEGAN = ("first_post_at", "first_seen_at")


def unmerge(connection: Connection, part: int, whole: int) -> None:
    """Take a merged issue out of the whole again, with the threads that belong to it."""
    moved = (issue_threads.c.issue_id == whole) & issue_threads.c.from_issue.in_(parts_of(connection, part))
    values = {"issue_id": part, "from_issue": func.nullif(issue_threads.c.from_issue, part)}
    connection.execute(update(issue_threads).where(moved).values(values))
    connection.execute(update(issues).where(issues.c.id == part).values(merged_into=None))
    for issue_id in (part, whole):
        _find_beginning(connection, issue_id)


def split(connection: Connection, issue: Row[Any], moved: Iterable[int], title: str, named: bool) -> int:
    """Open a new issue with these threads of the issue; `named`: its title is what staff want it to be."""
    number = (connection.execute(select(func.max(issues.c.id))).scalar() or 0) + 1
    row = {"id": number, "title": title, "place": issue.place, "renamed": named, "split_from": issue.id}
    began = {name: issue._mapping[name] for name in _BEGAN}
    connection.execute(insert(issues).values(row | began))
    here = issue_threads.c.thread_id.in_(sorted(moved))
    values = {"issue_id": number, "from_issue": None, "by_staff": True}
    connection.execute(update(issue_threads).where(here).values(values))
    for issue_id in (number, issue.id):
        _find_beginning(connection, issue_id)
    return number


def _find_beginning(connection: Connection, issue_id: int) -> None:
    """Set an issue's first times by the posts that are stored; without any they stay."""
    query = (
        select(func.min(posts.c.dated_at).label("written"), func.min(posts.c.seen_at).label("seen"))
        .join(issue_threads, issue_threads.c.thread_id == posts.c.thread_id)
        .where(issue_threads.c.issue_id == issue_id)
    )
    first = connection.execute(query).one()
    if first.written is not None:
        values = {"first_post_at": first.written, "first_seen_at": first.seen}
        connection.execute(update(issues).where(issues.c.id == issue_id).values(values))


def rename(connection: Connection, issue_id: int, title: str | None) -> None:
    """Give the issue a title that stays; None: the next run may name it again."""
    values = {"renamed": False} if title is None else {"title": title, "renamed": True}
    connection.execute(update(issues).where(issues.c.id == issue_id).values(values))


def add_state(connection: Connection, row: Mapping[str, Any]) -> None:
    """What staff say of an issue from now on: issue_id, state, department, note, staff, set_at."""
    connection.execute(insert(issue_states).values(dict(row)))


def states_of(connection: Connection, issue_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """What staff said of these issues, oldest first."""
    query = select(issue_states).where(issue_states.c.issue_id.in_(issue_ids))
    return connection.execute(query.order_by(issue_states.c.set_at, issue_states.c.id)).all()


def every_state(connection: Connection) -> Sequence[Row[Any]]:
    """All that staff said of issues, oldest first."""
    return connection.execute(select(issue_states).order_by(issue_states.c.set_at, issue_states.c.id)).all()


def newest_runs(connection: Connection, count: int) -> Iterator[Row[Any]]:
    """The last runs over all posts, newest first, one by one: a run's results are large."""
    whole = runs.c.kind.in_(("daily", "weekly"))
    query = select(runs.c.id).where(whole).order_by(runs.c.last_day.desc(), runs.c.id.desc()).limit(count)
    for number in connection.execute(query).scalars().all():
        yield connection.execute(select(runs).where(runs.c.id == number)).one()
