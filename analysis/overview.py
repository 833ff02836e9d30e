"""What a brief's first page tells of all issues: how many are new or answered, where, since when."""

from datetime import datetime

import numpy as np

from analysis.cross import cross_threads
from analysis.issue import Window
from analysis.posts import Posts
from analysis.results import CrossTable, IssueResult, Mark


def cross_issues(posts: Posts, issues: tuple[IssueResult, ...], window: Window) -> CrossTable:
    """The issues' threads of the run's days; of the trend's days where the run is of one, which fills no cell."""
    single = window.first == window.last
    first = window.trend_first if single else window.first
    counted = posts.between(first, window.last)
    opened = [post for issue in issues for post in issue.threads.posts]
    asking = counted.take(np.isin(counted.post_id, opened))
    return cross_threads(asking, window.last - first + 1 if single else None)


def in_window(at: datetime, window: Window) -> bool:
    """Whether a moment is in the days of the run."""
    return window.first <= at.astimezone(window.zone).toordinal() <= window.last


def newly_answered(issue: IssueResult, window: Window) -> bool:
    """Whether the first answer came in the days of the run."""
    return issue.answered_at is not None and in_window(issue.answered_at, window)


def list_quiet(issues: tuple[IssueResult, ...]) -> tuple[int, ...]:
    """Small issues that have long waited for an answer, the longest first."""
    quiet = [issue for issue in issues if issue.quiet]
    return tuple(issue.id for issue in sorted(quiet, key=lambda issue: (issue.first_post_at, issue.id)))


def posts_of(posts: Posts, issues: tuple[IssueResult, ...]) -> Posts:
    """Those that are new in these issues."""
    listed = [post for issue in issues for post in issue.new_posts.posts]
    return posts.take(np.isin(posts.post_id, np.array(listed, dtype=np.int64)))


def mark_answers(issues: tuple[IssueResult, ...], window: Window) -> tuple[Mark, ...]:
    """The first answer to each issue in focus, where it is known to fall into the trend's days."""
    first = [(issue, issue.replies[0]) for issue in issues if issue.replies]
    marks = [
        Mark(
            at=at,
            label=f"{reply.agency}{'受理' if reply.acknowledges else '答复'}“{issue.title}”",
            post_id=reply.post_id,
        )
        for issue, reply in first
        if (at := reply.replied_at) is not None
        and at.astimezone(window.zone).toordinal() >= window.trend_first
    ]
    return tuple(sorted(marks, key=lambda mark: (mark.at, mark.post_id)))
