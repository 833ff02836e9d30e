"""Briefs: numbered by kind and year, drafts until somebody approves them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from pipelines.schema import briefs, runs


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
