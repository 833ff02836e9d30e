"""The stage an issue is in, its return after silence, and the posts at which it turned."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

import numpy as np

from analysis.posts import Posts, moment
from analysis.replies import Clock
from analysis.results import Aspect, KeyPost, KeyPostKind, Reply, Stage

DORMANT = 7  # days of silence
AWAY = 14  # days of silence after which a new post is a return
RECENT = 3
FEWEST = 3  # fewer recent posts make neither a rise nor a peak
RISE = 1.5
QUIET_VOICES = 8  # an issue of more is not small
QUIET_DAYS = 3  # days on which somebody wrote
QUIET_SPAN = 14  # days since the first post
_ANSWERS_SHOWN = 3


def stage_of(residents: Posts, first: int, last: int) -> Stage:
    """The stage at the end of day `last`, in a run that begins on day `first` (ordinals)."""
    days = residents.days
    if not days or last - days[-1] >= DORMANT:
        return "dormant"
    if days[0] >= min(first, last - RECENT + 1):
        return "new"
    if returned_on(residents, first) is not None:
        return "returned"
    return _course(residents, last, days[0])


def _course(residents: Posts, last: int, born: int) -> Stage:
    recent = len(residents.between(last - RECENT + 1, last)) / RECENT
    span = max(1, min(DORMANT, last - RECENT - born + 1))
    earlier = len(residents.between(last - RECENT - span + 1, last - RECENT)) / span
    if recent * RECENT < FEWEST:
        return "falling"
    if recent > RISE * earlier:
        return "growing"
    return "peak" if recent >= earlier / RISE else "falling"


def returned_on(residents: Posts, first: int) -> tuple[int, int] | None:
    """The day since `first` on which somebody wrote after a long silence, and its days; None without one."""
    gaps = ((day, day - before) for before, day in pairwise(residents.days) if day >= first)
    return max((gap for gap in gaps if gap[1] > AWAY), default=None)


def is_quiet(residents: Posts, voices: int, began_day: int, last: int, clock: Clock) -> bool:
    """Whether a small issue has waited long for an answer while somebody kept writing."""
    waiting = clock.hours_open is not None
    persistent = len(residents.days) >= QUIET_DAYS and last - began_day >= QUIET_SPAN
    return waiting and persistent and voices <= QUIET_VOICES


def find_key_posts(
    posts: Posts,
    replies: tuple[Reply, ...],
    reopened_at: datetime | None,
    aspects: tuple[Aspect, ...],
    first: int,
) -> tuple[KeyPost, ...]:
    """Beginning, busiest day, turns, official posts and returns, in the order of time; a post once."""
    residents = posts.residents
    found = {
        key.post_id: key
        for key in reversed(list(_key_posts(residents, replies, reopened_at, aspects, first)))
    }
    return tuple(sorted(found.values(), key=lambda key: (key.at, key.post_id)))


def _key_posts(
    residents: Posts,
    replies: tuple[Reply, ...],
    reopened_at: datetime | None,
    aspects: tuple[Aspect, ...],
    first: int,
) -> Iterator[KeyPost]:
    """The weightier reason to show a post comes first."""
    yield _key(residents, 0, "first", "首次反映")
    yield from _official(replies)
    if reopened_at is not None:
        rows = np.flatnonzero(residents.at >= int(reopened_at.timestamp()))
        if len(rows):
            yield _key(residents, int(rows[0]), "reopened", "答复后再次反映")
    if (back := returned_on(residents, first)) is not None:
        row = int(np.flatnonzero(residents.day >= back[0])[0])
        yield _key(residents, row, "returned", f"隔{back[1]}天又有人反映")
    for aspect in aspects[1:]:
        row = int(np.flatnonzero(np.isin(residents.post_id, aspect.posts.posts))[0])
        words = "、".join(aspect.words[:3])
        yield _key(residents, row, "turn", f"话题转向：{words}" if words else "话题转向")
    days, counts = np.unique(residents.day, return_counts=True)
    if counts.max() >= FEWEST and len(days) > 1:
        row = int(np.flatnonzero(residents.day == days[counts.argmax()])[0])
        yield _key(residents, row, "busiest", "发帖最多的一天")


def _official(replies: tuple[Reply, ...]) -> Iterator[KeyPost]:
    """The first acknowledgement, and the answers: the first ones and the last; without a time none has a place."""
    dated = [(reply, reply.replied_at) for reply in replies if reply.replied_at is not None]
    received = [each for each in dated if each[0].acknowledges][:1]
    answers = [each for each in dated if not each[0].acknowledges]
    for reply, at in received:
        yield KeyPost(post_id=reply.post_id, at=at, kind="acknowledged", label=f"{reply.agency}受理")
    for reply, at in (*answers[: _ANSWERS_SHOWN - 1], *answers[-1:]):
        yield KeyPost(post_id=reply.post_id, at=at, kind="answer", label=f"{reply.agency}答复")


def _key(residents: Posts, row: int, kind: KeyPostKind, label: str) -> KeyPost:
    return KeyPost(post_id=int(residents.post_id[row]), at=moment(residents.at[row]), kind=kind, label=label)
