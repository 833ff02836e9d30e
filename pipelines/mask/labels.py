"""What is personal by its form or the word before it: e-mail, QQ, WeChat, papers, plates, doors."""

import re
from collections.abc import Iterator

from pipelines.mask.digits import fold_numerals
from pipelines.mask.personal import Personal

_ID_LIKE = re.compile(r"[A-Za-z0-9](?:[-_. ]?[A-Za-z0-9]){4}")
_SPELT_ID = re.compile(r"[零〇一二三四五六七八九幺]{5}")

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}(?:\s?@\s?|\s?[(（\[【]\s?[aA][tT]\s?[)）\]】]\s?|\s?艾特\s?|#(?=(?:qq|163|126)\.)|\s[aA][tT]\s)"
    r"[A-Za-z0-9-]{1,63}(?:(?:\.|\s?点\s?|\s?[(（\[【]?dot[)）\]】]?\s?)[A-Za-z0-9-]{1,63}){1,4}"
)
_NUMBER_OF_QQ = r"[1-9](?:[ -]?[0-9]){4,11}(?![0-9])"
_FILLER = r"[^0-9A-Za-z，。,；;\n]{0,6}?"
_QQ = re.compile(
    rf"(?:(?<![A-Za-z])[Qq][ /]?[Qq](?:{_FILLER}|[(（][^()（）]{{0,6}}[)）])|(?:扣扣|蔻蔻|球球|企鹅|抠抠|[加+➕]球){_FILLER}|加?群[号:：]{{1,3}}\s?|加群)({_NUMBER_OF_QQ})"
    rf"|(?:(?<![A-Za-z])[Qq](?![A-Za-z]){_FILLER}|[加+]扣)([1-9](?:[ -]?[0-9]){{5,11}}(?![0-9]))|扣([1-9][0-9]{{7,10}}(?![0-9元块万分]))"
    rf"|({_NUMBER_OF_QQ})(?=\s?[(（][Qq]{{2}})"
)
_WECHAT = re.compile(
    r"(?:微\s?信(?!公众|平台|小程序|群|支付|朋友圈)(?:搜索|搜)?|[薇威徽V]信|卫星(?=[a-z0-9])|绿泡泡|[微威徽薇][❤Xx我](?:️)?|[Ww]ei\s?[Xx]in|[Ww]e[Cc]hat|[Vv]❤(?:️)?|"
    r"(?<![A-Za-z])[VvWw][Xx]|[+加➕][Vv](?:️)?|(?<![A-Za-z])[Vv](?=[号:：]))"
    r"(?:号码?|ID|id)?(?:[:：是为\s❤️]|[(（]|搜){0,4}([A-Za-z0-9][A-Za-z0-9_.-]{4,19})"
)
_WECHAT_AFTER = re.compile(r"[搜加]([A-Za-z][A-Za-z0-9_-]{5,19})(?=[^A-Za-z0-9]{0,2}(?:微信|[Vv][Xx]))")
_OTHER_PAPER = re.compile(
    r"(?:护照|通行证|军官证|社保卡?|医保卡?|残疾证|驾驶证)(?:号码?)?(?:[:：是为\s]){0,4}([A-Za-z]{0,2}[0-9]{7,19}[Xx]?)(?![0-9])"
)
_NOT_AN_ID = re.compile(r"(?:app|APP|iphone|iPhone|iPad|ipad|android|Android|http|https|www).*")


def find_labelled(folded: str) -> Iterator[Personal]:
    """Finds in a text whose digits and full-width letters are folded."""
    if _ID_LIKE.search(folded):
        yield from _addresses(folded)
    if _SPELT_ID.search(folded):
        yield from _addresses(fold_numerals(folded))
    yield from _plates(folded)
    yield from _doors(folded)


def _addresses(text: str) -> Iterator[Personal]:
    if "@" in text or "at" in text.lower() or "艾特" in text or "#" in text:
        for found in _EMAIL.finditer(text):
            yield Personal("邮箱", *found.span(), "电子邮箱的写法")
    for kind, pattern, hint in _LABELLED:
        if hint.search(text) is None:
            continue
        for found in pattern.finditer(text):
            start, end = found.span(found.lastindex or 0)
            if _is_id(text[start:end]):
                yield Personal(kind, start, end, f"前后有“{kind}”一类字样")


# A class of characters is searched far faster than words: no label lacks one of these.
_LABELLED = (
    ("QQ号", _QQ, re.compile("[Qq扣蔻球抠]|企鹅|群[号:：0-9]")),
    ("微信号", _WECHAT, re.compile("[微薇威徽]\\s?[信❤Xx我]|卫星|绿泡|[VvWw]")),
    ("微信号", _WECHAT_AFTER, re.compile("[搜加]")),
    ("证件号", _OTHER_PAPER, re.compile("[照证卡保]")),
)


