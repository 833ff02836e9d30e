"""Briefs: which there are, what stands in them, what staff added."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from pipelines.schema import briefs, runs

PAGE = 30
APPROVED = 10
_COLUMNS: list[Any] = [
    *(briefs.c[name] for name in ("id", "run_id", "kind", "year", "number", "state", "made_at")),
    *(briefs.c[name] for name in ("approved_by", "approved_at")),
    *(runs.c[name] for name in ("first_day", "last_day", "topic")),
]


def find_brief(connection: Connection, brief_id: int) -> Row[Any] | None:
    """The brief with its run's days, or None."""
    query = select(*_COLUMNS).join(runs, runs.c.id == briefs.c.run_id).where(briefs.c.id == brief_id)
    return connection.execute(query).one_or_none()


def newest_brief(connection: Connection, kind: str) -> Row[Any] | None:
    """The brief of that kind that covers the latest days, or None."""
    query = select(*_COLUMNS).join(runs, runs.c.id == briefs.c.run_id).where(briefs.c.kind == kind)
    return connection.execute(query.order_by(runs.c.last_day.desc(), briefs.c.id.desc()).limit(1)).first()


def list_briefs(
    connection: Connection,
    *,
    kind: str | None = None,
    number: int | None = None,
    day: date | None = None,
    before: int | None = None,
) -> Sequence[Row[Any]]:
    """The newest briefs, one more than a page; of a kind, a number, a day that they cover, or made before one."""
    query = select(*_COLUMNS).join(runs, runs.c.id == briefs.c.run_id)
    if kind is not None:
        query = query.where(briefs.c.kind == kind)
    if number is not None:
        query = query.where(briefs.c.number == number)
    if day is not None:
        query = query.where(runs.c.first_day <= day, runs.c.last_day >= day)
    if before is not None:
        query = query.where(briefs.c.id < before)
    return connection.execute(query.order_by(briefs.c.id.desc()).limit(PAGE + 1)).all()


def list_drafts(connection: Connection) -> Sequence[Row[Any]]:
    """The newest briefs that nobody has approved."""
    query = select(*_COLUMNS).join(runs, runs.c.id == briefs.c.run_id).where(briefs.c.state == "draft")
    return connection.execute(query.order_by(briefs.c.id.desc()).limit(PAGE)).all()


def list_approved(connection: Connection) -> Sequence[Row[Any]]:
    """The briefs approved last."""
    query = select(*_COLUMNS).join(runs, runs.c.id == briefs.c.run_id).where(briefs.c.state == "approved")
    return connection.execute(query.order_by(briefs.c.id.desc()).limit(APPROVED)).all()


def briefs_of_runs(connection: Connection, run_ids: Sequence[int]) -> dict[int, int]:
    """Run id -> the brief made of it."""
    query = select(briefs.c.run_id, briefs.c.id).where(briefs.c.run_id.in_(run_ids))
    return {row.run_id: row.id for row in connection.execute(query)}


def versions_of(connection: Connection, brief: Row[Any]) -> Sequence[Row[Any]]:
    """Every run of the brief's days, or of its topic over whatever days, newest first: id, first_day, last_day, made_at."""
    same = (runs.c.kind == brief.kind) & (runs.c.topic == brief.topic)
    if brief.kind != "special":
        same &= (runs.c.first_day == brief.first_day) & (runs.c.last_day == brief.last_day)
    columns: list[Any] = [runs.c[name] for name in ("id", "first_day", "last_day", "made_at")]
    return connection.execute(select(*columns).where(same).order_by(runs.c.made_at.desc()).limit(PAGE)).all()
