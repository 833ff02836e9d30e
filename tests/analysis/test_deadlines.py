"""Deadlines: natural hours and the office's working days, over holidays and beyond the known ones."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from analysis.calendar import WorkCalendar
from analysis.deadlines import find_deadlines
from analysis.results import Deadline, Intent

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = {"咨询": 3, "投诉": 5}


def due(
    began: datetime,
    answered: datetime | None = None,
    kind: Intent | None = "咨询",
    now: datetime | None = None,
) -> dict[str, Deadline]:
    found = find_deadlines(
        began, answered, now or began + timedelta(days=30), kind, DAYS, WorkCalendar(), ZONE
    )
    return {deadline.limit: deadline for deadline in found}


def test_a_long_holiday_puts_off_the_office_but_not_the_natural_hours() -> None:
    eve = datetime(2026, 9, 30, 9, tzinfo=ZONE)
    found = due(eve)
    assert found["48h"].due_at == datetime(2026, 10, 2, 9, tzinfo=ZONE)
    # 1 to 7 October are holidays; 8, 9 and, as a make-up day, 10 October are worked.
    assert found["office"].due_at == datetime(2026, 10, 11, tzinfo=ZONE)
    assert not found["office"].guessed


def test_each_limit_is_kept_or_missed_by_itself() -> None:
    monday = datetime(2026, 11, 16, 9, tzinfo=ZONE)
    late = {name: d.overdue for name, d in due(monday, monday + timedelta(hours=30)).items()}
    assert late == {"24h": True, "48h": False, "office": False}
    waiting = due(monday, now=monday + timedelta(hours=47))
    assert {name: d.overdue for name, d in waiting.items()} == {"24h": True, "48h": False, "office": False}
    assert all(d.overdue for d in due(monday, now=monday + timedelta(days=9)).values())


def test_kinds_without_a_row_have_natural_hours_only() -> None:
    monday = datetime(2026, 11, 16, 9, tzinfo=ZONE)
    assert set(due(monday, kind="其他")) == set(due(monday, kind=None)) == {"24h", "48h"}


def test_beyond_the_known_holidays_it_is_said_that_weekends_alone_are_free() -> None:
    found = due(datetime(2040, 5, 1, 9, tzinfo=ZONE))["office"]
    assert found.guessed
    assert found.due_at == datetime(2040, 5, 5, tzinfo=ZONE)


@given(st.dates(date(2020, 1, 1), date(2026, 11, 1)), st.integers(1, 40))
def test_the_due_day_is_the_last_of_so_many_working_days(start: date, number: int) -> None:
    calendar = WorkCalendar()
    last = calendar.due_day(start, number)
    assert calendar.is_workday(last)
    begun, ended = (datetime(day.year, day.month, day.day, 12, tzinfo=ZONE) for day in (start, last))
    assert calendar.working_days(begun, ended) == number
