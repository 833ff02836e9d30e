"""Numbers that lead to a person: telephones, ID and bank cards, plates, addresses on the net, doors.

Digits are folded to ASCII one for one (full-width, circled, Chinese numerals), so that the
positions found are positions of the text.  Patterns have bounded repeats: time stays linear.
"""

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date

from pipelines.personal import Personal

_GAP = r"[ \t\u3000\xa0\-‐-―－_.·•・/~～]{0,3}"
_NUMERALS = dict(zip("零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两", "00012345678911234567892", strict=True))
# Full-width, circled, bracketed, mathematical, Arabic and Devanagari digits, the last in one block each.
_DIGIT_BLOCKS = "\uff10-\uff19\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u2460-\u2468\u2474-\u247c\u24ea\u24f5-\u24fd\u2776-\u277e\U0001d7ce-\U0001d7ff"
_ODD_DIGIT = re.compile(f"[{_DIGIT_BLOCKS}]")
_FOLD = {
    code: str(unicodedata.digit(chr(code)))
    for code in range(128, sys.maxunicode)
    if _ODD_DIGIT.match(chr(code))
} | {0xFF38: "X", 0xFF58: "x", 0xFF0B: "+", 0xFF20: "@"}
_FOLD_NUMERALS = {ord(numeral): digit for numeral, digit in _NUMERALS.items()}

_HAS_LONG_RUN = re.compile(rf"[0-9](?:[()（）]?{_GAP}[0-9]){{6}}")
_NUMERAL_RUN = re.compile(rf"[0-9{''.join(_NUMERALS)}](?:{_GAP}[0-9{''.join(_NUMERALS)}OoIl]){{6,}}")

_RUN = re.compile(
    rf"(?<![0-9])[+(（]?[0-9](?:[()（）]?{_GAP}[()（）]?[0-9]){{6,31}}(?:{_GAP}[Xx](?![A-Za-z]))?(?![0-9])"
)
_GROUP = re.compile(r"[0-9]+[Xx]?|[Xx]")

_ORDER = re.compile(
    r"(?:订单|单|编|流水|运单|快递|工单|受理|案件?|发票|票|条码|批|合同|证书|许可证|产权证|文|序列|学|工|户|水表|电表|表|查询码|"
    r"登记|备案|交易|凭证|回执|信访件?|设备|型|房产证|统一社会信用代码|信用代码|注册|税)(?:号码?|编号|编码|代码|单号|码)?(?:为|是|[:：#\s]|No\.?|NO\.?){0,4}$"
)
_ID_LABEL = re.compile(r"(?:身份证|证件|ID)[^\d，。；\n]{0,8}$", re.I)
_CARD_LABEL = re.compile(
    r"(?:卡号|银行卡?|账[号户]|帐[号户]|[工建农中招交]行|信用社|汇款|打款|转账|收款)[^\d，。；\n]{0,10}$"
)
_PHONE_LABEL = re.compile(
    r"(?:电\s?话|手\s?机|座机|固话|热线|致电|拨打|来电|传真|联系方式|号码|联系|tel|fax|phone|mobile|call|打)[^\d，。；\n]{0,8}$",
    re.I,
)
_UNIT = re.compile(r"\s?(?:[万亿千百]?(?:元|块|美元|吨|米|公里|千瓦|度|斤|平方|平米|人次|票|股|字节)|%)")


def find_numbers(text: str) -> list[Personal]:
    """Every personal number of the text."""
    folded = text.translate(_FOLD) if _ODD_DIGIT.search(text) else text
    found = list(_addresses(folded))
    if _HAS_LONG_RUN.search(folded):
        found += _runs(folded)
    if _NUMERAL_RUN.search(folded):
        found += _runs(_fold_numerals(folded))
    return [*found, *_plates(folded), *_doors(folded)]


def _fold_numerals(text: str) -> str:
    return _NUMERAL_RUN.sub(
        lambda run: run[0].translate(_FOLD_NUMERALS).translate({79: "0", 111: "0", 73: "1", 108: "1"}), text
    )


def _runs(text: str) -> Iterator[Personal]:
    position = 0
    while run := _RUN.search(text, position):
        found = _judge(text, run.start(), run.end())
        yield from found
        position = found[-1].end if found else run.end()


def _judge(text: str, start: int, end: int) -> list[Personal]:
    """What one run of digits and separators holds: all of it first, then stretches of whole groups."""
    groups = [(m.start(), m.end()) for m in _GROUP.finditer(text, start, end)]
    found: list[Personal] = []
    first = 0
    while first < len(groups):
        span = next((s for s in _stretches(text, groups, first)), None)
        if span is None:
            first += 1
            continue
        found.append(span)
        first = next((i for i, group in enumerate(groups) if group[0] >= span.end), len(groups))
    return found


