"""Bursts and blind sources that are not over."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from pipelines.schema import alerts

SHOWN = 20


def open_alerts(connection: Connection) -> Sequence[Row[Any]]:
    """The newest alerts that are not over, those that nobody looks after first."""
    query = select(alerts).where(alerts.c.over_at.is_(None))
    newest = query.order_by(alerts.c.acknowledged_at.is_not(None), alerts.c.raised_at.desc())
    return connection.execute(newest.limit(SHOWN)).all()
