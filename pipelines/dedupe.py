"""The same text again: copied across boards and forums, or posted again the next day.

Each text is sketched once, when it is read: twelve hashes, of which near-identical texts
share at least one.  Sketches make the pairs worth comparing (few, however many texts);
each pair is then compared exactly.  A text with another number in it is another text, and
so is one with another name: residents of two estates send in the same words.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pipelines.clean import clean_text
from pipelines.renamed import renamed

SHINGLE = 4
THRESHOLD = 0.7
BANDS = 12
ROWS = 3

_LONGEST = 20_000
_SHORTEST = 12  # characters: "同意" written by two people is two texts
_COMPARED = 8
_EMPTY = np.iinfo(np.uint64).max
_TEXT = re.compile(r"[^\W_]+")
# The numbers of a text tell one building, sum or day from another; how often somebody asked does not.
# Patterns that begin with a class of characters pass over most of a text.
_NUMBER = re.compile(
    r"[\d〇零一二两三四五六七八九十百千万](?:(?<=\d)\d*"
    r"|(?<!\d)[〇零一二两三四五六七八九十百千万]*(?=[栋幢座楼层号弄单室期组队路街区村中小校年月日点米户元人]))"
)
_TIMES = re.compile(
    r"[第顶\d一二三四五六七八九十](?:(?<=顶)\d*|(?<=第)[\d一二三四五六七八九十]+[次遍]|(?<![第顶])[\d一二三四五六七八九十]*[次遍])"
)
_SIGNS_OF_TIMES = ("次", "遍", "顶")

Hashes = npt.NDArray[np.uint64]
Sketches = npt.NDArray[np.uint32]
Labels = npt.NDArray[np.int64]


def text_hash(text: str) -> str:
    """32 hex digits of what the text says: script, width, punctuation, case and spaces apart."""
    return hashlib.blake2b(normal_text(text).encode(), digest_size=16).hexdigest()


def normal_text(text: str) -> str:
    """Letters, digits and Hanzi of the cleaned text, in lower case; a text without any as it is."""
    return normal_cleaned(clean_text(text))


def normal_cleaned(cleaned: str) -> str:
    """`normal_text` of a text that was cleaned."""
    cleaned = cleaned.lower()
    return "".join(_TEXT.findall(cleaned)) or cleaned


def sketches(cleaned: Sequence[str]) -> list[bytes | None]:
    """For each cleaned text what makes it meet its copies: 48 bytes; None for a text too short to have any."""
    said = [normal_cleaned(text)[:_LONGEST] for text in cleaned]
    sketched = [row for row, text in enumerate(said) if len(text) >= _SHORTEST and text.isalnum()]
    marks: list[bytes | None] = [None] * len(said)
    if sketched:
        rows = _sketched([said[row] for row in sketched])
        for row, values in zip(sketched, rows, strict=True):
            marks[row] = values.tobytes()
    return marks


def _sketched(said: Sequence[str]) -> Sketches:
    """One row a text: its marks, made of the least shingles in each bin and of its numbers."""
    rows, shingles = _all_shingles(said)
    bins = BANDS * ROWS
    least = np.full(len(said) * bins, _EMPTY, dtype=np.uint64)
    np.minimum.at(least, rows * bins + (shingles >> np.uint64(40)).astype(np.int64) % bins, shingles)
    bands = _filled(least.reshape(len(said), bins)).reshape(len(said), BANDS, ROWS)
    numbers = np.array([_numbers_of(text) for text in said], dtype=np.uint64)
    marks = np.repeat(numbers[:, None], BANDS, axis=1)
    for row in range(ROWS):
        marks = _mix(marks * np.uint64(31) + bands[:, :, row])
    return (marks >> np.uint64(32)).astype("<u4")


def _filled(least: Hashes) -> Hashes:
    """Empty bins take the next full bin's value, marked by how far it is: short texts have few shingles."""
    for step in range(least.shape[1]):
        empty = least == _EMPTY
        if not empty.any():
            break
        least = np.where(empty, np.roll(least, -1, axis=1), least)
        least[empty & (least != _EMPTY)] += np.uint64(step + 1)
    return least


