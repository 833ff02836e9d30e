"""Talks: many threads of a few days about one thing, however each of them words it.

A grouping by likeness of two threads misses a story whose wording turns, or a question
that is asked twenty ways without a place.  Such a talk is known by a word that many
threads share and by the threads' being alike beyond that word: an estate that is merely
named in many troubles has the word but not the likeness.  Replies are read too: they say
what a short opening post leaves out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from heapq import heapify, heappop, heapreplace
from typing import Any

import numpy as np
from scipy import sparse

from analysis.profiles import ThreadText
from analysis.wording import CHARACTER, Floats, PairTable, Rarity, Rows, count_mentions, distinct

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
_HEAVY = 40
_BLOCK = 500  # words weighed at a time
_ROUNDING = 1e-9

Matrix = Any  # scipy's are not typed


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
    """The threads of some days, from which one talk after the other is taken that a new thread may be in.

    Rows are threads, columns pairs, by rising key.  `_words` is a heap, the loudest word first.
    """

    def __init__(self, threads: Sequence[ThreadText], new: Collection[int]) -> None:
        titles = [thread.title for thread in threads]
        counted = count_mentions(titles, [(thread.text, *thread.replies) for thread in threads])
        rarity = Rarity().fit(counted)
        shape = (len(threads), len(rarity.keys_))
        columns = np.searchsorted(rarity.keys_, counted.keys)
        self._keys = rarity.keys_
        self._vectors = _weigh(counted, rarity, columns, shape)
        self._squares = self._vectors.power(2).sum(axis=1)
        self._linked = self._vectors.tocsc()
        opened = count_mentions(titles, [(thread.text,) for thread in threads])
        self._holders = _ones(opened.rows, np.searchsorted(rarity.keys_, opened.keys), shape).tocsc()
        titled = count_mentions(titles, [()] * len(threads))
        asked = counted.keys[
            np.isin(counted.rows, [row for row, thread in enumerate(threads) if thread.thread_id in new])
        ]
        words, number = np.unique(titled.keys, return_counts=True)
        words = words[(number > 1) & np.isin(words, asked)]
        self._left = np.ones(len(threads), bool)
        worth = self._worth_hearing(np.searchsorted(rarity.keys_, words))
        self._words = [(-loud, -word) for word in worth.tolist() if (loud := self._loudness(word))]
        heapify(self._words)

    def loudest(self) -> list[int] | None:
        """The threads of the loudest talk left, which leave the room."""
        while self._words:
            loud, word = self._words[0]
            now = self._loudness(-word)
            if now == -loud:
                talk = self._around(-word)
                self._left[talk] = False
                return [int(row) for row in talk]
            if now:
                heapreplace(self._words, (-now, word))
            else:
                heappop(self._words)
        return None

    def _worth_hearing(self, words: Rows) -> Rows:
        """The words that can be loud: the threads that hold them are alike enough on average, the word left out."""
        held = np.diff(self._holders.indptr)[words]
        words = words[(held >= LEAST) & (held <= _LOUD)]
        worth = [words[:0]]
        for first in range(0, len(words), _BLOCK):
            some = words[first : first + _BLOCK]
            holding = self._holders[:, some].T.tocsr()
            number = np.diff(holding.indptr)
            own = holding.multiply(self._linked[:, some].T).tocsr()
            total = (holding @ self._vectors).power(2).sum(axis=1) - own.sum(axis=1) ** 2
            squares = holding @ self._squares - own.power(2).sum(axis=1)
            worth.append(some[(total - squares) / (number * (number - 1)) >= _least(number) - _ROUNDING])
        return np.concatenate(worth)

    def _holding(self, word: int) -> Rows:
        rows: Rows = self._holders.indices[self._holders.indptr[word] : self._holders.indptr[word + 1]]
        return rows[self._left[rows]]

    def _loudness(self, word: int) -> float:
        """Grows with the threads and with the likeness of their lower half; 0 for a word that is no talk's."""
        rows = self._holding(word)
        if len(rows) < LEAST:
            return 0.0
        vectors = self._vectors[rows]
        vectors.data[np.isin(vectors.indices, self._attached(word, vectors))] = 0.0
        squares = vectors.power(2).sum(axis=1)
        likeness = np.sort((_products(vectors, vectors) - squares) / (len(rows) - 1))
        lower = float(likeness[: len(rows) // 2].mean())
        return float(lower * len(rows) ** 1.5) if lower >= _least(len(rows)) else 0.0

    def _attached(self, word: int, vectors: Matrix) -> list[int]:
        """The word and the pairs that overlap it nearly always: the rest of a name."""
        held, number = np.unique(vectors.indices, return_counts=True)
        near = held[number >= _ATTACHED * vectors.shape[0]]
        first, last = self._keys[near] >> CHARACTER, self._keys[near] & ((1 << CHARACTER) - 1)
        chain, ends = {word}, [word]
        while ends:
            key = int(self._keys[ends.pop()])
            touching = near[(first == key & ((1 << CHARACTER) - 1)) | (last == key >> CHARACTER)]
            found = set(touching.tolist()) - chain
            chain |= found
            ends += found
        return sorted(chain)

    def _around(self, word: int) -> Rows:
        """The talk's threads: with the word, or so alike that the word is not needed."""
        holding = self._holding(word)
        rows = np.sort(holding)
        for _ in range(_ROUNDS):
            inside = self._vectors[rows]
            middle = np.median((_products(inside, inside) - self._squares[rows]) / (len(rows) - 1))
            near = self._near(inside)
            among = np.isin(near, rows)
            products = _products(self._vectors[near], inside) - np.where(among, self._squares[near], 0.0)
            least = np.where(np.isin(near, holding), _JOINS, _STRAYS) * middle
            members = near[products / (len(rows) - among) >= least]
            rows = members if len(members) >= LEAST else rows
        return rows

    def _near(self, vectors: Matrix) -> Rows:
        """Threads left that hold one of the heaviest pairs of the sum of these."""
        total = vectors.sum(axis=0)
        held = np.flatnonzero(total)
        heavy = held[np.argsort(-total[held], kind="stable")[:_HEAVY]]
        rows = distinct(self._holders[:, heavy].indices)
        return rows[self._left[rows]]


def _least(threads: Any) -> Any:
    """How alike so many threads must be."""
    return _ALIKE + _FEW / np.sqrt(threads)


def _products(vectors: Matrix, others: Matrix) -> Floats:
    """The inner product of each vector with the sum of the others."""
    products: Floats = vectors @ others.sum(axis=0)
    return products


def _weigh(counted: PairTable, rarity: Rarity, columns: Rows, shape: tuple[int, int]) -> Matrix:
    """Of length one before those pairs are left out that no other thread has."""
    weights = (1 + np.log(counted.weights)) * rarity.rarity_[columns]
    rows = counted.rows
    lengths = np.sqrt(np.bincount(rows, weights**2, len(counted)))
    weights = weights / lengths[rows]
    linking = np.flatnonzero(rarity.frequency_[columns] > 1)
    order = linking[np.lexsort((columns[linking], -weights[linking], rows[linking]))]
    place = np.arange(len(order)) - np.searchsorted(rows[order], rows[order])
    kept = order[place < _FEATURES]
    return sparse.csr_array((weights[kept], (rows[kept], columns[kept])), shape=shape)


def _ones(rows: Rows, columns: Rows, shape: tuple[int, int]) -> Matrix:
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
