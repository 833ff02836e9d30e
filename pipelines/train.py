"""`minyi train`: the shipped models from the labelled data, with honest held-out scores."""

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Final

import numpy as np

from pipelines.arrays import Array, pack_arrays
from pipelines.classify import CUE_SCALE, Models
from pipelines.cues import find_cues
from pipelines.features import NGrams
from pipelines.labelled import Examples, LabelledData, Words
from pipelines.learn import Grams, Labels, Recipe, best_temperature, extract, folds, learn
from pipelines.linear import Floats
from pipelines.model_card import write_card
from pipelines.model_files import FORMAT, MANIFEST, assemble, registers_of
from pipelines.scores import Score, Scores, accuracy_by, score

__all__ = ["Score", "Scores", "train"]

REPEATS: Final = 3
NGRAMS: Final = NGrams()
RECIPES: Final = {
    "registers": Recipe("svm", strength=0.3, size=300_000, rarest=3, exactness=0.05, temperature=3.5),
    "sentiment": Recipe("logistic", strength=5, size=40_000, balanced=True),
    "intent": Recipe("logistic", strength=4, size=40_000, balanced=True),
    "category": Recipe("svm", strength=1, size=150_000, counted=True, balanced=True),
}

Stored = dict[str, Array]


def train(data_dir: Path, out_dir: Path, random_state: int) -> Scores:
    """Learn all models from the labelled data, write them, manifest and card; held-out scores."""
    data = LabelledData(data_dir)
    seen, unseen = next(folds(data.corpora.strata, random_state, count=10))
    trial = _Training(data, random_state)
    trial.learn_registers(data.corpora[seen], data.residents + data.terse)
    trial.learn_tasks(data.residents, data.tokens)
    figures = {**trial.judge("sentiment"), **trial.judge("intent"), **trial.judge_category()}
    figures |= trial.judge_corpora(data.corpora[unseen])
    final = _Training(data, random_state)
    residents = data.residents + data.agreed
    final.learn_registers(data.corpora, residents + data.terse)
    final.learn_tasks(residents, data.tokens + data.raw)
    save_models(out_dir, final.with_temperatures(trial.temperatures))
    write_card(out_dir, figures)
    return Scores(figures)


