"""Train the place model: `python -m pipelines.places.train DATA_FOLDER OUT.npz [--measure]`.

The folder holds civic_labelled_train.jsonl (text, places) and civic_gold_dev.jsonl (places_a,
places_b).  The tagger is a linear-chain conditional random field over words, fitted by AdaGrad
and averaged; what annotators left unmarked of a place they marked elsewhere is neither right nor
wrong to it.  The selector is a logistic regression over candidates that the tagger found in
texts it had not seen; its thresholds are those that do best on posts it had not seen.
"""

import argparse
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from pipelines.arrays import pack_arrays
from pipelines.model_files import MANIFEST
from pipelines.places.candidates import Candidate, Known, Selector, describe_candidates
from pipelines.places.features import Numbers, Words, describe, slot
from pipelines.places.model import FORMAT, TAGS, PlaceModel, weights_shape

EPOCHS = 7
AVERAGED_FROM = 2
RATE = 0.1
BATCH = 24
FOLDS = 5
SELECTOR_C = 0.03
STEPS = 10
SEED = 0
# A feature met once in all posts learns that one place by heart, and shares its slot with others.
RAREST = 2

NO_SELECTOR = Selector((), (), {}, 0.0, (0.5, 0.5, 0.5))

_NEVER = -1e4
_ALLOWED = np.array(
    [[0.0 if after in follows else _NEVER for after in TAGS] for follows in ("OBS", "IE", "IE", "OBS", "OBS")]
)
_FIRST = np.array([0.0 if tag in "OBS" else _NEVER for tag in TAGS])
_LAST = np.array([0.0 if tag in "OES" else _NEVER for tag in TAGS])

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Slots = npt.NDArray[np.int64]


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
    words = [describe([example.text]) for example in examples]
    fold_of = np.random.default_rng(SEED).integers(0, FOLDS, len(examples))
    found: list[list[Candidate]] = [[] for _ in examples]
    for fold in range(FOLDS):
        seen = np.flatnonzero(fold_of != fold).tolist()
        tagger = fit_tagger([examples[index] for index in seen], [words[index] for index in seen])
        for index in np.flatnonzero(fold_of == fold).tolist():
            found[index] = tagger.candidates([examples[index].text])[0]
    return replace(fit_tagger(examples, words), selector=fit_selector(examples, found))


def fit_selector(examples: Sequence[Example], found: Sequence[Sequence[Candidate]]) -> Selector:
    """Weights from all candidates; thresholds from posts that other weights had not seen."""
    known = [describe_candidates(e.text, candidates) for e, candidates in zip(examples, found, strict=True)]
    right = [list(_right(candidates, e)) for e, candidates in zip(examples, found, strict=True)]
    groups = np.repeat(np.arange(len(examples)), [len(candidates) for candidates in found])
    flat, answers = [one for post in known for one in post], np.array([one for post in right for one in post])
    shares = np.zeros(len(flat))
    for seen, unseen in GroupKFold(FOLDS, shuffle=True, random_state=SEED).split(flat, groups=groups):
        selector = _weigh([flat[index] for index in seen], answers[seen])
        shares[unseen] = selector.shares([flat[index] for index in unseen])
    whole = _weigh(flat, answers)
    return replace(whole, thresholds=_best_thresholds(whole, examples, found, shares))


def _right(candidates: Sequence[Candidate], example: Example) -> Iterator[bool]:
    marked = mentions(example.text, example.places)
    for candidate in candidates:
        yield any(candidate.start < end and start < candidate.end for start, end in marked)


