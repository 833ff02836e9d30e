"""Threads and posts as they come in, and where an incremental crawl resumes."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypedDict

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from crawlers.items import GoneThread, KnownThread, Thread, ThreadRead
from pipelines.schema import posts, readings, threads
from pipelines.store.database import upsert

LOOKS_UNTIL_GONE = 2
KEPT_WHEN_GONE = timedelta(days=7)


class PostRow(TypedDict):
    """A masked, pseudonymous post, ready to be stored."""

    thread_key: str
    post_key: str
    url: str
    text: str
    text_hash: str
    floor: int | None
    is_first: bool
    quoted_post_key: str | None
    hidden: str | None
    voice: str | None
    agency: str | None
    posted_at: datetime | None
    posted_after: datetime | None
    posted_before: datetime | None


# The best known first.
_TIMES: tuple[Literal["posted_at", "posted_before", "posted_after"], ...] = (
    "posted_at",
    "posted_before",
    "posted_after",
)


def save_threads(connection: Connection, items: Sequence[Thread], seen_at: datetime) -> None:
    """Insert or refresh threads; one that had vanished is back."""
    rows = [
        {
            "source": item.source,
            "thread_key": item.thread_key,
            "url": item.url,
            "title": item.title,
            "board": item.board,
            "views": item.views,
            "replies": item.replies,
            "first_seen_at": seen_at,
            "last_seen_at": seen_at,
            "missed_looks": 0,
            "gone_at": None,
        }
        for item in items
    ]
    fresh = ("url", "title", "board", "views", "replies", "last_seen_at", "missed_looks", "gone_at")
    upsert(connection, threads, rows, key=("source", "thread_key"), update=fresh)


def save_posts(connection: Connection, source: str, rows: Sequence[PostRow], seen_at: datetime) -> None:
    """Insert or refresh posts of threads stored before; times and voice stay as first seen."""
    ids = thread_ids(connection, source, {row["thread_key"] for row in rows})
    stored: list[dict[str, Any]] = []
    for row in rows:
        values: dict[str, Any] = dict(row)
        values["thread_id"] = ids[values.pop("thread_key")]
        values["seen_at"] = seen_at
        values["gone_at"] = None
        values["dated_at"] = next((row[name] for name in _TIMES if row[name]), seen_at)
        stored.append(values)
    upsert(
        connection,
        posts,
        stored,
        key=("thread_id", "post_key"),
        update=("url", "text", "text_hash", "floor", "quoted_post_key", "hidden", "agency", "gone_at"),
        keep=(*_TIMES, "voice"),
        # An answer without a time may get one when its table comes again.
        first={"dated_at": _TIMES},
    )


def thread_ids(connection: Connection, source: str, keys: set[str]) -> dict[str, int]:
    """Ids of the stored threads among `keys`."""
    wanted = threads.c.thread_key.in_(bindparam("keys", expanding=True))
    query = select(threads.c.thread_key, threads.c.id).where(threads.c.source == source, wanted)
    return {row.thread_key: row.id for row in connection.execute(query, {"keys": sorted(keys)})}


def finish_threads(connection: Connection, items: Sequence[ThreadRead], read_at: datetime) -> None:
    """Note that every page of these threads is stored."""
    for item in items:
        here = (threads.c.source == item.source) & (threads.c.thread_key == item.thread_key)
        values = {"read_pages": item.pages, "read_replies": item.replies, "read_at": read_at}
        connection.execute(update(threads).where(here).values(values))


def miss_threads(connection: Connection, items: Sequence[GoneThread], seen_at: datetime) -> None:
    """Count one look at which the thread was not there; after two looks it is gone."""
    for item in items:
        here = (threads.c.source == item.source) & (threads.c.thread_key == item.thread_key)
        connection.execute(update(threads).where(here).values(missed_looks=threads.c.missed_looks + 1))
        gone = here & (threads.c.missed_looks >= LOOKS_UNTIL_GONE) & threads.c.gone_at.is_(None)
        connection.execute(update(threads).where(gone).values(gone_at=seen_at))


def miss_posts(
    connection: Connection, source: str, thread_key: str, shown: Set[str], seen_at: datetime
) -> None:
    """Posts that a thread, seen whole, does not show any more are gone."""
    query = (
        select(posts.c.id, posts.c.post_key)
        .join(threads, threads.c.id == posts.c.thread_id)
        .where(threads.c.source == source, threads.c.thread_key == thread_key, posts.c.gone_at.is_(None))
    )
    for row in connection.execute(query).all():
        if row.post_key not in shown:
            connection.execute(update(posts).where(posts.c.id == row.id).values(gone_at=seen_at))


def gone_texts(connection: Connection, now: datetime) -> Sequence[Row[Any]]:
    """Posts whose text is to be forgotten: id, thread_id, text, title, thread_is_gone."""
    of_thread = threads.c.gone_at < now - KEPT_WHEN_GONE
    query = (
        select(
            posts.c.id, posts.c.thread_id, posts.c.text, threads.c.title, of_thread.label("thread_is_gone")
        )
        .join(threads, threads.c.id == posts.c.thread_id)
        .where(of_thread | (posts.c.gone_at < now - KEPT_WHEN_GONE), posts.c.text != "")
    )
    found: Any = connection.execute(query.order_by(posts.c.id))
    rows: Sequence[Row[Any]] = found.all()
    return rows


def forget_gone_texts(connection: Connection, now: datetime) -> int:
    """Empty the texts of threads and posts gone for a week, and delete what was read of them; how many posts."""
    gone = select(threads.c.id).where(threads.c.gone_at < now - KEPT_WHEN_GONE)
    own = posts.c.gone_at < now - KEPT_WHEN_GONE
    of_gone = (own | posts.c.thread_id.in_(gone)) & (posts.c.text != "")
    ids = select(posts.c.id).where(of_gone)
    connection.execute(delete(readings).where(readings.c.post_id.in_(ids)))
    emptied = connection.execute(update(posts).where(of_gone).values(text="", text_hash=""))
    connection.execute(update(threads).where(threads.c.id.in_(gone)).values(title=""))
    return emptied.rowcount


@dataclass(frozen=True, slots=True)
class Gone:
    """Ids of what is gone from its forum: threads, and posts of threads that are still there."""

    threads: frozenset[int] = frozenset()
    posts: frozenset[int] = frozenset()


def gone_ids(connection: Connection) -> Gone:
    """What may not be quoted any more."""
    of_threads = select(threads.c.id).where(threads.c.gone_at.is_not(None))
    of_posts = select(posts.c.id).where(posts.c.gone_at.is_not(None))
    return Gone(
        frozenset(connection.execute(of_threads).scalars()), frozenset(connection.execute(of_posts).scalars())
    )


def known_threads(connection: Connection, source: str) -> Mapping[str, KnownThread]:
    """Every thread of a source that was read whole and is still there, by its key."""
    written = func.max(func.coalesce(posts.c.posted_at, posts.c.posted_after))
    newest = select(posts.c.thread_id, written.label("last_post_at")).group_by(posts.c.thread_id)
    last = newest.subquery()
    query = (
        select(threads, last.c.last_post_at)
        .outerjoin(last, last.c.thread_id == threads.c.id)
        .where(threads.c.source == source, threads.c.read_at.is_not(None), threads.c.gone_at.is_(None))
    )
    return {
        row.thread_key: KnownThread(
            thread_key=row.thread_key,
            pages=row.read_pages,
            replies=row.read_replies,
            last_post_at=row.last_post_at,
            checked_at=row.read_at,
        )
        for row in connection.execute(query)
    }
