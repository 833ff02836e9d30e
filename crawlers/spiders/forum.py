"""What crawling any forum has in common: boards, lists in order of last reply, threads page by page.

An engine's spider adds the pure parsers and its addresses.  Where to resume comes as arguments.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawlers.items import GoneThread, KnownThread, Post, Thread, ThreadRead
from crawlers.outcome import ENDING
from crawlers.pages import BoardLink, ListPage, Notice, Page, ThreadPage, ThreadRow
from crawlers.resume import WHOLE, Visit, is_past_window, plan_visit
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


@dataclass(slots=True)
class Reading:
    """A thread on its way through its pages."""

    row: ThreadRow
    visit: Visit
    board: str | None = None
    announced: bool = False
    posts: set[str] = field(default_factory=set)
    news: bool = False


class ForumSpider(Spider):
    """The walk over one forum; engines override the three parsers and the addresses."""

    name = "forum"
    parsers: ClassVar[Parsers]

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
        fresh = [row for row in listing.rows if row.key not in self.seen]
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
        reading = Reading(row, visit, board)
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
        if not self.same_thread(thread, reading):
            return
        if back := self.before_news(thread, reading):
            yield self.thread_request(back, reading, PAGES)
            return
        yield from self.read_posts(thread, reading)
        yield from self.leave_page(thread, reading)

    def without_posts(self, thread: ThreadPage, reading: Reading) -> Iterator[Yielded]:
        """A page without posts: past the end after deletions, gone, restricted, or not understood."""
        key = reading.row.key
        if thread.notice is None and reading.visit.kind == "resume":
            yield self.read_again(reading)
        elif thread.notice and thread.notice.kind == "gone" and key in self.known:
            yield GoneThread(source=self.source.name, thread_key=key)
        else:
            self.heed(thread.notice, "thread")

    def read_again(self, reading: Reading) -> Request:
        row = reading.row
        return self.thread_request(row.url, Reading(row, WHOLE, reading.board), PAGES)

    def same_thread(self, thread: ThreadPage, reading: Reading) -> bool:
        """A moved thread answers under its real key; False when that one is read elsewhere."""
        if thread.key in (None, reading.row.key):
            return True
        if thread.key in self.seen:
            self.count("skipped/moved")
            return False
        reading.row = replace(reading.row, key=thread.key)
        self.seen.add(reading.row.key)
        return True

    def before_news(self, thread: ThreadPage, reading: Reading) -> str | None:
        """The page before, when deletions have moved floors unread so far off the last known page."""
        known = self.known.get(reading.row.key)
        if reading.visit.kind != "resume" or reading.announced or known is None or known.last_post_at is None:
            return None
        newest = known.last_post_at
        unread = all((post.posted_at or post.posted_after or newest) > newest for post in thread.posts)
        return thread.previous_url if unread else None

    def read_posts(self, thread: ThreadPage, reading: Reading) -> Iterator[Yielded]:
        row = reading.row
        if not reading.announced:
            reading.announced = True
            yield Thread(
                source=self.source.name,
                thread_key=row.key,
                url=row.url,
                title=thread.title or row.title,
                board=thread.board or reading.board,
                views=row.views if row.views is not None else thread.views,
                replies=row.replies if row.replies is not None else thread.replies,
            )
        known = self.known.get(row.key)
        for post in thread.posts:
            if post.post_key not in reading.posts:
                reading.posts.add(post.post_key)
                reading.news |= _is_news(post, known)
                yield replace(post, thread_key=row.key)

    def leave_page(self, thread: ThreadPage, reading: Reading) -> Iterator[Yielded]:
        """On to the next page, or the thread is read."""
        row, visit = reading.row, reading.visit
        if visit.kind == "relook":
            return
        if thread.next_url and thread.page >= visit.page:
            visited = Visit(visit.kind, thread.page + 1)
            reading.visit = visited
            yield self.thread_request(thread.next_url, reading, PAGES)
        elif visit.kind == "resume" and not reading.news:
            yield self.read_again(reading)
        else:
            replies = row.replies if row.replies is not None else thread.replies
            yield ThreadRead(source=self.source.name, thread_key=row.key, pages=thread.page, replies=replies)
            self.count("threads")

    # Threads that are on no list any more

    def look_for_missing(self) -> None:
        """Once the lists are done: look at known threads of the window that none of them showed."""
        if self.looked_for_missing or not self.lists_whole:
            return
        self.looked_for_missing = True
        missing = [
            known
            for key, known in self.known.items()
            if key not in self.seen and _is_since(known, self.since)
        ]
        for known in missing[:MOST_MISSING]:
            self.seen.add(known.thread_key)
            row = ThreadRow(key=known.thread_key, url=self.thread_url(known.thread_key), title="")
            self.count("missing")
            self.crawler.engine.crawl(self.thread_request(row.url, Reading(row, WHOLE), THREADS))
        if missing:
            raise DontCloseSpider

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
        self.stop("unreachable", explain(failure))

    def fail_list(self, failure: Failure) -> None:
        self.lists_whole = False
        self.count(f"failed/list_{explain(failure)}")

    def fail_thread(self, failure: Failure) -> Iterator[Yielded]:
        status = getattr(getattr(failure.value, "response", None), "status", None)
        key = failure.request.cb_kwargs["reading"].row.key  # type: ignore[attr-defined]
        if status in (404, 410) and key in self.known:
            yield GoneThread(source=self.source.name, thread_key=key)
        else:
            self.count(f"failed/thread_{explain(failure)}")

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


def explain(failure: Failure) -> str:
    """A stable word for what went wrong with a request."""
    response = getattr(failure.value, "response", None)
    return str(response.status) if response is not None else type(failure.value).__name__


def _is_news(post: Post, known: KnownThread | None) -> bool:
    if known is None or known.last_post_at is None:
        return True
    return (post.posted_at or post.posted_before or known.last_post_at) > known.last_post_at


def _is_since(known: KnownThread, since: datetime) -> bool:
    return known.last_post_at is not None and known.last_post_at >= since
