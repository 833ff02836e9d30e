"""Talks: many threads of a few days about one thing, however each of them words it.

A grouping by likeness of two threads misses a story whose wording turns, or a question
that is asked twenty ways without a place.  Such a talk is known by a word that many
threads share and by the threads' being alike beyond that word: an estate that is merely
named in many troubles has the word but not the likeness.  Replies are read too: they say
what a short opening post leaves out.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from math import log, sqrt
from statistics import fmean, median

from analysis.profiles import ThreadText
from analysis.wording import BODY, Rarity, Weights, dot, pairs

DAYS = 14
LEAST = 4  # threads
_ALIKE = 0.0055  # least likeness of the lower half of the threads to all others, the word left out
_FEW = 0.058  # more of it is asked of few threads: divided by the root of their number
_JOINS = 0.6  # a thread belongs when it is so alike, in units of the middle thread's likeness
_STRAYS = 0.65  # the same for a thread without the word
_LOUD = 400  # a word in more threads is everybody's
_FEATURES = 150
_TITLE = 3
_ATTACHED = 0.8
_ROUNDS = 4


def find_talks(threads: Sequence[ThreadText], new: Collection[int]) -> list[list[int]]:
    """The talks, as thread ids in order of time, of each fortnight (counted back) with new threads."""
    fortnights: dict[int, list[ThreadText]] = defaultdict(list)
    last = max((thread.day for thread in threads), default=0)
    for thread in threads:
        fortnights[(last - thread.day) // DAYS].append(thread)
    wanted = {(last - thread.day) // DAYS for thread in threads if thread.thread_id in new}
    return [talk for number in sorted(wanted, reverse=True) for talk in _of_days(fortnights[number], new)]


def _of_days(threads: Sequence[ThreadText], new: Collection[int]) -> Iterator[list[int]]:
    if len(threads) < LEAST:
        return
    room = _Room(threads, new)
    while (talk := room.loudest()) is not None:
        yield [threads[row].thread_id for row in talk]


class _Room:
    """The threads of some days, from which one talk after the other is taken that a new thread may be in."""

    def __init__(self, threads: Sequence[ThreadText], new: Collection[int]) -> None:
        counted = [_count(thread) for thread in threads]
        rarity = Rarity().fit(counted)
        self._pairs = [frozenset(own) for own in counted]
        self._vectors = [_weigh(own, rarity) for own in counted]
        self._holders: dict[str, list[int]] = defaultdict(list)
        titles: Counter[str] = Counter()
        for row, thread in enumerate(threads):
            title = set(pairs(thread.title))
            titles.update(title)
            for pair in title | set(pairs(thread.text[:BODY])):
                self._holders[pair].append(row)
        self._left = set(range(len(threads)))
        asked = {
            pair
            for own, thread in zip(counted, threads, strict=True)
            if thread.thread_id in new
            for pair in own
        }
        words = [pair for pair, number in sorted(titles.items()) if number > 1 and pair in asked]
        self._words = {word: loud for word in words if (loud := self._loudness(word))}

    def loudest(self) -> list[int] | None:
        """The threads of the loudest talk left, which leave the room."""
        while self._words:
            word = max(self._words, key=lambda word: (self._words[word], word))
            now = self._loudness(word)
            if now == self._words[word]:
                talk = self._around(word)
                self._left -= set(talk)
                return talk
            self._words[word] = now
            if not now:
                del self._words[word]
        return None

    def _holding(self, word: str) -> list[int]:
        return [row for row in self._holders[word] if row in self._left]

    def _loudness(self, word: str) -> float:
        """Grows with the threads and with the likeness of their lower half; 0 for a word that is no talk's."""
        if not LEAST <= len(self._holders[word]) <= _LOUD:
            return 0.0
        rows = self._holding(word)
        if len(rows) < LEAST:
            return 0.0
        likeness = sorted(self._likeness(rows, self._attached(word, rows)))
        lower = fmean(likeness[: len(rows) // 2])
        return float(lower * len(rows) ** 1.5) if lower >= _ALIKE + _FEW / sqrt(len(rows)) else 0.0

    def _attached(self, word: str, rows: Sequence[int]) -> set[str]:
        """The word and the pairs that overlap it nearly always: the rest of a name."""
        held = Counter(pair for row in rows for pair in self._vectors[row])
        near = {pair for pair, number in held.items() if number >= _ATTACHED * len(rows)}
        chain, ends = {word}, [word]
        while ends:
            end = ends.pop()
            found = {pair for pair in near - chain if pair[0] == end[-1] or pair[-1] == end[0]}
            chain |= found
            ends += found
        return chain

    def _likeness(self, rows: Sequence[int], without: set[str]) -> list[float]:
        """The mean likeness of each thread to the others."""
        total, own = self._sum(rows, without)
        return [(dot(self._vectors[row], total) - own[row]) / (len(rows) - 1) for row in rows]

    def _sum(self, rows: Iterable[int], without: set[str]) -> tuple[Weights, dict[int, float]]:
        """The sum of the threads' vectors, and the square of each."""
        total: Weights = defaultdict(float)
        squares = {}
        for row in rows:
            square = 0.0
            for pair, weight in self._vectors[row].items():
                if pair not in without:
                    total[pair] += weight
                    square += weight * weight
            squares[row] = square
        return dict(total), squares

    def _around(self, word: str) -> list[int]:
        """The talk's threads: with the word, or so alike that the word is not needed."""
        holders = set(self._holding(word))
        rows = sorted(holders)
        for _ in range(_ROUNDS):
            likeness = self._likeness(rows, set())
            middle = median(likeness)
            total, squares = self._sum(rows, set())
            members = []
            for row in sorted(self._near(total)):
                inside = row in squares
                mean = (dot(self._vectors[row], total) - squares.get(row, 0.0)) / (len(rows) - inside)
                if mean >= middle * (_JOINS if row in holders else _STRAYS):
                    members.append(row)
            rows = members if len(members) >= LEAST else rows
        return rows

    def _near(self, total: Weights) -> set[int]:
        """Threads left that hold one of the sum's heaviest pairs."""
        heavy = sorted(total, key=lambda pair: (-total[pair], pair))[:40]
        return {row for pair in heavy for row in self._holders[pair] if row in self._left}


def _count(thread: ThreadText) -> Counter[str]:
    counted = Counter(dict.fromkeys(pairs(thread.title), _TITLE))
    for text in (thread.text, *thread.replies):
        counted.update(set(pairs(text[:BODY])))
    return counted


def _weigh(counted: Counter[str], rarity: Rarity) -> Weights:
    """Of length one before those pairs are left out that no other thread has."""
    weights = {pair: (1 + log(number)) * rarity.of(pair) for pair, number in counted.items()}
    length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    linking = [(pair, weight / length) for pair, weight in weights.items() if rarity.repeated(pair)]
    return dict(sorted(linking, key=lambda item: (-item[1], item[0]))[:_FEATURES])
