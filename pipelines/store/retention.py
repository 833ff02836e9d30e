"""Deleting what has been kept long enough.  Every function answers how many rows went."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select

from pipelines.schema import audit, briefs, crawls, posts, runs, threads


def delete_old_posts(connection: Connection, before: datetime) -> int:
    """Threads whose newest post was written before then, whole."""
    newest = select(posts.c.thread_id).group_by(posts.c.thread_id).having(func.max(posts.c.dated_at) < before)
    gone = connection.execute(delete(posts).where(posts.c.thread_id.in_(newest))).rowcount
    empty = ~select(posts.c.id).where(posts.c.thread_id == threads.c.id).exists()
    connection.execute(delete(threads).where(threads.c.last_seen_at < before, empty))
    return gone


def old_briefs(connection: Connection, before: date) -> Sequence[Row[Any]]:
    """The briefs of days before then."""
    query = select(briefs).join(runs, runs.c.id == briefs.c.run_id).where(runs.c.last_day < before)
    return connection.execute(query.order_by(briefs.c.id)).all()


def delete_old_runs(connection: Connection, before: date) -> int:
    """Runs of days before then, and the briefs made of them."""
    return connection.execute(delete(runs).where(runs.c.last_day < before)).rowcount


def delete_old_crawls(connection: Connection, before: datetime) -> int:
    """Crawls begun before then, but each source's last complete one: the next begins from there."""
    kept = select(func.max(crawls.c.id)).where(crawls.c.state == "ok").group_by(crawls.c.source)
    old = (crawls.c.started_at < before) & crawls.c.id.not_in(kept)
    return connection.execute(delete(crawls).where(old)).rowcount


def delete_old_audit(connection: Connection, before: datetime) -> int:
    """What staff did before then; purges are kept, they say why something is refused."""
    old = (audit.c.done_at < before) & (audit.c.action != "purge")
    return connection.execute(delete(audit).where(old)).rowcount
