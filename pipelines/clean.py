"""Text as the models read it: one script, one width, no furniture.

The original is kept elsewhere; what `clean_text` returns is for analysis only.
"""

import html
import re
import unicodedata
from functools import cache

from pipelines.lexicons import shipped_list
from pipelines.script import simplify
from pipelines.spam import is_spam, strip_injected

__all__ = ["clean_text", "is_spam", "strip_injected"]

_PASSES = 6

# Chinese punctuation stays full-width: it is the form the models know.
_ODD = [
    *range(0xFF03, 0xFF08),
    0xFF0A,
    0xFF0B,
    *range(0xFF0D, 0xFF1A),
    *range(0xFF1C, 0xFF1F),
    *range(0xFF20, 0xFF5E),
]
_WIDTH = {chr(code): chr(code - 0xFEE0) for code in _ODD}
_WIDTH |= {
    chr(code): unicodedata.normalize("NFKC", chr(code))
    for code in (*range(0xF900, 0xFB00), *range(0x2F00, 0x2FD6))
}
_WIDTH |= {"\u3000": " ", "\u00a0": " ", "\u0085": "\n", "\u2028": "\n", "\u2029": "\n"}

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]+"
)
# Without characters beyond 16 bits a class is a table, which is soon looked up; most texts hold none of these.
_UNUSUAL = re.compile("[^\n\r\t -~\u00a0-\u00ac\u2010-\u2027\u2030-\u205e\u2100-\ud7ff\uff01-\uffee]")
_ODD_WIDTH = re.compile(
    "[\u0085\u00a0\u2028\u2029\u2f00-\u2fd5\u3000\uf900-\ufaff\uff03-\uff07\uff0a\uff0b\uff0d-\uff19\uff1c-\uff1e\uff20-\uff5d]"
)
_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]{0,300}|!--[^<>]{0,300}--)>")
_BBCODE = re.compile(
    r"\[/?(?:quote|b|i|u|url|img|color|size|font|align|attach|hide|media)(?:=[^\[\]]{0,200})?\]", re.I
)
_QUOTE = re.compile(r"\[quote[^\[\]]{0,100}\][^\[\]]{0,2000}\[/quote\]", re.I)
_URL = re.compile(r"(?:(?:https?|ftp)://|www\.)[!-;=?-Z\\^-~]+", re.I)
_SMILEY_CODE = re.compile(
    r"\{:\d{1,4}_\d{1,5}:\}|\[(?:em|s|smiley|face|emot)[:=_]?\d{1,5}\]|\[/?表情\d{0,5}\]|/::[)(~BDPTOXQG|*$@-]"
)
_MENTION = re.compile(
    r"@\{uin:\d{0,20},nick:[^{}]{0,60}\}|//@[^\s:：@]{1,30}[:：]|(?:回复|转发)\s{0,2}@[^\s:：@]{1,30}[:：]"
)
_REMAINS = re.compile(
    r"本帖最后由[^\n]{1,60}?编辑|^[^\n]{0,40}发表于\s{0,2}\d{4}-\d{1,2}-\d{1,2}[ \d:]{0,10}"
    r"|^回复\s{0,2}(?:第?\d{1,6}[楼#]|#\d{1,6})[^\n]{0,30}?(?:的帖子|[:：])|^[-—_ ]{0,10}(?:发自|来自|发送自)(?:我的)?\s{0,2}[^\n，。！？]{0,20}"
    r"(?:客户端|手机版?|iPhone|iPad|安卓|Android|论坛APP|APP)[ \d.]{0,10}$",
    re.I | re.M,
)
# Each of the remains holds one of these; looking for them is far cheaper.
_SIGNS_OF_REMAINS = ("本帖最后由", "发表于", "回复", "发自", "来自", "发送自")
_LEADERS = "领导|书记|市长|区长|县长|局长|镇长|主任|省长|州长|部门|同志|工作人员|政府|各位"
_PAUSE = r"[\s，,：:！!。、]{0,4}"
_GREETING = re.compile(
    rf"(?:(?<=[\s。！？!?.])|^)(?:(?:尊敬|敬爱)的?(?:[\u4e00-\u9fa5A-Z0-9]{{0,12}}?(?:{_LEADERS})){{1,4}}们?{_PAUSE}(?:(?:您|你|大家)们?好{_PAUSE})?"
    rf"|(?:[\u4e00-\u9fa5]{{0,4}}(?:{_LEADERS})们?[\s，,：:]{{0,3}})?(?:您|你)们?好(?=[\s，,：:！!。])[\s，,：:！!。]{{1,4}})++"
)
_CLOSING = re.compile(
    r"(?:感谢|谢谢)?(?:您|你|领导)?们?(?:能够|能)?(?:在|于)?百忙之中[^\n，。！？!?]{0,16}[，。！!]?|此致[\s，,。！!]{0,6}敬礼[！!。]?"
)
_SPACES = re.compile(r"[ \t\r]{2,}|\t|\r")
_LINES = re.compile(r" ?\n[ \n]*")


