"""Texts as the models see them, and their word and character n-grams, hashed, many texts at once.

Every n-gram is a span of one long array of code points; a polynomial prefix hash
gives the hash of any span in a few array operations, so no n-gram ever becomes a
Python string.  Equal spans have equal keys on every machine and in every version
of Python.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import filterfalse
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.script import simplify

Keys = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int32]

START, END = "\x02", "\x03"
LONGEST: Final = 20_000

# What full-width text holds everywhere: rid of these, most texts are normal already, which is soon seen.
_USUAL_WIDE = {sign: unicodedata.normalize("NFKC", sign) for sign in "，！？：；（）…\u3000"}
_UNSEEN = re.compile("[\x00-\x08\u200b-\u200f\u2060\ufe0f\ufeff]")
_LINK = re.compile(r"(?:https?:/{0,2}|www\.)[!-~]*")
_MENTION = re.compile(r"@(?:\{[^{}]{0,80}\}|[^\s@:：,，。!！?？#\[\]/]{1,30})")

_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
_MASK = (1 << 64) - 1
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_SALT = 0xD6E8FEB86659FD93


@dataclass(frozen=True, slots=True)
class NGrams:
    """Which n-grams to take: orders of words and orders of characters."""

    words: tuple[int, ...] = (1, 2)
    characters: tuple[int, ...] = (1, 2, 3, 4)

    def extract(self, texts: Sequence[Sequence[str]]) -> tuple[Rows, Keys]:
        """Rows (which text) and keys (which n-gram) of segmented texts, with repeats."""
        stream = _Stream(texts)
        spans = [stream.words(order) for order in self.words]
        spans += [stream.characters(order) for order in self.characters]
        rows, keys = zip(*spans, stream.lengths(), strict=True)
        return np.concatenate(rows), np.concatenate(keys)


def plain_text(text: str) -> str:
    """One script, width and case; names and links leave only their sign, `@` and `http`.

    Unlike `pipelines.clean.clean_text` it keeps what is no content but says something of
    the mood: greetings, emoji, topics, and that somebody is answered.
    """
    text = simplify(text[:LONGEST])
    for wide, plain in _USUAL_WIDE.items():
        text = text.replace(wide, plain)
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text).lower())
    if "http" in text or "www." in text:
        text = _LINK.sub(" http ", text)
    if "@" in text:
        text = _MENTION.sub("@", text)
    return " ".join(text.split())


def words_of(text: str, cut: Callable[[str], list[str]]) -> list[str]:
    """The words of a text as every model sees them."""
    return list(filterfalse(str.isspace, cut(plain_text(text))))


class _Stream:
    """All texts as one array of code points, each between a start and an end mark."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        framed: list[str] = []
        counts = np.zeros(len(texts), np.int64)
        for row, words in enumerate(map(_first, texts)):
            framed.append(START)
            framed += words
            framed.append(END)
            counts[row] = len(words) + 2
        codes = np.frombuffer("".join(framed).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        codes = codes.astype(np.uint64)
        word_lengths = np.fromiter(map(len, framed), dtype=np.int64, count=len(framed))
        self._word_ends = np.cumsum(word_lengths)
        self._word_starts = self._word_ends - word_lengths
        self._word_rows = np.repeat(np.arange(len(texts), dtype=np.int32), counts)
        self._rows = np.repeat(self._word_rows, word_lengths)
        powers, self._inverses = _powers(1 << max(len(codes), 1).bit_length())
        self._prefix = np.concatenate([np.zeros(1, np.uint64), np.cumsum(codes * powers[: len(codes)])])

    def words(self, order: int) -> tuple[Rows, Keys]:
        """Spans of `order` words that lie within one text."""
        first, last = self._word_rows[: 1 - order or None], self._word_rows[order - 1 :]
        starts, ends = self._word_starts[: 1 - order or None], self._word_ends[order - 1 :]
        inside = np.flatnonzero(first == last)
        return first.take(inside), self._hash(starts.take(inside), ends.take(inside), salt=order)

    def characters(self, order: int) -> tuple[Rows, Keys]:
        """Spans of `order` characters that lie within one text."""
        first, last = self._rows[: 1 - order or None], self._rows[order - 1 :]
        inside = np.flatnonzero(first == last)
        # All spans, those across two texts included: slices are cheaper than chosen places.
        sums = self._prefix[order:] - self._prefix[:-order]
        sums *= self._inverses[: len(sums)]
        return first.take(inside), _mix(sums, salt=16 + order).take(inside)

    def lengths(self) -> tuple[Rows, Keys]:
        """One key a text for its length, in powers of the square root of two."""
        sizes = np.bincount(self._rows)
        steps = np.floor(2 * np.log2(sizes)).astype(np.uint64)
        return np.arange(len(sizes), dtype=np.int32), _mix(steps, salt=64)

    def _hash(self, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64], salt: int) -> Keys:
        sums = self._prefix.take(ends) - self._prefix.take(starts)
        sums *= self._inverses.take(starts)
        return _mix(sums, salt)


def _first(words: Sequence[str]) -> Sequence[str]:
    """The words of the first 20,000 characters: a text is never judged by more."""
    if len(words) <= LONGEST // 20 or sum(map(len, words)) <= LONGEST:
        return words
    sizes = np.cumsum([len(word) for word in words])
    return words[: int(np.searchsorted(sizes, LONGEST)) or 1]


def _mix(values: Keys, salt: int) -> Keys:
    """Mixed in place."""
    values += np.uint64(salt * _SALT & _MASK)
    values *= _MIX_1
    values ^= values >> np.uint64(29)
    values *= _MIX_2
    values ^= values >> np.uint64(32)
    return values


@cache
def _powers(size: int) -> tuple[Keys, Keys]:
    """The powers of the hash's base and of its inverse, modulo 2 to the 64."""
    return _series(_BASE, size), _series(_INVERSE, size)


def _series(base: int, size: int) -> Keys:
    factors = np.full(size, base, dtype=np.uint64)
    factors[0] = 1
    return np.cumprod(factors)
