"""Places: the verbatim spans of a text that say where."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A span of the text, and the configured district it points to, if any."""

    text: str
    start: int
    end: int
    district: str | None = None


_SUFFIX = (
    "小区|社区|街道|开发区|高新区|新区|大道|公路|路口|路|大街|街|巷|胡同|村|组|镇|乡|县|市|省|区|学校|中学|小学|幼儿园|大学|学院|医院|卫生院|"
    "公园|广场|大桥|桥|地铁站|火车站|车站|站|大厦|商场|市场|超市|花园|家园|公寓|苑|工地|工厂|水厂|水库|湖|立交|高速|机场|号线|期|栋"
)
_PATTERN = re.compile(
    rf"(?:[A-Z]\d{{0,2}}|[\u4e00-\u9fa5]{{1,6}}?|\d{{1,4}})(?:{_SUFFIX})(?:[\u4e00-\u9fa5A-Z0-9]{{1,6}}?(?:{_SUFFIX}))*"
)


class PlaceFinder:
    """Finds places by the configured gazetteer (place -> district) and by their form."""

    def __init__(self, gazetteer: Mapping[str, str]) -> None:
        self.gazetteer = dict(gazetteer)
        names = sorted(filter(None, self.gazetteer), key=lambda name: (-len(name), name))
        self._known = re.compile("|".join(map(re.escape, names)) or r"(?!)")

    def find(self, text: str) -> list[Place]:
        """The places of the text in order; nested and touching ones are one."""
        spans = [m.span() for m in self._known.finditer(text)] + [m.span() for m in _PATTERN.finditer(text)]
        return [
            Place(text[start:end], start, end, self._district(text[start:end]))
            for start, end in _merged(spans)
        ]

    def district_of(self, places: Iterable[Place]) -> str | None:
        """The district most places point to, the first of equals; None when none does."""
        districts = [place.district for place in places if place.district]
        return max(dict.fromkeys(districts), key=districts.count, default=None)

    def _district(self, span: str) -> str | None:
        known = self._known.findall(span)
        return self.gazetteer[max(known, key=len)] if known else None


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
