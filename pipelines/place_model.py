"""The learned part of place finding: which characters belong to a place, and which places a post is about.

A linear-chain model over hashed features marks spans (O outside; B, I, E begin, inside, end;
S single); a linear model over what is known of each span keeps those the post is about.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipelines.classify import ModelError
from pipelines.place_features import SLOT_BITS, Slots, describe

FORMAT: Final = 1
TAGS: Final = "OBIES"
# The tagger is asked for more spans than are kept: O must win by this much.
EAGERNESS: Final = 1.5
THRESHOLD: Final = 0.45
# A second wording of a place already kept needs more.
THRESHOLD_AGAIN: Final = 0.7

_FOLLOWS = {"O": "OBS", "B": "IE", "I": "IE", "E": "OBS", "S": "OBS"}
_BLOCK = 8192
# Candidates are compared with each other; a post that names more places is a list.
_MOST = 60
# Stretches to decode: characters that are not far from a place, around one that is near it.
_SLACK = 2.5
_HOPE = 0.5

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of the text that may be a place: how sure the tagger is of it, of its start and of its end."""

    text: str
    start: int
    end: int
    margin: float
    begins: float
    ends: float


@dataclass(frozen=True)
class PlaceModel:
    """Weights of the tagger (slots, tags), its transitions (tags, tags), and the selector's by name."""

    weights: Scores
    transitions: Scores
    selector: Mapping[str, float]

    def candidates(self, texts: Sequence[str]) -> list[list[Candidate]]:
        """Spans of each text that may be places, first mentions only."""
        if not any(texts):
            return [[] for _ in texts]
        scores = self.scores(describe(texts))
        found, start = [], 0
        for text in texts:
            found.append(self._spans(text, scores[start : start + len(text)]))
            start += len(text)
        return found

    def scores(self, slots: Slots) -> Scores:
        """How well each tag fits each character: (characters, tags)."""
        scores = np.zeros((len(slots), len(TAGS)), dtype=np.float32)
        for start in range(0, len(slots), _BLOCK):
            block = np.ascontiguousarray(slots[start : start + _BLOCK].T)
            for column in block:
                scores[start : start + _BLOCK] += self.weights.take(column, axis=0)
        return scores

    def _spans(self, text: str, scores: Scores) -> list[Candidate]:
        shares = np.exp(scores - scores.max(axis=1, keepdims=True)) if len(scores) else scores
        shares /= shares.sum(axis=1, keepdims=True)
        seen: dict[str, Candidate] = {}
        for start, end in self._decode(scores):
            outside = float(shares[start:end, 0].mean())
            margin = float(np.log(1 - outside + 1e-6) - np.log(outside + 1e-6))
            begins, ends = float(shares[start, [1, 4]].sum()), float(shares[end - 1, [3, 4]].sum())
            first = seen.setdefault(
                text[start:end], Candidate(text[start:end], start, end, margin, begins, ends)
            )
            if margin > first.margin:
                seen[first.text] = Candidate(
                    first.text, first.start, first.end, margin, first.begins, first.ends
                )
        return list(seen.values())[:_MOST]

    def _decode(self, scores: Scores) -> list[tuple[int, int]]:
        """Spans of the best path; stretches where O wins by far are passed over."""
        eager = scores - np.array([EAGERNESS, 0, 0, 0, 0], dtype=np.float32)
        lead = eager[:, 1:].max(axis=1, initial=-np.inf) - eager[:, 0]
        likely, hopeful = np.flatnonzero(lead > -_SLACK), lead > -_HOPE
        spans: list[tuple[int, int]] = []
        for stretch in np.split(likely, np.flatnonzero(np.diff(likely) > 1) + 1):
            if stretch.size and hopeful[stretch].any():
                first = int(stretch[0])
                path = best_path(eager[first : int(stretch[-1]) + 1], self.transitions)
                spans += [(start + first, end + first) for start, end in spans_of(path)]
        return spans

    def select(self, text: str, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The places the post is about, in order."""
        shares = self.shares(text, candidates)
        kept: list[int] = []
        for index in sorted(range(len(candidates)), key=lambda index: -shares[index]):
            again = any(_alike(candidates[index].text, candidates[other].text) for other in kept)
            if shares[index] >= (THRESHOLD_AGAIN if again else THRESHOLD):
                kept.append(index)
        return [candidates[index] for index in sorted(kept)]

    def shares(self, text: str, candidates: Sequence[Candidate]) -> list[float]:
        """How probable it is that the post is about each candidate."""
        sums = [
            sum(self.selector.get(name, 0.0) * value for name, value in known.items())
            for known in describe_candidates(text, candidates)
        ]
        return [1 / (1 + float(np.exp(-value - self.selector["(bias)"]))) for value in sums]


def best_path(scores: Scores, transitions: Scores) -> list[int]:
    """The best sequence of tags (Viterbi), O before and after it."""
    ways = _ways(transitions.tobytes())
    best = [score if tag in "OBS" else -1e9 for tag, score in zip(TAGS, scores[0].tolist(), strict=True)]
    back: list[list[int]] = []
    for row in scores[1:].tolist():
        reached, came_from = [], []
        for score, sources in zip(row, ways, strict=True):
            top, source = max([(best[tag] + step, tag) for tag, step in sources])
            reached.append(top + score)
            came_from.append(source)
        best = reached
        back.append(came_from)
    tag = max((tag for tag in range(len(TAGS)) if TAGS[tag] in "OES"), key=lambda tag: best[tag])
    path = [tag]
    for choices in reversed(back):
        tag = choices[tag]
        path.append(tag)
    return path[::-1]


@lru_cache(maxsize=8)
def _ways(transitions: bytes) -> list[list[tuple[int, float]]]:
    """For each tag, the tags it may follow and what the step is worth."""
    steps = np.frombuffer(transitions, dtype=np.float32).reshape(len(TAGS), len(TAGS)).tolist()
    return [
        [(tag, steps[tag][after]) for tag in range(len(TAGS)) if TAGS[after] in _FOLLOWS[TAGS[tag]]]
        for after in range(len(TAGS))
    ]


def spans_of(path: Sequence[int]) -> list[tuple[int, int]]:
    """Start and end of each place in a sequence of tags."""
    spans, start = [], 0
    for index, tag in enumerate(path):
        if TAGS[tag] in "BS":
            start = index
        if TAGS[tag] in "ES":
            spans.append((start, index + 1))
    return spans


_ADMINISTRATIVE = re.compile(r"(?:[A-Z]\d{0,2}|[\u4e00-\u9fa5]{2,3})[省市区县]+")
_KIND = re.compile(
    "小区|社区|街道|路|街|村|镇|乡|学校|中学|小学|学院|大学|幼儿园|医院|公园|广场|大桥|桥|站|大厦|花园|苑|城|栋|期|组|公司|局|法院|派出所|政府|办事处|市场|酒店|超市|公交|号线"
)
_MARK = re.compile("[，。、；！]")
_SENTENCE = re.compile(r"[。！？!?\n]")


def describe_candidates(text: str, candidates: Sequence[Candidate]) -> list[dict[str, float]]:
    """What is known of each candidate: the tagger's view, its form, its place in the text, the others."""
    wide = [_ADMINISTRATIVE.fullmatch(candidate.text) is not None for candidate in candidates]
    best = max((candidate.margin for candidate in candidates), default=0.0)
    return [
        _form(candidate) | _standing(text, index, candidate, best) | _company(index, candidates, wide)
        for index, candidate in enumerate(candidates)
    ]


def _form(candidate: Candidate) -> dict[str, float]:
    name = candidate.text
    flags = (
        f"last={name[-1]}",
        f"last2={name[-2:]}",
        f"length={min(len(name), 8)}",
        f"latin={name[0].isascii()}",
    )
    return {
        **dict.fromkeys(flags, 1.0),
        "margin": candidate.margin / 3,
        "margin+": max(candidate.margin, 0.0) / 3,
        "begins": candidate.begins,
        "ends": candidate.ends,
        "characters": len(name) / 10,
        "core": len(core_of(name)) / 10,
    }


def _standing(text: str, index: int, candidate: Candidate, best: float) -> dict[str, float]:
    start, end = candidate.start, candidate.end
    sentence = min(len(_SENTENCE.findall(text, 0, start)), 4)
    flags = (
        f"rank={min(index, 4)}",
        f"sentence={sentence}",
        f"before={text[max(0, start - 1) : start]}",
        f"before2={text[max(0, start - 2) : start]}",
        f"after={text[end : end + 1]}",
        f"after2={text[end : end + 2]}",
        f"count={min(text.count(candidate.text), 4)}",
        f"count of core={min(text.count(core_of(candidate.text)), 4)}",
        f"opens={sentence == 0 and index == 0}",
        f"short={len(text) < 80}",
    )
    return {
        **dict.fromkeys(flags, 1.0),
        "behind": (candidate.margin - best) / 3,
        "post": min(len(text), 1000) / 500,
    }


def _company(index: int, candidates: Sequence[Candidate], wide: Sequence[bool]) -> dict[str, float]:
    candidate, name = candidates[index], candidates[index].text
    others = [other.text for other in candidates if other is not candidate]
    alike = [
        number for number, other in enumerate(candidates) if number != index and _alike(name, other.text)
    ]
    nearer = any(not w for number, w in enumerate(wide) if number != index)
    within = any(name in other for other in others)
    again = any(number < index for number in alike)
    longer = any(len(core_of(candidates[number].text)) > len(core_of(name)) for number in alike)
    surer = any(candidates[number].margin > candidate.margin for number in alike)
    flags = [
        f"of={min(len(candidates), 6)}",
        f"within={within}",
        f"holds={any(other in name for other in others)}",
        f"wide={wide[index]},{nearer}",
        f"wide={wide[index]},rank{min(index, 2)}",
        f"wide={wide[index]},within{within}",
        f"again={again}",
        f"longer={longer}",
        f"surer={surer}",
        f"alike={again},{longer},{surer}",
    ]
    if wide[index]:
        flags += [f"wide{name[-1]},{nearer}", f"wide of {min(len(candidates), 4)}"]
    return {**dict.fromkeys(flags, 1.0), "near": sum(not w for w in wide) / 5}


_WIDER = re.compile(r"(?:(?:[A-Z]\d{0,2}|[\u4e00-\u9fa5]{2})[省市区县]+)+")


def core_of(name: str) -> str:
    """A place without the province, city and county before it, unless nothing else is left."""
    return _WIDER.sub("", name, count=1) or name if _WIDER.match(name) else name


def _alike(name: str, other: str) -> bool:
    """Whether the cores of two names share two characters in a row."""
    name, other = core_of(name), core_of(other)
    size = min(2, len(name), len(other))
    return any(name[start : start + size] in other for start in range(len(name) - size + 1))


def load_place_model(path: Path) -> PlaceModel:
    """Read a model; ModelError, in one line with the remedy, when it cannot be used."""
    # Loaded where it is used: importing skops takes longer than most commands do.
    from skops.io import get_untrusted_types, loads

    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ModelError(f"找不到地点模型 {path}；请重新安装 Minyi") from error
    try:
        unknown = get_untrusted_types(data=raw)
        stored = loads(raw, trusted=[])
    except Exception as error:
        raise ModelError(f"地点模型 {path} 已损坏或含有不可信的类型；请重新安装 Minyi") from error
    model = None if unknown else _to_model(stored)
    if model is None:
        raise ModelError(f"地点模型 {path} 属于另一版本；请重新安装 Minyi 或重新训练")
    return model


def _to_model(stored: Any) -> PlaceModel | None:
    """The model that was stored; None when it is not one of this version."""
    if not isinstance(stored, dict) or stored.get("format") != FORMAT:
        return None
    weights, scale, transitions, selector = (
        stored.get(name) for name in ("weights", "scale", "transitions", "selector")
    )
    shapes = getattr(weights, "shape", None), getattr(transitions, "shape", None)
    if not isinstance(selector, dict) or "(bias)" not in selector or not isinstance(scale, float):
        return None
    if shapes != (weights_shape(), (len(TAGS), len(TAGS))):
        return None
    scaled = np.asarray(weights, dtype=np.float32) * np.float32(scale)
    return PlaceModel(scaled, np.asarray(transitions, dtype=np.float32), selector)


def weights_shape() -> tuple[int, int]:
    """Slots by tags."""
    return 1 << SLOT_BITS, len(TAGS)
