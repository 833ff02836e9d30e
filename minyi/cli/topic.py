"""`minyi topic`: saved queries, what they find, and the special brief of one."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from minyi.cli.brief import next_step
from minyi.cli.console import note, progress, say, say_json, written
from minyi.errors import InputError
from minyi.workspace import Workspace, parse_day

if TYPE_CHECKING:
    from datetime import date

app = typer.Typer(help="专题：保存检索式、先看能找到多少、出专报。", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="专题名", metavar="名称")]
Query = Annotated[str, typer.Argument(help="检索式，如：药铺 AND (拆 OR 重建) NOT 广告", metavar="检索式")]
Wanted = Annotated[str, typer.Argument(help="已存专题的名称，或一个检索式", metavar="名称或检索式")]
First = Annotated[str | None, typer.Option("--from", help="从哪天起")]
Last = Annotated[str | None, typer.Option("--to", help="到哪天止（含这一天）")]
Source = Annotated[str | None, typer.Option("--source", help="只看这个来源")]
District = Annotated[str | None, typer.Option("--district", help="只看这个区域")]
AsJson = Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")]

FORMS = ("html", "pdf", "docx", "json")
EXCERPT = 60


@contextmanager
def _pointing() -> Iterator[None]:
    """Show where in a query the mistake is, before saying what it is."""
    from pipelines.query import QueryError

    try:
        yield
    except QueryError as error:
        for line in error.pointer:
            note(line)
        raise


@app.command("add")
def add(context: typer.Context, name: Name, query: Query) -> None:
    """保存一个专题；同名的会被替换。写法见 README 的“专题检索式”。"""
    from minyi.topics import keep_topic

    workspace: Workspace = context.obj()
    with _pointing():
        topic = keep_topic(workspace, name, query, staff=workspace.staff)
    say(f"已保存专题“{topic.name}”。先看能找到多少：minyi topic count {topic.name}")


@app.command("list")
def list_them(context: typer.Context, as_json: AsJson = False) -> None:
    """列出已存的专题。"""
    from minyi.topics import list_topics

    topics = list_topics(context.obj())
    if as_json:
        say_json({"topics": [{"name": topic.name, "query": topic.query} for topic in topics]})
        return
    for topic in topics:
        say(f"{topic.name}　{topic.query}")
    if not topics:
        say("还没有专题；用 minyi topic add 名称 检索式 保存一个。")


@app.command("show")
def show(context: typer.Context, name: Name) -> None:
    """看一个专题：检索式、谁在什么时候改的、最近几次分析。"""
    from minyi.topics import get_topic
    from pipelines.store.database import reading
    from pipelines.store.runs import list_runs

    workspace: Workspace = context.obj()
    topic = get_topic(workspace, name)
    zone = workspace.config.office.zone
    with reading(workspace.engine).connect() as connection:
        runs = list_runs(connection, 10, kind="special", topic=topic.name)
    say(f"{topic.name}　{topic.query}")
    say(f"{topic.changed_at.astimezone(zone):%Y-%m-%d %H:%M} {topic.staff}")
    for run in runs:
        say(
            f"第 {run.id} 次分析　{run.first_day} 至 {run.last_day}　{run.made_at.astimezone(zone):%m-%d %H:%M}"
        )


@app.command("remove")
def remove(context: typer.Context, name: Name) -> None:
    """删去一个专题；它的分析和专报还在。配置文件里的同名专题也不会再回来。"""
    from minyi.topics import drop_topic

    workspace: Workspace = context.obj()
    drop_topic(workspace, name, staff=workspace.staff)
    say(f"已删去专题“{name}”。")


@app.command("count")
def count(
    context: typer.Context,
    wanted: Wanted,
    first: First = None,
    last: Last = None,
    source: Source = None,
    district: District = None,
    as_json: AsJson = False,
) -> None:
    """先看能找到多少：条数和最新十条样本，不分析。"""
    from minyi.topics import Limits, count_topic

    workspace: Workspace = context.obj()
    limits = Limits(first=_day(first), last=_day(last), source=source, district=district)
    with _pointing(), progress("正在查找"):
        found = count_topic(workspace, wanted, staff=workspace.staff, limits=limits)
    if as_json:
        samples = [
            {"source": post.source, "board": post.board, "at": None if post.untimed else post.dated_at}
            | {"title": post.title, "text": post.text, "url": post.url}
            for post in found.samples
        ]
        say_json(
            {"query": found.query, "posts": found.posts, "threads": found.threads}
            | {"shown": found.shown, "samples": samples, "issues": found.issues}
        )
        return
    say(f"{found.posts} 帖，在 {found.threads} 个主题帖里。")
    if not found.shown and found.posts:
        look = "、".join(f"minyi issue show {issue}" for issue in found.issues)
        say(f"不足 3 个主题帖，只显示数量{f'；可从所属事项查看：{look}' if look else ''}。")
    zone = workspace.config.office.zone
    for post in found.samples:
        said = " ".join(f"{post.title} {post.text or ''}".split())[:EXCERPT]
        say(f"{written(post, zone)}　{post.agency or post.source}　{said}　{post.url}")


@app.command("run")
def run(
    context: typer.Context,
    wanted: Annotated[
        str | None, typer.Argument(help="已存专题的名称，或一个检索式", metavar="[名称或检索式]")
    ] = None,
    topic: Annotated[str | None, typer.Option("--topic", help="已存专题的名称")] = None,
    query: Annotated[str | None, typer.Option("--query", help="检索式")] = None,
    first: First = None,
    last: Last = None,
    source: Source = None,
    district: District = None,
    forms: Annotated[
        str | None, typer.Option("--forms", help="要哪几种文件，如 html,pdf；默认照配置")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="写到哪个文件夹；默认数据目录下的 briefs")] = None,
    as_json: AsJson = False,
) -> None:
    """分析一个专题，写成专报（待审稿）；不写日期就从找到的第一帖到最后一帖。不改动日报、周报。"""
    from minyi.briefs import make_brief
    from minyi.topics import Limits, get_topic, run_topic
    from pipelines.store.patience import patiently

    workspace: Workspace = context.obj()
    chosen = [each for each in (wanted, topic, query) if each]
    if len(chosen) != 1:
        raise InputError("请写一样：专题的名称，或者 --query 检索式")
    if topic:
        get_topic(workspace, topic)
    writing = _with_forms(workspace, forms)
    context.call_on_close(writing.close)
    limits = Limits(first=_day(first), last=_day(last), source=source, district=district)
    with _pointing(), progress("正在分析"):
        found = patiently(partial(run_topic, workspace, chosen[0], staff=workspace.staff, limits=limits))
    answer = patiently(partial(make_brief, writing, found, out))
    if as_json:
        say_json({"run": found.id} | answer)
        return
    say(f"第 {found.id} 次分析：{found.topic}，{found.first_day} 至 {found.last_day}。")
    for form in writing.config.brief.forms:
        say(f"{form.upper():<4} {answer[form]}")
    for line in answer["headline"]:
        say(line)
    say(next_step(answer))


def _day(text: str | None) -> "date | None":
    return parse_day(text) if text else None


def _with_forms(workspace: Workspace, forms: str | None) -> Workspace:
    """The workspace, with these forms of briefs where any are given."""
    if not forms:
        return workspace
    wanted = tuple(form.strip().lower() for form in forms.replace("，", ",").split(",") if form.strip())
    if unknown := [form for form in wanted if form not in FORMS]:
        raise InputError(f"--forms 没有“{unknown[0]}”；可写：{'、'.join(FORMS)}")
    brief = workspace.config.brief.model_copy(update={"forms": wanted})
    return Workspace(workspace.config.model_copy(update={"brief": brief}), workspace.file)
