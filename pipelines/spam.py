"""Gambling and advertising: whole posts of it, and what is injected into an honest page.

A passage is spam when it sells: words of the trade, offers, sales talk and ways to reach the
seller together weigh enough.  All are looked for in the text as it sounds, without the signs,
odd widths and look-alike letters that hide it.  A resident who reports a gambling den uses
the words too, but complains, and seldom leaves a handle.
"""

import re
import unicodedata
from typing import NamedTuple

from pipelines.lexicons import any_of, shipped_list
from pipelines.script import simplify

# What only a seller says; sales talk is also heard from those who were sold something.
_OFFERS = frozenset(word.lower() for word in shipped_list("offers"))
_WORDS = any_of(_OFFERS.union(word.lower() for word in shipped_list("spam")))
_SALES = re.compile(
    r"包(?:过|赢|中|成功|性别|夜|运营)|稳赚|秒到|秒批|货到付款|手续费低|价格优惠|免费(?:领|看|计划|试用)|领(?:取)?(?:奖金|红包|彩金)|送彩金|"
    r"注册(?:就)?送|首[存充]|返现|提现|日[入结赚引]\d*|一手货源|工厂直销|高价收|出售|批发|招代理|诚招|一件代发|无需(?:押金|定金)|不收(?:押金|费)|"
    r"不看征信|不押车|当天放款|看人再付款|全国可做|全市上门|多劳多得|信誉老站|官方直营|官网登录|永久地址|自动发货|包搭建|带单|翻倍|回本|"
    r"爆奖|爆分|试玩|一手|代理加盟|不限车型|有意者|恭喜您?中奖|内幕消息|大秀|税点低|可查|进群|入群|最快.{1,4}到账|额度\d+万|日[入赚]过[百千]|先.{1,3}[后再]付|月薪\d+万"
)
# Looking ahead for a first character passes over most of a text.
_HANDLE = re.compile(
    r"(?=[a-z0-9+加添微薇威信徽扣企飞电〔])(?:"
    r"[a-z0-9](?:\.(?:cc|vip|top|xyz|bet|app)|[点。](?:com|net|cc|vip))(?![a-z])|"
    r"(?<![a-z])(?:\+|加|添)?(?:微信|薇信|威信|徽信|微x|薇芯|薇|威|徽|vx|wx|v信?|扣扣?|q{1,2}|企鹅)(?:群|裙|号|同号)?[:：+]?(?:[a-z]{1,6}[-_]?\d{2,}|\d{5,}|[a-z]{2,}[a-z0-9_-]{4,})|"
    r"(?<![a-z])(?:tg|飞机号?|电报)[:：@]{1,2}[a-z0-9_]{2,}|〔(?:微信号|QQ号|qq号)〕|"
    r"(?:\+|加)(?:我)?(?:微|薇|威|徽|v|q|扣))"
)
_CALL = re.compile(
    r"(?=[hw.〔扫私点复客ad下咨联信关微加电热专来])(?:https?://|www\.|\.(?:com|net|cn)(?![a-z])|〔(?:手机号|固定电话)〕|扫码|私聊|点我|点击|复制链接|客服|app下载|下载app|咨询热线|联系微|信同号|关注公众号|"
    r"微信(?:联系|订购|下单|咨询|领)|咨询电话|加群|加我|联系(?:qq|q|我|编辑)|(?:电话|热线|专线)[:：]?[\d*x+-]{6,}|来电)"
)
# Names that stand for nothing else: two of them, or one with a way there, are no resident's post.
_GAMBLING = re.compile(
    r"时时彩|六合彩|北京赛车|极速赛车|幸运飞艇|pk10|百家乐|老虎机|真人(?:荷官|视讯)|ag真人|bbin|赌侠|澳门赌场|新葡京|"
    r"(?:葡京|威尼斯人?|太阳城|金沙)(?:娱乐|官网|平台|赌)|娱乐场(?!所)|博彩(?:平台|网)|[体足]育?投注|开户送|送彩金"
)
# The same place or trade before word after word, for search engines: 长沙开锁 长沙换锁 长沙修锁.
_STUFFED = re.compile(r"(?<!\S)([\u4e00-\u9fff]{2})([^\s，。]{1,8})(?:[ \t]+\1(?!\2(?!\S))[^\s，。]{1,8}){3}")
_COMPLAINT = re.compile(
    r"投诉|举报|反映|赌博|招嫖|卖淫|怂恿|查处|取缔|打击|严打|严查|整治|受骗|被骗|上当|诈骗|骗了|骗子|骗局|跑路|报警|报案|派出所|公安|警方|恳请|"
    r"扰民|监管|怎么[报用]|管一?管|不管|没人|求助|拉黑|骚扰|小广告|不给|不兑现|要求赔偿|合理吗|真的吗|能不能|提现不了|交房|想咨询|催收"
)
# Said by residents, but by some advertisements too: it takes more to be one.
_DOUBT = re.compile(
    r"有人|广告(?!招商|位招)|希望|建议|请问|怎么办|影响|清理|业主|物业|感谢|谢谢|点赞(?!关注|收藏|就|员|赚)|您好|您反映|"
    r"公积金贷款|助学贷款|担保贷款|贴息|政府|社区|街道|税务局|人社局|办税"
)
_PASSAGE = re.compile(r"[^\n。！？!?|｜]+[\n。！？!?|｜]*")
_SAID = re.compile(r"[^\W_]+")
_LOOKALIKES = str.maketrans("亰傢❤♥➕➉＋⑩", "京家xx++++", "*＊·•~～^")
_LOOKALIKE = re.compile("[亰傢❤♥➕➉*·•~^\u2460-\u24ff＊＋．＠０-９Ａ-Ｚａ-ｚ]")
# A class within 16 bits, or of all beyond, is looked up ten times as fast as one of both.
_STYLED = re.compile("[^\x00-\uffff]")
_LEAST_REST = 12
_ENOUGH, _PLENTY = 3, 6


