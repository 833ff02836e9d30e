"""Names of private persons, told by the words around them; officials by office stay.

By a cue before them (name_cues.py), a title or a number beside them, or as familiar names.
A name found once is masked wherever it stands again.
"""

import re
from collections.abc import Iterator, Sequence

from pipelines.mask.name_cues import DOTTED, STOP, find_by_cue
from pipelines.mask.personal import Personal
from pipelines.mask.surnames import (
    COMPOUND,
    COMPOUNDS,
    ENDS_A_WORD,
    EVERYDAY,
    NOT_GIVEN,
    RARE,
    SINGLE,
    SURNAMES,
    USUAL,
    is_usual_name,
)
from pipelines.script import simplify

_TITLE = re.compile(
    r"(?:老师(?!傅)|师傅|医生|大夫|护士|先生|女士|小姐|太太|阿姨|叔叔|大爷|大妈|大叔|大婶|大姐|大哥|奶奶|爷爷|婆婆|嫂子|同学|教练|律师|"
    r"经理|老板|店长|房东|司机|娭毑|嗲嗲|教授|保安|会计|阿婆|阿公|老太|老头|老汉)(?![们员])"
)
# 同志 is no office: a resident is called so too.  Those whom set phrases name stand.
_COMRADE = re.compile(r"同志(?!们|为核心|[路街巷村桥])")
_BEFORE_COMRADE = re.compile(r"(?:^|[^\u4e00-\u9fa5]|[请给由向和与转让找的])$")
_HISTORIC = frozenset(
    ["毛泽东", "周恩来", "刘少奇", "朱德", "邓小平", "江泽民", "胡锦涛", "习近平", "雷锋", "焦裕禄"]
)
_KIN_TITLE = re.compile(rf"[姐哥叔婶嫂伯姨婆爷](?<=[{USUAL}].)(?![\u4e00-\u9fa5]?[姐哥叔婶嫂伯姨婆爷])")
_PRIVATE_OFFICE = re.compile(rf"(?:业委会|物业|业主委员会|培训班|中介)([{USUAL}])(?:主任|经理|主管|总)")
_BRAND_FOLLOWS = re.compile(
    r"[路街巷村桥]|(?!在|的|给|去|来|把|不|说)[\u4e00-\u9fa5]{0,3}(?:店|馆|铺|坊|烧烤|火锅|方便面|专卖|牛肉面|米粉)"
)
_SURNAMED = re.compile(rf"(?<=姓)([{SINGLE}])(?=[的，,。、\s]|名)")
_SOMEONE = re.compile(
    rf"[{RARE}]某(?![些种个一天处地日年月段次件栋])(?:某|人)?|[{USUAL}](?:[×＊*]{{1,2}}|[Xx]{{1,2}}(?![A-Za-z0-9]))"
)
_FAMILIAR = re.compile(rf"[老小阿][{USUAL}]头?")
_BEFORE_FAMILIAR = (
    "楼上", "楼下", "隔壁", "对门", "同村", "邻居", "物业", "保安", "护士", "店员", "伙计", "中介", "教练", "小姐", "保洁", "保洁员", "司机", "老板",
    "师傅", "同事", "联系", "快递", "快递员", "学的", "网格员", "收费员", "服务员", "管理员", "售货员", "营业员", "理货员", "工作人员",
)  # fmt: skip
_AFTER_FAMILIAR = re.compile(r"[，。、,.:：\s说跟和在把给他她的]")
_AFTER_JOINED = re.compile(r"因为|[一两吵打说在，,。跟和与]|家")
_LATIN = r"[A-Z][a-z]{1,9} [A-Z][a-z]{1,11}"
_LATIN_CUE = re.compile(rf"(?:[Mm]y name is|[Nn]ame:|I am|I'm) ({_LATIN})")
_CONTACT = r"(?:(?:联系)?(?:电话|手机|方式|号码|tel|TEL|Tel){0,2}(?:号码?)?(?:[:：是为\s【】]){0,3})"
_BEFORE_NUMBER = re.compile(
    rf"(?:((?:{COMPOUND}|[{SINGLE}])\s?[\u4e00-\u9fa5]{{1,2}})(?:先生|女士|同志|老师|师傅|经理|老板)?|({DOTTED}|{_LATIN}|(?:老|小|阿)[{SINGLE}]))"
    rf"[\s，,、:：（(/【】]{{0,4}}{_CONTACT}$"
)
_AFTER_NUMBER = re.compile(
    rf"[\s，,、（(]{{0,3}}((?:{COMPOUND}|[{SINGLE}])[\u4e00-\u9fa5]{{1,2}})(?=[\s，,。；;）)]|$)"
)
_NUMBERED = frozenset({"手机号", "固定电话", "微信号", "QQ号", "身份证号", "银行卡号"})


