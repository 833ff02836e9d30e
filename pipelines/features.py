"""Texts as the models see them, and their word and character n-grams, hashed, many texts at once.

Every n-gram is a span of one long array of code points; a polynomial prefix hash
gives the hash of any span in a few array operations, so no n-gram ever becomes a
Python string.  Equal spans have equal keys on every machine and in every version
of Python.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import filterfalse
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.script import simplify

Hashes = npt.NDArray[np.uint64]
Keys = npt.NDArray[np.uint32]
Rows = npt.NDArray[np.int32]
Slots = npt.NDArray[np.bool_]
Cut = Callable[[str], list[str]]

START, END, _END_OF_WORD = "\x02", "\x03", "\x00"
LONGEST: Final = 20_000

# No word holds one of these, wide or narrow; an ellipsis is narrow as three points, which a word may hold.
_WIDE_SIGNS = {sign: unicodedata.normalize("NFKC", sign) for sign in "，！？：；（）\u3000"}
# What full-width text holds everywhere: rid of these, most texts are normal already, which is soon seen.
_USUAL_WIDE = _WIDE_SIGNS | {"…": "..."}
_UNSEEN = re.compile("[\x00-\x08\u200b-\u200f\u2060\ufe0f\ufeff]")
_LINK = re.compile(r"(?:https?:/{0,2}|www\.)[!-~]*")
_MENTION = re.compile(r"@(?:\{[^{}]{0,80}\}|[^\s@:：,，。!！?？#\[\]/]{1,30})")

_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
_MASK = (1 << 64) - 1
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_SALT = 0xD6E8FEB86659FD93
_HALF = np.uint64(32)
SLOT_BITS: Final = 22


@dataclass(frozen=True, slots=True)
class NGrams:
    """Which n-grams to take: orders of words and orders of characters."""

    words: tuple[int, ...] = (1, 2)
    characters: tuple[int, ...] = (1, 2, 3, 4)

    def extract(self, texts: Sequence[Sequence[str]], slots: Slots | None = None) -> tuple[Rows, Keys]:
        """Rows (which text) and keys (which n-gram) of segmented texts, with repeats.

        With `slots` only n-grams whose slot is among these: half of them no model knows.
        """
        stream = _Stream(texts, slots)
        spans = [stream.words(order) for order in self.words]
        spans += [stream.characters(order) for order in self.characters]
        rows, keys = zip(*spans, stream.lengths(), strict=True)
        return np.concatenate(rows), np.concatenate(keys)


def slot(keys: Keys) -> Keys:
    """Where a key lies in the look-up table; a vocabulary has one key a slot."""
    return keys >> np.uint32(32 - SLOT_BITS)


def plain_text(text: str) -> str:
    """One script, width and case; names and links leave only their sign, `@` and `http`.

    Unlike `pipelines.clean.clean_text` it keeps what is no content but says something of
    the mood: greetings, emoji, topics, and that somebody is answered.
    """
    text = _replaced(simplify(text[:LONGEST]), _USUAL_WIDE)
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text).lower())
    if "http" in text or "www." in text:
        text = _LINK.sub(" http ", text)
    if "@" in text:
        text = _MENTION.sub("@", text)
    return " ".join(text.split())


def _replaced(text: str, signs: Mapping[str, str]) -> str:
    for sign, other in signs.items():
        text = text.replace(sign, other)
    return text


def words_of(text: str, cut: Cut) -> list[str]:
    """The words of a text as every model sees them."""
    return words_in(plain_text(text), cut)


def words_in(text: str, cut: Cut) -> list[str]:
    """The words of a text as it is, white space apart."""
    return list(filterfalse(str.isspace, cut(text)))


def words_again(text: str, cut: Cut, known: str, words: list[str]) -> list[str]:
    """As `words_of`, with help of the `words_in` another form of the text.

    Most plain texts differ from the cleaned ones in white space and the width of signs only: they have the same words.
    """
    plain = plain_text(text)
    if plain != " ".join(_replaced(known, _WIDE_SIGNS).split()):
        return words_in(plain, cut)
    return list(map(_WIDE_SIGNS.get, words, words))


class _Stream:
    """All texts as one array of code points, each between a start and an end mark."""

    def __init__(self, texts: Sequence[Sequence[str]], slots: Slots | None) -> None:
        self._slots = slots
        # Ends of words are looked for in the array of all: asking each word for its length takes longer.
        framed = [_END_OF_WORD.join((START, *_first(words), END, "")) for words in texts]
        marked = np.frombuffer("".join(framed).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        rows = np.repeat(np.arange(len(texts), dtype=np.int32), np.array([*map(len, framed)], np.int64))
        ends, within = np.flatnonzero(marked == 0), np.flatnonzero(marked)
        self._word_ends = ends - np.arange(len(ends))
        self._word_starts = np.append(0, self._word_ends)[:-1]
        self._word_rows, self._rows = rows.take(ends), rows.take(within)
        codes = marked.take(within).astype(np.uint64)
        powers, self._inverses = _powers(1 << max(len(codes), 1).bit_length())
        self._prefix = np.concatenate([np.zeros(1, np.uint64), np.cumsum(codes * powers[: len(codes)])])

    def words(self, order: int) -> tuple[Rows, Keys]:
        """Spans of `order` words that lie within one text."""
        starts, ends = self._word_starts[: 1 - order or None], self._word_ends[order - 1 :]
        sums = self._prefix.take(ends) - self._prefix.take(starts)
        sums *= self._inverses.take(starts)
        return self._held(self._word_rows, order, _mix(sums, salt=order))

    def characters(self, order: int) -> tuple[Rows, Keys]:
        """Spans of `order` characters that lie within one text."""
        sums = self._prefix[order:] - self._prefix[:-order]
        sums *= self._inverses[: len(sums)]
        return self._held(self._rows, order, _mix(sums, salt=16 + order))

    def lengths(self) -> tuple[Rows, Keys]:
        """One key a text for its length, in powers of the square root of two."""
        sizes = np.bincount(self._rows)
        steps = np.floor(2 * np.log2(sizes)).astype(np.uint64)
        return np.arange(len(sizes), dtype=np.int32), _mix(steps, salt=64)

    def _held(self, rows: Rows, order: int, keys: Keys) -> tuple[Rows, Keys]:
        """Those of all spans that lie within one text, and whose slot is among the slots."""
        first = rows[: len(keys)]
        held = first == rows[order - 1 :]
        if self._slots is not None:
            held &= self._slots.take(slot(keys))
        places = np.flatnonzero(held)
        return first.take(places), keys.take(places)


def _first(words: Sequence[str]) -> Sequence[str]:
    """The words of the first 20,000 characters: a text is never judged by more."""
    if len(words) <= LONGEST // 20 or sum(map(len, words)) <= LONGEST:
        return words
    sizes = np.cumsum([len(word) for word in words])
    return words[: int(np.searchsorted(sizes, LONGEST)) or 1]


def _mix(values: Hashes, salt: int) -> Keys:
    """The upper halves of the values, mixed in place."""
    values += np.uint64(salt * _SALT & _MASK)
    values *= _MIX_1
    values ^= values >> np.uint64(29)
    values *= _MIX_2
    return (values >> _HALF).astype(np.uint32)


@cache
def _powers(size: int) -> tuple[Hashes, Hashes]:
    """The powers of the hash's base and of its inverse, modulo 2 to the 64."""
    return _series(_BASE, size), _series(_INVERSE, size)


def _series(base: int, size: int) -> Hashes:
    factors = np.full(size, base, dtype=np.uint64)
    factors[0] = 1
    return np.cumprod(factors)
