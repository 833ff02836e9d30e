"""What is personal by its form or the word before it: e-mail, QQ, WeChat, papers, plates, doors."""

import re
from collections.abc import Iterator

from pipelines.mask.digits import fold_numerals
from pipelines.mask.personal import Personal

_ID_LIKE = re.compile(r"[A-Za-z0-9](?:[-_. ]?[A-Za-z0-9]){4}")
_SPELT_ID = re.compile(r"[零〇一二三四五六七八九幺]{5}")

_AT = r"(?:\s?@\s?|\s?[(（\[【]\s?[aA][tT]?\s?[)）\]】]\s?|\s?(?:艾特|圈[aA])\s?|#(?=(?:qq|163|126)\.)|\s[aA][tT]\s)"
_DOT = r"(?:\.|\s?点\s?|\s?[(（\[【]?dot[)）\]】]?\s?|\s?[.。]\s?(?=(?:[Cc][Oo][Mm]|[Cc][Nn]|[Nn][Ee][Tt])(?![A-Za-z0-9])))"
_PROVIDER = r"(?:qq|QQ|163|126|139|189|sina|sohu|foxmail|gmail|yeah|aliyun|hotmail|outlook)"
_EMAIL = re.compile(
    rf"(?<![A-Za-z0-9_.+-])[A-Za-z0-9][A-Za-z0-9_.+-]{{0,63}}{_AT}"
    rf"(?:[A-Za-z0-9-]{{1,63}}(?:{_DOT}[A-Za-z0-9-]{{1,63}}){{1,4}}|{_PROVIDER}(?![A-Za-z0-9]))"
)
_HAS_AT = re.compile(r"[@#圈]|艾特|[aA][tT]|[(（\[【]\s?[aA]")
_NUMBER_OF_QQ = r"[1-9](?:[ -]?[0-9]){4,11}(?![0-9])"
_OR = r"\s?(?:或者?|还有|[/、,，和])\s?"
_NUMBERS_OF_QQ = rf"{_NUMBER_OF_QQ}(?:{_OR}[1-9][0-9]{{5,10}}(?![0-9人户元万多余.])){{0,4}}"
_NUMBER_OF_GROUP = (
    r"(?!20[0-3][0-9][01][0-9][0-3][0-9](?![0-9]))[1-9](?:[ -]?[0-9]){5,10}(?![0-9人户元万多余.])"
)
_FILLER = r"[^0-9A-Za-z，。,；;\n]{0,6}?"
# A pattern that begins with a class of characters is searched for far faster: what else its first
# character must be is said by a look behind.
_QQ = re.compile(
    rf"[Qq](?<![A-Za-z].)(?:[ /]?[Qq](?:{_FILLER}|[(（][^()（）]{{0,6}}[)）])({_NUMBERS_OF_QQ})|(?![A-Za-z]){_FILLER}([1-9](?:[ -]?[0-9]){{5,11}}(?![0-9])))"
    rf"|[扣蔻球企抠](?:(?:(?<=扣)扣|(?<=蔻)蔻|(?<=球)球|(?<=企)鹅|(?<=抠)抠|(?<=[加+➕]球)){_FILLER}({_NUMBERS_OF_QQ})"
    rf"|(?:(?<=[加+]扣)|(?<![\u4e00-\u9fff]扣)[:：]|我)([1-9](?:[ -]?[0-9]){{5,11}}(?![0-9]))|(?<=扣)([1-9][0-9]{{7,10}}(?![0-9元块万分])))"
    rf"|群(?:(?:[号:：]{{1,3}}\s?|(?<=加群))({_NUMBERS_OF_QQ})"
    rf"|(?<!人群)(?:号码?)?[是为:：\s]{{0,3}}({_NUMBER_OF_GROUP}))"
    rf"|({_NUMBER_OF_QQ})(?=\s?[(（][Qq]{{2}})"
)
_NO_ID_OF_WECHAT = r"(?!公众|平台|小程序|群|支付|朋友圈)"
_HEART = r"❤(?:️)?"
_WECHAT = re.compile(
    rf"(?:[微薇威徽围葳](?:(?<=微)\s?信{_NO_ID_OF_WECHAT}(?:搜索|搜)?|(?<!微)信|(?<![围葳])(?:[Xx我]|{_HEART})|(?<![\u4e00-\u9fffA-Za-z0-9].)(?=[:：]\s?[A-Za-z0-9]|(?<!微)[A-Za-z])"
    r"|(?<=[+加➕].)(?=[:：\s]?[A-Za-z]))"
    rf"|[Vv](?:信|{_HEART}|(?<![A-Za-z].)(?:[ -]?[Xx]|(?=[号:：]))|(?<=[+加➕].)(?:️)?|我(?=[A-Za-z]))"
    r"|[Ww](?:[Ee][Ii]\s?[Xx][Ii][Nn]|[Ee][Cc][Hh][Aa][Tt]|(?<![A-Za-z].)[ -]?[Xx])"
    r"|卫星(?=号?[:：\s]?[a-z0-9])|绿泡泡)"
    r"(?:\s?号码?|ID|id|[账帐][号户])?(?:[:：是为叫\s❤️]|[(（]|搜){0,4}([A-Za-z0-9][A-Za-z0-9_.-]{4,19})"
)
_WECHAT_AFTER = re.compile(
    r"[搜加]([A-Za-z][A-Za-z0-9_-]{5,19})(?=[^A-Za-z0-9]{0,2}(?:微信|[Vv][Xx]))"
    rf"|([A-Za-z](?<![A-Za-z0-9_.-].)[A-Za-z0-9_-]{{5,19}})(?=\s?[(（](?:微信{_NO_ID_OF_WECHAT}|[Vv][Xx]))"
)
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
    if _HAS_AT.search(text):
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
    ("QQ号", _QQ, re.compile("[Qq扣蔻球抠]|企鹅|群[号码是为:：\\s0-9]")),
    ("微信号", _WECHAT, re.compile("[微薇威徽围葳]|卫星|绿泡|[VvWw]")),
    ("微信号", _WECHAT_AFTER, re.compile("[搜加(（]")),
    ("证件号", _OTHER_PAPER, re.compile("[照证卡保]")),
)


