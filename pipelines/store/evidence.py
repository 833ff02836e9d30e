"""Posts as they stand now, for looking up what a frozen number was made of."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from pipelines.schema import corrections, posts, threads, untimed
from pipelines.store.listed import listed


def posts_now(connection: Connection, ids: Sequence[int]) -> dict[int, Row[Any]]:
    """Post id -> the post with its thread; `gone`: it is no longer on its forum.  Deleted ones are missing."""
    gone = or_(posts.c.gone_at.is_not(None), threads.c.gone_at.is_not(None))
    columns: list[Any] = [
        *(posts.c[name] for name in ("id", "thread_id", "url", "text", "agency", "dated_at", "seen_at")),
        *(threads.c[name] for name in ("source", "board", "title")),
        untimed.label("untimed"),
        gone.label("gone"),
    ]
    query = select(*columns).join(threads, threads.c.id == posts.c.thread_id)
    rows = connection.execute(query.where(posts.c.id.in_(listed(connection, ids))))
    return {row.id: row for row in rows}


def corrections_of(connection: Connection, ids: Sequence[int]) -> dict[tuple[int, str], Row[Any]]:
    """(Post id, task) -> what a person said of it."""
    query = select(corrections).where(corrections.c.post_id.in_(listed(connection, ids)))
    return {(row.post_id, row.task): row for row in connection.execute(query)}
