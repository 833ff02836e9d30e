"""The shared vocabulary: what a spider yields, whatever the forum engine.

Items are frozen and hold what the page says, nothing that was guessed.  Keys are
the forum's own numbers, as text.  Times are aware.  `author` leaves this package
only as far as the pseudonymising item pipeline, which replaces it with a voice.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

HiddenReason = Literal["shielded", "paid", "locked", "password", "members"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One thread as a guest sees it.  `title` has no thread type, `board` is the board's name."""

    source: str
    thread_key: str
    url: str
    title: str
    board: str | None = None
    views: int | None = None
    replies: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One floor of a thread.

    `text` is the body alone: no quote, edit line, jammer noise, signature or script.
    A floor whose text guests may not see has `hidden` and an empty text.  Where the
    engine shows no exact time, `posted_at` is None and the post was written between
    `posted_after` and `posted_before`; either may be None where the page tells one end only
    (an answer without a time came after its question).  `author` is the display name on the page (None
    when anonymous); it is never stored.  `agency` is set only where the page itself
    names the answering office (a government site).
    """

    source: str
    thread_key: str
    post_key: str
    url: str
    text: str
    is_first: bool
    floor: int | None = None
    posted_at: datetime | None = None
    posted_after: datetime | None = None
    posted_before: datetime | None = None
    quoted_post_key: str | None = None
    hidden: HiddenReason | None = None
    author: str | None = None
    agency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRead:
    """Yielded last: every page of the thread up to `pages` has been yielded before it.

    Only then does the store count the thread as known, so that a crawl killed in the
    middle of a thread reads it again.  `replies` is the count its list row showed.
    `whole`: every post that is still there was yielded, so that one that was not is gone.
    """

    source: str
    thread_key: str
    pages: int
    replies: int | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneThread:
    """A thread that was there before and now answers that it does not exist."""

    source: str
    thread_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownThread:
    """What the store already holds of a thread: where an incremental crawl resumes.

    `pages` is the last page fetched (1-based), `replies` the count shown on the list
    then, `last_post_at` the newest stored post, `checked_at` the last ThreadRead.
    """

    thread_key: str
    pages: int
    replies: int | None
    last_post_at: datetime | None
    checked_at: datetime
