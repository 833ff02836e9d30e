"""Bursts are flagged as they rise, and an ordinary day is none."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from analysis.burst import BOUNDS, detect_bursts
from analysis.results import Burst, Sensitivity

AT = datetime(2026, 11, 22, 20, tzinfo=UTC)
END = int(AT.timestamp())
HOUR = 3600


def stream(counts: list[int], issue: int = 1, step: int = HOUR) -> tuple[np.ndarray, np.ndarray]:
    """Times of posts, so many in each window, the last window ending at AT; and their issue."""
    times = [
        END - step * (len(counts) - place) + number * step // (count + 1)
        for place, count in enumerate(counts)
        for number in range(count)
    ]
    return np.array(times, dtype=np.int64), np.full(len(times), issue, dtype=np.int64)


def detect(
    times: np.ndarray, issues: np.ndarray, sensitivity: Sensitivity = "medium", at: datetime = AT
) -> tuple[Burst, ...]:
    return detect_bursts(times, np.arange(1, len(times) + 1), issues, at, sensitivity)


def test_an_hour_far_above_the_twelve_before_it_is_a_burst_of_its_issue() -> None:
    calm, own = stream([1] * 400, issue=7)
    loud, other = stream([0] * 398 + [12, 40], issue=8)
    times, issues = np.concatenate([calm, loud]), np.concatenate([own, other])
    found = [burst for burst in detect(times, issues, "low") if burst.window == "hour"]
    assert [burst.issue_id for burst in found] == [None, 8]
    burst = found[1]
    assert burst.observed.value == len(burst.observed.posts) == 40
    assert burst.since == AT - timedelta(hours=2)
    assert burst.sensitivity == "low"
    assert set(burst.observed.posts) == set(
        (np.flatnonzero((times >= END - HOUR) & (issues == 8)) + 1).tolist()
    )


def test_the_same_loud_hour_of_every_day_is_no_burst() -> None:
    evening = ([1] * 23 + [40]) * 15
    assert [burst for burst in detect(*stream(evening), "high") if burst.window == "hour"] == []


def test_a_day_is_held_against_two_weeks_and_the_same_weekday() -> None:
    quiet, loud_mondays = [5] * 14 + [40], [5] * 14 + [40]
    loud_mondays[0] = loud_mondays[7] = 40
    found = detect(*stream(quiet, step=24 * HOUR))
    assert {(burst.window, burst.issue_id) for burst in found} >= {("day", None), ("day", 1)}
    assert not any(burst.window == "day" for burst in detect(*stream(loud_mondays, step=24 * HOUR)))


@pytest.mark.parametrize("sensitivity", BOUNDS)
def test_fewer_than_the_least_are_never_a_burst(sensitivity: Sensitivity) -> None:
    least = BOUNDS[sensitivity].least
    assert not detect(*stream([0] * 20 + [1] + [0] * 398 + [least - 1]), sensitivity)
    assert detect(*stream([0] * 20 + [1] + [0] * 398 + [least]), sensitivity)


def test_without_history_nothing_is_said() -> None:
    assert not detect(*stream([0, 0, 90]))
    assert not detect(*stream([]))


def test_posts_after_the_moment_do_not_count() -> None:
    times, issues = stream([1] * 399 + [60])
    assert not detect(times, issues, at=AT - timedelta(hours=1))


@pytest.mark.parametrize(("sensitivity", "most"), [("low", 0.001), ("medium", 0.005), ("high", 0.03)])
def test_streams_without_a_change_are_seldom_flagged(sensitivity: Sensitivity, most: float) -> None:
    """2,000 issues of an overdispersed stream each: the share that is flagged in one look."""
    rng = np.random.default_rng(4)
    rates = rng.choice([0.1, 1.0, 5.0, 20.0], 2000)
    counts = rng.negative_binomial(4, 4 / (4 + rates[:, None]), (2000, 24 * 15))
    ages = np.broadcast_to(np.arange(24 * 15)[::-1], counts.shape)
    times = np.repeat(END - HOUR * ages.ravel() - HOUR // 2, counts.ravel())
    issues = np.repeat(np.broadcast_to(np.arange(1, 2001)[:, None], counts.shape).ravel(), counts.ravel())
    found = [burst for burst in detect(times, issues, sensitivity) if burst.issue_id]
    print(f"{sensitivity}: {len(found)} of 2,000 issues without a change flagged")
    assert len(found) / 2000 <= most


def test_the_rule_is_published_with_its_bounds() -> None:
    from analysis.burst import RULE

    for bounds in BOUNDS.values():
        assert str(bounds.least) in RULE
        assert f"{bounds.ratio:g}" in RULE
