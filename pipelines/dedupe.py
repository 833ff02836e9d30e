"""The same text again: copied across boards and forums, or posted again the next day.

Near-identical texts share most of their five-character shingles.  Candidates come from
MinHash bands (few comparisons, however many texts), and each is then checked exactly.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pipelines.clean import clean_text

SHINGLE = 5
THRESHOLD = 0.7
BANDS = 24
ROWS = 4

_LONGEST = 20_000
_COMPARED = 8
_NOT_TEXT = re.compile(r"[\W_]+")

Hashes = npt.NDArray[np.uint64]


def text_hash(text: str) -> str:
    """32 hex digits of what the text says: script, width, punctuation, case and spaces apart."""
    return hashlib.blake2b(normal_text(text).encode(), digest_size=16).hexdigest()


def normal_text(text: str) -> str:
    """Letters, digits and Hanzi of the cleaned text, in lower case; a text without any as it is."""
    cleaned = clean_text(text).lower()
    return _NOT_TEXT.sub("", cleaned) or cleaned


def near_duplicate_groups(texts: Sequence[str]) -> list[int]:
    """One label a text, in the order of first appearance; near-identical texts share it.

    Two texts are near-identical when they share 70 % of their shingles.  Texts without a
    letter, digit or Hanzi are never grouped.
    """
    said = [normal_text(text) for text in texts]
    first = {text: index for index, text in reversed(list(enumerate(said)))}
    parent = [first[text] if text.isalnum() else index for index, text in enumerate(said)]
    distinct = [index for index in sorted(first.values()) if said[index].isalnum()]
    _join_near(said, distinct, parent)
    labels: dict[int, int] = {}
    return [labels.setdefault(_root(parent, index), len(labels)) for index in range(len(texts))]


def _join_near(said: list[str], distinct: list[int], parent: list[int]) -> None:
    """Join the near-identical of the distinct texts in `parent`."""

    @lru_cache(maxsize=4096)
    def shingles(index: int) -> Hashes:
        return _shingles(said[index])

    if len(distinct) < 2:
        return
    signatures = np.stack([_signature(shingles(index)) for index in distinct])
    for bucket in _buckets(signatures):
        _join_bucket([distinct[row] for row in bucket], parent, shingles)


def _join_bucket(bucket: list[int], parent: list[int], shingles: Callable[[int], Hashes]) -> None:
    """Compare each text of a bucket with the first few groups met in it: linear, whatever its size."""
    met: list[int] = []
    for index in bucket:
        root = _root(parent, index)
        if any(_root(parent, other) == root for other in met):
            continue
        for other in met:
            if _overlap(shingles(index), shingles(other)) >= THRESHOLD:
                low, high = sorted((root, _root(parent, other)))
                parent[high] = root = low
        if len(met) < _COMPARED:
            met.append(index)


def _root(parent: list[int], index: int) -> int:
    while parent[index] != index:
        parent[index] = parent[parent[index]]
        index = parent[index]
    return index


def _overlap(first: Hashes, second: Hashes) -> float:
    common = np.intersect1d(first, second, assume_unique=True).size
    return float(common / max(first.size + second.size - common, 1))


def _shingles(text: str) -> Hashes:
    """Distinct hashes of the text's shingles, sorted; a text shorter than one is one shingle."""
    codes = np.frombuffer(text[:_LONGEST].encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    width = min(SHINGLE, codes.size)
    hashes = np.zeros(codes.size - width + 1, dtype=np.uint64)
    for offset in range(width):
        hashes = hashes * np.uint64(1_000_003) + codes[offset : offset + hashes.size]
    return np.unique(_mix(hashes))


def _mix(values: Hashes) -> Hashes:
    values = values ^ (values >> np.uint64(33))
    values = values * np.uint64(0xFF51AFD7ED558CCD)
    return values ^ (values >> np.uint64(33))


_SEEDS = _mix(np.arange(1, BANDS * ROWS + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))


def _signature(hashes: Hashes) -> Hashes:
    signature = np.full(_SEEDS.size, np.iinfo(np.uint64).max, dtype=np.uint64)
    for start in range(0, hashes.size, 1024):
        part = hashes[start : start + 1024]
        np.minimum(signature, _mix(part[None, :] ^ _SEEDS[:, None]).min(axis=1), out=signature)
    return signature


def _buckets(signatures: Hashes) -> Iterator[list[int]]:
    """Rows that agree in a whole band, band by band."""
    for band in range(BANDS):
        rows = np.ascontiguousarray(signatures[:, band * ROWS : (band + 1) * ROWS])
        order = np.lexsort(rows.T)
        edges = np.flatnonzero((rows[order][1:] != rows[order][:-1]).any(axis=1)) + 1
        for group in np.split(order, edges):
            if group.size > 1:
                yield sorted(group.tolist())
