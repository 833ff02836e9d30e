"""Train the place model: `python -m pipelines.train_places DATA_FOLDER OUT.skops [--measure]`.

The folder holds civic_labelled_train.jsonl (text, places) and civic_gold_dev.jsonl (places_a,
places_b).  The tagger is a linear-chain conditional random field, fitted by AdaGrad; what
annotators left unmarked of a place they marked elsewhere is neither right nor wrong to it.
The selector is a logistic regression over candidates that the tagger found in texts it had
not seen.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from rich.console import Console
from rich.table import Table
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from skops.io import dump

from pipelines.place_features import Slots, describe
from pipelines.place_model import FORMAT, TAGS, Candidate, PlaceModel, describe_candidates, weights_shape

EPOCHS = 6
RATE = 0.1
BATCH = 24
FOLDS = 4
SELECTOR_C = 0.3
SEED = 0

_NEVER = -1e4
_ALLOWED = np.array(
    [[0.0 if after in follows else _NEVER for after in TAGS] for follows in ("OBS", "IE", "IE", "OBS", "OBS")]
)
_FIRST = np.array([0.0 if tag in "OBS" else _NEVER for tag in TAGS])
_LAST = np.array([0.0 if tag in "OES" else _NEVER for tag in TAGS])

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Example:
    """A text and the places that an annotator copied out of it."""

    text: str
    places: tuple[str, ...]


def read_examples(path: Path, field: str) -> list[Example]:
    """The non-empty texts of a JSON-lines file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Example(row["text"], tuple(row[field])) for row in rows if row["text"]]


def fit(examples: Sequence[Example]) -> PlaceModel:
    """Tagger on all examples; selector on candidates of taggers that had not seen the text."""
    slots = [describe([example.text]) for example in examples]
    fold_of = np.random.default_rng(SEED).integers(0, FOLDS, len(examples))
    known: list[dict[str, float]] = []
    right: list[bool] = []
    for fold in range(FOLDS):
        tagger = fit_tagger(*_chosen(examples, slots, fold_of != fold))
        for example in (examples[index] for index in np.flatnonzero(fold_of == fold).tolist()):
            candidates = tagger.candidates([example.text])[0]
            known += describe_candidates(example.text, candidates)
            right += list(_right(candidates, example))
    tagger = fit_tagger(examples, slots)
    return PlaceModel(tagger.weights, tagger.transitions, _fit_selector(known, right))


def _chosen(
    examples: Sequence[Example], slots: Sequence[Slots], flags: Flags
) -> tuple[list[Example], list[Slots]]:
    chosen = np.flatnonzero(flags).tolist()
    return [examples[index] for index in chosen], [slots[index] for index in chosen]


def _right(candidates: Sequence[Candidate], example: Example) -> Iterator[bool]:
    marked = mentions(example.text, example.places)
    for candidate in candidates:
        yield any(candidate.start < end and start < candidate.end for start, end in marked)


def _fit_selector(known: list[dict[str, float]], right: list[bool]) -> dict[str, float]:
    vectorizer = DictVectorizer()
    model = LogisticRegression(C=SELECTOR_C, max_iter=1000).fit(vectorizer.fit_transform(known), right)
    weights = dict(zip(vectorizer.get_feature_names_out().tolist(), model.coef_[0].tolist(), strict=True))
    rounded = {name: round(weight, 4) for name, weight in weights.items() if abs(weight) >= 1e-3}
    return {**rounded, "(bias)": round(float(model.intercept_[0]), 4)}


def mentions(text: str, places: Sequence[str], *, first_only: bool = False) -> list[tuple[int, int]]:
    """Where the places stand in the text."""
    spans = []
    for place in dict.fromkeys(filter(None, places)):
        start = text.find(place)
        while start >= 0:
            spans.append((start, start + len(place)))
            start = -1 if first_only else text.find(place, start + 1)
    return spans


def allowed_tags(example: Example) -> Flags:
    """Which tags each character may have: (characters, tags)."""
    text = example.text
    flags = np.zeros((len(text), len(TAGS)), dtype=np.bool_)
    taken = np.zeros(len(text), dtype=np.bool_)
    for place in sorted(set(example.places), key=lambda place: (-len(place), place)):
        for start, end in mentions(text, [place]):
            if not taken[start:end].any():
                taken[start:end] = True
                flags[start, TAGS.index("B" if end - start > 1 else "S")] = True
                flags[start + 1 : end - 1, TAGS.index("I")] = True
                flags[end - 1, TAGS.index("E" if end - start > 1 else "S")] = True
    flags[_in_question(example, taken)] = True
    flags[~taken, 0] = True
    return flags