def _stretches(text: str, groups: list[tuple[int, int]], first: int) -> Iterator[Personal]:
    for last in range(min(len(groups), first + 20), first, -1):
        stretch = groups[first:last]
        lengths = [end - start for start, end in stretch]
        if not 7 <= sum(lengths) <= 22:
            continue
        digits = "".join(text[start:end] for start, end in stretch)
        start, end = stretch[0][0], stretch[-1][1]
        for judge in _JUDGES:
            if reason := judge(
                digits, lengths, text[max(0, start - 20) : start], text[start : end + 8], end - start
            ):
                kind, why = reason
                yield _widened(text, Personal(kind, start, end, why))


def _widened(text: str, span: Personal) -> Personal:
    """The bracket or plus before a number belongs to it."""
    start, end = span.start, span.end
    if start and text[start - 1] in "+(（":
        inner = text[start:end]
        if text[start - 1] == "+" or any(mark in inner for mark in ")）"):
            start -= 1
    return Personal(span.kind, start, end, span.reason)


Verdict = tuple[str, str] | None


def _identity(digits: str, lengths: list[int], before: str, after: str, width: int) -> Verdict:
    if len(digits) not in (15, 18) or max(lengths) < 3:
        return None
    labelled = _ID_LABEL.search(before) is not None
    if len(digits) == 18 and _id_checks(digits):
        return "身份证号", "18 位，校验码相符"
    born = digits[6:14] if len(digits) == 18 else "19" + digits[6:12]
    if labelled or (_is_birthday(born) and "11" <= digits[:2] <= "82" and not _ORDER.search(before)):
        return "身份证号", f"{len(digits)} 位，" + ("前有“身份证”字样" if labelled else "含出生日期")
    return None


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _id_checks(digits: str) -> bool:
    if not digits[:17].isdigit() or not _is_birthday(digits[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == digits[17].upper()


def _is_birthday(digits: str) -> bool:
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).year <= 2099
    except ValueError:
        return False


def _mobile(digits: str, lengths: list[int], before: str, after: str, width: int) -> Verdict:
    prefix = re.match(r"(?:0086|86|0)?(?=1[3-9]\d{9}$)", digits)
    if prefix is None or not _phone_like(lengths, after[:width]):
        return None
    if _PHONE_LABEL.search(before) is None and (_ORDER.search(before) or _UNIT.match(after, width)):
        return None
    if before[-1:] == "." and before[-2:-1].isdigit():
        return None
    return "手机号", "11 位，手机号段"


def _phone_like(lengths: list[int], written: str) -> bool:
    """Whether the groups are a telephone number's: not a table of figures, an IP address or a decimal."""
    marks = set(re.sub(r"[0-9()（）+]", "", written))
    if marks == {"."} and len(lengths) in (2, 4) and max(lengths) != 4:
        return False
    years = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", written) is not None
    if set(lengths) == {1}:
        return True
    return len(lengths) <= 2 or (
        len(lengths) <= 6 and lengths.count(1) <= 1 and not (years and lengths[:1] not in ([3], [4]))
    )


_AREA = re.compile(
    r"(?:0086|86)?(010|02[0-9]|0?10(?=\d{8}$)|0[3-9][1-9]\d|0?[3-9][1-9]\d(?=\d{7,8}$))([2-9]\d{6,7})(\d{0,6})$"
)


def _landline(digits: str, lengths: list[int], before: str, after: str, width: int) -> Verdict:
    if digits.startswith(("400", "800")) and len(digits) == 10:
        return None
    if digits[:1] == "0" or digits[:2] == "86":
        return _with_area_code(digits, lengths, before)
    if (
        len(digits) in (7, 8)
        and "2" <= digits[0] <= "8"
        and len(lengths) <= 4
        and _PHONE_LABEL.search(before)
    ):
        return (
            ("固定电话", "7 至 8 位，前有“电话”字样")
            if not _ORDER.search(before) and not _UNIT.match(after, width)
            else None
        )
    return None


def _with_area_code(digits: str, lengths: list[int], before: str) -> Verdict:
    parts = _AREA.match(digits)
    if parts is None or _ORDER.search(before):
        return None
    number = parts[2] + parts[3]
    whole = lengths[0] >= 10 or lengths[0] in (2, 3, 4)
    if not whole or lengths.count(1) > 1 or (lengths[0] == 2 and digits[:2] != "86"):
        return None
    if len(parts[1].lstrip("0")) == 2 and len(parts[2]) != 8:
        return None
    return ("固定电话", "区号加 7 至 8 位") if len(number) <= 8 or len(lengths) >= 3 else None


def _bank_card(digits: str, lengths: list[int], before: str, after: str, width: int) -> Verdict:
    if not digits.isdigit() or not 12 <= len(digits) <= 22 or max(lengths) < 3:
        return None
    if _CARD_LABEL.search(before):
        return "银行卡号", "前有“卡号”“账号”字样"
    if 16 <= len(digits) <= 19 and digits[0] in "34569" and _luhn(digits) and not _ORDER.search(before):
        return "银行卡号", f"{len(digits)} 位，校验位相符"
    return None


def _luhn(digits: str) -> bool:
    values = [int(digit) for digit in reversed(digits)]
    return (sum(values[::2]) + sum(sum(divmod(2 * value, 10)) for value in values[1::2])) % 10 == 0


_JUDGES: tuple[Callable[[str, list[int], str, str, int], Verdict], ...] = (
    _identity,
    _bank_card,
    _mobile,
    _landline,
)

_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}(?:\s?@\s?|[(（\[【]at[)）\]】]|\s?艾特\s?)[A-Za-z0-9-]{1,63}(?:(?:\.|\s?点\s?)[A-Za-z0-9-]{1,63}){1,4}",
    re.I | re.A,
)
_QQ = re.compile(
    r"(?:(?<![A-Za-z])[Qq]\s?[Qq]|扣\s?扣|企鹅|抠抠|(?<![A-Za-z])[Qq](?=群?号|群|[:：]))(?:号码|群号|群|号)?(?:[:：是为\s]|[(（]){0,4}"
    r"([1-9](?:[ -]?[0-9]){4,11})(?![0-9])"
)
_WECHAT = re.compile(
    r"(?:微\s?信(?!公众|平台|小程序|群|支付|朋友圈)|[薇威徽V]信|(?<![A-Za-z])(?:[Vv][Xx]?|[Ww][Xx]|[Ww]e[Cc]hat|[Ww]eixin)(?=[号:：\s]))"
    r"(?:号码?|ID)?(?:[:：是为\s]|[(（]){0,4}([A-Za-z0-9][A-Za-z0-9_-]{4,19})"
)
_OTHER_PAPER = re.compile(
    r"(?:护照|通行证|军官证|社保卡?|医保卡?|残疾证|驾驶证)(?:号码?)?(?:[:：是为\s]){0,4}([A-Za-z]{0,2}[0-9]{7,19}[Xx]?)(?![0-9])"
)


