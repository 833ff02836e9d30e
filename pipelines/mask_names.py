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

_COMPOUND, _SINGLE = shipped_list("surnames")
_COMPOUNDS = frozenset(_COMPOUND.split())
_SURNAME = f"(?:{'|'.join(sorted(_COMPOUNDS))}|[{_SINGLE}])"
_GIVEN = frozenset("".join(shipped_list("given")))
# Surnames that are everyday words as well, and mark no name by themselves.
_EVERYDAY = (
    "和于向时全任能都国方司成连从满当同家边应但各车高关对由展但来过水年别门党组支文相言如信宣计衣区单官商海路游强花荣乐安平明常易"
    "温白华金班原位权花查解应经初越多每其老小该本那有是"
)
_RARE = "".join(sorted(set(_SINGLE) - set(_EVERYDAY)))
_USUAL = "张王李刘陈杨赵黄周吴徐孙马胡朱郭何林罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余杜叶程魏吕苏卢姚谭汪贾夏付邹熊秦邱薛闫阎段侯龙贺顾毛郝龚邵钱覃戴莫孔汤"

_TITLE = (
    "老师|师傅|医生|大夫|护士|先生|女士|小姐|太太|阿姨|叔叔|大爷|大妈|大叔|大婶|大姐|大哥|奶奶|爷爷|婆婆|嫂子|同学|教练|律师|"
    "经理|老板|店长|房东|司机|娭毑|嗲嗲|教授|保安|会计|阿婆|阿公|姐姐|哥哥"
)
_OFFICE = re.compile(
    r"(?:副|总)?(?:书记|主任|市长|区长|县长|镇长|乡长|村长|局长|厅长|处长|科长|所长|站长|队长|部长|省长|州长|院长|校长|园长|主席|委员|"
    r"代表|常委|秘书长|行长|董事长|警官|法官|检察官|组长|支书|司令|参谋|总理|总统)"
)
_NOT_GIVEN = frozenset(
    "是的在于和与跟住说有没不也就都等同向到从来去被把给对将因为电手男女先今现身你我他她它这那些个吗呢吧了着过又再还只很太每各某"
    "什么怎样但而或及其此该所以可能会要想请求问反映投诉举报联系话号位名叫称姓人者们员师户镇县市区街道路第几两多少"
)
_PLACE_FOLLOWS = re.compile(
    r"(?:家)?(?:村|路|镇|街|社区|小区|组|湾|庄|屯|乡|县|市|桥|塘|山|湖|河|江|巷|弄|店|馆|超市|烧烤|饭店|酒店|大道|广场|花园|大厦|学校|中学|小学|医院)"
    r"|[\u4e00-\u9fa5]{0,4}(?:公司|集团|银行|超市)"
)
_STRONG = re.compile(
    r"(?:我(?:的名字|姓名|名)?叫(?:做)?|我的名字是|本人(?:叫|姓名)|名叫|名字(?:是|叫)|姓名|联系人|投诉人|举报人|申请人|申诉人|反映人|当事人|来信人|"
    r"上访人|求助人|收件人|经办人|户主|署名|原告|被告|法人代表|法定代表人)(?:姓名)?(?:[:：\s]|是|为|叫){0,4}"
    rf"(?={_SURNAME})"
)
_WEAK = re.compile(
    r"(?:邻居|业主|村民|居民|住户|房东|租客|租户|老板娘?|包工头|店主|司机|员工|职工|学生|同学|老师|医生|护士|保安|患者|病人|负责人|"
    r"经理|丈夫|妻子|老公|老婆|爱人|父亲|母亲|爸爸|妈妈|儿子|女儿|孩子|小孩|哥哥|弟弟|姐姐|妹妹|爷爷|奶奶|岳父|岳母|外公|外婆|"
    r"本人|我是|我妻|我夫|我儿|我女|死者|伤者|嫌疑人|队员|组员|同事|朋友|股东|债务人|债权人|控制人|男子|女子|名为|户|网友|师傅|工友|队长)"
    rf"(?:是|叫|[:：\s]){{0,2}}(?=(?:{'|'.join(sorted(_COMPOUNDS))}|[{_RARE}]))"
)
_ACTS = re.compile(
    rf"(?<![\u4e00-\u9fa5])([{_USUAL}][\u4e00-\u9fa5]{{1,2}}?)"
    r"(?=等人|夫妇|一家|本人|伙同|殴打|涉嫌|强占|霸占|拖欠|私自|擅自|说[，,:：]|称[，,:：]|告诉我|[，,（(]\s?[男女][，,。)）]|的(?:妻子|丈夫|儿子|女儿|父亲|母亲|电话|手机))"
)
_TITLED = re.compile(rf"({'|'.join(sorted(_COMPOUNDS))}|[{_RARE}])([\u4e00-\u9fa5]{{0,2}}?)({_TITLE})(?!们)")
_SURNAMED = re.compile(rf"(?<=姓)([{_SINGLE}])(?=[的，,。、\s]|名)")
_SOMEONE = re.compile(
    rf"[{_RARE}]某(?![些种个一天处地日年月段次件栋])(?:某|人)?|[{_USUAL}](?:[×＊*]{{1,2}}|[Xx]{{1,2}}(?![A-Za-z0-9]))"
)
_FAMILIAR = re.compile(
    r"(?<![\u4e00-\u9fa5])(?:老|小|阿)[张王李刘陈赵吴徐郭罗郑韩董曹邓蒋蔡贾魏薛潘谭廖邹](?=[，。、,.:：\s说跟和在把给他她的])"
)
_BEFORE_PHONE = re.compile(
    rf"({_SURNAME}[\u4e00-\u9fa5]{{1,2}})(?:先生|女士|同志|老师|师傅|经理|老板)?[\s，,、:：（(/]{{0,3}}"
    r"(?:(?:联系)?(?:电话|手机|方式|号码|tel|TEL|Tel){0,2}(?:号码?)?(?:[:：是为\s]){0,3})$"
)
_NUMBERED = frozenset({"手机号", "固定电话", "微信号", "QQ号", "身份证号", "银行卡号"})


