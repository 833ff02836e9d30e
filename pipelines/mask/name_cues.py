"""Names told by the words before them: 我叫, 联系人：, 邻居, 业主.

After a strong cue a surname is enough; after a weak one the characters must be usual in
given names and must not begin a word of the dictionary.
"""

import re
from collections.abc import Callable, Iterator

import rjieba

from pipelines.mask.personal import Personal
from pipelines.mask.surnames import (
    COMPOUND,
    COMPOUNDS,
    ENDS,
    ENDS_A_WORD,
    EVERYDAY,
    NOT_GIVEN,
    OFFICE,
    PLACE_FOLLOWS,
    RARE,
    SINGLE,
    is_usual_name,
    name_end,
    surname_of,
)

# What may stand between a cue and the name.
_FILLER = r"(?:[:：\s】\]]|[是为叫]){0,4}"
_STRONG = frozenset((
    "我叫", "我叫做", "俺叫", "她叫", "他叫", "孩子叫", "小孩叫", "本人叫", "敝人", "鄙人", "名字", "姓名", "联系人", "投诉人", "举报人",
    "申请人", "申诉人", "反映人", "诉求人", "求助人", "求助者", "当事人", "来信人", "上访人", "收件人", "经办人", "户主", "署名", "签名", "原告", "被告",
    "发帖人", "来电人", "留言人", "法人代表", "法定代表人", "敬礼", "敬礼！", "敬礼!", "敬礼。", "户名", "落款", "具报人", "上报人", "反应人", "信访人", "名叫",
))  # fmt: skip
_KIN = frozenset((
    "丈夫", "妻子", "老公", "老婆", "爱人", "父亲", "母亲", "爸爸", "妈妈", "儿子", "女儿", "孩子", "小孩", "哥哥", "弟弟", "姐姐", "妹妹", "爷爷", "奶奶",
    "岳父", "岳母", "外公", "外婆", "我妻", "我夫", "我儿", "我女", "我爸", "我妈", "我爹", "我娘", "我哥", "我弟", "我姐", "我妹", "其子", "其女", "其妻",
    "其夫", "其父", "其母", "长子", "次子", "长女", "次女", "养子", "养女", "继父", "继母", "儿媳", "媳妇", "女婿", "侄子", "侄女", "外甥", "外甥女", "孙子",
    "孙女", "外孙", "堂哥", "堂弟", "堂姐", "堂妹", "表哥", "表弟", "表姐", "表妹", "嫂子", "姐夫", "妹夫", "舅舅", "舅妈", "姑姑", "姑父", "姨妈", "叔叔",
    "伯父", "伯母", "公公", "婆婆", "配偶", "前夫", "前妻",
))  # fmt: skip
_WEAK = _KIN | frozenset((
    "本人", "邻居", "业主", "村民", "居民", "住户", "用户", "房东", "租客", "租户", "老板", "老板娘", "包工头", "店主", "司机", "员工", "职工", "学生",
    "同学", "老师", "医生", "护士", "保安", "患者", "病人", "负责人", "家长", "网格员", "志愿者", "校长", "经理", "小姐",
    "教练", "我是", "我系", "我就是", "我，", "我,", "死者", "伤者", "嫌疑人", "队员", "组员", "同事", "朋友", "股东",
    "债务人", "债权人", "控制人", "男子", "女子", "名为", "五保户", "贫困户", "低保户", "网友", "师傅", "工友", "队长", "致电", "回访", "举报：我", "举报:我", "，叫", ",叫",
    "检举人", "控告人", "上诉人", "执笔人", "大名", "叫做", "自称", "驾驶员", "驾驶人", "车主", "摊主", "乘客", "顾客", "管理员", "服务员", "收费员", "售票员", "辅导员",
    "护士长", "党员", "战友", "农民工", "残疾人", "五保老人", "家属", "同村", "同村的", "被害人", "受害人", "执行人", "出租人", "承租人", "借款人", "担保人", "保证人", "监护人", "委托人", "代理人",
    "继承人", "买受人", "产权人", "收款人", "付款人", "持卡人", "参保人", "寄件人", "发件人", "签收人", "肇事者", "肇事人", "承包人",
))  # fmt: skip
# 儿子叫刘浩然: such a cue needs no usual characters where the name ends at a mark.
_CALLED = frozenset(cue + "叫" for cue in _KIN)
# 控告人：章酮, as in a form.
_STRONG |= {cue + colon for cue in _WEAK if cue[-1] == "人" for colon in ":："}
_ANY = _STRONG | _WEAK
_LASTS = "".join(sorted({cue[-1] for cue in _ANY}))
_SURNAME = f"[{SINGLE}{''.join(sorted({name[0] for name in COMPOUNDS}))}]"
# What stands before the last character of a cue rules out three of four other words.
_BEFORE_LASTS = "".join(sorted({cue[-2] for cue in _ANY | _CALLED}))
_CUE = re.compile(rf"[{_LASTS}](?<=[{_BEFORE_LASTS}].){_FILLER}(?={_SURNAME})")
_LONE_CUE = re.compile(rf"[叫名人]{_FILLER}(?=[\u4e00-\u9fa5]{{2,4}}(?:[\s，。、；：:,.!！?？）)（(【】]|$))")
_DOTTED_CUE = re.compile(rf"[{_LASTS}]{_FILLER}(?=[\u4e00-\u9fa5]{{2,6}}·[\u4e00-\u9fa5]{{2}})")
_ACTS = re.compile(
    rf"([{RARE}](?<![\u4e00-\u9fa5].)[\u4e00-\u9fa5]{{1,2}}?)"
    r"(?=等人|执笔|[（(](?:19|20)\d\d[年.]|[，,]\s?\d\d岁|夫妇|一家|本人|伙同|殴打|涉嫌|强占|霸占|拖欠|私自|擅自|来电|来访|来信|说[，,:：]|称[，,:：]|告诉我|[，,（(]\s?[男女][，,。)）]|"
    r"的(?:妻子|丈夫|儿子|女儿|父亲|母亲|电话|手机)|是我(?:弟|哥|姐|妹|爸|妈|儿|女|父|母|妻|丈夫|老公|老婆|邻居))"
)
DOTTED = r"[\u4e00-\u9fa5]{2,6}·[\u4e00-\u9fa5]{2,7}"
_DOTTED_NAME = re.compile(DOTTED)
STOP = "，"
# Cues by their last character.
_Cues = dict[str, tuple[str, ...]]
_Way = tuple[_Cues, Callable[[str, int], int | None]]


