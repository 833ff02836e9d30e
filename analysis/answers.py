"""How the issues that ask for an answer stand, over all and by department."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from analysis.results import DayCount, DepartmentStats, Figure, IssueResult, ReplyStats, Verdict

_VERDICTS: tuple[Verdict, ...] = ("better", "unchanged", "worse", "insufficient")


def count_answers(issues: Sequence[IssueResult]) -> ReplyStats:
    """Over all issues."""
    asking = _asking(issues)
    verdicts = Counter(effect.verdict for issue in asking if (effect := issue.told_effect))
    return ReplyStats(
        **_figures("replies", asking),
        untimed=_untimed("replies", asking),
        median_hours=_median_hours(asking),
        effects=tuple((verdict, verdicts[verdict]) for verdict in _VERDICTS),
    )


def count_departments(issues: Sequence[IssueResult]) -> tuple[DepartmentStats, ...]:
    """By department, in the order of their names; last, the issues that are nobody's yet, so that the sums agree."""
    own: dict[str | None, list[IssueResult]] = {}
    for issue in _asking(issues):
        own.setdefault(issue.department, []).append(issue)
    return tuple(
        DepartmentStats(
            department=name,
            **_figures(f"department.{name}", some),
            untimed=_untimed(f"department.{name}", some),
            median_hours=_median_hours(some),
            daily=_sum_days(some),
        )
        for name, some in sorted(own.items(), key=lambda entry: (entry[0] is None, entry[0] or ""))
    )


def issue_figure(key: str, issues: Sequence[IssueResult]) -> Figure:
    """The number of issues; its posts are the first post of each."""
    return Figure(key=key, value=len(issues), posts=tuple(issue.posts.posts[0] for issue in issues))


def _asking(issues: Sequence[IssueResult]) -> list[IssueResult]:
    return [
        issue
        for issue in issues
        if issue.hours_open is not None or issue.hours_to_answer is not None or issue.time_unknown
    ]


def _figures(key: str, asking: Sequence[IssueResult]) -> Mapping[str, Figure]:
    answered = [issue for issue in asking if issue.answer == "answered"]
    overdue = [issue for issue in asking if issue.answer == "overdue"]
    waiting = [issue for issue in asking if issue.answer in ("open", "acknowledged", "recurring")]
    parts = {"asking": asking, "answered": answered, "open": waiting, "overdue": overdue}
    return {name: issue_figure(f"{key}.{name}", some) for name, some in parts.items()}


def _untimed(key: str, asking: Sequence[IssueResult]) -> Figure | None:
    """Those the median leaves out though they were answered; None without any."""
    some = [issue for issue in asking if issue.time_unknown]
    return issue_figure(f"{key}.untimed", some) if some else None


def _median_hours(asking: Sequence[IssueResult]) -> float | None:
    hours = [issue.hours_to_answer for issue in asking if issue.hours_to_answer is not None]
    return round(float(np.median(hours)), 1) if hours else None


def _sum_days(issues: Sequence[IssueResult]) -> tuple[DayCount, ...]:
    sums: dict[date, list[int]] = {}
    for count in (count for issue in issues for count in issue.daily):
        own = sums.setdefault(count.day, [0, 0, 0])
        for place, value in enumerate((count.threads, count.posts, count.negative)):
            own[place] += value
    return tuple(
        DayCount(day=day, threads=threads, posts=posts, negative=negative)
        for day, (threads, posts, negative) in sorted(sums.items())
    )
