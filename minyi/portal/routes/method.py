"""说明: how the numbers are made, how good they are here, what is kept, and what never is."""

from fastapi import APIRouter
from starlette.responses import Response

from minyi.portal.desk import Reader
from minyi.portal.queries.results import latest_run, result_of
from minyi.portal.words import TASKS
from pipelines.corrections import load_layers

router = APIRouter(prefix="/method")


@router.get("")
def show_method(desk: Reader) -> Response:
    with desk.reading() as connection:
        run = latest_run(connection, "daily", "weekly")
    result = result_of(desk.workspace.engine, run) if run else None
    layers = load_layers(desk.workspace.layers_file)
    return desk.page(
        "method",
        here="/method",
        run=run,
        method=result.method if result else None,
        layers=[(TASKS[task], layers[task]) for task in TASKS if task in layers],
        version=desk.workspace.reading_version,
    )