def _after_cue(text: str, found: re.Match[str], ways: tuple[_Way, ...]) -> Personal | None:
    for cues, ends_at in ways:
        cue = _cue_in(text, found, cues)
        if cue and (end := ends_at(text, found.end())):
            return Personal("姓名", found.end(), end, f"前有“{cue}”")
    return None


def _by_last(cues: frozenset[str]) -> _Cues:
    return {last: tuple(sorted(cue for cue in cues if cue[-1] == last)) for last in {cue[-1] for cue in cues}}


def find_by_cue(text: str) -> Iterator[Personal]:
    """Names after a cue, or before what only a person does."""
    for sign, pattern, cues, ways in _CUED:
        for found in pattern.finditer(text) if sign in text else ():
            if _cue_in(text, found, cues) and (span := _after_cue(text, found, ways)):
                yield span
    for act in _ACTS.finditer(text):
        if is_usual_name(act[1], act[1] + STOP):
            yield Personal("姓名", *act.span(1), "人名后的行为、性别或亲属")


def _cue_in(text: str, found: re.Match[str], cues: _Cues) -> str | None:
    """The first cue that ends in the stretch found: 是 and 叫 may be part of it or stand after it."""
    for end in range(found.start() + 1, found.end() + 1):
        possible = cues.get(text[end - 1])
        if possible and text.endswith(possible, 0, end):
            return next(cue for cue in possible if text.endswith(cue, 0, end))
    return None


def _strong_end(text: str, start: int) -> int | None:
    """After a strong cue a surname and any characters do; where no mark is near, not another word."""
    if spaced := _spaced_end(text, start):
        return spaced
    end = name_end(text, start)
    surname = surname_of(text[start : start + 2])
    if surname is None or end is None:
        return None
    usual = is_usual_name(text[start:end], text[start : start + 8])
    if _PLACE_GOES_ON.match(text, end) and not usual:
        return None
    marked = text[start - 1] in ":：叫是 " or ENDS.match(text, end) is not None
    if surname not in EVERYDAY:
        word, tag = ("", "") if marked or usual else rjieba.tag(text[start : start + 8])[0]
        return None if len(word) > 1 and tag.startswith(_DOINGS) else end
    sure = surname in ENDS_A_WORD and ENDS.match(text, end)
    return end if sure or (marked and is_usual_name(text[start:end])) else None


