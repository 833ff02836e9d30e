"""One piece of long work, until it is done."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from minyi.portal.desk import Desk, Reader
from minyi.portal.queries.briefs import find_brief
from minyi.portal.queries.topics import runs_before

router = APIRouter(prefix="/jobs")

SECONDS = 3


@router.get("/{job_id:path}")
def show_job(desk: Reader, job_id: str) -> Response:
    progress = desk.portal.jobs.look(job_id, desk.visitor, desk.request)
    if progress is None:
        raise HTTPException(404)
    page = desk.page("job", here="", progress=progress, compared=_compared(desk, progress.brief))
    if progress.state == "running":
        page.headers["Refresh"] = str(SECONDS)
    return page


def _compared(desk: Desk, brief_id: int | None) -> tuple[int, int] | None:
    """The run that a topic's new brief follows, and its own."""
    if brief_id is None:
        return None
    with desk.reading() as connection:
        brief = find_brief(connection, brief_id)
        before = runs_before(connection, {brief.topic}).get(brief.run_id) if brief else None
    return (before, brief.run_id) if brief and before else None
