"""Held-out figures with intervals."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pipelines.learn import Labels

_DRAWS = 1000


@dataclass(frozen=True)
class Score:
    """A figure with the interval that holds 95 of 100 of its resamples."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True)
class Scores:
    """Held-out figures by name, in the order in which they are told."""

    figures: dict[str, Score] = field(default_factory=dict)

    def __str__(self) -> str:
        return "\n".join(f"{name}: {figure}" for name, figure in self.figures.items())


def score(name: str, truth: Labels, *said: Labels) -> dict[str, Score]:
    """Accuracy, macro F1 and the F1 of each label: means over repeated runs, resampled by item."""
    labels = np.unique(truth)
    runs = [_tables(labels, truth, run, seed) for seed, run in enumerate(said)]
    each = np.mean([_f1(tables) for tables in runs], axis=0)
    return {
        f"{name}: accuracy": _interval(np.mean([_accuracy(tables) for tables in runs], axis=0)),
        f"{name}: macro F1": _interval(each.mean(axis=1)),
        **{f"{name}: F1 of {label}": _interval(each[:, i]) for i, label in enumerate(labels)},
    }


def accuracy_by(groups: Labels, truth: Labels, said: Labels) -> dict[str, Score]:
    """The accuracy in each group, and their mean first."""
    names = np.unique(groups)
    tables = [_tables(np.unique(truth[groups == n]), truth[groups == n], said[groups == n], 0) for n in names]
    accuracies = [_accuracy(table) for table in tables]
    return {
        f"sentiment, mean of {len(names)} public corpora: accuracy": _interval(np.mean(accuracies, axis=0)),
        **{
            f"sentiment, {name}: accuracy": _interval(values)
            for name, values in zip(names, accuracies, strict=True)
        },
    }


def _tables(labels: Labels, truth: Labels, said: Labels, seed: int) -> npt.NDArray[np.int64]:
    """Truth by answer: the whole first, then resamples; the last column is for answers that are no label here."""
    positions = np.where(np.isin(said, labels), np.searchsorted(labels, said), len(labels))
    cells = np.searchsorted(labels, truth) * (len(labels) + 1) + positions
    whole = np.bincount(cells, minlength=len(labels) * (len(labels) + 1))
    draws = np.random.default_rng(seed).multinomial(len(cells), whole / len(cells), size=_DRAWS)
    return np.concatenate([whole[None], draws]).reshape(-1, len(labels), len(labels) + 1)


def _accuracy(tables: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    shares: npt.NDArray[np.float64] = np.trace(tables, axis1=1, axis2=2) / tables.sum(axis=(1, 2))
    return shares


def _f1(tables: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    right = np.diagonal(tables, axis1=1, axis2=2)
    either = tables.sum(axis=2) + tables[:, :, : right.shape[1]].sum(axis=1)
    each: npt.NDArray[np.float64] = 2 * right / np.maximum(either, 1)
    return each


def _interval(values: npt.NDArray[np.float64]) -> Score:
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return Score(float(values[0]), float(min(low, values[0])), float(max(high, values[0])))
