"""Which bursts to raise an alert for: one a cause.

A burst of all sources together is mostly that of one issue.  Its posts are told by the issue's
alert, and no second one is raised, when both hold:

- more than half of them are the issue's, which only one issue can say of itself;
- the other posts, held against what is usual among them, are no burst.

Half alone would hide a second cause: of 200 posts where 10 are usual, 100 may be about a pipe
and 100 about ten other things.  So the whole stands where several issues make it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from analysis.results import Burst, BurstWindow, Sensitivity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from analysis.posts import Ints
    from analysis.run import Analysis
    from minyi.runs import Look

_KNOWN = timedelta(days=15)


@dataclass(frozen=True, slots=True)
class Outbreak:
    """A burst to tell of; with an issue's, the burst of all sources that it is the cause of."""

    burst: Burst
    whole: Burst | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """Residents' posts of the last days: when, which, and of which issue that is told of (0: none)."""

    times: "Ints"
    post_ids: "Ints"
    issues: "Ints"

    def main_issue(self, posts: "Iterable[int]") -> int | None:
        """The issue that more than half of these posts are about."""
        wanted = set(posts)
        own = self.issues[np.isin(self.post_ids, list(wanted))]
        numbers, counts = np.unique(own[own > 0], return_counts=True)
        most = int(counts.argmax()) if len(counts) else 0
        return int(numbers[most]) if len(counts) and 2 * counts[most] > len(wanted) else None


def read_stream(look: "Look", zone: ZoneInfo, now: datetime) -> Stream:
    """Residents' posts as the run counts them; gossip may burst as it likes, so its issues are none."""
    from analysis.posts import read_posts

    posts = read_posts(look.inputs.posts, zone, look.days.last).residents
    own = posts.take(posts.at >= int((now - _KNOWN).timestamp()))
    issues = _issues_of(look.found, look.inputs.known.merged)
    numbers = np.array([issues.get(thread, 0) for thread in own.thread_id.tolist()], dtype=np.int64)
    return Stream(own.at, own.post_id, numbers)


def find_outbreaks(
    stream: Stream, now: datetime, sensitivity: Sensitivity, raised: "Collection[int]"
) -> tuple[Outbreak, ...]:
    """The strongest burst of each issue that ends now, then that of all sources if no issue tells of it.

    `raised` are the issues that have an alert which is not over.
    """
    from analysis.burst import detect_bursts

    found = detect_bursts(stream.times, stream.post_ids, stream.issues, now, sensitivity)
    own: dict[int, Burst] = {}
    for burst in found:
        if burst.issue_id is not None:
            own.setdefault(burst.issue_id, burst)
    wholes = [burst for burst in found if burst.issue_id is None]
    causes = [_cause_of(burst, stream, now, sensitivity, {*own, *raised}) for burst in wholes]
    told = {cause: burst for burst, cause in zip(reversed(wholes), reversed(causes), strict=True) if cause}
    alone = [burst for burst, cause in zip(wholes, causes, strict=True) if cause is None]
    return (
        *(Outbreak(burst, told.get(issue)) for issue, burst in own.items()),
        *(Outbreak(burst) for burst in alone[:1]),
    )


def _cause_of(
    whole: Burst, stream: Stream, now: datetime, sensitivity: Sensitivity, rising: "Collection[int]"
) -> int | None:
    """The one of these issues without which there would be no burst of all sources."""
    cause = stream.main_issue(whole.observed.posts)
    if cause not in rising or whole.window in _bursting_without(stream, cause, now, sensitivity):
        return None
    return cause


def _bursting_without(
    stream: Stream, issue: int | None, now: datetime, sensitivity: Sensitivity
) -> set[BurstWindow]:
    """The windows in which all posts but those of an issue are a burst."""
    from analysis.burst import detect_bursts

    rest = stream.issues != issue
    none = np.zeros(int(rest.sum()), dtype=np.int64)
    found = detect_bursts(stream.times[rest], stream.post_ids[rest], none, now, sensitivity)
    return {burst.window for burst in found}


def _issues_of(found: "Analysis", merged: Any) -> dict[int, int]:
    """Thread -> issue, for issues that are told of."""
    told = {issue.id for issue in (*found.result.issues, *found.result.praise)}
    whole = {thread: merged.get(part, part) for thread, part in found.issue_threads.items()}
    return {thread: issue for thread, issue in whole.items() if issue in told}
