"""Gambling and advertising: whole posts of it, and what is injected into an honest page.

A passage is spam when it sells: words of the trade, sales talk and ways to reach the seller
together weigh enough.  All are looked for in the text as it sounds, without the signs, odd
widths and look-alike letters that hide it.  A resident who reports a gambling den uses the
words too, but complains, and seldom leaves a handle.
"""

import re
import unicodedata

from pipelines.lexicons import any_of, shipped_list
from pipelines.script import simplify

_TRADE = any_of(word.lower() for word in shipped_list("spam"))
_SALES = re.compile(
    r"包(?:过|赢|中|成功|性别|夜|运营)|稳赚|秒到|秒批|货到付款|手续费低|价格优惠|免费(?:领|看|计划|试用)|领(?:取)?(?:奖金|红包|彩金)|送彩金|"
    r"注册(?:就)?送|首[存充]|返现|提现|日[入结赚引]\d*|一手货源|工厂直销|高价收|出售|批发|招代理|诚招|一件代发|无需(?:押金|定金)|不收(?:押金|费)|"
    r"不看征信|不押车|当天放款|看人再付款|全国可做|全市上门|多劳多得|信誉老站|官方直营|官网登录|永久地址|自动发货|包搭建|带单|翻倍|回本|"
    r"爆奖|爆分|试玩|一手|代理加盟|不限车型|有意者|恭喜您?中奖|内幕消息|大秀|税点低|可查|进群|入群"
)
# Looking ahead for a first character passes over most of a text.
_HANDLE = re.compile(
    r"(?=[a-z0-9+加添微薇威信徽扣企飞电〔])(?:"
    r"[a-z0-9](?:\.(?:cc|vip|top|xyz|bet|app)|[点。](?:com|net|cc|vip))(?![a-z])|"
    r"(?:\+|加|添)?(?:微信|薇信|威信|徽信|微x|薇芯|薇|威|徽|vx|wx|v信?|扣扣?|q{1,2}|企鹅)(?:群|裙|号|同号)?[:：+]?(?:[a-z]{1,6}[-_]?\d{2,}|\d{5,}|[a-z]{2,}[a-z0-9_-]{4,})|"
    r"(?:tg|飞机号?|电报)[:：@]{1,2}[a-z0-9_]{2,}|〔(?:微信号|QQ号|qq号)〕|"
    r"(?:\+|加)(?:微|薇|威|徽|v|q|扣))"
)
_CALL = re.compile(
    r"https?://|www\.|\.(?:com|net|cn)(?![a-z])|〔(?:手机号|固定电话)〕|扫码|私聊|点我|点击|复制链接|客服|app下载|下载app|咨询热线|联系微|信同号|关注公众号"
)
_COMPLAINT = re.compile(
    r"投诉|举报|反映|有人|赌博|招嫖|卖淫|怂恿|广告|查处|取缔|打击|严打|严查|整治|清理|受骗|被骗|上当|诈骗|骗了|骗子|骗局|跑路|报警|报案|派出所|公安|警方|恳请|希望|请问|建议|"
    r"扰民|监管|怎么办|怎么[报用]|管一?管|不管|没人|求助|拉黑|骚扰|小广告|影响|不给|不兑现|要求赔偿|合理吗|真的吗|能不能|提现不了|业主|物业|交房|想咨询|催收"
)
_PASSAGE = re.compile(r"[^\n。！？!?|｜]+[\n。！？!?|｜]*")
_SAID = re.compile(r"[^\W_]+")
_LOOKALIKES = str.maketrans("亰傢❤♥➕➉＋⑩", "京家xx++++", "*＊·•~～^")
_LOOKALIKE = re.compile("[亰傢❤♥➕➉*·•~^\u2460-\u24ff＊＋．＠０-９Ａ-Ｚａ-ｚ\U0001d400-\U0001d7ff]")
_LEAST_REST = 12
_ENOUGH = 3


def is_spam(text: str) -> bool:
    """Whether nothing of substance is left once injected advertising is taken out."""
    text = simplify(text)
    rest = strip_injected(text)
    return rest != text and (len(rest.strip()) < _LEAST_REST or len(rest) * 2 < len(text))


def strip_injected(text: str) -> str:
    """The text, which is in simplified characters, without its gambling and advertising passages."""
    folded = _folded(text)
    weight = _weight(folded)
    if not weight:
        return text
    if weight >= _ENOUGH and not _complains(folded):
        return "".join(passage for passage in _PASSAGE.findall(text) if not _weight(_folded(passage)))
    return "".join(passage for passage in _PASSAGE.findall(text) if not _sells(_folded(passage)))


def _sells(folded: str) -> bool:
    return _weight(folded) >= _ENOUGH and not _complains(folded)


def _complains(folded: str) -> bool:
    return _COMPLAINT.search("".join(folded.split())) is not None


def _weight(folded: str) -> int:
    """How much a text sells; 0 when it names no trade and makes no offer."""
    said = "".join(_SAID.findall(folded))
    trade, sales = set(_TRADE.findall(said)), set(_SALES.findall(said))
    if not trade and not sales:
        return 0
    plain = "".join(folded.split())
    reach = 2 * (_HANDLE.search(plain) is not None) + (_CALL.search(plain) is not None)
    if not reach and len(trade) < _ENOUGH:
        return 0
    return min(len(trade), 3) + min(len(sales), 2) + reach


def _folded(text: str) -> str:
    """The text in one width and case, with look-alikes undone."""
    if _LOOKALIKE.search(text):
        text = unicodedata.normalize("NFKC", text.translate(_LOOKALIKES))
    return text.lower()
