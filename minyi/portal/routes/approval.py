"""审定: drafts, staff's notes on them, issues left out, and that a brief may go out."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.exceptions import HTTPException
from starlette.responses import Response

from minyi.approval import approve, clear_notes, mark_of, note_brief, omit_issue, restore_issue
from minyi.errors import InputError
from minyi.portal.desk import Desk, Reader, Staff
from minyi.portal.queries.briefs import find_brief, list_approved, list_drafts
from minyi.portal.queries.results import find_run, result_of
from pipelines.store.briefs import notes_of, omissions_of

router = APIRouter(prefix="/approval")


@router.get("")
def show_drafts(desk: Reader) -> Response:
    with desk.reading() as connection:
        drafts, approved = list_drafts(connection), list_approved(connection)
    return desk.page("drafts", here="/approval", drafts=drafts, approved=approved)


@router.get("/{brief_id}")
def show_draft(desk: Reader, brief_id: int) -> Response:
    with desk.reading() as connection:
        brief = find_brief(connection, brief_id)
        if brief is None:
            raise HTTPException(404)
        notes, omissions = notes_of(connection, brief_id), omissions_of(connection, brief_id)
        run, seen = find_run(connection, brief.run_id), mark_of(connection, brief_id)
    result = result_of(desk.workspace.engine, run) if run else None
    issues = [*result.issues, *result.praise] if result else []
    return desk.page(
        "draft",
        here="/approval",
        brief=brief,
        seen=seen,
        notes=notes,
        omissions=omissions,
        issues=_choices(issues, {row.issue_id for row in omissions}),
        titles={issue.id: issue.title for issue in issues},
    )


def _choices(issues: list[Any], omitted: set[int]) -> list[Any]:
    return [issue for issue in issues if issue.id not in omitted]


@router.post("/{brief_id}/approve")
def approve_draft(desk: Staff, brief_id: int, seen: Annotated[str, Form()] = "") -> Response:
    approve(desk.workspace, brief_id, staff=desk.visitor.name, seen=seen)
    return desk.go(f"/briefs/{brief_id}", "approved")


@router.post("/{brief_id}/note")
def note(desk: Staff, brief_id: int, text: Annotated[str, Form()] = "") -> Response:
    note_brief(desk.workspace, brief_id, text, staff=desk.visitor.name)
    return _back(desk, brief_id, "noted")


@router.post("/{brief_id}/unnote")
def unnote(desk: Staff, brief_id: int) -> Response:
    clear_notes(desk.workspace, brief_id, staff=desk.visitor.name)
    return _back(desk, brief_id, "unnoted")


@router.post("/{brief_id}/omit")
def omit(
    desk: Staff, brief_id: int, issue: Annotated[int, Form()], reason: Annotated[str, Form()] = ""
) -> Response:
    if not reason.strip():
        raise InputError("请写明略去的原因；它会印在简报的说明里")
    omit_issue(desk.workspace, brief_id, issue, reason, staff=desk.visitor.name)
    return _back(desk, brief_id, "omitted")


@router.post("/{brief_id}/restore")
def restore(desk: Staff, brief_id: int, issue: Annotated[int, Form()]) -> Response:
    restore_issue(desk.workspace, brief_id, issue, staff=desk.visitor.name)
    return _back(desk, brief_id, "restored")


def _back(desk: Desk, brief_id: int, said: str) -> Response:
    return desk.go(f"/approval/{brief_id}", said)
