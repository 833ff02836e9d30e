"""Gambling and advertising: whole posts of it, and what is injected into an honest page.

A passage is spam when it sells: words of the trade *and* a way to reach the seller, or
many words of the trade close together.  A resident who reports a gambling den uses the
words too, but complains, and seldom leaves a link.
"""

import re

from pipelines.lexicons import shipped_list
from pipelines.script import simplify

_TRADE = re.compile("|".join(map(re.escape, sorted(shipped_list("spam"), key=len, reverse=True))))
_REACH = re.compile(
    r"https?://|www\.|\.(?:com|net|cc|vip|top|xyz|cn)\b|<a\s|\[url|(?:加|\+)\s?(?:微信|薇信|威信|vx|v信|q|扣)|q群|qq[:：]?\s?\d|"
    r"(?:微信|薇信|vx|客服|咨询热线)[:：]?\s?[\w-]{5,}|点击(?:进入|注册|下载)|扫码|私聊|代理加盟",
    re.I,
)
_COMPLAINT = re.compile(
    r"投诉|举报|反映|查处|取缔|打击|严查|整治|受骗|被骗|上当|诈骗|骗子|报警|报案|派出所|公安|警方|恳请|希望|请问|建议|扰民|监管|怎么办|管一管"
)
_PASSAGE = re.compile(r"[^\n。！？!?|｜]+[\n。！？!?|｜]*")
_LEAST_REST = 12


def is_spam(text: str) -> bool:
    """Whether nothing of substance is left once injected advertising is taken out."""
    text = simplify(text)
    if _TRADE.search(text) is None:
        return False
    rest = strip_injected(text)
    return rest != text and (len(rest.strip()) < _LEAST_REST or len(rest) * 2 < len(text))


def strip_injected(text: str) -> str:
    """The text without its gambling and advertising passages."""
    if _TRADE.search(text) is None:
        return text
    if _sells(text) and _COMPLAINT.search(text) is None:
        return "".join(
            p for p in _PASSAGE.findall(text) if _TRADE.search(p) is None and _REACH.search(p) is None
        )
    return "".join(passage for passage in _PASSAGE.findall(text) if not _sells(passage))


def _sells(passage: str) -> bool:
    words = {word.lower() for word in _TRADE.findall(passage)}
    if not words or _COMPLAINT.search(passage):
        return False
    return len(words) >= 3 or (_REACH.search(passage) is not None)
