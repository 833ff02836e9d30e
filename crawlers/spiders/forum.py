"""What crawling any forum has in common: boards, lists in order of last reply, threads page by page.

An engine's spider adds the pure parsers and its addresses.  Where to resume comes as arguments.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawlers.items import GoneThread, KnownThread, Post, Thread, ThreadRead
from crawlers.outcome import ENDING, RobotsForbiddenError, explain
from crawlers.pages import BoardLink, ListPage, Notice, Page, ThreadPage, ThreadRow
from crawlers.reading import Reading
from crawlers.resume import WHOLE, is_past_window, plan_visit
from crawlers.sources import HostLease, SourceSpec

LISTS, THREADS, PAGES = 0, 10, 20
MOST_LIST_PAGES = 1000
MOST_MISSING = 200
MOST_STRANGE = 3
CLOCK_TRUST = timedelta(days=2)

Yielded = Request | Thread | Post | ThreadRead | GoneThread


@dataclass(frozen=True, slots=True)
class Parsers:
    """An engine's pure parsers: of the index, of a page of a board, of a page of a thread."""

    board: Callable[[Page], tuple[BoardLink, ...]]
    list: Callable[[Page], ListPage]
    thread: Callable[[Page], ThreadPage]
    notice: Callable[[Page], Notice | None]


