"""`minyi issues`: lists the issues of the newest run; with a file, groups a table of messages into issues."""

from pathlib import Path
from typing import Annotated

import typer

from minyi.cli.console import note_unread_times, progress, say, say_json
from minyi.cli.out_file import check_folder
from minyi.errors import InputError
from minyi.workspace import Workspace

SHOWN = 10


def issues(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(help="留言表：message_id、title、text、posted_at（常见列名会自己认）", metavar="文件"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="结果写到哪个 CSV（与文件一起用）", callback=check_folder)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="最近分析的事项写成一行 JSON")] = False,
) -> None:
    """列出最近一次分析的事项；给出留言表时，把它归并成事项，写出每条属于哪件事，并列出热度前十。"""
    workspace: Workspace = context.obj(for_table=file is not None)
    if (file is None) != (out is None) or (file and as_json):
        raise InputError(
            "留言表要和 --out 一起用，如 minyi issues 留言.csv --out 结果.csv；--json 只用于列出事项"
        )
    if file is None or out is None:
        _list(workspace, as_json)
    else:
        _group(workspace, file, out)


def _list(workspace: Workspace, as_json: bool) -> None:
    """The issues of the newest run, hottest first, each with how staff say it stands."""
    from minyi.dossier import newest_issues

    run, found = newest_issues(workspace)
    if as_json:
        say_json({"run": run.id if run else None, "issues": found})
        return
    if run is None:
        say("还没有分析过，请先运行 minyi analyse。")
        return
    say(f"{run.last_day} 的分析，{len(found)} 件事项；依次为编号、热度、帖数、答复、办理状态、标题：")
    for issue in found:
        how = f"{issue['answer']}  {issue['state'] or '未处理'}"
        say(f"[{issue['id']}] {issue['heat']:>6.1f}  {issue['posts']:>4} 条  {how}  {issue['title']}")


def _group(workspace: Workspace, file: Path, out: Path) -> None:
    from analysis.messages import group_messages
    from minyi.tables import check_result, read_frame, write_frame

    check_result(out, file)
    needed = ("message_id", "title", "text", "posted_at")
    messages = read_frame(file, needed, "posted_at", ("title", "text"), workspace.config.office.zone)
    note_unread_times(messages["posted_at"])
    with progress("正在归并"):
        grouped = group_messages(messages)
    write_frame(out, grouped)
    top = grouped.drop_duplicates("issue_id").nsmallest(SHOWN, "rank")
    for row in top.itertuples():
        size = int((grouped["issue_id"] == row.issue_id).sum())
        say(f"{row.rank:>3}  {row.heat:>6.1f}  {size:>4} 条  {row.issue_title}")
