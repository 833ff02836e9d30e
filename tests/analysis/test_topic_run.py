"""A topic's run counts and quotes its own threads; how an issue stands is the same as in any other run."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from analysis.results import IssueResult, RunResult
from analysis.run import analyse
from analysis.settings import KnownIssues, Settings

from .conftest import LAST, Town, at

POOL = 1
ANSWER = "经查，水泵损坏，已于今日更换，城东泳池12月1日开放。"


def write_pool(town: Town) -> tuple[int, int]:
    """An issue of two threads: angry before an answer, calm after it; the office writes in the second alone."""
    road = town.thread("北环路有坑", "北环路坑很大，车轮都陷进去", at(12), category="交通运输")
    first = town.thread("城东泳池什么时候开放", "城东泳池关了半个月，没有说法", at(12))
    second = town.thread("城东泳池还不开", "城东泳池关了这么久，票钱也不退", at(12, 11))
    town.reply(second, ANSWER, at(6), agency="体育中心")
    for days_ago, mood, p_neg in ((8, "neg", 0.9), (4, "pos", 0.1)):
        for thread in (first, second):
            for minute in range(20):
                said = f"泳池第{thread}楼{days_ago}之{minute}"
                town.reply(thread, said, at(days_ago, 9, minute), sentiment=mood, p_neg=p_neg)
        for minute in range(40):
            town.reply(road, f"坑{days_ago}之{minute}", at(days_ago, 9, minute), category="交通运输")
    return first, second


def look(
    town: Town, threads: set[int] | None, topic: set[int] | None, first: date = LAST - timedelta(days=12)
) -> RunResult:
    frame = town.frame
    posts = frame if threads is None else frame[frame["thread_id"].isin(threads)]
    known = KnownIssues(threads={2: POOL, 3: POOL}, next_id=9)
    return analyse(
        posts,
        known,
        Settings(),
        kind="special" if topic else "weekly",
        first_day=first,
        last_day=LAST,
        sources=(),
        control=frame,
        topic_threads=topic,
    ).result


def pool_of(result: RunResult) -> IssueResult:
    return next(issue for issue in result.issues if issue.id == POOL)


@pytest.fixture
def both(town: Town) -> tuple[RunResult, RunResult]:
    """Of all posts, and of a topic that found the first thread alone."""
    first, second = write_pool(town)
    return look(town, None, None), look(town, {first, second}, {first})


def test_an_issue_stands_as_in_any_other_run(both: tuple[RunResult, RunResult]) -> None:
    whole, told = (pool_of(result) for result in both)
    assert whole.told_effect is not None
    assert whole.told_effect.verdict == "better"
    for name in ("effect", "answer", "hours_to_answer", "answered_at", "replies", "heat", "stage", "title"):
        assert getattr(told, name) == getattr(whole, name), name


def test_only_the_topics_own_threads_are_counted_and_quoted(both: tuple[RunResult, RunResult]) -> None:
    result = both[1]
    pool = pool_of(result)
    assert (result.threads.value, result.posts.value) == (1, 41)
    assert (pool.threads.value, pool.posts.value, sum(day.posts for day in pool.daily)) == (1, 41, 41)
    quoted = {result.evidence[quote.post_id].thread_id for quote in pool.quotes}
    assert quoted == {2}


def test_a_question_answered_in_another_thread_of_the_issue_is_answered(
    both: tuple[RunResult, RunResult],
) -> None:
    [question] = [demand for demand in pool_of(both[1]).demands if demand.is_question]
    assert question.answered
    assert both[1].evidence[question.answered_by or 0].text == ANSWER


def test_the_posts_behind_an_effect_can_be_shown(both: tuple[RunResult, RunResult]) -> None:
    result = both[1]
    effect = pool_of(result).effect
    assert effect is not None
    assert {*effect.before.posts, *effect.after.posts} <= result.evidence.keys()
    assert {result.evidence[post].thread_id for post in effect.before.posts} == {2, 3}


def test_a_copy_of_what_others_wrote_elsewhere_counts_in_the_topic(town: Town) -> None:
    first, second = write_pool(town)
    said = "城东泳池的票钱到现在也没有退给大家，请尽快退款"
    town.reply(second, said, at(5))
    town.reply(first, said, at(4))
    told = look(town, {first, second}, {first})
    assert told.posts.value == 42
    assert replace(told.method, duplicates=0) == told.method
