"""Whether a post says in one sentence which public thing is wrong, or asks when it will be right.

A resident who writes "桥头路灯又灭了" has told the whole matter, in whatever board; words counted
one by one would never be enough of them.
"""

import re
from itertools import product
from typing import Final

from analysis import plain_words as words
from analysis.role_words import PUBLIC

_NEAR: Final = 12  # characters between a thing and what is said of it
_OPENING: Final = 60  # characters of a text beside its title
_NOT_THAT_LIGHT: Final = re.compile("但|可是|可惜|却|就是|只是|结果|居然|竟然")
_SENTENCE: Final = re.compile(r"[^。！!？?；;\n]+[？?]?")


def is_said_lightly(text: str) -> bool:
    """Whether it speaks of something pleasant, found, sought or sold, and of nothing against it."""
    return words.LIGHT.search(text) is not None and _NOT_THAT_LIGHT.search(text) is None


def is_told_plainly(title: str, text: str) -> bool:
    """Whether one sentence of the title, or of the text's beginning, tells or asks of a public trouble.

    What a title says lightly is no trouble, whatever follows.
    """
    if is_said_lightly(title):
        return False
    return any(map(_tells, _SENTENCE.findall(f"{title}\n{text[:_OPENING]}")))


def _tells(sentence: str) -> bool:
    if is_said_lightly(sentence):
        return False
    if words.EVENT.search(sentence) or _near(words.AILS, sentence):
        return True
    return bool(words.ASKS.search(sentence)) and _near(words.DONE, sentence)


def _near(said: re.Pattern[str], sentence: str) -> bool:
    """Whether a public thing stands beside one of these words, before or after it."""
    things = _spans(PUBLIC, sentence) + _spans(words.THING, sentence)
    return any(
        0 <= max(start - thing_end, thing_start - end) <= _NEAR
        for (thing_start, thing_end), (start, end) in product(things, _spans(said, sentence))
    )


def _spans(pattern: re.Pattern[str], sentence: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(sentence)]
