"""Names that no cue tells: 王建国家违建, 追究潘平安敲诈.

A usual surname and given name that stand where a person does: where a clause or a person opens, and
before what only people do, or a mark.  Leaders by office, places and brands stay, as everywhere.
"""

import re
from collections.abc import Iterator

import rjieba

from pipelines.mask.personal import Personal
from pipelines.mask.surnames import (
    COMPOUNDS,
    GIVEN,
    HISTORIC,
    NOT_GIVEN,
    OFFICE,
    PLACE_FOLLOWS,
    TITLE,
    USUAL,
    is_usual_name,
)

_SURNAMES = USUAL + "沈崔廖姜尹邢葛樊庞倪聂翟詹耿俞阮柯裴霍涂祝"
# 东方明珠 is a place far oftener than a name.
_COMPOUNDS = sorted(COMPOUNDS - {"东方"})
# First a character that begins a surname, for which a text is searched far faster than for surnames.
_BEGINS = "".join(sorted({name[0] for name in _COMPOUNDS} | set(_SURNAMES)))
_REST = "|".join(f"(?<={name[0]}){name[1:]}" for name in _COMPOUNDS)
_GIVEN = "".join(sorted(GIVEN - NOT_GIVEN))
_LAST = "".join(
    sorted(GIVEN - NOT_GIVEN - set("村镇城园苑府湾郡湖山河江桥路街岭坝坪塘店楼门洲泉溪海林家冲大顶长官游"))
)
_DOES = (
    r"等?(?:\d+|[一二两三四五六七八九十]+)[人户]|等[人户]|、|家(?!村|庄|屯|湾|坝|桥|园|乐|岭|山|具|居|电|装|庭|坪|河|塘|冲|垅|老屋)|夫妇|夫妻|丈夫|妻子|"
    r"儿子|女儿|孩子|小孩|父|母|一家|本人|个人|户(?!籍|型|外)|称|说|反映|表示|投诉|举报|信访|上访|来访|来电|再次|多次|已故|酒后|要求|请求|讨|违[建章法规]|"
    r"占[道地用]|强占|霸占|养|砍|殴打|辱骂|打人|私|擅自|拒|同意|不同意|不服|承诺|签|所[发述称诉]|发[帖文]|低保|五保|宅基地|危房|医疗|工伤|案|纠纷|与|的|闹|欠|"
    r"索|起诉|谈|沟通|见面|核实|入学|开[店设]|经营|故意|敲诈|诈骗|涉嫌|接访|住|在|已|未|[\s，。；;：:,.!！?？”\"）)】]|$"
)
_FULL = re.compile(rf"[{_BEGINS}](?:{_REST}|(?<=[{_SURNAMES}]))[{_GIVEN}][{_LAST}](?={_DOES})")
_SHORT = re.compile(rf"[{USUAL}][{_LAST}](?={_DOES})")
_OPENS = re.compile(
    r"(?:^|[\s，。、；;：:,.!！?？“”\"（(【/与同和跟向系为由对找请给替代约见及至转]|联系|回访|答复|告知|通知|走访|劝返|关于|经查|反映|查明|发帖人|"
    r"工作人员|法人|老赖|人[是有]|一人|家访|收到|认为|受理|处理|涉及|追究|陷害|拘留|控告|起诉)$"
)
# The dictionary has them as names; residents and staff write them as words.
_WORDS = frozenset((
    "黄金周", "龙卷风", "杜鹃花", "张家界", "段时间", "田园诗", "陈列室", "唐三彩", "黄果树", "黄花鱼", "马赛克", "丁香花", "马兰花", "曾祖父", "罗汉松",
    "夏常服", "雷峰塔", "杨柳青", "叶黄素", "马拉松", "罗布泊", "莫斯科", "王朝", "雷达", "黄石", "胡子", "叶子", "周转", "孙子", "罗田", "林立",
    "王子", "陈列", "朱红", "秦汉", "杜绝", "苏军", "史诗", "谢恩", "黄龙", "林子", "林木", "杨柳", "杜鹃", "周旋", "田野", "李子", "钱财",
    "汪洋", "张罗", "徐徐", "张扬", "周全", "毛发", "罗汉", "雷霆", "许诺", "许昌", "王权", "黄牛", "唐诗", "周详", "雷雨", "熊熊", "苏醒",
    "梁柱", "龙凤", "段子", "丁香", "雷鸣", "杨树", "黄铜", "毛竹", "马兰", "陈年", "钟爱", "马达", "宋词", "钱庄", "胡琴", "胡桃", "汤圆",
    "曾孙", "顾盼", "田庄", "杨梅", "黄杨", "汤水", "龙虎", "贺信", "曾祖", "余杭", "邵阳", "龙洞", "龙岩", "贺礼", "秦淮", "孔洞", "余裕",
    "胡杨", "黄岩", "贺词", "余晖", "黄梅", "黄叶", "余震", "余波", "丁克", "田亮", "杨浦", "苏绣",
))  # fmt: skip


def find_bare_names(text: str, *, short: bool) -> list[Personal]:
    """Finds in a text of simplified characters; `short`: names of two characters too, as staff write them."""
    spans = [span for pattern in ((_FULL, _SHORT) if short else (_FULL,)) for span in _spans(pattern, text)]
    if not spans:
        return []
    officials = _beside_offices(text)
    return [
        Personal("姓名", start, end, "常见姓名，后面是人的行为或标点")
        for start, end in spans
        if text[start:end] not in officials
    ]


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    place = 0
    while found := pattern.search(text, place):
        place = found.start() + 1
        if _stands_for_a_person(text, *found.span()):
            yield found.span()


def _stands_for_a_person(text: str, start: int, end: int) -> bool:
    if _OPENS.search(text[max(0, start - 5) : start]) is None:
        return False
    if TITLE.match(text, start + 1) or OFFICE.match(text, start + 1):
        return False
    if PLACE_FOLLOWS.match(text, end) and not text.startswith("沟通", end):
        return False
    return _is_name(text[start:end], text[start : end + 4])


def _beside_offices(text: str) -> set[str]:
    """What stands beside an office anywhere in the text: an official is one also where only the name stands."""
    beside = set()
    for office in OFFICE.finditer(text):
        after = office.end() + (text[office.end() : office.end() + 1] in (":", "：", "、"))
        for size in (2, 3, 4):
            beside |= {text[max(0, office.start() - size) : office.start()], text[after : after + size]}
    return beside


def _is_name(name: str, context: str) -> bool:
    if name in _WORDS or name in HISTORIC:
        return False
    word, tag = rjieba.tag(context)[0]
    if 1 < len(word) <= len(name) and word not in COMPOUNDS and not tag.startswith("nr"):
        return False
    return is_usual_name(name, name + "，")
