"""What a word's surroundings look like, as hashed features of words and their last characters.

All texts of a batch are described at once by array operations; a feature is a key, and the first
bits of a key are a slot of the weights, so that no table of features is kept.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from zlib import crc32

import numpy as np
import numpy.typing as npt
import rjieba

SLOT_BITS = 20
FEATURES = 26

_PAD = 3
_EDGE = "\n"
_MIX_1, _MIX_2 = np.uint32(0x7FEB352D), np.uint32(0x846CA68B)
_SHIFT = np.uint32(32 - SLOT_BITS)
_3, _5, _7 = map(np.uint32, (3, 5, 7))
# Index -1 is the word before, 1 the word behind.
_AROUND = (0, 1, 2, -2, -1)
_DIGITS = re.compile(r"\d+")
_ENDS = frozenset("。！？!?\n；;")
_KINDS = frozenset(
    "路街道巷弄村镇乡区县市省组队社苑园城府湾郡里墅庭居邸寓厦楼栋院校所站桥场馆店厂局口线段坪塘山湖河江港坝洲岛寺庙堂宅库部心吧铺亭"
)
# A word may not be part of a place when it is one of these.
_APART = frozenset("，。！？；：,!?;:、\r\n\t《》【】[]…~～ ")
# Names such as A7县 are one word, and what stands behind them is another.
_CODED = re.compile(r"[A-Z]\d{0,2}[省市区县](?=.)")
_MARK = "\x00"
_MOST_WORDS = 300_000

Numbers = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some texts, one after the other.

    `rows` is the text of each word, `starts` and `ends` its place in that text, `apart`
    whether no place may hold it, `keys` its features: (words, features).
    """

    rows: Ints
    starts: Ints
    ends: Ints
    apart: Flags
    keys: Numbers


def cut_words(text: str) -> list[str]:
    """The words of a text for place finding; joined they are the text without NULs."""
    if _MARK in text:
        text = text.replace(_MARK, " ")
    marked = _CODED.sub(lambda coded: coded[0] + _MARK, text)
    try:
        words: list[str] = rjieba.cut(marked)
    except UnicodeEncodeError:
        return cut_words(re.sub("[\ud800-\udfff]", "\ufffd", text))
    return words if len(marked) == len(text) else [word for word in words if word != _MARK]


class _Vocabulary(dict[str, int]):
    """Words met, numbered, with the hashes of their parts in `table`, one row a word."""

    def __init__(self) -> None:
        super().__init__()
        self.table = np.zeros((4096, 7), dtype=np.uint32)

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
    return crc32(text.encode("utf-8", "replace"))


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
    parts = np.ascontiguousarray(_vocabulary.table.take(ids, axis=0).T)
    lengths = parts[6, at].astype(np.int64)
    sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(cut))
    ends = np.cumsum(lengths) - np.repeat(np.cumsum(sizes) - sizes, counts)
    keys = _keys(parts, ids, at, rows, counts)
    return Words(rows, ends - lengths, ends, parts[5, at] > 0, keys)


def slot(keys: Numbers) -> Numbers:
    """Where the weights of features lie."""
    return keys >> _SHIFT


def _keys(parts: Numbers, ids: Ints, at: Ints, rows: Ints, counts: Ints) -> Numbers:
    """A key for each feature of each word; `parts` and `ids` are of all words, the padding among them."""
    shapes = parts[4].astype(np.int64)

    def spread(values: Ints) -> Numbers:
        whole = np.zeros(len(ids), dtype=np.uint32)
        whole[at] = _number(values)
        return _inner(whole)

    around = (
        spread(_sentences(shapes, at, counts)),
        spread(_repeats(rows, ids[at])),
        _inner(_number(_ahead(shapes))),
        spread(np.repeat(np.minimum(counts // 30, 5), counts)),
    )
    keys, inner = np.empty((FEATURES, len(at)), dtype=np.uint32), at - _PAD
    for number, column in enumerate(_columns(parts, *around)):
        _mixed(column + np.uint32(number + 1)).take(inner, out=keys[number], mode="clip")
    return keys.T


def _columns(
    parts: Numbers, sentence: Numbers, again: Numbers, ahead: Numbers, size: Numbers
) -> Iterator[Numbers]:
    """Each feature of each word between the paddings, in turn: kept together they would leave the cache."""
    mixed = [_mixed(column) for column in parts[:4]]
    word, last, last_two, first = ([_inner(column, offset) for offset in _AROUND] for column in mixed)
    shape = [_inner(_mixed(parts[4] + np.uint32(1)), offset) for offset in _AROUND]
    yield word[0]
    yield word[-1] * _3 + word[0]
    yield word[0] * _3 + word[1]
    yield word[-1]
    yield word[1]
    yield word[-2]
    yield word[2]
    yield word[-1] * _3 + word[1]
    yield last[0] * _3 + last[1]
    yield last[-1] * _3 + last[0]
    yield last[0] * _3 + shape[0]
    yield last[1] * _5 + last[2] * _3 + shape[0]
    yield word[1] * _3 + word[2]
    yield word[-2] * _3 + word[-1]
    yield shape[-1] * _7 + shape[0] * _5 + shape[1] * _3 + shape[2]
    yield last_two[0]
    yield first[0] * _3 + last[0]
    yield sentence * _3 + shape[0]
    yield again * _3 + shape[0]
    yield ahead * _3 + shape[0]
    yield ahead * _3 + word[-1]
    yield size * _3 + last[0]
    yield last[0] * _3 + last[1] + last[2] * _5
    yield shape[-2] * _7 + shape[-1] * _5 + shape[0] + word[1] * _3
    yield sentence * _3 + last[0] + again * _5
    yield word[-1] * _3 + shape[0] + last[1] * _5


def _inner(values: Numbers, offset: int = 0) -> Numbers:
    """What stands so many words from each word that has three on either side: a slice, which costs no copy."""
    return values[_PAD + offset : len(values) - _PAD + offset]


def _mixed(values: Numbers) -> Numbers:
    """A new array of well spread numbers."""
    values = values ^ (values >> np.uint32(16))
    values *= _MIX_1
    values ^= values >> np.uint32(15)
    values *= _MIX_2
    return values


def _number(values: Ints) -> Numbers:
    return _mixed(values.astype(np.uint32) + np.uint32(77))


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
    bits = len(ids).bit_length()
    # Sorted as one number a word: np.unique, which returns where each came from, takes five times as long.
    ordered = np.sort((ids << bits) | np.arange(len(ids)))
    places, kinds = ordered & ((1 << bits) - 1), ordered >> bits
    texts = rows[places]
    changes = (kinds[1:] != kinds[:-1]) | (texts[1:] != texts[:-1])
    starts = np.flatnonzero(np.concatenate([[True], changes])[: len(ids)])
    counts = np.diff(starts, append=len(ids))
    repeats = np.empty_like(ids)
    repeats[places] = np.repeat(np.minimum(counts, 4), counts)
    return repeats
