"""`minyi deliver`: sends an approved brief, once, and records what went to whom."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from minyi.cli.analyse import Day, First, Last
from minyi.cli.console import say, say_json
from minyi.config import Recipient
from minyi.errors import InputError
from minyi.workspace import Workspace


def deliver(
    context: typer.Context,
    day: Day = None,
    first: First = None,
    last: Last = None,
    as_json: Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")] = False,
) -> None:
    """把审定的简报送到收件人的文件夹；送过的不重送，待审的只给说好收待审稿的人。"""
    from minyi.brief_paths import brief_paths
    from minyi.runs import frozen_run, kind_of
    from pipelines.store.briefs import find_brief

    workspace: Workspace = context.obj()
    start, end = workspace.window(day, first, last)
    run = frozen_run(workspace, start, end)
    with workspace.engine.begin() as connection:
        brief = find_brief(connection, kind_of(start, end), start, end)
    if run is None or brief is None:
        raise InputError(f"{start} 还没有简报，请先运行 minyi brief")
    files = list(brief_paths(workspace, run).values())
    if missing := [file for file in files if not file.exists()]:
        raise InputError(f"简报文件 {missing[0]} 不在了，请重新运行 minyi brief")
    sent = [who.name for who in workspace.config.recipients if _send(workspace, brief, who, files)]
    if as_json:
        say_json({"sent": sent})
    else:
        say(
            f"送达：{'、'.join(sent)}。"
            if sent
            else "没有要送的：已经送过，或仍待审定（minyi brief approve）。"
        )


def _send(workspace: Workspace, brief: Any, who: Recipient, files: list[Any]) -> bool:
    """Copy the files to a recipient's folder unless that was done; one transaction with its record."""
    from pipelines.store.deliveries import claim_delivery
    from reports.write import write_atomically

    wanted = brief.kind in who.kinds and (brief.state == "approved" or who.drafts)
    if who.folder is None or not wanted:
        return False
    row = {"brief_id": brief.id, "channel": "folder", "recipient": who.name, "state": brief.state}
    with workspace.engine.begin() as connection:
        if not claim_delivery(connection, row | {"sent_at": datetime.now(UTC)}):
            return False
        who.folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            write_atomically(who.folder / file.name, file.read_bytes())
    return True
