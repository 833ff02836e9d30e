"""`minyi backup` and `minyi restore`: a copy of the store, and the way back."""

from pathlib import Path
from typing import Annotated

import typer

from minyi.cli.console import note, say
from minyi.workspace import Workspace


def backup(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option("--to", help="写到哪个文件；默认数据目录下的 backups")] = None,
) -> None:
    """备份数据库，采集中也可以；作者密钥不在其中，请另外保管。"""
    from minyi.backup import back_up

    workspace: Workspace = context.obj()
    file = back_up(workspace, to)
    say(f"已备份到 {file}（{file.stat().st_size / 1e6:.1f} MB），完整性检查通过。")
    note(f"备份里没有作者密钥 {workspace.config.author_key}，也没有配置文件；请分开保管。")


def restore(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(
            help="备份文件；不写则只把按要求删去的再删一遍（PostgreSQL 恢复之后用）", metavar="文件"
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
) -> None:
    """从备份恢复；按要求删去的不会回来，原来的数据库留在旁边。"""
    from minyi.backup import restore as put_back
    from minyi.purge import reapply_refusals
    from minyi.refusal_file import take_back_refusals

    workspace: Workspace = context.obj()
    if file is None:
        take_back_refusals(workspace)
        say(f"按要求删去的已再删一遍：帖子 {reapply_refusals(workspace)} 条。")
        return
    if not yes:
        typer.confirm(f"要用 {file} 换下现在的数据库。确定吗？", abort=True, err=True)
    done = put_back(workspace, file, staff=workspace.staff)
    say(f"已恢复。按要求删去过的帖子又删去 {done.purged} 条。")
    if done.before:
        say(f"原来的数据库留在 {done.before}，确认无误后请删去：其中可能有按要求删去的内容。")
