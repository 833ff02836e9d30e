"""Which instructions a run follows, and what it finds since each was given."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from analysis.instructions import Instruction, follow_instructions
from analysis.issue import Window
from analysis.posts import Posts, read_posts

ZONE = ZoneInfo("Asia/Shanghai")
LAST = date(2026, 11, 22)
END = datetime(2026, 11, 23, tzinfo=ZONE)


def window(days: int = 1) -> Window:
    last = LAST.toordinal()
    return Window(
        first=last - days + 1, last=last, trend_first=last - 13, end=int(END.timestamp()), zone=ZONE
    )


def posts(*rows: tuple[int, datetime, str | None]) -> Posts:
    frame = pd.DataFrame(
        [
            {
                "post_id": number,
                "thread_id": number,
                "source": "a",
                "title": "路灯",
                "text": f"第{number}次说路灯的事",
                "text_hash": str(number),
                "url": "https://bbs.example/1",
                "dated_at": at,
                "seen_at": at,
                "is_first": True,
                "hidden": None,
                "voice": None,
                "agency": agency,
                "sentiment": "neg",
                "p_neg": 0.9,
                "intent": "投诉",
                "category": None,
                "p_category": 0.0,
                "spam": False,
            }
            for number, at, agency in rows
        ]
    )
    for name in ("dated_at", "seen_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return read_posts(frame, ZONE, LAST)


def order(state: str = "已交办", **changes: object) -> Instruction:
    given = datetime(2026, 11, 20, 9, tzinfo=ZONE)
    values = {
        "id": 1,
        "issue_id": 5,
        "title": "路灯",
        "text": "修好",
        "department": "城管局",
        "given_at": given,
        "due_on": None,
        "state": state,
        "note": None,
        "set_at": given,
    }
    return Instruction(**(values | changes))  # type: ignore[arg-type]


def test_posts_and_answers_since_it_was_given_are_counted() -> None:
    before, after = (datetime(2026, 11, day, 12, tzinfo=ZONE) for day in (19, 21))
    own = posts((1, before, None), (2, after, None), (3, after + timedelta(hours=1), "城管局"))
    (found,) = follow_instructions([order()], {5: own}, {}, window())
    assert found.new_posts is not None
    assert found.new_posts.posts == (2,)
    assert [reply.post_id for reply in found.replies] == [3]
    assert found.posts_after is None


def test_done_is_not_mended_while_people_still_write() -> None:
    done_at = datetime(2026, 11, 22, 8, tzinfo=ZONE)
    own = posts((1, done_at - timedelta(hours=1), None), (2, done_at + timedelta(hours=2), None))
    (found,) = follow_instructions([order("已办结", set_at=done_at)], {5: own}, {}, window())
    assert found.posts_after is not None
    assert found.posts_after.posts == (2,)
    assert not found.overdue


@pytest.mark.parametrize(
    ("set_at", "days", "listed"),
    [
        (datetime(2026, 11, 22, 0, tzinfo=ZONE), 1, True),
        (datetime(2026, 11, 21, 23, tzinfo=ZONE), 1, False),
        (datetime(2026, 11, 21, 23, tzinfo=ZONE), 7, True),
    ],
)
def test_what_was_done_before_the_days_is_told_no_more(set_at: datetime, days: int, listed: bool) -> None:
    found = follow_instructions([order("已办结", set_at=set_at)], {}, {}, window(days))
    assert bool(found) is listed


def test_what_was_given_after_the_days_is_no_earlier_instruction() -> None:
    assert follow_instructions([order(given_at=END.astimezone(UTC))], {}, {}, window()) == ()


@pytest.mark.parametrize(
    ("due", "state", "overdue"),
    [
        (LAST, "办理中", True),
        (LAST + timedelta(days=1), "办理中", False),
        (LAST, "已办结", False),
        (None, "已退回", False),
    ],
)
def test_overdue_is_what_was_due_by_the_runs_last_day(due: date | None, state: str, overdue: bool) -> None:
    (found,) = follow_instructions(
        [order(state, due_on=due, set_at=END - timedelta(hours=1))], {}, {}, window()
    )
    assert found.overdue is overdue


def test_an_issue_without_posts_in_the_history_is_told_too() -> None:
    (found,) = follow_instructions([order()], {}, {}, window())
    assert found.title == "路灯"
    assert found.new_posts is not None
    assert found.new_posts.value == 0
