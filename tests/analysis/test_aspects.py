"""Aspects: changes of what an issue is about are found, and none is made up."""

from datetime import timedelta

import numpy as np
import pytest

from analysis.aspects import find_aspects, find_changes
from analysis.posts import read_posts
from analysis.results import Aspect

from .conftest import LAST, ZONE, Town, at

RUNS = 60


def words_of(line: str) -> list[str]:
    return line.split()


MEMORIES = words_of("凉茶 柜台 小时候 掌柜 药味 算盘 山楂丸 膏方 老照片 门槛")
DOUBTS = words_of("方案 公布 重建 答复 图纸 指挥部 说法 围挡 征求 电话")
RELIEF = words_of("原址 编号 落架 展厅 效果图 放心 踏实 清单 设计师 过渡")
EVERYWHERE = words_of("药铺 地铁 站口 老街 街坊")


def test_streams_without_a_change_have_aspects_in_few_runs() -> None:
    """Units drawn alike, and units like the ones before them: how often a change is found."""
    rng = np.random.default_rng(7)
    for name, memory, most in (("independent", 0.0, 0.08), ("neighbours alike", 0.2, 0.2)):
        found = [
            bool(find_changes(stream(30, rng, memory=memory), known, run))
            for run in range(RUNS)
            for known in (0, 15)
        ]
        print(f"{name}: a change found in {np.mean(found):.1%} of {len(found)} streams without one")
        assert np.mean(found) <= most


def test_a_clear_change_is_found_where_it_is() -> None:
    rng = np.random.default_rng(8)
    hits = []
    for run in range(RUNS):
        features = stream(40, rng)
        features[18:, 0] += 2.0
        hits.append(any(abs(place - 18) <= 2 for place in find_changes(features, random_state=run)))
    print(f"power {np.mean(hits):.0%} at two standard deviations, 40 units")
    assert np.mean(hits) >= 0.75


def stream(units: int, rng: np.random.Generator, memory: float = 0.0) -> np.ndarray:
    features = rng.normal(size=(units, 6))
    for row in range(1, units):
        features[row] += memory * features[row - 1]
    return features


@pytest.fixture
def story(town: Town) -> Town:
    """A pharmacy: ten days of memories, six of doubt, an answer, four of relief; three threads a day."""
    rng = np.random.default_rng(2)
    office = town.thread("药铺方案说明", "原址重建，方案今日公布。", at(5, 18), agency="新闻办", tokens="")
    assert office == 1
    for days in range(20, 0, -1):
        words, mood = (MEMORIES, "neu") if days > 10 else (DOUBTS, "neg") if days > 4 else (RELIEF, "pos")
        for number in range(3):
            write_thread(town, days, number, words, mood, rng)
    return town


def write_thread(
    town: Town, days: int, number: int, words: list[str], mood: str, rng: np.random.Generator
) -> None:
    def tokens() -> str:
        return " ".join([*rng.choice(words, 5, replace=False), *rng.choice(EVERYWHERE, 2, replace=False)])

    fields = {"sentiment": mood, "p_neg": 0.8 if mood == "neg" else 0.1}
    said = tokens()
    thread = town.thread(
        f"药铺的事{days}{number}", said.replace(" ", ""), at(days, 9 + number), tokens=said, **fields
    )
    for minute in range(4):
        said = tokens()
        town.reply(thread, said.replace(" ", ""), at(days, 9 + number, minute + 1), tokens=said, **fields)


def aspects_of(town: Town, answered: bool = True) -> tuple[Aspect, ...]:
    posts = read_posts(town.frame, ZONE, LAST)
    return find_aspects(posts, "issue.1", int(at(5, 18).timestamp()) if answered else None)


@pytest.mark.parametrize("answered", [True, False])
def test_memories_doubt_and_relief_are_three_aspects(story: Town, answered: bool) -> None:
    found = aspects_of(story, answered)
    assert len(found) == 3
    memories, doubt, relief = found
    assert set(memories.words) <= set(MEMORIES)
    assert set(doubt.words) <= set(DOUBTS)
    assert set(relief.words) <= set(RELIEF)
    assert abs((doubt.first_day - (LAST - timedelta(days=10))).days) <= 1
    assert abs((relief.first_day - (LAST - timedelta(days=4))).days) <= 1
    assert (doubt.negative.value or 0) > 0.9 > 0.1 > (relief.negative.value or 0)


def test_every_post_is_in_one_aspect_and_is_counted(story: Town) -> None:
    found = aspects_of(story)
    posts = [post for aspect in found for post in aspect.posts.posts]
    assert len(posts) == len(set(posts)) == sum(aspect.posts.value for aspect in found) == 300
    assert sum(aspect.share for aspect in found) == pytest.approx(1, abs=0.01)


def test_an_issue_told_alike_throughout_has_no_aspects(town: Town) -> None:
    rng = np.random.default_rng(5)
    for days in range(20, 0, -1):
        for number in range(2):
            write_thread(town, days, number, [*MEMORIES, *DOUBTS], "neg", rng)
    assert aspects_of(town) == ()


def test_small_issues_and_posts_without_words_have_none(town: Town) -> None:
    thread = town.thread("路灯不亮", "路灯不亮。", at(9), tokens="路灯 不亮")
    assert aspects_of(town) == ()
    for number in range(60):
        town.reply(thread, f"第{number}个人说的话", at(8 - number % 8, 9 + number // 8), tokens="")
    assert aspects_of(town) == ()
