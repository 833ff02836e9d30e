"""Posts that want reading, their readings, and both together as a frame."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Connection,
    CursorResult,
    Engine,
    Row,
    String,
    Text,
    and_,
    case,
    cast,
    func,
    or_,
    select,
    type_coerce,
)

from pipelines.reading import Reading
from pipelines.schema import UTCDateTime, posts, readings, threads, untimed
from pipelines.store.database import fetching, upsert
from pipelines.store.database import reading as for_reading
from pipelines.store.listed import listed
from pipelines.store.patience import patiently

if TYPE_CHECKING:  # loaded where it is used: most commands need no frame
    import pandas as pd

_CURRENT = ("sentiment", "p_neg", "p_neu", "p_pos", "intent", "p_intent", "category", "p_category")
_FIELDS = (*_CURRENT, "category_detail", "district", "places", "tokens", "spam", "sketch")

Shard = tuple[int, int]
Span = tuple[datetime, datetime]


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
    while rows := patiently(partial(_fetch, engine, query.where(posts.c.id > last))):
        yield rows
        last = rows[-1].post_id


def _fetch(engine: Engine, query: Any) -> Sequence[Row[Any]]:
    with for_reading(engine).connect() as connection:
        return connection.execute(query).all()


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
        | {name: getattr(result, name) for name in _FIELDS}
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

    Columns: post_id, thread_id, source, board, title, text, url, dated_at, seen_at, is_first,
    hidden, voice, agency, text_hash, untimed, then those of a reading that an analysis looks at.
    Threads and posts that are gone from their forum are left out.
    """
    wanted = and_(readings.c.post_id == posts.c.id, readings.c.model_version == model_version)
    query = (
        select(
            *(posts.c.id.label("post_id"), posts.c.thread_id),
            *(threads.c[name] for name in _THREAD_COLUMNS),
            *(_plain(posts.c[name]) for name in _POST_COLUMNS),
            _plain(untimed.label("untimed")),
            *(_plain(readings.c[name]) for name in _READ_COLUMNS),
        )
        .join(threads, threads.c.id == posts.c.thread_id)
        .outerjoin(readings, wanted)
        .where(posts.c.dated_at >= first, posts.c.dated_at < last, threads.c.gone_at.is_(None))
        .where(posts.c.gone_at.is_(None))
    )
    if thread_ids is not None:
        query = query.where(posts.c.thread_id.in_(listed(connection, thread_ids)))
    with fetching(connection):
        return _as_frame(connection.execute(query))


_THREAD_COLUMNS = ("source", "board", "title")
_POST_COLUMNS = (
    *("text", "url", "dated_at", "seen_at", "is_first"),
    *("hidden", "voice", "agency", "text_hash"),
)
_READ_COLUMNS = (
    *("sentiment", "p_neg", "intent", "category", "p_category"),
    *("category_detail", "district", "places", "tokens", "spam", "sketch"),
)
_ROWS = 20_000  # made into columns at a time: rows take many times the memory


def _plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column as the database's driver gives it: whole columns are turned into times at once."""
    if isinstance(column.type, JSON):
        return cast(column, Text).label(column.key)
    special = isinstance(column.type, UTCDateTime | Boolean)
    return type_coerce(column, String).label(column.key) if special else column


def _as_frame(result: CursorResult[Any]) -> "pd.DataFrame":
    """The rows by time; equal values are kept once."""
    import pandas as pd

    names = list(result.keys())
    columns: list[list[Any]] = [[] for _ in names]
    once: dict[Any, Any] = {}
    for rows in _fetched(result):
        for name, values, column in zip(names, zip(*rows, strict=True), columns, strict=True):
            column += map(once.setdefault, values, values) if name in _OF_MANY_POSTS else values
    read = {name: columns.pop(0) for name in names}
    kinds = dict.fromkeys(names, object) | _KINDS
    frame = pd.DataFrame({name: pd.Series(read.pop(name), dtype=kinds[name]) for name in names})
    for name in ("dated_at", "seen_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601")
    # Also when the frame is empty or a post is unread.
    for name in ("is_first", "spam", "untimed"):
        frame[name] = frame[name].eq(True)
    frame["tokens"] = frame["tokens"].fillna("")
    found: dict[str | None, list[str]] = {value: json.loads(value or "[]") for value in set(frame["places"])}
    frame["places"] = frame["places"].map(found)
    return frame.sort_values(["dated_at", "post_id"], ignore_index=True)


def _fetched(result: CursorResult[Any]) -> Iterator[Sequence[Any]]:
    """The rows as the driver gives them: of hundreds of thousands none is looked at by name."""
    cursor = result.cursor
    while cursor is not None and (rows := cursor.fetchmany(_ROWS)):
        yield rows
    result.close()


_OF_MANY_POSTS = frozenset(
    {*_THREAD_COLUMNS, "hidden", "voice", "agency"}
    | {"sentiment", "intent", "category", "category_detail", "district", "places"}
)
_KINDS: dict[str, Any] = {"post_id": "int64", "thread_id": "int64", "p_neg": float, "p_category": float}


def posts_written(connection: Connection, first: datetime, last: datetime) -> dict[int, int]:
    """Thread id -> its posts dated in [first, last)."""
    query = select(posts.c.thread_id, func.count().label("written")).group_by(posts.c.thread_id)
    rows = connection.execute(query.where(posts.c.dated_at >= first, posts.c.dated_at < last))
    return {row.thread_id: row.written for row in rows}


def count_posts(connection: Connection, spans: Mapping[str, Span]) -> dict[str, tuple[int, int]]:
    """Source -> (threads started, posts written) in its span [first, last), for those with any."""
    if not spans:
        return {}
    of_span: dict[Span, list[str]] = {}
    for source, span in spans.items():
        of_span.setdefault(span, []).append(source)
    wanted = [
        and_(posts.c.dated_at >= first, posts.c.dated_at < last, threads.c.source.in_(sources))
        for (first, last), sources in of_span.items()
    ]
    started = func.sum(case((posts.c.is_first, 1), else_=0))
    query = (
        select(threads.c.source, started.label("threads"), func.count().label("posts"))
        .join(threads, threads.c.id == posts.c.thread_id)
        .where(or_(*wanted))
        # What all spans lie in: for a choice of spans no database looks into its index.
        .where(posts.c.dated_at >= min(first for first, _ in of_span))
        .where(posts.c.dated_at < max(last for _, last in of_span))
        .group_by(threads.c.source)
    )
    return {row.source: (row.threads, row.posts) for row in connection.execute(query)}