def is_spam(text: str) -> bool:
    """Whether nothing of substance is left once injected advertising is taken out."""
    text = simplify(text)
    rest = strip_injected(text)
    return rest != text and (len(rest.strip()) < _LEAST_REST or len(rest) * 2 < len(text))


def strip_injected(text: str) -> str:
    """The text, which is in simplified characters, without its gambling and advertising passages."""
    folded = _folded(text)
    if not _talk(folded).weight:
        return text
    passages = _PASSAGE.findall(text)
    if not _sells(folded):
        least = _ENOUGH + _complains(folded)  # who complains at length quotes the trade's words
        return "".join(passage for passage in passages if not _sells(_folded(passage), least))
    talks = [(passage, _talk(_folded(passage))) for passage in passages]
    honest = "".join(passage for passage, talk in talks if talk.silent)
    if len(honest) * 2 <= len(text):  # an advertisement of many short sentences
        return honest
    return "".join(passage for passage, talk in talks if not talk.weight)


class _Talk(NamedTuple):
    """How many words of a trade, offers, turns of sales talk, ways to reach somebody and names of gambling a text holds."""

    trade: int
    offers: int
    sales: int
    reach: int
    gambling: int

    @property
    def silent(self) -> bool:
        return not any(self)

    @property
    def weight(self) -> int:
        """How much it sells; 0 where words are few, and nobody can be reached or nothing is offered."""
        if self.gambling + (self.reach > 0) >= 2:
            return _PLENTY
        talk = self.offers + self.sales
        much = max(self.trade, self.offers) >= _ENOUGH
        all_told = self.trade > 0 and self.offers > 0 and self.trade + talk >= _ENOUGH
        reached = self.reach > (0 if talk else 1)
        if not (much or all_told or reached):
            return 0
        return min(self.trade, 3) + min(self.offers, 3) + min(self.sales, 2) + self.reach


def _sells(folded: str, least: int = _ENOUGH) -> bool:
    talk = _talk(folded)
    if talk.weight < least or _complains(folded):
        return False
    return talk.weight >= _PLENTY or not _DOUBT.search("".join(folded.split()))


def _complains(folded: str) -> bool:
    return _COMPLAINT.search("".join(folded.split())) is not None


def _talk(folded: str) -> _Talk:
    said = "".join(_SAID.findall(folded))
    words = set(_WORDS.findall(said))
    offers, trade = words & _OFFERS, words - _OFFERS
    sales = set(_SALES.findall(said)) - offers
    if not (trade or offers or sales):
        return _Talk(0, 0, 0, 0, 0)
    plain = "".join(folded.split())
    stuffed = 2 * (_STUFFED.search(folded) is not None)
    reach = 2 * (_HANDLE.search(plain) is not None) + (_CALL.search(plain) is not None)
    gambling = set(_GAMBLING.findall(said))
    return _Talk(len(trade), len(offers), len(sales), max(reach, stuffed), len(gambling))


def _folded(text: str) -> str:
    """The text in one width and case, with look-alikes undone."""
    if _LOOKALIKE.search(text) or _STYLED.search(text):
        text = unicodedata.normalize("NFKC", text.translate(_LOOKALIKES))
    return text.lower()
