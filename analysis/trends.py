"""Daily counts."""

from collections import Counter
from datetime import date

from analysis.posts import Posts
from analysis.results import DayCount


def count_days(posts: Posts, first: int, last: int) -> tuple[DayCount, ...]:
    """One row a day from `first` to `last` (ordinals), empty days too; only residents' posts count."""
    written = Counter(posts.day[posts.resident].tolist())
    started = Counter(posts.day[posts.resident & posts.is_first].tolist())
    negative = Counter(posts.day[posts.negative].tolist())
    return tuple(
        DayCount(day=date.fromordinal(day), threads=started[day], posts=written[day], negative=negative[day])
        for day in range(first, last + 1)
    )
