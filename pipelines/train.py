"""`minyi train`: the shipped models from the labelled data, with honest held-out scores."""

import csv
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import minimize_scalar
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC
from skops.io import dumps

from pipelines.classify import FORMAT, MANIFEST, Floats, Task, Vocabulary, shorten, slot, softmax, to_task
from pipelines.clean import clean_text
from pipelines.features import NGrams
from pipelines.model_card import write_card
from pipelines.segment import Segmenter

SENTIMENTS: Final = ("neg", "neu", "pos")
INTENTS: Final = ("投诉", "求助", "咨询", "建议", "表扬", "其他")
FOLDS: Final = 5

_METHOD = """
Word 1–2-grams and character 1–4-grams, hashed; presence weighted by rarity, rows of length one; a linear support
vector machine a task, its strongest n-grams kept and refitted, scores turned into probabilities by a temperature
fitted on held-out items.
"""
_IDEAS = """
First version: nothing beyond the plain model has been tried yet.
"""

Words = list[str]
Labels = npt.NDArray[np.str_]


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
        return "\n".join(f"{name}: {score}" for name, score in self.figures.items())


@dataclass(frozen=True)
class Examples:
    """Segmented texts, what they come from and what was said of them."""

    texts: list[Words]
    labels: Labels
    origins: Labels

    def __add__(self, other: "Examples") -> "Examples":
        return Examples(
            self.texts + other.texts,
            np.concatenate([self.labels, other.labels]),
            np.concatenate([self.origins, other.origins]),
        )

    def __getitem__(self, chosen: npt.NDArray[np.bool_]) -> "Examples":
        kept = [words for words, wanted in zip(self.texts, chosen, strict=True) if wanted]
        return Examples(kept, self.labels[chosen], self.origins[chosen])


@dataclass(frozen=True)
class Recipe:
    """How one task is learned."""

    labels: tuple[str, ...]
    ngrams: NGrams
    size: int
    strength: float = 1.0
    rarest: int = 2
    ignored: frozenset[str] = frozenset()
    weight: Callable[[Examples], Floats] | None = None


def train(data_dir: Path, out_dir: Path, random_state: int) -> Scores:
    """Learn all tasks from the labelled data, write models, manifest and card; held-out scores."""
    data = _Data(data_dir)
    recipes = _recipes(data)
    figures = {
        **_judge_sentiment(recipes["sentiment"], data, random_state),
        **_judge_intent(recipes["intent"], data, random_state),
        **_judge_category(recipes["category"], data, random_state),
    }
    learned = {
        name: learn(recipes[name], data.examples(name), random_state, calibrated=True) for name in recipes
    }
    save_models(out_dir, learned)
    write_card(out_dir, figures, _METHOD, _IDEAS)
    return Scores(figures)


class _Data:
    """The labelled files, read and segmented once."""

    def __init__(self, folder: Path) -> None:
        cut = Segmenter().cut
        self.corpora = _examples(
            ((row["text"], row["label"], row["corpus"]) for row in _rows(folder / "sentiment_train.csv.gz")),
            cut,
        )
        civic = list(_json_rows(folder / "civic_labelled_train.jsonl"))
        gold = list(_json_rows(folder / "civic_gold_dev.jsonl"))
        self.sentiment, self.gold_sentiment = (_civic(rows, "sentiment", cut) for rows in (civic, gold))
        self.intent, self.gold_intent = (_civic(rows, "intent", cut) for rows in (civic, gold))
        tokens = list(_rows(folder / "civic_category_tokens_train.csv"))
        # The file's own segmentation differs from ours: its words are joined and cut again.
        self.category = _examples(
            (("".join(row["tokens"].split()), row["label"], "tokens") for row in tokens), cut
        )
        raw = list(_rows(folder / "civic_category_dev.csv"))
        self.gold_category = _examples(
            ((f"{row['title']} {row['text']}", row["label"], "raw") for row in raw), cut
        )
        messages = _rows(folder / "civic_messages.csv")
        self.unlabelled = [words_of(f"{row['title']} {row['text']}", cut) for row in messages]

    def examples(self, task: str) -> Examples:
        """All that is labelled for a task, development items included: for the final models only."""
        parts = {
            "sentiment": (self.corpora, self.sentiment, self.gold_sentiment),
            "intent": (self.intent, self.gold_intent),
            "category": (self.category, self.gold_category),
        }[task]
        first, *rest = parts
        return sum(rest, start=first)

    def dropped_words(self) -> frozenset[str]:
        """Words that whoever made the token file left out: frequent in messages, absent there."""
        kept = Counter(word for words in self.category.texts for word in words)
        used = Counter(word for words in self.unlabelled for word in words)
        share = 0.02 * kept.total() / used.total()
        return frozenset(word for word, count in used.items() if count >= 15 and kept[word] < share * count)


