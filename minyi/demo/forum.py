"""One forum while it is served: what a guest sees at a moment, and how it changes."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import RLock

from minyi.demo.model import Board, Post, Site, Thread
from minyi.demo.timetable import SHANGHAI

POSTS_A_PAGE = 10
THREADS_A_PAGE = 20


def shanghai_now() -> datetime:
    return datetime.now(SHANGHAI)


@dataclass(frozen=True, slots=True)
class PostPage:
    """A page of a thread: `posts` are those there, deleted floors left out."""

    thread: Thread
    posts: tuple[Post, ...]
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A page of a board; stickies on the first only."""

    board: Board
    stickies: tuple[Thread, ...]
    threads: tuple[Thread, ...]
    number: int
    pages: int


class Forum:
    """A site that residents still write in; safe to read and change from several threads.

    Posts later than the clock are not there yet, so a forum that runs all day fills up.
    `requested` holds the latest addresses asked for, oldest first.
    """

    def __init__(
        self, site: Site, *, clock: Callable[[], datetime] = shanghai_now, self_redirects: bool = False
    ) -> None:
        self.site, self.self_redirects = site, self_redirects
        self._clock = clock
        self._redirected: set[tuple[int, int, date]] = set()
        self.requested: deque[str] = deque(maxlen=20_000)
        self._threads = {thread.tid: thread for thread in site.threads}
        self._lock = RLock()

    def clock(self) -> datetime:
        """The moment all pages are rendered at, in Shanghai."""
        return self._clock().astimezone(SHANGHAI)

    def threads(self) -> list[Thread]:
        """The threads of this moment with the posts of this moment, oldest first."""
        with self._lock:
            now = self.clock()
            seen = [_as_of(thread, now) for thread in self._threads.values()]
        return [thread for thread in seen if thread.posts]

    def thread(self, tid: int) -> Thread | None:
        return next((thread for thread in self.threads() if thread.tid == tid), None)

    def add_reply(
        self, tid: int, text: str, *, author: str = "路过的人", posted_at: datetime | None = None
    ) -> Post:
        """Append a reply (at the clock's moment unless told); KeyError when the thread is gone."""
        with self._lock:
            thread = self._threads[tid]
            pid = 1 + max(post.pid for one in self._threads.values() for post in one.posts)
            post = Post(
                pid=pid,
                tid=tid,
                floor=len(thread.posts) + 1,
                author=author,
                uid=9000,
                posted_at=posted_at or self.clock(),
                text=text,
            )
            self._threads[tid] = replace(thread, posts=(*thread.posts, post))
        return post

    def edit_post(self, pid: int, text: str) -> None:
        """Change a post's text at the clock's moment; KeyError when there is no such post."""
        self._change(pid, text=text, edited_at=self.clock())

    def remove_post(self, pid: int) -> None:
        """Delete a floor: the numbers after it stay."""
        self._change(pid, deleted=True)

    def remove_thread(self, tid: int) -> None:
        """Delete a thread; KeyError when it is gone already."""
        with self._lock:
            del self._threads[tid]

    def _change(self, pid: int, **values: object) -> None:
        with self._lock:
            thread = next(
                (one for one in self._threads.values() if any(p.pid == pid for p in one.posts)), None
            )
            if thread is None:
                raise KeyError(pid)
            posts = tuple(replace(p, **values) if p.pid == pid else p for p in thread.posts)  # type: ignore[arg-type]
            self._threads[thread.tid] = replace(thread, posts=posts)

    def board(self, fid: int) -> Board | None:
        return next((board for board in self.site.boards if board.fid == fid), None)

    def list_page(self, board: Board, number: int) -> ThreadPage:
        """Newest reply first; a number past the end wraps to the first page, as Discuz! does."""
        threads = self.threads()
        stickies = [t for t in threads if t.sticky == 3 or (t.sticky and t.fid == board.fid)]
        normal = [t for t in threads if not t.sticky and t.fid == board.fid]
        normal.sort(key=lambda thread: thread.posts[-1].posted_at, reverse=True)
        pages = max(1, -(-len(normal) // THREADS_A_PAGE))
        number = number if 1 <= number <= pages else 1
        shown = normal[(number - 1) * THREADS_A_PAGE : number * THREADS_A_PAGE]
        return ThreadPage(board, tuple(stickies) if number == 1 else (), tuple(shown), number, pages)

    def post_page(self, thread: Thread, number: int) -> PostPage:
        """A number past the end is clamped to the last page, as Discuz! does."""
        # Discuz! pages by floor, so a page with a deleted floor has nine posts.
        pages = max(1, -(-len(thread.posts) // POSTS_A_PAGE))
        number = min(max(number, 1), pages)
        floors = thread.posts[(number - 1) * POSTS_A_PAGE : number * POSTS_A_PAGE]
        return PostPage(thread, tuple(post for post in floors if not post.deleted), number, pages)

    def redirects(self, page: PostPage) -> bool:
        """Whether this look is answered by a redirect: with `self_redirects`, the day's first at a deleted floor."""
        look = (page.thread.tid, page.number, self.clock().date())
        first, last = (page.number - 1) * POSTS_A_PAGE, page.number * POSTS_A_PAGE
        whole = not any(post.deleted for post in page.thread.posts[first:last])
        with self._lock:
            if not self.self_redirects or whole or look in self._redirected:
                return False
            self._redirected.add(look)
        return True


def _as_of(thread: Thread, now: datetime) -> Thread:
    """The thread with the posts of that moment, and without the edits still to come."""
    posts = tuple(
        replace(post, edited_at=None) if post.edited_at and post.edited_at > now else post
        for post in thread.posts
        if post.posted_at <= now
    )
    return replace(thread, posts=posts)