def _is_id(written: str) -> bool:
    marked = any(character.isdigit() or character in "_-" for character in written)
    return (marked or len(written) >= 6) and not _NOT_AN_ID.fullmatch(written)


_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE_GAP = r"[ \t·•・._\-–—]{0,2}"
_PLATE = re.compile(
    rf"[{_PROVINCE}]{_PLATE_GAP}(?:[A-HJ-NP-Za-hj-np-z](?:的?[，,]?后面是)?(?:{_PLATE_GAP}|[:：,，(（【])"
    rf"([A-Za-z0-9](?:{_PLATE_GAP}[A-Za-z0-9]){{4,5}}|[A-Za-z0-9]{{4}}[挂学警港澳领]|[零〇一二三四五六七八九幺]{{5,6}})(?![A-Za-z0-9])"
    r"|[A-Za-z]([0-9]{4})应急)"
)
# A plate without its province after the word; embassies and the armed police have no province.
_OTHER_PLATE = re.compile(
    r"[车牌W使领](?:(?:(?<=车)[牌号]|(?<=牌)照)(?:号码?)?[是为:：\s]{0,3}([A-HJ-NP-Z][·• -]?[A-HJ-NP-Z0-9]{5,6})"
    rf"|(?<=W)(?<![A-Za-z].)J ?([{_PROVINCE}][-· ]?[0-9]{{4,5}}[A-Z]?|[0-9]{{2}}[-· ]?[0-9]{{4,5}}[A-Z]?)"
    r"|(?<=[使领])(?:(?<![\u4e00-\u9fff].)|(?<=[车牌号照辆].))([0-9]{6})(?![万多余人户元名个位]))(?![A-Za-z0-9])"
)


def _plates(text: str) -> Iterator[Personal]:
    for found in _PLATE.finditer(text):
        if sum(character.isnumeric() for character in found[1] or found[2]) >= 3:
            yield Personal("车牌号", *found.span(), "省份简称、字母加 5 至 6 位")
    for found in _OTHER_PLATE.finditer(text):
        if sum(character.isdigit() for character in found[0]) >= 3:
            yield Personal("车牌号", *found.span(found.lastindex or 0), "车牌字样后的号码，或使馆、武警牌照")


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
# 15楼03室, 五楼西户: small numbers and sides are doors only after their floor.
_ON_FLOOR = rf"{_LEVEL}{_G}(?:{_FEW} ?[室房号户](?!楼|主|线)|[东西南北中]边?[室户])"
_MORE = rf"(?:[和、及与到至\-－—] ?{_ROOM})*"
# 单元502户 is a door, 单元120户 a count: rooms of a floor are few.
_HOUSEHOLD = r"(?:[1-9]|[1-3]\d)0[1-9]户(?![主居业人家群村住])"
_SMALL = rf"{_G}(?:{_ON_FLOOR}|{_HOUSEHOLD})"
_INSIDE = (
    rf"{_G}(?:{_UNIT}(?:{_SMALL}|(?:{_G}{_LEVEL})?(?:{_G}{_ROOM}{_MORE})?)"
    rf"|{_ON_FLOOR}|(?:{_LEVEL}{_G})?{_ROOM}{_MORE})"
)
_DOORS = (
    re.compile(rf"[栋幢座楼#](?:(?<=[栋幢#])楼?|(?<=号楼)|(?<=[A-Za-z0-9]座))({_INSIDE})"),
    re.compile(
        rf"(?<![第个各每几多半\d一二三四五六七八九十])({_UNIT}(?:{_SMALL}|(?:{_G}{_LEVEL})?{_G}{_ROOM}{_MORE}))"
    ),
    re.compile(
        rf"[区园苑城期府庭湾郡院寓里住](?:[A-Za-z]?\d{{1,3}})({_DASH}\d{{1,2}}{_DASH}\d{{3,4}}[室房]?)(?!\d)"
    ),
    re.compile(
        rf"[楼隔对房室门](?:(?<=楼)[上下]|壁|号|牌号?|(?<=对)门)[:： ]?((?:\d{{1,2}}{_DASH}){{0,2}}\d{{3,4}}{_NOT_COUNTED}[室房号]?)"
    ),
    re.compile(
        rf"({_DASH}(?<=\d.)\d{{1,2}}{_DASH}\d{{3,4}}(?:[室房]|户?(?=的?(?:业主|住户|户主|房主|租户|居民))))"
    ),
    re.compile(r"[住家](?:在|是|住|住在)?(\d{3,4}[室房])"),
    re.compile(r"号(?<=\d号)(\d{3,4}(?:[室房]|(?=[,，。；;\s]|$)))"),
)
# Dear patterns are tried only where their word stands at all.
_DOOR_HINTS = (None, re.compile(r"[元门](?:(?<=单元)|(?<=[\d一二三四五六]门))"), None, None, None, None, None)


def _doors(text: str) -> Iterator[Personal]:
    for hint, pattern in zip(_DOOR_HINTS, _DOORS, strict=True):
        if hint is not None and hint.search(text) is None:
            continue
        for found in pattern.finditer(text):
            yield Personal("门牌号", *found.span(1), "楼栋以下的门牌")
