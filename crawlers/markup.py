"""From a post's markup to its text: noise out, line breaks kept, smilies in words."""

import re
from collections.abc import Callable
from typing import TypeAlias

from lxml.etree import _Element  # type: ignore[import-untyped]
from parsel import Selector, SelectorList

Element: TypeAlias = _Element

Drop = Callable[[Element], bool]

_BLOCK = re.compile(
    "address|article|aside|blockquote|center|d[dlt]|div|fieldset|figure|footer|form|h[1-6r]|header|li|main|ol|p|pre|"
    "section|table|tr|ul"
)
_NEVER = frozenset(
    ("script", "style", "noscript", "template", "iframe", "object", "textarea", "select", "button")
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b]")
_SPACES = re.compile(r"[ \t\r\f\v\xa0\u3000]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)

# Discuz! and phpwind name their default smilies in English files without an alt text.
_SMILIES = {
    "smile": "微笑",
    "sad": "难过",
    "biggrin": "大笑",
    "cry": "哭",
    "huffy": "发怒",
    "shocked": "惊讶",
    "tongue": "吐舌头",
    "shy": "害羞",
    "titter": "偷笑",
    "sweat": "流汗",
    "mad": "抓狂",
    "lol": "哈哈",
    "loveliness": "可爱",
    "funk": "惊恐",
    "curse": "咒骂",
    "dizzy": "晕",
    "shutup": "闭嘴",
    "sleepy": "困",
    "hug": "拥抱",
    "victory": "胜利",
    "time": "时间",
    "kiss": "亲吻",
    "handshake": "握手",
    "call": "打电话",
}


def body_text(element: Element, drop: Drop) -> str:
    """The visible text below `element` without what `drop` names; one line per block or <br>."""
    parts: list[str] = []
    _write(element, drop, parts)
    lines = (_SPACES.sub(" ", line).strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def plain(text: str) -> str:
    """One line of text: spaces of all kinds collapsed, control characters out."""
    return _SPACES.sub(" ", _CONTROL.sub("", text).replace("\n", " ")).strip()


def words(places: Selector | SelectorList[Selector]) -> str:
    """The text of a place on a page, in one line; empty when there is no such place."""
    return plain(places.xpath("string()").get(""))


def by_id(place: Selector, name: str) -> SelectorList[Selector]:
    """The element of that id below a place; as CSS, every new id would be compiled anew."""
    return place.xpath(".//*[@id=$name]", name=name)


def number(text: str | None) -> int | None:
    """The first whole number in a text: "1,234" is one."""
    found = re.search(r"\d+(?:,\d{3})*", text or "")
    return int(found.group().replace(",", "")) if found else None


def key_in(pattern: re.Pattern[str], href: str) -> str | None:
    """A thread's or board's own number in an address, whichever form of it matched."""
    found = pattern.search(href)
    return next((group for group in found.groups() if group), None) if found else None


def is_hidden(element: Element) -> bool:
    return bool(_HIDDEN.search(element.get("style") or ""))


def has_class(element: Element, *names: str) -> bool:
    classes = (element.get("class") or "").split()
    return any(name in classes for name in names)


def smiley_text(image: Element) -> str:
    """`[微笑]` for a smiley, nothing for another picture."""
    source = image.get("src") or ""
    if image.get("smilieid") is None and not re.search(r"smil|emotion|face|emoji", source):
        return ""
    name = source.rsplit("/", 1)[-1].split(".")[0]
    said = _SMILIES.get(name) or plain(image.get("alt") or "").strip("[]")
    return f"[{said}]" if _CHINESE.search(said) else ""


def _write(element: Element, drop: Drop, words: list[str]) -> None:
    tag = element.tag
    if not isinstance(tag, str) or tag in _NEVER or drop(element):
        return
    if tag == "br":
        words.append("\n")
        return
    if tag == "img":
        words.append(smiley_text(element))
        return
    edge = "\n" if _BLOCK.fullmatch(tag) else " " if tag in ("td", "th") else ""
    words.append(edge)
    _add(element.text, words)
    for child in element:
        _write(child, drop, words)
        _add(child.tail, words)
    words.append(edge)


def _add(text: str | None, words: list[str]) -> None:
    if text:
        words.append(_SPACES.sub(" ", _CONTROL.sub("", text).replace("\n", " ")))
