"""`minyi schedule`: when briefs are made and sources crawled, and what is due now."""

from typing import Annotated, Literal

import typer

from minyi.cli.console import say, say_json
from minyi.workspace import Workspace

Kind = Literal["daily", "weekly"]
NOT_YET = 75  # EX_TEMPFAIL: whoever waits asks again


def schedule(
    context: typer.Context,
    daily: Annotated[str | None, typer.Option("--daily", help="日报几点做，如 06:30")] = None,
    weekly: Annotated[str | None, typer.Option("--weekly", help="周报几点做，如 07:00")] = None,
    weekly_day: Annotated[
        int | None, typer.Option("--weekly-day", help="星期几做周报，1 为星期一", min=1, max=7)
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="只列现在该做而还没做的简报和采集")] = False,
    reached: Annotated[
        Kind | None, typer.Option("--reached", help="到没到做这种简报的时间；没到以 75 退出，供定时任务等候")
    ] = None,
    day: Annotated[str | None, typer.Option("--day", help="与 --reached 同用：简报的最后一天")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")] = False,
) -> None:
    """看简报和采集的时间，或改简报的时间；来源的时间用 minyi source set 改。"""
    from minyi.brief_times import brief_times, set_brief_times

    workspace: Workspace = context.obj()
    if reached is not None:
        _wait_for(workspace, reached, day)
        return
    if due:
        _show_due(workspace, as_json)
        return
    times = brief_times(workspace)
    if any(value is not None for value in (daily, weekly, weekly_day)):
        times = set_brief_times(
            workspace, daily=daily, weekly=weekly, weekly_day=weekly_day, staff=workspace.staff
        )
    if as_json:
        say_json(times.model_dump())
        return
    say(f"日报：每天 {times.daily}　周报：星期{'一二三四五六日'[times.weekly_day - 1]} {times.weekly}")
    _show_sources(workspace)


def _wait_for(workspace: Workspace, kind: Kind, day: str | None) -> None:
    from minyi.brief_times import brief_times, is_time_for

    last = workspace.window(day)[1]
    if is_time_for(workspace, kind, last):
        say("到时间了。")
        return
    times = brief_times(workspace)
    at = times.daily if kind == "daily" else f"星期{'一二三四五六日'[times.weekly_day - 1]} {times.weekly}"
    say(f"还没到做简报的时间（{at}）。")
    raise typer.Exit(NOT_YET)


def _show_due(workspace: Workspace, as_json: bool) -> None:
    from minyi.brief_times import due_briefs
    from minyi.source_settings import due_sources

    briefs, sources = due_briefs(workspace), due_sources(workspace)
    if as_json:
        rows = [{"kind": each.kind, "first": str(each.first), "last": str(each.last)} for each in briefs]
        say_json({"briefs": rows, "sources": [source.name for source in sources]})
        return
    for each in briefs:
        say(f"{'日报' if each.kind == 'daily' else '周报'}：{each.first} 至 {each.last}")
    for source in sources:
        say(f"采集：{source.title}")
    if not briefs and not sources:
        say("现在没有该做的。")


def _show_sources(workspace: Workspace) -> None:
    from datetime import UTC, datetime

    from minyi.source_settings import effective_sources

    zone = workspace.config.office.zone
    for found in effective_sources(workspace):
        if found.source.engine == "file":
            continue
        following = found.schedule.following(datetime.now(UTC), zone).astimezone(zone)
        words = f"{found.schedule.words()}，下次 {following:%m月%d日 %H:%M}"
        say(f"{found.source.title}：{words if found.source.enabled else '已停用'}")
