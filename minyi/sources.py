"""How each configured source did on a day: its posts, its last crawl, and what is usual."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row

from analysis.results import SourceHealth, SourceState
from crawlers.monitors import SourceDay, Verdict, judge_day
from crawlers.outcome import CrawlReport
from minyi.config import Source
from minyi.source_settings import effective_sources
from minyi.workspace import Workspace
from pipelines.schedule import Schedule
from pipelines.store.crawls import first_complete_crawl, last_crawls
from pipelines.store.database import reading
from pipelines.store.readings import Span, count_posts

HISTORY_WEEKS = 8
STALE = timedelta(days=1)
LATE = timedelta(hours=6)  # a crawl may queue for long, and take long; after that it was missed
SEEN_WHOLE = timedelta(days=2)  # a crawl of yesterday saw the day before to its end

REPORT = TypeAdapter(CrawlReport)

Counts = Mapping[str, tuple[int, int]]


def source_health(
    workspace: Workspace, day: date, now: datetime | None = None, *, settled: bool = False
) -> tuple[SourceHealth, ...]:
    """One entry a source, in the order of the configuration.

    Part of a day is no day: a source whose last crawl did not see it to its end is judged by the 24
    hours before that crawl.  Without `now` a day that is not over says nothing of a source that was
    crawled the day before and is still to be crawled.  With `settled` (for a run, which is the same
    whenever it is made) nothing is said of a day by crawls after the first that saw all of it.
    """
    found = _health(workspace, day, now, settled=settled)
    if now is not None or not (waiting := _not_yet_crawled(workspace, day, datetime.now(UTC))):
        return found
    whole = day - SEEN_WHOLE
    before = {source.name: source for source in _health(workspace, whole)}
    return tuple(_not_yet(each, before[each.name], whole) if each.name in waiting else each for each in found)


def _health(
    workspace: Workspace, day: date, now: datetime | None = None, *, settled: bool = False
) -> tuple[SourceHealth, ...]:
    zone = workspace.config.office.zone
    whole = day_bounds(day, zone)
    until = min(whole[1], now or datetime.now(UTC)).astimezone(zone)
    sources = [each.source for each in effective_sources(workspace)]
    with reading(workspace.engine).connect() as connection:
        crawls = {
            source.name: _telling_crawls(connection, source.name, whole[1] if settled else None)
            for source in sources
        }
        ends = {name: _seen_until(found, until) for name, found in crawls.items()}
        weeks = [count_posts(connection, _days_before(ends, week)) for week in range(HISTORY_WEEKS + 1)]
        of_day = count_posts(connection, dict.fromkeys(ends, whole))
    found = []
    for source in sources:
        seen = _seen(day, weeks[0], source, None if ends[source.name] == whole[1] else ends[source.name])
        verdict = _judge(source, seen, _earlier(day, weeks, source), crawls[source.name], until)
        threads, posts = of_day.get(source.name, (0, 0))
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


def _telling_crawls(connection: Connection, source: str, ended: datetime | None) -> Sequence[Row[Any]]:
    """The newest two crawls; where one that missed nothing saw a day that `ended` then, it and the one before."""
    whole = None if ended is None else first_complete_crawl(connection, source, ended)
    return last_crawls(connection, source, 2, whole)


def _seen_until(crawls: Sequence[Any], until: datetime) -> datetime:
    """The end of what the newest crawl saw, where that is within a day: an older one has failed."""
    started = crawls[0].started_at.astimezone(until.tzinfo) if crawls else until
    return max(until - STALE, min(started, until))


def _days_before(ends: Mapping[str, datetime], weeks: int) -> dict[str, Span]:
    """The 24 hours before these ends, so many weeks ago."""
    ago = timedelta(weeks=weeks)
    return {name: (end - timedelta(days=1) - ago, end - ago) for name, end in ends.items()}


def _seen(day: date, counts: Counts, source: Source, until: datetime | None) -> SourceDay:
    threads, posts = counts.get(source.name, (0, 0))
    return SourceDay(day=day, threads=threads, posts=posts, until=until, min_threads=source.min_threads)


def _earlier(day: date, weeks: Sequence[Counts], source: Source) -> dict[date, int]:
    """The posts of the same 24 hours in the weeks before."""
    return {
        day - timedelta(weeks=week): found[source.name][1]
        for week, found in enumerate(weeks)
        if week and source.name in found
    }


def _not_yet_crawled(workspace: Workspace, day: date, now: datetime) -> frozenset[str]:
    """The sources in use that a day which is not over says nothing of yet."""
    zone = workspace.config.office.zone
    begins, ends = day_bounds(day, zone)
    if now >= ends:
        return frozenset()
    used = [each for each in effective_sources(workspace) if each.source.enabled]
    with reading(workspace.engine).connect() as connection:
        return frozenset(
            each.source.name
            for each in used
            for crawl in last_crawls(connection, each.source.name, 1)
            if begins - STALE <= crawl.started_at < begins
            and _may_still_come(crawl, each.schedule, now, zone)
        )


def _may_still_come(crawl: Any, schedule: Schedule, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the source of its newest crawl waits for its next, which is not due or not late yet."""
    started: datetime = crawl.started_at
    due = schedule.latest(now, zone)
    waits = now - due <= LATE and started >= schedule.one_before_latest(now, zone)
    return crawl.finished_at is not None and (now - started <= STALE or started >= due or waits)


def _not_yet(source: SourceHealth, before: SourceHealth, whole: date) -> SourceHealth:
    """What is told of a source not yet crawled today: what was wrong before, on the last whole day seen, still is."""
    if before.state == "failed":
        return replace(source, message=before.message, state="failed")
    late = f"，{source.message}" if source.state == "failed" else ""  # when it was crawled last
    earlier = f"；此前（{whole:%m月%d日}）{before.message}" if before.message else ""
    state: SourceState = "blind" if before.state == "blind" else "pending"
    return replace(source, message=f"今天尚未采集{late}{earlier}", state=state)


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first moment of a day in a zone, and of the next."""
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def _judge(
    source: Source, seen: SourceDay, earlier: Mapping[date, int], crawls: Sequence[Any], until: datetime
) -> Verdict:
    """A source that cannot be trusted is never called quiet."""
    if not source.enabled:
        return Verdict("ok", "已停用", None)
    if source.engine == "file":
        return Verdict("ok", None, None)
    if crawls and (unfinished := _unfinished(crawls[0], until)):
        return Verdict("failed", unfinished, None)
    reports = [REPORT.validate_python(crawl.stats) for crawl in crawls if crawl.finished_at is not None]
    before = reports[1].robots_hash if len(reports) > 1 else None
    return judge_day(seen, earlier, reports[0] if reports else None, before)


def _unfinished(crawl: Any, until: datetime) -> str | None:
    """Why the newest crawl cannot have seen the whole day, or None."""
    if crawl.finished_at is None:
        return "上次采集没有做完"
    if crawl.started_at < until - STALE:
        return f"上次采集是 {crawl.started_at.astimezone(until.tzinfo):%m月%d日 %H:%M}，之后没有采集"
    return None
