"""Digits as people write them, folded to ASCII one for one: positions found are positions of the text."""

import re
import unicodedata

# What may break a run of digits.
GAP = r"[^0-9A-Za-z\u4e00-\u9fff〓〔〕]{0,3}"

_NUMERALS = dict(zip("零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两", "00012345678911234567892", strict=True))
NUMERALS = "".join(_NUMERALS)
_LETTER_DIGITS = {"O": "0", "o": "0", "l": "1", "I": "1"}

# Full-width, circled, bracketed, mathematical, Arabic and Devanagari digits.
_ODD_DIGIT = re.compile(
    "[\uff10-\uff19\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u2460-\u2468\u2474-\u247c\u24ea\u24f5-\u24fd\u2776-\u277e"
    "\U0001d7ce-\U0001d7ff]"
)
_ODD = re.compile(
    "[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff0b\uff0d\uff20\uff3f\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u2460-\u24fd"
    "\u2776-\u277e\U0001d7ce-\U0001d7ff]"
)
_FOLD = {
    code: chr(code - 0xFEE0)
    for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF0B, 0xFF20, 0xFF3F, 0xFF0D)
}
_FOLD |= {
    code: str(unicodedata.digit(chr(code)))
    for code in (*range(0x0660, 0x3000), *range(0xFF10, 0xFF1A), *range(0x1D7CE, 0x1D800))
    if _ODD_DIGIT.match(chr(code))
}
_FOLD_NUMERALS = {ord(numeral): digit for numeral, digit in _NUMERALS.items()}
_FOLD_LETTERS = _FOLD_NUMERALS | {ord(letter): digit for letter, digit in _LETTER_DIGITS.items()}
_SPELT_RUN = re.compile(
    rf"(?:[lIOo](?=[0-9OolI{NUMERALS}]{{6}})|[0-9{NUMERALS}])(?:{GAP}[0-9{NUMERALS}]|[OolI](?=[0-9OolI{NUMERALS}]|\b)){{6,47}}"
)


def fold_digits(text: str) -> str:
    """Odd digits and full-width letters as ASCII, one character for one."""
    return text.translate(_FOLD) if _ODD.search(text) else text


def fold_numerals(text: str) -> str:
    """Chinese numerals, and letters written for digits, as digits inside long runs of them."""
    return _SPELT_RUN.sub(_spell, text)


def _spell(run: re.Match[str]) -> str:
    digits = sum(character.isdigit() or character in _NUMERALS for character in run[0])
    return run[0].translate(_FOLD_LETTERS if digits >= 7 else _FOLD_NUMERALS)