def _weigh(known: Sequence[Known], right: Flags) -> Selector:
    numbers = np.array([one.numbers for one in known], dtype=np.float64)
    edges = tuple(np.unique(np.quantile(column, np.linspace(0, 1, STEPS + 1)[1:-1])) for column in numbers.T)
    marks = sorted({mark for one in known for mark in one.marks})
    matrix = _indicators(known, numbers, edges, {mark: place for place, mark in enumerate(marks)})
    model = LogisticRegression(C=SELECTOR_C, max_iter=1000).fit(matrix, right)
    weights = model.coef_[0]
    splits = np.cumsum([len(one) + 1 for one in edges])
    *steps, of_marks = np.split(weights, splits)
    kept = {mark: round(float(w), 4) for mark, w in zip(marks, of_marks, strict=True) if abs(w) >= 1e-3}
    return Selector(edges, tuple(steps), kept, float(model.intercept_[0]), (0.5, 0.5, 0.5))


def _indicators(
    known: Sequence[Known], numbers: Floats, edges: Sequence[Floats], places: dict[int, int]
) -> sp.csr_matrix:
    """One row a candidate, one column a step of a number, then one a mark."""
    blocks = []
    for column, one in enumerate(edges):
        step = np.searchsorted(one, numbers[:, column], side="right")
        blocks.append(
            sp.csr_matrix((np.ones(len(step)), (np.arange(len(step)), step)), (len(step), len(one) + 1))
        )
    rows = np.repeat(np.arange(len(known)), [len(one.marks) for one in known])
    columns = [places[mark] for one in known for mark in one.marks]
    blocks.append(sp.csr_matrix((np.ones(len(rows)), (rows, columns)), (len(known), len(places))))
    return sp.hstack(blocks).tocsr()


def _best_thresholds(
    selector: Selector, examples: Sequence[Example], found: Sequence[Sequence[Candidate]], shares: Floats
) -> tuple[float, float, float]:
    starts = np.cumsum([0, *(len(candidates) for candidates in found)])
    marked = [mentions(example.text, example.places, first_only=True) for example in examples]

    def figure(thresholds: tuple[float, float, float]) -> float:
        model = PlaceModel(
            np.zeros((0, 5), np.int8),
            np.zeros((5, 5), np.float32),
            replace(selector, thresholds=thresholds),
        )
        hits = np.zeros(4)
        for index, candidates in enumerate(found):
            kept = model.kept(candidates, shares[starts[index] : starts[index + 1]].tolist())
            ours = mentions(examples[index].text, [c.text for c in kept], first_only=True)
            hits += _hits(ours, marked[index], _overlap)
        return _f1(hits)

    return max(product((0.35, 0.4, 0.45), (0.35, 0.4, 0.45), (0.4, 0.45, 0.5, 0.6)), key=figure)


def mentions(text: str, places: Sequence[str], *, first_only: bool = False) -> list[tuple[int, int]]:
    """Where the places stand in the text."""
    spans = []
    for place in dict.fromkeys(filter(None, places)):
        start = text.find(place)
        while start >= 0:
            spans.append((start, start + len(place)))
            start = -1 if first_only else text.find(place, start + 1)
    return spans


def allowed_tags(example: Example, words: Words) -> Flags:
    """Which tags each word may have: (words, tags)."""
    flags = np.zeros((len(words.starts), len(TAGS)), dtype=np.bool_)
    taken = np.zeros(len(flags), dtype=np.bool_)
    for place in sorted(set(example.places), key=lambda place: (-len(place), place)):
        for start, end in mentions(example.text, [place]):
            first = int(np.searchsorted(words.ends, start, side="right"))
            after = int(np.searchsorted(words.starts, end, side="left"))
            if not taken[first:after].any():
                taken[first:after] = True
                _mark_place(flags[first:after])
    flags[_in_question(example, words, taken)] = True
    flags[~taken, 0] = True
    return flags


def _mark_place(flags: Flags) -> None:
    if len(flags) == 1:
        flags[0, TAGS.index("S")] = True
        return
    flags[0, TAGS.index("B")] = True
    flags[1:-1, TAGS.index("I")] = True
    flags[-1, TAGS.index("E")] = True


