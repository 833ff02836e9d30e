"""What a run is told of issues: how they were grouped, and all that staff decided."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from analysis.results import StaffState
from pipelines.store.instructions import all_instructions
from pipelines.store.issues import every_state, find_issue, first_posts, known_issues, merged_issues

if TYPE_CHECKING:
    from analysis.instructions import Instruction
    from analysis.settings import KnownIssues


def read_known_issues(connection: Connection) -> "KnownIssues":
    """Issues as they are stored now."""
    # Loaded where it is used: other commands only look at runs that are frozen.
    from analysis.settings import KnownIssues

    threads, titles, next_id = known_issues(connection)
    return KnownIssues(
        threads=threads,
        merged=merged_issues(connection),
        titles=titles,
        next_id=next_id,
        first_posts=first_posts(connection),
        states=staff_states(connection),
        instructions=_instructions(connection),
    )


def staff_states(connection: Connection) -> dict[int, StaffState]:
    """Issue id -> how staff last said it stands, at the department it was passed on to last."""
    into = merged_issues(connection)
    states: dict[int, StaffState] = {}
    for row in every_state(connection):
        issue = into.get(row.issue_id, row.issue_id)
        before = states.get(issue)
        states[issue] = StaffState(
            state=row.state,
            set_at=row.set_at,
            department=row.department or (before.department if before else None),
            note=row.note,
        )
    return states


def _instructions(connection: Connection) -> "tuple[Instruction, ...]":
    from analysis.instructions import Instruction

    into = merged_issues(connection)
    found = []
    for row in all_instructions(connection):
        number = into.get(row.issue_id, row.issue_id)
        issue = find_issue(connection, number)
        found.append(
            Instruction(
                id=row.id,
                issue_id=number,
                title=issue.title if issue is not None else "",
                text=row.text,
                department=row.department,
                given_at=row.given_at,
                due_on=row.due_on,
                state=row.state,
                note=row.note,
                set_at=row.set_at,
            )
        )
    return tuple(found)
