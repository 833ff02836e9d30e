"""`minyi issues FILE`: groups a table of messages into issues."""

from pathlib import Path
from typing import Annotated

import typer

from minyi.cli.console import progress, say
from minyi.workspace import Workspace

SHOWN = 10


def issues(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(help="留言表：message_id、title、text、posted_at（常见列名会自己认）", metavar="文件"),
    ],
    out: Annotated[Path, typer.Option("--out", help="结果写到哪个 CSV")],
) -> None:
    """把一张留言表归并成事项，写出每条属于哪件事，并列出热度前十。"""
    from analysis.messages import group_messages
    from minyi.tables import read_frame, write_frame

    workspace: Workspace = context.obj()
    needed = ("message_id", "title", "text", "posted_at")
    messages = read_frame(file, needed, "posted_at", ("title", "text"), workspace.config.office.zone)
    with progress("正在归并"):
        grouped = group_messages(messages)
    write_frame(out, grouped)
    top = grouped.drop_duplicates("issue_id").nsmallest(SHOWN, "rank")
    for row in top.itertuples():
        size = int((grouped["issue_id"] == row.issue_id).sum())
        say(f"{row.rank:>3}  {row.heat:>6.1f}  {size:>4} 条  {row.issue_title}")
