"""The office's working days: China's holidays with their make-up days, and the office's own exceptions."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal

import chinese_calendar

SATURDAY = 5
_DAY = timedelta(days=1)


class WorkCalendar:
    """Which days are worked.  Beyond the known holidays weekends alone count, and `guessed` says so."""

    def __init__(self, overrides: Mapping[date, Literal["work", "rest"]] | None = None) -> None:
        self.overrides = dict(overrides or {})
        self._known: dict[date, bool | None] = {}

    def is_workday(self, day: date) -> bool:
        if day in self.overrides:
            return self.overrides[day] == "work"
        known = self._look_up(day)
        return day.weekday() < SATURDAY if known is None else known

    def guessed(self, day: date) -> bool:
        """Whether no holiday arrangement is known for that day."""
        return day not in self.overrides and self._look_up(day) is None

    def working_days(self, start: datetime, end: datetime) -> int:
        """Working days that began after the day of `start`, up to the day of `end` (both in local time)."""
        span = (end.date() - start.date()).days
        return sum(self.is_workday(start.date() + number * _DAY) for number in range(1, span + 1))

    def due_day(self, start: date, working_days: int) -> date:
        """The last of so many working days after `start`."""
        day = start
        while working_days > 0:
            day += _DAY
            working_days -= self.is_workday(day)
        return day

    def any_guessed(self, first: date, last: date) -> bool:
        """Whether a weekday between them may turn out a holiday: no arrangement is known for it."""
        days = (first + number * _DAY for number in range((last - first).days + 1))
        return any(self.guessed(day) for day in days)

    def _look_up(self, day: date) -> bool | None:
        """Whether it is worked by the published arrangements; None beyond them."""
        if day not in self._known:
            try:
                self._known[day] = bool(chinese_calendar.is_workday(day))
            except NotImplementedError:
                self._known[day] = None
        return self._known[day]
