"""Places: the verbatim spans of a text that say where.

Four sources: the configured gazetteer, which always counts; the nation's divisions named in full (a
single province, city or county only where no other place is found, or touching one); the learned
model, which marks spans and keeps those the post is about; and suffix patterns, for what the model
passes over right beside a configured name (梧桐里 + 小区) and where it finds nothing at all (水很黄，锦绣山庄).
Spans that overlap or touch are one place; a bare 小区 is none beside a place with a name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.divisions import division_spans, is_nested, short_name
from pipelines.places.candidates import is_generic, kind_of
from pipelines.places.model import load_place_model, shipped_place_model
from pipelines.script import RARE_HANZI

__all__ = ["Place", "PlaceFinder"]

# Of a longer text only the beginning is searched by the model: posts name their place early.
_SEARCHED = 5000
_TAIL = re.compile(
    r"[\u4e00-\u9fa5A-Z0-9]{0,6}?(?:小区|社区|街道|路口|大道|公路|路(?![灯面边])|街(?![边面])|巷|村|镇|乡|学校|中学|小学|幼儿园|医院|公园|广场|大桥|桥头|码头|地铁站|车站|工地)"
)
_STOPS = re.compile(r"[的了是在到至和与及从对把被有很都也就不没要请我你他这那]")
# What the model now and then takes along: a word before the place, a thing behind it.
_LEAD = re.compile(
    r"(?:请问|投诉|反映|咨询|请求|关于|举报|建议|希望|位于|家住|我是|尽快|解决|在|对|及|和(?![平谐睦美顺济兴])|与|请)+"
)
# One character that the cut took into a name (说丽发新城, 因鑫利家园): it is none of the name's when the
# post has the rest more often.
_STRAY = re.compile(r"\d{1,2}[.．、](?=[A-Z]?[\u4e00-\u9fa5])|[说因下进往从由将有靠现跟或原前是]")
# These begin a name only with few characters behind them (从化区, 沿江大道, 至善路).
_PREPOSITION = re.compile(
    r"从(?![化江])|沿(?![江河海湖山滩港街线溪塘岸])|经(?![济开贸纬一二三四五六七八九十\d])"
    r"|至(?![善诚德真尚臻尊美和公])|[到往因]"
)
_SHORTEST_REST = 3
# A road of two characters has lost the first of its name to the cut (望 + 海路), if that is no word of its own.
_HALF = re.compile(
    r"(?<=[\u4e00-\u9fa5])(?<![的了是在到至和与及从对把被有很都也就不没要请你我他这那去过走修上下条段个该本问见说])[\u4e00-\u9fa5][路街]"
)
# The model has met no rare characters: 𠮷 + 祥里小区.
_RARE = re.compile(rf"{RARE_HANZI}+\Z")
# What a learned span takes along of a sentence before a configured name: 先招 + 石窝村, but 万科 + 魅力之城.
_SPOKEN = re.compile(
    r"(?=.*[因将从往进说听讲看招买卖租住找去来到下问见过经走想让给先再又也就才])[\u4e00-\u9fa5]{1,3}"
)
# The cut of 小区路灯不亮 gives 小区, 路 and 灯不亮.
_LAMP = "路灯"
_KIND = "小区|社区|街道|路口|大道|公路|路|街|巷|村|镇|乡|学校|中学|小学|幼儿园|医院|公园|广场|大桥|地铁站|车站|花园|家园|公寓|大厦"
_THING = re.compile(
    rf"(.*(?:{_KIND}))[\u4e00-\u9fa5]{{0,7}}[^\W\d站楼栋期口门店厂段处旁侧号室区园苑城府湾郡里组队桥线场馆所院校局坪塘山湖河港坝冲岭家庭堂部心边角]"
)

# The model has met few posts of a line or two.
_LINE = 60
# A name that begins a clause, and what shows where it ends.
_LONE = re.compile(
    r"(?:^|(?<=[\s，。！？；：,!?;:]))(?:求助|请问|反映|投诉|[在到去])?"
    r"(?!求助|请问|反映|投诉|试问|代表|相信|靠近|当时|高速公|幼儿园)([^\W\da-zA-Z_的了是在到至和与及从对把被比但按有很都也就不没要请我你他她它这那哪谁啥个们里上下前后左右大小多少全每各某本贵该隔去走出进过回修条段边半一两几]{2,4}?"
    rf"(?:{_KIND}|山庄|新城|名城|国际|菜市场|卫生院|水库|[苑园府庭湾郡墅屯寨桥沟河湖]))"
    r"(?=$|[\s，。！？；：,!?;:的又还]|门口|旁|附近|周边|对面|[下后里上]面|一带|[那这]边|[天昨今每]天|什么时候|怎么|为什么"
    r"|路灯|电梯|物业|自来水|[停漏污]水|停电|堵|红绿灯|垃圾|广场舞|施工|夜里|晚上|半夜)"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A span of the text, and the configured district it points to, if any."""

    text: str
    start: int
    end: int
    district: str | None = None


