"""Words that were used more, or less, than in the period before.

The log-odds ratio of a word's share of posts, with the pooled shares as a prior worth
`PRIOR` posts (Monroe, Colaresi and Quinn 2008), as a z-score.  A word counts once a post,
must stand in enough posts of enough threads, and is never a name.  So many words are
compared that some change by chance: the bound keeps these to a tenth of the list.
"""

from collections import Counter
from typing import Final

import numpy as np
from scipy import special

from analysis.posts import Posts, Texts
from analysis.results import MIN_THREADS_PER_CELL, Figure, KeywordChange
from analysis.vocabulary import worth_telling

LEAST: Final = 5  # posts of the period that have the word
LEAST_POSTS: Final = 30  # of each period: fewer say nothing
FALSE: Final = 0.1  # of the words told, the share that may be chance (Benjamini and Hochberg)
MOST: Final = 20
TELLING: Final = 4
PRIOR: Final = 10.0


def compare_words(now: Posts, before: Posts, most: int = MOST) -> tuple[KeywordChange, ...]:
    """The greatest changes first, of words in residents' posts; none where either period is too short."""
    now, before = now.residents, before.residents
    if min(len(now), len(before)) < LEAST_POSTS:
        return ()
    rows = _rows_by_word(now)
    told = [word for word, own in rows.items() if len(own) >= LEAST]
    told = [word for word in told if len(set(now.thread_id[rows[word]].tolist())) >= MIN_THREADS_PER_CELL]
    earlier = count_words(before)
    if not told:
        return ()
    scores = {word: log_odds(len(rows[word]), len(now), earlier[word], len(before)) for word in told}
    ranked = sorted(told, key=lambda word: (-abs(scores[word]), word))
    chances = 2 * special.ndtr([-abs(scores[word]) for word in ranked])
    sure = np.flatnonzero(chances <= FALSE * np.arange(1, len(ranked) + 1) / len(ranked))
    chosen = ranked[: int(sure[-1]) + 1] if len(sure) else []
    return tuple(
        KeywordChange(
            word=word,
            now=Figure(
                key=f"keyword.{word}", value=len(rows[word]), posts=now.take(np.array(rows[word])).ids
            ),
            before=earlier[word],
            threads=len(set(now.thread_id[rows[word]].tolist())),
            change=round(scores[word], 2),
        )
        for word in chosen[:most]
    )


def telling_words(own: Texts, rest: Texts, most: int = TELLING) -> list[str]:
    """The words that tell some posts, given as their tokens, from others; the most telling first."""
    said, elsewhere = (
        Counter(word for tokens in some for word in worth_telling(tokens or "")) for some in (own, rest)
    )
    scores = {
        word: log_odds(count, len(own), elsewhere[word], len(rest))
        for word, count in said.items()
        if count >= MIN_THREADS_PER_CELL
    }
    telling = [word for word in scores if scores[word] > 1]
    return sorted(telling, key=lambda word: (-scores[word], word))[:most]


def log_odds(now: int, of_now: int, before: int, of_before: int) -> float:
    """The z-score of a word's log-odds ratio between two sets of posts; positive: more now."""
    prior = PRIOR * (now + before) / (of_now + of_before)
    ones = np.array([now, before]) + prior
    zeros = np.array([of_now, of_before]) - [now, before] + PRIOR - prior + 0.5  # all may have it
    odds = np.log(ones) - np.log(zeros)
    return float((odds[0] - odds[1]) / np.sqrt((1 / ones).sum()))


def count_words(posts: Posts) -> Counter[str]:
    """How many posts have each word."""
    return Counter(word for tokens in posts.tokens for word in worth_telling(tokens or ""))


def _rows_by_word(posts: Posts) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, tokens in enumerate(posts.tokens):
        for word in worth_telling(tokens or ""):
            rows.setdefault(word, []).append(row)
    return rows
