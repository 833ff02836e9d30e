"""Replies find the messages they answer."""

import json

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.match import match_replies

MESSAGES = pd.DataFrame(
    [
        ("m1", "松林路的路灯不亮", "松林路和槐北巷交口的路灯坏了一周，晚上看不见路。", "2026-03-01 10:00"),
        ("m2", "松林路的井盖松动", "松林路菜店门口的井盖松了，车一过就响。", "2026-03-02 10:00"),
        ("m3", "咨询异地就医备案", "父母在外地住院，备案要带什么材料？", "2026-03-03 10:00"),
        ("m4", "建议增加12路公交班次", "12路早高峰等半小时，请增加班次。", "2026-03-04 10:00"),
    ],
    columns=["message_id", "title", "text", "posted_at"],
)


def replies(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["reply_id", "text", "replied_at"])


def matched(messages: pd.DataFrame, answers: pd.DataFrame) -> dict[str, object]:
    for frame, column in ((messages, "posted_at"), (answers, "replied_at")):
        frame[column] = pd.to_datetime(frame[column], utc=True)
    found = match_replies(messages, answers)
    return dict(zip(found["reply_id"], found["message_id"], strict=True))


def test_shared_wording_finds_the_message() -> None:
    answers = replies(
        ("r1", "您好，松林路槐北巷交口路灯已更换灯头，恢复照明。", "2026-03-09"),
        ("r2", "您好，菜店门口井盖已加固。", "2026-03-09"),
        ("r3", "异地就医备案需携带身份证、住院证明。", "2026-03-09"),
    )
    assert matched(MESSAGES.copy(), answers) == {"r1": "m1", "r2": "m2", "r3": "m3"}


def test_a_quoted_title_finds_the_message() -> None:
    answers = replies(("r1", "您反映的“建议增加12路公交班次”收悉，正在研究。", "2026-03-20"))
    assert matched(MESSAGES.copy(), answers) == {"r1": "m4"}


def test_a_reply_never_answers_a_later_message() -> None:
    twice = pd.concat([MESSAGES[:1], MESSAGES[:1].assign(message_id="later", posted_at="2026-06-01 10:00")])
    answers = replies(("r1", "松林路路灯已修复。", "2026-03-09"))
    assert matched(twice, answers) == {"r1": "m1"}


def test_pairs_compete_for_a_message() -> None:
    answers = replies(
        ("exact", "松林路和槐北巷交口的路灯已修复，晚上看得见路了。", "2026-03-09"),
        ("vague", "松林路的问题已安排处理。", "2026-03-09"),
    )
    assert matched(MESSAGES[:2].copy(), answers) == {"exact": "m1", "vague": "m2"}


def test_candidates_are_json_with_scores_best_first() -> None:
    answers = replies(("r1", "松林路路灯已修复。", "2026-03-09"))
    matched(messages := MESSAGES.copy(), answers)
    row = match_replies(messages, answers).iloc[0]
    candidates = json.loads(row["candidates"])
    assert candidates[0] == [row["message_id"], row["score"]]
    assert sorted((score for _, score in candidates), reverse=True) == [score for _, score in candidates]
    assert {message for message, _ in candidates} == {"m1", "m2", "m3", "m4"}


def test_no_message_no_reply() -> None:
    answers = replies(("r1", "已修复。", "2026-03-09"))
    assert match_replies(MESSAGES[:0], answers)["message_id"].tolist() == [None]
    assert match_replies(MESSAGES, replies()).empty


@given(
    st.lists(st.text(max_size=30), min_size=1, max_size=4),
    st.lists(st.text(max_size=30), min_size=1, max_size=4),
)
def test_any_text_and_missing_times_are_taken(asked: list[str], answered: list[str]) -> None:
    messages = pd.DataFrame(
        {"message_id": range(len(asked)), "title": asked, "text": asked, "posted_at": pd.NaT}
    )
    answers = pd.DataFrame({"reply_id": range(len(answered)), "text": answered, "replied_at": pd.NaT})
    found = match_replies(messages, answers)
    assert found["reply_id"].tolist() == list(range(len(answered)))
    assert found["score"].between(0, 1).all()
