"""How sources are crawled now: the configuration, and what staff set since; and which are due."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row

from crawlers.sources import time_left
from minyi.config import Source
from minyi.errors import InputError
from minyi.workspace import Workspace
from pipelines.schedule import Schedule, is_due, make_schedule
from pipelines.store import audit
from pipelines.store.crawls import last_crawl_delay
from pipelines.store.database import reading
from pipelines.store.refusals import refused_sources
from pipelines.store.schedules import attempts_of, save_source_setting, source_setting_rows

SLOWEST = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveSource:
    """`source` as it is crawled now; `configured` as the file says.  `staff` set it last, None: nobody did.

    `purged`: all of it was taken out at somebody's request, and it is never crawled again.
    """

    source: Source
    configured: Source
    schedule: Schedule
    staff: str | None = None
    changed_at: datetime | None = None
    purged: bool = False


def effective_sources(workspace: Workspace) -> tuple[EffectiveSource, ...]:
    """Every source of the configuration, in its order, with what staff set in the store."""
    with reading(workspace.engine).connect() as connection:
        rows, purged = source_setting_rows(connection), refused_sources(connection)
    found = (_effective(source, rows.get(source.name)) for source in workspace.config.sources)
    return tuple(_switched_off(each) if each.source.name in purged else each for each in found)


def effective_source(workspace: Workspace, name: str) -> EffectiveSource:
    """The source of that name; ConfigError when there is none."""
    workspace.config.source(name)
    return next(found for found in effective_sources(workspace) if found.source.name == name)


def forums(workspace: Workspace) -> list[Source]:
    """The sources to crawl, as they are to be crawled now: enabled, and no channel of files."""
    found = (each.source for each in effective_sources(workspace))
    return [source for source in found if source.enabled and source.engine != "file"]


def set_source(
    workspace: Workspace,
    name: str,
    *,
    enabled: bool | None,
    delay: float | None,
    times: Sequence[str] | int | None,
    staff: str,
) -> EffectiveSource:
    """Set a source; None is as in the configuration.  `times`: several "06:30", or every how many minutes.

    InputError when it were faster than the configuration or the site's robots.txt allows, ScheduleError
    when the times cannot be kept.
    """
    source = workspace.config.source(name)
    schedule = None if times is None else make_schedule(times)
    with workspace.engine.begin() as connection:
        if delay is not None:
            _check_pace(connection, source, delay)
        kept = None if schedule is None else schedule.plain()
        save_source_setting(connection, name, enabled=enabled, delay=delay, times=kept, staff=staff)
        details = {"enabled": enabled, "delay": delay, "times": kept}
        audit.record(connection, staff, "source.set", f"source {name}", details)
    return effective_source(workspace, name)


def change_source(
    workspace: Workspace,
    name: str,
    *,
    enabled: bool | None = None,
    delay: float | None = None,
    times: Sequence[str] | int | None = None,
    reset: bool = False,
    staff: str,
) -> EffectiveSource:
    """As `set_source`, but None leaves what staff set before; `reset` forgets that first."""
    workspace.config.source(name)
    with reading(workspace.engine).connect() as connection:
        row = None if reset else source_setting_rows(connection).get(name)
    return set_source(
        workspace,
        name,
        enabled=row.enabled if enabled is None and row else enabled,
        delay=row.delay if delay is None and row else delay,
        times=row.times if times is None and row else times,
        staff=staff,
    )


def due_sources(workspace: Workspace, now: datetime | None = None) -> list[Source]:
    """The forums whose last scheduled moment still wants its crawl."""
    now = now or datetime.now(UTC)
    with reading(workspace.engine).connect() as connection:
        return [
            each.source
            for each in effective_sources(workspace)
            if each.source.enabled
            and each.source.engine != "file"
            and source_is_due(workspace, connection, each, now)
        ]


def source_is_due(
    workspace: Workspace, connection: Connection, found: EffectiveSource, now: datetime
) -> bool:
    """Whether it wants a crawl now; outside its own hours it waits for them."""
    zone = workspace.config.office.zone
    if found.source.hours is not None and not time_left(found.source.hours, zone, now):
        return False
    moment = found.schedule.latest(now, zone)
    return is_due(found.schedule, now, zone, attempts_of(connection, found.source.name, moment, now))


def _switched_off(found: EffectiveSource) -> EffectiveSource:
    return replace(found, source=found.source.model_copy(update={"enabled": False}), purged=True)


def _effective(source: Source, row: Row[Any] | None) -> EffectiveSource:
    if row is None:
        return EffectiveSource(source=source, configured=source, schedule=make_schedule(source.when))
    changes: dict[str, Any] = {}
    if row.enabled is not None:
        changes["enabled"] = row.enabled
    if row.delay is not None:
        # The file may have been made slower since.
        changes["delay"] = max(row.delay, source.delay)
    schedule = make_schedule(source.when if row.times is None else row.times)
    return EffectiveSource(
        source=source.model_copy(update=changes),
        configured=source,
        schedule=schedule,
        staff=row.staff,
        changed_at=row.changed_at,
    )


def _check_pace(connection: Connection, source: Source, delay: float) -> None:
    if delay < source.delay:
        raise InputError(
            f"“{source.title}”的间隔不能比配置文件里的 {source.delay:g} 秒短；"
            "确要更快，请先征得站方同意，再改配置文件"
        )
    wanted = last_crawl_delay(connection, source.name)
    if wanted is not None and delay < wanted:
        raise InputError(f"“{source.title}”的网站要求（robots.txt）两次访问至少隔 {wanted:g} 秒，请写得更长")
    if delay > SLOWEST:
        raise InputError(f"间隔最长 {SLOWEST:g} 秒")
