"""Words that came up or went: counted a post, of several threads, never a name."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from analysis.keywords import compare_words
from analysis.posts import read_posts
from analysis.results import KeywordChange
from analysis.vocabulary import is_worth_telling

from .conftest import LAST, ZONE, at


def write(town: Any, days_ago: int, threads: int, tokens: str, posts: int = 10) -> None:
    for _ in range(threads):
        thread = town.thread("帖子", "帖子正文", at(days_ago), tokens=tokens)
        for number in range(posts - 1):
            text = f"{len(town.rows)}楼的不同的话和别的话"
            town.reply(thread, text, at(days_ago, 11, number), tokens=tokens)


def compare(town: Any) -> dict[str, KeywordChange]:
    posts = read_posts(town.frame, ZONE, LAST)
    now, before = (
        posts.between(day.toordinal(), day.toordinal()) for day in (LAST, LAST - timedelta(days=1))
    )
    return {change.word: change for change in compare_words(now, before)}


def test_a_word_that_came_up_and_one_that_went_are_told_with_their_posts(town: Any) -> None:
    write(town, 1, 5, "公告 拆迁 路灯")
    write(town, 0, 4, "方案 公布 路灯")
    write(town, 0, 3, "拆迁 路灯", posts=2)
    found = compare(town)
    assert found["方案"].change > 0 > found["拆迁"].change
    assert "路灯" not in found
    assert found["方案"].now.value == len(set(found["方案"].now.posts))
    assert found["方案"].before == 0
    assert (found["拆迁"].threads, found["方案"].threads) == (3, 4)


def test_words_of_fewer_than_three_threads_are_not_told(town: Any) -> None:
    write(town, 1, 5, "公告 路灯")
    write(town, 0, 2, "方案 路灯", posts=20)
    assert "方案" not in compare(town)


@pytest.mark.parametrize("posts", [1, 2])
def test_short_periods_say_nothing(town: Any, posts: int) -> None:
    write(town, 1, 5, "公告", posts=posts)
    write(town, 0, 5, "方案", posts=posts)
    assert not compare(town)


def test_names_numbers_and_function_words_are_never_told() -> None:
    assert not any(map(is_worth_telling, ("张伟", "王小明", "我们", "123", "的", "A3", "哈哈", "〔姓名〕")))
    assert all(map(is_worth_telling, ("重建", "路灯", "施工", "安全", "马路", "高兴")))


def test_without_a_change_few_words_are_told(town: Any) -> None:
    """100 words that 600 posts use alike on both days: how many are told."""
    rng = np.random.default_rng(1)
    words = [f"{first}{second}" for first in "甲乙丙丁戊己庚辛壬癸" for second in "路灯车水电桥树墙门窗"]
    for day in (1, 0):
        for _ in range(30):
            thread = town.thread("帖子", f"正文{len(town.rows)}与其余的文字", at(day), tokens="")
            for number in range(10):
                tokens = " ".join(rng.choice(words, 8, replace=False))
                town.reply(thread, f"第{len(town.rows)}条各不相同的文字", at(day, 12, number), tokens=tokens)
    found = compare(town)
    print(f"{len(found)} of {len(words)} words without a change told")
    assert len(found) <= 2
