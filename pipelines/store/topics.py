"""Saved queries.  The configuration seeds them; what staff changed or removed stays as they left it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from pipelines.schema import audit, topics
from pipelines.store.database import upsert

SEED = "minyi.toml"  # stands for the staff of a topic that nobody changed


def unseeded(connection: Connection, queries: Mapping[str, str]) -> dict[str, str]:
    """Those configured topics, name -> query, that are not stored so, though no staff saved or removed them."""
    stored = {row.name: row for row in connection.execute(select(topics))}
    new = {
        name: query
        for name, query in queries.items()
        if name not in stored and not _was_removed(connection, name)
    }
    return new | {
        name: query
        for name, query in queries.items()
        if name in stored and stored[name].staff == SEED and stored[name].query != query
    }


def _was_removed(connection: Connection, name: str) -> bool:
    removed = (audit.c.action == "topic.remove") & (audit.c.subject == name)
    return connection.execute(select(audit.c.id).where(removed)).first() is not None


def save_topic(connection: Connection, name: str, query: str, staff: str, now: datetime) -> None:
    """Save a topic, replacing the one of that name."""
    row = {"name": name, "query": query, "staff": staff, "changed_at": now}
    upsert(connection, topics, [row], key=("name",), update=("query", "staff", "changed_at"))


def remove_topic(connection: Connection, name: str) -> bool:
    """Remove a topic; False when there is none of that name.  Its runs and briefs stay."""
    return connection.execute(delete(topics).where(topics.c.name == name)).rowcount > 0


def find_topic(connection: Connection, name: str) -> Row[Any] | None:
    """The topic of that name, or None."""
    return connection.execute(select(topics).where(topics.c.name == name)).one_or_none()


def all_topics(connection: Connection) -> Sequence[Row[Any]]:
    """Every topic, by name."""
    return connection.execute(select(topics).order_by(topics.c.name)).all()
