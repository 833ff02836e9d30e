"""Runs with their frozen results.

The same inputs replace the same row, others make a new one; of several runs of the same
kind, days and topic the one made last is current.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, exists, or_, select

from pipelines.schema import briefs, runs
from pipelines.store.database import upsert

KEY = ("kind", "first_day", "last_day", "topic", "inputs_hash")
_SAME = KEY[:-1]
_RUN: list[Any] = [column for column in runs.c if column.name != "labels"]  # large, and seldom wanted
_HEAD: list[Any] = [column for column in _RUN if column.name != "results"]


def save_run(connection: Connection, row: Mapping[str, Any]) -> int:
    """Store a run, replacing the one of the same inputs, whose number stays; that number.

    `results` and `labels` may be given as JSON text: they are large.
    """
    whole = {"topic": "", "inputs_hash": "", **row}
    upsert(connection, runs, [whole], key=KEY, update=[name for name in row if name not in KEY])
    here = and_(*(runs.c[name] == whole[name] for name in KEY))
    return int(connection.execute(select(runs.c.id).where(here)).scalar_one())


def stored_run(connection: Connection, run_id: int) -> Row[Any]:
    """The run with that number, which exists."""
    return connection.execute(select(*_RUN).where(runs.c.id == run_id)).one()


def find_run(
    connection: Connection, kind: str, first_day: date, last_day: date, topic: str = ""
) -> Row[Any] | None:
    """The current run of that kind, those days and that topic, or None."""
    of_days = (runs.c.kind == kind) & (runs.c.first_day == first_day) & (runs.c.last_day == last_day)
    query = select(*_RUN).where(of_days, runs.c.topic == topic)
    return connection.execute(_newest_first(query).limit(1)).one_or_none()


def get_run(connection: Connection, run_id: int) -> Row[Any] | None:
    """The run with that id, or None."""
    return connection.execute(select(*_RUN).where(runs.c.id == run_id)).one_or_none()


def run_labels(connection: Connection, run_id: int) -> dict[int, list[Any]]:
    """Post id -> [sentiment, intent, category, issue id] of the run's days."""
    found = connection.execute(select(runs.c.labels).where(runs.c.id == run_id)).scalar_one()
    return {int(post): labels for post, labels in found.items()}


def list_runs(
    connection: Connection, count: int, *, kind: str | None = None, topic: str | None = None
) -> Sequence[Row[Any]]:
    """The last runs without their results, newest first; `current` says whether a later one replaced it,
    `number` is that of the brief that was written from it."""
    query = select(*_HEAD, (~_superseded()).label("current"), briefs.c.year, briefs.c.number)
    query = query.outerjoin(briefs, briefs.c.run_id == runs.c.id)
    if kind is not None:
        query = query.where(runs.c.kind == kind)
    if topic is not None:
        query = query.where(runs.c.topic == topic)
    return connection.execute(_newest_first(query).limit(count)).all()


def delete_superseded(connection: Connection, before: datetime) -> int:
    """Delete the runs made before then that a later run replaced and no brief shows; how many."""
    shown = exists().where(briefs.c.run_id == runs.c.id)
    old = select(runs.c.id).where(runs.c.made_at < before, _superseded(), ~shown)
    return connection.execute(delete(runs).where(runs.c.id.in_(old))).rowcount


def _superseded() -> ColumnElement[bool]:
    later = runs.alias("later")
    same = and_(*(later.c[name] == runs.c[name] for name in _SAME))
    after = or_(
        later.c.made_at > runs.c.made_at, and_(later.c.made_at == runs.c.made_at, later.c.id > runs.c.id)
    )
    # An alert's run stands alone.
    return and_(runs.c.kind != "alert", exists().where(same, after))


def _newest_first(query: Select[Any]) -> Select[Any]:
    return query.order_by(runs.c.made_at.desc(), runs.c.id.desc())
