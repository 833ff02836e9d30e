"""Numbers that lead to a person: telephones, ID cards, bank cards.

A run of digits may be broken by anything that is not a letter, a digit or a Hanzi, up to
three characters at a time: people write numbers with dashes, dots, brackets and flowers
between.  Repeats are bounded: time stays linear.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import accumulate, pairwise
from typing import NamedTuple

from pipelines.mask.digits import GAP, NUMERALS, fold_numerals
from pipelines.mask.personal import Personal

_LONG = re.compile(rf"[0-9](?:{GAP}[0-9]){{6}}")
_RUN = re.compile(rf"(?<![0-9])[0-9](?:{GAP}[0-9]){{6,47}}(?:[Xx×]|{GAP}[Xx×](?![A-Za-z]))?")
_GROUP = re.compile(r"[0-9]+")
_ORDER = re.compile(
    r"(?:订单|单|编|流水|运单|快递|工单|受理|案件?|发票|票|条码|批|合同|证书|许可证|产权证|文|序列|学|工|户|水表|电表|表|查询码|"
    r"登记|备案|交易|凭证|回执|信访件?|设备|型|房产证|统一社会信用代码|信用代码|注册|税)(?:号码?|编号|编码|代码|单号|码)?"
    r"(?:为|是|[:：#\s]|No\.?|NO\.?){0,4}$"
)
_ID_LABEL = re.compile(r"(?:身份证|证件|ID)[^\d，。；]{0,12}$", re.I)
_CARD_LABEL = re.compile(
    r"(?:卡号|银行卡?|账[号户]|帐[号户]|[工建农中招交]行|信用社|汇款|打款|转账|收款)[^\d，。；]{0,10}$"
)
_PHONE_LABEL = re.compile(
    r"(?:电\s?话|手\s?机|座机|固话|热线|致电|拨打|来电|传真|联系方式|号码|联系|家的?号|我的?号|tel|fax|phone|mobile|call|打)[^\d，。；]{0,8}$",
    re.I,
)
_OWN = re.compile(r"我|本人|个人|自己")
_PUBLIC = re.compile(r"客服|热线|咨询|服务")
_UNIT = re.compile(
    r"\s?(?:[万亿千百]?(?:元(?!旦|宵)|块|美元|吨|米|公里|千瓦|度|斤|平方|平米|人次|票|股|字节)|%)"
)
_EXTENSION = re.compile(r"(?:\s?(?:转|分机|ext\.?|-|－|—|,转)\s?)(\d{1,6})(?!\d)", re.I)
_D = rf"[0-9{NUMERALS}]"
_TOLD = re.compile(
    rf"(?<!{_D}){_D}{{3}}(?!{_D})[^0-9\n]{{0,4}}(?:然后|中间|后面|接着|再)[^0-9\n]{{0,5}}?{_D}{{4}}(?!{_D})[^0-9\n]{{0,4}}(?:最后|后面|尾|末|后四位|再|然后)[^0-9\n]{{0,5}}?{_D}{{4}}(?!{_D})"
    rf"|(?<!{_D}){_D}{{3}}(?!{_D})[^0-9\n]{{0,4}}(?:然后|后面|接着|后八位|再)[^0-9\n]{{0,5}}?{_D}{{8}}(?!{_D})"
)
_TOLD_HINT = re.compile(r"[前后位](?:(?<=位)[是为]?\d|(?<!位)面?[三四六八3468]位|(?<=后)面是?\d)")
_TOLD_ID = re.compile(
    rf"(?<!{_D}){_D}{{6}}(?!{_D})[^0-9\n]{{0,4}}(?:然后|中间|后面|接着|后十二位|再)[^0-9\n]{{0,6}}?{_D}{{8}}(?:[^0-9\n]{{0,10}}?{_D}{{3}}|{_D}{{3}})[0-9Xx](?!{_D})"
)


def find_numbers(folded: str) -> Iterator[Personal]:
    """Telephones, ID and bank cards of a text whose digits are folded."""
    if _LONG.search(folded):
        yield from _runs(folded)
    if (spelt := fold_numerals(folded)) != folded:
        yield from _runs(spelt)
    if "*" in folded or "＊" in folded:
        yield from _starred(folded)
    if _TOLD_HINT.search(folded):
        for kind, pattern in (("手机号", _TOLD), ("身份证号", _TOLD_ID)):
            for told in pattern.finditer(folded):
                yield Personal(kind, *told.span(), "分段报出的号码")


def _starred(text: str) -> Iterator[Personal]:
    """ID cards whose writer hid a part of the figures: district, birthday or end may still tell who it is."""
    for found in _STARRED.finditer(text):
        start, end = found.start(), min(found.end(), found.start() + 18)
        if end - start == 18 or _ID_LABEL.search(text[max(0, start - 20) : start]):
            yield Personal("身份证号", start, end, "身份证号，部分以星号代替")


_STARRED = re.compile(r"(?<![0-9*＊])[1-8][0-9]{2,13}[*＊]{3,14}[0-9]{0,4}[Xx]?(?![0-9*＊])")


class _Stretch(NamedTuple):
    """Some whole groups of a run: the digits, the groups' lengths, and the words around."""

    digits: str
    lengths: list[int]
    written: str
    before: str
    after: str


