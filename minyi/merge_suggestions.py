"""Pairs of issues that a run took for one matter: what staff need to decide, without what they decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import Connection

from analysis.results import IssueResult, RunResult
from minyi.gone import without_gone
from minyi.runs import result_of
from minyi.workspace import Workspace
from pipelines.store.audit import issue_subject, records_of
from pipelines.store.crawled import gone_ids
from pipelines.store.database import reading
from pipelines.store.issues import counted_issues, merged_issues, newest_runs

# What staff did to say that two issues are not one, and where the audit keeps the other's number.
_APART = {"issue.apart": "other", "issue.unmerge": "unmerged", "issue.split": "into"}


@dataclass(frozen=True, slots=True)
class Side:
    """One issue of a pair."""

    id: int
    title: str
    first_post_at: datetime
    threads: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two issues that may be one, the older first; `shared` is what both have, in words."""

    first: Side
    second: Side
    reason: str
    shared: tuple[str, ...]


def newest_pairs(workspace: Workspace) -> list[Pair]:
    """What the newest run over all posts suggests to merge, and nobody decided yet."""
    with reading(workspace.engine).connect() as connection:
        run = next(newest_runs(connection, 1), None)
        if run is None:
            return []
        return pairs_of(connection, without_gone(result_of(run), gone_ids(connection)))


def pairs_of(connection: Connection, result: RunResult) -> list[Pair]:
    """The pairs that a run suggests to merge, without those that staff merged since, or said are two matters."""
    into = merged_issues(connection)
    pairs: dict[tuple[int, int], str] = {}
    for suggestion in result.merge_suggestions:
        pairs.setdefault(_wholes(into, suggestion.first, suggestion.second), suggestion.reason)
    numbers = set(chain.from_iterable(pairs))
    apart = _told_apart(connection, into, numbers)
    sides = {row.id: Side(**row._mapping) for row in counted_issues(connection, numbers)}
    found = {issue.id: issue for issue in (*result.issues, *result.praise)}
    return [
        Pair(sides[first], sides[second], reason, _shared(found.get(first), found.get(second)))
        for (first, second), reason in pairs.items()
        if first != second and (first, second) not in apart and {first, second} <= sides.keys()
    ]


def _wholes(into: Mapping[int, int], first: int, second: int) -> tuple[int, int]:
    """The issues these are part of now, the older first."""
    one, other = sorted((into.get(first, first), into.get(second, second)))
    return one, other


def _told_apart(
    connection: Connection, into: Mapping[int, int], numbers: Iterable[int]
) -> set[tuple[int, int]]:
    """Pairs of issues of which staff said, by word or deed, that they are not one."""
    wanted = set(numbers)
    parts = wanted | {part for part, whole in into.items() if whole in wanted}
    subjects = {issue_subject(number): number for number in sorted(parts)}
    rows = records_of(connection, tuple(_APART), tuple(subjects))
    return {_wholes(into, subjects[row.subject], row.details[_APART[row.action]]) for row in rows}


_SHARED = {"place": "地点", "district": "区域", "category": "类别", "department": "部门"}


def _shared(first: IssueResult | None, second: IssueResult | None) -> tuple[str, ...]:
    """What the run found of both: the place, the district, the category, the department."""
    if first is None or second is None:
        return ()
    values = {name: getattr(first, name) for name in _SHARED if getattr(first, name) == getattr(second, name)}
    return tuple(f"{_SHARED[name]}：{value}" for name, value in values.items() if value)