class ForumSpider(Spider):
    """The walk over one forum; engines override the three parsers and the addresses."""

    name = "forum"
    parsers: Parsers

    def __init__(
        self,
        source: SourceSpec,
        since: datetime,
        known: Mapping[str, KnownThread],
        look_back: timedelta,
        lease: HostLease | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.lease = lease
        self.source, self.since, self.known, self.look_back = source, since, known, look_back
        self.boards: set[str] = set()
        self.seen: set[str] = set()
        self.moved: dict[str, ThreadRow] = {}
        self.rewritten = True
        self.strange = 0
        self.lists_whole = True
        self.looked_for_missing = False

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> "ForumSpider":
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.look_for_missing, signal=signals.spider_idle)
        return spider

    def board_url(self, key: str) -> str:
        raise NotImplementedError

    def thread_url(self, key: str) -> str:
        raise NotImplementedError

    def page_url(self, url: str, number: int) -> str | None:
        """The address of a page of a thread, built only where an incremental visit resumes."""
        raise NotImplementedError

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self.source.url, self.parse_index, errback=self.fail_start, priority=LISTS)

    # Boards

    def parse_index(self, response: Response) -> Iterator[Yielded]:
        page = self.page(response)
        notice = self.parsers.notice(page) if page else None
        links = self.parsers.board(page) if page else ()
        self.rewritten = not any("?" in link.url for link in links)
        chosen = self.choose_boards(links)
        if notice:
            self.stop("forbidden" if notice.kind == "blocked" else "closed", notice.words)
        if not chosen:
            self.stop("no_boards", response.url)
        for board in chosen:
            yield from self.open_board(board)

    def choose_boards(self, links: Iterable[BoardLink]) -> list[BoardLink]:
        """The configured boards, by key or address; every board when none is configured."""
        by_key = {link.key: link for link in links if urlsplit(link.url).hostname == self.source.host}
        if not self.source.boards:
            return list(by_key.values())
        return [by_key.get(name) or self.named_board(name) for name in self.source.boards]

    def named_board(self, name: str) -> BoardLink:
        url = name if name.startswith(("http://", "https://")) else self.board_url(name)
        return BoardLink(name, "", url)

    def open_board(self, board: BoardLink) -> Iterator[Request]:
        if board.key not in self.boards:
            self.boards.add(board.key)
            yield self.list_request(board.url, board, 1)

    def list_request(self, url: str, board: BoardLink, number: int) -> Request:
        arguments = {"board": board, "number": number}
        return Request(
            url,
            self.parse_list,
            errback=self.fail_list,
            priority=LISTS,
            cb_kwargs=arguments,
            dont_filter=number == 1,
        )

    # Lists

    def parse_list(self, response: Response, board: BoardLink, number: int) -> Iterator[Yielded]:
        page = self.page(response)
        listing = self.parsers.list(page) if page else ListPage()
        self.count("list_pages")
        if not listing.rows:
            if number == 1 or listing.notice:
                self.heed(listing.notice, "board")
            return
        self.strange = 0
        self.moved.update((row.key, row) for row in listing.rows if row.moved)
        fresh = [row for row in listing.rows if row.key not in self.seen and not row.moved]
        self.seen.update(row.key for row in fresh)
        self.count("listed", len(fresh))
        for row in fresh:
            if row.last:
                self.crawler.stats.max_value("minyi/newest", row.last.after)
            yield from self.open_thread(row, listing.board or board.name, self.clock(response))
        for sub_board in listing.sub_boards:
            yield from self.open_board(sub_board)
        if (
            listing.next_url
            and fresh
            and number < MOST_LIST_PAGES
            and not is_past_window(listing.rows, self.since)
        ):
            yield self.list_request(listing.next_url, board, number + 1)

    def open_thread(self, row: ThreadRow, board: str | None, seen_at: datetime) -> Iterator[Request]:
        visit = plan_visit(row, self.known.get(row.key), self.since, seen_at, self.look_back)
        if visit is None:
            return
        if self.counted("opened") >= self.source.max_threads:
            self.lists_whole = False
            self.count("skipped/max_threads")
            return
        self.count("opened")
        if visit.kind == "relook":
            self.count("relooks")
        reading = Reading(self.source.name, row, visit, board, self.known.get(row.key), visit.page)
        url = self.page_url(row.url, visit.page) if visit.page > 1 else row.url
        yield self.thread_request(url or row.url, reading, THREADS)

    def thread_request(self, url: str, reading: Reading, priority: int) -> Request:
        arguments = {"reading": reading}
        return Request(
            url,
            self.parse_thread,
            errback=self.fail_thread,
            priority=priority,
            cb_kwargs=arguments,
            dont_filter=True,
        )

    # Threads

    def parse_thread(self, response: Response, reading: Reading) -> Iterator[Yielded]:
        page = self.page(response)
        thread = self.parsers.thread(page) if page else ThreadPage()
        self.count("thread_pages")
        if thread.notice or not thread.posts:
            yield from self.without_posts(thread, reading)
            return
        self.strange = 0
        if not self.same_thread(thread, reading, response.url):
            return
        if back := reading.page_before(thread):
            yield self.thread_request(back, reading, PAGES)
            return
        yield from reading.take(thread)
        yield from self.leave_page(thread, reading)

    def leave_page(self, thread: ThreadPage, reading: Reading) -> Iterator[Yielded]:
        """On to the next page, back to the first, or the thread is read."""
        if reading.looped:
            self.count("skipped/pager_loop")
        if following := reading.next_url(thread):
            reading.number += 1
            yield self.thread_request(following, reading, PAGES)
        elif reading.found_nothing_new:
            yield self.thread_request(reading.row.url, reading.again(), PAGES)
        else:
            yield from self.finish(thread, reading)

    def finish(self, thread: ThreadPage, reading: Reading) -> Iterator[Yielded]:
        if read := reading.finished(thread):
            self.count("threads")
            yield read

    def without_posts(self, thread: ThreadPage, reading: Reading) -> Iterator[Yielded]:
        """A page without posts: past the end after deletions, gone, restricted, or not understood."""
        if thread.notice and thread.notice.kind == "gone" and reading.known:
            yield GoneThread(source=self.source.name, thread_key=reading.row.key)
        elif thread.notice or not (reading.announced or reading.visit.kind == "resume"):
            self.heed(thread.notice, "thread")
        elif reading.announced:
            yield from self.finish(thread, reading)
        else:
            yield self.thread_request(reading.row.url, reading.again(), PAGES)

    def same_thread(self, thread: ThreadPage, reading: Reading, url: str) -> bool:
        """A moved thread answers under its real key; False when that one is read elsewhere."""
        if thread.key in (None, reading.row.key):
            return True
        if thread.key in self.seen:
            self.count("skipped/moved")
            return False
        self.seen.add(thread.key)
        reading.row = replace(reading.row, key=thread.key, url=url)
        return True

    # Threads that are on no list any more

    def look_for_missing(self) -> None:
        """Once the lists are done: moved threads no other list showed, and known ones that none did."""
        if self.looked_for_missing:
            return
        self.looked_for_missing = True
        rows = [row for row in self.moved.values() if row.key not in self.seen and row.key not in self.known]
        if self.lists_whole:
            rows += self.missing_rows()
        for row in rows:
            self.seen.add(row.key)
            reading = Reading(self.source.name, row, WHOLE, known=self.known.get(row.key))
            self.crawler.engine.crawl(self.thread_request(row.url, reading, THREADS))
        if rows:
            raise DontCloseSpider

    def missing_rows(self) -> list[ThreadRow]:
        """Known threads of the window that no list showed."""
        keys = [
            key
            for key, known in self.known.items()
            if key not in self.seen and known.last_post_at is not None and known.last_post_at >= self.since
        ]
        self.count("missing", len(keys))
        return [ThreadRow(key=key, url=self.thread_url(key), title="") for key in keys[:MOST_MISSING]]

    def findings(self) -> Iterable[tuple[str, bool, str]]:
        """What else `source check` should show of this engine: a name, whether it is well, words."""
        return ()

    # Failures, notices, counting

    def heed(self, notice: Notice | None, what: str) -> None:
        """Count a page that shows nothing; the same strange words again and again are a closed site."""
        if notice is None:
            self.count(f"failed/unreadable_{what}")
        elif notice.kind == "blocked":
            self.stop("forbidden", notice.words)
        elif notice.kind != "empty":
            self.count(f"skipped/{notice.kind}_{what}")
        self.strange = self.strange + 1 if notice and notice.kind == "unknown" else 0
        if notice and self.strange >= MOST_STRANGE:
            self.stop("closed", notice.words)

    def fail_start(self, failure: Failure) -> None:
        status = _status(failure)
        if isinstance(failure.value, RobotsForbiddenError):
            self.stop("robots_forbidden", "")
        elif status in (401, 403):
            self.stop("forbidden", str(status))
        else:
            self.stop("server_error" if status and status >= 500 else "unreachable", explain(failure.value))

    def fail_list(self, failure: Failure) -> None:
        self.lists_whole = False
        if not isinstance(failure.value, RobotsForbiddenError):
            self.count(f"failed/list_{explain(failure.value)}")

    def fail_thread(self, failure: Failure) -> Iterator[Yielded]:
        status, key = _status(failure), failure.request.cb_kwargs["reading"].row.key  # type: ignore[attr-defined]
        if status in (404, 410) and key in self.known:
            yield GoneThread(source=self.source.name, thread_key=key)
        elif status in _SKIPPED:
            self.count(f"skipped/{_SKIPPED[status]}_thread")
        elif not isinstance(failure.value, RobotsForbiddenError):
            self.count(f"failed/thread_{explain(failure.value)}")

    def stop(self, code: str, detail: str) -> None:
        """End the crawl under a code of crawlers.outcome; what it has read is kept."""
        if self.crawler.stats.get_value(ENDING) is None:
            self.crawler.stats.set_value(ENDING, (code, detail))
        raise CloseSpider(code)

    def count(self, name: str, by: int = 1) -> None:
        self.crawler.stats.inc_value(f"minyi/{name}", by)

    def counted(self, name: str) -> int:
        return int(self.crawler.stats.get_value(f"minyi/{name}", 0))

    def page(self, response: Response) -> Page | None:
        """The page to parse; None for something that is no text."""
        if not isinstance(response, TextResponse):
            self.count("failed/not_a_page")
            return None
        self.count("pages")
        return Page(self.source.name, response.url, response.selector, self.clock(response), self.source.zone)

    def clock(self, response: Response) -> datetime:
        """The server's clock, by which it words its relative times; ours where it shows none."""
        now = datetime.now(UTC)
        try:
            shown = parsedate_to_datetime((response.headers.get("Date") or b"").decode("latin-1"))
        except ValueError:
            return now
        return shown.astimezone(UTC) if abs(shown.astimezone(UTC) - now) < CLOCK_TRUST else now


_SKIPPED = {404: "gone", 410: "gone", 401: "restricted", 403: "restricted"}


def _status(failure: Failure) -> int | None:
    """The HTTP status that failed; None when nothing came."""
    status: int | None = getattr(getattr(failure.value, "response", None), "status", None)
    return status
