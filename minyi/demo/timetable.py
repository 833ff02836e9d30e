"""When people post: awake, soon after one another, and never before what they answer."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from minyi.demo.scripts import PostScript, ThreadScript

SHANGHAI = ZoneInfo("Asia/Shanghai")
_EVENING = time(22, 30)


def post_times(
    script: ThreadScript, posts: Sequence[PostScript], today: date, dice: Random
) -> list[datetime]:
    """The times of a thread's posts, ascending; none later than this evening."""
    times: list[datetime] = []
    for post in posts:
        times.append(_post_time(script, post, times, today, dice))
    # Only what is written for today happens today: the days before must not run short of posts.
    last_day = max(post.day for post in posts if post.day is not None)
    return _squeezed(times, _last_moment(times[0], today, last_day, dice))


def _last_moment(start: datetime, today: date, last_day: int, dice: Random) -> datetime:
    if last_day >= 0:
        return datetime.combine(today, _EVENING, SHANGHAI)
    midnight = datetime.combine(today, time(0), SHANGHAI)
    return midnight - (midnight - start) * dice.uniform(0.02, 0.3)


def _post_time(
    script: ThreadScript, post: PostScript, before: Sequence[datetime], today: date, dice: Random
) -> datetime:
    wanted = _wanted(post, today, dice) or _next_time(script, before[-1], dice)
    if before and wanted <= before[-1]:
        wanted = before[-1] + timedelta(minutes=dice.uniform(2, 25))
    return wanted.replace(microsecond=0)


def _wanted(post: PostScript, today: date, dice: Random) -> datetime | None:
    if post.day is None:
        return None
    day = today + timedelta(days=post.day)
    if post.clock is None:
        return datetime.combine(day, time(8), SHANGHAI) + timedelta(minutes=dice.uniform(0, 840))
    exact = datetime.combine(day, time.fromisoformat(post.clock), SHANGHAI)
    return exact + timedelta(seconds=dice.uniform(0, 1500))


def _next_time(script: ThreadScript, after: datetime, dice: Random) -> datetime:
    later = after + timedelta(minutes=2 + dice.expovariate(1 / script.pace))
    if script.night or not 1 <= later.hour < 7:
        return later
    return datetime.combine(later.date(), time(7), SHANGHAI) + timedelta(minutes=dice.uniform(5, 150))


def _squeezed(times: list[datetime], end: datetime) -> list[datetime]:
    """The same order and rhythm, within what is left of the days."""
    start, last = times[0], times[-1]
    if last <= end:
        return times
    share = (end - start) / (last - start)
    return [(start + (moment - start) * share).replace(microsecond=0) for moment in times]
