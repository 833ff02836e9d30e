"""Learning one linear model over hashed n-grams, and packing it small."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from pipelines.features import Keys, NGrams, Rows, slot
from pipelines.linear import Bag, Floats, Vocabulary, softmax

Labels = npt.NDArray[np.str_]
Chosen = npt.NDArray[np.bool_]

_BATCH: Final = 2000


@dataclass(frozen=True)
class Recipe:
    """How one model is learned: its kind, how freely it may fit, and how many n-grams it keeps."""

    kind: Literal["logistic", "svm"]
    strength: float
    size: int
    rarest: int = 2
    balanced: bool = False
    exactness: float = 1e-2
    temperature: float = 1.0
    counted: bool = False


@dataclass(frozen=True)
class Grams:
    """The n-grams of some texts, with repeats, and the extra numbers of each text (or none)."""

    rows: Rows
    keys: Keys
    extras: Floats

    @property
    def count(self) -> int:
        return len(self.extras)

    @property
    def bag(self) -> Bag:
        """The n-grams sorted and counted."""
        return Bag.of(self.rows, self.keys, self.count)

    def __getitem__(self, chosen: Chosen) -> "Grams":
        renumbered = np.cumsum(chosen, dtype=np.int32) - np.int32(1)
        kept = chosen[self.rows]
        return Grams(renumbered[self.rows[kept]], self.keys[kept], self.extras[chosen])


def extract(ngrams: NGrams, texts: Sequence[Sequence[str]], extras: Floats | None = None) -> Grams:
    """The n-grams of any number of texts."""
    rows, keys = [], []
    for start in range(0, len(texts), _BATCH):
        part, part_keys = ngrams.extract(texts[start : start + _BATCH])
        rows.append(part + np.int32(start))
        keys.append(part_keys)
    nothing = np.zeros((len(texts), 0), np.float32)
    return Grams(np.concatenate(rows), np.concatenate(keys), nothing if extras is None else extras)


def learn(recipe: Recipe, grams: Grams, labels: Labels, random_state: int) -> dict[str, Any]:
    """What `linear.Linear` stores, with the recipe's temperature."""
    everything = _count(grams, recipe)
    vocabulary = _strongest(everything, grams, labels, recipe, random_state)
    model = _fit(recipe, _matrix(vocabulary, grams), labels, random_state)
    size = len(vocabulary.keys)
    coefficients, scales = _pack(model.coef_[:, :size].T)
    return {
        "labels": np.array([str(label) for label in model.classes_]),
        "keys": vocabulary.keys,
        "weights": vocabulary.weights.astype(np.float16),
        "counted": np.array(vocabulary.counted),
        "coefficients": coefficients,
        "scales": scales,
        "extras": model.coef_[:, size:].T.astype(np.float32),
        "intercepts": model.intercept_.astype(np.float32),
        "temperature": np.array(recipe.temperature),
    }


def best_temperature(shares: Floats, truth: Labels, labels: Sequence[str]) -> float:
    """What the scores behind these held-out probabilities must be multiplied by, so that they come true."""
    scores = np.log(np.maximum(shares, 1e-9))
    right = np.arange(len(truth)), np.array([labels.index(label) for label in truth])

    def surprise(temperature: float) -> float:
        return float(-np.log(softmax(scores * np.float32(temperature))[right] + 1e-9).mean())

    return float(minimize_scalar(surprise, bounds=(0.2, 20), method="bounded").x)


def folds(strata: Labels, random_state: int, count: int = 5) -> Iterator[tuple[Chosen, Chosen]]:
    """Seen and unseen items, in turn, each with its share of every stratum."""
    splitter = StratifiedKFold(count, shuffle=True, random_state=random_state)
    for _, held_out in splitter.split(strata, strata):
        unseen = np.zeros(len(strata), bool)
        unseen[held_out] = True
        yield ~unseen, unseen


class _Everything(Vocabulary):
    """A vocabulary too large for the look-up table."""

    def _columns(self, keys: Keys) -> npt.NDArray[np.int32]:
        return np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1).astype(np.int32)


def _count(grams: Grams, recipe: Recipe) -> Vocabulary:
    """The n-grams that are not too rare, weighted by their rarity."""
    known, counts = np.unique(grams.bag.keys, return_counts=True)
    known, counts = known[counts >= recipe.rarest], counts[counts >= recipe.rarest]
    rarity = np.log((1 + grams.count) / (1 + counts)) + 1
    return _Everything(known, rarity.astype(np.float32), recipe.counted)


def _strongest(
    everything: Vocabulary, grams: Grams, labels: Labels, recipe: Recipe, random_state: int
) -> Vocabulary:
    """The n-grams that a quick first model weighs most; of two that share a slot the stronger one."""
    matrix = _matrix(everything, grams)
    quick = LinearSVC(C=0.3, tol=0.05, random_state=random_state).fit(matrix, _plain(labels))
    seen = np.bincount(matrix.indices, minlength=matrix.shape[1])[: len(everything.keys)]
    strength = np.abs(quick.coef_[:, : len(everything.keys)]).max(axis=0) * np.log1p(seen)
    order = np.argsort(-strength, kind="stable")[: recipe.size]
    _, first = np.unique(slot(everything.keys[order]), return_index=True)
    chosen = np.sort(order[first])
    return Vocabulary(everything.keys[chosen], everything.weights[chosen], everything.counted)


def _plain(labels: Labels) -> Labels:
    """Labels without their register: the quick model asks only for the sentiment."""
    return np.array([label.rpartition("|")[2] for label in labels])


def _matrix(vocabulary: Vocabulary, grams: Grams) -> sp.csr_matrix:
    matrix = vocabulary.matrix(grams.bag)
    return sp.hstack([matrix, sp.csr_matrix(grams.extras)], format="csr") if grams.extras.shape[1] else matrix


def _fit(recipe: Recipe, matrix: sp.csr_matrix, labels: Labels, random_state: int) -> Any:
    weight = "balanced" if recipe.balanced else None
    makers: dict[str, Callable[[], Any]] = {
        "svm": lambda: LinearSVC(
            C=recipe.strength, tol=recipe.exactness, class_weight=weight, random_state=random_state
        ),
        "logistic": lambda: LogisticRegression(
            C=recipe.strength, max_iter=100, tol=1e-3, class_weight=weight
        ),
    }
    return makers[recipe.kind]().fit(matrix, labels)


def _pack(coefficients: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int8], Floats]:
    """Square roots of coefficients in 8 bits (most are small), and each column's largest."""
    largest = np.maximum(np.abs(coefficients).max(axis=0), 1e-9)
    roots = np.sign(coefficients) * np.sqrt(np.abs(coefficients) / largest)
    return np.round(roots * 127).astype(np.int8), largest.astype(np.float32)
