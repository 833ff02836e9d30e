"""One piece of long work, until it is done."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from minyi.portal.desk import Reader

router = APIRouter(prefix="/jobs")

SECONDS = 3


@router.get("/{job_id:path}")
def show_job(desk: Reader, job_id: str) -> Response:
    progress = desk.portal.jobs.look(job_id, desk.visitor, desk.request)
    if progress is None:
        raise HTTPException(404)
    page = desk.page("job", here="", progress=progress)
    if progress.state == "running":
        page.headers["Refresh"] = str(SECONDS)
    return page
