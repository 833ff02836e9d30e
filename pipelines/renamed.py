"""Two texts that say the same of two places: the same words around another name."""

from collections.abc import Iterator
from itertools import groupby, pairwise

# What names of places and offices end in, or what follows them.
_ENDS = frozenset("区城苑府湾庭居郡园村镇乡街路巷桥县市校学院司物场站厂店楼馆河湖山库")
_SINGLE = frozenset("村镇乡路街")  # before these one character is a name, elsewhere a slip of the pen
_STANCES = frozenset({"支持", "赞成", "同意", "赞同", "反对", "不同意", "坚决反对"})
_LONGEST = 12
_BEFORE, _AFTER = 2, 3

Own = tuple[str, str]
"""Words that the other text does not have, and what stands after them."""


def renamed(first: str, second: str) -> bool:
    """Whether one text has, after the same words, another name or stance than the other."""
    here, there = dict(_own_words(first, second)), dict(_own_words(second, first))
    return any(_are_names(here[before], there[before]) for before in here.keys() & there.keys())


def _are_names(own: Own, other: Own) -> bool:
    words = {own[0], other[0]}
    if words <= _STANCES:
        return True
    if not (own[1] and other[1]):  # how a text ends is how it takes its leave
        return False
    if min(map(len, words)) == 1:
        return own[1] == other[1] and own[1][0] in _SINGLE
    return not any(_ENDS.isdisjoint(word + after) for word, after in (own, other))


def _own_words(text: str, other: str) -> Iterator[tuple[str, Own]]:
    """What stands before short runs of characters of which the other text has no pair, and the runs."""
    pairs = set(pairwise(other))
    own = [place for place, pair in enumerate(pairwise(text)) if pair not in pairs]
    for _, run in groupby(enumerate(own), lambda numbered: numbered[1] - numbered[0]):
        places = [place for _, place in run]
        start = places[0] + 1 if places[0] else 0
        end = places[-1] + 1 if places[-1] + 2 < len(text) else len(text)
        if 0 < end - start <= _LONGEST:
            yield text[max(start - _BEFORE, 0) : start], (text[start:end], text[end : end + _AFTER])
