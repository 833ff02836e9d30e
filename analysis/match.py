"""Whose answer is it?  Pairs official replies with the messages they answer.

A pair earns points for shared rare wording, for a title that the reply quotes and for a
usual delay.  Since a message is seldom answered twice, pairs then compete: a message
that one reply fits much better is less likely for the others (Sinkhorn scaling).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

Matrix = npt.NDArray[np.float64]
Ranking = list[list[tuple[int, float]]]

# Fitted on 1,408 pairs of messages to leaders and their answers; see bench/match.py.
WEIGHTS: Final[Mapping[str, float]] = {
    "text": 62.0,  # alike in wording, the message as a whole
    "title": 14.0,
    "cited": 12.5,  # how much of the title the reply holds
    "quoted": 3.0,  # how like the title its quotations are
    "delay": 1.1,
}
CANDIDATES: Final = 10
_KEPT = 100  # messages that compete for a reply
_BLOCK = 256  # replies weighed at a time
_ROUNDS = 30
_RARITY = 3.0
_TYPICAL_DELAY, _SPREAD = 10.0, 1.25  # days, and the spread of their logarithm
_SHORTEST_DELAY = 0.02
_IMPOSSIBLE = -30.0  # of a message written after the reply
_QUOTES = 3  # of a reply that are looked at
_EPOCH = pd.Timestamp(0, tz="UTC")
_QUOTED = re.compile(r"[“\"《「]([^”\"》」]{4,80})[”\"》」]")
_NOISE = re.compile(r"UU\d+|\W+")


def match_replies(messages: pd.DataFrame, replies: pd.DataFrame) -> pd.DataFrame:
    """The likeliest message of each reply.

    `messages` has message_id, title, text, posted_at; `replies` reply_id, text, replied_at.
    The answer has reply_id, message_id, score (0..1) and candidates: a JSON list of pairs
    of message_id and score, the best first.  Without messages, message_id is empty.
    """
    if messages.empty or replies.empty:
        ranked: Ranking = [[] for _ in range(len(replies))]
    else:
        ranked = rank_pairs(weigh_pairs(messages, replies), len(replies), len(messages), WEIGHTS)
    ids = messages["message_id"].tolist()
    rows = [
        {
            "reply_id": reply,
            "message_id": ids[best[0][0]] if best else None,
            "score": best[0][1] if best else 0.0,
            "candidates": json.dumps([[ids[row], share] for row, share in best], ensure_ascii=False),
        }
        for reply, best in zip(replies["reply_id"].tolist(), ranked, strict=True)
    ]
    return pd.DataFrame(rows, columns=["reply_id", "message_id", "score", "candidates"])


def rank_pairs(
    blocks: Iterable[tuple[slice, Mapping[str, Matrix]]],
    replies: int,
    messages: int,
    weights: Mapping[str, float],
) -> Ranking:
    """The rows of the likeliest messages of each reply with their shares, the best first."""
    kept = min(_KEPT, messages)
    columns = np.empty((replies, kept), dtype=np.int64)
    points = np.empty((replies, kept))
    for rows, evidence in blocks:
        block = np.sum([weights[name] * values for name, values in evidence.items()], axis=0)
        best = np.argpartition(-block, kept - 1, axis=1)[:, :kept]
        columns[rows], points[rows] = best, np.take_along_axis(block, best, axis=1)
    shares = _compete(columns, points, messages)
    order = np.argsort(-shares, axis=1, kind="stable")[:, :CANDIDATES]
    return [
        [(int(columns[row, at]), round(float(shares[row, at]), 4)) for at in best]
        for row, best in enumerate(order)
    ]


def _compete(columns: npt.NDArray[np.int64], points: Matrix, messages: int) -> Matrix:
    """Each reply's shares of its candidates, once hardly any message is claimed more than once."""
    shares: Matrix = np.exp(points - points.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    for _ in range(_ROUNDS):
        claimed = np.bincount(columns.ravel(), weights=shares.ravel(), minlength=messages)
        shares /= np.maximum(claimed, 1.0)[columns]
        shares /= shares.sum(axis=1, keepdims=True)
    return shares


def weigh_pairs(messages: pd.DataFrame, replies: pd.DataFrame) -> Iterator[tuple[slice, dict[str, Matrix]]]:
    """What speaks for each reply (row) and each message (column), some replies at a time."""
    titles = [_plain(title) for title in messages["title"].fillna("")]
    texts = [title + _plain(text) for title, text in zip(titles, messages["text"].fillna(""), strict=True)]
    answers = [_plain(text) for text in replies["text"].fillna("")]
    # What only one text says pairs nothing; the last two keep the vocabulary from being empty.
    wording = TfidfVectorizer(analyzer="char", ngram_range=(2, 4), min_df=2, sublinear_tf=True)
    wording.fit([*texts, *answers, "无题", "无题"])
    by_text, by_title, by_answer = (wording.transform(part) for part in (texts, titles, answers))
    rarity = wording.idf_**_RARITY
    in_title = _present(by_title)
    in_answer = (_present(by_answer) @ sparse.diags_array(rarity)).tocsr()
    title_size = np.maximum(in_title @ rarity, 1e-9)
    quotes, quotable = _quotes(replies["text"].fillna(""), titles)
    posted, replied = _days(messages["posted_at"]), _days(replies["replied_at"])
    for start in range(0, len(answers), _BLOCK):
        rows = slice(start, start + _BLOCK)
        yield (
            rows,
            {
                "text": (by_answer[rows] @ by_text.T).toarray(),
                "title": (by_answer[rows] @ by_title.T).toarray(),
                "cited": (in_answer[rows] @ in_title.T).toarray() / title_size,
                "quoted": np.max([_dice(part[rows], quotable) for part in quotes], axis=0),
                "delay": _usual(replied[rows, None] - posted[None, :]),
            },
        )


def _plain(text: str) -> str:
    return _NOISE.sub("", text)


def _present(grams: Any) -> Any:
    """One for every n-gram that a text has."""
    present = grams.copy()
    present.data = np.ones_like(present.data)
    return present


def _quotes(answers: Iterable[str], titles: list[str]) -> tuple[list[Any], Any]:
    """The first, second and third quotation of each reply, and the titles, as pairs of characters."""
    found = [[_plain(quote) for quote in _QUOTED.findall(text)[:_QUOTES]] for text in answers]
    filled = [[*quotes, *[""] * (_QUOTES - len(quotes))] for quotes in found]
    pairs = CountVectorizer(analyzer="char", ngram_range=(2, 2), binary=True, dtype=np.float64)
    pairs.fit([*titles, *(quote for quotes in filled for quote in quotes), "无题"])
    return [pairs.transform(part) for part in zip(*filled, strict=True)], pairs.transform(titles)


def _dice(left: Any, right: Any) -> Matrix:
    """How much the texts of both sides share, 0..1."""
    sizes = np.asarray(left.sum(axis=1)).reshape(-1, 1) + np.asarray(right.sum(axis=1)).reshape(1, -1)
    shared: Matrix = 2.0 * (left @ right.T).toarray() / np.maximum(sizes, 1.0)
    return shared


def _days(times: "pd.Series[Any]") -> Matrix:
    days = (pd.to_datetime(times, utc=True) - _EPOCH) / pd.Timedelta(days=1)
    return np.asarray(days, dtype=np.float64)


def _usual(delay: Matrix) -> Matrix:
    """The logarithm of how usual a delay is; nothing is known where a time is missing."""
    logs: Matrix = np.log(np.maximum(delay, _SHORTEST_DELAY))
    usual = -(((logs - np.log(_TYPICAL_DELAY)) / _SPREAD) ** 2) / 2 - logs
    known: Matrix = np.nan_to_num(np.where(delay < 0, _IMPOSSIBLE, usual), nan=0.0)
    return known
