"""What is known of a possible place: its form, where it stands, what else the post names."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Self
from zlib import crc32

import numpy as np
import numpy.typing as npt

from pipelines.arrays import Array

Floats = npt.NDArray[np.float64]

_KINDS = {
    "agency": "局 政府 法院 派出所 办事处 委员会 街道办 厅 部门 检察院 大队 支队 中队 办公室 中心 交警",
    "company": "公司 集团 厂 平台 贷 银行 物业",
    "road": "路 街 巷 大道 线 高速 桥 路口 交汇处 交叉口 隧道 段 立交",
    "estate": "小区 苑 园 城 府 湾 郡 里 墅 庭 居 邸 寓 公馆 期 栋 号 楼 广场 大厦 座 国际 明珠 天下",
    "village": "村 组 镇 乡 街道 社区 屯 寨 生产队 居委会",
    "school": "学校 中学 小学 学院 大学 幼儿园 校区 一中 附中",
    "hospital": "医院 卫生院 诊所 药店",
    "admin": "省 市 区 县 州",
    "station": "站 机场 码头",
    "shop": "店 餐馆 饭店 酒店 超市 市场 商场 KTV 网吧 吧 馆 影院",
    "campus": "食堂 宿舍 教学楼 图书馆 操场 寝室",
    "nature": "山 河 湖 水库 江 塘 公园 景区 岛 洲 港 坝",
    "site": "工地 项目 工程 搅拌站 垃圾站 变电站 加油站 基站 停车场 收费站",
}
_KIND_OF = {ending: kind for kind, endings in _KINDS.items() for ending in endings.split()}
_ADMINISTRATIVE = re.compile(r"(?:[A-Z]\d{0,2}|[\u4e00-\u9fa5]{2,3})[省市区县]+")
_WIDER = re.compile(r"(?:(?:[A-Z]\d{0,2}|[\u4e00-\u9fa5]{2})[省市区县]+)+")
_LEVEL = re.compile(r"[省市区县]|[镇乡村路]|街道|社区|小区|\d[栋号期]")
_GENERIC = re.compile(
    r"(?:本|我们?|该|这个?|此|各|某|全|整个|附近|旁边|周边|新|老|贵|一个|每个|其他|很多|几个|多个)?"
    r"(?:小区|学校|社区|村|村委会|医院|公园|广?场|马?路|镇|县城|街道|食堂|宿舍|图书馆|工地|[市县区镇乡]?政府|公司|幼儿园|小学|中学|"
    r"路口|市场|超市|校区|站|教育局|公安局|派出所|法院|业委会|城管局)"
)
_SENTENCE = re.compile(r"[。！？!?\n]")
_LONGEST_TITLE = 60


@dataclass(slots=True)
class Candidate:
    """A span of the text that may be a place, and how well it scores."""

    text: str
    start: int
    end: int
    score: float


class Known(NamedTuple):
    """Numbers, in the order of NUMBERS, and marks (hashed)."""

    numbers: tuple[float, ...]
    marks: tuple[int, ...]


NUMBERS = ("score", "behind fuller", "shorter than the longest", "levels of its likes", "candidates", "start")
_NO_SCORE = -9.0


@dataclass(frozen=True)
class Selector:
    """Weights of numbers in steps, and of marks; `thresholds` for a post's first, further and like places."""

    edges: tuple[Floats, ...]
    steps: tuple[Floats, ...]
    marks: dict[int, float]
    bias: float
    thresholds: tuple[float, float, float]

    def shares(self, known: Sequence[Known]) -> Floats:
        """How probable it is that the post is about each candidate."""
        if not known:
            return np.zeros(0)
        numbers = np.array([one.numbers for one in known], dtype=np.float64)
        sums = np.full(len(known), self.bias)
        for column, (edges, steps) in enumerate(zip(self.edges, self.steps, strict=True)):
            sums += steps[np.searchsorted(edges, numbers[:, column], side="right")]
        weight = self.marks.get
        sums += [sum(weight(mark, 0.0) for mark in one.marks) for one in known]
        shares: Floats = 1 / (1 + np.exp(-sums))
        return shares

    def stored(self) -> dict[str, Array]:
        """All of it as arrays; the edges and the steps of the numbers one after the other."""
        return {
            "edges": np.concatenate(self.edges),
            "edge_counts": np.array([len(edges) for edges in self.edges]),
            "steps": np.concatenate(self.steps),
            "marks": np.array(list(self.marks), dtype=np.uint32),
            "mark_weights": np.array(list(self.marks.values()), dtype=np.float32),
            "bias": np.array(self.bias),
            "thresholds": np.array(self.thresholds),
        }

    @classmethod
    def restored(cls, stored: Mapping[str, Array]) -> Self:
        """From what `stored` gave; KeyError, TypeError or ValueError when it was something else."""
        counts = stored["edge_counts"]
        if len(counts) != len(NUMBERS) or len(stored["steps"]) != counts.sum() + len(counts):
            raise ValueError("other numbers")
        edges = np.split(stored["edges"], np.cumsum(counts)[:-1])
        steps = np.split(stored["steps"], np.cumsum(counts + 1)[:-1])
        first, more, again = stored["thresholds"].tolist()
        marks = dict(zip(stored["marks"].tolist(), stored["mark_weights"].tolist(), strict=True))
        return cls(tuple(edges), tuple(steps), marks, float(stored["bias"]), (first, more, again))


