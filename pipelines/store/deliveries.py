"""What was sent to whom."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from pipelines.schema import deliveries


def claim_delivery(connection: Connection, row: Mapping[str, Any]) -> bool:
    """Record that a brief goes to a recipient now; False when it already went there in this state."""
    query = select(deliveries.c.id).filter_by(**{name: row[name] for name in _SENT_ONCE})
    if connection.execute(query).first() is not None:
        return False
    connection.execute(insert(deliveries).values(dict(row)))
    return True


_SENT_ONCE = ("brief_id", "channel", "recipient", "state")