def _is_id(written: str) -> bool:
    marked = any(character.isdigit() or character in "_-" for character in written)
    return (marked or len(written) >= 6) and not _NOT_AN_ID.fullmatch(written)


_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE_GAP = r"[ \t·•・._\-–—]{0,2}"
_PLATE = re.compile(
    rf"[{_PROVINCE}]{_PLATE_GAP}(?:[A-HJ-NP-Za-hj-np-z](?:的?[，,]?后面是)?{_PLATE_GAP}"
    rf"([A-HJ-NP-Za-hj-np-z0-9](?:{_PLATE_GAP}[A-HJ-NP-Za-hj-np-z0-9]){{4,5}}|[A-HJ-NP-Za-hj-np-z0-9]{{4}}[挂学警港澳领])(?![A-Za-z0-9])"
    r"|[A-Za-z]([0-9]{4})应急)"
)
_PLATE_TAIL = re.compile(r"(?<=的)[，,]?后面是")


def _plates(text: str) -> Iterator[Personal]:
    for found in _PLATE.finditer(text):
        if sum(character.isdigit() for character in found[1] or found[2]) >= 3:
            yield Personal("车牌号", *found.span(), "省份简称、字母加 5 至 6 位")


_FEW = r"(?:[一二三四五六七八九十]{1,3}|\d{1,2})"
_G = r"[ \-－—,，]?"
_DASH = r"[-－—]"
_UNIT = rf"(?:(?:{_FEW}|[东西南北中甲乙丙丁A-Da-d]) ?(?:单元|门(?!面|口|前|店)))"
_LEVEL = rf"(?:(?:[顶底]|{_FEW}) ?[楼层])"
_NOT_COUNTED = r"(?![\d元米平个人年多余万吨斤名位间套处辆台口棵盏路次度分秒来左千百亩]|户(?!主)|栋|幢|号楼)"
_ROOM = (
    rf"(?:[A-Za-z]?{_DASH}?(?:\d{{1,2}}{_DASH}){{1,2}}\d{{3,4}}(?!\d)|\d{{1,2}}{_DASH}\d{{1,2}}(?![\d年月日号栋幢层楼]|{_DASH})|"
    rf"[A-Za-z]?{_DASH}?\d{{3,4}}[A-Za-z]?{_NOT_COUNTED}|\d{{1,2}}[A-Z](?![A-Za-z\d座栋区])|[一二三四五六七八九〇零]{{3,4}}(?![\u4e00-\u9fa5]*?[元米]))(?: ?[室房号](?!楼))?"
)
_MORE = rf"(?:[和、及与到至\-－—] ?{_ROOM})*"
_INSIDE = rf"(?:{_G}{_UNIT}(?:{_G}{_LEVEL})?(?:{_G}{_ROOM}{_MORE})?|{_G}(?:{_LEVEL}{_G})?{_ROOM}{_MORE})"
_DOORS = (
    re.compile(rf"[栋幢座楼#](?:(?<=[栋幢#])楼?|(?<=号楼)|(?<=[A-Za-z0-9]座))({_INSIDE})"),
    re.compile(rf"(?<![第个各每几多半\d一二三四五六七八九十])({_UNIT}(?:{_G}{_LEVEL})?{_G}{_ROOM}{_MORE})"),
    re.compile(
        rf"[区园苑城期府庭湾郡院寓里住](?:[A-Za-z]?\d{{1,3}})({_DASH}\d{{1,2}}{_DASH}\d{{3,4}}[室房]?)(?!\d)"
    ),
    re.compile(
        rf"[楼隔对房室门](?:(?<=楼)[上下]|壁|号|牌号?|(?<=对)门)[:： ]?((?:\d{{1,2}}{_DASH}){{0,2}}\d{{3,4}}{_NOT_COUNTED}[室房号]?)"
    ),
    re.compile(r"[住家](?:在|是|住|住在)?(\d{3,4}[室房])"),
    re.compile(r"号(?<=\d号)(\d{3,4}(?:[室房]|(?=[,，。；;\s]|$)))"),
)
# Dear patterns are tried only where their word stands at all.
_DOOR_HINTS = (None, re.compile(r"单元|[\d一二三四五六]门"), None, None, None, None)


def _doors(text: str) -> Iterator[Personal]:
    for hint, pattern in zip(_DOOR_HINTS, _DOORS, strict=True):
        if hint is not None and hint.search(text) is None:
            continue
        for found in pattern.finditer(text):
            yield Personal("门牌号", *found.span(1), "楼栋以下的门牌")