class _Training:
    """Models as they come to be, one after the other, and what they say of held-out texts."""

    def __init__(self, data: LabelledData, random_state: int) -> None:
        self.data = data
        self.random_state = random_state
        self.stored: dict[str, Stored] = {}
        self.temperatures: dict[str, float] = {}

    def learn_registers(self, corpora: Examples, residents: Examples) -> None:
        """Where a text comes from; of residents' posts the register only, not the label."""
        labels = np.concatenate([corpora.strata, residents.origins])
        grams = extract(NGRAMS, corpora.texts + residents.texts)
        orders = {"words": np.array(NGRAMS.words), "characters": np.array(NGRAMS.characters)}
        self.stored["registers"] = learn(RECIPES["registers"], grams, labels, self.random_state) | orders

    def learn_tasks(self, residents: Examples, messages: Examples) -> None:
        """The models that decide; two of them hear what the registers say."""
        for task in ("sentiment", "intent"):
            posts = residents + self._besides(task)
            self.stored[task] = learn(RECIPES[task], self._grams(posts), posts.of(task), self.random_state)
        dropped = self.data.dropped_words
        kept = [[word for word in words if word not in dropped] for words in messages.texts]
        learned = learn(RECIPES["category"], extract(NGRAMS, kept), messages.labels, self.random_state)
        self.stored["category"] = learned | {"ignored": np.array(sorted(dropped))}

    def judge(self, task: str) -> dict[str, Score]:
        """Repeated cross-validation on posts of one annotator; then the posts on which two agree."""
        residents, agreed = self.data.residents, self.data.agreed
        truth, labels = residents.of(task), self.stored[task]["labels"]
        runs = [self._cross_validate(task, self.random_state + run) for run in range(REPEATS)]
        self.temperatures[task] = best_temperature(runs[0], truth, labels.tolist())
        said = [labels[shares.argmax(axis=1)] for shares in runs]
        return {
            **score(f"{task}, {REPEATS} × 5-fold cross-validation", truth, *said),
            **score(f"{task}, two annotators agree", agreed.of(task), self._said(task, agreed.texts)),
        }

    def judge_category(self) -> dict[str, Score]:
        """Raw messages, by a model of the token file alone."""
        raw, labels = self.data.raw, self.stored["category"]["labels"]
        shares = _answers(self._models(), raw.texts, "category")
        self.temperatures["category"] = best_temperature(shares, raw.labels, labels.tolist())
        return score("category, raw messages", raw.labels, labels[shares.argmax(axis=1)])

    def judge_corpora(self, unseen: Examples) -> dict[str, Score]:
        """Public texts that neither the registers nor anything else has seen."""
        return accuracy_by(unseen.origins, unseen.labels, self._said("sentiment", unseen.texts))

    def with_temperatures(self, temperatures: Mapping[str, float]) -> dict[str, Stored]:
        """All that is stored, calibrated as the trial was."""
        return {
            name: stored | {"temperature": np.array(temperatures.get(name, stored["temperature"]))}
            for name, stored in self.stored.items()
        }

    def _cross_validate(self, task: str, random_state: int) -> Floats:
        residents, besides = self.data.residents, self._besides(task)
        posts = residents + besides
        truth, grams = posts.of(task), self._grams(posts)
        shares = np.zeros((len(residents.labels), len(self.stored[task]["labels"])), np.float32)
        always = np.ones(len(besides.labels), bool)
        for seen, unseen in folds(np.char.add(residents.origins, residents.of(task)), random_state):
            chosen = np.concatenate([seen, always])
            fold = learn(RECIPES[task], grams[chosen], truth[chosen], self.random_state)
            models = assemble("", self.stored | {task: fold})
            shares[unseen] = _answers(models, residents[unseen].texts, task)
        return shares

    def _besides(self, task: str) -> Examples:
        """What a task learns from besides residents' posts.

        Invented chatter has no part in sentiment: it resembles microblog replies, of which the annotator
        judges otherwise than whoever invented it.
        """
        terse = self.data.terse
        return terse[terse.intents != "其他"] if task == "sentiment" else terse + self.data.microblogs

    def _grams(self, residents: Examples) -> Grams:
        """The n-grams of residents' posts, with their cues and what the registers say of them."""
        registers = registers_of(self.stored["registers"])
        grams = extract(NGRAMS, residents.texts)
        cues = find_cues(["".join(words) for words in residents.texts])
        shares = registers.linear.probabilities(grams.bag, cues)
        return Grams(grams.rows, grams.keys, np.hstack([cues * CUE_SCALE, registers.hints(shares)]))

    def _models(self) -> Models:
        return assemble("", self.stored)

    def _said(self, task: str, texts: list[Words]) -> Labels:
        shares = _answers(self._models(), texts, task)
        said: Labels = self.stored[task]["labels"][shares.argmax(axis=1)]
        return said


def _answers(models: Models, texts: list[Words], task: str) -> Floats:
    return np.concatenate([models.answer(texts[i : i + 500])[task] for i in range(0, len(texts), 500)])


def save_models(folder: Path, learned: Mapping[str, Stored]) -> None:
    """Write one file a model and the manifest; equal content has the same version."""
    folder.mkdir(parents=True, exist_ok=True)
    files = _other_models(folder)
    for name, stored in learned.items():
        content = pack_arrays(stored)
        (folder / f"{name}.npz").write_bytes(content)
        files[f"{name}.npz"] = hashlib.sha256(content).hexdigest()
    manifest = {
        "format": FORMAT,
        "version": _fingerprint(learned),
        "made_with": {package: installed_version(package) for package in ("numpy", "scikit-learn", "scipy")},
        "files": files,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _other_models(folder: Path) -> dict[str, str]:
    """Checksums of the models that are trained apart, such as that of places."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("places.npz")}


def _fingerprint(learned: Mapping[str, Stored]) -> str:
    digest = hashlib.sha256()
    for name, stored in sorted(learned.items()):
        for key, value in sorted(stored.items()):
            digest.update(f"{name}.{key}".encode() + value.tobytes())
    return digest.hexdigest()[:12]
