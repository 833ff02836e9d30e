"""All sides of opinion, criticism included, with quotes of several threads each."""

from typing import Final

import numpy as np

from analysis.posts import Posts
from analysis.quotes import quote_view
from analysis.results import Sentiment, Share, View

QUOTES: Final = 3
_READ: Final = 2000  # newest posts of a view that are looked at
_VIEWS: Final[tuple[Sentiment, ...]] = ("neg", "pos", "neu")


def find_views(posts: Posts) -> tuple[View, ...]:
    """The share and the quotes of each view among residents' read posts; a view nobody holds is left out."""
    read = posts.take(posts.resident & posts.read)
    views = ((view, np.flatnonzero(read.sentiment == view)) for view in _VIEWS)
    return tuple(
        View(
            sentiment=view,
            share=Share(key=f"views.{view}", part=len(rows), whole=len(read), posts=read.take(rows).ids),
            quotes=quote_view(read.take(rows[-_READ:]), view, QUOTES),
        )
        for view, rows in views
        if len(rows)
    )
