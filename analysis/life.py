"""The stage an issue is in, from its days."""

import numpy as np

from analysis.posts import Posts
from analysis.results import Stage

DORMANT = 7  # days of silence
AWAY = 14  # days of silence after which a new post is a return
RECENT = 3
FEWEST = 3  # fewer recent posts make neither a rise nor a peak
RISE = 1.5


def stage_of(residents: Posts, first: int, last: int) -> Stage:
    """The stage at the end of day `last`, in a run that begins on day `first` (ordinals)."""
    days = np.unique(residents.day)
    if not len(days) or last - days[-1] >= DORMANT:
        return "dormant"
    if days[0] >= min(first, last - RECENT + 1):
        return "new"
    gaps = np.diff(days)
    if (gaps[days[1:] >= first] > AWAY).any():
        return "returned"
    return _course(residents, last, int(days[0]))


def _course(residents: Posts, last: int, born: int) -> Stage:
    recent = len(residents.between(last - RECENT + 1, last)) / RECENT
    span = max(1, min(DORMANT, last - RECENT - born + 1))
    earlier = len(residents.between(last - RECENT - span + 1, last - RECENT)) / span
    if recent * RECENT < FEWEST:
        return "falling"
    if recent > RISE * earlier:
        return "growing"
    return "peak" if recent >= earlier / RISE else "falling"
