"""A thread on its way through its pages: what each page adds, and where to go next."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from crawlers.items import KnownThread, Post, Thread, ThreadRead
from crawlers.pages import ThreadPage, ThreadRow
from crawlers.resume import WHOLE, Visit

MOST_PAGES = 2000


@dataclass(slots=True)
class Reading:
    """One visit of a thread.  `number` is the page asked for, `known` what the store holds."""

    source: str
    row: ThreadRow
    visit: Visit
    board: str | None = None
    known: KnownThread | None = None
    number: int = 1
    announced: bool = False
    looped: bool = False
    news: bool = False
    posts: set[str] = field(default_factory=set)

    def again(self) -> "Reading":
        """The same thread from its first page."""
        return Reading(self.source, self.row, WHOLE, self.board, self.known)

    def page_before(self, page: ThreadPage) -> str | None:
        """Where to go back to, when deletions have moved unread floors off the last known page."""
        newest = self.known.last_post_at if self.known else None
        if self.visit.kind != "resume" or self.announced or newest is None:
            return None
        unread = all((post.posted_at or post.posted_after or newest) > newest for post in page.posts)
        return page.previous_url if unread else None

    def take(self, page: ThreadPage) -> Iterator[Thread | Post]:
        """The thread itself, once, then the posts not yet seen in this visit."""
        self.number = page.page or self.number
        if not self.announced:
            self.announced = True
            yield self._thread(page)
        fresh = [post for post in page.posts if post.post_key not in self.posts]
        self.looped = not fresh
        for post in fresh:
            self.posts.add(post.post_key)
            self.news |= self._is_news(post)
            first = post.is_first and self.number == 1
            yield replace(post, thread_key=self.row.key, is_first=first)

    def next_url(self, page: ThreadPage) -> str | None:
        """The next page by the pager; None at the end, on a re-look, and where the pager goes in circles."""
        if self.visit.kind == "relook" or self.looped or self.number >= MOST_PAGES:
            return None
        return page.next_url

    @property
    def found_nothing_new(self) -> bool:
        """The list told of news that the last pages do not show: the thread runs newest first, or has shrunk."""
        return self.visit.kind == "resume" and not self.news

    def finished(self, page: ThreadPage) -> ThreadRead | None:
        """That the thread is read; None for a re-look, which reads its first page only."""
        if self.visit.kind == "relook":
            return None
        replies = self.row.replies if self.row.replies is not None else page.replies
        return ThreadRead(
            source=self.source,
            thread_key=self.row.key,
            pages=self.number,
            replies=replies,
            whole=self._saw_all(page, replies),
        )

    def _saw_all(self, page: ThreadPage, replies: int | None) -> bool:
        """Every floor that is still there: no page was missing, and as many as the forum counts."""
        from_the_start = self.visit.kind == "whole" and not self.looped and self.number < MOST_PAGES
        return from_the_start and bool(page.posts) and len(self.posts) >= (replies or 0)

    def _thread(self, page: ThreadPage) -> Thread:
        row = self.row
        return Thread(
            source=self.source,
            thread_key=row.key,
            url=row.url,
            title=page.title or row.title,
            board=page.board or self.board,
            views=row.views if row.views is not None else page.views,
            replies=row.replies if row.replies is not None else page.replies,
        )

    def _is_news(self, post: Post) -> bool:
        newest = self.known.last_post_at if self.known else None
        written = post.posted_at or post.posted_before
        return newest is None or written is None or written > newest
