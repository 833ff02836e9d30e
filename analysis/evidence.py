"""The posts behind every number of a result."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final

import numpy as np

from analysis.posts import Posts, moment
from analysis.results import Figure, PostRef, Share

EXCERPT: Final = 200


def gather_evidence(posts: Posts, results: tuple[Any, ...]) -> dict[int, PostRef]:
    """Every post that some results mention, by id."""
    referenced: set[int] = set()
    _gather(results, referenced)
    return {ref.post_id: ref for ref in _post_refs(posts.take(np.isin(posts.post_id, list(referenced))))}


def _gather(value: Any, found: set[int]) -> None:
    """Add the ids of every post that a result mentions."""
    if isinstance(value, tuple):
        for item in value:
            _gather(item, found)
    elif isinstance(value, Figure | Share):
        found.update(value.posts)
    else:
        kind: Any = type(value)
        for name in _names(kind):
            inner = getattr(value, name)
            if name == "post_id":
                found.add(inner)
            elif inner:
                _gather(inner, found)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a result in which posts may be mentioned."""
    if not is_dataclass(kind):
        return ()
    return tuple(entry.name for entry in fields(kind) if entry.name == "post_id" or entry.type not in _PLAIN)


_PLAIN: Final = tuple(
    plain for kind in (int, float, str, bool, date, datetime) for plain in (kind, kind | None)
)


def _post_refs(posts: Posts) -> Iterator[PostRef]:
    columns = (posts.post_id, posts.thread_id, posts.source, posts.board, posts.title, posts.at, posts.url)
    rows = zip(
        *(column.tolist() for column in (*columns, posts.text, posts.agency, posts.timed)), strict=True
    )
    for post_id, thread_id, source, board, title, at, url, text, agency, timed in rows:
        yield PostRef(
            post_id=post_id,
            thread_id=thread_id,
            source=source,
            board=board,
            title=title,
            dated_at=moment(at),
            url=url,
            text=text[:EXCERPT],
            agency=agency,
            untimed=not timed,
        )