def _runs(text: str) -> Iterator[Personal]:
    position = 0
    while run := _RUN.search(text, position):
        groups = [found.span() for found in _GROUP.finditer(text, *run.span())]
        if len(groups) > 1 and text[run.end() : run.end() + 1].isdigit():
            groups.pop()  # cut in two by the limit on a run's length: left to the next run
        if run[0][-1] in "Xx×":
            groups.append((run.end() - 1, run.end()))
        if run.end() - run.start() >= 22:
            groups = [part for group in groups for part in _parted(text, *group)]
        found = list(_judge(text, groups))
        yield from found
        position = max(groups[-1][1], found[-1].end if found else 0)


def _parted(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A group of digits as the numbers written in it one after another, or as it is."""
    if end - start < 22 or _ORDER.search(text[max(0, start - 20) : start]):
        return [(start, end)]
    ends = list(accumulate(_sizes(text[start:end]) or [end - start], initial=start))
    return list(pairwise(ends))


def _sizes(digits: str) -> list[int] | None:
    """The lengths of the ID cards, mobiles and bank cards that the digits are made of, without a rest."""
    if not digits:
        return []
    for size, is_one in _ONES:
        if len(digits) >= size and is_one(digits[:size]):
            rest = _sizes(digits[size:])
            if rest is not None:
                return [size, *rest]
    return None


def _judge(text: str, groups: list[tuple[int, int]]) -> Iterator[Personal]:
    """What one run's groups hold: all of them first, then stretches of them."""
    first = 0
    while first < len(groups):
        span = _first_stretch(text, groups, first)
        if span is None:
            first += 1
            continue
        yield span
        first = next((i for i, group in enumerate(groups) if group[0] >= span.end), len(groups))


def _first_stretch(text: str, groups: list[tuple[int, int]], first: int) -> Personal | None:
    for last in range(min(len(groups), first + 20), first, -1):
        start, end = groups[first][0], groups[last - 1][1]
        lengths = [group_end - group_start for group_start, group_end in groups[first:last]]
        if not 7 <= sum(lengths) <= 22:
            continue
        digits = "".join(text[a:b] for a, b in groups[first:last])
        stretch = _Stretch(
            digits, lengths, text[start:end], text[max(0, start - 20) : start], text[end : end + 12]
        )
        for judge in _JUDGES:
            if verdict := judge(stretch):
                return _widened(text, Personal(verdict[0], start, end, verdict[1]))
    return None


def _widened(text: str, span: Personal) -> Personal:
    """An opening bracket or plus before a number, a closing bracket and an extension after it, belong to it."""
    start, end = span.start, span.end
    if (
        start
        and text[start - 1] in "+(（[【"
        and (text[start - 1] == "+" or any(mark in text[start:end] for mark in ")）]】"))
    ):
        start -= 1
    if end < len(text) and text[end] in "]】" and any(mark in text[start:end] for mark in "[【"):
        end += 1
    if span.kind == "固定电话" and (extension := _EXTENSION.match(text, end)):
        end = extension.end()
    return Personal(span.kind, start, end, span.reason)


Verdict = tuple[str, str] | None


def _identity(s: _Stretch) -> Verdict:
    if len(s.digits) not in (15, 18) or (max(s.lengths) < 3 and set(s.lengths) != {1}):
        return None
    labelled = _ID_LABEL.search(s.before) is not None
    if len(s.digits) == 18 and _id_checks(s.digits):
        return "身份证号", "18 位，校验码相符"
    if _LISTED.search(s.written) and not labelled:
        return None
    born = s.digits[6:14] if len(s.digits) == 18 else "19" + s.digits[6:12]
    dated = _is_birthday(born) and "11" <= s.digits[:2] <= "82" and not _ORDER.search(s.before)
    if labelled or dated:
        return "身份证号", f"{len(s.digits)} 位，" + ("前有“身份证”字样" if labelled else "含出生日期")
    return None


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _id_checks(digits: str) -> bool:
    if not digits[:17].isdigit() or not _is_birthday(digits[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == digits[17].upper().replace("×", "X")


def _is_birthday(digits: str) -> bool:
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).year <= 2099
    except ValueError:
        return False


_MOBILE = re.compile(r"(?:0086|86|0)?1[3-9]\d{9}")
# A figure too few or too many, told by the word right before it.
_MISTYPED = re.compile(r"1[3-9](?:\d{8}|\d{10})")
_CALLED_MOBILE = re.compile(r"(?:手机|电话)(?:号码?)?[是为:：\s]{0,3}$")
# 1.13800138000 2.…: the number of an item, no decimal.
_ITEM = re.compile(r"(?:^|[\s，。；：、,;:])[1-9]\.$")
_COUNTRY = re.compile(r"0086|86|0")


def _mobile(s: _Stretch) -> Verdict:
    if _MISTYPED.fullmatch(s.digits) and len(s.lengths) == 1 and _CALLED_MOBILE.search(s.before):
        return "手机号", "前有“手机”“电话”字样，多写或少写一位"
    if not _MOBILE.fullmatch(s.digits) or not _grouped_as_phone(s):
        return None
    labelled = _PHONE_LABEL.search(s.before) is not None
    if not labelled and (_ORDER.search(s.before) or _UNIT.match(s.after)):
        return None
    if s.before[-1:] == "." and s.before[-2:-1].isdigit() and not _ITEM.search(s.before):
        return None
    return "手机号", "11 位，手机号段"


_USUAL_GROUPS = ([3, 4, 4], [3, 8])
_PHONE_GROUPS = (
    [7, 4],
    [3, 3, 5],
    [3, 5, 3],
    [4, 4, 3],
    [4, 3, 4],
    [3, 4, 2, 2],
    [3, 2, 2, 2, 2],
    [2, 3, 3, 3],
    [3, 2, 3, 3],
    [3, 3, 3, 2],
)


def _grouped_as_phone(s: _Stretch) -> bool:
    """Whether the groups are a telephone number's: not a list of figures, an IP address or a decimal."""
    lengths = _without_country(s)
    marks = set(re.sub(r"[0-9()（）+]", "", s.written))
    if marks == {"."} and (len(lengths) == 2 or _is_address(s.written)) and max(lengths) != 4:
        return _is_called_phone(s)
    if len(lengths) == 1 or set(lengths) == {1} or lengths in _USUAL_GROUPS:
        return True
    usual = lengths in _PHONE_GROUPS
    if marks & set("，,、；;。\n"):
        return usual and _is_called_phone(s)
    if usual:
        return True
    years = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", s.written) is not None
    return not years and len(lengths) <= 6 and lengths.count(1) <= 1


def _is_address(written: str) -> bool:
    """Whether it is the address of a computer."""
    parts = written.split(".")
    return len(parts) == 4 and all(int(part) < 256 for part in parts if part.isdigit())


def _is_called_phone(s: _Stretch) -> bool:
    """Whether a country code before it or the words beside it call it a telephone number."""
    called = s.digits.startswith(("86", "0086")) or _CALLED.search(s.before) or _CALLED_AFTER.match(s.after)
    return bool(called) and not _UNIT.match(s.after)


_CALLED = re.compile(r"(?:电话|手机|号码|联系方式|同号|请打)[是为:：\s]{0,3}$")
_CALLED_AFTER = re.compile(r"[\s，,]?(?:联系|打给|打我|找我|加我|是我)")


def _without_country(s: _Stretch) -> list[int]:
    country = _COUNTRY.match(s.digits)
    if country is None or len(s.digits) == 11:
        return s.lengths
    extra = len(s.digits) - 11
    lengths = list(s.lengths)
    while extra and lengths:
        taken = min(extra, lengths[0])
        lengths[0] -= taken
        extra -= taken
        if not lengths[0]:
            lengths.pop(0)
    return lengths


_AREA = re.compile(
    r"(?:0086|86)?(010|02\d|10(?=\d{8}$)|0[3-9][1-9]\d|[3-9][1-9]\d(?=\d{7,8}$))([2-9]\d{6,7})$"
)
_LOCAL_GROUPS = ([7], [8], [4, 4], [3, 4], [2, 2, 2, 2], [3, 2, 2], [1] * 7, [1] * 8)


def _landline(s: _Stretch) -> Verdict:
    if s.digits.startswith(("400", "800")):
        return _own_service_number(s)
    if s.digits[0] == "0" or s.digits.startswith("86"):
        return _with_area_code(s)
    if len(s.digits) not in (7, 8) or not "2" <= s.digits[0] <= "8" or not _PHONE_LABEL.search(s.before):
        return None
    if (
        s.lengths not in _LOCAL_GROUPS
        or _is_birthday(s.digits)
        or _ORDER.search(s.before)
        or _UNIT.match(s.after)
    ):
        return None
    return "固定电话", "7 至 8 位，前有“电话”字样"


def _own_service_number(s: _Stretch) -> Verdict:
    """A 400 or 800 number is public, unless the writer calls it his own."""
    if len(s.digits) != 10 or not _OWN.search(s.before + s.after) or _PUBLIC.search(s.before):
        return None
    return "固定电话", "自称本人的 400、800 号码"


def _with_area_code(s: _Stretch) -> Verdict:
    parts = _AREA.match(s.digits)
    if parts is None or _ORDER.search(s.before):
        return None
    dated = s.lengths[0] in (1, 2) and set(s.lengths) != {1} and not s.digits.startswith("86")
    if dated or (s.lengths.count(1) > 1 and set(s.lengths) != {1} and len(s.lengths) < 8):
        return None
    if parts[1].lstrip("0") in ("10", *(str(code) for code in range(20, 30))) and len(parts[2]) != 8:
        return None
    return "固定电话", "区号加 7 至 8 位"


def _bank_card(s: _Stretch) -> Verdict:
    if (
        not s.digits.isdigit()
        or not 12 <= len(s.digits) <= 22
        or (max(s.lengths) < 3 and set(s.lengths) != {1})
    ):
        return None
    if _CARD_LABEL.search(s.before):
        return "银行卡号", "前有“卡号”“账号”字样"
    fours = set(s.lengths[:-1]) <= {4}
    if _LISTED.search(s.written) and not fours:
        return None
    if (
        16 <= len(s.digits) <= 19
        and s.digits[0] in "34569"
        and _luhn(s.digits)
        and not _ORDER.search(s.before)
    ):
        return "银行卡号", f"{len(s.digits)} 位，校验位相符"
    return None


_LISTED = re.compile(r"[，,、；;]")


def _luhn(digits: str) -> bool:
    values = [int(digit) for digit in reversed(digits)]
    return (sum(values[::2]) + sum(sum(divmod(2 * value, 10)) for value in values[1::2])) % 10 == 0


# What may stand together without a gap, by length.
_ONES: tuple[tuple[int, Callable[[str], object]], ...] = (
    (18, _id_checks),
    (11, _MOBILE.fullmatch),
    (19, _luhn),
    (16, _luhn),
)
_JUDGES: tuple[Callable[[_Stretch], Verdict], ...] = (_identity, _bank_card, _mobile, _landline)