def _in_question(example: Example, taken: Flags) -> Flags:
    """Unmarked characters that repeat three or more of a marked place."""
    question = np.zeros(len(taken), dtype=np.bool_)
    for place in set(example.places):
        for start in range(len(place) - 2):
            for first, last in mentions(example.text, [place[start : start + 3]]):
                question[first:last] |= ~taken[first:last].any()
    return question & ~taken


def fit_tagger(examples: Sequence[Example], slots: Sequence[Slots]) -> PlaceModel:
    """A conditional random field on partly known tags, by AdaGrad."""
    flags = [allowed_tags(example) for example in examples]
    draw = np.random.default_rng(SEED)
    field = _Field()
    lengths = np.array([len(example.text) for example in examples])
    for _ in range(EPOCHS):
        order = np.argsort(lengths + draw.uniform(0, 40, len(lengths)))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        for batch in (batches[index] for index in draw.permutation(len(batches))):
            field.learn([slots[index] for index in batch], [flags[index] for index in batch])
    return PlaceModel(field.weights, field.transitions.astype(np.float32), {"(bias)": 0.0})


class _Field:
    """Weights of the tagger while they are learned."""

    def __init__(self) -> None:
        self.weights = np.zeros(weights_shape(), dtype=np.float32)
        self.transitions = np.zeros((len(TAGS), len(TAGS)))
        self._seen = np.full(weights_shape(), 1e-2, dtype=np.float32)
        self._seen_steps = np.full((len(TAGS), len(TAGS)), 1e-2)

    def learn(self, slots: Sequence[Slots], flags: Sequence[Flags]) -> None:
        """One step: towards what the flags allow, away from what is expected without them."""
        lengths = np.array([len(rows) for rows in slots])
        scores = np.zeros((len(slots), lengths.max(), len(TAGS)))
        barred = np.zeros_like(scores)
        for index, (rows, row_flags) in enumerate(zip(slots, flags, strict=True)):
            scores[index, : len(rows)] = self.weights[rows].sum(axis=1)
            barred[index, : len(rows)][~row_flags] = _NEVER
        steps = self.transitions + _ALLOWED
        free, free_steps = expectations(scores, lengths, steps)
        bound, bound_steps = expectations(scores + barred, lengths, steps)
        self._step_transitions((free_steps - bound_steps) / len(slots))
        difference = np.concatenate([(free - bound)[index, :length] for index, length in enumerate(lengths)])
        self._step_weights(np.concatenate(slots), difference)

    def _step_transitions(self, gradient: Floats) -> None:
        self._seen_steps += gradient**2
        self.transitions -= RATE * gradient / np.sqrt(self._seen_steps)

    def _step_weights(self, slots: Slots, difference: Floats) -> None:
        wrong = np.abs(difference).sum(axis=1) > 1e-4
        slots, difference = slots[wrong], difference[wrong]
        if not len(slots):
            return
        used, columns = np.unique(slots.ravel(), return_inverse=True)
        rows = np.repeat(np.arange(len(slots)), slots.shape[1])
        counts = sp.csr_matrix((np.ones(len(rows)), (columns.ravel(), rows)), shape=(len(used), len(slots)))
        gradient = counts @ difference
        self._seen[used] += gradient**2
        self.weights[used] -= (RATE * gradient / np.sqrt(self._seen[used])).astype(np.float32)


