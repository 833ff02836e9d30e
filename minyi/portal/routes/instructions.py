"""批示: leaders' instructions and where each stands."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from minyi.decisions import NEXT_INSTRUCTION_STATES, set_instruction_state
from minyi.portal.desk import Reader, Staff
from minyi.portal.queries.instructions import done_instructions, history_of, open_instructions
from minyi.portal.queries.issues import titles_of

router = APIRouter(prefix="/instructions")

SHOWN = 50


@router.get("")
def show_instructions(desk: Reader, done: bool = False) -> Response:
    with desk.reading() as connection:
        waiting, closed = open_instructions(connection), done_instructions(connection)
        shown = (closed if done else waiting)[:SHOWN]
        history = history_of(connection, [row.id for row in shown])
        titles = titles_of(connection, {row.issue_id for row in shown})
    return desk.page(
        "instructions",
        here="/instructions",
        rows=shown,
        titles=titles,
        history=history,
        done=done,
        counts={False: len(waiting), True: len(closed)},
        more=len(closed if done else waiting) - len(shown),
        today=desk.workspace.today(),
        following=NEXT_INSTRUCTION_STATES,
    )


@router.post("/{instruction_id}")
def change_instruction(
    desk: Staff, instruction_id: int, state: Annotated[str, Form()], note: Annotated[str, Form()] = ""
) -> Response:
    set_instruction_state(
        desk.workspace, instruction_id, state, staff=desk.visitor.name, note=note.strip() or None
    )
    return desk.go("/instructions", "instruction")
