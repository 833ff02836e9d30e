"""Working days: make-up days, the office's own table, and years without data."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from analysis.calendar import WorkCalendar

ZONE = ZoneInfo("Asia/Shanghai")


def test_holidays_and_make_up_days_are_known() -> None:
    calendar = WorkCalendar()
    assert not calendar.is_workday(date(2026, 10, 1))
    assert calendar.is_workday(date(2024, 2, 4))  # a Sunday that made up for the Spring Festival
    assert not calendar.guessed(date(2024, 2, 4))


def test_the_offices_table_goes_before() -> None:
    calendar = WorkCalendar({date(2026, 10, 1): "work", date(2026, 11, 23): "rest"})
    assert calendar.is_workday(date(2026, 10, 1))
    assert not calendar.is_workday(date(2026, 11, 23))


def test_beyond_the_data_weekends_count_and_it_is_said() -> None:
    calendar = WorkCalendar()
    assert calendar.guessed(date(2040, 1, 2))
    assert not calendar.is_workday(date(2040, 1, 1))  # a Sunday
    assert calendar.is_workday(date(2040, 1, 2))


def test_working_days_begin_after_the_day_of_the_post() -> None:
    friday = datetime(2026, 11, 20, 23, 0, tzinfo=ZONE)
    tuesday = datetime(2026, 11, 24, 1, 0, tzinfo=ZONE)
    assert WorkCalendar().working_days(friday, tuesday) == 2
