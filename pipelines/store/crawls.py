"""What each crawl yielded, and who may fetch from a host now."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from pipelines.schema import crawls, hosts
from pipelines.store.database import upsert


def start_crawl(connection: Connection, source: str, started_at: datetime) -> int:
    """Open a row for a crawl; its id."""
    row = {"source": source, "state": "running", "stats": {}, "started_at": started_at}
    return int(connection.execute(insert(crawls).values(row).returning(crawls.c.id)).scalar_one())


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


def last_crawls(connection: Connection, before: datetime) -> dict[str, Row[Any]]:
    """The newest crawl of each source that started before `before`."""
    newest = (
        select(crawls.c.source, func.max(crawls.c.started_at).label("started_at"))
        .where(crawls.c.started_at < before)
        .group_by(crawls.c.source)
        .subquery()
    )
    query = select(crawls).join(
        newest, (crawls.c.source == newest.c.source) & (crawls.c.started_at == newest.c.started_at)
    )
    return {row.source: row for row in connection.execute(query)}


def crawl_history(connection: Connection, source: str, since: datetime) -> Sequence[Row[Any]]:
    """The crawls of a source that were finished since then, oldest first."""
    query = (
        select(crawls)
        .where(crawls.c.source == source, crawls.c.started_at >= since, crawls.c.finished_at.is_not(None))
        .order_by(crawls.c.started_at)
    )
    return connection.execute(query).all()


def take_host(connection: Connection, host: str, holder: str, now: datetime, lease: timedelta) -> bool:
    """Take or renew the lease of a host; False while another holder has it."""
    upsert(connection, hosts, [{"host": host}], key=("host",), update=())
    free = or_(hosts.c.holder.is_(None), hosts.c.holder == holder, hosts.c.leased_until < now)
    taken = update(hosts).where(hosts.c.host == host, free).values(holder=holder, leased_until=now + lease)
    return connection.execute(taken).rowcount == 1


def last_request(connection: Connection, host: str) -> datetime | None:
    """When the host was last asked for anything, by whatever command."""
    return connection.execute(
        select(hosts.c.last_request_at).where(hosts.c.host == host)
    ).scalar_one_or_none()


def note_request(connection: Connection, host: str, at: datetime) -> None:
    """Remember the time of a request."""
    connection.execute(update(hosts).where(hosts.c.host == host).values(last_request_at=at))


def free_host(connection: Connection, host: str, holder: str) -> None:
    """Give the lease back, if it is still ours."""
    mine = (hosts.c.host == host) & (hosts.c.holder == holder)
    connection.execute(update(hosts).where(mine).values(holder=None, leased_until=None))
