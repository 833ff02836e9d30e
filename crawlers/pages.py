"""What a page of a forum says, whatever the engine: the shapes every parser returns."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal, TypedDict
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from parsel import Selector

from crawlers.items import Post
from crawlers.times import When, parse_time

NoticeKind = Literal["gone", "restricted", "blocked", "empty", "unknown"]


@dataclass(frozen=True)
class Page:
    """A fetched page: its markup, its address, and the clock by which its times are read."""

    source: str
    url: str
    selector: Selector
    fetched_at: datetime
    zone: ZoneInfo

    @cached_property
    def base(self) -> str:
        """What relative links are relative to."""
        return urljoin(self.url, self.selector.xpath("//base/@href").get(""))

    def join(self, href: str) -> str:
        return urljoin(self.base, href.strip())

    def time(self, words: str | None) -> When | None:
        return parse_time(words, self.fetched_at, self.zone) if words else None


class Dated(TypedDict):
    """A post's three time fields."""

    posted_at: datetime | None
    posted_after: datetime | None
    posted_before: datetime | None


def dated(when: When | None) -> Dated:
    """Exact, or an interval where the page shows no more; all None when it shows nothing that is a time."""
    if when is None:
        return Dated(posted_at=None, posted_after=None, posted_before=None)
    if when.exact:
        return Dated(posted_at=when.exact, posted_after=None, posted_before=None)
    return Dated(posted_at=None, posted_after=when.after, posted_before=when.before)


@dataclass(frozen=True, slots=True)
class Notice:
    """A page that says something instead of showing it; `words` are its own."""

    kind: NoticeKind
    words: str


def classify(said: str, kinds: Iterable[tuple[str, NoticeKind]]) -> Notice | None:
    """The notice an engine's page gives, by the first pattern its words match; None when it says nothing."""
    if not said:
        return None
    matching: Iterator[NoticeKind] = (kind for pattern, kind in kinds if re.search(pattern, said))
    return Notice(next(matching, "unknown"), said[:120])


@dataclass(frozen=True, slots=True)
class BoardLink:
    key: str
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRow:
    """One line of a thread list.  `last` is the last reply, `created` the first post."""

    key: str
    url: str
    title: str
    replies: int | None = None
    views: int | None = None
    created: When | None = None
    last: When | None = None
    sticky: bool = False
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A page of a board: its rows in the page's order, and where its pager leads."""

    rows: tuple[ThreadRow, ...] = ()
    board: str | None = None
    sub_boards: tuple[BoardLink, ...] = ()
    next_url: str | None = None
    notice: Notice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadPage:
    """A page of a thread: the floors on it, and where its pager leads.

    `key` is the thread's own, where the page names it: a moved thread answers under another.
    `page` is its number, where the page shows it.
    """

    key: str | None = None
    posts: tuple[Post, ...] = ()
    title: str | None = None
    board: str | None = None
    views: int | None = None
    replies: int | None = None
    page: int | None = None
    next_url: str | None = None
    previous_url: str | None = None
    notice: Notice | None = None
