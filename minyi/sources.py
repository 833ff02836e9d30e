"""How each configured source did on a day: its posts, its last crawl, and what is usual."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from analysis.results import SourceHealth
from crawlers.monitors import SourceDay, Verdict, judge_day
from crawlers.outcome import CrawlReport
from minyi.config import Source
from minyi.source_settings import effective_sources
from minyi.workspace import Workspace
from pipelines.store.crawls import last_crawls
from pipelines.store.database import reading
from pipelines.store.readings import daily_counts

HISTORY_WEEKS = 8
STALE = timedelta(days=1)

REPORT = TypeAdapter(CrawlReport)

Counts = dict[date, dict[str, tuple[int, int]]]


def source_health(workspace: Workspace, day: date, now: datetime | None = None) -> tuple[SourceHealth, ...]:
    """One entry a source, in the order of the configuration.

    With `now` the day is not over: the last 24 hours stand for it.
    """
    zone = workspace.config.office.zone
    days = [day - timedelta(weeks=week) for week in range(HISTORY_WEEKS + 1)]
    with reading(workspace.engine).connect() as connection:
        counts = {each: daily_counts(connection, *day_bounds(each, zone)) for each in days}
        if now is not None:
            counts[day] = daily_counts(connection, now - timedelta(days=1), now)
        crawls = {source.name: last_crawls(connection, source.name, 2) for source in workspace.config.sources}
    until = min(day_bounds(day, zone)[1], now or datetime.now(UTC)).astimezone(zone)
    found = []
    for source in (each.source for each in effective_sources(workspace)):
        threads, posts = counts[day].get(source.name, (0, 0))
        verdict = _judge(source, day, counts, crawls[source.name], until)
        found.append(
            SourceHealth(
                name=source.name,
                title=source.title,
                state=verdict.state if source.enabled else "off",
                threads=threads,
                posts=posts,
                usual=verdict.usual,
                message=verdict.message,
            )
        )
    return tuple(found)


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first moment of a day in a zone, and of the next."""
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def _judge(source: Source, day: date, counts: Counts, crawls: Sequence[Any], until: datetime) -> Verdict:
    """A source that cannot be trusted is never called quiet."""
    if not source.enabled:
        return Verdict("ok", "已停用", None)
    if source.engine == "file":
        return Verdict("ok", None, None)
    if crawls and (unfinished := _unfinished(crawls[0], until)):
        return Verdict("failed", unfinished, None)
    threads, posts = counts[day].get(source.name, (0, 0))
    today = SourceDay(day=day, threads=threads, posts=posts, min_threads=source.min_threads)
    earlier = {
        past: found[source.name][1] for past, found in counts.items() if past != day and source.name in found
    }
    reports = [REPORT.validate_python(crawl.stats) for crawl in crawls if crawl.finished_at is not None]
    before = reports[1].robots_hash if len(reports) > 1 else None
    return judge_day(today, earlier, reports[0] if reports else None, before)


def _unfinished(crawl: Any, until: datetime) -> str | None:
    """Why the newest crawl cannot have seen the whole day, or None."""
    if crawl.finished_at is None:
        return "上次采集没有做完"
    if crawl.started_at < until - STALE:
        return f"上次采集是 {crawl.started_at.astimezone(until.tzinfo):%m月%d日 %H:%M}，之后没有采集"
    return None
