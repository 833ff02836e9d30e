"""Leaders' instructions (批示) on issues, and where each stands."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from pipelines.schema import instruction_states, instructions


def add_instruction(connection: Connection, row: Mapping[str, Any]) -> int:
    """Store an instruction (issue_id, text, department, due_on, staff, given_at); its number."""
    return int(
        connection.execute(insert(instructions).values(dict(row)).returning(instructions.c.id)).scalar_one()
    )


def add_instruction_state(connection: Connection, row: Mapping[str, Any]) -> None:
    """Where an instruction stands from now on: instruction_id, state, note, staff, set_at."""
    connection.execute(insert(instruction_states).values(dict(row)))


def all_instructions(connection: Connection) -> Sequence[Row[Any]]:
    """Every instruction with its last state, note and set_at, oldest first."""
    newest = select(func.max(instruction_states.c.id)).group_by(instruction_states.c.instruction_id)
    last = select(instruction_states).where(instruction_states.c.id.in_(newest)).subquery()
    query = (
        select(instructions, last.c.state, last.c.note, last.c.set_at)
        .join(last, last.c.instruction_id == instructions.c.id)
        .order_by(instructions.c.given_at, instructions.c.id)
    )
    return connection.execute(query).all()


def find_instruction(connection: Connection, instruction_id: int) -> Row[Any] | None:
    """One instruction with its last state, or None."""
    return next((row for row in all_instructions(connection) if row.id == instruction_id), None)


def instruction_states_of(connection: Connection, instruction_id: int) -> Sequence[Row[Any]]:
    """Where it stood over time, oldest first."""
    query = select(instruction_states).where(instruction_states.c.instruction_id == instruction_id)
    return connection.execute(query.order_by(instruction_states.c.id)).all()
