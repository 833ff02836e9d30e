"""Threads as grouping reads them, from the frame of posts."""

from collections import defaultdict

import numpy as np
import pandas as pd

from analysis.posts import Posts
from analysis.profiles import ThreadText

_REPLIES = 30  # read of a thread


def read_threads(frame: pd.DataFrame, posts: Posts) -> list[ThreadText]:
    """One entry a thread, in the order of their first posts, for posts dated within the run."""
    _, rows = np.unique(posts.thread_id, return_index=True)
    wanted = frame.set_index("post_id").loc[posts.post_id[np.sort(rows)]]
    replies = _replies(posts)
    days = dict(zip(posts.post_id.tolist(), posts.day.tolist(), strict=True))
    columns = ("thread_id", "title", "text", "text_hash", "places")
    return [
        ThreadText(
            thread_id=int(thread),
            title=title or "",
            text=text or "",
            text_hash=digest or "",
            places=tuple(places),
            day=days[post_id],
            replies=tuple(replies.get(int(thread), ())),
        )
        for post_id, thread, title, text, digest, places in zip(
            wanted.index.tolist(), *(wanted[name] for name in columns), strict=True
        )
    ]


def _replies(posts: Posts) -> dict[int, list[str]]:
    """What residents and offices wrote first in reply, by thread."""
    replies: dict[int, list[str]] = defaultdict(list)
    rows = np.flatnonzero(~posts.is_first & ~posts.spam)
    for thread, text in zip(posts.thread_id[rows].tolist(), posts.text[rows], strict=True):
        if text and len(replies[thread]) < _REPLIES:
            replies[thread].append(text)
    return replies