def copy_groups(sketches: Sequence[bytes | None], text_of: Callable[[int], str]) -> Labels:
    """One label a text: the number, in the sequence, of the first text that it is a copy of.

    Two texts are near-identical when they share 70 % of their shingles, all their numbers,
    and where one has a name, the other has no other.  Short texts are never grouped.

    `text_of` gives a text by number, as cleaned or not as long as all are.
    """
    labels = np.arange(len(sketches))
    sketched = np.array([index for index, marks in enumerate(sketches) if marks], dtype=np.int64)
    if sketched.size < 2:
        return labels
    rows: dict[int, int] = {}  # each distinct text once: of the very same ones nothing is compared
    kind = [rows.setdefault(hash(text_of(index)), len(rows)) for index in sketched.tolist()]
    first = np.unique(kind, return_index=True)[1]
    marks: Sketches = np.frombuffer(b"".join(filter(None, sketches)), dtype="<u4").reshape(-1, BANDS)[first]

    @lru_cache(maxsize=1 << 16)
    def said(row: int) -> str:
        return normal_text(text_of(int(sketched[first[row]])))[:_LONGEST]

    @lru_cache(maxsize=1 << 14)
    def shingles(row: int) -> Hashes:
        return _shingles(said(row))

    @lru_cache(maxsize=1 << 17)
    def same(row: int, other: int) -> bool:
        if said(row) == said(other):
            return True
        return _overlap(shingles(row), shingles(other)) >= THRESHOLD and not renamed(said(row), said(other))

    parent = list(range(len(marks)))
    for bucket in _buckets(marks):
        _join_bucket(bucket, parent, same)
    roots = np.array([_root(parent, row) for row in range(len(marks))], dtype=np.int64)
    labels[sketched] = sketched[first[roots[kind]]]
    return labels


def _buckets(marks: Sketches) -> Iterator[list[int]]:
    """Rows that agree in a band, band by band."""
    for band in range(BANDS):
        order = np.argsort(marks[:, band], kind="stable")
        same = np.flatnonzero(np.diff(marks[order, band]) == 0)
        for run in np.split(same, np.flatnonzero(np.diff(same) > 1) + 1) if same.size else ():
            yield order[run[0] : run[-1] + 2].tolist()


def _join_bucket(bucket: list[int], parent: list[int], same: Callable[[int, int], bool]) -> None:
    """Compare each text of a bucket with the first few groups met in it: linear, whatever its size."""
    met: list[int] = []
    for row in bucket:
        root = _root(parent, row)
        if any(_root(parent, other) == root for other in met):
            continue
        for other in met:
            if same(row, other):
                low, high = sorted((root, _root(parent, other)))
                parent[high] = root = low
        if len(met) < _COMPARED:
            met.append(row)


def _root(parent: list[int], row: int) -> int:
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row


def _overlap(first: Hashes, second: Hashes) -> float:
    common = np.intersect1d(first, second, assume_unique=True).size
    return float(common / max(first.size + second.size - common, 1))


def _numbers_of(said: str) -> int:
    if any(sign in said for sign in _SIGNS_OF_TIMES):
        said = _TIMES.sub("", said)
    numbers = " ".join(_NUMBER.findall(said))
    return int.from_bytes(hashlib.blake2b(numbers.encode(), digest_size=8).digest(), "little")


def _shingles(said: str) -> Hashes:
    """Distinct hashes of the text's shingles, sorted."""
    return np.unique(_all_shingles([said[:_LONGEST]])[1])


def _all_shingles(said: Sequence[str]) -> tuple[Labels, Hashes]:
    """Which text, and the hash, of every shingle of the texts."""
    codes = np.frombuffer("".join(said).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    rows = np.repeat(np.arange(len(said)), [len(text) for text in said])
    count = max(len(codes) - SHINGLE + 1, 0)
    hashes = np.zeros(count, dtype=np.uint64)
    for offset in range(SHINGLE):
        hashes = hashes * np.uint64(1_000_003) + codes[offset : offset + count]
    within = rows[:count] == rows[SHINGLE - 1 :]
    return rows[:count][within], _mix(hashes[within])


def _mix(values: Hashes) -> Hashes:
    values = values ^ (values >> np.uint64(33))
    values = values * np.uint64(0xFF51AFD7ED558CCD)
    return values ^ (values >> np.uint64(33))
