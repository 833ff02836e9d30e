"""A burst in words: how many in which time, against how many as a rule, and since when."""

from collections.abc import Sequence

from analysis.results import Burst, BurstWindow, IssueResult, RunResult
from reports import words
from reports.draft import Draft
from reports.model import Line

ALL_SOURCES = "全部来源合计"
WINDOWS: dict[BurstWindow, str] = {"hour": "1小时", "day": "24小时"}


def issues_behind(burst: Burst, issues: Sequence[IssueResult]) -> tuple[IssueResult, ...]:
    """The issues that the posts of a burst are about, those with the most of them first."""
    return tuple(issue for _, issue in shares_of(burst, issues))


def shares_of(burst: Burst, issues: Sequence[IssueResult]) -> list[tuple[int, IssueResult]]:
    """How many of a burst's posts are about which issue, most first."""
    seen = set(burst.observed.posts)
    shares = [(len(seen.intersection(issue.posts.posts)), issue) for issue in issues]
    return [share for share in sorted(shares, key=lambda share: -share[0]) if share[0]]


def stream_bursts(result: RunResult) -> list[Burst]:
    """Those of all sources together."""
    return [burst for burst in result.bursts if burst.issue_id is None]


def own_burst(result: RunResult) -> bool:
    """Whether this tells of an issue that bursts, and of all sources only because of it."""
    return any(burst.issue_id is not None for burst in result.bursts)


def say_window(draft: Draft, burst: Burst) -> str:
    """In which time: what has just happened is counted in hours, what a brief looks back on in days."""
    if burst.window == "hour" or draft.result.kind == "alert":
        return f"近{WINDOWS[burst.window]}"
    one_day = draft.result.first_day == draft.result.last_day
    return draft.now if one_day else f"{words.day(draft.result.last_day)}当天"


def say_usual(burst: Burst) -> str:
    return f"平时约{burst.expected:.0f}帖" if burst.expected >= 1 else "平时不到1帖"


def say_burst(draft: Draft, burst: Burst, title: str) -> Line:
    window = say_window(draft, burst)
    return words.fill(
        "{window}{observed}，{usual}，{since}起升温。",
        window=window,
        observed=draft.book.cite(burst.observed, f"{title}：{window}", "帖"),
        usual=say_usual(burst),
        since=words.moment(burst.since, draft.zone),
    )
