"""Posts to readings: clean, cut, classify, find places; many posts at once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pipelines.categories import category_detail
from pipelines.classify import ON_A_FORUM, Models
from pipelines.clean import clean_text, is_spam
from pipelines.corrections import LocalLayer
from pipelines.dedupe import sketches
from pipelines.features import words_again, words_in, words_of
from pipelines.linear import Floats
from pipelines.model_files import ModelError, load_models
from pipelines.places import Place, PlaceFinder
from pipelines.reading import Intent, Reading, Sentiment
from pipelines.segment import Segmenter
from pipelines.version import reading_version

__all__ = ["Document", "ModelError", "Models", "Reader", "load_models"]

# Many at once cost less each; memory goes with their characters.
_BATCH, _BATCH_CHARACTERS = 256, 120_000
_WHOLE, _SHORT = 0.7, 40
# Digits, signs and scripts that no model has learned say nothing; a smiley is a word by now.
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SAYS = re.compile(f"[{_HAN}]|[A-Za-z]{{2}}")
_NAMES = re.compile(f"[{_HAN}]")
# A category takes a word of Chinese; what smilies and masks became is none of the writer's.
_WORD, _MARKS = re.compile(f"[{_HAN}]{{2}}"), re.compile(r"\[[^\[\]]{0,20}\]|〔[^〔〕]{0,20}〕")
# What files and exports write where there was no text.
_NO_TEXT = frozenset({"nan", "none", "null", "na", "nil"})
_SILENT_SHARES = {"sentiment": {"neg": 0.33, "neu": 0.34, "pos": 0.33}, "intent": {"其他": 0.2}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A post as it is stored; `title` only where it says what the post is about."""

    title: str
    text: str


class Reader:
    """Reads posts with one set of models and one lexicon; `version` tells it from any other.

    A label whose probability is below `unsure` is a guess: its detail is left empty, and
    the probability in the reading says so.  A text that says nothing (none, digits, signs,
    a script the models do not know) is neutral by a hair.  One without a word of Chinese is
    of no category: its probability is 0.
    """

    def __init__(
        self,
        models: Models,
        segmenter: Segmenter,
        finder: PlaceFinder,
        *,
        unsure: float,
        layers: Mapping[str, LocalLayer] | None = None,
    ) -> None:
        self.models = models
        self.layers = _fitting(models, layers or {})
        self.segmenter = segmenter
        self.finder = finder
        self.unsure = unsure
        self.lexicon_hash = segmenter.lexicon_hash
        self.version = reading_version(
            models.version, finder.version, segmenter.lexicon_hash, finder.gazetteer, self.layers
        )

    def read(self, documents: Sequence[Document], *, residents: float = ON_A_FORUM) -> list[Reading]:
        """One reading a document, in order; `residents` as in `Models.answer`."""
        readings: list[Reading] = []
        for batch in _batches(documents):
            readings += self._read_batch(batch, residents)
        return readings

    def shipped_shares(self, name: str, documents: Sequence[Document]) -> tuple[tuple[str, ...], Floats]:
        """Labels of a task and what the shipped model gives each (rows: documents), without a local layer."""
        texts = [words_of(_joined(document), self.segmenter.cut) for document in documents]
        return self.models.labels(name), self.models.answer(texts, ON_A_FORUM)[name]

    def _read_batch(self, documents: Sequence[Document], residents: float) -> list[Reading]:
        joined = [_joined(document) for document in documents]
        cleaned, tokens, words = zip(*map(self._words_of, joined), strict=True)
        answers = self._answers(words, residents)
        places = self.finder.find_all(joined)
        return [
            self._reading(*known)
            for known in zip(joined, cleaned, tokens, places, sketches(cleaned), *answers, strict=True)
        ]

    def _answers(self, texts: Sequence[Sequence[str]], residents: float) -> list[list[dict[str, float]]]:
        """For each task the probabilities of each text's labels."""
        answers = []
        for task, shares in self.models.answer(texts, residents).items():
            layer = self.layers.get(task)
            moved = layer.apply(shares) if layer else shares
            labels = self.models.labels(task)
            answers.append(
                [dict(zip(labels, row, strict=True)) for row in moved.astype(float).round(4).tolist()]
            )
        return answers

    def _words_of(self, text: str) -> tuple[str, str, list[str]]:
        """The cleaned text, its words, joined, and those that the models see."""
        cleaned = clean_text(text)
        lowered = cleaned.lower()
        words = words_in(lowered, self.segmenter.cut)
        if not _SAYS.search(text):  # only smilies, which say more in words
            return cleaned, " ".join(words), words
        return cleaned, " ".join(words), words_again(text, self.segmenter.cut, lowered, words)

    def _reading(
        self,
        text: str,
        cleaned: str,
        tokens: str,
        places: Sequence[Place],
        sketch: bytes | None,
        sentiment: dict[str, float],
        intent: dict[str, float],
        category: dict[str, float],
    ) -> Reading:
        if not _says_anything(cleaned):
            sentiment, intent = _SILENT_SHARES["sentiment"], _SILENT_SHARES["intent"]
        if not _WORD.search(_MARKS.sub(" ", cleaned)):
            category = dict.fromkeys(category, 0.0)
        likeliest = max(category, key=category.__getitem__)
        sure = category[likeliest] >= self.unsure
        return Reading(
            sentiment=cast("Sentiment", max(sentiment, key=sentiment.__getitem__)),
            p_neg=sentiment["neg"],
            p_neu=sentiment["neu"],
            p_pos=sentiment["pos"],
            intent=cast("Intent", max(intent, key=intent.__getitem__)),
            p_intent=max(intent.values()),
            category=likeliest,
            p_category=category[likeliest],
            category_detail=category_detail(likeliest, cleaned) if sure else None,
            places=tuple(dict.fromkeys(place.text for place in places if _NAMES.search(place.text))),
            district=self.finder.district_of(places),
            tokens=tokens,
            spam=_is_spam(text, cleaned),
            sketch=sketch,
        )


def _batches(documents: Sequence[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    size = 0
    for document in documents:
        length = len(document.title) + len(document.text)
        if batch and (len(batch) == _BATCH or size + length > _BATCH_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += length
    if batch:
        yield batch


def _is_spam(text: str, cleaned: str) -> bool:
    """As `is_spam`, but a text that cleaning left nearly whole need not be looked at."""
    return len(cleaned) < max(len(text) * _WHOLE, _SHORT) and is_spam(text)


def _says_anything(cleaned: str) -> bool:
    return _SAYS.search(cleaned) is not None and cleaned.lower() not in _NO_TEXT


def _joined(document: Document) -> str:
    return f"{document.title}\n{document.text}" if document.title else document.text


def _fitting(models: Models, layers: Mapping[str, LocalLayer]) -> dict[str, LocalLayer]:
    """The layers, all made for these labels; ModelError otherwise."""
    for name, layer in layers.items():
        if layer.labels != models.labels(name):
            raise ModelError(f"本地修正层（{name}）属于另一版本的模型；请运行 minyi train --local 重新训练")
    return dict(layers)
