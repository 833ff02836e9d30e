"""A table of messages to issues: the path for files that never enter the store."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analysis.heat import measure_heat
from analysis.issues import IssueGrouper
from analysis.posts import Posts, read_posts
from analysis.threads import read_threads
from pipelines.dedupe import text_hash

COLUMNS = ("message_id", "issue_id", "issue_title", "heat", "rank")


def group_messages(messages: pd.DataFrame, timezone: str = "Asia/Shanghai") -> pd.DataFrame:
    """One row a message (message_id, title, text, posted_at), in the order given: its issue.

    Columns: message_id, issue_id, issue_title, heat, rank (1 is the hottest issue).  Heat
    is that of the issue's hottest day, so that an old storm ranks beside a new one.
    """
    frame = _as_posts(messages)
    posts = read_posts(frame, ZoneInfo(timezone), date(9000, 1, 1))
    grouper = IssueGrouper().fit(read_threads(frame, posts))
    heats = _heats(posts, grouper.labels_)
    ranks = {issue: rank for rank, (issue, _) in enumerate(_by_heat(heats), 1)}
    issues = [grouper.labels_[number] for number in range(len(messages))]
    return pd.DataFrame(
        {
            "message_id": messages["message_id"].to_numpy(),
            "issue_id": issues,
            "issue_title": [grouper.names_[issue].title for issue in issues],
            "heat": [heats[issue] for issue in issues],
            "rank": [ranks[issue] for issue in issues],
        },
        columns=list(COLUMNS),
    )


def _as_posts(messages: pd.DataFrame) -> pd.DataFrame:
    """Each message as the only post of a thread, numbered by its row."""
    numbers = np.arange(len(messages))
    texts = messages["text"].fillna("").astype(str)
    times = _known_times(pd.to_datetime(messages["posted_at"], utc=True))
    unread = dict.fromkeys(
        ("hidden", "voice", "agency", "sentiment", "intent", "category", "p_category", "p_neg")
    )
    return pd.DataFrame(
        {
            **unread,
            "post_id": numbers,
            "thread_id": numbers,
            "source": "",
            "url": "",
            "title": messages["title"].fillna("").astype(str).to_numpy(),
            "text": texts.to_numpy(),
            "text_hash": texts.map(text_hash).to_numpy(),
            "dated_at": times.to_numpy(),
            "seen_at": times.to_numpy(),
            "is_first": True,
            "spam": False,
            "places": [()] * len(messages),
        }
    ).assign(dated_at=times.array, seen_at=times.array)


def _known_times(times: "pd.Series[pd.Timestamp]") -> "pd.Series[pd.Timestamp]":
    """A message without a readable time is taken for one of the first."""
    return times.fillna(times.min()).fillna(pd.Timestamp(0, tz="UTC"))


def _heats(posts: Posts, labels: dict[int, int]) -> dict[int, float]:
    """Issue → heat.  A copied message is another voice but no second message, and an issue of copies still has one message."""
    issues = np.array([labels[thread] for thread in posts.thread_id.tolist()], dtype=np.int64)
    heats = {}
    for issue, own in zip(*posts.split(issues), strict=True):
        counted, voiced = (own.residents, own.voiced) if own.resident.any() else (own, own)
        heats[issue] = max(measure_heat(counted, voiced, day, day).value for day in counted.days)
    return heats


def _by_heat(heats: dict[int, float]) -> list[tuple[int, float]]:
    return sorted(heats.items(), key=lambda item: (-item[1], item[0]))
