"""What each crawl yielded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from pipelines.schema import crawls

LOOKED_AT = 10


def lock_crawls(connection: Connection, source: str) -> None:
    """Until the transaction ends, nobody else decides whether to crawl the source."""
    if connection.dialect.name == "postgresql":
        # SQLite's BEGIN IMMEDIATE already lets one process in at a time.
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"minyi crawl {source}"))))


def start_crawl(connection: Connection, source: str, started_at: datetime, holder: str) -> int:
    """Open a row for a crawl by the process `holder` (of a lease); its id."""
    row = {"source": source, "state": "running", "stats": {"holder": holder}, "started_at": started_at}
    return int(connection.execute(insert(crawls).values(row).returning(crawls.c.id)).scalar_one())


def note_alive(connection: Connection, crawl_id: int, holder: str, now: datetime) -> None:
    """The process that crawls says that it still does; a crawl that has ended is left alone."""
    running = (crawls.c.id == crawl_id) & crawls.c.finished_at.is_(None)
    stats = {"holder": holder, "alive_at": now.isoformat()}
    connection.execute(update(crawls).where(running).values(stats=stats))


def finish_crawl(
    connection: Connection,
    crawl_id: int,
    *,
    state: str,
    message: str | None,
    threads: int,
    posts: int,
    stats: Mapping[str, Any],
    finished_at: datetime,
) -> None:
    """Close the row with what the crawl found."""
    values = {
        "state": state,
        "message": message,
        "threads": threads,
        "posts": posts,
        "stats": dict(stats),
        "finished_at": finished_at,
    }
    connection.execute(update(crawls).where(crawls.c.id == crawl_id).values(values))


def last_complete_crawl(connection: Connection, source: str) -> datetime | None:
    """When the newest crawl of the source that missed nothing was started, or None."""
    complete = (crawls.c.source == source) & (crawls.c.state == "ok")
    return connection.execute(select(func.max(crawls.c.started_at)).where(complete)).scalar_one_or_none()


def first_complete_crawl(connection: Connection, source: str, since: datetime) -> datetime | None:
    """When the first crawl of the source from then on that missed nothing was started, or None."""
    complete = (crawls.c.source == source) & (crawls.c.state == "ok") & (crawls.c.started_at >= since)
    return connection.execute(select(func.min(crawls.c.started_at)).where(complete)).scalar_one_or_none()


def last_crawls(
    connection: Connection, source: str, count: int, until: datetime | None = None
) -> Sequence[Row[Any]]:
    """The newest crawls of a source (that began up to `until`), newest first, unfinished ones included."""
    query = select(crawls).where(crawls.c.source == source).order_by(crawls.c.started_at.desc()).limit(count)
    if until is not None:
        query = query.where(crawls.c.started_at <= until)
    return connection.execute(query).all()


def last_crawl_delay(connection: Connection, source: str) -> float | None:
    """What the site's robots.txt asked for at the last crawl that could read it, in seconds; or None."""
    for row in last_crawls(connection, source, LOOKED_AT):
        if row.stats.get("robots_hash") is not None:
            delay: float | None = row.stats.get("crawl_delay")
            return delay
    return None


@dataclass(frozen=True, slots=True)
class CrawlTotals:
    """What was ever fetched of a source, as far as crawls are kept."""

    crawls: int
    pages: int
    bytes: int
    first: datetime | None


def crawl_totals(connection: Connection, source: str) -> CrawlTotals:
    """Everything the source's crawls fetched."""
    query = select(crawls.c.stats, crawls.c.started_at).where(crawls.c.source == source)
    rows = connection.execute(query).all()
    return CrawlTotals(
        crawls=len(rows),
        pages=sum(row.stats.get("requests", 0) for row in rows),
        bytes=sum(row.stats.get("bytes", 0) for row in rows),
        first=min((row.started_at for row in rows), default=None),
    )
