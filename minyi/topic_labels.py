"""What a topic's run is called: its name or query, and what it was narrowed to."""

import hashlib
from collections.abc import Sequence
from itertools import product

LONGEST = 256
_HASHED = 10  # characters that the end of a long one takes


def label_of(wanted: str, source: str | None, district: str | None) -> str:
    """The topic of a run: runs of one name, source and district follow each other."""
    within = _within(source, district)
    label = f"{wanted.strip()}（{within}）" if within else wanted.strip()
    if len(label) <= LONGEST:
        return label
    digest = hashlib.sha256(label.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{label[: LONGEST - _HASHED]}…{digest}"


def asked_in(
    label: str, sources: Sequence[str], districts: Sequence[str]
) -> tuple[str, str | None, str | None] | None:
    """What a run was asked for, out of its label: name or query, source, district; None when it was cut."""
    if len(label) == LONGEST:
        return None
    wanted, _, within = label.removesuffix("）").rpartition("（")
    if wanted and within and label.endswith("）"):
        for source, district in product((None, *sources), (None, *districts)):
            if within == _within(source, district):
                return wanted, source, district
    return label, None, None


def _within(source: str | None, district: str | None) -> str:
    return "，".join(filter(None, (source, district)))
