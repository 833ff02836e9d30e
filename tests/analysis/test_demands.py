"""What is asked for, and what has not been answered."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.demands import LONGEST, asked_in, find_demands
from analysis.posts import read_posts
from analysis.results import Demand

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2026, 11, 10, 9, tzinfo=ZONE)


def demands_of(town: Any) -> tuple[Demand, ...]:
    return find_demands(read_posts(town.frame, ZONE, date(2026, 11, 22)), "issue.1")


def hours(number: int) -> datetime:
    return FIRST + timedelta(hours=number)


@pytest.fixture
def pool(town: Any) -> Any:
    """Five people ask when the pool's renovation plan will be shown."""
    thread = town.thread("游泳馆改造方案什么时候公布", "贴了停业告示，没说以后怎么样。", FIRST)
    town.thread("请问游泳馆改造方案何时公布？", "问了前台，说不知道。", hours(5))
    for number, text in enumerate(
        ("同问，改造方案什么时候公布？", "改造方案到底有没有？", "改造方案！改造方案还不公布！")
    ):
        town.reply(thread, text, hours(6 + number))
    return town, thread


def test_one_question_in_many_words_is_counted_once_a_post(pool: Any) -> None:
    town, _ = pool
    asked = demands_of(town)[0]
    assert asked.is_question
    assert not asked.answered
    assert "改造方案" in asked.text
    assert asked.text.endswith("？")
    assert asked.count.value == len(set(asked.count.posts)) == 5


def test_a_later_answer_that_speaks_to_it_answers_it(pool: Any) -> None:
    town, thread = pool
    town.reply(thread, "各位网友：现将改造方案公布如下：馆体加固，明年五月开放。", hours(20), agency="体育局")
    assert demands_of(town)[0].answered


@pytest.mark.parametrize(
    "answer",
    [
        "您好，来帖收悉，感谢关注。",
        "您好，停车场收费标准为每小时三元，请按指引停放，谢谢配合，祝您生活愉快。",
        "您好，改造方案正在研究，确定后公布，请您耐心等待，感谢对体育事业的支持。",
    ],
)
def test_courtesy_other_matters_and_delay_answer_nothing(pool: Any, answer: str) -> None:
    town, thread = pool
    town.reply(thread, answer, hours(20), agency="体育局")
    assert not demands_of(town)[0].answered


def test_an_answer_given_before_the_question_does_not_count(town: Any) -> None:
    thread = town.thread("游泳馆停业了", "贴了停业告示。", FIRST)
    town.reply(thread, "现将改造方案公布如下：馆体加固。", hours(1), agency="体育局")
    town.reply(thread, "请问改造方案什么时候公布？", hours(2))
    town.reply(thread, "改造方案什么时候公布？", hours(3))
    assert not demands_of(town)[0].answered


def test_demands_are_found_in_several_forms() -> None:
    wanted = ("希望加一趟末班车", "能不能多开两个窗口？", "请把护栏装回去。", "诉求就一条：晚上停机")
    texts = [text for sentence in wanted for kind, text in asked_in(sentence) if kind == "demand"]
    assert texts == ["加一趟末班车", "多开两个窗口", "把护栏装回去", "晚上停机"]


@pytest.mark.parametrize(
    "text",
    ["请领导重视", "难道没人管？", "楼主吃了吗？", "今天天气真好。", "请了三天假。", "希望有关部门尽快处理"],
)
def test_calls_for_attention_rhetoric_and_chat_are_no_demands(text: str) -> None:
    assert list(asked_in(text)) == []


def test_what_one_reply_says_in_passing_is_left_out(town: Any) -> None:
    thread = town.thread("游泳馆停业了", "贴了停业告示。", FIRST)
    town.reply(thread, "建议在门口种两棵桂花树", hours(1))
    assert demands_of(town) == ()


@given(st.text(alphabet="请问希望能不能什么时候路灯修好？。，没有公布*〔电话〕13800138000", max_size=60))
def test_demands_are_short_and_hold_nothing_masked(text: str) -> None:
    for _, wording in asked_in(text):
        assert 0 < len(wording) <= LONGEST
        assert not set("*〔〕") & set(wording)
        assert wording.rstrip("？") in text


def test_who_asks_when_is_answered_by_a_time_and_by_nothing_else(town: Any) -> None:
    thread = town.thread("北环路什么时候通车", "请问北环路什么时候通车？", FIRST)
    town.reply(
        thread, "北环路正在建设，请谅解施工不便。经查进度正常。", FIRST + timedelta(hours=5), agency="交通局"
    )
    (asked,) = [demand for demand in demands_of(town) if demand.is_question]
    assert (asked.answered, asked.answered_by) == (False, None)
    timed = town.reply(
        thread,
        "经了解，北环路还剩两户，已签约，明年上半年通车。",
        FIRST + timedelta(hours=9),
        agency="交通局",
    )
    (asked,) = [demand for demand in demands_of(town) if demand.is_question]
    assert (asked.answered, asked.answered_by) == (True, timed)


def test_an_answer_to_another_question_is_none(town: Any) -> None:
    thread = town.thread("老匾额存放在哪里", "请问老匾额存放在哪里？", FIRST)
    town.reply(thread, "经查，北环路坑槽已于11月9日修补完毕。", FIRST + timedelta(hours=5), agency="住建局")
    (asked,) = [demand for demand in demands_of(town) if demand.is_question]
    assert not asked.answered
