"""Names of private persons, told by the words around them; officials by office stay.

A name is a surname and one or two characters.  After a strong cue (我叫, 联系人：) that is
enough; after a weak one (邻居, 村民) the characters must be usual in given names and must
not begin a word of the dictionary.  A name found once is masked wherever it stands again.
"""

import re
from collections.abc import Iterator, Sequence

import rjieba

from pipelines.lexicons import shipped_list
from pipelines.personal import Personal
from pipelines.script import simplify

_COMPOUND, _SINGLE = shipped_list("surnames")
_COMPOUNDS = frozenset(_COMPOUND.split())
_COMPOUND = "|".join(sorted(_COMPOUNDS))
_SURNAMES = frozenset(_SINGLE)
_GIVEN = frozenset("".join(shipped_list("given")))
# Surnames that are everyday words as well, and mark no name by themselves.
_EVERYDAY = frozenset(
    "和于向时全任能都国方司成连从满当同家边应但各车高关对由展但来过水年别门党组支文相言如信宣计衣区单官商海路游强花荣乐安平明常易"
    "温白华金班原位权查解经初越多每其老小该本那有是楼房店客要皮"
)
# Before a title some of them are names all the same, unless they end a word: 提高, 对方, 保安.
_ENDS_A_WORD = {
    "谢": "谢感多",
    "高": "提最很较更不年身最",
    "方": "我你他己对校双各前后地官资警军卖买甲乙院园医厂多",
    "安": "保公治",
    "金": "奖租押现资基罚",
    "常": "经平日非正异",
    "白": "明黑雪",
    "温": "高低气",
    "华": "中豪才",
    "文": "语中英作",
    "水": "",
    "车": "货汽公火客轿停开校修的租快小叉吊班",
    "章": "文公",
    "单": "买简名",
    "任": "班前现主担责",
    "强": "",
    "荣": "",
    "易": "容不交",
    "花": "校",
    "乐": "音快",
    "平": "",
    "明": "",
}
_RARE = "".join(sorted(_SURNAMES - _EVERYDAY))
_USUAL = (
    "张王李刘陈杨赵黄周吴徐孙马胡朱郭何林罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余杜叶程魏吕苏卢姚谭汪贾夏付邹熊秦邱薛闫阎段侯龙贺顾"
    "毛郝龚邵钱覃戴莫孔汤丁孟雷史钟"
)

_TITLE = re.compile(
    r"(?:老师(?!傅)|师傅|医生|大夫|护士|先生|女士|小姐|太太|阿姨|叔叔|大爷|大妈|大叔|大婶|大姐|大哥|奶奶|爷爷|婆婆|嫂子|同学|教练|律师|"
    r"经理|老板|店长|房东|司机|娭毑|嗲嗲|教授|保安|会计|阿婆|阿公|老太|老头|老汉)(?![们员])"
)
_KIN_TITLE = re.compile(rf"(?<=[{_USUAL}])[姐哥叔婶嫂伯姨婆爷](?![\u4e00-\u9fa5]?[姐哥叔婶嫂伯姨婆爷])")
_OFFICE = re.compile(
    r"(?:副|总)?(?:书记|主任|市长|区长|县长|镇长|乡长|村长|局长|厅长|处长|科长|所长|站长|队长|部长|省长|州长|院长|校长|园长|主席|委员|"
    r"代表|常委|秘书长|行长|董事长|警官|法官|检察官|组长|支书|司令|参谋|总理|总统)"
)
_PRIVATE_OFFICE = re.compile(rf"(?:业委会|物业|业主委员会|培训班|中介)([{_USUAL}])(?:主任|经理|主管|总)")
_NOT_GIVEN = frozenset(
    "是的在于和与跟住说有没不也就都等同向到从来去被把给对将因为电手男女先今现身你我他她它这那些个吗呢吧了着过又再还只很太每各某"
    "什么怎样但而或及其此该所以可能会要想请求问反映投诉举报联系话号位名叫称姓人者们员师户镇县市区街道路第几两多"
)
_PLACE_FOLLOWS = re.compile(
    r"(?:家)?(?:村|路|镇|街|社区|小区|组|湾|庄|屯|乡|县|市|桥|塘|山|湖|河|江|巷|弄|沟|店|馆|超市|烧烤|饭店|酒店|大道|广场|花园|大厦|学校|中学|小学|医院|[\u4e00-\u9fa5]?[园苑府郡](?!长))"
    r"|[\u4e00-\u9fa5]{0,4}(?:公司|集团|银行|超市)"
)
_BRAND_FOLLOWS = re.compile(
    r"[路街巷村桥]|(?!在|的|给|去|来|把|不|说)[\u4e00-\u9fa5]{0,3}(?:店|馆|铺|坊|烧烤|火锅|方便面|专卖|牛肉面|米粉)"
)
_ENDS = re.compile(r"[\s，。、；;：:,.!！?？）)（(【】\]”\"]|$")

