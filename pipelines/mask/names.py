"""Names of private persons, told by the words around them; officials by office stay.

By a cue before them (name_cues.py), a title or a number beside them, or as familiar names.
A name found once is masked wherever it stands again.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from pipelines.mask.bare_names import find_bare_names
from pipelines.mask.name_cues import DOTTED, STOP, find_by_cue
from pipelines.mask.personal import Personal
from pipelines.mask.surnames import (
    COMPOUND,
    COMPOUNDS,
    ENDS_A_WORD,
    EVERYDAY,
    HISTORIC,
    NOT_GIVEN,
    OFTEN_A_NAME,
    RARE,
    SINGLE,
    SURNAMES,
    TITLE,
    USUAL,
    is_known_name,
    is_usual_name,
)
from pipelines.script import RARE_HANZI, simplify

# 同志 is no office: a resident is called so too.  Those whom set phrases name stand.
_COMRADE = re.compile(r"同志(?!们|为核心|[路街巷村桥])")
_BEFORE_COMRADE = re.compile(r"(?:^|[^\u4e00-\u9fa5]|[请给由向和与转让找的])$")
_KIN_TITLE = re.compile(rf"[姐哥叔婶嫂伯姨婆爷](?<=[{USUAL}].)(?![\u4e00-\u9fa5]?[姐哥叔婶嫂伯姨婆爷])")
_NUMBERED_SON = re.compile(rf"老[二三四五六七八](?<=[{USUAL}]..)")
_PRIVATE_OFFICE = re.compile(rf"(?:业委会|物业|业主委员会|培训班|中介)([{USUAL}])(?:主任|经理|主管|总)")
_BRAND_FOLLOWS = re.compile(
    r"[路街巷村桥]|(?!在|的|给|去|来|把|不|说)[\u4e00-\u9fa5]{0,3}(?:店|馆|铺|坊|烧烤|烤[鱼肉]|火锅|方便面|专卖|牛肉面|米粉)"
)
_SURNAMED = re.compile(rf"(?<=姓)({COMPOUND}|[{SINGLE}])(?=[的，,。、\s]|名)")
_SOMEONE = re.compile(
    rf"[{RARE}]某(?![些种个一处地日年月段次件栋]|天(?!天))(?:某|人)?|[{USUAL}](?:[×＊*]{{1,2}}|[Xx]{{1,2}}(?![A-Za-z0-9]))"
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
_WHO = r"(?:[，,、\s]{0,2}(?:[男女]性?|[\u4e00-\u9fa5]{1,3}族|\d{1,3}岁)){0,3}"
_CONTACT = r"(?:(?:联系)?(?:电话|手机|方式|号码|tel|TEL|Tel|身份证|微信|QQ|卡号|账号){0,2}(?:号码?)?(?:[:：是为\s【】]){0,3})"
_CALLED = rf"[{USUAL}][工总姐哥叔姨]"
_BEFORE_NUMBER = re.compile(
    rf"(?:(?P<sure>{DOTTED}|{_LATIN}|(?:老|小|阿)[{SINGLE}]|{_CALLED}|(?:(?<=联系人)|(?<=联系人[:：\s]))[{RARE}])"
    rf"|(?P<name>(?:{COMPOUND}|[{SINGLE}])\s?[\u4e00-\u9fa5]{{1,2}})(?:先生|女士|同志|老师|师傅|经理|老板)?)"
    rf"{_WHO}[\s，,、:：（(/【】]{{0,4}}{_CONTACT}$"
)
_AFTER_NUMBER = re.compile(
    rf"[\s，,、（(]{{0,3}}(?:(?:联系|找|问)\s?)?({_CALLED}|(?:{COMPOUND}|[{SINGLE}])[\u4e00-\u9fa5]{{1,2}})(?=[\s，,。；;）)]|$)"
)
# Behind an everyday word they end a place or an office: 白沙路, 安全热线.
_NO_NAME_ENDS = frozenset("路街巷村镇乡县市区店馆站线处局所队部院校桥")
_NUMBERED = frozenset({"手机号", "固定电话", "微信号", "QQ号", "身份证号", "银行卡号"})


def find_names(text: str, numbers: Sequence[Personal], *, note: bool = False) -> list[Personal]:
    """Names of private persons; `numbers` are the personal numbers already found, a `note` is of staff."""
    simple = simplify(text)
    if len(simple) == len(text):
        text = simple
    if _RARE_HANZI.search(text):
        text = _RARE_HANZI.sub("喆", text)
    found = [
        *find_by_cue(text),
        *_beside_numbers(text, numbers),
        *_by_title(text),
        *_by_familiarity(text),
        *_signed(text),
        *find_bare_names(text, short=note),
    ]
    for signs, pattern, reason in _SIMPLE:
        if any(sign in text for sign in signs):
            found += [Personal("姓名", *m.span(m.lastindex or 0), reason) for m in pattern.finditer(text)]
    if "name" in text or "I" in text:
        found += [Personal("姓名", *m.span(1), "前有“my name is”一类字样") for m in _LATIN_CUE.finditer(text)]
    if not found:
        return []
    found += _listed(text, found)
    return [*found, *_again(text, found)]


# 王𠮷祥, 李㛃: rare characters stand in names, and no pattern knows them; 喆 stands for each of them.
_RARE_HANZI = re.compile(RARE_HANZI)
# Looking for a sign that each of them holds is far cheaper.
_SIMPLE = (
    ("某×＊*Xx", _SOMEONE, "姓氏加“某”或叉号"),
    ("姓", _SURNAMED, "前有“姓”字"),
    ("任理管总", _PRIVATE_OFFICE, "物业、业委会等的负责人"),
)


def _by_title(text: str) -> Iterator[Personal]:
    for title in TITLE.finditer(text):
        if (start := _titled_name(text, title.start())) is not None and not _BRAND_FOLLOWS.match(
            text, title.end()
        ):
            yield Personal("姓名", start, title.start(), f"后有“{title[0]}”")
    for title in _COMRADE.finditer(text):
        if (start := _called_comrade(text, title.start())) is not None:
            yield Personal("姓名", start, title.start(), "后有“同志”")
    for title in chain(_KIN_TITLE.finditer(text), _NUMBERED_SON.finditer(text)):
        if not _BRAND_FOLLOWS.match(text, title.end()):
            yield Personal("姓名", title.start() - 1, title.end(), "姓氏加长幼称呼")


def _called_comrade(text: str, end: int) -> int | None:
    """Where a name before 同志 begins, as in 王强同志, 小王同志; a bare surname only where no word ends with it."""
    if familiar := _FAMILIAR.fullmatch(text, max(0, end - 2), end):
        return familiar.start()
    if (start := _titled_name(text, end)) is None:
        return None
    if end - start > 1:
        return None if text[start:end] in HISTORIC else start
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
    if not ("\u4e00" <= before <= "\u9fa5") and (
        surname in _OPENS or (surname in _OPENS_BEFORE and _COMES.match(text, end))
    ):
        return end - 1
    if surname not in SURNAMES or (surname in EVERYDAY and surname not in ENDS_A_WORD):
        return None
    if (before and before in ENDS_A_WORD.get(surname, "")) or before in ("老", surname):
        return None
    return end - 1


# Everyday words that are surnames before a title where a clause opens; 向, 于 only where the person acts.
_OPENS = OFTEN_A_NAME - frozenset("于向连关")
_OPENS_BEFORE = frozenset("于向应")
_COMES = re.compile(
    r"[\u4e00-\u9fa5]{2}(?:来电|来访|致电|您好|你好|家住|住在|自称|名下|辱骂|殴打|骂人|打人|态度)"
)


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
        start = max(0, number.start - 32)
        before = _BEFORE_NUMBER.search(text[start : number.start])
        if before and (before["sure"] or _is_name(before["name"].replace(" ", ""))):
            group = "sure" if before["sure"] else "name"
            yield Personal("姓名", start + before.start(group), start + before.end(group), "姓名后接号码")
        after = _AFTER_NUMBER.match(text, number.end)
        if after and (
            re.fullmatch(_CALLED, after[1]) or (after[1][0] not in EVERYDAY and _is_name(after[1]))
        ):
            yield Personal("姓名", *after.span(1), "号码后接姓名")


def _is_name(name: str) -> bool:
    if name[0] in EVERYDAY and name[-1] in _NO_NAME_ENDS:
        return False
    return is_usual_name(name, name + STOP) or is_known_name(name, name + STOP)


def _listed(text: str, found: list[Personal]) -> Iterator[Personal]:
    """Names that stand beside one found with a 、 between."""
    if "、" not in text:
        return
    # Each walks only as far as the next that is found: of a long list every name is.
    starts, ends = {span.start for span in found}, {span.end for span in found}
    for start in sorted(starts):
        while (less := _LESS.search(text, max(0, start - 6), start)) and less.start(1) not in starts:
            if not is_usual_name(less[1], less[1] + STOP):
                break
            start = less.start(1)
            starts.add(start)
            yield Personal("姓名", *less.span(1), "姓名前并列的姓名")
    for end in sorted(ends):
        while (more := _MORE.match(text, end)) and more.end(1) not in ends:
            if not is_usual_name(more[1], more[1] + STOP):
                break
            end = more.end(1)
            ends.add(end)
            yield Personal("姓名", *more.span(1), "姓名后并列的姓名")


def _signed(text: str) -> Iterator[Personal]:
    """The writer's name at the end, beside the date or on a line of its own."""
    end_of_text = text[-60:]
    found = _SIGNED.search(end_of_text) if "年" in end_of_text or "20" in end_of_text else None
    if found is None:
        return
    name = found["name"] or found["dated"]
    start = len(text) - len(end_of_text) + found.start("name" if found["name"] else "dated")
    if not NOT_GIVEN & set(name) and is_usual_name(name, name + STOP):
        yield Personal("姓名", start, start + len(name), "文末署名")


