"""What a thread, and an issue as the sum of its threads, is about: where, and worded how."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
import numpy.typing as npt

from analysis.whereabouts import Names, place_names
from analysis.wording import BODY, Floats, Keys, Rarity, Weights, count_pairs, dot, pair_keys

_KINDS_OF_PLACE = frozenset(
    key
    for kind in ("小区", "社区", "街道", "新村", "花园", "家园", "公寓", "业主", "居民", "附近")
    for key in pair_keys(kind)
)
_FEATURES = 80
_NAMED = 0.3  # a name belongs to an issue when this share of its threads have it
_SPECIFIC = 0.8  # a name must be this rare, in units of the rarity of something seen once
_HELD = 0.6  # the share of a name's rarity that must be found for it to be there


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadText:
    """What a thread says: enough to tell which matter it is about."""

    thread_id: int
    title: str
    text: str
    text_hash: str
    places: tuple[str, ...]
    day: int
    replies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadProfile:
    """`whole` weighs all pairs by rarity, `content` those outside the place's name by its root."""

    title_names: tuple[str, ...]
    body_names: tuple[str, ...]
    pairs: dict[int, int]
    whole: Weights
    content: Weights

    @property
    def names(self) -> tuple[str, ...]:
        return self.title_names or self.body_names


class Profiler:
    """Makes profiles of threads with one measure of rarity."""

    def __init__(self, rarity: Rarity) -> None:
        self.rarity = rarity
        self.least_mass = _SPECIFIC * rarity.most_
        self._masses: dict[str, tuple[Weights, float]] = {}

    def profile(self, threads: Sequence[ThreadText]) -> list[ThreadProfile]:
        """The profile of each thread; many at once cost less."""
        counted = count_pairs([thread.title for thread in threads], [thread.text for thread in threads])
        rarity, repeated = self.rarity.of(counted.keys), self.rarity.repeated(counted.keys)
        whole, content = counted.weights * rarity, counted.weights * rarity**0.5
        profiles = []
        for number, thread in enumerate(threads):
            row = counted.row(number)
            keys, linking = counted.keys[row], repeated[row]
            title_names, body_names, about = self._names(thread)
            place_pairs = {pair for name in about for pair in self.mass(name)[0]} | _KINDS_OF_PLACE
            elsewhere = ~np.isin(keys, np.fromiter(place_pairs, np.int64, len(place_pairs)))
            profiles.append(
                ThreadProfile(
                    title_names=title_names,
                    body_names=body_names,
                    pairs=dict.fromkeys(keys.tolist(), 1),
                    whole=_strongest(keys, whole[row], linking, _FEATURES),
                    content=_strongest(
                        keys[elsewhere], content[row][elsewhere], linking[elsewhere], 2 * _FEATURES
                    ),
                )
            )
        return profiles

    def title_names(self, thread: ThreadText) -> tuple[str, ...]:
        """Names of places in the title that tell them apart: spots, or else roads."""
        return self._of_title(place_names(thread.title, thread.places))

    def _names(self, thread: ThreadText) -> tuple[tuple[str, ...], tuple[str, ...], Iterable[str]]:
        """Names in the title, names in the text, and all names that say where the thread is."""
        in_title = place_names(thread.title, thread.places)
        in_body = place_names(thread.text[:BODY], thread.places)
        title_names = self._of_title(in_title)
        body_names = self._specific(in_body, spots=True)
        return title_names, body_names, (*in_title, *(() if title_names else body_names))

    def _of_title(self, names: Names) -> tuple[str, ...]:
        return self._specific(names, spots=True) or self._specific(names, spots=False)

    def _specific(self, names: Names, *, spots: bool) -> tuple[str, ...]:
        return tuple(
            name for name, spot in names.items() if spot == spots and self.mass(name)[1] >= self.least_mass
        )

    def mass(self, name: str) -> tuple[Weights, float]:
        if name not in self._masses:
            self._masses[name] = self.rarity.mass(name)
        return self._masses[name]

    def holds(self, counted: Mapping[int, int], name: str, least: float = 1.0) -> bool:
        """Whether the name is found among pairs that are counted at least `least` times."""
        weights, whole = self.mass(name)
        needed = max(self.least_mass, _HELD * whole)
        return sum([weight for pair, weight in weights.items() if counted.get(pair, 0) >= least]) >= needed


def _strongest(keys: Keys, weights: Floats, linking: npt.NDArray[np.bool_], most: int) -> Weights:
    """Weights of a whole of length one, of which the heaviest are kept that another thread has too."""
    length = sqrt(float(weights @ weights)) or 1.0
    keys, weights = keys[linking], weights[linking] / length
    order = np.argsort(-weights, kind="stable")[:most]
    return dict(zip(keys[order].tolist(), weights[order].tolist(), strict=True))


@dataclass(slots=True)
class IssueProfile:
    """The sum of its threads' profiles.  `titled` are names in titles, `names` those or else the texts'."""

    threads: int = 0
    title_names: Counter[str] = field(default_factory=Counter)
    body_names: Counter[str] = field(default_factory=Counter)
    pairs: Counter[int] = field(default_factory=Counter)
    whole: Weights = field(default_factory=dict)
    content: Weights = field(default_factory=dict)
    length: float = 1.0
    least: float = 1.0
    titled: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def add(self, *threads: ThreadProfile) -> None:
        for thread in threads:
            self.title_names.update(thread.title_names)
            self.body_names.update(thread.body_names)
            self.pairs.update(thread.pairs.keys())
            self._grow(1, thread.whole, thread.content)
        self._settle()

    def absorb(self, other: "IssueProfile") -> None:
        self.title_names.update(other.title_names)
        self.body_names.update(other.body_names)
        self.pairs.update(other.pairs)
        self._grow(other.threads, other.whole, other.content)
        self._settle()

    def _grow(self, threads: int, whole: Weights, content: Weights) -> None:
        self.threads += threads
        _add(self.whole, whole)
        _add(self.content, content)

    def _settle(self) -> None:
        self.length = sqrt(sum([weight * weight for weight in self.whole.values()])) or 1.0
        self.least = max(1.0, _NAMED * self.threads)
        self.titled = _held(self.title_names, self.least)
        self.names = self.titled or _held(self.body_names, self.least)


def _held(names: Counter[str], least: float) -> tuple[str, ...]:
    return tuple(name for name, number in names.items() if number >= least)


def likeness(thread: Weights, total: Weights, threads: int) -> float:
    """The mean likeness of a thread to the threads of an issue."""
    return dot(thread, total) / threads


def _add(total: Weights, weights: Weights) -> None:
    for pair, weight in weights.items():
        total[pair] = total.get(pair, 0.0) + weight