def words_of(text: str, cut: Callable[[str], list[str]]) -> Words:
    """The words of a text as every model sees them: cleaned, lower case, without white space."""
    return [word for word in cut(clean_text(text).lower()) if not word.isspace()]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _json_rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _civic(rows: Iterable[dict[str, Any]], label: str, cut: Callable[[str], list[str]]) -> Examples:
    return _examples(((row["text"], row[label], row["source"]) for row in rows), cut)


def _examples(rows: Iterable[tuple[str, str, str]], cut: Callable[[str], list[str]]) -> Examples:
    """Examples without repeated texts, which would stand on both sides of a split."""
    first = {text: (label, origin) for text, label, origin in reversed(list(rows))}
    texts = [words_of(text, cut) for text in first]
    labels, origins = zip(*first.values(), strict=True)
    return Examples(texts, np.array(labels), np.array(origins))


def _recipes(data: _Data) -> dict[str, Recipe]:
    return {
        "sentiment": Recipe(SENTIMENTS, NGrams(), size=350_000, strength=0.3, rarest=3),
        "intent": Recipe(INTENTS, NGrams(), size=100_000),
        "category": Recipe(
            tuple(sorted(set(data.category.labels))), NGrams(), size=150_000, ignored=data.dropped_words()
        ),
    }


def learn(
    recipe: Recipe, examples: Examples, random_state: int, *, calibrated: bool = False
) -> dict[str, Any]:
    """What `classify.Task` stores: the strongest n-grams, refitted, with a calibrated temperature."""
    rows, keys = _extract(recipe, examples.texts)
    everything = _count(keys, rows, recipe.rarest, len(examples.texts))
    model = _fit(recipe, everything.matrix(rows, keys, len(examples.texts)), examples, random_state)
    vocabulary = _strongest(everything, np.abs(model.coef_).max(axis=0), recipe.size)
    matrix = vocabulary.matrix(rows, keys, len(examples.texts))
    model = _fit(recipe, matrix, examples, random_state)
    return {
        "labels": [str(label) for label in model.classes_],
        "words": list(recipe.ngrams.words),
        "characters": list(recipe.ngrams.characters),
        "ignored": sorted(recipe.ignored),
        "keys": vocabulary.keys,
        "weights": vocabulary.weights.astype(np.float16),
        "coefficients": model.coef_.T.astype(np.float16),
        "intercepts": model.intercept_.astype(np.float32),
        "temperature": _temperature(recipe, matrix, examples, random_state) if calibrated else 1.0,
    }


class _Everything(Vocabulary):
    """A vocabulary too large for the look-up table."""

    def _columns(self, short: npt.NDArray[np.uint32]) -> npt.NDArray[np.int32]:
        return np.minimum(np.searchsorted(self.keys, short), len(self.keys) - 1).astype(np.int32)


def _strongest(everything: Vocabulary, strength: Floats, size: int) -> Vocabulary:
    """The n-grams that weigh most, of two that share a slot the stronger one."""
    order = np.argsort(-strength * everything.weights, kind="stable")[:size]
    _, first = np.unique(slot(everything.keys[order]), return_index=True)
    chosen = np.sort(order[first])
    return Vocabulary(everything.keys[chosen], everything.weights[chosen])


