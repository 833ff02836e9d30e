"""Accounts elsewhere that lead to a person: 抖音号, 小红书ID, 支付宝账号, a profile's address, @nickname.

What offices call themselves stays: residents name the account they were told to write to.
"""

import re
from collections.abc import Iterator
from itertools import chain

from pipelines.mask.personal import Personal

_CHINESE_NAMES = (
    "抖音", "斗音", "小红书", "小红薯", "微博", "快手", "微视", "皮皮虾", "西瓜视频", "视频号", "支付宝", "B站", "b站", "哔哩哔哩", "陌陌", "探探", "淘宝", "旺旺",
    "闲鱼", "拼多多", "京东", "美团", "钉钉", "头条", "知乎", "豆瓣", "贴吧", "电报", "推特", "脸书", "QQ音乐", "游戏", "王者荣耀", "D音", "dou音",
)  # fmt: skip
_LATIN_NAMES = (
    *("douyin", "weibo", "kuaishou", "telegram", "tg", "whatsapp"),
    *("twitter", "facebook", "instagram", "ins", "skype", "line"),
)
# Spelt like words or units, they mean a platform only before 号 or ID.
_SHORT_NAMES = ("dy", "xhs", "ks", "wb", "zfb", "tb", "红书")
# People write 抖 音 to evade a filter.
_CHINESE = "|".join(r"\s?".join(name) for name in _CHINESE_NAMES)
_LATIN = rf"(?<![A-Za-z])(?i:{'|'.join(_LATIN_NAMES)})"
_SHORT = rf"(?<![A-Za-z])(?i:{'|'.join(_SHORT_NAMES)})"
_PLATFORM = rf"(?:{_CHINESE}|{_LATIN})"
_AND = rf"(?:[、/和与及,，]?\s?{_PLATFORM}){{0,3}}"
# 户号, 订单号, 工号 are no accounts.
_LABEL = r"(?:[账帐][号户]|用户名?|主页|昵称|(?<![户单易水工票证型序车门楼卡表编件桩文])号码?|[Uu]?[Ii][Dd])"
_LABELS = rf"[^，。,;；\nA-Za-z0-9]{{0,6}}?{_LABEL}\s?{_LABEL}?"
_SAYS = r"(?:[:：是为叫@\s“”\"‘’'(（【\[]|都是|转账?给?|上?搜索?|关注|私[聊信]){0,5}"
_ID = r"(?P<id>[0-9]{3,5}(?: [0-9]{2,5}){1,3}(?![0-9A-Za-z])|\+?[A-Za-z0-9][A-Za-z0-9_.-]{3,39})"
_THEN = rf"(?P<label>{_LABELS})?(?P<says>{_SAYS}){_ID}"
# Apart, because patterns that begin with given characters are searched far faster.
_BY_CHINESE = re.compile(rf"(?:{_CHINESE}){_AND}{_THEN}")
_BY_LATIN = re.compile(rf"(?:{_LATIN}|{_SHORT}(?={_LABELS})){_AND}{_THEN}")
_ID_LIKE = re.compile(r"[A-Za-z0-9](?:[-_. ]?[A-Za-z0-9]){4}")
_SAYS_SO = re.compile(r"[:：是叫搜转@“\"]|关注|私")
_SUM_OR_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}|20\d{2}(?:[01]\d(?:[0-3]\d)?)?(?:[.-]\d.*)?|\d+\.\d+")
_COUNTED = re.compile(r"\s?[万亿千百多余]?(?:元|块|人|户|次|条|个|年|月|日|米|集|粉|单|分|楼|点|天|种|家|%)")
_NO_ID = re.compile(
    r"(?:app|iphone|ipad|android|ios|http|https|www|etc|nfc|wifi|vip|live|video|online|pro|max|plus|web)[a-z0-9.]*",
    re.I,
)
_NICKNAME = r"[\u4e00-\u9fffA-Za-z0-9_·~-]"
_BY_NAME = re.compile(
    rf"(?:{_CHINESE}){_AND}\s?的?(?:(?:[账帐]号|号|[Ii][Dd]|用户名?|昵称|名字?)\s?(?:[:：]|叫做?)|昵称|用户名|(?:用户)?[:：]?\s?@|叫)\s?@?[“\"‘']?"
    rf"(?P<id>{_NICKNAME}{{2,20}}?)(?=[\s，。,;；!！?？、）)”\"’'】\]]|$)"
)
_PROFILE = re.compile(
    r"(?:douyin\.com/(?:share/)?user/|weibo\.(?:com|cn)/(?:u/|n/|profile/)?(?=[0-9A-Za-z_]*[0-9])|xiaohongshu\.com/user/profile/|"
    r"space\.bilibili\.com/|kuaishou\.com/(?:u|profile)/|zhihu\.com/people/|tieba\.baidu\.com/home/main\?(?:un|id)=|"
    r"user\.qzone\.qq\.com/|toutiao\.com/c/user/(?:token/)?|(?:twitter|//x)\.com/|//t\.me/)(?P<id>[A-Za-z0-9_%.-]{4,100})"
)
_MENTION = re.compile(
    rf"(?<![A-Za-z0-9_.+\u4e00-\u9fff-])@(?:\{{uin:\d{{0,20}},nick:)?(?P<id>{_NICKNAME}{{2,20}})(?=[\s:：}}@]|$)"
)
# Whom a mention may name: an office, a company, a paper, or nobody in particular.
_OFFICIAL = re.compile(
    r"[局委办厅署院省市县区镇乡村]|政府|政务|发布|网警|公安|交警|消防|检察|城管|街道|社区|物业|公司|集团|银行|学校|大学|[中小]学|客服|热线|在线|"
    r"日报|晚报|早报|新闻|电视|广播|中国|管理|所有人|全体|大家|各位|楼主|版主|论坛|贴吧|官方|平台|部门|领导|书记|主任|单位|中心|12345|有关|相关|记者|媒体|供电|公交|地铁|环保|住建|直播|视频"
)
_OWN_OFFICE = re.compile(
    r"(?:(?:官方|政务|政府|本局|我局|公众|单位)[^，。,;；]{0,6}|(?:[局委办厅]|法院|检察院|街道|中心|公司|医院|学校)的?(?:微博|微信|抖音)?[:：\s]{0,2})$"
)
_NO_NICKNAME = re.compile(
    r"[\d被已没无不未怎什啥哪多可能一他她它你我是在了的]|到底|如何|请|登录|注册|注销|封|冻结|异常"
)


