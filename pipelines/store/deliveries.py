"""What was sent to whom: once a brief, a way and a state, and again only on purpose."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pipelines.schema import deliveries


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A brief on its way: by which channel, to which address, as a draft or approved."""

    brief_id: int
    channel: str
    recipient: str
    state: str


def last_delivery(connection: Connection, errand: Errand) -> Row[Any] | None:
    """The newest round of this errand, or None."""
    query = select(deliveries).where(*_of(errand)).order_by(deliveries.c.round.desc()).limit(1)
    return connection.execute(query).one_or_none()


def claim_delivery(connection: Connection, errand: Errand, *, again: bool = False) -> int | None:
    """The id of a delivery that may start now; None when it was sent, or another process has it.

    A failed one is taken up again; with `again` a new round begins whatever came before.
    """
    last = last_delivery(connection, errand)
    if last is not None and not again:
        failed = (deliveries.c.id == last.id) & (deliveries.c.outcome == "failed")
        retry = update(deliveries).where(failed).values(outcome="sending", sent_at=datetime.now(UTC))
        return connection.execute(retry.returning(deliveries.c.id)).scalar_one_or_none()
    number = 1 if last is None else last.round + 1
    return _open_round(connection, errand, number)


def _open_round(connection: Connection, errand: Errand, number: int) -> int | None:
    """A new row's id, or None when another process was faster."""
    row = asdict(errand) | {"round": number, "outcome": "sending", "sent_at": datetime.now(UTC)}
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(deliveries).values(row).on_conflict_do_nothing()
    return connection.execute(statement.returning(deliveries.c.id)).scalar_one_or_none()


def _of(errand: Errand) -> list[Any]:
    return [deliveries.c[name] == value for name, value in asdict(errand).items()]


def finish_delivery(
    connection: Connection, delivery_id: int, outcome: str, message: str | None = None
) -> None:
    """Record how a delivery ended: "sent", "failed" or "unknown"."""
    values = {"outcome": outcome, "message": message, "sent_at": datetime.now(UTC)}
    connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(values))


def deliveries_of(connection: Connection, brief_id: int) -> Sequence[Row[Any]]:
    """Everything that was sent, or should have been, of a brief, oldest first."""
    query = select(deliveries).where(deliveries.c.brief_id == brief_id).order_by(deliveries.c.id)
    return connection.execute(query).all()
