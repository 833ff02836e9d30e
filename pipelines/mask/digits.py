"""Digits as people write them, folded to ASCII one for one: positions found are positions of the text."""

import re
import unicodedata

# What may break a run of digits.
GAP = r"[^0-9A-Za-z\u4e00-\u9fff〓〔〕]{0,3}"

_NUMERALS = dict(zip("零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两", "00012345678911234567892", strict=True))
NUMERALS = "".join(_NUMERALS)
_LETTER_DIGITS = {"O": "0", "o": "0", "l": "1", "I": "1"}

# Circled, bracketed and dotted digits count the items of a list as well: ①13800138000 ②…
_ITEMS = "\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u2776-\u277e\u3220-\u3228\u3280-\u3288"
_ITEM = re.compile(f"[{_ITEMS}]")
# Full-width, mathematical, Arabic and Devanagari digits.
_DIGITS = "\uff10-\uff19\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\U0001d7ce-\U0001d7ff"
_ODD_DIGIT = re.compile(f"[{_ITEMS}{_DIGITS}]")
_ODD = re.compile(f"[{_ITEMS}{_DIGITS}\uff21-\uff3a\uff41-\uff5a\uff0b\uff0d\uff0e\uff20\uff3f]")
_FOLD = {
    code: chr(code - 0xFEE0)
    for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF0B, 0xFF0D, 0xFF0E, 0xFF20, 0xFF3F)
}
_FOLD |= {
    code: str(int(unicodedata.numeric(chr(code))))
    for code in (*range(0x0660, 0x3300), *range(0xFF10, 0xFF1A), *range(0x1D7CE, 0x1D800))
    if _ODD_DIGIT.match(chr(code))
}
_FOLD_NUMERALS = {ord(numeral): digit for numeral, digit in _NUMERALS.items()}
_FOLD_LETTERS = _FOLD_NUMERALS | {ord(letter): digit for letter, digit in _LETTER_DIGITS.items()}
# A letter begins a run only where no word ends.
_SPELT_RUN = re.compile(
    rf"[0-9OolI{NUMERALS}](?:(?<=[0-9{NUMERALS}])|(?<![A-Za-z].)(?={GAP}[0-9OolI]))(?:{GAP}[0-9OolI{NUMERALS}]){{6,47}}"
)
# 139空格0731空格0452: a gap told by its name.
_SPOKEN_GAP = re.compile(rf"(?<=[0-9OolI{NUMERALS}])(?:空格|杠)(?=[0-9OolIXx{NUMERALS}])")


def fold_digits(text: str) -> str:
    """Odd digits and full-width letters as ASCII, one character for one."""
    if _ODD.search(text):
        text = text.translate(_FOLD)
    if "空格" in text or "杠" in text:
        text = _SPOKEN_GAP.sub(lambda gap: "-" * len(gap[0]), text)
    return text


def without_item_numbers(text: str) -> str:
    """The text with ①, ⑵ and their like as gaps, one character for one."""
    return _ITEM.sub("\x1f", text)


def fold_numerals(text: str) -> str:
    """Chinese numerals, and letters written for digits, as digits inside long runs of them."""
    return _SPELT_RUN.sub(_spell, text)


def _spell(run: re.Match[str]) -> str:
    digits = sum(character.isdigit() or character in _NUMERALS for character in run[0])
    return run[0].translate(_FOLD_LETTERS if digits >= 6 else _FOLD_NUMERALS)
