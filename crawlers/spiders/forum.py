"""What crawling any forum has in common: boards, lists in order of last reply, threads page by page.

An engine's spider adds the pure parsers and its addresses.  Where to resume comes as arguments.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response

from crawlers.items import GoneThread
from crawlers.pages import BoardLink, ListPage, Notice, Page, ThreadPage, ThreadRow
from crawlers.reading import Reading
from crawlers.resume import WHOLE, is_past_window, is_sorted, plan_visit
from crawlers.sources import host_of
from crawlers.spiders.polite import PoliteSpider, Yielded

LISTS, THREADS, PAGES = 0, 10, 20
MOST_LIST_PAGES = 1000
MOST_MISSING = 200


@dataclass(frozen=True, slots=True)
class Parsers:
    """An engine's pure parsers: of the index, of a page of a board, of a page of a thread."""

    board: Callable[[Page], tuple[BoardLink, ...]]
    list: Callable[[Page], ListPage]
    thread: Callable[[Page], ThreadPage]
    notice: Callable[[Page], Notice | None]


class ForumSpider(PoliteSpider):
    """The walk over one forum; engines override the three parsers and the addresses."""

    name = "forum"
    parsers: Parsers

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.boards: set[str] = set()
        self.unsorted: set[str] = set()
        self.seen: set[str] = set()
        self.moved: dict[str, ThreadRow] = {}
        self.rewritten = True
        self.looked_for_missing = False

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> "ForumSpider":
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.look_for_missing, signal=signals.spider_idle)
        return spider

    def index_url(self) -> str | None:
        """Where the boards are listed when the site's first page is something else."""
        return None

    def board_url(self, key: str) -> str:
        raise NotImplementedError

    def thread_url(self, key: str) -> str | None:
        """The address of a thread of which only the key is known; None where keys make no address."""
        return None

    def page_url(self, url: str, number: int) -> str | None:
        """The address of a page of a thread, built only where an incremental visit resumes."""
        return None

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
        if not chosen and self.index_url() not in (None, response.url):
            yield Request(self.index_url() or "", self.parse_index, errback=self.fail_start)
            return
        if not chosen:
            self.stop("no_boards", response.url)
        for board in chosen:
            yield from self.open_board(board)

    def choose_boards(self, links: Iterable[BoardLink]) -> list[BoardLink]:
        """The configured boards, by key or address; every board when none is configured."""
        by_key = {link.key: link for link in links if host_of(link.url) == self.source.host}
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
        if listing.next_url and fresh and number < MOST_LIST_PAGES and not self.is_past(listing, board):
            yield self.list_request(listing.next_url, board, number + 1)

    def is_past(self, listing: ListPage, board: BoardLink) -> bool:
        """Whether nothing newer can follow; never, on a board that is not in order of last reply."""
        if not is_sorted(listing.rows):
            self.unsorted.add(board.key)
        return board.key not in self.unsorted and is_past_window(listing.rows, self.since)

    def open_thread(self, row: ThreadRow, board: str | None, seen_at: datetime) -> Iterator[Request]:
        if self.is_refused(row.key):
            return
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
        url = self.page_url(row.url, visit.page) if visit.page > 1 else None
        number = visit.page if url else 1
        reading = Reading(self.source.name, row, visit, board, self.known.get(row.key), number)
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
        """A moved thread answers under its real key; False when that one is read elsewhere, or refused."""
        if thread.key in (None, reading.row.key):
            return True
        if self.is_refused(thread.key):
            return False
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
        unseen = [
            row for row in self.moved.values() if row.key not in self.seen and row.key not in self.known
        ]
        rows = [row for row in unseen if not self.is_refused(row.key)]
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
        urls = {key: self.thread_url(key) for key in keys[:MOST_MISSING]}
        return [ThreadRow(key=key, url=url, title="") for key, url in urls.items() if url]