def _extract(recipe: Recipe, texts: Sequence[Words]) -> tuple[Any, Any]:
    kept = [[word for word in words if word not in recipe.ignored] for words in texts]
    rows, keys = [], []
    for start in range(0, len(kept), 2000):
        part, part_keys = recipe.ngrams.extract(kept[start : start + 2000])
        rows.append(part + np.int32(start))
        keys.append(part_keys)
    return np.concatenate(rows), np.concatenate(keys)


def _count(keys: Any, rows: Any, rarest: int, texts: int) -> Vocabulary:
    """The n-grams of at least `rarest` texts, weighted by their rarity."""
    pairs = np.unique((shorten(keys).astype(np.uint64) << np.uint64(32)) | rows.astype(np.uint64))
    known, counts = np.unique((pairs >> np.uint64(32)).astype(np.uint32), return_counts=True)
    known, counts = known[counts >= rarest], counts[counts >= rarest]
    rarity = np.log((1 + texts) / (1 + counts)) + 1
    return _Everything(known, rarity.astype(np.float32))


def _fit(recipe: Recipe, matrix: sp.csr_matrix, examples: Examples, random_state: int) -> LinearSVC:
    weight = recipe.weight(examples) if recipe.weight else None
    model = LinearSVC(C=recipe.strength, tol=1e-2, random_state=random_state)
    return model.fit(matrix, examples.labels, sample_weight=weight)


def _temperature(recipe: Recipe, matrix: sp.csr_matrix, examples: Examples, random_state: int) -> float:
    """What scores must be multiplied by, so that held-out probabilities come true."""
    scores = np.zeros((len(examples.labels), len(recipe.labels)), np.float32)
    for seen, unseen in _folds(examples, random_state):
        model = _fit(recipe, matrix[seen], examples[seen], random_state)
        scores[unseen] = model.decision_function(matrix[unseen])
    truth = np.searchsorted(np.unique(examples.labels), examples.labels)
    each = np.arange(len(truth))

    def surprise(temperature: float) -> float:
        return float(-np.log(softmax(scores * temperature)[each, truth] + 1e-9).mean())

    return float(minimize_scalar(surprise, bounds=(0.2, 20), method="bounded").x)


def _folds(
    examples: Examples, random_state: int, folds: int = FOLDS
) -> Iterator[tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]:
    strata = np.char.add(examples.origins, examples.labels)
    for _, held_out in StratifiedKFold(folds, shuffle=True, random_state=random_state).split(strata, strata):
        unseen = np.zeros(len(strata), bool)
        unseen[held_out] = True
        yield ~unseen, unseen


def _judge(recipe: Recipe, seen: Examples, unseen: Examples, random_state: int) -> Labels:
    """The labels that a model of the seen examples gives the unseen ones."""
    task = to_task(learn(recipe, seen, random_state))
    return predict(task, unseen.texts)


def predict(task: Task, texts: Sequence[Words]) -> Labels:
    """The likeliest label of each text."""
    parts = [task.probabilities(texts[start : start + 512]) for start in range(0, len(texts), 512)]
    said: Labels = np.array(task.labels)[np.concatenate(parts).argmax(axis=1)]
    return said


def _score(name: str, truth: Labels, said: Labels) -> dict[str, Score]:
    """Accuracy and macro F1 with intervals from 1,000 resamples of the items."""
    labels = np.unique(truth)
    # What was said and is nobody's label counts as wrong, under a column of its own.
    positions = np.where(np.isin(said, labels), np.searchsorted(labels, said), len(labels))
    cells = np.searchsorted(labels, truth) * (len(labels) + 1) + positions
    whole = np.bincount(cells, minlength=len(labels) * (len(labels) + 1))
    draws = np.random.default_rng(0).multinomial(len(cells), whole / len(cells), size=1000)
    tables = np.concatenate([whole[None], draws]).reshape(-1, len(labels), len(labels) + 1)
    return {
        f"{name} accuracy": _interval(_accuracy(tables)),
        f"{name} macro F1": _interval(_macro_f1(tables)),
    }


