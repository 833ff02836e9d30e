"""Posts that want reading, their readings, and both together as a frame."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Row, and_, case, func, select

from pipelines.reading import Reading
from pipelines.schema import posts, readings, threads
from pipelines.store.database import reading as for_reading
from pipelines.store.database import upsert
from pipelines.store.listed import listed

if TYPE_CHECKING:  # loaded where it is used: most commands need no frame
    import pandas as pd

_CURRENT = ("sentiment", "p_neg", "p_neu", "p_pos", "intent", "p_intent", "category", "p_category")
_FIELDS = (*_CURRENT, "category_detail", "district", "places", "tokens", "spam")

_TO_READ = ("text", "text_hash", "is_first")

Shard = tuple[int, int]


def unread_posts(
    engine: Engine, model_version: str, *, size: int, shard: Shard = (1, 1)
) -> Iterator[Sequence[Row[Any]]]:
    """Batches of posts without a reading of their present text by this model version.

    Rows have post_id, title, text, text_hash, is_first.  Shard (k, n) takes every n-th
    post, so that n workers with k = 1..n read each post once.
    """
    number, of = shard
    current = and_(
        readings.c.post_id == posts.c.id,
        readings.c.model_version == model_version,
        readings.c.text_hash == posts.c.text_hash,
    )
    query = (
        select(
            posts.c.id.label("post_id"), threads.c.title, posts.c.text, posts.c.text_hash, posts.c.is_first
        )
        .join(threads, threads.c.id == posts.c.thread_id)
        .outerjoin(readings, current)
        .where(readings.c.post_id.is_(None), posts.c.hidden.is_(None), posts.c.id % of == number - 1)
        .order_by(posts.c.id)
        .limit(size)
    )
    last = 0
    while True:
        with for_reading(engine).connect() as connection:
            rows: Any = connection.execute(query.where(posts.c.id > last)).all()
        if not rows:
            return
        yield rows
        last = rows[-1].post_id


def save_readings(
    connection: Connection,
    rows: Sequence[Row[Any]],
    results: Sequence[Reading],
    model_version: str,
    read_at: datetime,
) -> None:
    """Store one reading per post row, replacing an older one of the same model version."""
    values = [
        {
            "post_id": row.post_id,
            "model_version": model_version,
            "text_hash": row.text_hash,
            "read_at": read_at,
        }
        | asdict(result)
        for row, result in zip(rows, results, strict=True)
    ]
    upsert(
        connection,
        readings,
        values,
        key=("post_id", "model_version"),
        update=("text_hash", "read_at", *_FIELDS),
    )


def posts_frame(
    connection: Connection,
    model_version: str,
    first: datetime,
    last: datetime,
    thread_ids: Sequence[int] | None = None,
) -> "pd.DataFrame":
    """One row a post dated in [first, last), with its thread and reading; empty fields where unread.

    With `thread_ids` posts of those threads alone.

    Columns: post_id, thread_id, source, board, title, text, url, dated_at, seen_at,
    is_first, floor, hidden, voice, agency, text_hash, then those of a reading.
    Threads and posts that are gone from their forum are left out.
    """
    import pandas as pd

    wanted = and_(readings.c.post_id == posts.c.id, readings.c.model_version == model_version)
    query = (
        select(
            posts.c.id.label("post_id"),
            posts.c.thread_id,
            threads.c.source,
            threads.c.board,
            threads.c.title,
            threads.c.views,
            *(posts.c[name] for name in _POST_COLUMNS),
            *(readings.c[name] for name in _FIELDS),
        )
        .join(threads, threads.c.id == posts.c.thread_id)
        .outerjoin(readings, wanted)
        .where(posts.c.dated_at >= first, posts.c.dated_at < last, threads.c.gone_at.is_(None))
        .where(posts.c.gone_at.is_(None))
        .order_by(posts.c.dated_at, posts.c.id)
    )
    if thread_ids is not None:
        query = query.where(posts.c.thread_id.in_(listed(connection, thread_ids)))
    result = connection.execute(query)
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    return _with_types(frame)


_POST_COLUMNS = (
    *("text", "url", "dated_at", "seen_at", "is_first", "floor"),
    *("hidden", "voice", "agency", "text_hash"),
)


def _with_types(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Aware times and real booleans, also when the frame is empty or a post is unread."""
    import pandas as pd

    for name in ("dated_at", "seen_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    for name in ("is_first", "spam"):
        frame[name] = frame[name].eq(True)
    frame["places"] = [places if isinstance(places, list) else [] for places in frame["places"]]
    frame["tokens"] = frame["tokens"].fillna("")
    return frame


def daily_counts(connection: Connection, first: datetime, last: datetime) -> dict[str, tuple[int, int]]:
    """Source -> (threads started, posts written) in [first, last)."""
    started = func.sum(case((posts.c.is_first, 1), else_=0))
    query = (
        select(threads.c.source, started.label("threads"), func.count().label("posts"))
        .join(threads, threads.c.id == posts.c.thread_id)
        .where(posts.c.dated_at >= first, posts.c.dated_at < last)
        .group_by(threads.c.source)
    )
    return {row.source: (row.threads, row.posts) for row in connection.execute(query)}