def core_of(name: str) -> str:
    """A place without the province, city and county before it, unless nothing else is left."""
    return _WIDER.sub("", name, count=1) or name if _WIDER.match(name) else name


def alike(name: str, other: str) -> bool:
    """Whether the cores of two names share two characters in a row."""
    return _form_of(name).is_like(_form_of(other))


def _cores_meet(core: str, other: str) -> bool:
    size = min(2, len(core), len(other))
    return any(core[start : start + size] in other for start in range(len(core) - size + 1))


def _within(name: str, longer: str) -> bool:
    """Whether a longer name holds all characters of the name, in their order."""
    position = -1
    for character in name:
        position = longer.find(character, position + 1)
        if position < 0:
            return False
    return True


def is_generic(name: str) -> bool:
    """A kind of place without a name: 小区, 学校, 我们村."""
    return _GENERIC.fullmatch(name) is not None


def kind_of(name: str) -> str:
    """The kind of place that a name ends in, "" for none."""
    for size in (3, 2, 1):
        if kind := _KIND_OF.get(name[-size:]):
            return kind
    return ""


def describe_candidates(text: str, candidates: Sequence[Candidate]) -> list[Known]:
    """What is known of each candidate of one text, which are in order."""
    if not candidates:
        return []
    title = _SENTENCE.search(text, 0, _LONGEST_TITLE)
    post = _Post(text, candidates, title.start() if title else 0)
    return [Known(post.numbers(index), post.marks(index)) for index in range(len(candidates))]


@dataclass(frozen=True, slots=True)
class _Form:
    """What a name itself tells."""

    core: str
    told: str  # what a fuller wording must hold: the name, or a narrow one's core
    pairs: frozenset[str]
    wide: bool
    levels: int
    kind: str
    marks: tuple[int, ...]

    def is_like(self, other: "_Form") -> bool:
        """Whether the two cores share two characters in a row."""
        if self.pairs and other.pairs:
            return not self.pairs.isdisjoint(other.pairs)
        return _cores_meet(self.core, other.core)


@lru_cache(maxsize=50_000)
def _form_of(name: str) -> _Form:
    core, kind = core_of(name), kind_of(name)
    pairs = frozenset(core[start : start + 2] for start in range(len(core) - 1))
    wide, levels = _ADMINISTRATIVE.fullmatch(name) is not None, len(set(_LEVEL.findall(name)))
    told = name if wide or len(core) < 2 else core
    return _Form(core, told, pairs, wide, levels, kind, (_mark("last two", name[-2:]), _mark("kind", kind)))


class _Post:
    """What the candidates of one text have in common."""

    def __init__(self, text: str, candidates: Sequence[Candidate], title: int) -> None:
        self.text = text
        self.candidates = candidates
        self.title = title
        self.names = [candidate.text for candidate in candidates]
        self.forms = [_form_of(name) for name in self.names]
        self.longest = max(map(len, self.names))
        self.narrow = sum(not form.wide for form in self.forms)
        self.titled_narrow = any(
            candidate.start < title and not form.wide
            for candidate, form in zip(candidates, self.forms, strict=True)
        )

    def numbers(self, index: int) -> tuple[float, ...]:
        candidate, name, form = self.candidates[index], self.names[index], self.forms[index]
        return (
            candidate.score,
            self._best_fuller(name, form.told) - candidate.score,
            len(name) - self.longest,
            self._levels_of_likes(index) - form.levels,
            len(self.names),
            candidate.start,
        )

    def _best_fuller(self, name: str, told: str) -> float:
        """The score of the best fuller wording of the same place."""
        fuller = [
            other.score
            for other in self.candidates
            if len(other.text) > len(name) and told[0] in other.text and _within(told, other.text)
        ]
        return max(fuller, default=_NO_SCORE)

    def _levels_of_likes(self, index: int) -> int:
        """The most kinds of division and place that another name with two of its characters holds."""
        form = self.forms[index]
        return max(
            [
                other.levels
                for place, other in enumerate(self.forms)
                if place != index and form.is_like(other)
            ],
            default=-1,
        )

    def marks(self, index: int) -> tuple[int, ...]:
        candidate, form, text = self.candidates[index], self.forms[index], self.text
        start, end, kind = candidate.start, candidate.end, form.kind
        titled = start < self.title
        return (
            *form.marks,
            _mark("before", text[max(0, start - 1) : start]),
            _mark("two after", text[end : end + 2]),
            _mark("kind and title", f"{kind}{titled}{self.titled_narrow}"),
            _mark("kind and after", f"{kind}{text[end : end + 1]}"),
            _mark("wide", f"{form.wide}{titled}{self.narrow > 0}"),
            _mark("wide and rank", f"{form.wide}{min(index, 2)}{min(len(self.names), 4)}"),
        )


@lru_cache(maxsize=100_000)
def _mark(name: str, value: str) -> int:
    return crc32(f"{name}={value}".encode("utf-8", "replace"))
