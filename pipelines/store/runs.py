"""Runs with their frozen results."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from pipelines.schema import runs
from pipelines.store.database import upsert


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
