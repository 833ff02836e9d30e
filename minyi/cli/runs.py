"""`minyi runs`: the runs that are kept, and what changed from one to another."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from minyi.cli.brief import KINDS
from minyi.cli.console import answers, printable, say, say_json
from minyi.errors import InputError
from minyi.workspace import Workspace

if TYPE_CHECKING:
    from minyi.diff import RunDiff

app = typer.Typer(help="历次分析：列出、比较两次有什么不同。", no_args_is_help=True)

LISTED = 30
AsJson = Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")]


@app.command("list")
def list_them(
    context: typer.Context,
    kind: Annotated[
        str | None, typer.Option("--kind", help="只看一种：daily、weekly、special、alert（或日报、周报……）")
    ] = None,
    topic: Annotated[str | None, typer.Option("--topic", help="只看这个专题")] = None,
    as_json: AsJson = False,
) -> None:
    """列出最近的分析：编号、日期、专题、什么时候做的、写成了哪期简报。"""
    from pipelines.store.database import reading
    from pipelines.store.runs import list_runs

    workspace: Workspace = context.obj()
    with reading(workspace.engine).connect() as connection:
        rows = list_runs(connection, LISTED, kind=_kind(kind), topic=topic)
    if as_json:
        say_json({"runs": [dict(row._mapping) for row in rows]})
        return
    for row in rows:
        days = f"{row.first_day}" if row.first_day == row.last_day else f"{row.first_day} 至 {row.last_day}"
        made = f"{row.made_at.astimezone(workspace.config.office.zone):%Y-%m-%d %H:%M}"
        brief = f"{row.year} 年第 {row.number} 期" if row.number else ""
        said = (f"[{row.id}]", KINDS[row.kind], days, row.topic, f"{made} 分析", brief)
        say("　".join(filter(None, (*said, "" if row.current else "已被后来的取代"))))
    if not rows:
        say("还没有分析，请先运行 minyi analyse。")


def _kind(kind: str | None) -> str | None:
    if kind is None or kind in KINDS:
        return kind
    for name, title in KINDS.items():
        if kind == title:
            return name
    raise InputError(f"--kind 没有“{kind}”；可写：{'、'.join((*KINDS, *KINDS.values()))}")


@app.command("diff")
def diff(
    context: typer.Context,
    before: Annotated[int, typer.Argument(help="较早一次分析的编号", metavar="甲")],
    after: Annotated[int, typer.Argument(help="较晚一次分析的编号", metavar="乙")],
    as_json: AsJson = False,
) -> None:
    """比较两次分析：哪些数变了，多了、少了哪些帖子，哪些改判了，事项怎么变，各是什么缘故。"""
    from dataclasses import asdict

    from minyi.diff import diff_runs

    found = diff_runs(context.obj(), before, after)
    if as_json:
        say_json(asdict(found))
        return
    _show(found)


def _show(found: "RunDiff") -> None:
    from minyi.diff import TASKS

    say(f"第 {found.before.id} 次 → 第 {found.after.id} 次分析")
    say(f"换过：{'、'.join(found.settings) or '没有（模型、词表、配置都一样）'}")
    _table("数字", ("", "先前", "后来"), [(f.label, f.before or "—", f.after or "—") for f in found.figures])
    _table("多出的帖子", ("缘故", "帖"), [(each.reason, str(each.posts)) for each in found.new_posts])
    _table("少了的帖子", ("缘故", "帖"), [(each.reason, str(each.posts)) for each in found.missing_posts])
    _table(
        "改判的帖子",
        ("项目", "先前", "后来", "缘故", "帖"),
        [
            (TASKS[each.task], each.before or "未识读", each.after or "未识读", each.reason, str(each.posts))
            for each in found.reclassified
        ],
    )
    _table(
        "事项",
        ("变化", "编号", "事项", "原名或去向"),
        [(each.change, str(each.id), each.title, each.other or "") for each in found.issues],
    )
    say(f"改归另一件事项的帖子：{found.moved} 帖。")


def _table(title: str, headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    if not rows:
        say(f"{title}：没有。")
        return
    table = Table(*headings, title=title, title_justify="left")
    for row in rows:
        table.add_row(*map(printable, row))
    answers.print(table)
