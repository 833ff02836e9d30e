"""Messages from an office's own channels: hotline exports, comments under its account.

A row becomes a thread with one post, and a second one when it carries the answer.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil import parser

from crawlers.items import Post, Thread, ThreadRead
from pipelines.headings import HEADINGS, usual_columns
from pipelines.item_pipelines import Item
from pipelines.mask import mask_text
from pipelines.tables import Table, TableError

# Anything else in a link of a brief (javascript:, data:) would be run by the reader's browser.
_WEB = re.compile(r"https?://[^\s\x00]+$", re.IGNORECASE)
_TITLE, _LOOKED_AT = 30, 90  # characters of a text without a title that make one
UNNAMED_AGENCY = "答复单位未注明"


@dataclass(slots=True)
class RowReader:
    """Turns rows into items of `source`; `mapping` says which column is which field.

    Rows that cannot be used are counted in `skipped` under a reason.
    An answer without a time is one, and enters no duration; those with a day alone are counted in `bare_days`.
    """

    source: str
    mapping: Mapping[str, str]
    zone: ZoneInfo
    skipped: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    bare_days: int = 0

    def items(self, table: Table) -> Iterator[Item]:
        """Thread, posts and ThreadRead of every usable row."""
        for row in table.rows():
            yield from self._items_of(row)

    def _items_of(self, row: Mapping[str, str]) -> Iterator[Item]:
        value = {name: row.get(column, "").strip() for name, column in self.mapping.items()}
        if not value["text"] and not value.get("title"):
            self.skipped["没有正文"] += 1
            return
        posted_at = parse_time(value.get("posted_at", ""), self.zone)
        if posted_at is None:
            self.skipped["没有时间或时间看不懂"] += 1
            return
        key = value.get("key") or _row_key(row)
        if key in self.seen:
            self.skipped["与前面的行重复（编号相同，或整行相同）"] += 1
            return
        self.seen.add(key)
        url = value.get("url", "")
        if not _WEB.match(url):
            url = f"file:{self.source}/{key}"
        # Masked before it is cut: half a number would not be known for one.
        title = value.get("title") or mask_text(value["text"][:_LOOKED_AT])[:_TITLE]
        yield Thread(
            source=self.source, thread_key=key, url=url, title=title, board=value.get("board") or None
        )
        yield self._post(key, key, url, value["text"], posted_at)
        if reply := value.get("reply"):
            replied_at = self._reply_time(value.get("replied_at", ""), posted_at)
            agency = value.get("agency") or UNNAMED_AGENCY
            answer = self._post(key, f"{key}-reply", url, reply, replied_at, agency=agency)
            yield answer if replied_at else replace(answer, posted_after=posted_at)
        yield ThreadRead(source=self.source, thread_key=key, pages=1)

    def _reply_time(self, cell: str, posted_at: datetime) -> datetime | None:
        """When it was answered; a day alone may be that of the message, which tells nothing of how long it took."""
        replied_at = parse_time(cell, self.zone)
        if replied_at is None or replied_at <= posted_at:
            return None
        # A day alone counts from its beginning: up to a day too short, and said to be.
        self.bare_days += replied_at.time() == time(0)
        return replied_at

    def _post(
        self,
        thread_key: str,
        post_key: str,
        url: str,
        text: str,
        posted_at: datetime | None,
        agency: str | None = None,
    ) -> Post:
        return Post(
            source=self.source,
            thread_key=thread_key,
            post_key=post_key,
            url=url,
            text=text,
            is_first=agency is None,
            floor=1 if agency is None else 2,
            posted_at=posted_at,
            agency=agency,
        )


def parse_time(text: str, zone: ZoneInfo) -> datetime | None:
    """The time a cell says, in `zone` where it names none; None unless it says year, month and day."""
    read = _iso_time(text) or _counted_time(text) or _spoken_time(text)
    if read is None:
        return None
    try:
        aware = read if read.tzinfo else read.replace(tzinfo=zone)
        aware.astimezone(UTC)
    except (ValueError, OverflowError):  # a zone of 99 hours, a year before the first
        return None
    return aware


def _iso_time(text: str) -> datetime | None:
    # Tried first: it is fifty times as fast, and most exports write it.
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _counted_time(text: str) -> datetime | None:
    """A day as spreadsheets count them, 46345.5, of the years 1982 to 2091: no other number has five figures there."""
    if not _COUNTED.fullmatch(text):
        return None
    return _DAY_ZERO + timedelta(seconds=round(float(text) * 86_400))


_COUNTED = re.compile(r"[3-6]\d{4}(?:\.\d+)?")
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - the zone is the caller's


def _spoken_time(text: str) -> datetime | None:
    plain = re.sub(r"\s*[年月]\s*", "-", text).replace("日", " ")
    plain = (
        _CLOCK.sub(lambda found: f" {found[1]}:{found[2] or 0}:{found[3] or 0}", plain).strip().rstrip("-")
    )
    try:
        # What the cell leaves out is taken from the default: two defaults tell what that was.
        read, other = (parser.parse(plain, yearfirst=True, default=default) for default in _DEFAULTS)
    except (ValueError, OverflowError):
        return None
    return read if read == other else None


_CLOCK = re.compile(r"\s*(\d{1,2})\s*[时点]\s*(?:(\d{1,2})\s*分)?\s*(?:(\d{1,2})\s*秒)?")
_DEFAULTS = (datetime(2001, 1, 1), datetime(2002, 2, 2))  # noqa: DTZ001 - the zone is the cell's or the caller's


def guess_mapping(table: Table, given: Mapping[str, str]) -> dict[str, str]:
    """Field -> column: what the user said, else the usual headings; TableError without a text column."""
    for name, column in given.items():
        if name not in HEADINGS:
            raise TableError(f"--map 不认识“{name}”；可用：{'、'.join(HEADINGS)}")
        if column in table.dropped:
            raise TableError(f"--map：“{column}”属于个人信息列，不导入")
        if column not in table.columns:
            raise TableError(f"--map：表中没有“{column}”这一列；现有：{'、'.join(table.columns)}")
    mapping = usual_columns(table.columns) | dict(given)
    if "text" not in mapping:
        raise TableError(
            f"{table.path.name}：看不出哪一列是正文，请用 --map text=列名 指明；现有：{'、'.join(table.columns)}"
        )
    if "posted_at" not in mapping:
        raise TableError(f"{table.path.name}：看不出哪一列是时间，请用 --map posted_at=列名 指明")
    for name in ("text", "posted_at"):
        table.refuse_uncalculated(mapping[name])
    return mapping


def _row_key(row: Mapping[str, str]) -> str:
    """A key for rows without a number: the same row gets the same key on the next import."""
    return hashlib.sha256(
        "\x00".join(f"{k}={v}" for k, v in sorted(row.items())).encode("utf-8", "ignore")
    ).hexdigest()[:24]
