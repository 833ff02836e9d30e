"""Whether an issue is a matter (asked, complained of, suggested), praise, or plain chatter.

A thread earns points for what its opening post says and for what came of it; an issue is
a matter when the better half of its threads has `ENOUGH` on average.  A public trouble told
plainly is enough by itself, wherever it stands: a problem unheard is worse than small talk
listed.  The weights are explicit: `weigh` gives every term, so anybody can see why an issue
was listed.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal

import numpy as np

from analysis import role_words as words
from analysis.plainly import is_said_lightly, is_told_plainly
from analysis.posts import Posts

Role = Literal["matter", "praise", "chatter"]

# Points for a unit of evidence; an issue needs ENOUGH.
WEIGHTS: Final[Mapping[str, float]] = {
    "public": 0.8,  # what a town provides or watches over, at most three words
    "trouble": 0.7,  # something is wrong, at most three
    "persistent": 0.6,  # and goes on, at most two
    "asking": 0.7,  # somebody should act or tell, at most two
    "authority": 0.5,  # who that is, at most two
    "plain": 2.5,  # its opening names a public thing and what ails it, or when it will be mended, in one sentence
    "detail": 0.5,  # the reading found a detail of its category
    "intent": 1.2,  # the reading took it for a complaint, a request, a question or a suggestion
    "negative": 1.0,  # the probability of a negative sentiment
    "replies": 1.0,  # the share of replies that ask or are negative
    "answered": 1.5,  # an office wrote in the thread
    "civic_board": 1.0,
    "leisure_board": -1.0,  # where nothing is asked nor told plainly
    "light": -1.0,  # its title speaks of something pleasant, found, sought or sold
    "trade": -1.2,  # buying and selling between residents, at most three
    "small_talk": -0.6,  # at most four
    "review": -0.9,  # what a buyer says of goods, at most three
    "notice": -4.0,  # the forum's own rules
}
ENOUGH: Final = 2.5
# Where it was written and a pleasant word in a title do not say that nothing is wrong.
_NOT_IN_WORDS: Final = frozenset({"leisure_board", "light"})
_PRAISED = 1.5
_LEAST_REPLIES = 3  # below that a share of replies says nothing
_READ = 600  # characters of an opening post: what it is about stands at its beginning


def role_of(posts: Posts) -> Role:
    """The role of an issue.  A thread opened by an office counts for what residents replied."""
    threads = [thread for thread in posts.by_thread() if thread.resident.any()]
    praised = [is_praise(thread) for thread in threads]
    if 2 * sum(praised) > len(threads):
        return "praise"
    rest = [thread for thread, praise in zip(threads, praised, strict=True) if not praise]
    points = sorted((sum(weigh(thread).values()) for thread in rest), reverse=True)
    better_half = points[: (len(points) + 1) // 2]
    return "matter" if better_half and float(np.mean(better_half)) >= ENOUGH else "chatter"


def is_idle(posts: Posts) -> bool:
    """Whether nobody asks anything and every thread's own words speak against a matter.

    Chatter may be a matter told in a few words, or told in a leisure board; in this nobody will look for one.
    """
    threads = [thread for thread in posts.by_thread() if thread.resident.any()]
    asked = bool((posts.asking & posts.resident & posts.is_first).any())
    return bool(threads) and not asked and all(_in_words(thread) < 0 for thread in threads)


def _in_words(thread: Posts) -> float:
    return sum(points for name, points in weigh(thread).items() if name not in _NOT_IN_WORDS)


def weigh(thread: Posts) -> dict[str, float]:
    """What speaks for and against a thread's being a matter, in points."""
    row = _opening(thread)
    if row is None:
        return {"replies": 2 * ENOUGH * _complaining(thread)}
    text, board = _words_of(thread, row), thread.board[row] or ""
    plain = is_told_plainly(thread.title[row], thread.text[row])
    evidence = {
        "public": _count(words.PUBLIC, text, 3),
        "trouble": _count(words.TROUBLE, text, 3),
        "persistent": _count(words.PERSISTENT, text, 2),
        "asking": _count(words.ASKING, text, 2),
        "authority": _count(words.AUTHORITY, text, 2),
        "plain": float(plain),
        "detail": float(thread.category_detail[row] is not None),
        "intent": float(thread.asking[row]),
        "negative": float(thread.p_neg[row]),
        "replies": _complaining(thread),
        "answered": float(any(agency is not None for agency in thread.agency)),
        "civic_board": _count(words.CIVIC_BOARD, board, 1),
        "leisure_board": 0.0 if plain or thread.asking[row] else _count(words.LEISURE_BOARD, board, 1),
        "light": float(is_said_lightly(thread.title[row])),
        "trade": _count(words.TRADE, text, 3),
        "small_talk": _count(words.SMALL_TALK, text, 4),
        "review": _count(words.REVIEW, text, 3),
        "notice": _count(words.NOTICE, text, 1),
    }
    return {name: WEIGHTS[name] * value for name, value in evidence.items()}


def is_praise(thread: Posts) -> bool:
    """Whether a thread thanks or praises somebody for a public good, and means it."""
    row = _opening(thread)
    if row is None:
        return False
    text, title = _words_of(thread, row), thread.title[row]
    if words.IRONY.search(text) or not words.MERIT.search(text):
        return False
    warm = _count(words.PRAISE, text, 3) + _count(words.THANKS, title, 1)
    warm += 0.5 * (_count(words.MERIT, text, 2) - 1)
    warm += float(thread.sentiment[row] == "pos") + float(thread.intent[row] == "表扬")
    cold = _count(words.ASKING, text, 2) + 0.5 * _count(words.TROUBLE, title, 2)
    cold += 0.5 * _count(words.PERSISTENT, text, 2)
    return warm - cold >= _PRAISED


def _opening(thread: Posts) -> int | None:
    """The post that says what a thread is about; None where that was an office, spam or nothing."""
    first = np.flatnonzero(thread.is_first)
    if not len(first):
        return int(np.flatnonzero(thread.resident)[0])
    row = int(first[0])
    return row if thread.resident[row] or thread.copy[row] else None


def _words_of(thread: Posts, row: int) -> str:
    return f"{thread.title[row]}\n{thread.text[row][:_READ]}"


def _count(pattern: re.Pattern[str], text: str, most: int) -> float:
    """How many different matches, at most so many."""
    found: set[str] = set()
    for match in pattern.finditer(text):
        found.add(match[0])
        if len(found) == most:
            break
    return float(len(found))


def _complaining(thread: Posts) -> float:
    """The share of residents' replies that ask or are negative."""
    replies = thread.resident & ~thread.is_first
    if int(replies.sum()) < _LEAST_REPLIES:
        return 0.0
    return float((thread.asking | thread.negative)[replies].mean())