def _spaced_end(text: str, start: int) -> int | None:
    """The end of a name written with gaps, as 吴 建 军 or 龙 飞."""
    found = _SPACED.match(text, start)
    return None if found is None or NOT_GIVEN & set(found[0]) else found.end()


_SPACED = re.compile(rf"[{RARE}](?:[ \u3000][\u4e00-\u9fa5]){{1,2}}(?=[^ \u3000\u4e00-\u9fa5]|的|$)")


def _called_end(text: str, start: int) -> int | None:
    """The end of a surname and one or two characters before a mark, where no other word begins."""
    found = _BEFORE_MARK.match(text, start)
    if found is None or NOT_GIVEN & set(found[1]) or PLACE_FOLLOWS.search(found[1]):
        return None
    first, tag = rjieba.tag(found[0])[0]
    return found.end() if len(first) == 1 or first in COMPOUNDS or tag.startswith("nr") else None


_BEFORE_MARK = re.compile(rf"(?:{COMPOUND}|[{RARE}])([\u4e00-\u9fa5]{{1,2}})(?={ENDS.pattern})")


def _alone(text: str, start: int) -> int | None:
    """The end of two to four Hanzi between marks that the dictionary does not know."""
    found = _ALONE.match(text, start)
    if (
        found is None
        or not ENDS.match(text, found.end())
        or OFFICE.search(found[0])
        or PLACE_FOLLOWS.search(found[0])
    ):
        return None
    tokens = rjieba.tag(found[0])
    known = any(len(word) > 1 and not tag.startswith(("nr", "ns", "x")) for word, tag in tokens)
    return None if known or found[0][0] in NOT_GIVEN or found[0][-1] in "省市县区" else found.end()


_ALONE = re.compile(r"[\u4e00-\u9fa5]{2,4}")


def _weak_end(text: str, start: int) -> int | None:
    surname = surname_of(text[start : start + 2])
    if surname is None:
        return None
    if spaced := _spaced_end(text, start):
        return spaced
    end = name_end(text, start)
    if end is None or (surname in EVERYDAY and not _is_name_all_the_same(text, start, end)):
        return None
    if (
        text[end - 1] in _ENDS_NO_NAME
        or _PLACE_GOES_ON.match(text, end)
        or not is_usual_name(text[start:end], text[start : start + 8])
        or _is_done(text[start:end])
    ):
        return None
    return end


def _is_name_all_the_same(text: str, start: int, end: int) -> bool:
    """Whether what begins with an everyday word is a name: only before a mark, 高明 or 向雨涵 but not 向政府."""
    if not ENDS.match(text, end):
        return False
    word, tag = rjieba.tag(text[start:end])[0]
    if text[start] in ENDS_A_WORD:
        return True
    return text[start] in "向于时" and end - start == len(word) == 3 and tag.startswith("nr")


def _is_done(name: str) -> bool:
    """Whether the dictionary takes it for what people do or are: 幸福, 曾经."""
    word, tag = rjieba.tag(name)[0]
    return word == name and tag.startswith(_DOINGS)


# Tags of adjectives, adverbs, idioms and verbs.
_DOINGS = ("a", "d", "i", "v")


# 业主梅溪城, 业主何时: places and words, not names.
_ENDS_NO_NAME = frozenset("城园苑府湾郡村时湖")
_PLACE_GOES_ON = re.compile(
    r"堆|[^住在家是于来因有买到去把被对和与同上读今\W]{0,3}(?:小区|社区|中学|小学|广场|花园|家园|公寓|[湖湾苑城府郡]|[0-9一二三四五六七]期)"
)


def _dotted_end(text: str, start: int) -> int | None:
    """The end of a name with a dot, as 阿依努尔·吐尔逊: its second half is one word."""
    dotted = _DOTTED_NAME.match(text, start)
    if dotted is None:
        return None
    second = text.index("·", start) + 1
    return second + max(2, len(rjieba.cut(text[second : dotted.end()])[0]))


# What the text must hold; where a cue may stand before a name; the cues; which of them, and where the name then ends.
_CUED: tuple[tuple[str, re.Pattern[str], _Cues, tuple[_Way, ...]], ...] = (
    (
        "",
        _CUE,
        _by_last(_ANY | _CALLED),
        ((_by_last(_STRONG), _strong_end), (_by_last(_WEAK), _weak_end), (_by_last(_CALLED), _called_end)),
    ),
    ("", _LONE_CUE, _by_last(_STRONG), ((_by_last(_STRONG), _alone),)),
    ("·", _DOTTED_CUE, _by_last(_ANY), ((_by_last(_ANY), _dotted_end),)),
)