_OWN_NAME = rf"(?:{COMPOUND}|[{RARE}])[\u4e00-\u9fa5]{{1,2}}"
_NUMERAL = r"[\d〇零○一二三四五六七八九]"
_DATE = rf"{_NUMERAL}{{4}}\s?[年.\-/]\s?[\d一二三四五六七八九十]{{1,3}}\s?[月.\-/]\s?[\d一二三四五六七八九十]{{1,3}}\s?[日号]?"
_LESS = re.compile(rf"(?:^|[、，。；：,;\s（(被与和及跟对让给由把是])({_OWN_NAME})、$")
_MORE = re.compile(rf"、({_OWN_NAME})(?=[、，。；：,;\s（(等])")
_SIGNED = re.compile(
    rf"(?:[\s。！!，,](?P<name>{_OWN_NAME})\s{{0,20}}{_DATE}|{_DATE}\s{{1,20}}(?P<dated>{_OWN_NAME}))\s{{0,9}}$"
)


def _again(text: str, found: list[Personal]) -> Iterator[Personal]:
    """Other places where a whole name, found by a cue, stands again."""
    for name in sorted({text[span.start : span.end] for span in found if span.end - span.start >= 3}):
        if "某" not in name:
            for again in re.finditer(re.escape(name), text):
                yield Personal("姓名", *again.span(), "同一姓名再次出现")