def _addresses(text: str) -> Iterator[Personal]:
    if "@" in text or "at" in text or "艾特" in text:
        for found in _EMAIL.finditer(text):
            yield Personal("邮箱", *found.span(), "电子邮箱的写法")
    for kind, pattern in (("QQ号", _QQ), ("微信号", _WECHAT), ("证件号", _OTHER_PAPER)):
        for found in pattern.finditer(text):
            if any(character.isdigit() for character in found[1]):
                yield Personal(kind, *found.span(1), f"前有“{kind}”一类字样")


_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\s?[A-HJ-NP-Z][·•・.\- ]{0,2}([A-HJ-NP-Z0-9]{4,6}[A-HJ-NP-Z0-9挂学警港澳领])(?![A-Za-z0-9])",
    re.I,
)


def _plates(text: str) -> Iterator[Personal]:
    for found in _PLATE.finditer(text):
        if 5 <= len(found[1]) <= 6 and sum(character.isdigit() for character in found[1]) >= 3:
            yield Personal("车牌号", *found.span(), "省份简称、字母加 5 至 6 位")


_FEW = r"[一二三四五六七八九十\d]{1,3}"
_DASH = r"[ \-－—]?"
_ROOM = (
    r"(?:[A-Za-z]?\d{3,4}(?:[室房号]|(?![\d元米平个人年多余]|户(?!主)))|[一二三四五六七八九〇零]{3,4}[室房])"
)
_DOOR = re.compile(
    rf"(?:[栋幢座#]|号楼)([ \-－—,，]?(?:{_FEW}(?:单元|门))?{_DASH}(?:{_FEW}[楼层])?{_DASH}(?:{_ROOM}|\d{{1,2}}[-－]\d{{3,4}}[室房]?))"
    rf"|单元({_DASH}(?:{_FEW}[楼层])?{_DASH}{_ROOM})"
    rf"|[区园苑城期府庭湾郡院寓里住](?:[A-Za-z]?\d{{1,3}})([-－—]\d{{1,2}}[-－—]\d{{3,4}}[室房]?)(?!\d)"
    r"|(?:号|住在?|我家(?:是|在)?)(\d{3,4}[室房])"
)


def _doors(text: str) -> Iterator[Personal]:
    for found in _DOOR.finditer(text):
        start, end = found.span(found.lastindex or 0)
        yield Personal("门牌号", start, end, "楼栋以下的门牌")
