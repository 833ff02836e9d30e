"""校正: the twenty posts that the models are least sure of, and a label a key."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form
from starlette.responses import Response

from minyi.corrections import LABELS, correct_post
from minyi.errors import InputError
from minyi.portal.desk import Analyst, Reader
from minyi.portal.queries.corrections import corrections_by_task, least_certain
from minyi.portal.words import SENTIMENTS

router = APIRouter(prefix="/corrections")

Task = Literal["sentiment", "intent", "category"]


@router.get("")
def show_corrections(desk: Reader, task: Task = "sentiment") -> Response:
    with desk.reading() as connection:
        posts = least_certain(connection, task, desk.workspace.reading_version)
        done = corrections_by_task(connection)
    return desk.page(
        "corrections",
        here="/corrections",
        task=task,
        posts=posts,
        done=done,
        labels=[(label, SENTIMENTS.get(label, label)) for label in LABELS[task]],
        sources={source.name: source.title for source in desk.workspace.config.sources},
    )


@router.post("/{post_id}")
def correct(
    desk: Analyst, post_id: int, task: Annotated[str, Form()], label: Annotated[str, Form()]
) -> Response:
    if label not in LABELS.get(task, ()):
        raise InputError("没有这个选项；请刷新“校正”这一页再选")
    correct_post(desk.workspace, str(post_id), {task: label}, staff=desk.visitor.name)
    return desk.go(f"/corrections?task={task}", "corrected")
