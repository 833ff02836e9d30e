"""The office's working days: China's holidays with their make-up days, and the office's own exceptions."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal

import chinese_calendar

SATURDAY = 5


class WorkCalendar:
    """Which days are worked.  Beyond the known holidays weekends alone count, and `guessed` says so."""

    def __init__(self, overrides: Mapping[date, Literal["work", "rest"]] | None = None) -> None:
        self.overrides = dict(overrides or {})

    def is_workday(self, day: date) -> bool:
        if day in self.overrides:
            return self.overrides[day] == "work"
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return day.weekday() < SATURDAY

    def guessed(self, day: date) -> bool:
        """Whether no holiday arrangement is known for that day."""
        if day in self.overrides:
            return False
        try:
            chinese_calendar.is_workday(day)
        except NotImplementedError:
            return True
        return False

    def working_days(self, start: datetime, end: datetime) -> int:
        """Working days that began after the day of `start`, up to the day of `end` (both in local time)."""
        span = (end.date() - start.date()).days
        days = (start.date() + timedelta(days=number) for number in range(1, span + 1))
        return sum(self.is_workday(day) for day in days)
