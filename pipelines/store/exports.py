"""The store's threads and posts as rows for other programs; keys are the forum's own numbers."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, case, literal, select

from pipelines.schema import posts, threads

BATCH = 1000

_POST = (
    "post_key",
    "url",
    "posted_at",
    "posted_after",
    "posted_before",
    "floor",
    "is_first",
    "quoted_post_key",
)
_TEXT = ("hidden", "text", "agency")
_THREAD = ("source", "thread_key", "url", "title", "board", "views", "replies", "first_seen_at", "gone_at")


def export_posts(connection: Connection, source: str) -> Iterator[dict[str, Any]]:
    """One dict a post, in the order they were stored; times in ISO 8601 with zone.

    Threads and posts that are gone from their forum are left out: nobody may quote them any more.
    """
    thread = (threads.c[name] for name in ("source", "thread_key", "title", "board", "views", "replies"))
    query = (
        select(*thread, *(posts.c[name] for name in (*_POST, *_TEXT)))
        .join(posts, posts.c.thread_id == threads.c.id)
        .where(threads.c.source == source, threads.c.gone_at.is_(None), posts.c.gone_at.is_(None))
        .order_by(posts.c.id)
    )
    return _rows(connection, query)


def export_threads(connection: Connection, source: str) -> Iterator[dict[str, Any]]:
    """One dict a thread, likewise; one that is gone without its title."""
    title = case((threads.c.gone_at.is_(None), threads.c.title), else_=literal("")).label("title")
    columns = (title if name == "title" else threads.c[name] for name in _THREAD)
    return _rows(connection, select(*columns).where(threads.c.source == source).order_by(threads.c.id))


def _rows(connection: Connection, query: Select[Any]) -> Iterator[dict[str, Any]]:
    for row in connection.execution_options(yield_per=BATCH).execute(query).mappings():
        yield {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