def find_names(text: str, numbers: Sequence[Personal]) -> list[Personal]:
    """Names of private persons; `numbers` are the personal numbers already found."""
    found = [*_by_cue(text), *_before_phones(text, numbers), *_by_title(text)]
    found += [Personal("姓名", *m.span(), "姓氏加“某”或叉号") for m in _SOMEONE.finditer(text)]
    found += [Personal("姓名", *m.span(), "熟人称呼") for m in _FAMILIAR.finditer(text)]
    found += [Personal("姓名", *m.span(), "前有“姓”字") for m in _SURNAMED.finditer(text)]
    return [*found, *_again(text, found)] if found else []


def _by_title(text: str) -> Iterator[Personal]:
    for found in _TITLED.finditer(text):
        if not found[2] or _is_usual_name(found[1] + found[2]):
            yield Personal("姓名", found.start(1), found.end(2), f"姓氏加称呼“{found[3]}”")


def _by_cue(text: str) -> Iterator[Personal]:
    for cue in _STRONG.finditer(text):
        start = cue.end()
        end = _name_end(text, start)
        if end and (text[start] not in _EVERYDAY or _is_usual_name(text[start:end])):
            yield Personal("姓名", start, end, f"前有“{cue[0].strip()}”")
    for cue in _WEAK.finditer(text):
        start = cue.end()
        end = _name_end(text, start)
        if end and _is_usual_name(text[start:end], text[start : start + 8]):
            yield Personal("姓名", start, end, f"前有“{cue[0].strip()}”")
    for act in _ACTS.finditer(text):
        if _is_usual_name(act[1]):
            yield Personal("姓名", *act.span(1), "人名后的行为或性别")


def _before_phones(text: str, numbers: Sequence[Personal]) -> Iterator[Personal]:
    for number in numbers:
        if number.kind not in _NUMBERED:
            continue
        start = max(0, number.start - 16)
        found = _BEFORE_PHONE.search(text[start : number.start])
        if found and _is_usual_name(found[1]):
            yield Personal("姓名", start + found.start(1), start + found.end(1), "姓名后接号码")


def _again(text: str, found: list[Personal]) -> Iterator[Personal]:
    """Other places where a whole name, found by a cue, stands again."""
    for name in sorted({text[span.start : span.end] for span in found if span.end - span.start >= 3}):
        if "某" not in name:
            for again in re.finditer(re.escape(name), text):
                yield Personal("姓名", *again.span(), "同一姓名再次出现")


def _name_end(text: str, start: int) -> int | None:
    """Where the name that starts here ends; None when it is an official's, a place's or no name."""
    given = start + (2 if text[start : start + 2] in _COMPOUNDS else 1)
    end = given
    while (
        end < min(given + 2, len(text)) and "\u4e00" <= text[end] <= "\u9fa5" and text[end] not in _NOT_GIVEN
    ):
        end += 1
    if end == given + 2 and text[end - 1] not in _GIVEN and text[given] in _GIVEN:
        end -= 1
    if end == given or _OFFICE.match(text, end) or _PLACE_FOLLOWS.match(text, end):
        return None
    return end


def _is_usual_name(name: str, context: str = "") -> bool:
    """Whether the characters are usual in names and the dictionary knows no other word there."""
    given = name[2:] if name[:2] in _COMPOUNDS and len(name) > 2 else name[1:]
    if not given or not all(character in _GIVEN for character in given):
        return False
    first, tag = rjieba.tag(context or name)[0]
    if len(first) == 1:
        return context == "" or first not in _EVERYDAY
    return tag.startswith("nr") or tag == "x"
