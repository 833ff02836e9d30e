"""`minyi issue`: one issue looked at, and what staff decide about it."""

from typing import Annotated

import typer

from minyi.cli.console import note as remark
from minyi.cli.console import say, say_json
from minyi.workspace import Workspace, parse_day

app = typer.Typer(help="事项：查看、记办理状态、合并、拆分、改名、记批示。", no_args_is_help=True)

Issue = Annotated[int, typer.Argument(help="事项编号（minyi issues 里有）", metavar="编号")]
Note = Annotated[str | None, typer.Option("--note", help="说明")]
AsJson = Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")]


@app.command("show")
def show(context: typer.Context, issue: Issue, as_json: AsJson = False) -> None:
    """看一件事项：什么事、在哪里、热度、经过、答复、办理记录、主题帖。"""
    from pydantic import TypeAdapter

    from minyi.dossier import Dossier, open_dossier
    from minyi.dossier_text import describe

    workspace: Workspace = context.obj()
    dossier = open_dossier(workspace, issue)
    if as_json:
        say_json(TypeAdapter(Dossier).dump_python(dossier, mode="json"))
        return
    for line in describe(dossier, workspace.config.office.zone):
        say(line)


@app.command("state")
def state(
    context: typer.Context,
    issue: Issue,
    state: Annotated[str, typer.Argument(help="已阅、转办、办理中、已答复、办结、重开 之一", metavar="状态")],
    department: Annotated[str | None, typer.Option("--to", help="转办给哪个部门")] = None,
    note: Note = None,
) -> None:
    """记下一件事项办到哪一步；办结之后又有人反映，分析会自己发现。"""
    from minyi.decisions import set_state

    workspace: Workspace = context.obj()
    number = set_state(workspace, issue, state, department=department, note=note, staff=workspace.staff)
    say(f"第 {number} 号事项：{state}{f'（{department}）' if department else ''}。")
    known = workspace.config.department_names
    if department and known and department not in known:
        remark(f"“{department}”不在配置的 departments 中（{'、'.join(known)}）；写错了请再记一次。")


@app.command("merge")
def merge(
    context: typer.Context,
    issue: Issue,
    others: Annotated[list[int], typer.Argument(help="要并入的事项编号，可写几个", metavar="其他编号…")],
) -> None:
    """把其他事项并入这一件；以后的分析照此办，用 unmerge 撤回。"""
    from minyi.decisions import merge_issues
    from minyi.dossier import newest_issues

    workspace: Workspace = context.obj()
    titles = {entry["id"]: f"“{entry['title']}”" for entry in newest_issues(workspace)[1]}
    number = merge_issues(workspace, issue, others, staff=workspace.staff)
    parts = "、".join(f"第 {each} 号{titles.get(each, '')}" for each in others)
    say(
        f"已把{parts}并入第 {number} 号{titles.get(number, '')}，下次分析起合并计算；撤回用 minyi issue unmerge。"
    )


@app.command("suggestions")
def suggestions(context: typer.Context, as_json: AsJson = False) -> None:
    """列出可能是同一件事的事项，供人决定；是就用 merge，不是就用 apart。"""
    from pydantic import TypeAdapter

    from minyi.merge_suggestions import Pair, newest_pairs

    pairs = newest_pairs(context.obj())
    if as_json:
        say_json(TypeAdapter(list[Pair]).dump_python(pairs, mode="json"))
        return
    for pair in pairs:
        say(f"第 {pair.first.id} 号 {pair.first.title}（{pair.first.threads} 个主题帖）")
        say(f"第 {pair.second.id} 号 {pair.second.title}（{pair.second.threads} 个主题帖）")
        say(f"  {'；'.join((pair.reason, *pair.shared))}")
    if not pairs:
        say("没有要合并的建议。")


@app.command("apart")
def apart(
    context: typer.Context,
    issue: Issue,
    other: Annotated[int, typer.Argument(help="另一件事项的编号", metavar="另一编号")],
) -> None:
    """记下两件事项不是同一件事，以后不再建议合并。"""
    from minyi.decisions import keep_apart

    workspace: Workspace = context.obj()
    keep_apart(workspace, issue, other, staff=workspace.staff)
    say(f"已记下：第 {issue} 号和第 {other} 号不是同一件事，不再建议合并。")


