"""When the daily and the weekly brief are made: the configuration, and what staff set since; what is due."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from pydantic import TypeAdapter

from minyi.config import Schedule
from minyi.workspace import Workspace
from pipelines.schedule import parse_time_of_day
from pipelines.store import audit
from pipelines.store.database import reading
from pipelines.store.schedules import has_brief
from pipelines.store.settings import read_setting, write_setting

_SETTING = "brief_times"
_SCHEDULE = TypeAdapter(Schedule)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueBrief:
    """A brief that is to be made now, of the days from `first` to `last`."""

    kind: Literal["daily", "weekly"]
    first: date
    last: date


def brief_times(workspace: Workspace) -> Schedule:
    """When briefs are made, as it holds now."""
    stored = read_setting(workspace.engine, _SETTING)
    return workspace.config.schedule if stored is None else _SCHEDULE.validate_json(stored)


def set_brief_times(
    workspace: Workspace,
    *,
    daily: str | None = None,
    weekly: str | None = None,
    weekly_day: int | None = None,
    staff: str,
) -> Schedule:
    """Set them; None leaves what holds.  ScheduleError, or ValueError for a day of the week that is none."""
    for text in (daily, weekly):
        if text is not None:
            parse_time_of_day(text)
    wanted = {"daily": daily, "weekly": weekly, "weekly_day": weekly_day}
    changes = {name: value for name, value in wanted.items() if value is not None}
    found = Schedule.model_validate(brief_times(workspace).model_dump() | changes)
    with workspace.engine.begin() as connection:
        write_setting(connection, _SETTING, found.model_dump_json())
        audit.record(connection, staff, "brief.times", "schedule", changes)
    return found


def due_briefs(workspace: Workspace, now: datetime | None = None) -> list[DueBrief]:
    """Briefs whose time has come and that are not there yet: yesterday's, and last week's."""
    here = (now or datetime.now(UTC)).astimezone(workspace.config.office.zone)
    times = brief_times(workspace)
    found = [_daily(here, parse_time_of_day(times.daily))]
    found.append(_weekly(here, parse_time_of_day(times.weekly), times.weekly_day))
    with reading(workspace.engine).connect() as connection:
        return [
            each for each in found if each and not has_brief(connection, each.kind, each.first, each.last)
        ]


def is_time_for(
    workspace: Workspace, kind: Literal["daily", "weekly"], last: date, now: datetime | None = None
) -> bool:
    """Has the time come to make the brief of the days up to `last`?  For days long past, always."""
    here = (now or datetime.now(UTC)).astimezone(workspace.config.office.zone)
    times = brief_times(workspace)
    if kind == "daily":
        day, at = last + timedelta(days=1), times.daily
    else:
        # The first such day of the week after the brief's last one.
        day = last + timedelta(days=1 + (times.weekly_day - 1 - (last.weekday() + 1)) % 7)
        at = times.weekly
    return here >= datetime.combine(day, parse_time_of_day(at), here.tzinfo)


def _daily(here: datetime, at: time) -> DueBrief | None:
    """Yesterday's; before its time the brief of the day before that is no longer asked for."""
    yesterday = here.date() - timedelta(days=1)
    return DueBrief(kind="daily", first=yesterday, last=yesterday) if here.time() >= at else None


def _weekly(here: datetime, at: time, weekday: int) -> DueBrief | None:
    """Last week's, Monday to Sunday, from that day and time of this week on."""
    monday = here.date() - timedelta(days=here.weekday())
    begins = datetime.combine(monday + timedelta(days=weekday - 1), at, here.tzinfo)
    last_week = DueBrief(kind="weekly", first=monday - WEEK, last=monday - timedelta(days=1))
    return last_week if here >= begins else None
