"""How a thread is worded, as weighted pairs of characters.

Pairs need no dictionary, and near-synonyms share them (搅拌站, 搅拌厂).
"""

import re
from collections import Counter
from collections.abc import Iterable
from math import log
from typing import Self

BODY = 250  # characters of the text that count
TITLE_WEIGHT = 3.0
_BACKGROUND = 500  # threads of other towns that are taken to hold no pair: steadies small corpora
_NOT_TEXT = re.compile(r"[\W_]+")

Weights = dict[str, float]


def pairs(text: str) -> list[str]:
    """Overlapping pairs of letters and characters; none crosses punctuation."""
    runs = _NOT_TEXT.sub(" ", text.lower()).split()
    return [run[place : place + 2] for run in runs for place in range(len(run) - 1)]


def count_pairs(title: str, text: str) -> Weights:
    """Pair → how much it says: the title counts thrice, repetition in the text by its logarithm."""
    counted = dict.fromkeys(pairs(title), TITLE_WEIGHT)
    for pair, number in Counter(pairs(text[:BODY])).items():
        counted[pair] = counted.get(pair, 0.0) + 1 + log(number)
    return counted


def dot(first: Weights, second: Weights) -> float:
    """The inner product; `first` is the shorter one."""
    return sum([weight * second[pair] for pair, weight in first.items() if pair in second])


class Rarity:
    """How rare a pair is among threads: ln((n + 500) / (threads with it + 0.5))."""

    def fit(self, counted: Iterable[Iterable[str]]) -> Self:
        """Learn from the pairs of each thread."""
        self.threads_ = 0
        self.frequency_: Counter[str] = Counter()
        for own in counted:
            self.frequency_.update(list(own))  # a mapping would be added by its values
            self.threads_ += 1
        total = self.threads_ + _BACKGROUND
        self.most_ = log(total)
        self.rarity_ = {pair: log(total / (number + 0.5)) for pair, number in self.frequency_.items()}
        self.unseen_ = log(total / 0.5)
        return self

    def of(self, pair: str) -> float:
        return self.rarity_.get(pair, self.unseen_)

    def mass(self, name: str) -> tuple[Weights, float]:
        """The rarity of each pair of a name, and their sum."""
        weights = {pair: self.of(pair) for pair in pairs(name)}
        return weights, sum(weights.values())

    def repeated(self, pair: str) -> bool:
        """Whether more than one thread has the pair, so that it can link them."""
        return self.frequency_.get(pair, 0) != 1
