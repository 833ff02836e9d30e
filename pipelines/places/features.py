"""What a word's surroundings look like, as hashed features of words and their last characters.

All texts of a batch are described at once by array operations; a feature is a slot of the
weights, so that no table of features is kept.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from zlib import crc32

import numpy as np
import numpy.typing as npt
import rjieba

SLOT_BITS = 19

_PAD = 3
_EDGE = "\n"
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(64 - SLOT_BITS)
_DIGITS = re.compile(r"\d+")
_ENDS = frozenset("。！？!?\n；;")
_KINDS = frozenset(
    "路街道巷弄村镇乡区县市省组队社苑园城府湾郡里墅庭居邸寓厦楼栋院校所站桥场馆店厂局口线段坪塘山湖河江港坝洲岛寺庙堂宅库部心吧铺亭"
)
# A word may not be part of a place when it is one of these.
_APART = frozenset("，。！？；：,!?;:、\r\n\t《》【】[]…~～ ")
# Names such as A7县 are one word, and what stands behind them is another.
_CODED = re.compile(r"([A-Z]\d{0,2}[省市区县])(?=.)")
_MARK = "\x00"
_MOST_WORDS = 300_000

Numbers = npt.NDArray[np.uint64]
Slots = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some texts, one after the other.

    `rows` is the text of each word, `starts` and `ends` its place in that text, `apart`
    whether no place may hold it, `slots` its features: (words, features).
    """

    rows: Ints
    starts: Ints
    ends: Ints
    apart: Flags
    slots: Slots


def cut_words(text: str) -> list[str]:
    """The words of a text for place finding; joined they are the text without NULs."""
    if _MARK in text:
        text = text.replace(_MARK, " ")
    marked = _CODED.sub(rf"\1{_MARK}", text)
    try:
        words: list[str] = rjieba.cut(marked)
    except UnicodeEncodeError:
        return cut_words(re.sub("[\ud800-\udfff]", "\ufffd", text))
    return words if len(marked) == len(text) else [word for word in words if word != _MARK]


class _Vocabulary(dict[str, int]):
    """Words met, numbered, with the hashes of their parts in `table`, one row a word."""

    def __init__(self) -> None:
        super().__init__()
        self.table = np.zeros((4096, 7), dtype=np.uint64)

    def __missing__(self, word: str) -> int:
        number = len(self)
        if number == len(self.table):
            self.table = np.concatenate([self.table, np.zeros_like(self.table)])
        self.table[number] = _parts(word)
        self[word] = number
        return number


def _parts(word: str) -> tuple[int, ...]:
    """Hashes of the word, its last, last two and first characters; shape; whether it stands apart; length."""
    plain = word if word.isalpha() else _DIGITS.sub("0", word)
    hashes = (_hash(plain), _hash(plain[-1]), _hash(plain[-2:]), _hash(plain[0]))
    return (*hashes, _shape(word), int(word in _APART or word.isspace()), len(word))


def _hash(text: str) -> int:
    return (crc32(text.encode("utf-8", "replace")) + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF


def _shape(word: str) -> int:
    """1 end of a sentence, 2 other sign, 3 digits, 4 and 5 Latin, 6 to 9 Hanzi, 10 and more a kind of place."""
    if word in _ENDS or word.isspace():
        return 1
    if not word[0].isalnum():
        return 2
    if word.isdigit():
        return 3
    if word[0].isascii():
        return 5 if word.isalpha() else 4
    return 5 + min(len(word), 4) + (4 if word[-1] in _KINDS else 0)


_vocabulary = _Vocabulary()


def describe(texts: Sequence[str]) -> Words:
    """Cut and describe texts."""
    if len(_vocabulary) > _MOST_WORDS:
        _vocabulary.clear()
    cut = [cut_words(text) for text in texts]
    counts = np.fromiter(map(len, cut), dtype=np.int64, count=len(cut))
    padded = chain(chain.from_iterable(([_EDGE] * _PAD + words) for words in cut), [_EDGE] * _PAD)
    ids = np.fromiter(map(_vocabulary.__getitem__, padded), dtype=np.int64)
    rows = np.repeat(np.arange(len(cut)), counts)
    at = np.arange(len(rows)) + _PAD * (rows + 1)
    parts = _vocabulary.table[ids]
    lengths = parts[at, 6].astype(np.int64)
    sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(cut))
    ends = np.cumsum(lengths) - np.repeat(np.cumsum(sizes) - sizes, counts)
    slots = _slots(parts, ids, at, rows, counts)
    return Words(rows, ends - lengths, ends, parts[at, 5] > 0, slots)


