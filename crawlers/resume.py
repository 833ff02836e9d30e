"""Which threads of a list to open, and at which page: pure decisions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from crawlers.items import KnownThread
from crawlers.pages import ThreadRow


@dataclass(frozen=True, slots=True)
class Visit:
    """How to open a thread: whole, from its last known page, or its first page only."""

    kind: Literal["whole", "resume", "relook"]
    page: int = 1


WHOLE = Visit("whole")
RELOOK = Visit("relook")


def plan_visit(
    row: ThreadRow, known: KnownThread | None, since: datetime, seen_at: datetime, look_back: timedelta
) -> Visit | None:
    """The visit a row calls for; None when nothing in the window can have changed.

    `look_back` is the age up to which first posts are looked at again for edits.
    """
    if row.last is not None and row.last.before < since:
        return None
    if known is None:
        return WHOLE
    if _has_fewer_replies(row, known):
        return WHOLE
    if _has_news(row, known):
        return Visit("resume", known.pages)
    if row.created is not None and row.created.after >= seen_at - look_back:
        return RELOOK
    return None


def _has_fewer_replies(row: ThreadRow, known: KnownThread) -> bool:
    """Floors were deleted: what is stored may no longer be there, and pages may have shifted."""
    return row.replies is not None and known.replies is not None and row.replies < known.replies


def _has_news(row: ThreadRow, known: KnownThread) -> bool:
    if row.replies is not None and row.replies != known.replies:
        return True
    if row.last is None:
        # A list that tells neither leaves no choice but to look.
        return row.replies is None
    # The forum's clock may be ahead of ours; a deleted last floor leaves the list ahead of every stored post.
    return row.last.after > max(known.checked_at, known.last_post_at or known.checked_at)


def is_past_window(rows: Iterable[ThreadRow], since: datetime) -> bool:
    """Whether a list in order of last reply can hold nothing newer below these rows."""
    times = [row.last for row in rows if not row.sticky]
    return bool(times) and all(time is not None and time.before < since for time in times)


def is_sorted(rows: Iterable[ThreadRow]) -> bool:
    """Whether a list runs from the newest last reply to the oldest, as far as its times can tell."""
    times = [row.last for row in rows if not row.sticky and row.last is not None]
    return all(older.after <= newer.before for newer, older in pairwise(times))
