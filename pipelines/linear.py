"""A linear model over n-grams: texts as a sorted bag, a vocabulary with weights, probabilities of labels."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from pipelines.features import SLOT_BITS, Keys, Rows, slot

Floats = npt.NDArray[np.float32]

_HALF = np.uint64(32)


@dataclass(frozen=True)
class Vocabulary:
    """The n-grams a model knows, ascending, and their weights.

    Where `counted`, an n-gram weighs more the more often it stands in a text.
    """

    keys: Keys
    weights: Floats
    counted: bool = False

    def _columns(self, keys: Keys) -> npt.NDArray[np.int32]:
        return self._slots.take(slot(keys))

    @cached_property
    def _slots(self) -> npt.NDArray[np.int32]:
        slots = np.full(1 << SLOT_BITS, -1, dtype=np.int32)
        slots[slot(self.keys)] = np.arange(len(self.keys), dtype=np.int32)
        return slots

    def matrix(self, bag: "Bag") -> sp.csr_matrix:
        """Each known n-gram of some texts, weighted, each row of length one."""
        columns = self._columns(bag.keys)
        known = np.flatnonzero(self.keys.take(columns) == bag.keys)
        columns = columns.take(known)
        weights = self.weights.take(columns)
        if self.counted:
            weights = weights * (1 + np.log(bag.counts.take(known)))
        starts = np.searchsorted(bag.rows.take(known), np.arange(bag.size + 1)).astype(np.int32)
        return _unit_rows(sp.csr_matrix((weights, columns, starts), shape=(bag.size, len(self.keys))))


@dataclass(frozen=True)
class Bag:
    """The n-grams of `size` texts, each once a text and in order: sorted once for all models."""

    rows: Rows
    keys: Keys
    counts: Floats
    size: int

    @classmethod
    def of(cls, rows: Rows, keys: Keys, size: int) -> "Bag":
        """Rows and keys with repeats, as `NGrams.extract` gives them, sorted and counted."""
        cells = np.sort((rows.astype(np.uint64) << _HALF) | keys)
        starts = np.flatnonzero(np.append(True, cells[1:] != cells[:-1])[: len(cells)])
        counts = np.diff(starts, append=len(cells)).astype(np.float32)
        cells = cells.take(starts)
        return cls((cells >> _HALF).astype(np.int32), cells.astype(np.uint32), counts, size)


def _unit_rows(matrix: sp.csr_matrix) -> sp.csr_matrix:
    squares = np.add.reduceat(np.append(matrix.data**2, 0), matrix.indptr[:-1])
    squares[np.diff(matrix.indptr) == 0] = 1
    matrix.data = matrix.data / np.repeat(np.sqrt(squares), np.diff(matrix.indptr)).astype(np.float32)
    return matrix


@dataclass(frozen=True)
class Linear:
    """What each known n-gram, and each extra number of a text, says for each of some labels."""

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    coefficients: Floats
    extras: Floats
    intercepts: Floats
    temperature: float

    def probabilities(self, bag: Bag, extras: Floats) -> Floats:
        """One row a text, one column a label; rows sum to one."""
        scores: Floats = self.vocabulary.matrix(bag) @ self.coefficients + self.intercepts
        if len(self.extras):
            scores = scores + extras @ self.extras
        return softmax(scores * np.float32(self.temperature))


def softmax(scores: Floats) -> Floats:
    """Exponentials of each row, scaled to sum to one."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares
