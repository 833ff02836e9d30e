"""Issues as they are kept from day to day: their titles, their threads, when they began."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from pipelines.schema import issue_threads, issues
from pipelines.store.database import upsert


def known_issues(connection: Connection) -> tuple[dict[int, int], dict[int, str], int]:
    """Thread id -> issue id; issue id -> title given by staff; the next free issue id."""
    rows = connection.execute(select(issue_threads.c.thread_id, issue_threads.c.issue_id))
    renamed = connection.execute(select(issues.c.id, issues.c.title).where(issues.c.renamed))
    last = connection.execute(select(func.max(issues.c.id))).scalar() or 0
    return {row.thread_id: row.issue_id for row in rows}, {row.id: row.title for row in renamed}, last + 1


def first_posts(connection: Connection) -> dict[int, datetime]:
    """Issue id -> when its first post was written, as last stored."""
    rows = connection.execute(select(issues.c.id, issues.c.first_post_at))
    return {row.id: row.first_post_at for row in rows}


def save_issues(
    connection: Connection,
    records: Sequence[Mapping[str, Any]],
    joined: Mapping[int, int],
    joined_at: datetime,
) -> None:
    """Store issues (id, title, place, first_post_at, first_seen_at) and which thread belongs to which."""
    upsert(
        connection,
        issues,
        [dict(record) for record in records],
        key=("id",),
        update=("title", "place", "first_post_at"),
    )
    rows = [
        {"thread_id": thread, "issue_id": issue, "joined_at": joined_at} for thread, issue in joined.items()
    ]
    upsert(connection, issue_threads, rows, key=("thread_id",), update=("issue_id",))
