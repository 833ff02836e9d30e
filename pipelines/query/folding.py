"""How a text is looked at by a search: folded letter by letter, and cut into grams.

Folding a part of a text gives that part of the folded text, so that what is a substring
stays one.  OpenCC's phrases would break this: they look at neighbours.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from opencc import OpenCC

LONGEST_GRAM: Final = 64  # of a word; a database takes no lexeme of any length
MOST_GRAMS: Final = 50_000  # of a text; PostgreSQL takes 1 MB for all lexemes of one
# Stands in the index for a text of more grams than that: it may hold anything.  No text has this character.
ANYTHING: Final = "\ue000"

# Scripts written without spaces lie from here on; words of the others are searched whole.
_UNSPACED: Final = 0x2E80


class _Folded(dict[int, str]):
    """Code point -> its folded form: width, case, and traditional characters apart."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(code)).casefold()
        self[code] = "".join(_simple(char) for char in folded)
        return self[code]


_TO_SIMPLE = OpenCC("t2s").convert
_FOLDED = _Folded()


def _simple(char: str) -> str:
    if char.isspace():
        return " "
    return str(_TO_SIMPLE(char)) if char.isalnum() else char


def fold_text(text: str) -> str:
    """The text without differences of width, case and script; white space becomes spaces."""
    return text.translate(_FOLDED)


def is_word_char(char: str) -> bool:
    """Is it part of a word that is searched whole (Latin letters, digits)?"""
    return char.isalnum() and ord(char) < _UNSPACED


_RUNS = re.compile(r"([^\W_\u2e80-\U0010ffff]+)|([^\W_\x00-\u2e7f]+)")


def _runs(folded: str) -> Iterator[tuple[bool, str]]:
    """Stretches of word characters (True) and of unspaced ones (False)."""
    for found in _RUNS.finditer(folded):
        yield found[1] is not None, found[0]


def text_grams(text: str) -> list[str]:
    """The distinct grams under which a text is found: pairs of characters, the last of a stretch, words."""
    grams: dict[str, None] = {}
    for whole, run in _runs(fold_text(text)):
        if whole:
            grams[run[:LONGEST_GRAM]] = None
        else:
            grams.update(dict.fromkeys(map("".join, pairwise(run))))
            grams[run[-1]] = None
    return list(grams) if len(grams) <= MOST_GRAMS else [ANYTHING]


def word_grams(word: str) -> tuple[list[str], list[str], bool]:
    """What to look up for a word: whole grams, first characters of grams, and whether that says it all."""
    whole: list[str] = []
    starts: list[str] = []
    folded = fold_text(word)
    runs = list(_runs(folded))
    for is_word, run in runs:
        if is_word:
            whole.append(run[:LONGEST_GRAM])
        elif len(run) == 1:
            starts.append(run)
        else:
            whole += map("".join, pairwise(run))
    exact = len(whole) + len(starts) == 1 and len(folded) == len(runs[0][1]) < LONGEST_GRAM
    return list(dict.fromkeys(whole)), list(dict.fromkeys(starts)), exact
