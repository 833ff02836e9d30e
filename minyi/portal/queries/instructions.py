"""Leaders' instructions as the pages list them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from pipelines.schema import instruction_states, instructions
from pipelines.store.instructions import all_instructions

CLOSED = "已办结"


def open_instructions(connection: Connection) -> Sequence[Row[Any]]:
    """Those that are not done, the first due first."""
    waiting = [row for row in all_instructions(connection) if row.state != CLOSED]
    return sorted(waiting, key=lambda row: (row.due_on is None, row.due_on or row.given_at.date(), row.id))


def done_instructions(connection: Connection) -> Sequence[Row[Any]]:
    """Those that are done, the newest first."""
    return [row for row in reversed(all_instructions(connection)) if row.state == CLOSED]


def of_issues(connection: Connection, issue_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """These issues' instructions with where each stands, oldest first."""
    own = select(instructions.c.id).where(instructions.c.issue_id.in_(issue_ids))
    newest = select(func.max(instruction_states.c.id)).group_by(instruction_states.c.instruction_id)
    last = newest.where(instruction_states.c.instruction_id.in_(own))
    query = (
        select(instructions, instruction_states.c.state, instruction_states.c.note)
        .join(instruction_states, instruction_states.c.instruction_id == instructions.c.id)
        .where(instruction_states.c.id.in_(last))
    )
    return connection.execute(query.order_by(instructions.c.id)).all()


def history_of(connection: Connection, instruction_ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """Instruction id -> where it stood over time, oldest first."""
    query = select(instruction_states).where(instruction_states.c.instruction_id.in_(instruction_ids))
    found: dict[int, list[Row[Any]]] = {number: [] for number in instruction_ids}
    for row in connection.execute(query.order_by(instruction_states.c.id)):
        found[row.instruction_id].append(row)
    return found
