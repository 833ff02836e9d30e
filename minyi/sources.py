"""How each configured source did on a day."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from analysis.results import SourceHealth, SourceState
from minyi.config import Source
from minyi.workspace import Workspace
from pipelines.store.crawls import last_crawls
from pipelines.store.database import reading
from pipelines.store.readings import daily_counts

HISTORY_WEEKS = 8
ENOUGH_WEEKS = 4

Counts = Mapping[date, Mapping[str, tuple[int, int]]]


def source_health(workspace: Workspace, day: date) -> tuple[SourceHealth, ...]:
    """One entry a source, in the order of the configuration."""
    zone = workspace.config.office.zone
    days = [day - timedelta(weeks=week) for week in range(HISTORY_WEEKS + 1)]
    with reading(workspace.engine).connect() as connection:
        counts = {day: daily_counts(connection, *day_bounds(day, zone)) for day in days}
        crawls = last_crawls(connection)
    return tuple(_health(source, day, counts, crawls.get(source.name)) for source in workspace.config.sources)


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first moment of a day in a zone, and of the next."""
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def _health(source: Source, day: date, counts: Counts, crawl: Any) -> SourceHealth:
    threads, posts = counts[day].get(source.name, (0, 0))
    earlier = [found[source.name][1] for d, found in counts.items() if d != day and source.name in found]
    usual = float(median(earlier)) if len(earlier) >= ENOUGH_WEEKS else None
    state, message = _judge(source, threads, posts, usual, crawl)
    return SourceHealth(
        name=source.name,
        title=source.title,
        state=state,
        threads=threads,
        posts=posts,
        usual=usual,
        message=message,
    )


def _judge(
    source: Source, threads: int, posts: int, usual: float | None, crawl: Any
) -> tuple[SourceState, str | None]:
    """State and words; a source that cannot be trusted is never called quiet."""
    if not source.enabled:
        return "off", "已停用"
    if source.engine == "file":
        return "ok", None
    if crawl is None:
        return "failed", "还没有采集过"
    if crawl.state in ("failed", "blocked"):
        return "failed", crawl.message
    if crawl.state == "running":
        return "failed", "上次采集没有做完"
    expected = f"平时约 {usual:.0f} 帖" if usual else f"每天至少应有 {source.min_threads} 个主题帖"
    if posts == 0 and (usual or source.min_threads):
        return "blind", f"当日 0 帖，{expected}，疑似改版或失灵"
    if threads < source.min_threads:
        return "low", f"当日 {threads} 个主题帖，{expected}"
    return "ok", None