def _slots(parts: Numbers, ids: Ints, at: Ints, rows: Ints, counts: Ints) -> Slots:
    word, last, last_two, first = (_mixed(parts[:, column]) for column in range(4))
    shapes = parts[:, 4].astype(np.int64)
    shape = _mixed(parts[:, 4] + np.uint64(1))
    sentence = _number(_sentences(shapes, at, counts))
    ahead = _number(_ahead(shapes)[at])
    again = _number(_repeats(rows, ids[at]))
    size = _number(np.repeat(np.minimum(counts // 30, 5), counts))

    def near(values: Numbers, offset: int, factor: int = 1) -> Numbers:
        return values[at + offset] * np.uint64(factor)

    columns = [
        near(word, 0),
        near(word, -1, 3) + near(word, 0),
        near(word, 0, 3) + near(word, 1),
        near(word, -1),
        near(word, 1),
        near(word, -2),
        near(word, 2),
        near(word, -1, 3) + near(word, 1),
        near(last, 0, 3) + near(last, 1),
        near(last, -1, 3) + near(last, 0),
        near(last, 0, 3) + near(shape, 0),
        near(last, 1, 5) + near(last, 2, 3) + near(shape, 0),
        near(word, 1, 3) + near(word, 2),
        near(word, -2, 3) + near(word, -1),
        near(shape, -1, 7) + near(shape, 0, 5) + near(shape, 1, 3) + near(shape, 2),
        near(last_two, 0),
        near(first, 0, 3) + near(last, 0),
        sentence * np.uint64(3) + near(shape, 0),
        again * np.uint64(3) + near(shape, 0),
        ahead * np.uint64(3) + near(shape, 0),
        ahead * np.uint64(3) + near(word, -1),
        size * np.uint64(3) + near(last, 0),
        near(last, 0, 3) + near(last, 1) + near(last, 2, 5),
        near(shape, -2, 7) + near(shape, -1, 5) + near(shape, 0) + near(word, 1, 3),
        sentence * np.uint64(3) + near(last, 0) + again * np.uint64(5),
        near(word, -1, 3) + near(shape, 0) + near(last, 1, 5),
    ]
    slots = np.empty((len(at), len(columns)), dtype=np.int32)
    for column, values in enumerate(columns):
        slots[:, column] = (_mixed(values + np.uint64(column + 1)) >> _SHIFT).astype(np.int32)
    return slots


def _mixed(values: Numbers) -> Numbers:
    values = values * _SPREAD
    values ^= values >> np.uint64(29)
    return values * np.uint64(0xBF58476D1CE4E5B9)


def _number(values: Ints) -> Numbers:
    return _mixed(values.astype(np.uint64) + np.uint64(77))


def _sentences(shapes: Ints, at: Ints, counts: Ints) -> Ints:
    """How many sentences ended before each word in its text, three at most."""
    ended = np.cumsum(shapes == 1) - (shapes == 1)
    first = ended[at[(np.cumsum(counts) - counts)[counts > 0]]]
    sentences: Ints = np.minimum(ended[at] - np.repeat(first, counts[counts > 0]), 3)
    return sentences


def _ahead(shapes: Ints) -> Ints:
    """How many words further a kind of place ends (6: far), 7 when a sign or nothing comes first."""
    here, never = np.arange(len(shapes)), len(shapes) + 9
    kind = np.minimum.accumulate(np.where(shapes >= 10, here, never)[::-1])[::-1]
    sign = np.minimum.accumulate(np.where(shapes <= 2, here, never)[::-1])[::-1]
    return np.where(kind < sign, np.minimum(kind - here, 6), 7)


def _repeats(rows: Ints, ids: Ints) -> Ints:
    """How often each word stands in its text, four at most."""
    _, kind, counts = np.unique((rows << 32) | ids, return_inverse=True, return_counts=True)
    repeats: Ints = np.minimum(counts[kind], 4)
    return repeats