def clean_text(text: str) -> str:
    """Simplified, one width, smilies as `[word]`, no links, greetings, quotes, injected
    advertising or unseen characters.

    Cleaning a cleaned text changes nothing.
    """
    for _ in range(_PASSES):
        cleaned = _clean_once(text)
        if cleaned == text:
            break
        text = cleaned
    return text


def _clean_once(text: str) -> str:
    text = _seen(text)
    if "&" in text:
        text = _seen(html.unescape(text))
    text = _ODD_WIDTH.sub(lambda odd: _WIDTH[odd[0]], text)
    text = _drop_furniture(strip_injected(simplify(text)))
    text = _smilies_to_words(text)
    if "敬" in text or "您好" in text or "你好" in text or "们好" in text:
        text = _GREETING.sub(" ", text)
    if "百忙" in text or "此致" in text:
        text = _CLOSING.sub(" ", text)
    return _tidy(text)


def _seen(text: str) -> str:
    return _UNSEEN.sub("", text) if _UNUSUAL.search(text) else text


def _drop_furniture(text: str) -> str:
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "[" in text or "{" in text or "/:" in text:
        text = _BBCODE.sub(" ", _SMILEY_CODE.sub(" ", _QUOTE.sub(" ", text)))
    if "@" in text:
        text = _MENTION.sub(" ", text)
    if "://" in text or "www." in text.lower():
        text = _URL.sub(" ", text)
    return _REMAINS.sub(" ", text) if any(sign in text for sign in _SIGNS_OF_REMAINS) else text


def _tidy(text: str) -> str:
    if "  " in text or "\t" in text or "\r" in text:
        text = _SPACES.sub(" ", text)
    return (_LINES.sub("\n", text) if "\n" in text else text).strip()


@cache
def _smiley_words() -> dict[str, str]:
    """Each emoji or text smiley -> its word."""
    words: dict[str, str] = {}
    for line in shipped_list("emoji"):
        *signs, word = line.split()
        for sign in signs:
            parts = [sign] if sign.isascii() else [character for character in sign if character.isprintable()]
            words |= dict.fromkeys(parts, f"[{word}]")
    return words


_EMOJI = re.compile(
    "[\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
)
# A pattern that begins with a class of characters is searched far faster.
_HAS_TEXT_SMILEY = re.compile(
    r"[\^_>=T;:Q-](?:(?<=[\^_>=T;-])[._-]{1,2}[\^<=T;-]|(?<=:)[-)(D]|(?<=Q)AQ|(?<=\^)[o_-]?\^)"
)


@cache
def _text_smilies() -> re.Pattern[str]:
    signs = [sign for sign in _smiley_words() if sign.isascii()]
    return re.compile(
        "|".join(re.escape(sign) for sign in sorted(signs, key=lambda sign: (-len(sign), sign)))
    )


def _smilies_to_words(text: str) -> str:
    text = _EMOJI.sub(_smiley_word, text)
    return _text_smilies().sub(_smiley_word, text) if _HAS_TEXT_SMILEY.search(text) else text


def _smiley_word(found: re.Match[str]) -> str:
    return _smiley_words().get(found[0], " ")
