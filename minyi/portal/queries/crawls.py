"""How sources did over the last weeks, from what each crawl reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select

from minyi.sources import day_bounds
from pipelines.schema import crawls

DAYS = 30
# Of a day only its best crawl counts.
_BEST_FIRST = ("ok", "partial", "running", "blocked", "failed")


@dataclass(frozen=True, slots=True)
class SourceDay:
    """One day of a source: its state (ok, partial, running, blocked, failed, none) and the last words."""

    day: date
    state: str
    words: str | None
    posts: int


@dataclass(frozen=True, slots=True)
class History:
    """A source's last days, oldest first, and its newest crawl."""

    days: tuple[SourceDay, ...]
    last: Row[Any] | None

    def count(self, state: str) -> int:
        return sum(day.state == state for day in self.days)


def source_histories(
    connection: Connection, names: Sequence[str], today: date, zone: ZoneInfo
) -> dict[str, History]:
    """Source -> its last thirty days up to today."""
    first = today - timedelta(days=DAYS - 1)
    columns: list[Any] = [crawls.c[name] for name in ("state", "message", "posts", "started_at")]
    days = [first + timedelta(days=n) for n in range(DAYS)]
    found = {}
    for name in names:
        here = (crawls.c.source == name) & (crawls.c.started_at >= day_bounds(first, zone)[0])
        rows = connection.execute(select(*columns).where(here).order_by(crawls.c.started_at)).all()
        found[name] = _history(rows, days, zone)
    return found


def _history(rows: Sequence[Row[Any]], days: Sequence[date], zone: ZoneInfo) -> History:
    by_day: dict[date, list[Row[Any]]] = {}
    for row in rows:
        by_day.setdefault(row.started_at.astimezone(zone).date(), []).append(row)
    return History(tuple(_day(day, by_day) for day in days), rows[-1] if rows else None)


def _day(day: date, by_day: Mapping[date, Sequence[Any]]) -> SourceDay:
    """A day is as good as its best crawl: a failure that a later crawl made good has cost nothing."""
    own = by_day.get(day)
    if not own:
        return SourceDay(day, "none", None, 0)
    best = min(own, key=lambda row: _BEST_FIRST.index(row.state) if row.state in _BEST_FIRST else 9)
    words = None if best.state == "ok" else own[-1].message
    return SourceDay(day, best.state, words, sum(row.posts for row in own))


def last_successes(connection: Connection, names: Sequence[str]) -> dict[str, datetime]:
    """Source -> when its newest crawl that missed nothing began."""
    found = {}
    for name in names:
        query = select(crawls.c.started_at).where(crawls.c.source == name, crawls.c.state == "ok")
        at = connection.execute(query.order_by(crawls.c.started_at.desc()).limit(1)).scalar_one_or_none()
        if at is not None:
            found[name] = at
    return found