def _in_question(example: Example, words: Words, taken: Flags) -> Flags:
    """Unmarked words that repeat three or more characters of a marked place."""
    marked = np.zeros(len(example.text) + 1, dtype=np.bool_)
    for start, end in zip(words.starts[taken], words.ends[taken], strict=True):
        marked[start:end] = True
    question = np.zeros_like(marked)
    for place in set(example.places):
        for start in range(len(place) - 2):
            for first, last in mentions(example.text, [place[start : start + 3]]):
                question[first:last] |= ~marked[first:last].any()
    held = np.cumsum(np.concatenate([[0], question]))
    answer: Flags = (held[words.ends] > held[words.starts]) & ~taken
    return answer


def fit_tagger(examples: Sequence[Example], words: Sequence[Words]) -> PlaceModel:
    """A conditional random field on partly known tags, by AdaGrad."""
    cut = [index for index, one in enumerate(words) if len(one.starts)]
    frequent = _frequent([words[index].keys for index in cut])
    slots = {index: _slots_of(words[index].keys, frequent) for index in cut}
    flags = {index: allowed_tags(examples[index], words[index]) for index in cut}
    draw = np.random.default_rng(SEED)
    field = _Field()
    lengths = np.array([len(words[index].starts) for index in cut])
    for epoch in range(EPOCHS):
        order = np.array(cut)[np.argsort(lengths + draw.uniform(0, 40, len(lengths)))]
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        for number in draw.permutation(len(batches)).tolist():
            batch = batches[number].tolist()
            field.learn([slots[index] for index in batch], [flags[index] for index in batch])
            if epoch >= AVERAGED_FROM and number % 10 == 0:
                field.remember()
    weights, transitions = field.average()
    scale = float(np.abs(weights).max()) / 127
    rounded = np.round(weights / scale).astype(np.int8)
    return PlaceModel(rounded, transitions.astype(np.float32), NO_SELECTOR, scale)


def _frequent(keys: Sequence[Numbers]) -> Numbers:
    """The keys that are met often enough to be learned, ascending."""
    known, counts = np.unique(np.concatenate([one.ravel() for one in keys]), return_counts=True)
    frequent: Numbers = known[counts >= RAREST]
    return frequent


def _slots_of(keys: Numbers, frequent: Numbers) -> Slots:
    """The slots of frequent keys; of all others the one behind the last, which stays empty."""
    at = np.searchsorted(frequent, keys).clip(max=len(frequent) - 1)
    return np.where(frequent[at] == keys, slot(keys), weights_shape()[0]).astype(np.int64)


class _Field:
    """Weights of the tagger while they are learned, and an empty row behind them."""

    def __init__(self) -> None:
        slots, tags = weights_shape()
        self.weights = np.zeros((slots + 1, tags), dtype=np.float32)
        self.transitions = np.zeros((tags, tags))
        self._seen = np.full(self.weights.shape, 1e-2, dtype=np.float32)
        self._seen_steps = np.full((tags, tags), 1e-2)
        self._sum = np.zeros_like(self.weights)
        self._sum_steps = np.zeros_like(self.transitions)
        self._remembered = 0

    def remember(self) -> None:
        """Add the present weights to the average."""
        self._sum += self.weights
        self._sum_steps += self.transitions
        self._remembered += 1

    def average(self) -> tuple[npt.NDArray[np.float32], Floats]:
        """Weights and transitions, averaged over all that was remembered."""
        return self._sum[:-1] / np.float32(self._remembered), self._sum_steps / self._remembered

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
        self.weights[-1] = 0


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
    """F1 by overlap: of first mentions in the text, and of the listed strings."""
    texts = [example.text for example in examples]
    kept = model.select(texts, model.candidates(texts))
    found = [Example(text, tuple(c.text for c in places)) for text, places in zip(texts, kept, strict=True)]
    return agreement(found, examples)


