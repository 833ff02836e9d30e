"""All that is known of one issue: its threads, how it stands, what staff did, leaders' instructions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from analysis.results import IssueResult, StaffState
from minyi.errors import InputError
from minyi.gone import without_gone
from minyi.known_issues import staff_states
from minyi.runs import result_of
from minyi.workspace import Workspace
from pipelines.store.audit import issue_subject, last_records
from pipelines.store.crawled import gone_ids
from pipelines.store.database import reading
from pipelines.store.instructions import all_instructions, instruction_states_of
from pipelines.store.issues import (
    find_issue,
    merged_issues,
    newest_runs,
    parts_of,
    states_of,
    thread_ids_of,
    threads_of,
)
from reports.clocks import status

RUNS = 14  # looked through for an issue, newest first
MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something staff did: in words, with their note and their name."""

    at: datetime
    issue_id: int
    words: str
    note: str | None
    staff: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadEntry:
    """One thread of an issue; `from_issue` is the merged issue it belongs to."""

    id: int
    title: str
    url: str
    source: str
    board: str | None
    first_post_at: datetime
    posts: int
    from_issue: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionEntry:
    """A leader's instruction as it stands now; `set_at` is when that was said."""

    id: int
    issue_id: int
    title: str
    text: str
    department: str
    due_on: date | None
    given_at: datetime
    state: str
    note: str | None
    set_at: datetime
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One issue.  `asked` is the number it was asked for by, `result` what the newest run that has it found."""

    asked: int
    id: int
    title: str
    place: str | None
    merged: tuple[int, ...]
    split_from: int | None
    first_post_at: datetime
    first_seen_at: datetime
    state: str | None
    department: str | None
    threads: tuple[ThreadEntry, ...]
    gone_threads: int
    changes: tuple[Change, ...]
    instructions: tuple[InstructionEntry, ...]
    run_id: int | None
    run_day: date | None
    result: IssueResult | None


def open_dossier(workspace: Workspace, issue_id: int) -> Dossier:
    """The issue with that number, or the one it is part of now; InputError when there is none."""
    with reading(workspace.engine).connect() as connection:
        number = merged_issues(connection).get(issue_id, issue_id)
        issue = find_issue(connection, number)
        if issue is None:
            raise InputError(f"没有第 {issue_id} 号事项；minyi issues 列出现有事项")
        state = staff_states(connection).get(number)
        threads = tuple(ThreadEntry(**row._mapping) for row in threads_of(connection, number))
        run, result = _newest_result(connection, number)
        orders = _instructions(connection, workspace.today())
        return Dossier(
            asked=issue_id,
            id=number,
            title=issue.title,
            place=issue.place,
            merged=tuple(parts_of(connection, number)[1:]),
            split_from=issue.split_from,
            first_post_at=issue.first_post_at,
            first_seen_at=issue.first_seen_at,
            state=state.state if state else None,
            department=state.department if state else None,
            threads=threads,
            gone_threads=len(thread_ids_of(connection, number)) - len(threads),
            changes=_changes(connection, issue),
            instructions=tuple(order for order in orders if order.issue_id == number),
            run_id=run.id if run else None,
            run_day=run.last_day if run else None,
            result=result,
        )


def issue_history(workspace: Workspace, issue_id: int) -> tuple[Change, ...]:
    """What staff did with an issue and its parts, oldest first."""
    with reading(workspace.engine).connect() as connection:
        issue = find_issue(connection, merged_issues(connection).get(issue_id, issue_id))
        return _changes(connection, issue) if issue is not None else ()


def open_instructions(workspace: Workspace) -> list[InstructionEntry]:
    """Leaders' instructions that are not done, oldest first."""
    return [order for order in every_instruction(workspace) if order.state != "已办结"]


def every_instruction(workspace: Workspace) -> list[InstructionEntry]:
    """All of them, oldest first."""
    with reading(workspace.engine).connect() as connection:
        return _instructions(connection, workspace.today())


