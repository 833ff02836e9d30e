"""`minyi brief`: turns a run's frozen results into documents, as a draft; `brief approve` ends that."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from minyi.cli.analyse import Day, First, Last
from minyi.cli.console import say, say_json
from minyi.errors import InputError
from minyi.workspace import Workspace

if TYPE_CHECKING:
    pass

app = typer.Typer(help="简报：由分析结果写成 HTML 和 PDF，先是待审稿。", invoke_without_command=True)


@app.callback()
def brief(
    context: typer.Context,
    day: Day = None,
    first: First = None,
    last: Last = None,
    out: Annotated[Path | None, typer.Option("--out", help="写到哪个文件夹；默认数据目录下的 briefs")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")] = False,
) -> None:
    """把这一天（或这几天）的分析结果写成简报；还没分析过的会先分析。"""
    if context.invoked_subcommand is not None:
        return
    from minyi.briefs import make_brief

    workspace: Workspace = context.obj()
    answer = make_brief(workspace, *workspace.window(day, first, last), out)
    if as_json:
        say_json(answer)
        return
    for form in workspace.config.brief.forms:
        say(f"{form.upper():<4} {answer[form]}")
    for line in answer["headline"]:
        say(line)


@app.command("approve")
def approve(context: typer.Context, day: Day = None, first: First = None, last: Last = None) -> None:
    """审定一期简报：去掉“待审”，之后才会发送。"""
    from minyi.briefs import make_brief
    from minyi.runs import kind_of
    from pipelines.store.briefs import approve_brief, find_brief

    workspace: Workspace = context.obj()
    start, end = workspace.window(day, first, last)
    with workspace.engine.begin() as connection:
        found = find_brief(connection, kind_of(start, end), start, end)
        if found is None:
            raise InputError(f"{start} 还没有简报，请先运行 minyi brief")
        approve_brief(connection, found.id)
    make_brief(workspace, start, end)
    say(f"{start} 的简报已审定，可以送出：minyi deliver")
