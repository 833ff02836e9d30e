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
    opening = posts.take(np.sort(rows))
    wanted = pd.Index(frame["post_id"]).get_indexer(pd.Index(opening.post_id))
    digests, places = (frame[name].to_numpy(object)[wanted] for name in ("text_hash", "places"))
    replies = _replies(posts)
    columns = (opening.thread_id, opening.title, opening.text, digests, places, opening.day)
    return [
        ThreadText(
            thread_id=thread,
            title=title or "",
            text=text or "",
            text_hash=digest or "",
            places=tuple(places),
            day=day,
            replies=tuple(replies.get(thread, ())),
        )
        for thread, title, text, digest, places, day in zip(
            *(column.tolist() for column in columns), strict=True
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
