"""批示: leaders' instructions and where each stands."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from minyi.decisions import NEXT_INSTRUCTION_STATES, set_instruction_state
from minyi.dossier import every_instruction
from minyi.portal.desk import Reader, Staff
from minyi.portal.queries.instructions import history_of

router = APIRouter(prefix="/instructions")


@router.get("")
def show_instructions(desk: Reader, done: bool = False) -> Response:
    every = every_instruction(desk.workspace)
    shown = [entry for entry in every if (entry.state == "已办结") == done]
    with desk.reading() as connection:
        history = history_of(connection, [entry.id for entry in shown])
    return desk.page(
        "instructions",
        here="/instructions",
        entries=sorted(shown, key=lambda entry: (not entry.overdue, entry.given_at)),
        history=history,
        done=done,
        counts={True: sum(entry.state == "已办结" for entry in every), False: len(every)},
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
