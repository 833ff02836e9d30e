"""How threads are worded, as weighted pairs of characters.

Pairs need no dictionary, and near-synonyms share them (搅拌站, 搅拌厂).  Many texts are
counted at once: a pair is a number (its two characters), and a table has one row a thread.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Self

import numpy as np
import numpy.typing as npt

BODY = 250  # characters of the text that count
TITLE_WEIGHT = 3.0
_BACKGROUND = 500  # threads of other towns that are taken to hold no pair: steadies small corpora
_NOT_TEXT = re.compile(r"[\W_]+")
CHARACTER = 21  # bits that hold any character
_PAIR = 2 * CHARACTER
_ROWS = 1 << (63 - _PAIR)  # texts whose pairs are counted at a time

Keys = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Weights = dict[int, float]
"""Pair → how much it says."""


def pairs(text: str) -> list[str]:
    """Overlapping pairs of letters and characters; none crosses punctuation."""
    runs = _NOT_TEXT.sub(" ", text.lower()).split()
    return [run[place : place + 2] for run in runs for place in range(len(run) - 1)]


def pair_keys(text: str) -> list[int]:
    """The same pairs as numbers."""
    return [ord(pair[0]) << CHARACTER | ord(pair[1]) for pair in pairs(text)]


@dataclass(frozen=True, slots=True)
class PairTable:
    """Rows of pairs with weights: those of row n stand at starts[n] to starts[n + 1], by rising key."""

    starts: Keys
    keys: Keys
    weights: Floats

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def rows(self) -> Keys:
        """The row of each pair."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def row(self, number: int) -> slice:
        return slice(int(self.starts[number]), int(self.starts[number + 1]))


def count_pairs(titles: Sequence[str], texts: Sequence[str]) -> PairTable:
    """One row a thread: a pair of its title counts thrice, repetition in the text by its logarithm."""
    parts = []
    for first in range(0, len(titles), _BLOCK):
        some = slice(first, first + _BLOCK)
        titled = distinct(_occurrences(titles[some]))
        told, number = np.unique(_occurrences([text[:BODY] for text in texts[some]]), return_counts=True)
        parts.append(_sum(titled, np.full(len(titled), TITLE_WEIGHT), told, 1 + np.log(number), first))
    return _table(parts, len(titles))


def count_mentions(titles: Sequence[str], texts: Sequence[Sequence[str]]) -> PairTable:
    """One row a thread: a pair of its title counts thrice, and once for each of its texts that has it."""
    parts = []
    for first in range(0, len(titles), _BLOCK):
        titled = distinct(_occurrences(titles[first : first + _BLOCK]))
        own = texts[first : first + _BLOCK]
        thread = np.repeat(np.arange(len(own)), [len(some) for some in own])
        said = distinct(_occurrences([text[:BODY] for some in own for text in some]))
        told, number = np.unique(_keys(said) | thread[_rows(said)] << _PAIR, return_counts=True)
        parts.append(_sum(titled, np.full(len(titled), TITLE_WEIGHT), told, number.astype(float), first))
    return _table(parts, len(titles))


_BLOCK = 4096  # threads, each with some dozens of texts: far from _ROWS


def _occurrences(texts: Sequence[str]) -> Keys:
    """Row and key, in one number, of every pair in the texts."""
    lowered = [text.lower() for text in texts]
    codes = np.frombuffer("\n".join(lowered).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    if len(codes) < 2:
        return np.empty(0, np.int64)
    counted, place = np.unique(codes, return_inverse=True)
    is_text = np.array([chr(code).isalnum() for code in counted.tolist()], bool)[place]
    rows = np.repeat(np.arange(len(texts)), [len(text) + 1 for text in lowered])[: len(codes)]
    both = is_text[:-1] & is_text[1:]
    found: Keys = (rows[:-1] << _PAIR | codes[:-1] << CHARACTER | codes[1:])[both]
    return found


def distinct(numbers: Keys) -> Keys:
    """The different numbers, in their order; np.unique takes ten times as long where there are many."""
    ordered = np.sort(numbers)
    different: Keys = ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)]]
    return different


def _rows(found: Keys) -> Keys:
    return found >> _PAIR


def _keys(found: Keys) -> Keys:
    return found & ((1 << _PAIR) - 1)


def _sum(first: Keys, weights: Floats, second: Keys, others: Floats, row: int) -> tuple[Keys, Keys, Floats]:
    """Rows counted from `row`, keys and summed weights of two lists of pairs."""
    found, place = np.unique(np.concatenate([first, second]), return_inverse=True)
    summed = np.bincount(place, np.concatenate([weights, others]), len(found)).astype(float)
    return _rows(found) + row, _keys(found), summed


def _table(parts: Sequence[tuple[Keys, Keys, Floats]], rows: int) -> PairTable:
    if not parts:
        return PairTable(np.zeros(1, np.int64), np.empty(0, np.int64), np.empty(0))
    row, keys, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    return PairTable(np.searchsorted(row, np.arange(rows + 1)), keys, weights)


def dot(first: Weights, second: Weights) -> float:
    """The inner product; `first` is the shorter one."""
    return sum([weight * second[pair] for pair, weight in first.items() if pair in second])


class Rarity:
    """How rare a pair is among threads: ln((n + 500) / (threads with it + 0.5))."""

    def fit(self, counted: PairTable) -> Self:
        """Learn from the pairs of each thread."""
        self.keys_, self.frequency_ = np.unique(counted.keys, return_counts=True)
        total = len(counted) + _BACKGROUND
        self.most_ = log(total)
        self.rarity_ = np.log(total / (self.frequency_ + 0.5))
        self.unseen_ = log(total / 0.5)
        return self

    def of(self, keys: Keys) -> Floats:
        """The rarity of each pair."""
        place, known = self._find(keys)
        return np.where(known, self.rarity_[place], self.unseen_) if len(self.keys_) else self._unseen(keys)

    def repeated(self, keys: Keys) -> npt.NDArray[np.bool_]:
        """Whether more than one thread has the pair, so that it can link them."""
        place, known = self._find(keys)
        return ~known | (self.frequency_[place] > 1) if len(self.keys_) else np.ones(len(keys), bool)

    def mass(self, name: str) -> tuple[Weights, float]:
        """The rarity of each pair of a name, and their sum."""
        keys = list(dict.fromkeys(pair_keys(name)))
        weights = dict(zip(keys, self.of(np.array(keys, np.int64)).tolist(), strict=True))
        return weights, sum(weights.values())

    def _find(self, keys: Keys) -> tuple[Keys, npt.NDArray[np.bool_]]:
        place: Keys = np.minimum(np.searchsorted(self.keys_, keys), max(len(self.keys_) - 1, 0))
        return place, self.keys_[place] == keys if len(self.keys_) else np.zeros(len(keys), bool)

    def _unseen(self, keys: Keys) -> Floats:
        return np.full(len(keys), self.unseen_)
