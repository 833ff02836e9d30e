"""How much a place is talked of around a day: when suddenly many write about one place, it is one matter."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import log
from typing import Self

from analysis.profiles import Profiler, ThreadText
from analysis.wording import BODY, pairs

AROUND = 7  # days before and after
USUAL = 3


class PlaceTalk:
    """Counts, by the rarest character pair of a name, the threads that hold it around a day."""

    def __init__(self, profiler: Profiler) -> None:
        self._profiler = profiler

    def fit(self, threads: Iterable[ThreadText]) -> Self:
        """Learn the days of every pair that is rare enough to be a name's."""
        days: dict[str, list[int]] = defaultdict(list)
        least = self._profiler.least_mass / 3
        for thread in threads:
            for pair in {*pairs(thread.title), *pairs(thread.text[:BODY])}:
                if self._profiler.rarity.of(pair) >= least:
                    days[pair].append(thread.day)
        self.days_ = {pair: sorted(found) for pair, found in days.items() if len(found) > USUAL}
        return self

    def intensity(self, names: Sequence[str], day: int) -> float:
        """1 for a place of which few write, growing with the logarithm of their number."""
        most = max((self._threads(name, day) for name in names), default=0)
        return 1 + log(most / USUAL) if most > USUAL else 1.0

    def _threads(self, name: str, day: int) -> int:
        """Threads with every pair of the name, at most: those with its rarest pair."""
        return min((self._around(pair, day) for pair in self._profiler.mass(name)[0]), default=0)

    def _around(self, pair: str, day: int) -> int:
        days = self.days_.get(pair, ())
        return bisect_right(days, day + AROUND) - bisect_left(days, day - AROUND)
