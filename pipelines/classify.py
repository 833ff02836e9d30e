"""The shipped models: from segmented texts to calibrated probabilities.

A folder of models holds arrays in .npz files and a manifest with the format, the
library versions it was made with and a checksum of every file.  Nothing in it needs
to be trusted: arrays, lists and text only.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import filterfalse
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from pipelines.arrays import Array, ArraysError, unpack_arrays
from pipelines.cues import find_cues
from pipelines.features import SLOT_BITS, Hashes, Keys, NGrams, Rows, Slots, slot

FORMAT: Final = 3
MANIFEST: Final = "manifest.json"
SHIPPED: Final = Path(__file__).parent / "models"
TASKS: Final = ("sentiment", "intent", "category")
FILES: Final = ("registers", *TASKS)

Floats = npt.NDArray[np.float32]

SENTIMENTS: Final = ("neg", "neu", "pos")
CUE_SCALE: Final = np.float32(0.25)
# How much likelier than its few examples suggest a text is a resident's: in a file of
# whatever kind (where the public corpora lose nothing by it), and on an office's forums.
ANYWHERE: Final = 2.0
ON_A_FORUM: Final = 8.0
_LEAST = np.float32(1e-5)
_SPREAD = np.float32(8)
_HALF = np.uint64(32)


class ModelError(ValueError):
    """The models cannot be used; the message says which file, why, and the remedy."""


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
        cells = _ascending((rows.astype(np.uint64) << _HALF) | keys)
        starts = np.flatnonzero(np.append(True, cells[1:] != cells[:-1])[: len(cells)])
        counts = np.diff(starts, append=len(cells)).astype(np.float32)
        cells = cells.take(starts)
        return cls((cells >> _HALF).astype(np.int32), cells.astype(np.uint32), counts, size)


def _ascending(cells: Hashes) -> Hashes:
    """The cells in order, by 16 bits at a time: those numpy counts, in half the time of comparing whole ones."""
    highest = int(cells.max(initial=0)).bit_length()
    for part in range(-(-highest // 16)):
        cells = cells.take(np.argsort(cells.view(np.uint16)[part::4], kind="stable"))
    return cells


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


@dataclass(frozen=True)
class _Manifest:
    """What a folder of models says of itself."""

    version: str
    checksums: dict[str, str]


def load_models(folder: Path | None = None) -> Models:
    """The models of a folder; ModelError when anything is amiss.

    Without a folder those that are shipped, read once in a process: they take a third of a second.
    """
    return _load(folder) if folder else _shipped()


@cache
def _shipped() -> Models:
    return _load(SHIPPED)


def _load(folder: Path) -> Models:
    manifest = _read_manifest(folder / MANIFEST)
    return assemble(
        manifest.version, {name: _load_arrays(folder / f"{name}.npz", manifest) for name in FILES}
    )


def shipped_version(folder: Path | None = None) -> str:
    """The version of a folder's models, without loading them."""
    return _read_manifest((folder or SHIPPED) / MANIFEST).version


def _read_manifest(path: Path) -> _Manifest:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        found = stored["format"]
        manifest = _Manifest(version=str(stored["version"]), checksums=dict(stored["files"]))
    except FileNotFoundError as error:
        raise ModelError(f"找不到模型清单 {path}；{_REMEDY}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"模型清单 {path} 读不出来；{_REMEDY}") from error
    if found != FORMAT:
        raise ModelError(f"模型格式是 {found}，本程序需要 {FORMAT}（{path}）；{_REMEDY}")
    return manifest


def _load_arrays(path: Path, manifest: _Manifest) -> dict[str, Array]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"找不到模型文件 {path}；{_REMEDY}") from error
    if hashlib.sha256(content).hexdigest() != manifest.checksums.get(path.name):
        raise ModelError(f"模型文件 {path} 与清单不符（不完整，或属于另一版本）；{_REMEDY}")
    try:
        return unpack_arrays(content)
    except ArraysError as error:
        raise ModelError(f"模型文件 {path} 未载入：{error}；{_REMEDY}") from error


def assemble(version: str, stored: Mapping[str, Mapping[str, Array]]) -> Models:
    """Models from what their files hold."""
    shared = stored["registers"]
    return Models(
        version=version,
        ngrams=NGrams(tuple(shared["words"].tolist()), tuple(shared["characters"].tolist())),
        ignored=frozenset(stored["category"]["ignored"].tolist()),
        registers=registers_of(shared),
        **{task: _linear(stored[task]) for task in TASKS},
    )


def registers_of(stored: Mapping[str, Array]) -> Registers:
    """Registers from what their file holds."""
    return Registers(_linear(stored))


def _linear(stored: Mapping[str, Array]) -> Linear:
    # Coefficients are kept as square roots in 8 bits: most are small, few are large.
    roots = stored["coefficients"].astype(np.float32) / 127
    return Linear(
        labels=tuple(stored["labels"].tolist()),
        vocabulary=Vocabulary(stored["keys"], stored["weights"].astype(np.float32), bool(stored["counted"])),
        coefficients=np.square(roots) * np.sign(roots) * stored["scales"],
        extras=stored["extras"],
        intercepts=stored["intercepts"],
        temperature=float(stored["temperature"]),
    )


_REMEDY = "请重新安装 minyi，或运行 minyi train 重新训练"
