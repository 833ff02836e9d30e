"""What a character's surroundings look like, as hashed features: characters and words.

All texts of a batch are described at once by array operations; a feature is a slot of the
weights, so that no table of features is kept.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from zlib import crc32

import numpy as np
import numpy.typing as npt
import rjieba

SLOT_BITS = 20

_PAD = 4
_WORD_PAD = 2
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(64 - SLOT_BITS)
_DIGIT = np.uint64(ord("0"))

Numbers = npt.NDArray[np.uint64]
Slots = npt.NDArray[np.int32]


def describe(texts: Sequence[str]) -> Slots:
    """Slots of every character of the texts, one after the other: (characters, features)."""
    lengths = np.array([len(text) for text in texts])
    places = np.arange(lengths.sum()) + np.repeat(np.arange(len(texts)) * _PAD + _PAD, lengths)
    hashes = [*_character_hashes(texts, places), *_word_hashes(texts)]
    slots = np.empty((len(places), len(hashes)), dtype=np.int32)
    for column, values in enumerate(hashes):
        slots[:, column] = (_mixed(values + np.uint64(column + 1)) >> _SHIFT).astype(np.int32)
    return slots


def _mixed(values: Numbers) -> Numbers:
    values = values * _SPREAD
    values ^= values >> np.uint64(29)
    return values * np.uint64(0xBF58476D1CE4E5B9)


def _character_hashes(texts: Sequence[str], places: npt.NDArray[np.int64]) -> list[Numbers]:
    gap = "\0" * _PAD
    joined = gap + gap.join(texts) + gap + gap
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    codes[(codes >= ord("0")) & (codes <= ord("9"))] = _DIGIT
    one = _mixed(codes)
    two = one[:-1] * np.uint64(3) + one[1:]
    three = two[:-1] * np.uint64(5) + one[2:]
    four = three[:-1] * np.uint64(7) + one[3:]
    shape = np.uint64(1) + _kinds(codes)
    kinds = shape[:-4]
    for offset in range(1, 5):
        kinds = kinds * np.uint64(8) + shape[offset : offset + len(kinds)]
    spans = [
        (one, range(-4, 5)),
        (two, range(-4, 4)),
        (three, range(-3, 2)),
        (four, range(-2, 1)),
        (kinds, range(-2, -1)),
    ]
    return [grams[places + offset] for grams, offsets in spans for offset in offsets]


def _kinds(codes: Numbers) -> Numbers:
    """0 other, 1 Hanzi, 2 digit, 3 capital, 4 small letter, 5 edge."""
    kinds = np.zeros_like(codes)
    for kind, (first, last) in enumerate(
        ((0x4E00, 0x9FFF), (0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A), (0, 0)), start=1
    ):
        kinds[(codes >= first) & (codes <= last)] = kind
    return kinds


def _word_hashes(texts: Sequence[str]) -> list[Numbers]:
    edge = [""] * _WORD_PAD
    words = [*chain.from_iterable((*edge, *_cut(text)) for text in texts), *edge]
    return _around(
        np.array([_number(word) for word in words], dtype=np.uint64), np.array([len(word) for word in words])
    )


def _cut(text: str) -> list[str]:
    try:
        return list(rjieba.cut(text))
    except UnicodeEncodeError:
        return list(rjieba.cut(text.encode("utf-8", "replace").decode()))


def _around(words: Numbers, lengths: npt.NDArray[np.int64]) -> list[Numbers]:
    """Words around each character, with its place in its own word."""
    at = np.repeat(np.arange(len(lengths)), lengths)
    inside = np.arange(len(at)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    left = lengths[at] - 1 - inside
    place = _mixed((np.minimum(inside, 3) * 4 + np.minimum(left, 3) + 1).astype(np.uint64))
    before, here, after = words[at - 1], words[at], words[at + 1]
    return [
        place,
        before + place,
        here + place,
        after + place,
        here * np.uint64(3) + after + place,
        before * np.uint64(3) + here + place,
        words[at - 2],
        words[at + 2],
        here,
    ]


@lru_cache(maxsize=200_000)
def _number(word: str) -> int:
    return (crc32(word.encode("utf-8", "replace")) + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
