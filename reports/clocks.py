"""Answered or not, how long it took or has waited, and the office's own limit."""

from collections.abc import Callable
from datetime import timedelta

from analysis.results import Deadline, IssueResult
from reports import words
from reports.draft import Draft
from reports.model import Line, Span

GUESSED = "（节假日安排未收录，按周末推算）"


def status(issue: IssueResult) -> Span:
    """Answered or not."""
    match issue.answer:
        case "answered":
            return Span(text="已答复")
        case "overdue":
            return words.alert("超时未答复")
        case "recurring":
            closed = issue.state is not None and issue.state.state == "办结"
            return words.alert("办结后又现" if closed else "曾答复，又现")
        case "acknowledged":
            return Span(text="已受理，待答复")
        case "open":
            return words.strong("未答复") if issue.hours_open is not None else Span(text="无需答复")


def clock(issue: IssueResult, in_words: Callable[[float], str] = words.duration) -> str | None:
    """How long it took, or has been waiting; a recurring issue's clock would mislead."""
    if issue.answer == "answered":
        if issue.hours_to_answer is None:
            return "用时不明" if issue.time_unknown else None
        return f"历时{in_words(issue.hours_to_answer)}"
    if issue.answer == "recurring" or issue.hours_open is None:
        return None
    waited = in_words(issue.hours_open)
    return waited if waited.startswith("不足") else f"已{waited}"


def say_limit(draft: Draft, issue: IssueResult) -> list[Line]:
    """The clock in the office's working days, against its own limit for such a message."""
    limit = next((entry for entry in issue.deadlines if entry.limit == "office"), None)
    if limit is None or limit.working_days is None or issue.answer == "recurring":
        return []
    rule = (f"“{limit.kind}”类" if limit.kind else "") + f"{limit.working_days}个工作日"
    guessed = GUESSED if limit.guessed else ""
    if issue.answer != "answered" and not limit.overdue:
        return [(Span(text=f"答复时限{rule}，{_last_day(draft, limit)}到期{guessed}。"),)]
    if issue.working_days is None:
        return []
    taken = f"{issue.working_days}个工作日" if issue.working_days else "不足1个工作日"
    if issue.answer == "answered":
        kept = "超过" if limit.overdue else "未超"
        return [(Span(text=f"用时{taken}，{kept}{rule}的时限{guessed}。"),)]
    so_far = "已" if issue.working_days else ""
    return [(Span(text=f"{so_far}{taken}，超过{rule}的时限{guessed}。"),)]


def _last_day(draft: Draft, limit: Deadline) -> str:
    """A limit that ends at midnight ends with the day before."""
    return words.day_of(limit.due_at - timedelta(seconds=1), draft.zone)