def agreement(found: Sequence[Example], marked: Sequence[Example]) -> dict[str, float]:
    """F1 of one list of places a text against another: how far two annotators agree, too."""
    spans, names, parts = np.zeros(4), np.zeros(4), np.zeros(4)
    for one, other in zip(found, marked, strict=True):
        ours, theirs = (
            mentions(one.text, one.places, first_only=True),
            mentions(other.text, other.places, first_only=True),
        )
        spans += _hits(ours, theirs, _overlap)
        listed = list(dict.fromkeys(one.places)), list(dict.fromkeys(other.places))
        names += _hits(*listed, lambda a, b: a in b or b in a)
        parts += _hits(*listed, _share_half)
    return {"首次出现处重叠": _f1(spans), "文字包含": _f1(names), "文字过半相同": _f1(parts)}


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _share_half(one: str, other: str) -> bool:
    """Whether half of the shorter name, two characters or more, stands in the other in a row."""
    shorter, longer = sorted((one, other), key=len)
    size = max(2, -(-len(shorter) // 2))
    return shorter in longer or any(
        shorter[start : start + size] in longer for start in range(len(shorter) - size + 1)
    )


def _hits(found: Sequence[Any], marked: Sequence[Any], meets: Callable[[Any, Any], bool]) -> list[int]:
    right = sum(any(meets(one, other) for other in marked) for one in found)
    met = sum(any(meets(one, other) for one in found) for other in marked)
    return [right, len(found), met, len(marked)]


def _f1(hits: npt.NDArray[np.float64]) -> float:
    precision, recall = hits[0] / max(hits[1], 1), hits[2] / max(hits[3], 1)
    return float(2 * precision * recall / max(precision + recall, 1e-9))


def measure(training: list[Example], folder: Path) -> Table:
    """Held-out figures: by cross-validation on the training file, and on the development file."""
    first, second = (
        read_examples(folder / "civic_gold_dev.jsonl", name) for name in ("places_a", "places_b")
    )
    rows = {"两名标注者之间": agreement(first, second), "交叉验证": _cross_validate(training)}
    model = fit(training)
    rows |= {f"开发集（{name}）": overlap_f1(model, marked) for name, marked in (("a", first), ("b", second))}
    table = Table("项目", *rows["交叉验证"], title="地点：重叠 F1")
    for name, figures in rows.items():
        table.add_row(name, *(f"{figure:.3f}" for figure in figures.values()))
    return table


def _cross_validate(training: list[Example]) -> dict[str, float]:
    fold_of = np.random.default_rng(SEED + 1).integers(0, FOLDS, len(training))
    found, marked = [], []
    for fold in range(FOLDS):
        model = fit([training[index] for index in np.flatnonzero(fold_of != fold).tolist()])
        unseen = [training[index] for index in np.flatnonzero(fold_of == fold).tolist()]
        texts = [example.text for example in unseen]
        kept = model.select(texts, model.candidates(texts))
        found += [Example(t, tuple(c.text for c in places)) for t, places in zip(texts, kept, strict=True)]
        marked += unseen
    return agreement(found, marked)


def save(model: PlaceModel, path: Path) -> None:
    """Arrays only, so that nothing needs to be trusted; the file's checksum joins the manifest."""
    stored = {
        "format": FORMAT,
        "weights": model.weights,
        "scale": model.scale,
        "transitions": model.transitions,
        **model.selector.stored(),
    }
    content = pack_arrays(stored)
    path.write_bytes(content)
    manifest = path.with_name(MANIFEST)
    if manifest.exists():
        known = json.loads(manifest.read_text(encoding="utf-8"))
        known["files"][path.name] = hashlib.sha256(content).hexdigest()
        manifest.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Train on all that is labelled; with --measure print held-out figures first."""
    parser = argparse.ArgumentParser(description="训练地点模型")
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--measure", action="store_true")
    arguments = parser.parse_args()
    training = read_examples(arguments.folder / "civic_labelled_train.jsonl", "places")
    if arguments.measure:
        Console().print(measure(training, arguments.folder))
    agreed = read_examples(arguments.folder / "civic_gold_dev.jsonl", "places_a")
    save(fit(training + agreed), arguments.out)


if __name__ == "__main__":
    main()
