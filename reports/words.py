"""Numbers, days and states in Chinese words, and lines filled from templates."""

import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from string import Formatter
from typing import Any, cast
from zoneinfo import ZoneInfo

from analysis.results import Action, BriefKind, PostRef, Share, Stage, Verdict
from reports.model import Brief, Line, Span

MIN_SHARE = 10  # below this many posts a percentage misleads: "3 帖中 2 帖" is said instead

KIND_TITLES: dict[BriefKind, str] = {
    "daily": "民意日报",
    "weekly": "民意周报",
    "special": "民意专报",
    "alert": "民意快报",
}
STAGES: dict[Stage, str] = {
    "new": "新出现",
    "growing": "升温",
    "peak": "处于高位",
    "falling": "降温",
    "dormant": "暂无新帖",
    "returned": "再度出现",
}
VERDICTS: dict[Verdict, str] = {
    "better": "好转",
    "unchanged": "无明显变化",
    "worse": "变差",
    "insufficient": "数据不足",
}
ACTIONS: dict[Action, str] = {
    "answer": "答复",
    "publish": "公布",
    "inspect": "核查",
    "repair": "维修",
    "escalate": "督办",
    "thank": "致谢",
}
SHORT_CATEGORIES = {"劳动和社会保障": "劳动社保"}  # for the heads of narrow columns
_DIGITS: tuple[str, ...] = ("", *"一二三四五六七八九")
_WEEKDAYS = "一二三四五六日"
_INVISIBLE = {"Cc", "Cf", "Zl", "Zp"}
_JOINER = "\u200d"


def fill(template: str, **parts: Span | Line | str | int) -> Line:
    """Put parts into `{name}` places; a part is shown as it is, whatever it contains."""
    spans: list[Span] = []
    for literal, name, _, _ in Formatter().parse(template):
        if literal:
            spans.append(Span(text=literal))
        if name:
            spans.extend(_spans(parts[name]))
    return tuple(spans)


def _spans(part: Span | Line | str | int) -> Line:
    if isinstance(part, tuple):
        return part
    return (part if isinstance(part, Span) else Span(text=str(part)),)


def join(lines: list[Line], mark: str) -> Line:
    """Lines one after the other with `mark` between them."""
    spans: list[Span] = []
    for line in lines:
        if spans:
            spans.append(Span(text=mark))
        spans.extend(line)
    return tuple(spans)


def plain(line: Line) -> str:
    return "".join(span.text for span in line)


def strong(text: str) -> Span:
    return Span(text=text, tone="strong")


def alert(text: str) -> Span:
    return Span(text=text, tone="alert")


def count(value: int) -> str:
    """12345 -> 12,345; nothing is said in a word."""
    return f"{value:,}" if value else "无"


def numeral(value: int) -> str:
    """1 to 99 in Chinese: 一, 十, 十二, 二十."""
    tens, ones = divmod(value, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十") + _DIGITS[ones]


def percent(value: float) -> str:
    return f"{points(value)}%"


def share(value: Share) -> str:
    """A percentage, or "2/3" where there are too few posts for one."""
    if value.value is None:
        return "无数据"
    return percent(value.value) if value.whole >= MIN_SHARE else f"{value.part}/{value.whole}"


def share_change(value: Share) -> int | None:
    """The change in percentage points between the two shares as they are shown."""
    if value.value is None or value.before is None or value.whole < MIN_SHARE:
        return None
    return points(value.value) - points(value.before)


def compared(change: int, unit: str = "", *, more: str = "多", less: str = "少") -> str:
    """A change in words: 多3个, 少14个, 持平."""
    if not change:
        return "持平"
    return f"{more if change > 0 else less}{abs(change):,}{unit}"


def points(value: float) -> int:
    """Percent, rounded half away from zero (round() would turn 0.5 into 0 and 1.5 into 2)."""
    return int(abs(value) * 100 + 0.5 + 1e-9) * (1 if value >= 0 else -1)


def signed_points(value: float) -> str:
    """Percentage points with a real minus sign; what would round to 0 keeps a digit: verdicts rest on its side of 0."""
    size = f"{abs(points(value))}" if points(value) else f"{abs(value) * 100:.1g}"
    return f"−{size}" if value < 0 else size


def duration(hours: float) -> str:
    """31.4 -> 31小时; from three days on in days and hours."""
    whole = int(hours)
    if whole < 1:
        return "不足1小时"
    if whole < 72:
        return f"{whole}小时"
    days, rest = divmod(whole, 24)
    return f"{days}天{rest}小时" if rest and days < 10 else f"{days}天"


def roughly(hours: float) -> str:
    """For narrow columns: from three days on, whole days alone."""
    return duration(hours) if hours < 72 else f"{int(hours) // 24}天"


def day(value: date) -> str:
    return f"{value.month}月{value.day}日"


def day_of(value: datetime, zone: ZoneInfo) -> str:
    return day(value.astimezone(zone).date())


def weekday(value: date) -> str:
    return f"周{_WEEKDAYS[value.weekday()]}"


def moment(value: datetime, zone: ZoneInfo) -> str:
    local = value.astimezone(zone)
    return f"{day(local.date())} {local.hour}:{local.minute:02}"


UNKNOWN_TIME = "时间不明"


def moment_if_known(value: datetime | None, zone: ZoneInfo) -> str:
    return UNKNOWN_TIME if value is None else moment(value, zone)


def written(post: PostRef, zone: ZoneInfo) -> str:
    """When a post was written."""
    return moment_if_known(None if post.untimed else post.dated_at, zone)


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters; a cut is shown."""
    text = clean(text)
    if len(text) <= limit:
        return text
    cut = text[: limit - 1].rstrip(_JOINER)
    return cut.rstrip("，、；：。 ") + "…"


def clean(text: str) -> str:
    """Drop characters that cannot be seen but can reorder or break a line; spaces become one."""
    kept = (_seen(char) for char in text)
    return " ".join("".join(kept).split())


def _seen(char: str) -> str:
    if char in "\t\n\r\x0b\x0c":
        return " "
    category = unicodedata.category(char)
    if category == "Cs":
        return "\ufffd"
    unseen = category in _INVISIBLE and char != _JOINER
    return "" if unseen or ord(char) & 0xFFFE == 0xFFFE else char


def said(message: str | None) -> str:
    """A message of another part as a clause of ours: no full stop, no space beside Chinese."""
    clause = clean(message or "").rstrip("。.")
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z]) (?=[\u4e00-\u9fff])", "", clause)


def clean_words(brief: Brief) -> Brief:
    """Every text of a finished brief, cleaned."""
    return cast(Brief, _cleaned(brief))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else _keep_ends(value)
    if isinstance(value, tuple):
        return value if value and isinstance(value[0], int) else tuple(_cleaned(part) for part in value)
    if is_dataclass(value) and type(value).__module__ == Brief.__module__:
        names = [entry.name for entry in fields(value) if entry.name != "result"]
        return replace(cast(Any, value), **{name: _cleaned(getattr(value, name)) for name in names})
    return value


def _keep_ends(text: str) -> str:
    """Clean, but keep a space at either end: a span may end where the next begins."""
    left = " " if text[:1].isspace() else ""
    right = " " if text[-1:].isspace() and text.strip() else ""
    return left + clean(text) + right