@app.command("unmerge")
def unmerge(context: typer.Context, issue: Issue) -> None:
    """撤回合并：这件事项带着自己的主题帖恢复独立。"""
    from minyi.decisions import unmerge_issue

    workspace: Workspace = context.obj()
    whole = unmerge_issue(workspace, issue, staff=workspace.staff)
    say(f"第 {issue} 号事项已从第 {whole} 号中恢复独立。")


@app.command("split")
def split(
    context: typer.Context,
    issue: Issue,
    threads: Annotated[str, typer.Option("--threads", help="要拆出的主题帖编号，用逗号隔开")],
    title: Annotated[str | None, typer.Option("--title", help="新事项的标题；不写则自动取名")] = None,
) -> None:
    """把几个主题帖拆成一件新事项；想撤回就用 merge 并回去。"""
    from minyi.decisions import split_issue

    workspace: Workspace = context.obj()
    number = split_issue(workspace, issue, _numbers(threads), title=title, staff=workspace.staff)
    say(f"已拆出第 {number} 号事项。")


@app.command("rename")
def rename(
    context: typer.Context,
    issue: Issue,
    title: Annotated[str | None, typer.Argument(help="新标题", metavar="标题")] = None,
    auto: Annotated[bool, typer.Option("--auto", help="取消改名，恢复自动取名")] = False,
) -> None:
    """给事项改名；以后的分析沿用这个标题。"""
    from minyi.decisions import rename_issue
    from minyi.errors import InputError

    if (title is None) != auto:
        raise InputError("请写新标题，或用 --auto 恢复自动取名")
    workspace: Workspace = context.obj()
    number = rename_issue(workspace, issue, title, staff=workspace.staff)
    say(f"第 {number} 号事项{'下次分析时自动取名' if auto else '已改名'}。")


@app.command("instruct")
def instruct(
    context: typer.Context,
    issue: Issue,
    text: Annotated[str, typer.Option("--text", help="批示内容")],
    department: Annotated[str, typer.Option("--to", help="承办单位")],
    due: Annotated[str | None, typer.Option("--due", help="期限，如 2026-12-01")] = None,
) -> None:
    """记下领导对一件事项的批示；下一期简报开头报告办到哪一步。"""
    from minyi.decisions import give_instruction

    workspace: Workspace = context.obj()
    day = parse_day(due) if due else None
    number = give_instruction(
        workspace, issue, text, department=department, due_on=day, staff=workspace.staff
    )
    say(f"已记下第 {number} 号批示，交{department}。")


@app.command("instructions")
def instructions(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="已办结的也列出")] = False,
    as_json: AsJson = False,
) -> None:
    """列出批示和各自办到哪一步。"""
    from pydantic import TypeAdapter

    from minyi.dossier import InstructionEntry, every_instruction, open_instructions
    from minyi.dossier_text import describe_instruction

    workspace: Workspace = context.obj()
    found = every_instruction(workspace) if every else open_instructions(workspace)
    if as_json:
        say_json(TypeAdapter(list[InstructionEntry]).dump_python(found, mode="json"))
        return
    for entry in found:
        say(describe_instruction(entry))
    if not found:
        say("没有未办结的批示。")


@app.command("instruction-state")
def instruction_state(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="批示编号（minyi issue instructions 里有）", metavar="编号")],
    state: Annotated[str, typer.Argument(help="已交办、办理中、已办结、已退回 之一", metavar="状态")],
    note: Note = None,
) -> None:
    """记下一条批示办到哪一步。"""
    from minyi.decisions import set_instruction_state

    workspace: Workspace = context.obj()
    set_instruction_state(workspace, number, state, note=note, staff=workspace.staff)
    say(f"第 {number} 号批示：{state}。")


def _numbers(text: str) -> list[int]:
    from minyi.errors import InputError

    parts = text.replace("，", ",").replace("、", ",").split(",")
    if not all(part.strip().isdecimal() for part in parts):
        raise InputError("--threads 请写主题帖编号，用逗号隔开，如 12,15")
    return [int(part) for part in parts]