def newest_issues(workspace: Workspace) -> tuple[Row[Any] | None, list[dict[str, Any]]]:
    """The newest run over all posts and its issues by falling heat, each as it stands now."""
    with reading(workspace.engine).connect() as connection:
        run = next(newest_runs(connection, 1), None)
        if run is None:
            return None, []
        found = without_gone(result_of(run), gone_ids(connection))
        states, into = staff_states(connection), merged_issues(connection)
    return run, [_entry(issue, states.get(into.get(issue.id, issue.id))) for issue in found.issues]


def _entry(issue: IssueResult, state: StaffState | None) -> dict[str, Any]:
    return {
        "id": issue.id,
        "title": issue.title,
        "heat": round(issue.heat.value, 1),
        "posts": issue.posts.value,
        "answer": status(issue).text,
        "state": state.state if state else None,
    }


def _newest_result(connection: Connection, number: int) -> tuple[Row[Any] | None, IssueResult | None]:
    for run in newest_runs(connection, RUNS):
        if any(entry["id"] == number for kind in ("issues", "praise") for entry in run.results[kind]):
            found = without_gone(result_of(run), gone_ids(connection))
            return run, next(issue for issue in (*found.issues, *found.praise) if issue.id == number)
    return None, None


def _instructions(connection: Connection, today: date) -> list[InstructionEntry]:
    into = merged_issues(connection)
    found = []
    for row in all_instructions(connection):
        number = into.get(row.issue_id, row.issue_id)
        issue = find_issue(connection, number)
        open_still = row.state != "已办结"
        found.append(
            InstructionEntry(
                id=row.id,
                issue_id=number,
                title=issue.title if issue is not None else "",
                text=row.text,
                department=row.department,
                due_on=row.due_on,
                given_at=row.given_at,
                state=row.state,
                note=row.note,
                set_at=row.set_at,
                overdue=open_still and row.due_on is not None and row.due_on < today,
            )
        )
    return found


def _changes(connection: Connection, issue: Row[Any]) -> tuple[Change, ...]:
    parts = parts_of(connection, issue.id)
    found = [
        *_states(connection, parts),
        *(change for part in parts for change in _deeds(connection, part)),
        *_beginning(connection, issue),
        *_orders(connection, parts),
    ]
    return tuple(sorted(found, key=lambda change: change.at))


def _states(connection: Connection, parts: Sequence[int]) -> Iterator[Change]:
    for row in states_of(connection, parts):
        words = f"{row.state}（{row.department}）" if row.department else row.state
        yield Change(at=row.set_at, issue_id=row.issue_id, words=words, note=row.note, staff=row.staff)


_DEEDS = {
    "issue.merge": "并入第 {merged} 号事项",
    "issue.unmerge": "第 {unmerged} 号事项恢复独立",
    "issue.apart": "确认与第 {other} 号不是同一件事",
    "issue.split": "拆出第 {into} 号事项",
    "issue.rename": "改名为“{title}”",
}


def _deeds(connection: Connection, part: int) -> Iterator[Change]:
    for row in last_records(connection, MOST, issue_subject(part)):
        if row.action not in _DEEDS:
            continue
        words = _DEEDS[row.action].format(**row.details)
        if row.action == "issue.rename" and row.details["title"] is None:
            words = "恢复自动取名"
        yield Change(at=row.done_at, issue_id=part, words=words, note=None, staff=row.staff)


def _beginning(connection: Connection, issue: Row[Any]) -> Iterator[Change]:
    """The split that this issue began with."""
    for row in last_records(connection, MOST, issue_subject(issue.split_from)):
        if row.action == "issue.split" and row.details["into"] == issue.id:
            words = f"由第 {issue.split_from} 号事项拆出"
            yield Change(at=row.done_at, issue_id=issue.id, words=words, note=None, staff=row.staff)


def _orders(connection: Connection, parts: Sequence[int]) -> Iterator[Change]:
    for order in all_instructions(connection):
        if order.issue_id not in parts:
            continue
        for row in instruction_states_of(connection, order.id):
            words = f"批示第 {order.id} 号（{order.department}）：{row.state}"
            yield Change(at=row.set_at, issue_id=order.issue_id, words=words, note=row.note, staff=row.staff)
