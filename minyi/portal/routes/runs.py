"""Two runs side by side: what changed, and why."""

from fastapi import APIRouter
from starlette.responses import Response

from minyi.diff import TASKS, diff_runs
from minyi.portal.desk import Reader

router = APIRouter(prefix="/runs")


@router.get("/diff")
def show_difference(desk: Reader, left: int, right: int) -> Response:
    return desk.page("diff", here="", found=diff_runs(desk.workspace, left, right), tasks=TASKS)
