"""What every section is written from: the result, its words for time, and the evidence so far."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from analysis.results import IssueResult, RunResult
from reports.annex import EvidenceBook
from reports.model import Cover

LONG_DAYS = 30  # an issue this old and still without an answer is long-standing, however quiet
UNSETTLED = ("open", "acknowledged", "overdue", "recurring")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A brief in the making.  `focus` and `others` share out `by_heat`, hottest first."""

    result: RunResult
    cover: Cover
    book: EvidenceBook
    by_heat: tuple[IssueResult, ...]
    focus: tuple[IssueResult, ...]
    others: tuple[IssueResult, ...]
    quiet: int
    known: dict[int, IssueResult]  # left-out issues too
    zone: ZoneInfo

    @property
    def now(self) -> str:
        """The period in a word."""
        return "当日" if self.result.first_day == self.result.last_day else "本期"

    @property
    def before(self) -> str:
        """The period before, in a word."""
        return "前一日" if self.result.first_day == self.result.last_day else "上期"


def start_draft(whole: RunResult, cover: Cover, focus: int, department: str | None = None) -> Draft:
    """Choose the issues in focus: the hottest, and one that is quiet but long-standing."""
    omitted = {omission.issue_id for omission in cover.omissions}
    if department is not None:
        omitted |= {issue.id for issue in (*whole.issues, *whole.praise) if issue.department != department}
    result = _without(whole, omitted)
    if department is not None:
        orders = tuple(order for order in result.instructions if order.department == department)
        result = replace(result, instructions=orders)
    if result.kind == "alert":
        result = replace(result, issues=tuple(_so_far(issue, cover) for issue in result.issues))
    by_heat = sorted(result.issues, key=lambda issue: (-issue.heat.value, issue.id))
    chosen, quiet = by_heat[:focus], 0
    if not any(is_long_standing(issue, result) for issue in chosen):
        lasting = next((issue for issue in by_heat[focus:] if is_long_standing(issue, result)), None)
        if lasting is not None:
            chosen, quiet = [*chosen[:-1], lasting], 1
    ids = {issue.id for issue in chosen}
    return Draft(
        result=result,
        cover=cover,
        book=EvidenceBook(result),
        by_heat=tuple(by_heat),
        focus=tuple(chosen),
        others=tuple(issue for issue in by_heat if issue.id not in ids),
        quiet=quiet,
        known={issue.id: issue for issue in (*whole.issues, *whole.praise)},
        zone=ZoneInfo(result.timezone),
    )


def _so_far(issue: IssueResult, cover: Cover) -> IssueResult:
    """An alert is written before its day ends: nobody has waited for longer than until now."""
    if issue.hours_open is None:
        return issue
    since = (cover.made_at - issue.first_post_at).total_seconds() / 3600
    return replace(issue, hours_open=max(0.0, min(issue.hours_open, since)))


def _without(result: RunResult, omitted: set[int]) -> RunResult:
    """The result without some issues; totals stay, for their posts were counted."""
    if not omitted:
        return result
    return replace(
        result,
        issues=tuple(issue for issue in result.issues if issue.id not in omitted),
        praise=tuple(issue for issue in result.praise if issue.id not in omitted),
        suggestions=tuple(entry for entry in result.suggestions if entry.issue_id not in omitted),
    )


def age_in_days(issue: IssueResult, result: RunResult) -> int:
    """Days from the first post to the end of the run, both counted."""
    first = issue.first_post_at.astimezone(ZoneInfo(result.timezone)).date()
    return (result.last_day - first).days + 1


def is_long_standing(issue: IssueResult, result: RunResult) -> bool:
    return (
        issue.answer in UNSETTLED and issue.hours_open is not None and age_in_days(issue, result) >= LONG_DAYS
    )


def days_running(issue: IssueResult, result: RunResult) -> int:
    """Days in a row, up to the last of the run, on which somebody wrote about the issue."""
    written = {row.day for row in issue.daily if row.posts}
    running = 0
    while result.last_day.fromordinal(result.last_day.toordinal() - running) in written:
        running += 1
    return running
