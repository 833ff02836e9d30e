"""Bursts: far more posts than usual in the last hour or the last day.

An hour is held against the 12 hours before it and the same hour of 14 days; a day against
the 14 days before it and the same weekday in them.  Usual is the higher of the two means,
at least half a post.  The chance of so many posts is the tail of a negative binomial with
that mean and the dispersion of the same counts but the highest (never below Poisson's);
the score is -log10 of it.  Flagged is what passes all three bounds of a sensitivity:

    sensitivity   posts   times the usual   score
    low             30          3             8
    medium          15         2.5            5
    high             8          2             3

bench/burst.py shows on hourly hot lists what these bounds find how early, at how many
false alarms.  Only the counts of issues with enough posts in the last window are built, so
that a look after each crawl costs next to nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.posts import Bools, Floats, Ints, moment
from analysis.results import Burst, BurstWindow, Figure, Sensitivity

RULE: Final = (
    "突增：近1小时对照前12小时和前14天同一时段，近1天对照前14天和其中的同一星期几，取较高的均值为常量；"
    "灵敏度低、中、高依次要求至少30、15、8帖，达到常量的3、2.5、2倍，偶然出现的概率低于一亿分之一、十万分之一、千分之一。"
)
HOUR: Final = 3600
DAY: Final = 24 * HOUR
FLOOR: Final = 0.5
_LEAST_CHANCE: Final = 1e-300


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a burst must pass."""

    least: int
    ratio: float
    score: float


BOUNDS: Final[dict[Sensitivity, Bounds]] = {
    "low": Bounds(30, 3.0, 8.0),
    "medium": Bounds(15, 2.5, 5.0),
    "high": Bounds(8, 2.0, 3.0),
}


@dataclass(frozen=True, slots=True)
class _Look:
    """A window's length, and the ages (in windows) of the counts it is held against."""

    window: BurstWindow
    length: int
    recent: range
    phase: range
    least_known: int  # windows of history without which nothing is said


_LOOKS: Final = (
    _Look("hour", HOUR, range(1, 13), range(24, 24 * 14 + 1, 24), 12),
    _Look("day", DAY, range(1, 15), range(7, 15, 7), 7),
)


def detect_bursts(
    times: Ints,
    post_ids: Ints,
    issues: Ints,
    at: datetime,
    sensitivity: Sensitivity = "medium",
) -> tuple[Burst, ...]:
    """Bursts that end at `at`: of all posts together first, then of single issues by falling score.

    `times` are seconds since 1970 in any order; give all posts that are stored of the last
    15 days, with the issue of each (0: none yet).  Without a week of history (half a day for
    the hour) nothing is said.
    """
    end = int(at.timestamp())
    known = times < end
    times, post_ids, issues = times[known], post_ids[known], issues[known]
    if not len(times):
        return ()
    whole = np.zeros_like(issues)
    found = [
        burst
        for look in _LOOKS
        for groups in (whole, issues)
        for burst in _look(look, times, post_ids, groups, end, BOUNDS[sensitivity])
        if groups is whole or burst.issue_id is not None
    ]
    return tuple(sorted(found, key=lambda burst: (burst.issue_id is not None, -burst.score)))


def _look(
    look: _Look, times: Ints, post_ids: Ints, groups: Ints, end: int, bounds: Bounds
) -> Iterator[Burst]:
    history = (end - int(times.min())) // look.length
    if history < look.least_known:
        return
    ages = (end - 1 - times) // look.length
    names, observed = np.unique(groups[ages == 0], return_counts=True)
    names = names[observed >= bounds.least]
    counts = _count_windows(ages, groups, names, look.phase[-1])
    recent, phase = (counts[:, [age for age in ages if age < history]] for ages in (look.recent, look.phase))
    expected, scores = score_counts(counts[:, 0], recent, phase)
    for row in np.flatnonzero(passes(counts[:, 0], expected, scores, bounds)):
        own = groups == names[row]
        rising = _rising(counts[row], expected[row], history)
        yield Burst(
            window=look.window,
            observed=_figure(look.window, int(names[row]), post_ids[own & (ages == 0)]),
            expected=round(float(expected[row]), 2),
            score=round(float(scores[row]), 1),
            sensitivity=_strictest(int(counts[row, 0]), float(expected[row]), float(scores[row])),
            since=moment(int(times[own & (ages < rising)].min())),
            issue_id=int(names[row]) or None,
        )


def score_counts(
    observed: npt.NDArray[np.float64], recent: npt.NDArray[np.float64], phase: npt.NDArray[np.float64]
) -> tuple[Floats, Floats]:
    """What is usual, and the score of each count; rows are series, columns windows."""
    usual = np.maximum(recent.mean(axis=1), phase.mean(axis=1) if phase.shape[1] else 0.0)
    expected = np.maximum(usual, FLOOR)
    calm = np.sort(recent, axis=1)[:, :-1]  # the beginning of a rise is no sign of a restless stream
    spread = calm.var(axis=1) / np.maximum(calm.mean(axis=1), FLOOR)
    dispersion = np.maximum(spread, 1.01)
    size = expected / (dispersion - 1)
    # The tail of a negative binomial, by the incomplete beta function.
    tails = special.betainc(np.maximum(observed, 1), size, 1 - 1 / dispersion)
    scores: Floats = -np.log10(np.maximum(tails, _LEAST_CHANCE))
    return expected, scores


def passes(observed: Floats, expected: Floats, scores: Floats, bounds: Bounds) -> Bools:
    """Which counts are bursts by these bounds."""
    passed: Bools = (
        (observed >= bounds.least) & (observed >= bounds.ratio * expected) & (scores >= bounds.score)
    )
    return passed


def _count_windows(ages: Ints, groups: Ints, names: Ints, oldest: int) -> Floats:
    """Posts of each named group (rows) by age in windows (columns)."""
    wanted = (ages <= oldest) & np.isin(groups, names)
    rows = np.searchsorted(names, groups[wanted])
    flat = np.bincount(rows * (oldest + 1) + ages[wanted], minlength=len(names) * (oldest + 1))
    return flat.reshape(len(names), oldest + 1).astype(float)


def _rising(counts: Floats, expected: float, history: int) -> int:
    """For how many windows there have been more than usual."""
    calm = np.flatnonzero(counts[:history] <= expected)
    return int(calm[0]) if len(calm) else history


def _strictest(observed: int, expected: float, score: float) -> Sensitivity:
    passed: list[Sensitivity] = [
        name
        for name, bounds in BOUNDS.items()
        if observed >= bounds.least and observed >= bounds.ratio * expected and score >= bounds.score
    ]
    return passed[0] if passed else "high"


def _figure(window: BurstWindow, issue: int, posts: Ints) -> Figure:
    name = f"issue.{issue}" if issue else "overview"
    return Figure(key=f"{name}.burst.{window}", value=len(posts), posts=tuple(sorted(posts.tolist())))
