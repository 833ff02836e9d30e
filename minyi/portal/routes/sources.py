"""来源: how each did over thirty days, and its times, pace and off-switch."""

import math
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from minyi.brief_times import brief_times, set_brief_times
from minyi.errors import InputError
from minyi.portal.desk import Reader, Staff
from minyi.portal.health import say_history
from minyi.portal.jobs import Job
from minyi.portal.queries.crawls import last_successes, source_histories
from minyi.source_settings import effective_sources, set_source
from pipelines.store.schedules import source_setting_rows

router = APIRouter()


@router.get("/sources")
def show_sources(desk: Reader) -> Response:
    workspace = desk.workspace
    sources = effective_sources(workspace)
    names = [each.source.name for each in sources]
    with desk.reading() as connection:
        histories = source_histories(connection, names, workspace.today(), workspace.config.office.zone)
        successes = last_successes(connection, names)
        kept = source_setting_rows(connection)
    words = {each.source.name: say_history(each.source, histories[each.source.name]) for each in sources}
    return desk.page(
        "sources",
        here="/sources",
        sources=sources,
        histories=histories,
        successes=successes,
        kept=kept,
        said=words,
        schedule=brief_times(workspace),
    )


@router.post("/sources/{name}")
def change_source(
    desk: Staff,
    name: str,
    times: Annotated[str, Form()] = "",
    minutes: Annotated[str, Form()] = "",
    delay: Annotated[str, Form()] = "",
    enabled: Annotated[str, Form()] = "",
) -> Response:
    """An empty field is as in the configuration."""
    set_source(
        desk.workspace,
        name,
        enabled={"on": True, "off": False}.get(enabled),
        delay=_number(delay, "间隔"),
        times=_schedule(times, minutes),
        staff=desk.visitor.name,
    )
    return desk.go(f"/sources#{name}", "source")


def _schedule(times: str, minutes: str) -> list[str] | int | None:
    if minutes.strip() and times.strip():
        raise InputError("“每天几点”和“每隔多少分钟”只填一种")
    if minutes.strip():
        return round(_number(minutes, "每隔的分钟数") or 0)
    return times.replace("、", " ").replace("，", " ").replace(",", " ").split() or None


def _number(text: str, what: str) -> float | None:
    if not text.strip():
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{what}应写数字，现在写的是“{text}”")
    return number


@router.post("/sources/{name}/run")
def run_now(desk: Staff, name: str) -> Response:
    source = desk.workspace.config.source(name)
    if source.engine == "file":
        raise InputError(f"“{source.title}”是文件来源，用 minyi import 导入")
    job = Job("crawl", f"采集“{source.title}”", {"source": name})
    job_id = desk.portal.jobs.start(job, desk.visitor, desk.request)
    return desk.go(f"/jobs/{job_id}")


@router.post("/schedule")
def change_schedule(
    desk: Staff,
    daily: Annotated[str, Form()],
    weekly: Annotated[str, Form()],
    weekly_day: Annotated[int, Form(ge=1, le=7)],
) -> Response:
    set_brief_times(
        desk.workspace, daily=daily, weekly=weekly, weekly_day=weekly_day, staff=desk.visitor.name
    )
    return desk.go("/sources#schedule", "schedule")
