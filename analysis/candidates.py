"""Which issues a thread may belong to, by the rare pairs they share: an index, so that
looking one up costs the same however long the history."""

from array import array
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from analysis.wording import Keys, Rows, count_pairs, distinct

KEYS = 20  # rarest pairs by which a thread is looked up
CROWD = 300  # a pair held by more issues finds nothing
MOST = 12
_LEAST = 0.25  # of weight shared, in units of a thread's length
_BESIDE = 0.4  # what the best candidate shares tells how much another must


class IssueIndex:
    """Pair → issues that hold it: stored ones by the titles of their threads, others as they are entered."""

    def __init__(self, stored: Mapping[int, Sequence[str]]) -> None:
        issues = np.repeat(
            np.fromiter(stored, np.int64, len(stored)), [len(titles) for titles in stored.values()]
        )
        titles = [title for some in stored.values() for title in some]
        held = count_pairs(titles, [""] * len(titles))
        order = np.lexsort((issues[held.rows], held.keys))
        self._keys: Keys = held.keys[order]
        self._issues: Rows = issues[held.rows][order]
        self._entered: dict[int, array[int]] = {}
        self._held: dict[int, set[int]] = {}

    def enter(self, keys: Iterable[int], issue: int) -> None:
        """Let the issue be found by these pairs."""
        held = self._held.setdefault(issue, set())
        for key in keys:
            if key not in held:
                held.add(key)
                self._entered.setdefault(key, array("q")).append(issue)

    def holders(self, key: int) -> Rows:
        """The issues that hold a pair, some of them twice; none where too many do."""
        first, last = np.searchsorted(self._keys, (key, key + 1))
        entered = self._entered.get(key, ())
        if last - first + len(entered) > CROWD:
            return _NOTHING
        held: Rows = np.concatenate([self._issues[first:last], np.array(entered, np.int64)])
        return held

    def find(self, weights: Mapping[int, float]) -> list[int]:
        """The issues that share the most of these pairs, given by falling weight; of equals the older."""
        keys = [key for key, _ in zip(weights, range(KEYS), strict=False)]
        held = [self.holders(key) for key in keys]
        numbers = np.repeat(np.arange(len(keys)), [len(some) for some in held])
        found = distinct(numbers << _ISSUE | np.concatenate([_NOTHING, *held]))  # a key finds an issue once
        if not len(found):
            return []
        issues, place = np.unique(found & ((1 << _ISSUE) - 1), return_inverse=True)
        shared = np.bincount(place, np.array([weights[key] for key in keys])[found >> _ISSUE])
        order = np.lexsort((issues, -shared))[:MOST]
        least = max(_LEAST, _BESIDE * float(shared.max()))
        return [int(issues[row]) for row in order if shared[row] >= least]


_ISSUE = 48  # bits that hold the number of any issue
_NOTHING: Rows = np.empty(0, np.int64)
