"""What people corrected: a small layer over the shipped probabilities, learned from corrections alone.

A corrected post itself is never read again by a model; the layer only moves what the
models say of *other* posts, and only when that makes them righter on held-out corrections.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.linear import Floats, softmax
from pipelines.model_files import ModelError

LEAST: Final = 30
_FOLDS: Final = 5
_CAUTION: Final = 5.0


@dataclass(frozen=True, slots=True)
class LocalLayer:
    """For one task: how far to trust the shipped model here, and which labels it says too seldom.

    `accuracy` is measured on corrections that the layer had not seen, `shipped` is the same
    for the models without it, `count` the number of corrections.
    """

    labels: tuple[str, ...]
    sharpness: float
    leanings: tuple[float, ...]
    accuracy: float
    shipped: float
    count: int

    def apply(self, probabilities: Floats) -> Floats:
        """The probabilities, moved: one row a post, one column a label."""
        return _moved(probabilities, self.sharpness, np.array(self.leanings, np.float32))

    def __str__(self) -> str:
        return f"本地抽样准确率 {self.accuracy:.0%}，n={self.count}"


def fit_layer(labels: Sequence[str], probabilities: Floats, corrected: Sequence[str]) -> LocalLayer:
    """Learn a layer from what the shipped model said (rows) and what people said; ValueError below 30.

    Where the layer does not beat the shipped model on held-out corrections it leaves
    everything as it is.
    """
    if len(corrected) < LEAST:
        raise ValueError(f"只有 {len(corrected)} 条人工校正，至少要 {LEAST} 条才能训练本地修正层")
    truth = np.array([labels.index(label) for label in corrected])
    shipped = float((probabilities.argmax(axis=1) == truth).mean())
    accuracy = _held_out_accuracy(probabilities, truth)
    sharpness, leanings = _fit(probabilities, truth)
    if accuracy <= shipped:
        accuracy, sharpness, leanings = shipped, 1.0, np.zeros(len(labels), np.float32)
    return LocalLayer(tuple(labels), sharpness, tuple(map(float, leanings)), accuracy, shipped, len(truth))


def save_layers(path: Path, layers: dict[str, LocalLayer]) -> None:
    """Write the layers of all tasks; half a file is never left under the name."""
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(
        json.dumps({task: asdict(layer) for task, layer in layers.items()}, ensure_ascii=False, indent=1),
        encoding="utf-8",
    )
    unfinished.replace(path)


def load_layers(path: Path) -> dict[str, LocalLayer]:
    """The layers of a file, none when there is no file; ModelError when it is damaged."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return {task: _layer(**layer) for task, layer in stored.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(
            f"本地修正层 {path} 已损坏；请删去它，或运行 minyi train --local 重新训练"
        ) from error


def _layer(labels: list[str], leanings: list[float], **numbers: float) -> LocalLayer:
    if len(labels) != len(leanings):
        raise ValueError("labels and leanings differ in number")
    return LocalLayer(
        labels=tuple(labels),
        leanings=tuple(leanings),
        sharpness=numbers["sharpness"],
        accuracy=numbers["accuracy"],
        shipped=numbers["shipped"],
        count=int(numbers["count"]),
    )


def _moved(probabilities: Floats, sharpness: float, leanings: Floats) -> Floats:
    return softmax(sharpness * np.log(probabilities + np.float32(1e-6)) + leanings)


def _fit(probabilities: Floats, truth: npt.NDArray[np.int64]) -> tuple[float, Floats]:
    from scipy.optimize import minimize

    each, count = np.arange(len(truth)), probabilities.shape[1]

    def surprise(values: npt.NDArray[np.float64]) -> float:
        moved = _moved(probabilities, values[0], values[1:].astype(np.float32))
        caution = _CAUTION * (np.square(values[0] - 1) + np.square(values[1:]).sum())
        return float(caution - np.log(moved[each, truth] + 1e-9).sum())

    best = minimize(surprise, np.array([1.0, *np.zeros(count)]), method="L-BFGS-B").x
    return float(best[0]), best[1:].astype(np.float32)


def _held_out_accuracy(probabilities: Floats, truth: npt.NDArray[np.int64]) -> float:
    from sklearn.model_selection import KFold

    right = 0
    # Not by label: some labels have fewer corrections than there are folds.
    for seen, unseen in KFold(_FOLDS, shuffle=True, random_state=0).split(truth):
        moved = _moved(probabilities[unseen], *_fit(probabilities[seen], truth[seen]))
        right += int((moved.argmax(axis=1) == truth[unseen]).sum())
    return right / len(truth)
