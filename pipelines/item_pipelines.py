"""From a crawled or imported item to a stored row: validate, mask, pseudonymise, store.

Personal data is masked and the author replaced by a voice before anything is written;
every dropped item is counted under a reason.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from crawlers.items import GoneThread, Post, Thread, ThreadRead
from pipelines.dedupe import text_hash
from pipelines.mask import mask_text
from pipelines.store.crawled import (
    PostRow,
    finish_threads,
    miss_posts,
    miss_threads,
    save_posts,
    save_threads,
)
from pipelines.store.database import reading
from pipelines.store.patience import patiently
from pipelines.store.refusals import refused_of
from pipelines.store.search import index_threads

Item = Thread | Post | ThreadRead | GoneThread

BATCH = 200
LONGEST_NAME = 128  # as the columns of the store
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
CLOCK_SKEW = timedelta(days=1)


class InvalidItemError(ValueError):
    """An item that cannot be stored; the message is the reason it is counted under."""


def prepare_thread(thread: Thread) -> Thread:
    """The thread with a masked, storable title; InvalidItemError without a title or key."""
    title = storable(thread.title).strip()
    if not title:
        raise InvalidItemError("no_title")
    _check_keys(thread.thread_key)
    board = _short(thread.board)
    return replace(thread, title=mask_text(title), board=board, url=storable(thread.url))


def prepare_post(post: Post, accounts: Mapping[str, str], key: bytes, now: datetime) -> PostRow:
    """The post as it may be stored: masked, and its author a voice or an agency."""
    _check_post(post, now)
    agency = _short(post.agency) or accounts.get(post.author or "")
    text = mask_text(storable(post.text))
    return PostRow(
        thread_key=post.thread_key,
        post_key=post.post_key,
        url=storable(post.url),
        text=text,
        text_hash=text_hash(text),
        floor=post.floor,
        is_first=post.is_first,
        quoted_post_key=post.quoted_post_key,
        hidden=post.hidden,
        voice=None if agency or not post.author else voice(key, post.source, post.thread_key, post.author),
        agency=agency,
        posted_at=post.posted_at,
        posted_after=post.posted_after,
        posted_before=post.posted_before,
    )


def _check_post(post: Post, now: datetime) -> None:
    _check_keys(post.thread_key, post.post_key)
    written = post.posted_at or post.posted_before or post.posted_after
    if written is None:
        raise InvalidItemError("no_time")
    if not EARLIEST <= written <= now + CLOCK_SKEW:
        raise InvalidItemError("impossible_time")


def _check_keys(*keys: str) -> None:
    if not all(keys):
        raise InvalidItemError("no_key")
    if any(len(key) > LONGEST_NAME or storable(key) != key for key in keys):
        raise InvalidItemError("bad_key")


def _short(name: str | None) -> str | None:
    """A board's or an agency's name as it may be stored, None when nothing is left of it."""
    return mask_text(storable(name or "").strip())[:LONGEST_NAME] or None


def storable(text: str) -> str:
    """Text without what no database takes (NULs, lone surrogates) and no reader sees (controls, turned lines)."""
    return _UNSEEN.sub("", text).encode("utf-8", "ignore").decode("utf-8")


# Written into a page or a terminal, these act instead of being shown.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def voice(key: bytes, source: str, thread_key: str, author: str) -> str:
    """A keyed hash of an author, valid inside one thread: it links nothing across threads."""
    message = "\x00".join((source, thread_key, author)).encode("utf-8", "ignore")
    return hmac.new(key, message, hashlib.sha256).hexdigest()[:16]


class Intake:
    """Takes the items of one source and stores them in batches, one transaction each."""

    def __init__(self, engine: Engine, source: str, accounts: Mapping[str, str], key: bytes) -> None:
        self.engine = engine
        self.source = source
        self.accounts = accounts
        self.key = key
        self.threads: dict[str, Thread] = {}
        self.posts: dict[tuple[str, str], PostRow] = {}
        self.read: list[ThreadRead] = []
        self.gone: list[GoneThread] = []
        self.unstorable: set[str] = set()
        # The floors each thread showed since it was announced.
        self.shown: dict[str, set[str]] = {}
        self.whole: dict[str, set[str]] = {}
        with reading(engine).connect() as connection:
            self.refused = refused_of(connection, source)

    def take(self, item: Item) -> None:
        """Prepare an item and keep it for the next batch; InvalidItemError when it cannot be stored."""
        match item:
            case Thread():
                self._take_thread(item)
            case _ if item.thread_key in self.unstorable:
                raise InvalidItemError("no_thread")
            case Post():
                self._take_post(item)
            case ThreadRead():
                self.read.append(item)
                if item.whole and item.thread_key in self.shown:
                    self.whole[item.thread_key] = self.shown.pop(item.thread_key)
            case GoneThread():
                self.gone.append(item)
        if len(self.posts) >= BATCH:
            self.flush()

    def _take_thread(self, thread: Thread) -> None:
        """Keep a thread; the posts of one that cannot be stored are refused with it."""
        try:
            self._check_refusals(thread)
            self.threads[thread.thread_key] = prepare_thread(thread)
        except InvalidItemError:
            self.unstorable.add(thread.thread_key)
            raise
        self.unstorable.discard(thread.thread_key)
        self.shown[thread.thread_key] = set()

    def _take_post(self, post: Post) -> None:
        self._check_refusals(post)
        self.shown.get(post.thread_key, set()).add(post.post_key)
        row = prepare_post(post, self.accounts, self.key, datetime.now(UTC))
        self.posts[row["thread_key"], row["post_key"]] = row

    def flush(self) -> None:
        """Store what is kept, in one transaction; a database that is away for a moment is waited for."""
        patiently(self._store)
        for kept in (self.threads, self.posts, self.read, self.gone, self.whole):
            kept.clear()

    def _store(self) -> None:
        now = datetime.now(UTC)
        with self.engine.begin() as connection:
            # Somebody may have asked for a purge while these were being fetched.
            self.refused = refused_of(connection, self.source)
            self._drop_refused()
            save_threads(connection, list(self.threads.values()), now)
            save_posts(connection, self.source, list(self.posts.values()), now)
            finish_threads(connection, self.read, now)
            miss_threads(connection, self.gone, now)
            for thread_key, shown in self.whole.items():
                miss_posts(connection, self.source, thread_key, shown, now)
            index_threads(connection, self.source, {*self.threads, *(thread for thread, _ in self.posts)})

    def _check_refusals(self, item: Thread | Post) -> None:
        post_key = item.post_key if isinstance(item, Post) else None
        if self.refused.holds(item.thread_key, post_key, item.url):
            raise InvalidItemError("refused")

    def _drop_refused(self) -> None:
        refused = self.refused
        self.threads = {
            key: each for key, each in self.threads.items() if not refused.holds(key, None, each.url)
        }
        self.posts = {
            (thread, post): row
            for (thread, post), row in self.posts.items()
            if not refused.holds(thread, post, row["url"])
        }