def expectations(scores: Floats, lengths: npt.NDArray[np.int64], steps: Floats) -> tuple[Floats, Floats]:
    """Forward-backward: share of each tag at each character, expected steps between tags.

    `scores` is (texts, characters, tags), padded; `steps` is (tags, tags).
    """
    forward, backward = np.empty_like(scores), np.empty_like(scores)
    count = scores.shape[1]
    forward[:, 0] = scores[:, 0] + _FIRST
    for at in range(1, count):
        forward[:, at] = scores[:, at] + _log_sum(forward[:, at - 1][:, :, None] + steps, 1)
    backward[:, count - 1] = _LAST
    for at in range(count - 2, -1, -1):
        later = _log_sum(steps + (scores[:, at + 1] + backward[:, at + 1])[:, None, :], 2)
        backward[:, at] = np.where((lengths - 1 == at)[:, None], _LAST, later)
    total = _log_sum(forward[:, 0] + backward[:, 0], 1)
    shares = np.exp((forward + backward - total[:, None, None]).clip(-60, 0))
    joint = (
        forward[:, :-1, :, None]
        + steps
        + (scores[:, 1:] + backward[:, 1:])[:, :, None, :]
        - total[:, None, None, None]
    )
    inside = np.arange(1, count) < lengths[:, None]
    return shares, (np.exp(joint.clip(-60, 0)) * (joint > -50) * inside[:, :, None, None]).sum(axis=(0, 1))


def _log_sum(values: Floats, axis: int) -> Floats:
    top = values.max(axis=axis, keepdims=True)
    summed: Floats = (top + np.log(np.exp(values - top).sum(axis=axis, keepdims=True))).squeeze(axis)
    return summed


def overlap_f1(model: PlaceModel, examples: Sequence[Example]) -> dict[str, float]:
    """F1 by overlap: of first mentions in the text, and of the listed strings (one within the other)."""
    spans, names = np.zeros(4), np.zeros(4)
    for example in examples:
        kept = model.select(example.text, model.candidates([example.text])[0])
        marked = mentions(example.text, example.places, first_only=True)
        spans += _hits([(c.start, c.end) for c in kept], marked, lambda a, b: a[0] < b[1] and b[0] < a[1])
        names += _hits(
            [c.text for c in kept], list(dict.fromkeys(example.places)), lambda a, b: a in b or b in a
        )
    return {"首次出现处重叠": _f1(spans), "文字包含": _f1(names)}


def _hits(found: list[Any], marked: list[Any], meets: Any) -> list[int]:
    right = sum(any(meets(one, other) for other in marked) for one in found)
    met = sum(any(meets(one, other) for one in found) for other in marked)
    return [right, len(found), met, len(marked)]


def _f1(hits: npt.NDArray[np.float64]) -> float:
    precision, recall = hits[0] / max(hits[1], 1), hits[2] / max(hits[3], 1)
    return float(2 * precision * recall / max(precision + recall, 1e-9))


def measure(training: list[Example], folder: Path) -> Table:
    """Held-out figures: by cross-validation on the training file, and on the development file."""
    table = Table("项目", "首次出现处重叠", "文字包含", title="地点：重叠 F1")
    fold_of = np.random.default_rng(SEED + 1).integers(0, FOLDS, len(training))
    scores = []
    for fold in range(FOLDS):
        model = fit([training[index] for index in np.flatnonzero(fold_of != fold).tolist()])
        scores.append(
            overlap_f1(model, [training[index] for index in np.flatnonzero(fold_of == fold).tolist()])
        )
    table.add_row("交叉验证", *(f"{np.mean([score[name] for score in scores]):.3f}" for name in scores[0]))
    model = fit(training)
    for field in ("places_a", "places_b"):
        figures = overlap_f1(model, read_examples(folder / "civic_gold_dev.jsonl", field))
        table.add_row(f"开发集（{field}）", *(f"{figure:.3f}" for figure in figures.values()))
    return table


def save(model: PlaceModel, path: Path) -> None:
    """Arrays and plain values only, so that nothing needs to be trusted on loading."""
    scale = float(np.abs(model.weights).max()) / 127
    stored = {
        "format": FORMAT,
        "weights": np.round(model.weights / scale).astype(np.int8),
        "scale": scale,
        "transitions": model.transitions,
        "selector": dict(model.selector),
    }
    dump(stored, path, compression=8, compresslevel=9)


def main() -> None:
    """Train on both files; with --measure print held-out figures first."""
    parser = argparse.ArgumentParser(description="训练地点模型")
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--measure", action="store_true")
    arguments = parser.parse_args()
    training = read_examples(arguments.folder / "civic_labelled_train.jsonl", "places")
    if arguments.measure:
        Console().print(measure(training, arguments.folder))
    save(fit(training + read_examples(arguments.folder / "civic_gold_dev.jsonl", "places_a")), arguments.out)


if __name__ == "__main__":
    main()
