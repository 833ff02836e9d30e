"""Choosing among issues: by what they are about and how they stand, never by who wrote."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from analysis.results import IssueResult
from minyi.portal.words import ANSWERS

UNKNOWN = "未定"
UNHANDLED = "未处理"


class Wanted(BaseModel):
    """What a visitor asked for; empty is everything."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_max_length=100)

    state: str = ""
    answer: str = ""
    district: str = ""
    category: str = ""
    department: str = ""
    quiet: bool = False
    page: int = Field(default=1, ge=1, le=10_000)


def choose(issues: Sequence[IssueResult], states: Mapping[int, Any], wanted: Wanted) -> list[IssueResult]:
    """The issues that fit everything asked for, in their order."""
    return [issue for issue in issues if _fits(issue, states.get(issue.id), wanted)]


def _fits(issue: IssueResult, state: Any, wanted: Wanted) -> bool:
    facts = (
        (wanted.state, state.state if state else UNHANDLED),
        (wanted.answer, issue.answer),
        (wanted.district, issue.district or UNKNOWN),
        (wanted.category, issue.category or UNKNOWN),
        (wanted.department, issue.department or UNKNOWN),
    )
    return all(not asked or asked == fact for asked, fact in facts) and (not wanted.quiet or issue.quiet)


def choices(issues: Sequence[IssueResult], states: Mapping[int, Any]) -> dict[str, list[tuple[str, str]]]:
    """For each field the values that occur, and what they are called."""
    answers = [(key, ANSWERS[key]) for key in ANSWERS if any(issue.answer == key for issue in issues)]
    return {
        "state": _same([UNHANDLED, *(state.state for state in states.values())]),
        "answer": answers,
        "district": _same(issue.district or UNKNOWN for issue in issues),
        "category": _same(issue.category or UNKNOWN for issue in issues),
        "department": _same(issue.department or UNKNOWN for issue in issues),
    }


def _same(values: Any) -> list[tuple[str, str]]:
    return [(value, value) for value in sorted(set(values), key=lambda value: (value == UNKNOWN, value))]