# What may stand between a cue and the name.
_FILLER = r"(?:[:：\s】\]]|[是为叫]){0,4}"
_STRONG = (
    "我叫", "我叫做", "俺叫", "她叫", "他叫", "孩子叫", "小孩叫", "本人叫", "敝人", "鄙人", "名叫", "名字", "大名", "姓名", "联系人", "投诉人", "举报人",
    "申请人", "申诉人", "反映人", "诉求人", "求助人", "求助者", "当事人", "来信人", "上访人", "收件人", "经办人", "户主", "署名", "签名", "原告", "被告",
    "法人代表", "法定代表人", "敬礼", "敬礼！", "敬礼!", "敬礼。",
)  # fmt: skip
_WEAK = (
    "本人", "邻居", "业主", "村民", "居民", "住户", "用户", "房东", "租客", "租户", "老板", "老板娘", "包工头", "店主", "司机", "员工", "职工", "学生",
    "同学", "老师", "医生", "护士", "保安", "患者", "病人", "负责人", "家长", "网格员", "志愿者", "校长", "经理", "丈夫", "妻子", "老公", "老婆", "爱人",
    "父亲", "母亲", "爸爸", "妈妈", "儿子", "女儿", "孩子", "小孩", "哥哥", "弟弟", "姐姐", "妹妹", "爷爷", "奶奶", "岳父", "岳母", "外公", "外婆", "小姐",
    "教练", "我是", "我系", "我就是", "我妻", "我夫", "我儿", "我女", "我，", "我,", "死者", "伤者", "嫌疑人", "队员", "组员", "同事", "朋友", "股东",
    "债务人", "债权人", "控制人", "男子", "女子", "名为", "五保户", "贫困户", "低保户", "网友", "师傅", "工友", "队长", "举报：我", "举报:我", "，叫", ",叫",
)  # fmt: skip
_LASTS = "".join(sorted({cue[-1] for cue in _STRONG + _WEAK}))
_CUE = re.compile(rf"[{_LASTS}]{_FILLER}(?=[{_SINGLE}{''.join(sorted({name[0] for name in _COMPOUNDS}))}])")
_LONE_CUE = re.compile(rf"[叫名人]{_FILLER}(?=[\u4e00-\u9fa5]{{2,4}}(?:[\s，。、；：:,.!！?？）)（(【】]|$))")
_DOTTED_CUE = re.compile(rf"[{_LASTS}]{_FILLER}(?=[\u4e00-\u9fa5]{{2,6}}·[\u4e00-\u9fa5]{{2}})")
_ACTS = re.compile(
    rf"(?<![\u4e00-\u9fa5])([{_RARE}][\u4e00-\u9fa5]{{1,2}}?)"
    r"(?=等人|夫妇|一家|本人|伙同|殴打|涉嫌|强占|霸占|拖欠|私自|擅自|说[，,:：]|称[，,:：]|告诉我|[，,（(]\s?[男女][，,。)）]|"
    r"的(?:妻子|丈夫|儿子|女儿|父亲|母亲|电话|手机)|是我(?:弟|哥|姐|妹|爸|妈|儿|女|父|母|妻|丈夫|老公|老婆|邻居))"
)
_SURNAMED = re.compile(rf"(?<=姓)([{_SINGLE}])(?=[的，,。、\s]|名)")
_SOMEONE = re.compile(
    rf"[{_RARE}]某(?![些种个一天处地日年月段次件栋])(?:某|人)?|[{_USUAL}](?:[×＊*]{{1,2}}|[Xx]{{1,2}}(?![A-Za-z0-9]))"
)
_FAMILIAR = re.compile(rf"[老小阿][{_USUAL}]头?")
_BEFORE_FAMILIAR = (
    "楼上", "楼下", "隔壁", "对门", "同村", "邻居", "物业", "保安", "护士", "店员", "伙计", "中介", "教练", "小姐", "保洁", "保洁员", "司机", "老板",
    "师傅", "同事", "联系", "快递", "快递员", "学的", "网格员", "收费员", "服务员", "管理员", "售货员", "营业员", "理货员", "工作人员",
)  # fmt: skip
_AFTER_FAMILIAR = re.compile(r"[，。、,.:：\s说跟和在把给他她的]")
_AFTER_JOINED = re.compile(r"因为|[一两吵打说在，,。跟和与]|家")
_STOP = "，"
_LATIN = r"[A-Z][a-z]{1,9} [A-Z][a-z]{1,11}"
_LATIN_CUE = re.compile(rf"(?:[Mm]y name is|[Nn]ame:|I am|I'm) ({_LATIN})")
_DOTTED = r"[\u4e00-\u9fa5]{2,6}·[\u4e00-\u9fa5]{2,7}"
_DOTTED_NAME = re.compile(_DOTTED)
_CONTACT = r"(?:(?:联系)?(?:电话|手机|方式|号码|tel|TEL|Tel){0,2}(?:号码?)?(?:[:：是为\s【】]){0,3})"
_BEFORE_NUMBER = re.compile(
    rf"(?:((?:{_COMPOUND}|[{_SINGLE}])\s?[\u4e00-\u9fa5]{{1,2}})(?:先生|女士|同志|老师|师傅|经理|老板)?|({_DOTTED}|{_LATIN}|(?:老|小|阿)[{_SINGLE}]))"
    rf"[\s，,、:：（(/【】]{{0,4}}{_CONTACT}$"
)
_AFTER_NUMBER = re.compile(
    rf"[\s，,、（(]{{0,3}}((?:{_COMPOUND}|[{_SINGLE}])[\u4e00-\u9fa5]{{1,2}})(?=[\s，,。；;）)]|$)"
)
_NUMBERED = frozenset({"手机号", "固定电话", "微信号", "QQ号", "身份证号", "银行卡号"})