def find_accounts(folded: str) -> Iterator[Personal]:
    """Finds in a text whose digits and full-width letters are folded."""
    if _ID_LIKE.search(folded):
        yield from _by_id(folded)
    yield from _named(folded, _BY_NAME, "前有平台名称和“昵称”“号”一类字样")
    if "@" in folded:
        yield from _named(folded, _MENTION, "前有“@”")
    if ".com/" in folded or ".cn/" in folded or "t.me/" in folded or "/home/main" in folded:
        for found in _PROFILE.finditer(folded):
            yield Personal("账号", *found.span("id"), "个人主页的网址")


def _by_id(text: str) -> Iterator[Personal]:
    small = text.lower()
    by_latin = (
        _BY_LATIN.finditer(text) if any(name in small for name in (*_LATIN_NAMES, *_SHORT_NAMES)) else ()
    )
    for found in chain(_BY_CHINESE.finditer(text), by_latin):
        if _is_id(found, text) and not _is_official(text, found.start()):
            yield Personal("账号", *found.span("id"), "前有平台名称和“号”“ID”一类字样")


def _is_id(found: re.Match[str], text: str) -> bool:
    """Whether it is an account: any that a label announces, else what is no word, sum or date."""
    written = found["id"]
    if _NO_ID.fullmatch(written) or _COUNTED.match(text, found.end()):
        return False
    digits = sum(character.isdigit() for character in written)
    if found["label"] or _SAYS_SO.search(found["says"]):
        return len(written) >= 5 and (digits > 0 or "_" in written or len(written) >= 6)
    return len(written) >= 6 and (digits >= 2 or "_" in written) and not _SUM_OR_DATE.fullmatch(written)


def _named(text: str, pattern: re.Pattern[str], reason: str) -> Iterator[Personal]:
    for found in pattern.finditer(text):
        name = found["id"]
        if not (_NO_NICKNAME.match(name) or _OFFICIAL.search(name) or _is_official(text, found.start())):
            yield Personal("账号", *found.span("id"), reason)


def _is_official(text: str, start: int) -> bool:
    return _OWN_OFFICE.search(text[max(0, start - 12) : start]) is not None
