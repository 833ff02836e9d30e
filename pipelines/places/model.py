"""The learned part of place finding: which words belong to a place, and which places a post is about.

A linear-chain model over hashed features says how well each word begins, continues or ends
a place (O outside; B, I, E begin, inside, end; S single); the stretches that score best are
candidates.  A linear model over what is known of each candidate keeps those the post is about.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.arrays import Array
from pipelines.model_files import MANIFEST, SHIPPED, ModelError, read_arrays
from pipelines.places.candidates import Candidate, Selector, alike, describe_candidates
from pipelines.places.features import SLOT_BITS, Ints, Numbers, Words, describe, slot

FORMAT: Final = 5
TAGS: Final = "OBIES"

# A stretch is a candidate when it scores this much worse than no place, or better.
LEAST: Final = -3.5
_LEAST_START = -6.0
_LONGEST = 18
_MOST = 40
_BLOCK = 8192
_LEADS = len(TAGS) - 1
# What lifts a difference of two 8-bit weights above nought.
_LIFT = 255
_BARRED = np.float32(-50)
_VERSION = 12

SHIPPED_PLACES: Final = SHIPPED / "places.npz"

Scores = npt.NDArray[np.float32]
Weights = npt.NDArray[np.int8]


@dataclass(frozen=True)
class PlaceModel:
    """Weights of the tagger (slots, tags; times `scale`), its transitions (tags, tags), and the selector."""

    weights: Weights
    transitions: Scores
    selector: Selector
    scale: float = 1.0
    version: str = ""

    def candidates(self, texts: Sequence[str]) -> list[list[Candidate]]:
        """Stretches of each text that may be places, first mentions only, in order."""
        words = describe(texts)
        if not len(words.rows):
            return [[] for _ in texts]
        return _best_stretches(texts, words, *self._stretches(words))

    def select(self, texts: Sequence[str], found: Sequence[Sequence[Candidate]]) -> list[list[Candidate]]:
        """The places that each post is about, in order."""
        described = [
            describe_candidates(text, candidates) for text, candidates in zip(texts, found, strict=True)
        ]
        shares = self.selector.shares([known for post in described for known in post]).tolist()
        kept, start = [], 0
        for candidates in found:
            kept.append(self.kept(candidates, shares[start : start + len(candidates)]))
            start += len(candidates)
        return kept

    def kept(self, candidates: Sequence[Candidate], shares: Sequence[float]) -> list[Candidate]:
        """The likely ones of one text's candidates; a second wording of a place needs more."""
        first, more, again = self.selector.thresholds
        kept: list[int] = []
        for index in sorted(range(len(candidates)), key=lambda index: -shares[index]):
            repeats = any(alike(candidates[index].text, candidates[other].text) for other in kept)
            if shares[index] >= ((again if repeats else more) if kept else first):
                kept.append(index)
        return [candidates[index] for index in sorted(kept)]

    def leads(self, keys: Numbers) -> Scores:
        """How much better each of B, I, E and S fits each word than O does: (words, tags but O)."""
        packed = self._packed
        sums = np.empty(len(keys), dtype=np.uint64)
        for start in range(0, len(keys), _BLOCK):
            block = slot(keys[start : start + _BLOCK].T)
            total = packed.take(block[0])
            for column in block[1:]:
                total += packed.take(column, mode="clip")  # no slot lies outside: not asked of each again
            sums[start : start + _BLOCK] = total
        lanes = sums.view(np.uint16).reshape(-1, _LEADS).astype(np.float32)
        return (lanes - np.float32(_LIFT * keys.shape[1])) * np.float32(self.scale)

    @cached_property
    def _packed(self) -> npt.NDArray[np.uint64]:
        """Each slot's four differences side by side in one number, so that one addition adds all four."""
        differences = self.weights[:, 1:].astype(np.int16) - self.weights[:, :1]
        return np.ascontiguousarray(differences + _LIFT).astype(np.uint16).view(np.uint64).ravel()

    def _stretches(self, words: Words) -> tuple[Scores, Ints, Ints]:
        """Scores, first words and last words of all stretches within one text that may be a place."""
        lead = self.leads(words.keys)
        lead[words.apart] = _BARRED
        inside = np.concatenate([[0], np.cumsum(lead[:, 1], dtype=np.float64)])
        starts = np.flatnonzero(np.maximum(lead[:, 0], lead[:, 3]) > _LEAST_START)
        outer, steps = self._steps()
        # What a stretch scores is one sum of its first and its last word, whatever its length.
        begins, ends = lead[starts, 0] - inside[starts + 1], inside[:-1] + lead[:, 2]
        found = []
        for length in range(1, _LONGEST + 1):
            first = starts[: np.searchsorted(starts, len(lead) - length, side="right")]
            last = first + length - 1
            if length == 1:
                values = lead[first, 3] + outer[0]
            else:
                values = begins[: len(first)] + ends[last] + (steps[length - 2] + outer[1])
            likely = np.flatnonzero(values > LEAST)
            likely = likely[words.rows[first[likely]] == words.rows[last[likely]]]
            found.append((values[likely].astype(np.float32), first[likely], last[likely]))
        scores, firsts, lasts = (np.concatenate(part) for part in zip(*found, strict=True))
        return scores, firsts, lasts

    def _steps(self) -> tuple[tuple[float, float], list[float]]:
        """What entering and leaving a place is worth against staying outside, and what the steps within are."""
        outside, begin, within, end, single = range(len(TAGS))
        step = self.transitions.astype(float)
        stay = step[outside, outside]
        alone = step[outside, single] + step[single, outside] - 2 * stay
        around = step[outside, begin] + step[end, outside] - 3 * stay
        steps = [step[begin, end]]
        for more in range(_LONGEST - 2):
            middle = step[begin, within] + more * step[within, within] + step[within, end]
            steps.append(middle - (more + 1) * stay)
        return (alone, around), steps


