"""`minyi analyse`: groups posts into issues and freezes what was found."""

from functools import partial
from typing import Annotated

import typer

from minyi.cli.console import say, say_json
from minyi.journal import note_event
from minyi.workspace import Workspace

Day = Annotated[str | None, typer.Option("--day", help="哪一天，如 2026-11-22；默认昨天")]
First = Annotated[str | None, typer.Option("--from", help="从哪天起（与 --to 一起用）")]
Last = Annotated[str | None, typer.Option("--to", help="到哪天止（含这一天）")]


def analyse(
    context: typer.Context,
    day: Day = None,
    first: First = None,
    last: Last = None,
    as_json: Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")] = False,
) -> None:
    """把帖子归并成事项，算热度、回应和变化，并冻结结果。"""
    from minyi.runs import result_of, run_analysis
    from pipelines.store.patience import patiently

    workspace: Workspace = context.obj()
    start, end = workspace.window(day, first, last)
    run = patiently(partial(run_analysis, workspace, start, end))
    result = result_of(run)
    answer = {
        "run": run.id,
        "threads": result.threads.value,
        "posts": result.posts.value,
        "issues": len(result.issues),
    }
    note_event("run", **answer)
    if as_json:
        say_json(answer)
    else:
        days = f"{start}" if start == end else f"{start} 至 {end}"
        size = f"{answer['threads']} 个主题帖、{answer['posts']} 条帖子，列出 {answer['issues']} 件事项"
        say(f"第 {run.id} 次分析：{days}，{size}。")
