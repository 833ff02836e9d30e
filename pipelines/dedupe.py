"""The same text again: copied across boards and forums, or posted again the next day.

Near-identical texts share most of their five-character shingles.  Candidates come from
MinHash bands (few comparisons, however many texts), and each pair is then checked exactly.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipelines.clean import clean_text

SHINGLE = 5
THRESHOLD = 0.7
BANDS = 24
ROWS = 4

_MAX_TEXT = 20_000
_MAX_BUCKET = 50
_NOT_TEXT = re.compile(r"[\W_]+")
_PRIME = np.uint64((1 << 61) - 1)

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
    letter or digit are never grouped.
    """
    shingles = [_shingles(normal_text(text)) for text in texts]
    parent = list(range(len(texts)))
    for first, second in _candidates(shingles):
        a, b = _root(parent, first), _root(parent, second)
        if a != b and _overlap(shingles[first], shingles[second]) >= THRESHOLD:
            parent[max(a, b)] = min(a, b)
    labels: dict[int, int] = {}
    return [labels.setdefault(_root(parent, index), len(labels)) for index in range(len(texts))]


def _root(parent: list[int], index: int) -> int:
    while parent[index] != index:
        parent[index] = parent[parent[index]]
        index = parent[index]
    return index


def _overlap(first: Hashes, second: Hashes) -> float:
    common = np.intersect1d(first, second, assume_unique=True).size
    return common / max(first.size + second.size - common, 1)


def _shingles(text: str) -> Hashes:
    """Distinct hashes of the text's shingles, sorted; a text shorter than one is one shingle."""
    codes = np.frombuffer(text[:_MAX_TEXT].encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(
        np.uint64
    )
    if not codes.size:
        return codes
    width = min(SHINGLE, codes.size)
    hashes = np.zeros(codes.size - width + 1, dtype=np.uint64)
    for offset in range(width):
        hashes = hashes * np.uint64(1_000_003) + codes[offset : offset + hashes.size]
    return np.unique(_mix(hashes))


def _mix(values: Hashes) -> Hashes:
    values = values ^ (values >> np.uint64(33))
    values = values * np.uint64(0xFF51AFD7ED558CCD)
    return values ^ (values >> np.uint64(33))


def _candidates(shingles: list[Hashes]) -> list[tuple[int, int]]:
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    pairs: dict[tuple[int, int], None] = {}
    for index, hashes in enumerate(shingles):
        if not hashes.size:
            continue
        for band, key in enumerate(_bands(hashes)):
            bucket = buckets[band, key]
            pairs |= dict.fromkeys((earlier, index) for earlier in bucket)
            if len(bucket) < _MAX_BUCKET:
                bucket.append(index)
    return list(pairs)


_SEEDS = _mix(np.arange(1, BANDS * ROWS + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))


def _bands(hashes: Hashes) -> list[bytes]:
    signature = np.full(_SEEDS.size, np.iinfo(np.uint64).max, dtype=np.uint64)
    for start in range(0, hashes.size, 1024):
        part = hashes[start : start + 1024]
        np.minimum(signature, _mix(part[None, :] ^ _SEEDS[:, None]).min(axis=1), out=signature)
    return [row.tobytes() for row in signature.reshape(BANDS, ROWS)]