class PlaceFinder:
    """Finds places; `gazetteer` maps configured names to their district, `version` is the model's.

    ModelError when the shipped model (or the one at `model`) cannot be used.
    """

    def __init__(self, gazetteer: Mapping[str, str], *, model: Path | None = None) -> None:
        self.gazetteer = {name: district for name, district in gazetteer.items() if name}
        self._lengths: dict[str, list[int]] = {}
        for name in sorted(self.gazetteer, key=lambda name: (-len(name), name)):
            lengths = self._lengths.setdefault(name[0], [])
            lengths += [len(name)] if len(name) not in lengths else []
        self._begins = re.compile(f"[{re.escape(''.join(sorted(self._lengths)))}]") if self._lengths else None
        shorts = ((short_name(name), district) for name, district in self.gazetteer.items())
        self._shorts = {short: district for short, district in shorts if short}
        self._model = load_place_model(model) if model else shipped_place_model()
        self.version = self._model.version

    def find(self, text: str) -> list[Place]:
        """The places of the text, each once, in order."""
        return self.find_all([text])[0]

    def find_all(self, texts: Sequence[str]) -> list[list[Place]]:
        """The places of each text; many at once cost far less each."""
        heads = [text[:_SEARCHED] for text in texts]
        kept = self._model.select(heads, self._model.candidates(heads))
        learned = (
            [_trimmed(head, c.start, c.end) for c in candidates]
            for head, candidates in zip(heads, kept, strict=True)
        )
        return [self._places(text, spans) for text, spans in zip(texts, learned, strict=True)]

    def district_of(self, places: Iterable[Place]) -> str | None:
        """The district most places point to, the first of equals; None when none does."""
        districts = [place.district for place in places if place.district]
        return max(dict.fromkeys(districts), key=districts.count, default=None)

    def _places(self, text: str, learned: Sequence[tuple[int, int]]) -> list[Place]:
        known = [_with_tail(text, start, end) for start, end in self._configured(text)]
        places: dict[str, Place] = {}
        found = [*known, *(_beside_known(text, start, end, known) for start, end in learned)]
        divisions = [span for span in division_spans(text) if not found or _counts(text, span, found)]
        for start, end in _merged([*found, *divisions]):
            span = text[start:end]
            places.setdefault(span, Place(span, start, end, self._district(span)))
        if not places and len(text) <= _LINE and (lone := _LONE.search(text)):
            return [Place(lone[1], *lone.span(1))]
        named = [name for name in places if not is_generic(name)]
        return [
            place
            for name, place in places.items()
            if not any(name in other for other in places if other != name)
            and (not named or place.district or not is_generic(name))
        ]

    def _district(self, span: str) -> str | None:
        known = [span[start:end] for start, end in self._configured(span)]
        if known:
            return self.gazetteer[max(known, key=len)]
        shorts = [short for short in self._shorts if short in span]
        return self._shorts[max(shorts, key=len)] if shorts else None

    def _configured(self, text: str) -> Iterator[tuple[int, int]]:
        """Where configured names stand: the longest at each point, none within another."""
        position = 0
        while self._begins and (found := self._begins.search(text, position)):
            start = found.start()
            ends = (start + length for length in self._lengths[found[0]])
            position = next((end for end in ends if text[start:end] in self.gazetteer), 0)
            if position:
                yield start, position
            else:
                position = start + 1


def _with_tail(text: str, start: int, end: int) -> tuple[int, int]:
    """A configured name and the place-like rest behind it: 梧桐里 + 星城小区."""
    tail = _TAIL.match(text, end)
    return (start, end) if tail is None or _STOPS.search(tail[0]) else (start, tail.end())


def _beside_known(text: str, start: int, end: int, known: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """A learned span without what is none of the configured name in it: words of the sentence, 路 of 路灯."""
    first = next((name for name, _ in known if start < name < end), start)
    if text.startswith(_LAMP, end - 1) and any(last == end - 1 for _, last in known):
        end -= 1
    return (first if _SPOKEN.fullmatch(text, start, first) else start), end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without a leading verb and without a thing named behind the place, unless nothing is left."""
    if (lead := _LEAD.match(text, start, end)) and end - lead.end() >= 2:
        start = lead.end()
    if thing := _THING.fullmatch(text, start, end):
        end = thing.end(1)
    if text.startswith(_LAMP, end - 1) and kind_of(text[start : end - 1]):
        end -= 1
    if _HALF.fullmatch(text, start, end):
        return start - 1, end
    if rare := _RARE.search(text, max(0, start - 3), start):
        return rare.start(), end
    return _without_stray(text, _without_preposition(text, start, end), end), end


def _without_preposition(text: str, start: int, end: int) -> int:
    """Where a span begins without a 从 or 沿 before a name whose end says that it is one."""
    lead = _PREPOSITION.match(text, start, end)
    if lead is None or end - lead.end() < _SHORTEST_REST or not kind_of(text[lead.end() : end]):
        return start
    return lead.end()


def _without_stray(text: str, start: int, end: int) -> int:
    """Where a span begins without a list's number or one stray character before the name."""
    stray = _STRAY.match(text, start, end)
    if stray is None or end - stray.end() < _SHORTEST_REST:
        return start
    rest = text[stray.end() : end]
    return stray.end() if stray[0][-1] in ".．、" or text.count(rest) > text.count(text[start:end]) else start


def _counts(text: str, division: tuple[int, int], found: Sequence[tuple[int, int]]) -> bool:
    """Whether a division counts beside other places: touching one, or itself more than a single name.

    Beside the place that a post is about, 广州市 alone is mostly where somebody once lived.
    """
    start, end = division
    return is_nested(text[start:end]) or any(first <= end and start <= last for first, last in found)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
