"""Times as Chinese forums write them: exact, or an interval where the page shows only words.

`parse_time("4 小时前", seen_at, zone)` cannot say more than the interval in which the post
was written; `parse_time("2019-12-5 15:32:00", …)` is exact.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime

# The page was made a moment before its Date header, by a clock of whole seconds.
SLACK = timedelta(seconds=5)
DAY = timedelta(days=1)

_UNITS = {
    "秒": timedelta(seconds=1),
    "分钟": timedelta(minutes=1),
    "分": timedelta(minutes=1),
    "小时": timedelta(hours=1),
    "天": DAY,
    "周": timedelta(weeks=1),
    "星期": timedelta(weeks=1),
}
_DAYS_BACK = {"今天": 0, "昨天": 1, "前天": 2}

_CLOCK = r"(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?"
_FULL = re.compile(rf"(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*日?(?:[\sT]*{_CLOCK})?")
_YEARLESS = re.compile(rf"(?<![\d-])(\d{{1,2}})[-/月](\d{{1,2}})日?\s*{_CLOCK}")
_DAY_WORD = re.compile(rf"(今天|昨天|前天)\s*(?:{_CLOCK})?")
_AGO = re.compile(r"(\d+)\s*个?(秒|分钟|分|小时|天|周|星期|月|年)前")
_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})")


@dataclass(frozen=True, slots=True)
class When:
    """Between `after` and `before`, both aware; the same instant when the page is exact."""

    after: datetime
    before: datetime

    @property
    def exact(self) -> datetime | None:
        return self.after if self.after == self.before else None


def parse_time(words: str, seen_at: datetime, zone: tzinfo) -> When | None:
    """When something was written, by the words of a page fetched at `seen_at`; None if they are no time."""
    words = words.replace("\xa0", " ").strip()
    try:
        return (
            _zoned(words)
            or _full(words, zone)
            or _day_word(words, seen_at, zone)
            or _ago(words, seen_at)
            or _yearless(words, seen_at, zone)
            or _rfc822(words)
        )
    except (ValueError, OverflowError):
        return None


def _at(moment: datetime) -> When:
    moment = moment.astimezone(UTC)
    return When(moment, moment)


def _zoned(words: str) -> When | None:
    found = _ZONED.search(words)
    return _at(datetime.fromisoformat(found.group())) if found else None


def _full(words: str, zone: tzinfo) -> When | None:
    found = _FULL.search(words)
    if not found:
        return None
    year, month, day = (int(number) for number in found.groups()[:3])
    midnight = datetime(year, month, day, tzinfo=zone)
    return _clock(midnight, found.groups()[3:])


def _clock(midnight: datetime, clock: tuple[str | None, ...]) -> When:
    """That time of the day, or the whole day when no clock is shown."""
    hour, minute, second = clock
    if hour is None or minute is None:
        start = midnight.astimezone(UTC)
        return When(start, start + DAY)
    return _at(midnight.replace(hour=int(hour), minute=int(minute), second=int(second or 0)))


def _day_word(words: str, seen_at: datetime, zone: tzinfo) -> When | None:
    found = _DAY_WORD.search(words)
    if not found:
        return None
    today = seen_at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return _clock(today - _DAYS_BACK[found[1]] * DAY, found.groups()[1:])


def _ago(words: str, seen_at: datetime) -> When | None:
    """Engines round down: "3 分钟前" is at least three minutes and less than four."""
    if "刚刚" in words or "刚才" in words:
        return _between(seen_at, timedelta(0), timedelta(minutes=1))
    if "半小时前" in words:
        return _between(seen_at, timedelta(minutes=30), timedelta(hours=1))
    found = _AGO.search(words)
    if not found:
        return None
    count, unit = int(found[1]), found[2]
    if unit in _UNITS:
        return _between(seen_at, count * _UNITS[unit], (count + 1) * _UNITS[unit])
    # Months and years are 30 and 365 days in every engine seen; a calendar month may be 31.
    shortest, longest = (30, 31) if unit == "月" else (365, 366)
    return _between(seen_at, count * shortest * DAY, (count + 1) * longest * DAY)


def _between(seen_at: datetime, least: timedelta, most: timedelta) -> When:
    seen_at = seen_at.astimezone(UTC).replace(microsecond=0)
    return When(seen_at - most - SLACK, seen_at - least + timedelta(seconds=1))


def _yearless(words: str, seen_at: datetime, zone: tzinfo) -> When | None:
    """The latest such day that is not in the future."""
    found = _YEARLESS.search(words)
    if not found:
        return None
    month, day = int(found[1]), int(found[2])
    for year in range(seen_at.astimezone(zone).year, seen_at.year - 8, -1):
        try:
            midnight = datetime(year, month, day, tzinfo=zone)
        except ValueError:  # 29 February of another year
            continue
        if (when := _clock(midnight, found.groups()[2:])).after <= seen_at + DAY:
            return when
    return None


def _rfc822(words: str) -> When | None:
    if not re.match(r"(?:[A-Z][a-z]{2},\s*)?\d{1,2}\s+[A-Z][a-z]{2}\s+\d{2,4}\s", words):
        return None
    moment = parsedate_to_datetime(words)
    return _at(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
