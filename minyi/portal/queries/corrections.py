"""Posts that the models are least sure of, among the newest."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, select

from pipelines.schema import corrections, posts, readings, threads, untimed

SHOWN = 20
# By index the newest are found at once; among so many there are always twenty doubtful ones.
NEWEST = 2000


def least_certain(connection: Connection, task: str, model_version: str) -> Sequence[Row[Any]]:
    """Twenty posts that nobody has labelled for that task, the least certain first.

    Rows have id, source, title, text, url, is_first, dated_at, untimed, label, certainty.
    """
    newest = select(posts.c.id).order_by(posts.c.dated_at.desc()).limit(NEWEST).subquery()
    read = and_(readings.c.post_id == posts.c.id, readings.c.model_version == model_version)
    same = corrections.c.text_hash == posts.c.text_hash
    said = and_(corrections.c.post_id == posts.c.id, corrections.c.task == task, same)
    certainty = _certainty(task)
    columns: list[Any] = [
        *(posts.c[name] for name in ("id", "text", "url", "is_first", "dated_at")),
        untimed.label("untimed"),
        *(threads.c[name] for name in ("source", "title")),
        readings.c[task].label("label"),
        certainty.label("certainty"),
    ]
    query = (
        select(*columns)
        .select_from(newest.join(posts, posts.c.id == newest.c.id))
        .join(threads, threads.c.id == posts.c.thread_id)
        .join(readings, read)
        .outerjoin(corrections, said)
        .where(corrections.c.post_id.is_(None), readings.c.spam.is_(False), posts.c.agency.is_(None))
        .where(threads.c.gone_at.is_(None), posts.c.gone_at.is_(None), posts.c.text != "")
        .order_by(certainty, posts.c.id.desc())
    )
    return connection.execute(query.limit(SHOWN)).all()


def _certainty(task: str) -> ColumnElement[float]:
    if task != "sentiment":
        return readings.c[f"p_{task}"]
    neg, neu, pos = (readings.c[f"p_{share}"] for share in ("neg", "neu", "pos"))
    return case((and_(neg >= neu, neg >= pos), neg), (neu >= pos, neu), else_=pos)


def corrections_by_task(connection: Connection) -> dict[str, int]:
    """Task -> how many posts people have labelled."""
    query = select(corrections.c.task, func.count().label("posts")).group_by(corrections.c.task)
    return {row.task: row.posts for row in connection.execute(query)}
