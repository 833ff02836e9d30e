"""Did the answer help?  Before and after it, against what others wrote at the same time.

The change of the negative share among residents' posts of an issue, from the week before
its first answer to the week after, less the change among comparable posts (the control),
with a bootstrap interval.  A verdict needs a minimum of posts on both sides of both, and
an interval that keeps clear of zero.  Shares are told by labels and judged by the calibrated
probabilities behind them, which a label at the border throws away.  How much was written, and
in what words, is told beside the verdict and does not enter it: silence is not consent.
bench/effect.py prints power and false positives.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.keywords import telling_words
from analysis.posts import Bools, Posts, Texts, moment
from analysis.replies import is_acknowledgement, official_rows
from analysis.results import Effect, Figure, Share, Verdict

LEAST = 8  # posts on each side
LEAST_CONTROL = 20  # posts of the control on each side; fewer say nothing
_PLENTY = 100  # posts of the control from which the same area is enough
DAYS = 7  # looked at on each side
_DAY = 86_400
_DRAWS = 2000
_MANY = 200
_SMALLEST = 0.05  # a net change below five points is no change worth telling


@dataclass(frozen=True, slots=True)
class Sides:
    """The probability of each post's being negative, before and after."""

    before: npt.NDArray[np.float64]
    after: npt.NDArray[np.float64]

    @property
    def change(self) -> float:
        return float(self.after.mean() - self.before.mean())

    def enough(self, least: int) -> bool:
        return min(len(self.before), len(self.after)) >= least


def measure_effect(
    posts: Posts, control: Posts, key: str, end: int | None = None, random_state: int = 0
) -> Effect | None:
    """The effect of an issue's first answer; None without one, or without its time.  `control` may hold the issue's own posts.

    `end` is when the look ends, in seconds: volumes are compared over days that are past on both sides.
    """
    answered = _answered(posts)
    if answered is None:
        return None
    own = posts.take(posts.resident & posts.read)
    before, after = _sides(own, answered)
    sides = _as_sides(own, before, after)
    beside = _control_sides(control, posts, answered)
    verdict, interval = judge_effect(sides, beside, random_state)
    days = DAYS if end is None else min(DAYS, (end - answered) // _DAY)
    written = [posts.take(posts.resident & side) for side in _sides(posts, answered, max(days, 1))]
    said = [side.tokens for side in written]
    return Effect(
        verdict=verdict,
        replied_at=moment(answered),
        before=_share(f"{key}.effect.before", own.take(before)),
        after=_share(f"{key}.effect.after", own.take(after)),
        control_change=None if beside is None else round(beside.change, 4),
        interval=interval,
        n=len(sides.before) + len(sides.after),
        volume_before=_volume(f"{key}.effect.volume_before", written[0]) if days > 0 else None,
        volume_after=_volume(f"{key}.effect.volume_after", written[1]) if days > 0 else None,
        days=max(days, 0),
        gained=tuple(telling_words(said[1], said[0])),
        lost=tuple(telling_words(said[0], said[1])),
        net=None if interval is None or beside is None else round(sides.change - beside.change, 4),
    )


def judge_effect(
    sides: Sides, control: Sides | None, random_state: int = 0
) -> tuple[Verdict, tuple[float, float] | None]:
    """Verdict and 95 % interval of the change less the control's; neither without a control or below the minimum."""
    if not sides.enough(LEAST) or control is None:
        return "insufficient", None
    rng = np.random.default_rng(random_state)
    beside = _draw(control.after, rng) - _draw(control.before, rng)
    changes = _draw(sides.after, rng) - _draw(sides.before, rng) - beside
    net = sides.change - control.change
    low, high = (round(float(value), 4) for value in np.quantile(changes, [0.025, 0.975]))
    if high < 0 and net <= -_SMALLEST:
        return "better", (low, high)
    if low > 0 and net >= _SMALLEST:
        return "worse", (low, high)
    return "unchanged", (low, high)


def _draw(values: npt.NDArray[np.float64], rng: np.random.Generator) -> npt.NDArray[Any]:
    """Bootstrap means.  One post of each kind is added: a side without exceptions is not certain either."""
    values = np.append(values, (0.0, 1.0))
    if len(values) > _MANY:  # there the means are normal, and drawing posts would be slow
        return rng.normal(values.mean(), values.std() / np.sqrt(len(values)), _DRAWS)
    means: npt.NDArray[Any] = values[rng.integers(0, len(values), (_DRAWS, len(values)))].mean(axis=1)
    return means


def _control_sides(control: Posts, posts: Posts, answered: int) -> Sides | None:
    """Other threads in the same area about other things; where these are few, other threads anywhere."""
    near = np.searchsorted(control.at, (answered - DAYS * _DAY, answered + DAYS * _DAY + 1))
    control = control.take(np.arange(*near))
    others = control.take(control.resident & control.read & ~np.isin(control.thread_id, posts.thread_id))
    opening = posts.take(posts.resident & posts.is_first)
    about, where = _commonest(opening.category), _commonest(opening.district)
    elsewise = others.category != about
    for chosen, least in ((elsewise & (others.district == where), _PLENTY), (elsewise, LEAST_CONTROL)):
        some = others.take(chosen)
        sides = _as_sides(some, *_sides(some, answered))
        if sides.enough(least):
            return sides
    return None


def _commonest(values: Texts) -> Any:
    """The commonest value that is one; None without any."""
    counts = Counter(value for value in values if value is not None)
    return max(counts, key=lambda value: (counts[value], value)) if counts else None


def _answered(posts: Posts) -> int | None:
    """When the first official post with an answer was written; else the first official post.

    None without one, and where nobody knows: there is no before and after.
    """
    official = official_rows(posts)
    answers = [row for row in official if not is_acknowledgement(posts.text[row])] or official
    return int(posts.at[answers[0]]) if answers and posts.timed[answers[0]] else None


def _sides(posts: Posts, answered: int, days: int = DAYS) -> tuple[Bools, Bools]:
    before = (posts.at < answered) & (posts.at >= answered - days * _DAY)
    after = (posts.at > answered) & (posts.at <= answered + days * _DAY)
    return before, after


def _as_sides(posts: Posts, before: Bools, after: Bools) -> Sides:
    return Sides(posts.p_neg[before], posts.p_neg[after])


def _share(key: str, posts: Posts) -> Share:
    negative = posts.take(posts.negative)
    return Share(key=key, part=len(negative), whole=len(posts), posts=negative.ids)


def _volume(key: str, posts: Posts) -> Figure:
    return Figure(key=key, value=len(posts), posts=posts.ids)
