"""The shipped models: from segmented texts to calibrated probabilities.

A folder of models holds arrays in skops files and a manifest with the format, the
library versions it was made with and a checksum of every file.  Nothing in it needs
to be trusted: arrays, lists and text only.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from skops.io import get_untrusted_types, loads

from pipelines.features import Keys, NGrams, Rows

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
SHIPPED: Final = Path(__file__).parent / "models"
TASKS: Final = ("sentiment", "intent", "category")

Floats = npt.NDArray[np.float32]

_SLOT_BITS = 22


class ModelError(ValueError):
    """The models cannot be used; the message says which file, why, and the remedy."""


@dataclass(frozen=True)
class Vocabulary:
    """The n-grams a model knows: the upper halves of their keys, ascending, and their weights."""

    keys: npt.NDArray[np.uint32]
    weights: Floats

    def _columns(self, short: npt.NDArray[np.uint32]) -> npt.NDArray[np.int32]:
        return self._slots[slot(short)]

    @cached_property
    def _slots(self) -> npt.NDArray[np.int32]:
        slots = np.full(1 << _SLOT_BITS, -1, dtype=np.int32)
        slots[slot(self.keys)] = np.arange(len(self.keys), dtype=np.int32)
        return slots

    def matrix(self, rows: Rows, keys: Keys, count: int) -> sp.csr_matrix:
        """Presence of each known n-gram in `count` texts, weighted, each row of length one."""
        short = shorten(keys)
        columns = self._columns(short)
        known = (columns >= 0) & (self.keys[columns] == short)
        rows, columns = rows[known], columns[known]
        presence = sp.csr_matrix(
            (np.ones(len(rows), np.float32), (rows, columns)), shape=(count, len(self.keys))
        )
        presence.sum_duplicates()
        presence.data = self.weights[presence.indices]
        return _unit_rows(presence)


def shorten(keys: Keys) -> npt.NDArray[np.uint32]:
    """The upper half of each key, which is all that a vocabulary keeps."""
    return (keys >> np.uint64(32)).astype(np.uint32)


def slot(short: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Where a shortened key lies in the look-up table; a vocabulary has one key a slot."""
    return short >> np.uint32(32 - _SLOT_BITS)


def _unit_rows(matrix: sp.csr_matrix) -> sp.csr_matrix:
    squares = np.add.reduceat(np.append(matrix.data**2, 0), matrix.indptr[:-1])
    squares[np.diff(matrix.indptr) == 0] = 1
    matrix.data = matrix.data / np.repeat(np.sqrt(squares), np.diff(matrix.indptr)).astype(np.float32)
    return matrix


@dataclass(frozen=True)
class Task:
    """One question put to a text: its n-grams, its answers and what each n-gram says of them."""

    labels: tuple[str, ...]
    ngrams: NGrams
    ignored: frozenset[str]
    vocabulary: Vocabulary
    coefficients: Floats
    intercepts: Floats
    temperature: float

    def probabilities(self, texts: Sequence[Sequence[str]]) -> Floats:
        """One row a text, one column a label; rows sum to one."""
        if not texts:
            return np.zeros((0, len(self.labels)), np.float32)
        kept = (
            [[word for word in words if word not in self.ignored] for words in texts]
            if self.ignored
            else texts
        )
        rows, keys = self.ngrams.extract(kept)
        scores = self.vocabulary.matrix(rows, keys, len(texts)) @ self.coefficients + self.intercepts
        return softmax(scores * self.temperature)


def softmax(scores: Floats) -> Floats:
    """Exponentials of each row, scaled to sum to one."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


@dataclass(frozen=True)
class Models:
    """All that reads a text; `version` names the files it came from."""

    version: str
    sentiment: Task
    intent: Task
    category: Task


@dataclass(frozen=True)
class _Manifest:
    """What a folder of models says of itself."""

    version: str
    checksums: dict[str, str]


def load_models(folder: Path | None = None) -> Models:
    """The models of a folder, the shipped ones by default; ModelError when anything is amiss."""
    folder = folder or SHIPPED
    manifest = _read_manifest(folder / MANIFEST)
    tasks = {name: to_task(_load_arrays(folder / f"{name}.skops", manifest)) for name in TASKS}
    return Models(version=manifest.version, **tasks)


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


def _load_arrays(path: Path, manifest: _Manifest) -> dict[str, Any]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"找不到模型文件 {path}；{_REMEDY}") from error
    if hashlib.sha256(content).hexdigest() != manifest.checksums.get(path.name):
        raise ModelError(f"模型文件 {path} 与清单不符（不完整，或属于另一版本）；{_REMEDY}")
    if untrusted := get_untrusted_types(data=content):
        raise ModelError(f"模型文件 {path} 含有不可信的类型 {untrusted[0]}，未载入；{_REMEDY}")
    arrays: dict[str, Any] = loads(content)
    return arrays


def to_task(stored: dict[str, Any]) -> Task:
    """A task from what its file holds."""
    return Task(
        labels=tuple(stored["labels"]),
        ngrams=NGrams(words=tuple(stored["words"]), characters=tuple(stored["characters"])),
        ignored=frozenset(stored["ignored"]),
        vocabulary=Vocabulary(keys=stored["keys"], weights=stored["weights"].astype(np.float32)),
        coefficients=stored["coefficients"].astype(np.float32),
        intercepts=stored["intercepts"],
        temperature=float(stored["temperature"]),
    )


_REMEDY = "请重新安装 minyi，或运行 minyi train 重新训练"
