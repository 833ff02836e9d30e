"""Chinese times, exact or as an interval that holds the true moment."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.times import parse_time

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 21, 40, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("发表于 2019-12-5 15:32:00", "2019-12-05 15:32:00"),
        ("发表于\xa02019-12-5\xa015:32", "2019-12-05 15:32:00"),
        ("2026/1/2 03:04", "2026-01-02 03:04:00"),
        ("2026年1月2日 03:04", "2026-01-02 03:04:00"),
        ("昨天\xa008:05", "2026-11-22 08:05:00"),
        ("前天 23:59", "2026-11-21 23:59:00"),
        ("今天 00:01", "2026-11-23 00:01:00"),
        ("11-23 21:19", "2026-11-23 21:19:00"),
        ("12-31 08:00", "2025-12-31 08:00:00"),
        ("Sun, 22 Nov 2026 16:04:26 +0000", "2026-11-23 00:04:26"),
        ("2026-11-20T08:00:00+08:00", "2026-11-20 08:00:00"),
        ("2026-11-20T00:00:00Z", "2026-11-20 08:00:00"),
    ],
)
def test_exact(words: str, expected: str) -> None:
    when = parse_time(words, NOW, ZONE)
    assert when is not None
    assert when.exact is not None
    assert when.exact.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S") == expected


@pytest.mark.parametrize("words", ["", "匿名", "回复 12", "2026-13-40 99:99", "第 3 楼"])
def test_no_time(words: str) -> None:
    assert parse_time(words, NOW, ZONE) is None


def test_a_bare_day_is_the_whole_day_in_its_zone() -> None:
    when = parse_time("2019-12-24", NOW, ZONE)
    assert when is not None
    assert when.exact is None
    assert when.after == datetime(2019, 12, 24, tzinfo=ZONE)
    assert when.before - when.after == timedelta(days=1)


def test_29_february_without_a_year_is_the_last_leap_year() -> None:
    when = parse_time("02-29 10:00", NOW, ZONE)
    assert when is not None
    assert when.exact == datetime(2024, 2, 29, 10, tzinfo=ZONE)


def _engine_words(seconds: int) -> str:
    """As Xiuno writes them: rounded down."""
    for size, unit in ((2592000, "月"), (86400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds > size:
            return f"{seconds // size}{unit}前"
    return f"{seconds}秒前"


@given(st.integers(min_value=0, max_value=31_536_000), st.integers(min_value=0, max_value=3))
def test_the_interval_holds_the_true_moment(seconds: int, slow: int) -> None:
    written = NOW - timedelta(seconds=seconds)
    when = parse_time(_engine_words(seconds), NOW + timedelta(seconds=slow), ZONE)
    assert when is not None
    assert when.after <= written <= when.before


@given(st.datetimes(datetime(1995, 1, 1), datetime(2026, 11, 23)))  # noqa: DTZ001
def test_full_times_survive(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, fold=0)
    when = parse_time(f"{moment:%Y-%m-%d %H:%M:%S}", NOW, UTC)
    assert when is not None
    assert when.exact == moment.replace(tzinfo=UTC)
