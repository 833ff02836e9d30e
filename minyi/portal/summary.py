"""A brief in short: the same words and numbers as the whole, without drawing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from analysis.results import RunResult
from minyi.workspace import Workspace
from reports.brief import build_brief
from reports.model import Brief, Cards, Cover, IssueCard, Layout, Omission


@dataclass(frozen=True, slots=True)
class Summary:
    """What a page shows of a brief."""

    brief: Brief
    cards: Cards | None
    issues: tuple[IssueCard, ...]


def summarise(
    workspace: Workspace, result: RunResult, brief: Row[Any], omissions: Sequence[Row[Any]]
) -> Summary:
    """The head of a brief: warnings, headlines, sources, its large numbers, its first issues."""
    config = workspace.config
    cover = Cover(
        office=config.office.name,
        number=brief.number,
        year=brief.year,
        state=brief.state,
        made_at=brief.made_at,
        topic=brief.topic or None,
        omissions=tuple(Omission(issue_id=row.issue_id, reason=row.reason) for row in omissions),
    )
    layout = Layout(circulation=config.brief.cover_line, titles=config.brief.titles)
    model = build_brief(result, cover, focus=config.thresholds.focus_issues, layout=layout)
    blocks = [block for section in model.sections for block in section.blocks]
    return Summary(
        brief=model,
        cards=next((block for block in blocks if isinstance(block, Cards)), None),
        issues=tuple(block for block in blocks if isinstance(block, IssueCard)),
    )
