"""简报: every brief there is, and one with its forms, its versions and what staff added."""

from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from minyi.brief_paths import brief_paths
from minyi.portal.desk import Desk, Reader
from minyi.portal.queries.briefs import PAGE, find_brief, list_briefs, versions_of
from minyi.portal.queries.results import find_run
from minyi.portal.routes.topics import again
from minyi.portal.security import BRIEF_POLICY
from minyi.workspace import parse_day
from pipelines.store.topics import all_topics

router = APIRouter(prefix="/briefs")

Kind = Literal["", "daily", "weekly", "special", "alert"]
_TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}


@router.get("")
def show_briefs(
    desk: Reader,
    kind: Kind = "",
    number: Annotated[str, Query(pattern=r"^\d{0,6}$")] = "",
    day: str = "",
    before: int | None = None,
) -> Response:
    wanted = parse_day(day) if day else None
    with desk.reading() as connection:
        rows = list_briefs(
            connection, kind=kind or None, number=int(number) if number else None, day=wanted, before=before
        )
    older = rows[PAGE - 1].id if len(rows) > PAGE else None
    return desk.page(
        "briefs", here="/briefs", rows=rows[:PAGE], kind=kind, number=number, day=day, older=older
    )


@router.get("/{brief_id}")
def show_brief(desk: Reader, brief_id: int, e: Annotated[int | None, Query(ge=1)] = None) -> Response:
    brief = _brief(desk, brief_id)
    with desk.reading() as connection:
        versions = versions_of(connection, brief)
        saved = {row.name for row in all_topics(connection)}
    forms = [form for form, path in _files(desk, brief).items() if path.exists()]
    may_again = brief.kind == "special" and desk.may("staff")
    return desk.page(
        "brief",
        here="/briefs",
        brief=brief,
        versions=versions,
        forms=forms,
        evidence=e,
        again=again(desk, brief, saved) if may_again else None,
    )


@router.get("/{brief_id}/{form}")
def show_form(desk: Reader, brief_id: int, form: str, frame: bool = False) -> Response:
    """A form of the brief; the page in a frame is a document without script or origin."""
    path = _files(desk, _brief(desk, brief_id)).get(form)
    if path is None or not path.exists():
        raise HTTPException(404)
    shown = frame and form == "html"
    return FileResponse(
        path,
        media_type=_TYPES[form],
        filename=None if shown else path.name,
        headers={"Content-Security-Policy": BRIEF_POLICY},
    )


def _brief(desk: Desk, brief_id: int) -> Any:
    with desk.reading() as connection:
        brief = find_brief(connection, brief_id)
    if brief is None:
        raise HTTPException(404)
    return brief


def _files(desk: Desk, brief: Any) -> dict[str, Path]:
    with desk.reading() as connection:
        run = find_run(connection, brief.run_id)
    return brief_paths(desk.workspace, run) if run is not None else {}
