"""`minyi export`: writes what the store holds, for other programs."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from minyi.cli.analyse import Day, First, Last
from minyi.cli.console import say
from minyi.cli.out_file import check_folder
from minyi.errors import InputError
from minyi.workspace import Workspace

if TYPE_CHECKING:
    from analysis.results import RunResult

app = typer.Typer(help="导出：帖子和主题帖（JSON），事项（表格），Open311 数据。", no_args_is_help=True)

SourceName = Annotated[str, typer.Option("--source", help="来源名")]
Out = Annotated[Path, typer.Option("--out", help="写到哪个 .jsonl 文件", callback=check_folder)]


@app.command("posts")
def posts(context: typer.Context, source: SourceName, out: Out) -> None:
    """导出帖子：编号、标题、时间、楼层、引用、正文等。"""
    from pipelines.store.exports import export_posts

    _export(context.obj(), source, out, export_posts)


@app.command("threads")
def threads(context: typer.Context, source: SourceName, out: Out) -> None:
    """导出主题帖：编号、标题、版块、浏览、回复、何时消失等。"""
    from pipelines.store.exports import export_threads

    _export(context.obj(), source, out, export_threads)


@app.command("issues")
def issues(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="写到哪个 .xlsx 或 .csv 文件", callback=check_folder)],
    day: Day = None,
    first: First = None,
    last: Last = None,
) -> None:
    """导出这一天（或这几天）的事项；XLSX 另有一张表，列出每件事项的全部帖子。"""
    from minyi.tables import write_sheets
    from reports.issue_table import ISSUE_COLUMNS, POST_COLUMNS, issue_rows, post_rows

    result = _result(context.obj(), day, first, last)
    write_sheets(
        out, {"事项": (ISSUE_COLUMNS, issue_rows(result)), "原帖": (POST_COLUMNS, post_rows(result))}
    )
    praise = f"，另有 {len(result.praise)} 件表扬" if result.praise else ""
    say(f"导出 {len(result.issues)} 件事项{praise}，写到 {out}。")


@app.command("open311")
def open311(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="写到哪个文件夹：services.json 和 requests.json")],
    day: Day = None,
    first: First = None,
    last: Last = None,
) -> None:
    """按 Open311 GeoReport v2 导出事项，供开放数据平台读取；只读，不含任何人的信息。"""
    from reports.open311 import service_requests, services
    from reports.write import write_atomically

    result = _result(context.obj(), day, first, last)
    for name, rows in (("services", services(result)), ("requests", service_requests(result))):
        write_atomically(out / f"{name}.json", json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    say(f"导出 {len(result.issues)} 件事项到 {out}。")


def _result(workspace: Workspace, day: str | None, first: str | None, last: str | None) -> "RunResult":
    """The frozen results of these days as they may be shown today."""
    from minyi.gone import without_gone
    from minyi.runs import frozen_run, result_of
    from pipelines.store.crawled import gone_ids

    start, end = workspace.window(day, first, last)
    run = frozen_run(workspace, start, end)
    if run is None:
        raise InputError(f"{start} 还没有分析过，请先运行 minyi analyse")
    with workspace.engine.begin() as connection:
        return without_gone(result_of(run), gone_ids(connection))


def _export(
    workspace: Workspace, source: str, out: Path, rows: Callable[..., Iterator[dict[str, Any]]]
) -> None:
    from pipelines.store.database import reading
    from reports.write import open_atomically

    name = workspace.config.source(source).name
    count = 0
    with reading(workspace.engine).connect() as connection, open_atomically(out) as file:
        for row in rows(connection, name):
            file.write((json.dumps(row, ensure_ascii=False) + "\n").encode())
            count += 1
    say(f"导出 {count} 行到 {out}。")
