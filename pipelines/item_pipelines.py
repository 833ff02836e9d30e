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
from itertools import islice

from sqlalchemy import Connection, Engine

from crawlers.items import GoneThread, Post, Thread, ThreadRead
from pipelines.dedupe import text_hash
from pipelines.mask import is_masked_from, mask_known, mask_telling, mask_text
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
from pipelines.store.together import mask_stored, masked_texts

Item = Thread | Post | ThreadRead | GoneThread

BATCH = 200
LONGEST_NAME = 128  # as the columns of the store
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
CLOCK_SKEW = timedelta(days=1)


class InvalidItemError(ValueError):
    """An item that cannot be stored; the message is the reason it is counted under."""


def prepare_thread(thread: Thread, secrets: dict[str, str]) -> Thread:
    """The thread with a masked, storable title; InvalidItemError without a title or key.

    What its title tells of a person is added to `secrets`, with its kind.
    """
    title = storable(thread.title).strip()
    if not title:
        raise InvalidItemError("no_title")
    _check_keys(thread.thread_key)
    title, told = mask_telling(title)
    secrets |= told
    return replace(thread, title=title, board=_short(thread.board), url=storable(thread.url))


def prepare_post(
    post: Post, accounts: Mapping[str, str], key: bytes, now: datetime, secrets: dict[str, str]
) -> PostRow:
    """The post as it may be stored: masked, and its author a voice or an agency.

    What its text tells of a person is added to `secrets`, with its kind.
    """
    _check_post(post, now)
    agency = _short(post.agency) or accounts.get(post.author or "")
    text, told = mask_telling(storable(post.text))
    secrets |= told
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


def _mask_again(text: str, secrets: Mapping[str, str] | None, stored: str | None) -> str:
    """The text without the secrets; as it is stored where more of it was masked, by posts that do not come again."""
    masked = mask_known(text, secrets) if secrets else text
    return stored if stored is not None and is_masked_from(stored, masked) else masked


class Intake:
    """Takes the items of one source and stores them in batches, one transaction each."""

    def __init__(self, engine: Engine, source: str, accounts: Mapping[str, str], key: bytes) -> None:
        self.engine = engine
        self.source = source
        self.accounts = accounts
        self.key = key
        # What each thread told of persons so far, with its kind: masked in all that it says.
        self.secrets: dict[str, dict[str, str]] = {}
        self.spread: dict[str, int] = {}  # how many of these all that is stored was looked through for
        # What stored threads, by their numbers, were found to hold only now.
        self.found_late: dict[int, dict[str, str]] = {}
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
            self.threads[thread.thread_key] = prepare_thread(thread, self._told(thread))
        except InvalidItemError:
            self.unstorable.add(thread.thread_key)
            raise
        self.unstorable.discard(thread.thread_key)
        self.shown[thread.thread_key] = set()

    def _take_post(self, post: Post) -> None:
        self._check_refusals(post)
        self.shown.get(post.thread_key, set()).add(post.post_key)
        row = prepare_post(post, self.accounts, self.key, datetime.now(UTC), self._told(post))
        self.posts[row["thread_key"], row["post_key"]] = row

    def _told(self, item: Thread | Post) -> dict[str, str]:
        return self.secrets.setdefault(item.thread_key, {})

    def flush(self) -> None:
        """Store what is kept, in one transaction; a database that is away for a moment is waited for."""
        patiently(self._store)
        for done in self.read:  # nothing more of it comes
            self.secrets.pop(done.thread_key, None)
        self.spread = {key: len(told) for key, told in self.secrets.items()}
        for kept in (self.threads, self.posts, self.read, self.gone, self.whole):
            kept.clear()

    def _store(self) -> None:
        now = datetime.now(UTC)
        with self.engine.begin() as connection:
            # Somebody may have asked for a purge while these were being fetched.
            self.refused = refused_of(connection, self.source)
            self._drop_refused()
            self._mask_together(connection)
            save_threads(connection, list(self.threads.values()), now)
            save_posts(connection, self.source, list(self.posts.values()), now)
            finish_threads(connection, self.read, now)
            miss_threads(connection, self.gone, now)
            for thread_key, shown in self.whole.items():
                miss_posts(connection, self.source, thread_key, shown, now)
            index_threads(connection, self.source, {*self.threads, *(thread for thread, _ in self.posts)})

    def _mask_together(self, connection: Connection) -> None:
        """Mask in a thread's title and posts, stored ones too, what any of its texts told of a person."""
        touched = {*self.threads, *(thread for thread, _ in self.posts)}
        secrets = {key: told for key in touched if (told := self.secrets.get(key))}
        # What is stored already was looked through for the others.
        new = {
            key: dict(islice(told.items(), self.spread.get(key, 0), None)) for key, told in secrets.items()
        }
        new = {key: told for key, told in new.items() if told}
        for number, key in mask_stored(connection, self.source, new, text_hash):
            self.found_late.setdefault(number, {}).update(new[key])
        before = masked_texts(connection, self.source, [*((key, None) for key in self.threads), *self.posts])
        for key, thread in self.threads.items():
            title = _mask_again(thread.title, secrets.get(key), before.get((key, None)))
            self.threads[key] = replace(thread, title=title)
        for (key, post), row in self.posts.items():
            text = _mask_again(row["text"], secrets.get(key), before.get((key, post)))
            if text != row["text"]:
                self.posts[key, post] = {**row, "text": text, "text_hash": text_hash(text)}

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
