"""Did an answer help: verdicts on simulated issues with a known effect, and on posts."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from analysis.effect import LEAST, Sides, judge_effect, measure_effect
from analysis.posts import read_posts

ZONE = ZoneInfo("Asia/Shanghai")
ANSWERED = datetime(2026, 11, 15, 12, tzinfo=ZONE)
RUNS = 200


def simulate(before: float, after: float, n: int, rng: np.random.Generator) -> Sides:
    return Sides((rng.random(n) < before).astype(float), (rng.random(n) < after).astype(float))


def share_of(verdict: str, before: float, after: float, n: int) -> float:
    """How often simulated issues with these negative shares get a verdict; the control stays at one half."""
    rng = np.random.default_rng(0)
    judged: list[str] = [
        judge_effect(simulate(before, after, n, rng), simulate(0.5, 0.5, 400, rng), random_state=run)[0]
        for run in range(RUNS)
    ]
    return judged.count(verdict) / RUNS


def test_an_effect_is_found_and_none_is_not_made_up() -> None:
    power = share_of("better", 0.7, 0.35, 60)
    false = share_of("better", 0.5, 0.5, 60) + share_of("worse", 0.5, 0.5, 60)
    print(f"power {power:.2f} at 60 posts a side and 35 points, false positives {false:.3f}")
    assert power >= 0.85
    assert false <= 0.08


def test_an_answer_that_made_it_worse_is_told() -> None:
    assert share_of("worse", 0.3, 0.7, 60) >= 0.9


def test_tiny_numbers_give_no_verdict() -> None:
    few = Sides(np.ones(LEAST - 1), np.zeros(100))
    control = Sides(np.ones(100), np.ones(100))
    assert judge_effect(few, control) == ("insufficient", None)


def test_a_change_that_everybody_shows_is_no_effect() -> None:
    falling = Sides(np.repeat([1.0, 0.0], [80, 20]), np.repeat([1.0, 0.0], [30, 70]))
    steady = Sides(np.repeat([1.0, 0.0], 100), np.repeat([1.0, 0.0], 100))
    assert judge_effect(falling, falling)[0] == "unchanged"
    assert judge_effect(falling, steady)[0] == "better"


def test_without_a_control_nothing_is_claimed() -> None:
    assert judge_effect(Sides(np.ones(50), np.zeros(50)), None) == ("insufficient", None)


def test_the_same_seed_gives_the_same_interval() -> None:
    rng = np.random.default_rng(3)
    sides, control = simulate(0.6, 0.4, 50, rng), simulate(0.5, 0.5, 200, rng)
    assert judge_effect(sides, control, 7) == judge_effect(sides, control, 7)


def moods(share: float, n: int) -> Iterator[str]:
    return ("neg" if place < share * n else "pos" for place in range(n))


@pytest.fixture
def answered_town(town: Any) -> Any:
    """A pool that closed: 40 angry replies, an answer, 40 calm ones; beside it a road as ever."""
    pool = town.thread("泳池为什么关了", "泳池关了半个月，没有说法", ANSWERED - timedelta(days=6))
    road = town.thread("北环路有坑", "北环路坑很大", ANSWERED - timedelta(days=6), category="交通运输")
    for side, pool_share in ((-1, 0.9), (1, 0.2)):
        for thread, share, fields in ((pool, pool_share, {}), (road, 0.5, {"category": "交通运输"})):
            for place, mood in enumerate(moods(share, 40)):
                at = ANSWERED + side * timedelta(days=1, minutes=place)
                town.reply(
                    thread,
                    f"这是第{place}句话{side}{thread}",
                    at,
                    sentiment=mood,
                    p_neg=0.9 if mood == "neg" else 0.1,
                    **fields,
                )
    return town, pool


def effect_of(town: Any, thread: int, end: datetime | None = None) -> Any:
    posts = read_posts(town.frame, ZONE, date(2026, 11, 22))
    return measure_effect(
        posts.take(posts.thread_id == thread), posts, "issue.1", None if end is None else int(end.timestamp())
    )


def test_shares_and_posts_behind_a_verdict(answered_town: Any) -> None:
    town, pool = answered_town
    town.reply(pool, "经查，水泵损坏，已于今日更换，明日恢复开放。", ANSWERED, agency="体育中心")
    effect = effect_of(town, pool)
    assert effect.verdict == "better"
    assert (effect.after.part, effect.after.whole) == (8, 40)
    assert effect.before.whole == 41  # with the opening post
    assert len(effect.before.posts) == effect.before.part
    assert effect.interval[1] < 0
    assert effect.replied_at == ANSWERED


def test_volume_and_words_are_told_beside_the_verdict(answered_town: Any) -> None:
    town, pool = answered_town
    for row in town.rows:
        row["tokens"] = "泳池 说法" if row["dated_at"] < ANSWERED else "泳池 开放"
    town.reply(pool, "经查，水泵损坏，已于今日更换，明日恢复开放。", ANSWERED, agency="体育中心")
    effect = effect_of(town, pool)
    assert (effect.volume_before.value, effect.volume_after.value, effect.days) == (41, 40, 7)
    assert len(effect.volume_after.posts) == 40
    assert (effect.gained, effect.lost) == (("开放",), ("说法",))


def test_volumes_are_compared_over_days_that_are_past(answered_town: Any) -> None:
    town, pool = answered_town
    town.reply(pool, "经查，水泵损坏，已于今日更换，明日恢复开放。", ANSWERED, agency="体育中心")
    short = effect_of(town, pool, ANSWERED + timedelta(days=2))
    assert (short.days, short.volume_before.value, short.volume_after.value) == (2, 40, 40)
    at_once = effect_of(town, pool, ANSWERED + timedelta(hours=3))
    assert (at_once.days, at_once.volume_before, at_once.volume_after) == (0, None, None)


def test_the_clock_starts_with_the_first_answer_of_substance(answered_town: Any) -> None:
    town, pool = answered_town
    town.reply(pool, "您好，来帖收悉，已转相关部门。", ANSWERED - timedelta(days=5), agency="体育中心")
    town.reply(pool, "经查，水泵损坏，已于今日更换，明日恢复开放。", ANSWERED, agency="体育中心")
    assert effect_of(town, pool).replied_at == ANSWERED


def test_no_answer_no_effect(answered_town: Any) -> None:
    town, pool = answered_town
    assert effect_of(town, pool) is None
