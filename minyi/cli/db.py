"""`minyi db`: the store's schema."""

import typer

from minyi.cli.console import say
from minyi.workspace import Workspace

app = typer.Typer(help="数据库：建立与升级。", no_args_is_help=True)


@app.command("upgrade")
def upgrade(context: typer.Context) -> None:
    """把数据库升级到本程序需要的结构（其他命令也会自动做）。"""
    workspace: Workspace = context.obj()
    say(f"数据库结构已是最新：{workspace.engine.url.render_as_string()}")
