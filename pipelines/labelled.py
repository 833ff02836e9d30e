"""The labelled files behind the models (their README says what they are), read and segmented once."""

import csv
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipelines.features import words_of
from pipelines.learn import Chosen, Labels
from pipelines.segment import Segmenter

_EXAMPLES: Final = Path(__file__).with_name("examples")

Words = list[str]
Cut = Callable[[str], list[str]]


@dataclass(frozen=True)
class Examples:
    """Segmented texts, where they come from and what people said of them."""

    texts: list[Words]
    origins: Labels
    labels: Labels
    intents: Labels

    @property
    def strata(self) -> Labels:
        """Origin and label, as in `hotel|neg`."""
        strata: Labels = np.char.add(np.char.add(self.origins, "|"), self.labels)
        return strata

    def of(self, task: str) -> Labels:
        """The labels of a task."""
        return self.intents if task == "intent" else self.labels

    def __add__(self, other: "Examples") -> "Examples":
        pairs = ((self.origins, other.origins), (self.labels, other.labels), (self.intents, other.intents))
        return Examples(self.texts + other.texts, *map(np.concatenate, pairs))

    def __getitem__(self, chosen: Chosen) -> "Examples":
        kept = [words for words, wanted in zip(self.texts, chosen, strict=True) if wanted]
        return Examples(kept, self.origins[chosen], self.labels[chosen], self.intents[chosen])


class LabelledData:
    """A folder of labelled files.

    `corpora` have a sentiment, `residents` and `agreed` a sentiment and an intent, `tokens`
    and `raw` a category.  `agreed` and `raw` are held out from every decision.  Two come with the
    project: `terse`, invented posts of a few words, of which the folder has microblogs only, with a
    sentiment and an intent; and the intents of some `microblogs` of the corpora, known by their digests.
    """

    def __init__(self, folder: Path) -> None:
        cut = Segmenter().cut
        corpora = list(_rows(folder / "sentiment_train.csv.gz"))
        self.corpora = _examples(corpora, cut, origin="corpus")
        self.residents = _posts(folder / "civic_labelled_train.jsonl", cut)
        self.agreed = _posts(folder / "civic_gold_dev.jsonl", cut)
        self.terse = _examples(_rows(_EXAMPLES / "terse.csv"), cut, origin="source", label="sentiment")
        intents = {row["sha256"]: row["intent"] for row in _rows(_EXAMPLES / "microblogs.csv")}
        known = ({**row, "intent": intents.get(_digest(row["text"]))} for row in corpora)
        self.microblogs = _examples((row for row in known if row["intent"]), cut, origin="corpus")
        # The file's own segmentation differs from ours: its words are joined and cut again.
        tokens = (
            {**row, "text": "".join(row["tokens"].split())}
            for row in _rows(folder / "civic_category_tokens_train.csv")
        )
        self.tokens = _examples(tokens, cut)
        self.raw = _examples(map(_with_title, _rows(folder / "civic_category_dev.csv")), cut)
        messages = map(_with_title, _rows(folder / "civic_messages.csv"))
        self._messages = [words_of(row["text"], cut) for row in messages]

    @cached_property
    def dropped_words(self) -> frozenset[str]:
        """Words that whoever made the token file left out: frequent in messages, absent there."""
        kept = Counter(word for words in self.tokens.texts for word in words)
        used = Counter(word for words in self._messages for word in words)
        share = 0.02 * kept.total() / used.total()
        return frozenset(word for word, count in used.items() if count >= 15 and kept[word] < share * count)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _with_title(row: dict[str, str]) -> dict[str, str]:
    return {**row, "text": f"{row['title']}\n{row['text']}"}


def _posts(path: Path, cut: Cut) -> Examples:
    with path.open(encoding="utf-8") as file:
        return _examples(map(json.loads, file), cut, origin="source", label="sentiment")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _examples(
    rows: Iterable[dict[str, Any]], cut: Cut, origin: str | None = None, label: str = "label"
) -> Examples:
    """Examples without repeated texts, which would stand on both sides of a split."""
    first = {row["text"]: row for row in reversed(list(rows))}.values()
    return Examples(
        [words_of(row["text"], cut) for row in first],
        np.array([row[origin] if origin else "" for row in first]),
        np.array([row[label] for row in first]),
        np.array([row.get("intent", "") for row in first]),
    )
