"""`minyi brief`: turns a run's frozen results into documents, as a draft; `brief approve` ends that."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from minyi.cli.analyse import Day, First, Last
from minyi.cli.console import say, say_json
from minyi.errors import InputError
from minyi.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy import Row

app = typer.Typer(
    help="简报：由分析结果写成 HTML、PDF、DOCX 和 JSON，先是待审稿。", invoke_without_command=True
)

LISTED = 30
KINDS = {"daily": "日报", "weekly": "周报", "special": "专报", "alert": "快报"}
STATES = {"draft": "待审", "approved": "已审"}

Number = Annotated[
    int | None, typer.Option("--id", help="简报编号（minyi brief list 里有），专报和快报用它指明")
]
AsJson = Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")]


@app.callback()
def brief(
    context: typer.Context,
    day: Day = None,
    first: First = None,
    last: Last = None,
    out: Annotated[Path | None, typer.Option("--out", help="写到哪个文件夹；默认数据目录下的 briefs")] = None,
    department: Annotated[
        str | None, typer.Option("--department", help="只写这个部门主办的事项，另存一份")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """把这一天（或这几天）的分析结果写成简报；还没分析过的会先分析。"""
    if context.invoked_subcommand is not None:
        return
    from minyi.briefs import make_brief
    from minyi.runs import frozen_run, run_analysis
    from pipelines.store.patience import patiently

    workspace: Workspace = context.obj()
    days = workspace.window(day, first, last)
    run = patiently(lambda: frozen_run(workspace, *days) or run_analysis(workspace, *days))
    if department is not None:
        _check_department(workspace, run, department)
    answer = patiently(partial(make_brief, workspace, run, out, department=department))
    if as_json:
        say_json(answer)
        return
    for form in workspace.config.brief.forms:
        say(f"{form.upper():<4} {answer[form]}")
    for line in answer["headline"]:
        say(line)
    if answer["reopened"]:
        say("这期简报审定过，但分析结果有变，已退回待审；看过后请重新审定：minyi brief approve")
    elif answer["state"] == "approved":
        say("这期简报审定过，分析结果没有变，仍是已审。")
    else:
        say(next_step(answer))


def next_step(answer: "Mapping[str, Any]") -> str:
    """What to do with a draft."""
    return f"这是待审稿；看过后审定：minyi brief approve --id {answer['brief']}"


def _check_department(workspace: Workspace, run: "Row[Any]", name: str) -> None:
    """A mistyped name would make an empty brief, as if that office had nothing to do.

    Staff may have passed an issue to an office that the configuration does not name.
    """
    from minyi.runs import result_of

    result = result_of(run)
    known = dict.fromkeys(workspace.config.department_names)
    known |= dict.fromkeys(issue.department for issue in (*result.issues, *result.praise) if issue.department)
    if name not in known:
        raise InputError(f"没有名为“{name}”的部门；可写：{'、'.join(known) or '（一个也没有）'}")


@app.command("list")
def list_them(context: typer.Context, as_json: AsJson = False) -> None:
    """列出最近的简报：编号、期数、日期、待审还是已审、谁审定的。"""
    from pipelines.store.briefs import list_briefs
    from pipelines.store.database import reading

    workspace: Workspace = context.obj()
    with reading(workspace.engine).connect() as connection:
        rows = list_briefs(connection, LISTED)
    if as_json:
        say_json({"briefs": [dict(row._mapping) for row in rows]})
        return
    for row in rows:
        days = f"{row.first_day}" if row.first_day == row.last_day else f"{row.first_day} 至 {row.last_day}"
        approved = f"，{row.approved_by}审定" if row.approved_by else ""
        topic = f" {row.topic}" if row.topic else ""
        say(
            f"[{row.id}] {KINDS[row.kind]} {row.year} 年第 {row.number} 期 {days}{topic} {STATES[row.state]}{approved}"
        )
    if not rows:
        say("还没有简报，请先运行 minyi brief。")


@app.command("approve")
def approve_it(
    context: typer.Context, day: Day = None, first: First = None, last: Last = None, number: Number = None
) -> None:
    """审定一期简报：去掉“待审”，记下谁在什么时候审定，之后才会送出。"""
    from minyi.approval import approve

    workspace: Workspace = context.obj()
    brief_id = find_brief_id(workspace, number, day, first, last)
    approve(workspace, brief_id, staff=workspace.staff)
    say(f"简报已审定，可以送出：minyi deliver --id {brief_id}")


@app.command("note")
def note(
    context: typer.Context,
    text: Annotated[str | None, typer.Argument(help="批注内容，署名是你", metavar="文字")] = None,
    day: Day = None,
    first: First = None,
    last: Last = None,
    number: Number = None,
    clear: Annotated[bool, typer.Option("--clear", help="撤去这期简报的全部批注")] = False,
) -> None:
    """给一期简报加署名批注；审定过的会退回待审。"""
    from minyi.approval import clear_notes, note_brief

    if (text is None) != clear:
        raise InputError("请写批注内容，或用 --clear 撤去全部批注")
    workspace: Workspace = context.obj()
    brief_id = find_brief_id(workspace, number, day, first, last)
    if text is None:
        _say_changed("已撤去批注。", clear_notes(workspace, brief_id, staff=workspace.staff))
    else:
        _say_changed("已加批注。", note_brief(workspace, brief_id, text, staff=workspace.staff))


@app.command("omit")
def omit(
    context: typer.Context,
    issue: Annotated[int, typer.Argument(help="事项编号", metavar="编号")],
    reason: Annotated[str, typer.Option("--reason", help="理由，会写进简报")] = "",
    day: Day = None,
    first: First = None,
    last: Last = None,
    number: Number = None,
    undo: Annotated[bool, typer.Option("--undo", help="重新列入")] = False,
) -> None:
    """把一件事项从一期简报中撤下，并写明理由；审定过的会退回待审。"""
    from minyi.approval import omit_issue, restore_issue

    workspace: Workspace = context.obj()
    brief_id = find_brief_id(workspace, number, day, first, last)
    if undo:
        reopened = restore_issue(workspace, brief_id, issue, staff=workspace.staff)
    else:
        reopened = omit_issue(workspace, brief_id, issue, reason, staff=workspace.staff)
    _say_changed(f"第 {issue} 号事项{'重新列入' if undo else '不再列入'}这期简报。", reopened)


def _say_changed(words: str, reopened: bool) -> None:
    say(words + ("简报已退回待审，请重新审定：minyi brief approve" if reopened else ""))


def find_brief_id(
    workspace: Workspace, number: int | None, day: str | None, first: str | None, last: str | None
) -> int:
    """The brief that was asked for: by its number, or the daily or weekly one of the days."""
    if number is not None:
        return number
    return _of_days(workspace, *workspace.window(day, first, last))


def _of_days(workspace: Workspace, start: "date", end: "date") -> int:
    from minyi.runs import kind_of
    from pipelines.store.briefs import find_brief
    from pipelines.store.database import reading

    with reading(workspace.engine).connect() as connection:
        found = find_brief(connection, kind_of(start, end), start, end)
    if found is None:
        raise InputError(f"{start} 还没有简报，请先运行 minyi brief")
    return int(found.id)