def find_names(text: str, numbers: Sequence[Personal]) -> list[Personal]:
    """Names of private persons; `numbers` are the personal numbers already found."""
    simple = simplify(text)
    if len(simple) == len(text):
        text = simple
    found = [*find_by_cue(text), *_beside_numbers(text, numbers), *_by_title(text), *_by_familiarity(text)]
    for signs, pattern, reason in _SIMPLE:
        if any(sign in text for sign in signs):
            found += [Personal("姓名", *m.span(m.lastindex or 0), reason) for m in pattern.finditer(text)]
    if "name" in text or "I" in text:
        found += [Personal("姓名", *m.span(1), "前有“my name is”一类字样") for m in _LATIN_CUE.finditer(text)]
    return [*found, *_again(text, found)] if found else []


# Looking for a sign that each of them holds is far cheaper.
_SIMPLE = (
    ("某×＊*Xx", _SOMEONE, "姓氏加“某”或叉号"),
    ("姓", _SURNAMED, "前有“姓”字"),
    ("任理管总", _PRIVATE_OFFICE, "物业、业委会等的负责人"),
)


def _by_title(text: str) -> Iterator[Personal]:
    for title in _TITLE.finditer(text):
        if (start := _titled_name(text, title.start())) is not None and not _BRAND_FOLLOWS.match(
            text, title.end()
        ):
            yield Personal("姓名", start, title.start(), f"后有“{title[0]}”")
    for title in _COMRADE.finditer(text):
        if (start := _called_comrade(text, title.start())) is not None:
            yield Personal("姓名", start, title.start(), "后有“同志”")
    for title in _KIN_TITLE.finditer(text):
        yield Personal("姓名", title.start() - 1, title.end(), "姓氏加长幼称呼")


def _called_comrade(text: str, end: int) -> int | None:
    """Where a name before 同志 begins, as in 王强同志, 小王同志; a bare surname only where no word ends with it."""
    if familiar := _FAMILIAR.fullmatch(text, max(0, end - 2), end):
        return familiar.start()
    if (start := _titled_name(text, end)) is None:
        return None
    if end - start > 1:
        return None if text[start:end] in _HISTORIC else start
    return start if _BEFORE_COMRADE.search(text[max(0, start - 1) : start]) else None


def _titled_name(text: str, end: int) -> int | None:
    """Where the name before a title begins: the longest that is a name, a bare surname last."""
    for size in (4, 3, 2):
        name = text[max(0, end - size) : end]
        whole = len(name) == size and (size < 4 or name[:2] in COMPOUNDS)
        if whole and name[0] not in EVERYDAY and not NOT_GIVEN & set(name[1:]) and is_usual_name(name):
            return end - size
    if text[max(0, end - 2) : end] in COMPOUNDS:
        return end - 2
    surname, before = text[end - 1 : end], text[max(0, end - 2) : end - 1]
    if surname not in SURNAMES or (surname in EVERYDAY and surname not in ENDS_A_WORD):
        return None
    if (before and before in ENDS_A_WORD.get(surname, "")) or before == "老":
        return None
    return end - 1


def _by_familiarity(text: str) -> Iterator[Personal]:
    """老王, 小李: with a cue before them, between two such, or before a word that tells of a person."""
    for found in _FAMILIAR.finditer(text):
        start, end = found.span()
        cued = text.endswith(_BEFORE_FAMILIAR, 0, start) and text[end : end + 1] not in ("区", "吃", "路")
        alone = text[start + 1] in _SAFE_FAMILIAR and not text[max(0, start - 1) : start].isalpha()
        joined = text.endswith(("跟", "和", "与", "找"), 0, start) and _AFTER_JOINED.match(text, end)
        if cued or joined or (alone and _AFTER_FAMILIAR.match(text, end)) or _FAMILIAR.match(text, end + 1):
            yield Personal("姓名", start, end, "熟人称呼")


_SAFE_FAMILIAR = frozenset("张王李刘陈赵吴徐郭罗郑韩董曹邓蒋蔡贾魏薛潘谭廖邹")


def _beside_numbers(text: str, numbers: Sequence[Personal]) -> Iterator[Personal]:
    for number in numbers:
        if number.kind not in _NUMBERED:
            continue
        start = max(0, number.start - 24)
        before = _BEFORE_NUMBER.search(text[start : number.start])
        if before and (before[2] or is_usual_name(name := before[1].replace(" ", ""), name + STOP)):
            group = 2 if before[2] else 1
            yield Personal("姓名", start + before.start(group), start + before.end(group), "姓名后接号码")
        after = _AFTER_NUMBER.match(text, number.end)
        if after and is_usual_name(after[1], after[1] + STOP):
            yield Personal("姓名", *after.span(1), "号码后接姓名")


def _again(text: str, found: list[Personal]) -> Iterator[Personal]:
    """Other places where a whole name, found by a cue, stands again."""
    for name in sorted({text[span.start : span.end] for span in found if span.end - span.start >= 3}):
        if "某" not in name:
            for again in re.finditer(re.escape(name), text):
                yield Personal("姓名", *again.span(), "同一姓名再次出现")
