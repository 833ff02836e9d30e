"""Runs: which there are, and two side by side: what changed, and why."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from minyi.diff import TASKS, diff_runs
from minyi.errors import InputError
from minyi.portal.desk import Reader
from minyi.portal.queries.briefs import briefs_of_runs
from minyi.portal.routes.briefs import Kind
from pipelines.store.runs import list_runs

router = APIRouter(prefix="/runs")

SHOWN = 60


@router.get("")
def show_runs(desk: Reader, kind: Kind = "", topic: Annotated[str, Query(max_length=256)] = "") -> Response:
    with desk.reading() as connection:
        rows = list_runs(connection, SHOWN, kind=kind or None, topic=topic or None)
        briefs = briefs_of_runs(connection, [row.id for row in rows])
    return desk.page(
        "runs", here="/briefs", rows=rows, briefs=briefs, kind=kind, topic=topic, chosen=_newest_pair(rows)
    )


def _newest_pair(rows: Sequence[Any]) -> dict[str, int]:
    """The newest run, and the one before it of its kind and topic: what most want to compare."""
    if len(rows) < 2:
        return {}
    newest, *others = rows
    like = [row for row in others if (row.kind, row.topic) == (newest.kind, newest.topic)]
    return {"left": (like or others)[0].id, "right": newest.id}


@router.get("/diff")
def show_difference(desk: Reader, left: int, right: int) -> Response:
    if left == right:
        raise InputError("“先前”和“后来”选的是同一次分析，请选两次不同的")
    found = diff_runs(desk.workspace, left, right)
    with desk.reading() as connection:
        briefs = briefs_of_runs(connection, [left, right])
    return desk.page("diff", here="/briefs", found=found, briefs=briefs, tasks=TASKS)
