"""`minyi deliver`: sends an approved brief, once, and records what went to whom."""

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from minyi.cli.analyse import Day, First, Last
from minyi.cli.brief import KINDS, Number, find_brief_id
from minyi.cli.console import say, say_json
from minyi.errors import InputError
from minyi.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Row

    from minyi.delivery import Delivered

OUTCOMES = {
    "sent": "已送到",
    "already": "送过了",
    "failed": "没有送到",
    "unknown": "不知是否送到",
    "empty": "没有涉及",
}


def deliver(
    context: typer.Context,
    day: Day = None,
    first: First = None,
    last: Last = None,
    number: Number = None,
    resend: Annotated[bool, typer.Option("--resend", help="送过的也再送一次")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")] = False,
) -> None:
    """把审定的简报送给收件人；送过的不重送，待审的只给说好收待审稿的人。"""
    from minyi.delivery import deliver_brief
    from pipelines.store.patience import patiently

    workspace: Workspace = context.obj()
    wanted = patiently(partial(find_brief_id, workspace, number, day, first, last))
    run, brief = patiently(partial(_read, workspace, wanted))
    done = deliver_brief(workspace, run, brief, resend=resend)
    if as_json:
        sent = list(dict.fromkeys(entry.recipient for entry in done if entry.outcome == "sent"))
        say_json({"sent": sent, "deliveries": [asdict(entry) for entry in done]})
    else:
        _say(done)
        if not done:
            say(_nobody(workspace, brief))
    if any(entry.outcome in ("failed", "unknown") for entry in done):
        raise typer.Exit(1)


def _read(workspace: Workspace, brief_id: int) -> "tuple[Row[Any], Row[Any]]":
    """The run that the brief was written from, and the brief."""
    from pipelines.store.briefs import get_brief, run_of
    from pipelines.store.database import reading

    with reading(workspace.engine).connect() as connection:
        run = run_of(connection, brief_id)
        if run is None:
            raise InputError(f"没有编号为 {brief_id} 的简报；编号见 minyi brief list")
        return run, get_brief(connection, brief_id)


def _nobody(workspace: Workspace, brief: "Row[Any]") -> str:
    """Why it went to nobody."""
    kind = KINDS[brief.kind]
    if not any(brief.kind in who.kinds for who in workspace.config.recipients):
        return f"没有要送的：配置的 recipients 里没有人收{kind}。"
    return f"没有送：这期{kind}还没有审定。看过后请运行 minyi brief approve --id {brief.id}"


def _say(done: "tuple[Delivered, ...]") -> None:
    from minyi.delivery import CHANNELS

    for entry in done:
        why = f"：{entry.message}" if entry.message else ""
        where = (
            f"{CHANNELS[entry.channel]} {entry.address}"
            if entry.channel == "mail"
            else CHANNELS[entry.channel]
        )
        say(f"{entry.recipient}（{where}）{OUTCOMES[entry.outcome]}{why}")
