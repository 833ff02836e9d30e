"""Characters no font at hand can show: written as their code point, never drawn as a box."""

from collections.abc import Callable

# Joiners and variation selectors only change how a neighbour looks.
_MODIFIERS = {"\u200c", "\u200d", *map(chr, range(0xFE00, 0xFE10))}


def spell_missing(text: str, can_show: Callable[[int], bool]) -> str:
    """`can_show` says whether a code point has a glyph: "路😀口" -> "路〔U+1F600〕口"."""
    if text.isascii():
        return text
    return "".join(char if can_show(ord(char)) else _spelt(char) for char in text)


def _spelt(char: str) -> str:
    return "" if char in _MODIFIERS else f"〔U+{ord(char):04X}〕"
