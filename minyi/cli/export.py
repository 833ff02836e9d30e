"""`minyi export`: writes what the store holds, for other programs."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from minyi.cli.console import say
from minyi.workspace import Workspace

app = typer.Typer(help="导出库中的帖子或主题帖，每行一个 JSON。", no_args_is_help=True)

SourceName = Annotated[str, typer.Option("--source", help="来源名")]
Out = Annotated[Path, typer.Option("--out", help="写到哪个 .jsonl 文件")]


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
