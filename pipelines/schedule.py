"""When something is to be done: times of day or an interval, and whether it is due.  Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

LEAST_MINUTES = 10  # as often as the scheduler looks
MOST_MINUTES = 7 * 24 * 60
MOST_TIMES = 24
# A failed crawl is tried again so often; a site that refuses is not asked again before the next time.
RETRIES = 2
_ANCHOR_DAY = date(2000, 1, 1)


class ScheduleError(ValueError):
    """Times that cannot be kept; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Times of day in the office's zone, or a number of minutes; exactly one of both."""

    times: tuple[time, ...] = ()
    minutes: int | None = None

    def latest(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The last scheduled moment up to `now`, in UTC."""
        if self.minutes is not None:
            anchor = datetime.combine(_ANCHOR_DAY, time(), zone).astimezone(UTC)
            step = timedelta(minutes=self.minutes)
            return anchor + (now - anchor) // step * step
        today = now.astimezone(zone).date()
        days = (today, today - timedelta(days=1))
        moments = [datetime.combine(day, each, zone).astimezone(UTC) for day in days for each in self.times]
        return max(moment for moment in moments if moment <= now)

    def one_before_latest(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The scheduled moment before the last one up to `now`, in UTC."""
        return self.latest(self.latest(now, zone) - timedelta(microseconds=1), zone)

    def following(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The first scheduled moment after `now`, in UTC."""
        if self.minutes is not None:
            return self.latest(now, zone) + timedelta(minutes=self.minutes)
        today = now.astimezone(zone).date()
        days = (today, today + timedelta(days=1))
        moments = [datetime.combine(day, each, zone).astimezone(UTC) for day in days for each in self.times]
        return min(moment for moment in moments if moment > now)

    def plain(self) -> list[str] | int:
        """As it is kept: what `make_schedule` takes."""
        return self.minutes if self.minutes is not None else [f"{each:%H:%M}" for each in self.times]

    def words(self) -> str:
        """As staff read it: 每天 06:30、18:00, or 每 60 分钟."""
        if self.minutes is not None:
            return f"每 {self.minutes} 分钟"
        return "每天 " + "、".join(f"{each:%H:%M}" for each in self.times)


def make_schedule(times: Sequence[str] | int) -> Schedule:
    """The schedule of some "HH:MM" or of a number of minutes; ScheduleError when it cannot be kept."""
    if isinstance(times, int):
        if not LEAST_MINUTES <= times <= MOST_MINUTES:
            raise ScheduleError(f"每隔的分钟数应在 {LEAST_MINUTES} 到 {MOST_MINUTES} 之间")
        return Schedule(minutes=times)
    if not 1 <= len(times) <= MOST_TIMES:
        raise ScheduleError(f"采集时间应写 1 到 {MOST_TIMES} 个，如 06:30")
    return Schedule(times=tuple(sorted({parse_time_of_day(each) for each in times})))


def parse_time_of_day(text: str) -> time:
    """A time of day written as 06:30; ScheduleError otherwise."""
    match = re.fullmatch(r"([01]?\d|2[0-3])[:：]([0-5]\d)", text.strip(), re.ASCII)
    if match is None:
        raise ScheduleError(f"看不懂时间“{text}”，请写成 06:30 的样子")
    return time(int(match[1]), int(match[2]))


@dataclass(frozen=True, slots=True)
class Attempt:
    """One crawl, as far as dueness is concerned."""

    started_at: datetime
    outcome: Literal["running", "done", "failed"]


def is_due(schedule: Schedule, now: datetime, zone: ZoneInfo, attempts: Sequence[Attempt]) -> bool:
    """Whether the last scheduled moment still wants its crawl; earlier ones missed are not made up as well."""
    if any(attempt.outcome == "running" for attempt in attempts):
        return False
    moment = schedule.latest(now, zone)
    since = [attempt for attempt in attempts if attempt.started_at >= moment]
    return all(attempt.outcome == "failed" for attempt in since) and len(since) <= RETRIES