def _accuracy(tables: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    right = np.trace(tables, axis1=1, axis2=2)
    share: npt.NDArray[np.float64] = right / tables.sum(axis=(1, 2))
    return share


def _macro_f1(tables: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    right = np.diagonal(tables, axis1=1, axis2=2)
    either = tables.sum(axis=2) + tables[:, :, : right.shape[1]].sum(axis=1)
    mean: npt.NDArray[np.float64] = (2 * right / np.maximum(either, 1)).mean(axis=1)
    return mean


def _interval(values: npt.NDArray[np.float64]) -> Score:
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return Score(float(values[0]), float(min(low, values[0])), float(max(high, values[0])))


def _judge_sentiment(recipe: Recipe, data: _Data, random_state: int) -> dict[str, Score]:
    """Civic items in turn, a tenth of each public corpus once, and the items two people agree on."""
    seen, held_out = next(_folds(data.corpora, random_state, folds=10))
    said = np.empty_like(data.sentiment.labels)
    for seen_civic, unseen_civic in _folds(data.sentiment, random_state):
        examples = data.corpora[seen] + data.sentiment[seen_civic]
        task = to_task(learn(recipe, examples, random_state))
        said[unseen_civic] = predict(task, data.sentiment[unseen_civic].texts)
    task = to_task(learn(recipe, data.corpora[seen] + data.sentiment, random_state))
    public = data.corpora[held_out]
    public_said = predict(task, public.texts)
    return {
        **_score("sentiment, civic, cross-validated", data.sentiment.labels, said),
        **_score(
            "sentiment, two annotators agree",
            data.gold_sentiment.labels,
            predict(task, data.gold_sentiment.texts),
        ),
        **_by_corpus(public, public_said),
    }


def _by_corpus(public: Examples, said: Labels) -> dict[str, Score]:
    figures: dict[str, Score] = {}
    for corpus in np.unique(public.origins):
        of_corpus = public.origins == corpus
        name = f"sentiment, {corpus}"
        figures |= {name: _score(name, public.labels[of_corpus], said[of_corpus])[f"{name} accuracy"]}
    mean = [
        np.mean([getattr(figure, part) for figure in figures.values()]) for part in ("value", "low", "high")
    ]
    return {"sentiment, mean accuracy of nine corpora": Score(*map(float, mean)), **figures}


def _judge_intent(recipe: Recipe, data: _Data, random_state: int) -> dict[str, Score]:
    said = np.empty_like(data.intent.labels)
    for seen, unseen in _folds(data.intent, random_state):
        said[unseen] = _judge(recipe, data.intent[seen], data.intent[unseen], random_state)
    agreed = _judge(recipe, data.intent, data.gold_intent, random_state)
    return {
        **_score("intent, cross-validated", data.intent.labels, said),
        **_score("intent, two annotators agree", data.gold_intent.labels, agreed),
    }


def _judge_category(recipe: Recipe, data: _Data, random_state: int) -> dict[str, Score]:
    said = _judge(recipe, data.category, data.gold_category, random_state)
    return _score("category, raw text", data.gold_category.labels, said)


def save_models(folder: Path, learned: dict[str, dict[str, Any]]) -> None:
    """Write one file a task and the manifest; equal content has the same version."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, stored in learned.items():
        content = dumps(stored, compression=ZIP_DEFLATED, compresslevel=9)
        (folder / f"{name}.skops").write_bytes(content)
        files[f"{name}.skops"] = hashlib.sha256(content).hexdigest()
    manifest = {
        "format": FORMAT,
        "version": _fingerprint(learned),
        "made_with": {
            package: installed_version(package) for package in ("numpy", "scikit-learn", "scipy", "skops")
        },
        "files": files,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _fingerprint(learned: dict[str, dict[str, Any]]) -> str:
    digest = hashlib.sha256()
    for name, stored in sorted(learned.items()):
        for key, value in sorted(stored.items()):
            content = value.tobytes() if isinstance(value, np.ndarray) else json.dumps(value).encode()
            digest.update(f"{name}.{key}".encode() + content)
    return digest.hexdigest()[:12]
