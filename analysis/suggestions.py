"""What a brief may suggest: one action of a closed list an issue, none concerning posts or posters."""

from collections.abc import Sequence

from analysis.results import Action, IssueResult, Suggestion

_REPAIRS = ("照明", "道路设施", "排水积水", "供水供电供暖", "房屋安全")
_INSPECTIONS = (
    "噪声",
    "异味",
    "扬尘",
    "水污染",
    "大气污染",
    "固废垃圾",
    "养殖污染",
    "企业排放",
    "生态破坏",
    "市容环卫",
)
MANY = 3  # people asking the same question


def suggest(focus: Sequence[IssueResult], praise: Sequence[IssueResult]) -> tuple[Suggestion, ...]:
    """Suggestions for the issues in focus, in their order, then thanks."""
    proposals = [(issue, _action(issue)) for issue in focus] + [(issue, "thank") for issue in praise[:1]]
    return tuple(
        Suggestion(action=action, issue_id=issue.id, department=issue.department)
        for issue, action in proposals
        if action is not None
    )


def _action(issue: IssueResult) -> Action | None:
    if issue.hours_open is None and issue.answer != "recurring":
        return None
    asked = [demand for demand in issue.demands if demand.is_question and not demand.answered]
    if issue.answer == "recurring":
        return "inspect"
    if any(demand.count.value >= MANY for demand in asked):
        return "publish"
    if issue.category_detail in _REPAIRS:
        return "repair"
    if issue.category_detail in _INSPECTIONS:
        return "inspect"
    return "escalate" if issue.answer == "overdue" else "answer"
