"""`minyi alert`: after each crawl, looks for bursts and blind sources; staff take alerts up."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from minyi.cli.console import say, say_json
from minyi.errors import InputError
from minyi.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Row

app = typer.Typer(help="快报：看有没有突发和来源异常，同一起因只报一次。", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")]


@app.command("check")
def check(context: typer.Context, as_json: AsJson = False) -> None:
    """看现在有没有事项突增、来源取不到内容；有就写快报，静默时段过后再送。"""
    from minyi.alerts import check_alerts

    workspace: Workspace = context.obj()
    found = check_alerts(workspace)
    if as_json:
        sent = [entry.recipient for entry in found.delivered if entry.outcome == "sent"]
        say_json({"raised": [_plain(row) for row in found.raised], "sent": sent})
    else:
        for row, brief in zip(found.raised, found.briefs, strict=True):
            say(f"快报：{row.message}。待审稿，看过后审定：minyi brief approve --id {brief}")
        later = "静默时段内不送，过后再看时送。" if found.quiet and found.raised else ""
        say(
            f"新报 {len(found.raised)} 件，送出 {sum(e.outcome == 'sent' for e in found.delivered)} 份。{later}"
        )
    for entry in found.delivered:
        if entry.outcome in ("failed", "unknown"):
            say(f"{entry.recipient}：{entry.message}")
    if any(entry.outcome in ("failed", "unknown") for entry in found.delivered):
        raise typer.Exit(1)


@app.command("list")
def list_them(
    context: typer.Context,
    only_open: Annotated[bool, typer.Option("--open", help="只列没有人处理、也没有结束的")] = False,
    as_json: AsJson = False,
) -> None:
    """列出最近的快报：起因、何时、谁已知悉。"""
    from pipelines.store.alerts import list_alerts
    from pipelines.store.database import reading

    workspace: Workspace = context.obj()
    with reading(workspace.engine).connect() as connection:
        rows = list_alerts(connection, only_open=only_open)
    if as_json:
        say_json([_plain(row) for row in rows])
        return
    for row in rows:
        at = row.raised_at.astimezone(workspace.config.office.zone)
        state = (
            f"{row.acknowledged_by}已知悉" if row.acknowledged_by else "已结束" if row.over_at else "待处理"
        )
        say(f"{row.id:>4}  {at:%m-%d %H:%M}  {state}  {row.message}")
    if not rows:
        say("没有快报。")


@app.command("ack")
def acknowledge_it(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="快报编号，minyi alert list 里有", metavar="编号")],
) -> None:
    """已知悉：不再提醒这一件。"""
    from minyi.alerts import acknowledge

    workspace: Workspace = context.obj()
    if not acknowledge(workspace, number, staff=workspace.staff):
        raise InputError(f"没有第 {number} 号快报，或已经有人知悉；编号见 minyi alert list")
    say(f"第 {number} 号快报已知悉。")


def _plain(row: "Row[Any]") -> dict[str, Any]:
    names = ("id", "kind", "issue_id", "source", "message", "raised_at", "acknowledged_by", "over_at")
    return {name: getattr(row, name) for name in names}
