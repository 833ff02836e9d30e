"""A burst in words: how many in which time, against how many as a rule, and since when."""

from analysis.results import Burst, BurstWindow
from reports import words
from reports.draft import Draft
from reports.model import Line

WINDOWS: dict[BurstWindow, str] = {"hour": "1小时", "day": "1天"}


def say_usual(burst: Burst) -> str:
    return f"平时约{burst.expected:.0f}帖" if burst.expected >= 1 else "平时不到1帖"


def say_burst(draft: Draft, burst: Burst, title: str) -> Line:
    return words.fill(
        "近{window}{observed}，{usual}，{since}起升温。",
        window=WINDOWS[burst.window],
        observed=draft.book.cite(burst.observed, f"{title}：近{WINDOWS[burst.window]}", "帖"),
        usual=say_usual(burst),
        since=words.moment(burst.since, draft.zone),
    )
