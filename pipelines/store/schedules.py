"""How staff set a source, and what was done already, which decides what is due."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from pipelines.schedule import Attempt
from pipelines.schema import briefs, crawls, runs, source_settings
from pipelines.store.database import upsert
from pipelines.store.leases import is_dead

# Longer than any crawl may take.
LONGEST_CRAWL = timedelta(hours=4, minutes=30)
# A crawl says that it lives every 15 seconds; one that says nothing for so long was on a machine that is gone.
ALIVE_SECONDS = 15.0
SILENCE = timedelta(seconds=90)


def attempts_of(connection: Connection, source: str, since: datetime, now: datetime) -> list[Attempt]:
    """The crawls of a source begun since then, and one before that is still running."""
    wanted = (crawls.c.source == source) & (crawls.c.started_at >= since - LONGEST_CRAWL)
    return [_attempt(row, now) for row in connection.execute(select(crawls).where(wanted))]


def _attempt(row: Row[Any], now: datetime) -> Attempt:
    if row.finished_at is None:
        alive_at = datetime.fromisoformat(row.stats.get("alive_at") or row.started_at.isoformat())
        lost = now - alive_at > SILENCE or is_dead(row.stats.get("holder"))
        return Attempt(row.started_at, "failed" if lost else "running")
    failed = row.state == "failed" or row.stats.get("code") == "interrupted"
    return Attempt(row.started_at, "failed" if failed else "done")


def source_setting_rows(connection: Connection) -> dict[str, Row[Any]]:
    """What staff set, by source."""
    return {row.source: row for row in connection.execute(select(source_settings))}


def save_source_setting(
    connection: Connection,
    source: str,
    *,
    enabled: bool | None,
    delay: float | None,
    times: list[str] | int | None,
    staff: str,
) -> None:
    """Replace what staff set of a source; None is as in the configuration."""
    if enabled is None and delay is None and times is None:
        connection.execute(delete(source_settings).where(source_settings.c.source == source))
        return
    row = {
        "source": source,
        "enabled": enabled,
        "delay": delay,
        "times": times,
        "staff": staff,
        "changed_at": datetime.now(UTC),
    }
    upsert(
        connection,
        source_settings,
        [row],
        key=("source",),
        update=("enabled", "delay", "times", "staff", "changed_at"),
    )


def has_brief(connection: Connection, kind: str, first_day: date, last_day: date) -> bool:
    """Whether the brief of these days was made."""
    of_days = (runs.c.kind == kind) & (runs.c.first_day == first_day) & (runs.c.last_day == last_day)
    query = select(briefs.c.id).join(runs, runs.c.id == briefs.c.run_id).where(of_days).limit(1)
    return connection.execute(query).first() is not None
