"""From segmented texts to calibrated probabilities of sentiment, intent and category."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import filterfalse
from typing import Final

import numpy as np

from pipelines.cues import find_cues
from pipelines.features import SLOT_BITS, NGrams, Slots, slot
from pipelines.linear import Bag, Floats, Linear

TASKS: Final = ("sentiment", "intent", "category")
SENTIMENTS: Final = ("neg", "neu", "pos")
CUE_SCALE: Final = np.float32(0.25)
# How much likelier than its few examples suggest a text is a resident's: in a file of
# whatever kind (where the public corpora lose nothing by it), and on an office's forums.
ANYWHERE: Final = 2.0
ON_A_FORUM: Final = 8.0
_LEAST = np.float32(1e-5)
_SPREAD = np.float32(8)


@dataclass(frozen=True)
class Registers:
    """Where a text could come from, and the sentiment it would have there.

    Some labels are a register with a sentiment (`hotel|neg`): corpora in which the
    sentiment is known from the register's own examples.  The others are registers of
    residents' posts, whose sentiment the model named `sentiment` decides.
    """

    linear: Linear

    @cached_property
    def _members(self) -> Floats:
        """Which label belongs to which sentiment, as columns of ones; the residents' to none."""
        ends = [label.partition("|")[2] for label in self.linear.labels]
        return np.array([[end == sentiment for sentiment in SENTIMENTS] for end in ends], np.float32)

    def hints(self, shares: Floats) -> Floats:
        """What the registers say to the other models: logarithms of sentiments and of residents' registers."""
        sums = shares @ self._members
        known = sums / np.maximum(sums.sum(axis=1, keepdims=True), _LEAST)
        residents = shares[:, self._members.sum(axis=1) == 0]
        hints: Floats = np.log(np.maximum(np.hstack([known, residents]), _LEAST)) / _SPREAD
        return hints

    def elsewhere(self, shares: Floats, residents: float) -> Floats:
        """Sentiments over all registers that know their own; rows sum to less than one."""
        sums: Floats = shares @ self._members
        total = sums.sum(axis=1, keepdims=True)
        shares_elsewhere: Floats = sums / (total + np.float32(residents) * (1 - total))
        return shares_elsewhere


@dataclass(frozen=True)
class Models:
    """All that reads a text; `version` names the content it came from."""

    version: str
    ngrams: NGrams
    ignored: frozenset[str]
    registers: Registers
    sentiment: Linear
    intent: Linear
    category: Linear

    @cached_property
    def _slots_of_whole(self) -> Slots:
        return _slots_of(self.registers.linear, self.sentiment, self.intent)

    @cached_property
    def _slots_of_kept(self) -> Slots:
        return _slots_of(self.category)

    def labels(self, task: str) -> tuple[str, ...]:
        """The labels of a task, in the order of its columns."""
        linear: Linear = getattr(self, task)
        return linear.labels

    def answer(self, texts: Sequence[Sequence[str]], residents: float = ANYWHERE) -> dict[str, Floats]:
        """For each task one row a segmented text, one column a label; rows sum to one.

        `residents` is how much likelier a text is a resident's than the training data say.
        """
        if not texts:
            return {task: np.zeros((0, len(self.labels(task))), np.float32) for task in TASKS}
        bag = self._bag(texts, self._slots_of_whole)
        cues = find_cues(["".join(words) for words in texts])
        shares = self.registers.linear.probabilities(bag, cues)
        extras = np.hstack([cues * CUE_SCALE, self.registers.hints(shares)])
        elsewhere = self.registers.elsewhere(shares, residents)
        here = 1 - elsewhere.sum(axis=1, keepdims=True)
        kept = [list(filterfalse(self.ignored.__contains__, words)) for words in texts]
        return {
            "sentiment": elsewhere + here * self.sentiment.probabilities(bag, extras),
            "intent": self.intent.probabilities(bag, extras),
            "category": self.category.probabilities(self._bag(kept, self._slots_of_kept), cues),
        }

    def _bag(self, texts: Sequence[Sequence[str]], slots: Slots) -> Bag:
        return Bag.of(*self.ngrams.extract(texts, slots), len(texts))


def _slots_of(*models: Linear) -> Slots:
    """The slots of n-grams that one of the models knows."""
    slots = np.zeros(1 << SLOT_BITS, dtype=np.bool_)
    for linear in models:
        slots[slot(linear.vocabulary.keys)] = True
    return slots
