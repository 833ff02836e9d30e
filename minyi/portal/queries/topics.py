"""The runs made of topics."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from pipelines.schema import briefs, runs

SHOWN = 30


def topic_runs(connection: Connection, name: str) -> Sequence[Row[Any]]:
    """The newest special briefs with their runs, of one topic (narrowed or not) or ("") of any."""
    columns: list[Any] = [
        *(runs.c[column] for column in ("first_day", "last_day", "topic")),
        *(briefs.c[column] for column in ("id", "run_id", "kind", "year", "number", "state", "made_at")),
    ]
    query = select(*columns).join(briefs, briefs.c.run_id == runs.c.id).where(runs.c.kind == "special")
    if name:
        query = query.where(or_(runs.c.topic == name, runs.c.topic.startswith(f"{name}（", autoescape=True)))
    return connection.execute(query.order_by(runs.c.id.desc()).limit(SHOWN)).all()


def runs_before(connection: Connection, topics: Iterable[str]) -> dict[int, int]:
    """Run id -> the run of the same topic that was made before it, over whatever days."""
    query = select(runs.c.id, runs.c.topic).where(runs.c.kind == "special", runs.c.topic.in_(set(topics)))
    last: dict[str, int] = {}
    before = {}
    for row in connection.execute(query.order_by(runs.c.made_at, runs.c.id)):
        if row.topic in last:
            before[row.id] = last[row.topic]
        last[row.topic] = row.id
    return before
