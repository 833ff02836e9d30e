"""The runs made of topics."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from pipelines.schema import briefs, runs

SHOWN = 30


def topic_runs(connection: Connection, name: str) -> Sequence[Row[Any]]:
    """The newest special briefs with their runs, of one topic or ("") of any."""
    columns: list[Any] = [
        *(runs.c[column] for column in ("first_day", "last_day", "topic")),
        *(briefs.c[column] for column in ("id", "run_id", "kind", "year", "number", "state", "made_at")),
    ]
    query = select(*columns).join(briefs, briefs.c.run_id == runs.c.id).where(runs.c.kind == "special")
    if name:
        query = query.where(runs.c.topic == name)
    return connection.execute(query.order_by(runs.c.id.desc()).limit(SHOWN)).all()
