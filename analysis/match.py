"""Whose answer is it?  Replies and messages matched by what they say and when.

Three kinds of evidence: rare character runs a reply shares with a message; the delay
usual for replies that open alike (the same office); and what such replies were about.
Then the pairs compete: a message that clearly belongs to one reply counts less for the
others (Sinkhorn scaling), so that a reply without content gets what is left over.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

Matrix = npt.NDArray[np.float32]

COLUMNS = ("reply_id", "message_id", "score", "candidates")
CANDIDATES = 5
_TEXT = 600  # characters of a message that count
_OPENING = 80  # characters by which an office's replies are known
_RARITY_POWER = 2.5
_TITLE = 0.5
_SHARPNESS = 10.0
_TOPIC = 2.0
_SIMILAR = 15  # replies an office's habits are learned from
_USUAL_DELAY = (np.log(10.0), 1.3)  # ten days, within a factor of four: before habits are learned
_LEAST_DELAY = 0.02  # days; also the floor of the clock's precision
_LEAST_SPREAD = 0.35
_IMPOSSIBLE = -60.0  # a reply before its message
_SCALINGS = 30
_DAY = np.timedelta64(1, "D")


def match_replies(messages: pd.DataFrame, replies: pd.DataFrame) -> pd.DataFrame:
    """For each reply (reply_id, text, replied_at) its likeliest message (message_id, title, text, posted_at).

    One row a reply, in order: `score` is the likeliest message's share in 0..1,
    `candidates` the five likeliest ids, joined by spaces, best first.  Works on dense
    matrices: about 5,000 × 5,000 fits into 1.5 GB.
    """
    if messages.empty or replies.empty:
        return pd.DataFrame({name: [None] * len(replies) for name in COLUMNS}).assign(
            reply_id=replies["reply_id"].to_numpy()
        )
    scores = _match(messages, replies)
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :CANDIDATES]
    ids = messages["message_id"].to_numpy()
    return pd.DataFrame(
        {
            "reply_id": replies["reply_id"].to_numpy(),
            "message_id": ids[order[:, 0]],
            "score": np.take_along_axis(shares, order[:, :1], axis=1).ravel().round(4),
            "candidates": [" ".join(str(ids[column]) for column in row) for row in order],
        },
        columns=list(COLUMNS),
    )


def _match(messages: pd.DataFrame, replies: pd.DataFrame) -> Matrix:
    """Log-scores, replies × messages."""
    answers = replies["text"].fillna("").astype(str)
    titles = messages["title"].fillna("").astype(str)
    texts = titles + "\n" + messages["text"].fillna("").astype(str).str[:_TEXT]
    content, alike = _content(answers, titles, texts)
    delays = _log_delays(messages["posted_at"], replies["replied_at"])
    neighbours, closeness = _same_office(answers)
    evidence = _SHARPNESS * content
    scores = _compete(evidence + _delay_evidence(delays, *_USUAL_DELAY))
    for _ in range(2):
        shares = _rows_to_one(np.exp(scores))
        usual, spread, weights = _habits(shares, delays, neighbours, closeness)
        timed = evidence + _delay_evidence(delays, usual[:, None], spread[:, None])
        scores = _compete(timed + _TOPIC * _office_topics(shares, alike, neighbours, weights))
    return scores


def _content(
    answers: "pd.Series[str]", titles: "pd.Series[str]", texts: "pd.Series[str]"
) -> tuple[Matrix, Matrix]:
    """Replies × messages by shared rare runs, best of a row = 1 (+ the title's), and messages × messages."""
    counter = CountVectorizer(analyzer="char", ngram_range=(2, 4), binary=True, dtype=np.float32)
    counter.fit([*answers, *texts])
    found = [counter.transform(column) for column in (answers, titles, texts)]
    seen = np.asarray(found[0].sum(axis=0) + found[2].sum(axis=0)).ravel()
    rarity = np.log((len(answers) + len(texts) + 1) / (seen + 0.5)).clip(min=0) ** _RARITY_POWER
    said, headed, written = (_unit_rows(part, rarity) for part in found)
    by_text = _best_is_one((said @ written.T).toarray())
    by_title = _best_is_one((said @ headed.T).toarray())
    alike: Matrix = (written @ written.T).toarray()
    np.fill_diagonal(alike, 0)
    return by_text + _TITLE * by_title, alike


def _unit_rows(found: Any, rarity: npt.NDArray[Any]) -> Any:
    """Binary rows weighted by the root of rarity, so that a product weighs by rarity, and of length one."""
    weighted = found.multiply(np.sqrt(rarity)).tocsr()
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return (sparse.diags_array(1 / np.maximum(lengths, 1e-9)) @ weighted).astype(np.float32).tocsr()


def _best_is_one(scores: Matrix) -> Matrix:
    scaled: Matrix = scores / np.maximum(scores.max(axis=1, keepdims=True), 1e-9)
    return scaled


def _rows_to_one(scores: Matrix) -> Matrix:
    scaled: Matrix = scores / np.maximum(scores.sum(axis=1, keepdims=True), 1e-30)
    return scaled


def _log_delays(posted_at: "pd.Series[Any]", replied_at: "pd.Series[Any]") -> Matrix:
    """Log of the days from message to reply; NaN before the message, 0 evidence where a time is missing."""
    asked = pd.to_datetime(posted_at, utc=True).to_numpy(dtype="datetime64[s]")
    answered = pd.to_datetime(replied_at, utc=True).to_numpy(dtype="datetime64[s]")
    days = (answered[:, None] - asked[None, :]) / _DAY
    unknown = np.isnat(answered)[:, None] | np.isnat(asked)[None, :]
    days = np.where(unknown, np.exp(_USUAL_DELAY[0]), np.where(days < 0, np.nan, days))
    logs: Matrix = np.log(np.maximum(days, _LEAST_DELAY)).astype(np.float32)
    return logs


def _delay_evidence(delays: Matrix, usual: Any, spread: Any) -> Matrix:
    """How well each delay fits, as a log; never worse than an outlier, but for the impossible."""
    distance = np.minimum(((delays - usual) / spread) ** 2 / 2, 8.0) + np.log(spread)
    evidence: Matrix = np.where(np.isnan(delays), _IMPOSSIBLE, -distance).astype(np.float32)
    return evidence


def _same_office(answers: "pd.Series[str]") -> tuple[npt.NDArray[np.int64], Matrix]:
    """For each reply the replies that open most alike, and how alike they are."""
    counter = CountVectorizer(analyzer="char", ngram_range=(2, 3), binary=True, dtype=np.float32)
    openings = [text[:_OPENING] or "　　" for text in answers]
    found = counter.fit_transform([*openings, "没有开头"])[:-1]
    rows = _unit_rows(found, np.ones(found.shape[1], dtype=np.float32))
    alike: Matrix = (rows @ rows.T).toarray()
    np.fill_diagonal(alike, 0)
    nearest = np.argsort(-alike, axis=1, kind="stable")[:, :_SIMILAR]
    return nearest, np.take_along_axis(alike, nearest, axis=1)


def _habits(
    shares: Matrix, delays: Matrix, neighbours: npt.NDArray[np.int64], closeness: Matrix
) -> tuple[Matrix, Matrix, Matrix]:
    """Usual delay and its spread (logs of days) among similar replies, and how much each of these counts."""
    best = shares.argmax(axis=1)
    sure = shares.max(axis=1)
    taken = np.nan_to_num(delays[np.arange(len(best)), best], nan=_USUAL_DELAY[0])
    weights = _rows_to_one(sure[neighbours] * closeness**2)
    usual = (weights * taken[neighbours]).sum(axis=1)
    variance = (weights * (taken[neighbours] - usual[:, None]) ** 2).sum(axis=1)
    learned = weights.sum(axis=1) > 0.5  # a row sums to one, or to nothing
    usual = np.where(learned, usual, _USUAL_DELAY[0])
    spread = np.where(learned, np.sqrt(variance + _LEAST_SPREAD**2), _USUAL_DELAY[1])
    return usual, spread, weights


def _office_topics(
    shares: Matrix, alike: Matrix, neighbours: npt.NDArray[np.int64], weights: Matrix
) -> Matrix:
    """How like each message is to those that similar replies answered; best of a row = 1."""
    sure = np.where(shares > 0.3, shares, 0)
    about = sure @ alike
    topics = np.zeros_like(about)
    for place in range(neighbours.shape[1]):
        topics += weights[:, place, None] * about[neighbours[:, place]]
    return _best_is_one(topics)


def _compete(scores: Matrix) -> Matrix:
    """Sinkhorn scaling: rows and columns sum to one in turn.  Columns last, as a log."""
    scaled = np.exp((scores - scores.max(axis=1, keepdims=True)).astype(np.float64)) + 1e-30
    for _ in range(_SCALINGS):
        scaled /= scaled.sum(axis=1, keepdims=True)
        scaled /= scaled.sum(axis=0, keepdims=True)
    logs: Matrix = np.log(scaled + 1e-300)
    return logs
