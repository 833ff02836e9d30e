"""`minyi match`: finds the message that each official reply answers."""

from pathlib import Path
from typing import Annotated

import typer

from minyi.cli.console import note_unread_times, progress, say
from minyi.cli.out_file import check_folder
from minyi.workspace import Workspace


def match(
    context: typer.Context,
    messages: Annotated[
        Path, typer.Argument(help="留言表：message_id、title、text、posted_at", metavar="留言表")
    ],
    replies: Annotated[Path, typer.Argument(help="答复表：reply_id、text、replied_at", metavar="答复表")],
    out: Annotated[Path, typer.Option("--out", help="结果写到哪个 CSV", callback=check_folder)],
) -> None:
    """给每条官方答复找到它回答的留言，写出把握和其他可能。"""
    from analysis.match import match_replies
    from minyi.tables import check_result, read_frame, write_frame

    check_result(out, messages, replies)
    workspace: Workspace = context.obj(for_table=True)
    zone = workspace.config.office.zone
    asked = read_frame(
        messages, ("message_id", "title", "text", "posted_at"), "posted_at", ("title", "text"), zone
    )
    answers = read_frame(replies, ("reply_id", "text", "replied_at"), "replied_at", ("text",), zone)
    note_unread_times(asked["posted_at"])
    note_unread_times(answers["replied_at"])
    with progress("正在配对"):
        matched = match_replies(asked, answers)
    write_frame(out, matched)
    say(f"{len(answers)} 条答复已配对，写到 {out}。")
