"""Which side of an issue people spoke of when: stretches between changes of vocabulary and mood.

What one thread said on one day is a unit: its words, weighed by their rarity and reduced to a
few dimensions, and its share of negative and positive posts.  First the answer, whose time is
known, is tried as a change; then, in what lies before and after it, how often the units change
is tested by permuting their order (the largest split of each stretch, as in E-divisive), and
where is found exactly by dynamic programming (ruptures).  An issue with few units, or none
that change, has no aspects.  On streams without a change one is found in 1 to 4 % (in 4 to
16 % where neighbours correlate by 0.2); a change by two standard deviations of one of six
dimensions is found in 75 to 93 % of streams of 30 units.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import linalg

from analysis.keywords import telling_words
from analysis.posts import Bools, Ints, Posts
from analysis.quotes import choose_quotes
from analysis.results import Aspect, Figure, Share
from analysis.vocabulary import worth_telling

LEAST_UNITS: Final = 16
LEAST_POSTS: Final = 40
_SHORTEST: Final = 4  # units of an aspect
_MOST: Final = 4  # aspects
_DIMENSIONS: Final = 4
_VOCABULARY: Final = 400
_USUAL: Final = 0.7  # of the units: what all say tells none apart
_MOOD: Final = 0.5  # weight of the mood against the words
_DRAWS: Final = 199
_BLOCK: Final = 3  # neighbours kept together when orders are compared
_CHANCE: Final = 0.05

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Units:
    """Rows of the posts of each unit, in the order of time, and what each unit says."""

    rows: list[Ints]
    features: Matrix


def find_aspects(
    posts: Posts, key: str, answered_at: int | None = None, random_state: int = 0
) -> tuple[Aspect, ...]:
    """The aspects of an issue in the order of time; none where there is no change to be sure of."""
    own = posts.residents
    if len(own) < LEAST_POSTS:
        return ()
    after = np.zeros(len(own), dtype=bool) if answered_at is None else own.at > answered_at
    units = _read_units(own, after)
    if units is None:
        return ()
    answered = sum(not after[rows[0]] for rows in units.rows)
    ends = find_changes(units.features, answered, random_state)
    if not ends:
        return ()
    bounds = [0, *ends, len(units.rows)]
    parts = [np.concatenate(units.rows[first:end]) for first, end in pairwise(bounds)]
    return tuple(_aspect(own, np.sort(rows), f"{key}.aspect.{number}") for number, rows in enumerate(parts))


def find_changes(features: Matrix, known: int = 0, random_state: int = 0) -> list[int]:
    """The units with which something else begins; none where a random order is as likely.

    `known` is a unit with which something may begin, such as the first after an answer.
    """
    rng = np.random.default_rng(random_state)
    if _SHORTEST <= known <= len(features) - _SHORTEST and _chance_at(features, known, rng) <= _CHANCE / 2:
        before = _search(features[:known], rng, _MOST - 2)
        after = _search(features[known:], rng, _MOST - 2 - len(before))
        return [*before, known, *(known + end for end in after)]
    return _search(features, rng, _MOST - 1)


def _search(features: Matrix, rng: np.random.Generator, most: int) -> list[int]:
    number = _count_changes(features, rng, most)
    if not number:
        return []
    # Imported where it is used: it brings all of scipy, a second, and few issues have anything to split.
    import ruptures  # type: ignore[import-untyped]

    search = ruptures.Dynp(model="l2", min_size=_SHORTEST, jump=1).fit(features)
    return [int(end) for end in search.predict(n_bkps=number)[:-1]]


def _chance_at(features: Matrix, place: int, rng: np.random.Generator) -> float:
    """How often a random order has as great a difference at this place."""
    orders = np.concatenate([features[None], features[_orders(len(features), rng)]])
    distances = ((orders[:, :place].mean(1) - orders[:, place:].mean(1)) ** 2).sum(1)
    return float((distances >= distances[0] - 1e-12).mean())


def _count_changes(features: Matrix, rng: np.random.Generator, most: int) -> int:
    """How many splits, the most telling first, no random order of their stretch would give."""
    stretches, found = [features], 0
    while found < most and stretches:
        gains = [best_split(stretch[None])[0] for stretch in stretches]
        best = int(np.argmax([gain[0] for gain in gains]))
        stretch = stretches.pop(best)
        place = int(best_split(stretch[None])[1][0])
        if gains[best][0] <= 0 or _chance(stretch, gains[best][0], rng) > _CHANCE:
            continue
        found += 1
        stretches += [stretch[:place], stretch[place:]]
    return found


def _chance(stretch: Matrix, gain: float, rng: np.random.Generator) -> float:
    gains = best_split(stretch[_orders(len(stretch), rng)])[0]
    return float((1 + (gains >= gain).sum()) / (_DRAWS + 1))


def _orders(units: int, rng: np.random.Generator) -> Ints:
    """Random orders (draws × units) of blocks of neighbours: units of one day are alike without any change."""
    first = rng.integers(0, _BLOCK, (_DRAWS, 1))
    blocks = (np.arange(units) + first) // _BLOCK
    ranks = rng.random((_DRAWS, units // _BLOCK + 2))
    orders: Ints = np.argsort(np.take_along_axis(ranks, blocks, axis=1), axis=1, kind="stable")
    return orders


def best_split(series: npt.NDArray[np.float64]) -> tuple[Matrix, Ints]:
    """Of each series (series × units × dimensions): how much the best split explains, and where it is."""
    units = series.shape[1]
    if units < 2 * _SHORTEST:
        return np.zeros(len(series)), np.zeros(len(series), dtype=np.int64)
    places = np.arange(_SHORTEST, units - _SHORTEST + 1)
    sums = series.cumsum(axis=1)
    left = sums[:, places - 1]
    right = sums[:, -1:] - left
    gains = (left**2).sum(2) / places + (right**2).sum(2) / (units - places)
    gains = gains - (sums[:, -1] ** 2).sum(1)[:, None] / units
    best = gains.argmax(axis=1)
    return gains.max(axis=1), places[best]


def _read_units(posts: Posts, after: Bools) -> Units | None:
    """Units of one thread and day, those after the answer last; None with too few of them or of words."""
    groups: dict[tuple[bool, int, int], list[int]] = {}
    for row, unit in enumerate(
        zip(after.tolist(), posts.day.tolist(), posts.thread_id.tolist(), strict=True)
    ):
        groups.setdefault(unit, []).append(row)
    rows = [np.array(own) for own in groups.values()]
    if len(rows) < LEAST_UNITS:
        return None
    said = [worth_telling(tokens or "") for tokens in posts.tokens]
    words = _weigh_words([[word for row in own for word in said[row]] for own in rows])
    if words.shape[1] <= _DIMENSIONS:
        return None
    last = len(rows) - 1
    sizes, axes = linalg.eigh(words @ words.T, subset_by_index=(last - _DIMENSIONS + 1, last))
    reduced = axes * np.sqrt(np.maximum(sizes, 0))
    mood = np.array([_mood(posts, own) for own in rows])
    return Units(rows, np.hstack([_scaled(reduced), _MOOD * _scaled(mood)]))


def _weigh_words(units: Sequence[Sequence[str]]) -> Matrix:
    """Units × words, by logarithm and rarity, each unit of length one; words of one unit or of most are left out."""
    # Not a set: its order is not the same twice.
    known = Counter(word for unit in units for word in dict.fromkeys(unit))
    words = [word for word, count in known.most_common(_VOCABULARY) if 2 <= count <= _USUAL * len(units)]
    columns = {word: place for place, word in enumerate(words)}
    counts = np.zeros((len(units), len(words)))
    for row, unit in enumerate(units):
        for word in unit:
            if word in columns:
                counts[row, columns[word]] += 1
    rarity = np.log((1 + len(units)) / (1 + np.array([known[word] for word in words]))) + 1
    weights = np.log1p(counts) * rarity
    scaled: Matrix = weights / np.maximum(np.linalg.norm(weights, axis=1, keepdims=True), 1e-9)
    return scaled


def _mood(posts: Posts, rows: Ints) -> tuple[float, float]:
    """Negative and positive share of a unit, drawn to the middle where it has few posts."""
    read = rows[posts.read[rows]]
    negative = float(posts.p_neg[read].sum())
    positive = float((posts.sentiment[read] == "pos").sum())
    return (negative + 1) / (len(read) + 2), (positive + 0.5) / (len(read) + 2)


def _scaled(columns: Matrix) -> Matrix:
    """Centred, with a total variance of one."""
    centred: Matrix = columns - columns.mean(axis=0)
    return centred / max(float(np.sqrt(centred.var(axis=0).sum())), 1e-9)


def _aspect(posts: Posts, rows: Ints, key: str) -> Aspect:
    own = posts.take(rows)
    rest = posts.take(np.setdiff1d(np.arange(len(posts)), rows))
    read = own.take(own.read)
    negative = read.take(read.negative)
    return Aspect(
        words=tuple(telling_words(own.tokens, rest.tokens)),
        first_day=date.fromordinal(int(own.day.min())),
        last_day=date.fromordinal(int(own.day.max())),
        posts=Figure(key=f"{key}.posts", value=len(own), posts=own.ids),
        share=round(len(own) / len(posts), 3),
        negative=Share(key=f"{key}.negative", part=len(negative), whole=len(read), posts=negative.ids),
        quote=next(iter(choose_quotes(own)), None),
    )
