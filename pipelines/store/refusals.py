"""What was purged at somebody's request: deleted here, and never taken in again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, delete, func, select

from pipelines.addresses import same_page
from pipelines.schema import posts, refusals, threads
from pipelines.store.database import StoreError, take_turns, upsert
from pipelines.store.masking import texts_changed

_LOCK = 6_391_105  # any number of our own
BATCH = 500


@dataclass(frozen=True, slots=True)
class Refused:
    """What a source may not bring in again: all of it, threads, single posts, addresses."""

    whole: bool = False
    threads: frozenset[str] = frozenset()
    posts: frozenset[tuple[str, str]] = frozenset()
    urls: frozenset[str] = frozenset()

    def holds(self, thread_key: str, post_key: str | None, url: str) -> bool:
        """Whether a thread, or with `post_key` a post of it, may not come in."""
        single = post_key is not None and (thread_key, post_key) in self.posts
        if self.whole or thread_key in self.threads or single:
            return True
        return bool(self.urls) and same_page(url) in self.urls


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One address that is purged; without `thread_key` the whole source, without `source` the bare address."""

    url: str
    source: str | None = None
    thread_key: str | None = None
    post_key: str | None = None


def lock_results(connection: Connection) -> None:
    """Until the transaction ends nobody freezes results or purges: a run never brings back what is purged."""
    take_turns(connection, _LOCK)


class PurgedMeanwhileError(StoreError):
    """Something was purged while a run was looking at it."""


def last_removal(connection: Connection) -> tuple[int, int]:
    """The number of the last purge, and how many texts were masked again: what a run must find unchanged."""
    purged = int(connection.execute(select(func.coalesce(func.max(refusals.c.id), 0))).scalar_one())
    return purged, texts_changed(connection)


def check_unpurged(connection: Connection, last: tuple[int, int]) -> None:
    """Nobody purges until the transaction ends; PurgedMeanwhileError when somebody did since `last`."""
    lock_results(connection)
    if last_removal(connection) != last:
        raise PurgedMeanwhileError("分析期间有帖子按要求删除或重新遮盖了，请重新运行")


def refused_of(connection: Connection, source: str) -> Refused:
    """What was refused of a source; addresses of threads count for every source."""
    every = connection.execute(select(refusals)).all()
    rows = [row for row in every if row.source == source]
    pages = [same_page(row.url) for row in every if row.post_key is None and _is_page(row)]
    return Refused(
        whole=any(row.thread_key is None for row in rows),
        threads=frozenset(row.thread_key for row in rows if row.thread_key and row.post_key is None),
        posts=frozenset((row.thread_key, row.post_key) for row in rows if row.post_key),
        urls=frozenset(page for page in pages if page is not None),
    )


def _is_page(refusal: Row[Any] | Refusal) -> bool:
    """Whether it is of one page, not of a whole source."""
    return refusal.source is None or refusal.thread_key is not None


def refused_sources(connection: Connection) -> set[str]:
    """The sources that were purged whole."""
    whole = refusals.c.source.is_not(None) & refusals.c.thread_key.is_(None)
    return set(connection.execute(select(refusals.c.source).where(whole)).scalars())


def all_refusals(connection: Connection) -> Sequence[Row[Any]]:
    """Every refusal, oldest first."""
    return connection.execute(select(refusals).order_by(refusals.c.id)).all()


def refuse(
    connection: Connection, wanted: Iterable[Refusal], reason: str, staff: str, refused_at: datetime
) -> None:
    """Never take these addresses in again."""
    same = {"reason": reason, "staff": staff, "refused_at": refused_at}
    rows = [
        {"url": each.url, "source": each.source, "thread_key": each.thread_key, "post_key": each.post_key}
        | same
        for each in wanted
    ]
    upsert(connection, refusals, rows, key=("url",), update=())


def find_address(connection: Connection, url: str) -> Row[Any] | None:
    """The stored thread of that address, with `post_key` None, or the post of it; None when there is neither."""
    same: list[Any] = [threads.c.source, threads.c.thread_key]
    of_thread: Any = select(*same).where(threads.c.url == url)
    of_post: Any = select(*same, posts.c.post_key, posts.c.is_first)
    of_post = of_post.join(posts, posts.c.thread_id == threads.c.id).where(posts.c.url == url)
    return connection.execute(of_thread).first() or connection.execute(of_post).first()


def threads_at(connection: Connection, url: str) -> Sequence[Row[Any]]:
    """The threads of any source that stand at that page, however its address is written: source, thread_key."""
    page = same_page(url)
    if page is None:
        return []
    columns: list[Any] = [threads.c.source, threads.c.thread_key, threads.c.url]
    # Which addresses mean one page no database can say; a purge may take its time.
    parts = urlsplit(url)
    like = threads.c.url.contains(parts.path.rstrip("/") or parts.query, autoescape=True)
    rows = connection.execute(select(*columns).where(like).order_by(threads.c.id)).all()
    return [row for row in rows if same_page(row.url) == page]


def everywhere(connection: Connection, refusal: Refusal) -> list[Refusal]:
    """The refusal, and the same thread where another source, or another row of a table, brought it in too."""
    if refusal.post_key is not None or not _is_page(refusal):
        return [refusal]
    others = [
        replace(refusal, source=row.source, thread_key=row.thread_key)
        for row in threads_at(connection, refusal.url)
    ]
    return [refusal, *(other for other in others if other != refusal)]


def purged_rows(connection: Connection, refusal: Refusal) -> Sequence[Row[Any]]:
    """The posts it reaches: id, thread_id, text, is_first, title."""
    columns: list[Any] = [posts.c.id, posts.c.thread_id, posts.c.text, posts.c.is_first, threads.c.title]
    query = select(*columns).join(threads, threads.c.id == posts.c.thread_id)
    return connection.execute(query.where(*_reached(refusal)).order_by(posts.c.id)).all()


def purged_threads(connection: Connection, refusal: Refusal) -> Sequence[Row[Any]]:
    """The threads it reaches whole: id, title; one without posts too."""
    columns: list[Any] = [threads.c.id, threads.c.title]
    if refusal.source is None or refusal.post_key is not None:
        return []
    return connection.execute(select(*columns).where(*_threads(refusal))).all()


def delete_purged(connection: Connection, refusal: Refusal) -> None:
    """Delete what it reaches; readings, corrections and the index go with it."""
    if refusal.post_key is not None:
        ids = select(posts.c.id).join(threads, threads.c.id == posts.c.thread_id).where(*_reached(refusal))
        connection.execute(delete(posts).where(posts.c.id.in_(ids)))
        return
    ids = select(threads.c.id).where(*_threads(refusal))
    connection.execute(delete(posts).where(posts.c.thread_id.in_(ids)))
    connection.execute(delete(threads).where(*_threads(refusal)))


def _threads(refusal: Refusal) -> list[Any]:
    here = [threads.c.source == refusal.source]
    return here if refusal.thread_key is None else [*here, threads.c.thread_key == refusal.thread_key]


def _reached(refusal: Refusal) -> list[Any]:
    if refusal.source is None:
        return [posts.c.url == refusal.url]
    whole = _threads(refusal)
    return whole if refusal.post_key is None else [*whole, posts.c.post_key == refusal.post_key]
