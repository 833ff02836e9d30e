"""Alerts: raised once a cause, acknowledged by staff, over when the cause is."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select, update

from pipelines.schema import alerts
from pipelines.store.database import take_turns

_ALERTS_TURN = 6_391_107  # any number of our own

AlertKind = Literal["burst", "blind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why to raise an alert: an issue that bursts, or a source that goes blind; `message` says it in Chinese."""

    kind: AlertKind
    message: str
    issue_id: int | None = None
    source: str | None = None

    @property
    def key(self) -> str:
        """The same while the cause is the same."""
        return f"{self.kind}:{self.source or self.issue_id or 'all'}"


def known_causes(connection: Connection) -> set[str]:
    """The keys of causes that are raised and not over."""
    return set(connection.execute(select(alerts.c.cause).where(alerts.c.over_at.is_(None))).scalars())


def raise_alert(connection: Connection, cause: Cause, now: datetime) -> Row[Any] | None:
    """The alert's row if it has no brief yet; None where it has, which is noted as seen again."""
    take_turns(connection, _ALERTS_TURN)
    here = (alerts.c.cause == cause.key) & alerts.c.over_at.is_(None)
    seen = update(alerts).where(here).values(last_seen_at=now, message=cause.message)
    known = connection.execute(seen.returning(alerts)).one_or_none()
    if known is not None:
        return known if known.run_id is None else None
    row = asdict(cause) | {"cause": cause.key, "raised_at": now, "last_seen_at": now}
    return connection.execute(insert(alerts).values(row).returning(alerts)).one()


def end_alerts(
    connection: Connection, kind: AlertKind, still: Collection[str], silent_since: datetime, now: datetime
) -> None:
    """Close the alerts of a kind whose cause is not among `still` and was last seen before `silent_since`."""
    ended = (alerts.c.kind == kind) & alerts.c.over_at.is_(None) & alerts.c.cause.not_in(list(still))
    connection.execute(update(alerts).where(ended, alerts.c.last_seen_at <= silent_since).values(over_at=now))


def attach_run(connection: Connection, alert_id: int, run_id: int) -> None:
    """The alert's brief is that of this run."""
    connection.execute(update(alerts).where(alerts.c.id == alert_id).values(run_id=run_id))


def acknowledge_alert(connection: Connection, alert_id: int, staff: str, now: datetime) -> bool:
    """Somebody has taken it up; False when there is no such alert, or it was taken up before."""
    fresh = (alerts.c.id == alert_id) & alerts.c.acknowledged_at.is_(None)
    values = {"acknowledged_by": staff, "acknowledged_at": now}
    return connection.execute(update(alerts).where(fresh).values(values)).rowcount > 0


def list_alerts(connection: Connection, *, only_open: bool = False, limit: int = 50) -> Sequence[Row[Any]]:
    """Alerts, newest first; with `only_open` those that nobody took up and that are not over."""
    query = select(alerts).order_by(alerts.c.raised_at.desc(), alerts.c.id.desc()).limit(limit)
    if only_open:
        query = query.where(alerts.c.over_at.is_(None), alerts.c.acknowledged_at.is_(None))
    return connection.execute(query).all()
