"""Which threads an incremental crawl opens, and where."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawlers.items import KnownThread
from crawlers.pages import ThreadRow
from crawlers.resume import RELOOK, WHOLE, Visit, is_past_window, plan_visit
from crawlers.times import When

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SINCE = NOW - timedelta(days=30)


def at(**ago: float) -> When:
    moment = NOW - timedelta(**ago)
    return When(moment, moment)


def row(**fields: Any) -> ThreadRow:
    defaults: dict[str, Any] = {"replies": 5, "created": at(days=20), "last": at(days=2)}
    return ThreadRow(key="1", url="u", title="t", **(defaults | fields))


def known(**fields: Any) -> KnownThread:
    defaults: dict[str, Any] = {
        "pages": 3,
        "replies": 5,
        "last_post_at": NOW - timedelta(days=2),
        "checked_at": NOW - timedelta(days=1),
    }
    return KnownThread(thread_key="1", **(defaults | fields))


def visit(row: ThreadRow, known: KnownThread | None, look_back: timedelta = timedelta(0)) -> Visit | None:
    return plan_visit(row, known, SINCE, NOW, look_back)


@pytest.mark.parametrize(
    ("row", "known", "expected"),
    [
        (row(), None, WHOLE),
        (row(last=at(days=31)), None, None),
        (row(last=None), None, WHOLE),
        (row(), known(), None),
        (row(replies=6, last=at(hours=1)), known(), Visit("resume", 3)),
        (row(last=at(hours=1)), known(), Visit("resume", 3)),
        (row(replies=4), known(), WHOLE),
        # One deleted and one written before our last visit: seen then.
        (row(last=at(hours=30)), known(), None),
        (row(replies=None, last=None), known(), Visit("resume", 3)),
        (row(replies=None), known(replies=None), None),
    ],
)
def test_plan(row: ThreadRow, known: KnownThread | None, expected: Visit | None) -> None:
    assert visit(row, known) == expected


def test_young_first_posts_are_looked_at_again() -> None:
    young = row(created=at(days=2))
    assert visit(young, known(), timedelta(days=3)) == RELOOK
    assert visit(young, known(), timedelta(days=1)) is None
    assert visit(young, known(), timedelta(0)) is None


def test_the_list_ends_when_every_row_but_stickies_is_older() -> None:
    old, new = row(last=at(days=40)), row()
    assert is_past_window([old, old], SINCE)
    assert not is_past_window([old, new], SINCE)
    assert is_past_window([old, row(sticky=True)], SINCE)
    assert not is_past_window([row(last=None)], SINCE)
    assert not is_past_window([], SINCE)
