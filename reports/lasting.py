"""Issues that have waited for long: the quiet ones above all, which heat alone would never show."""

from analysis.results import IssueResult
from reports import words
from reports.annex import FEW_SHOWN
from reports.clocks import status
from reports.draft import Draft, age_in_days, is_long_standing
from reports.model import Bullets, Line, Section, Span
from reports.sections import nothing

TITLE = "长期未决"
SHORT = 24
MOST = 8
MOST_QUIET = 3


def quiet(draft: Draft) -> Section:
    """Small, unanswered, long-lasting, and without a card of their own; a section only where there are any."""
    shown = {issue.id for issue in draft.focus}
    waiting = [issue for issue in _waiting(draft) if issue.id not in shown]
    if not waiting:
        return Section(key="lasting", title=TITLE, note=(), blocks=(), empty=True)
    return _list(draft, waiting, MOST_QUIET, "声音不大、久未解决，由早到晚")


def lasting(draft: Draft) -> Section:
    """Quiet or not: all that have waited for long."""
    waiting = _waiting(draft)
    if not waiting:
        return nothing(draft, "lasting", TITLE, "{now}没有久拖未决的事项。")
    return _list(draft, waiting, MOST, "声音不大或拖过三十天、仍未解决，由早到晚")


def _waiting(draft: Draft) -> list[IssueResult]:
    """Those that analysis calls quiet, and those open for a month; the oldest first."""
    ids = set(draft.result.quiet)
    found = [
        issue
        for issue in draft.by_heat
        if issue.id in ids or issue.quiet or is_long_standing(issue, draft.result)
    ]
    return sorted(found, key=lambda issue: (issue.first_post_at, issue.id))


def _list(draft: Draft, waiting: list[IssueResult], most: int, note: str) -> Section:
    left = len(waiting) - most
    note += f"；另有{left}项未列" if left > 0 else ""
    items = tuple(_say(draft, issue) for issue in waiting[:most])
    return Section(key="lasting", title=TITLE, note=(Span(text=note),), blocks=(Bullets(items=items),))


def _say(draft: Draft, issue: IssueResult) -> Line:
    title = words.shorten(issue.title, SHORT)
    return words.fill(
        "{title}：{first}起，断续{age}天，{days}天有人反映，累计{posts}；{status}。",
        title=words.strong(title),
        first=words.day_of(issue.first_post_at, draft.zone),
        age=age_in_days(issue, draft.result),
        days=issue.days,
        posts=draft.book.cite(issue.posts, f"{title}：全部帖子", "帖", most=FEW_SHOWN),
        status=status(issue),
    )
