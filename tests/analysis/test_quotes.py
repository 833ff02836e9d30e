"""Quotes are verbatim, short, to the point, and name nobody."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from analysis.posts import read_posts
from analysis.quotes import LONGEST, choose_quotes, is_quotable

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 20, 9, tzinfo=ZONE)


def quotes_of(town: Any) -> tuple[Any, ...]:
    return choose_quotes(read_posts(town.frame, ZONE, date(2026, 11, 22)))


def test_both_views_are_quoted_word_for_word(town: Any) -> None:
    thread = town.thread("北环路有坑", "北环路的坑越来越大，电动车摔了好几辆。", AT)
    town.reply(thread, "昨晚补好了，走起来平平的，谢谢养路的人。", AT + timedelta(hours=1), sentiment="pos")
    found = {quote.sentiment: quote.text for quote in quotes_of(town)}
    assert found == {
        "neg": "北环路的坑越来越大，电动车摔了好几辆。",
        "pos": "昨晚补好了，走起来平平的，谢谢养路的人。",
    }


def test_chat_between_neighbours_is_never_quoted(town: Any) -> None:
    thread = town.thread("北环路有坑", "北环路的坑越来越大，电动车摔了好几辆。", AT)
    for number, text in enumerate(
        ("顶一个顶一个顶一个", "抱抱楼主，路上小心点", "收到收到收到收到收到", "哈哈哈路都坏成这样了")
    ):
        town.reply(thread, text, AT + timedelta(hours=number + 1))
    assert [quote.text for quote in quotes_of(town)] == ["北环路的坑越来越大，电动车摔了好几辆。"]


def test_the_opening_post_speaks_before_its_replies(town: Any) -> None:
    thread = town.thread("北环路有坑", "北环路的坑越来越大，电动车摔了好几辆。", AT)
    for number in range(5):
        town.reply(thread, f"这条破路坏了很久没人管，第{number}次来说", AT + timedelta(hours=number + 1))
    assert quotes_of(town)[0].text.startswith("北环路的坑")


def test_praise_that_says_of_whom_is_quoted_before_a_polite_word(town: Any) -> None:
    thread = town.thread("停车志愿者", "志愿者帮我推了轮椅，要谢谢他们。", AT, sentiment="pos")
    for number in range(3):
        town.reply(thread, f"没事了，谢谢关心{number}", AT + timedelta(hours=number + 1), sentiment="pos")
        town.reply(thread, f"支持支持，这样很不错{number}", AT + timedelta(hours=number + 2), sentiment="pos")
    assert [quote.text for quote in quotes_of(town)] == ["志愿者帮我推了轮椅，要谢谢他们。"]


def test_masked_and_named_sentences_stay_unquoted() -> None:
    for sentence in (
        "请联系〔电话〕反映路灯问题",
        "路灯坏了找张老师投诉的",
        "路灯坏了打138****5678没人接",
        "路灯@城管出来看看坏了没",
    ):
        assert not is_quotable(sentence)


@given(st.text(alphabet="路灯坏了没人管，。！〔电话〕*@王某1380", max_size=80))
def test_whatever_is_quotable_is_short_and_unmasked(sentence: str) -> None:
    if is_quotable(sentence):
        assert len(sentence) <= LONGEST
        assert not set("〔〕*@某") & set(sentence)
