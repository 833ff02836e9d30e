"""A burst in words: how many in which time, against how many as a rule, and since when."""

from analysis.results import Burst, BurstWindow
from reports import words
from reports.draft import Draft
from reports.model import Line

WINDOWS: dict[BurstWindow, str] = {"hour": "1小时", "day": "24小时"}


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