def find_names(text: str, numbers: Sequence[Personal]) -> list[Personal]:
    """Names of private persons; `numbers` are the personal numbers already found."""
    simple = simplify(text)
    if len(simple) == len(text):
        text = simple
    found = [*_by_cue(text), *_beside_numbers(text, numbers), *_by_title(text), *_by_familiarity(text)]
    for pattern, reason in _SIMPLE:
        found += [Personal("姓名", *m.span(m.lastindex or 0), reason) for m in pattern.finditer(text)]
    if "name" in text or "I" in text:
        found += [Personal("姓名", *m.span(1), "前有“my name is”一类字样") for m in _LATIN_CUE.finditer(text)]
    return [*found, *_again(text, found)] if found else []


_SIMPLE = (
    (_SOMEONE, "姓氏加“某”或叉号"),
    (_SURNAMED, "前有“姓”字"),
    (_PRIVATE_OFFICE, "物业、业委会等的负责人"),
)


def _by_title(text: str) -> Iterator[Personal]:
    for title in _TITLE.finditer(text):
        if (start := _titled_name(text, title.start())) is not None and not _BRAND_FOLLOWS.match(
            text, title.end()
        ):
            yield Personal("姓名", start, title.start(), f"后有“{title[0]}”")
    for title in _KIN_TITLE.finditer(text):
        yield Personal("姓名", title.start() - 1, title.end(), "姓氏加长幼称呼")


def _titled_name(text: str, end: int) -> int | None:
    """Where the name before a title begins: the longest that is a name, a bare surname last."""
    for size in (4, 3, 2):
        name = text[max(0, end - size) : end]
        whole = len(name) == size and (size < 4 or name[:2] in _COMPOUNDS)
        if whole and name[0] not in _EVERYDAY and not _NOT_GIVEN & set(name[1:]) and _is_usual_name(name):
            return end - size
    if text[max(0, end - 2) : end] in _COMPOUNDS:
        return end - 2
    surname, before = text[end - 1 : end], text[max(0, end - 2) : end - 1]
    if surname not in _SURNAMES or (surname in _EVERYDAY and surname not in _ENDS_A_WORD):
        return None
    if (before and before in _ENDS_A_WORD.get(surname, "")) or before == "老":
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


def _by_cue(text: str) -> Iterator[Personal]:
    for pattern, ways in _CUED:
        for found in pattern.finditer(text):
            for cues, name_end in ways:
                cue_end = _cue_end(text, found, cues)
                if cue_end and (end := name_end(text, found.end())):
                    cue = next(cue for cue in cues if text.endswith(cue, 0, cue_end))
                    yield Personal("姓名", found.end(), end, f"前有“{cue}”")
                    break
    for act in _ACTS.finditer(text):
        if _is_usual_name(act[1], act[1] + _STOP):
            yield Personal("姓名", *act.span(1), "人名后的行为、性别或亲属")


def _cue_end(text: str, found: re.Match[str], cues: tuple[str, ...]) -> int | None:
    """Where a cue ends in the stretch found: 是 and 叫 may be part of it or stand after it."""
    return next(
        (end for end in range(found.start() + 1, found.end() + 1) if text.endswith(cues, 0, end)), None
    )


def _strong_end(text: str, start: int) -> int | None:
    """After a strong cue a surname and any characters do."""
    end = _name_end(text, start)
    surname = _surname_of(text[start : start + 2])
    if surname is None:
        return None
    sure = surname not in _EVERYDAY or (
        surname in _ENDS_A_WORD and end is not None and _ENDS.match(text, end)
    )
    return end if end and (sure or _is_usual_name(text[start:end])) else None


