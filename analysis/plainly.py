"""Whether a post says in one sentence which public thing is wrong, or asks when it will be right.

A resident who writes "桥头路灯又灭了" has told the whole matter, in whatever board; words counted
one by one would never be enough of them.  A trouble in words that no list has, "洗澡水像酱油",
is not heard this way: of complaints in odd words written after the lists, about four in ten were.
"""

import re
from itertools import product
from typing import Final

from analysis import plain_words as words
from analysis.role_words import PUBLIC

Spans = list[tuple[int, int]]

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
    if words.EVENT.search(sentence):
        return True
    things = _spans(PUBLIC, sentence) + _spans(words.THING, sentence)
    if _near(things, _spans(words.AILS, sentence)):
        return True
    return words.ASKS.search(sentence) is not None and _near(things, _spans(words.DONE, sentence))


def _spans(pattern: re.Pattern[str], sentence: str) -> Spans:
    return [match.span() for match in pattern.finditer(sentence)]


def _near(things: Spans, said: Spans) -> bool:
    """Whether a public thing stands beside what is said, before or after it."""
    return any(
        0 <= max(start - thing_end, thing_start - end) <= _NEAR
        for (thing_start, thing_end), (start, end) in product(things, said)
    )
