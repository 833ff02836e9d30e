"""The posts behind every number of a result."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from analysis.posts import Posts, moment
from analysis.results import Figure, PostRef, Share

EXCERPT: Final = 200


def gather_evidence(posts: Posts, results: tuple[Any, ...]) -> dict[int, PostRef]:
    """Every post that some results mention, by id."""
    referenced = set(_referenced(results))
    rows = np.flatnonzero(np.isin(posts.post_id, np.array(sorted(referenced), dtype=np.int64)))
    return {int(posts.post_id[row]): _post_ref(posts, int(row)) for row in rows}


def _referenced(value: Any) -> Iterator[int]:
    """The ids of every post that a result mentions."""
    if isinstance(value, Figure | Share):
        yield from value.posts
    elif isinstance(value, tuple):
        for item in value:
            if isinstance(item, tuple) or is_dataclass(item):
                yield from _referenced(item)
    elif is_dataclass(value):
        kind: Any = type(value)
        for name in _names(kind):
            inner = getattr(value, name)
            if name == "post_id":
                yield inner
            elif isinstance(inner, tuple) or is_dataclass(inner):
                yield from _referenced(inner)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(entry.name for entry in fields(kind))


def _post_ref(posts: Posts, row: int) -> PostRef:
    return PostRef(
        post_id=int(posts.post_id[row]),
        thread_id=int(posts.thread_id[row]),
        source=posts.source[row],
        board=posts.board[row],
        title=posts.title[row],
        dated_at=moment(posts.at[row]),
        url=posts.url[row],
        text=posts.text[row][:EXCERPT],
        agency=posts.agency[row],
    )