def _alone(text: str, start: int) -> int | None:
    """The end of two to four Hanzi between marks that the dictionary does not know."""
    found = _ALONE.match(text, start)
    if (
        found is None
        or not _ENDS.match(text, found.end())
        or _OFFICE.search(found[0])
        or _PLACE_FOLLOWS.search(found[0])
    ):
        return None
    tokens = rjieba.tag(found[0])
    known = any(len(word) > 1 and not tag.startswith(("nr", "ns", "x")) for word, tag in tokens)
    return None if known or found[0][0] in _NOT_GIVEN or found[0][-1] in "省市县区" else found.end()


_ALONE = re.compile(r"[\u4e00-\u9fa5]{2,4}")


def _weak_end(text: str, start: int) -> int | None:
    surname = _surname_of(text[start : start + 2])
    if surname is None:
        return None
    end = _name_end(text, start)
    if end is None or (surname in _EVERYDAY and not (surname in _ENDS_A_WORD and _ENDS.match(text, end))):
        return None
    return (
        end
        if text[end - 1] not in _NO_NAME_ENDS and _is_usual_name(text[start:end], text[start : start + 8])
        else None
    )


def _dotted_end(text: str, start: int) -> int | None:
    """The end of a name with a dot, as 阿依努尔·吐尔逊: its second half is one word."""
    dotted = _DOTTED_NAME.match(text, start)
    if dotted is None:
        return None
    second = text.index("·", start) + 1
    return second + max(2, len(rjieba.cut(text[second : dotted.end()])[0]))


# Where a cue may stand before a name; which cues, and where the name then ends.
_CUED = (
    (_CUE, ((_STRONG, _strong_end), (_WEAK, _weak_end))),
    (_LONE_CUE, ((_STRONG, _alone),)),
    (_DOTTED_CUE, ((_STRONG + _WEAK, _dotted_end),)),
)


def _beside_numbers(text: str, numbers: Sequence[Personal]) -> Iterator[Personal]:
    for number in numbers:
        if number.kind not in _NUMBERED:
            continue
        start = max(0, number.start - 24)
        before = _BEFORE_NUMBER.search(text[start : number.start])
        if before and (before[2] or _is_usual_name(name := before[1].replace(" ", ""), name + _STOP)):
            group = 2 if before[2] else 1
            yield Personal("姓名", start + before.start(group), start + before.end(group), "姓名后接号码")
        after = _AFTER_NUMBER.match(text, number.end)
        if after and _is_usual_name(after[1], after[1] + _STOP):
            yield Personal("姓名", *after.span(1), "号码后接姓名")


def _again(text: str, found: list[Personal]) -> Iterator[Personal]:
    """Other places where a whole name, found by a cue, stands again."""
    for name in sorted({text[span.start : span.end] for span in found if span.end - span.start >= 3}):
        if "某" not in name:
            for again in re.finditer(re.escape(name), text):
                yield Personal("姓名", *again.span(), "同一姓名再次出现")


def _surname_of(name: str) -> str | None:
    if name[:2] in _COMPOUNDS:
        return name[:2]
    return name[:1] if name[:1] in _SURNAMES else None


def _name_end(text: str, start: int) -> int | None:
    """Where the name that starts here ends; None when it is an official's, a place's or no name."""
    given = start + len(_surname_of(text[start : start + 2]) or " ")
    end = given
    for size in (2, 1):
        if (
            given + size <= len(text)
            and _HANZI.fullmatch(text, given, given + size)
            and _ENDS.match(text, given + size)
        ):
            end = given + size
            break
    while (
        end < min(given + 2, len(text)) and "\u4e00" <= text[end] <= "\u9fa5" and text[end] not in _NOT_GIVEN
    ):
        end += 1
    if (
        end == given + 2
        and text[end - 1] not in _GIVEN
        and text[given] in _GIVEN
        and not _ENDS.match(text, end)
    ):
        end -= 1
    if end == given or _OFFICE.match(text, end) or _PLACE_FOLLOWS.match(text, end):
        return None
    return end


_HANZI = re.compile(r"(?!.?[的是在了吗呢我你他她它这那])[\u4e00-\u9fa5]{1,2}")
_NO_NAME_ENDS = frozenset("城园苑府湾郡村时")


def _is_usual_name(name: str, context: str = "") -> bool:
    """Whether the characters are usual in names and the dictionary knows no other word there."""
    surname = _surname_of(name)
    given = name[len(surname) :] if surname else ""
    if not given or not all(character in _GIVEN for character in given):
        return False
    first, tag = rjieba.tag(context or name)[0]
    if len(first) == 1 or first == surname or tag.startswith("nr") or tag == "x":
        return True
    return (
        len(first) < len(name) == len(surname or "") + 2
        and context != ""
        and _ENDS.match(context, len(name)) is not None
    )