def _best_stretches(
    texts: Sequence[str], words: Words, scores: Scores, firsts: Ints, lasts: Ints
) -> list[list[Candidate]]:
    """The best of overlapping stretches, text by text."""
    found: list[dict[str, Candidate]] = [{} for _ in texts]
    taken = bytearray(len(words.rows))
    order = np.argsort(-scores, kind="stable")
    firsts, lasts = firsts.take(order), lasts.take(order)
    spans = (words.rows.take(firsts), words.starts.take(firsts), words.ends.take(lasts))
    columns = (scores.take(order), firsts, lasts, *spans)
    for score, first, last, row, start, end in zip(*(column.tolist() for column in columns), strict=True):
        if 1 in taken[first : last + 1]:
            continue
        taken[first : last + 1] = b"\1" * (last + 1 - first)
        _note(found[row], Candidate(texts[row][start:end], start, end, score))
    return [sorted(post.values(), key=lambda candidate: candidate.start) for post in found]


def _note(post: dict[str, Candidate], candidate: Candidate) -> None:
    """Keep the candidate's first mention with its best score."""
    known = post.get(candidate.text)
    if known is None:
        if len(post) < _MOST:
            post[candidate.text] = candidate
    elif candidate.start < known.start:
        post[candidate.text] = replace(candidate, score=known.score)


@cache
def shipped_place_model() -> PlaceModel:
    """The model that comes with the program, read once in a process."""
    return load_place_model(SHIPPED_PLACES)


def load_place_model(path: Path) -> PlaceModel:
    """Read a model; ModelError, in one line with the remedy, when it cannot be used."""
    stored, checksum = read_arrays(path, "地点模型", place_checksum, _REMEDY)
    model = _to_model(stored)
    if model is None:
        raise ModelError(f"地点模型 {path} 属于另一版本；{_REMEDY}")
    return replace(model, version=checksum[:_VERSION])


def place_checksum(path: Path) -> str | None:
    """What the manifest beside a model says of it; None where there is no manifest."""
    manifest = path.with_name(MANIFEST)
    if not manifest.exists():
        return None
    try:
        return str(json.loads(manifest.read_text(encoding="utf-8"))["files"][path.name])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"模型清单 {manifest} 没有地点模型 {path.name}；{_REMEDY}") from error


def shipped_place_version() -> str:
    """The version of the shipped model, without loading it."""
    return str(place_checksum(SHIPPED_PLACES))[:_VERSION]


def _to_model(stored: Mapping[str, Array]) -> PlaceModel | None:
    """The model that was stored; None when it is not one of this version."""
    if stored.get("format") != FORMAT:
        return None
    try:
        weights, transitions = stored["weights"], stored["transitions"]
        selector = Selector.restored(stored)
    except (KeyError, TypeError, ValueError):
        return None
    fits = weights.shape == weights_shape() and transitions.shape == (len(TAGS), len(TAGS))
    return PlaceModel(weights, transitions, selector, float(stored["scale"])) if fits else None


def weights_shape() -> tuple[int, int]:
    """Slots by tags."""
    return 1 << SLOT_BITS, len(TAGS)


_REMEDY = "请重新安装 Minyi"
