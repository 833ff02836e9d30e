"""`minyi housekeep`: what has been kept long enough goes, and the database is tidied."""

from dataclasses import asdict
from typing import Annotated

import typer

from minyi.cli.console import say, say_json
from minyi.workspace import Workspace

_NAMES = {
    "gone_texts": "论坛上已消失满 7 天的帖子（只清文字）",
    "masked_again": "旧规则遮盖的文字（按现在的规则再遮盖）",
    "posts": "过期的帖子",
    "superseded_runs": "被新结果取代的分析",
    "runs": "过期的分析和简报",
    "files": "过期的简报文件",
    "crawls": "过期的采集记录",
    "audit": "过期的操作记录",
    "job_logs": "过期的后台任务记录",
}


def housekeep(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只数会清理多少，什么也不改")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")] = False,
) -> None:
    """按配置的期限清理过期的内容，整理数据库；每天一次为宜。"""
    from minyi.retention import housekeep as run_housekeeping

    workspace: Workspace = context.obj()
    found = asdict(run_housekeeping(workspace, staff=workspace.staff, dry_run=dry_run))
    if as_json:
        say_json(found | {"dry_run": dry_run})
        return
    for name, words in _NAMES.items():
        say(f"{'会清理' if dry_run else '已清理'}{words}：{found[name]}")
    if not dry_run:
        say("数据库已整理。")
