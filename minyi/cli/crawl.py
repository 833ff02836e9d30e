"""`minyi crawl`: fetches new and changed threads of one source, or of all."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from minyi.cli.children import run_for_each
from minyi.cli.console import note, say, say_json
from minyi.errors import InputError, MinyiError
from minyi.workspace import Workspace, parse_day

if TYPE_CHECKING:
    from minyi.config import Source


class CrawlError(MinyiError):
    """At least one source could not be crawled."""


def crawl(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(help="来源名；不写则采集全部启用的论坛", metavar="来源名")
    ] = None,
    day: Annotated[str | None, typer.Option("--day", help="至少往回采到这一天")] = None,
    due: Annotated[
        bool, typer.Option("--due", help="只采到了时间的；错过的补一次，失败的最多再试两次")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="结果写成一行 JSON（只采一个来源时）")] = False,
) -> None:
    """按规矩、慢慢地采集论坛里新的和有变化的帖子；中断了下次接着采。"""
    from minyi.source_settings import due_sources, effective_source, forums

    workspace: Workspace = context.obj()
    if name is None:
        sources = due_sources(workspace) if due else forums(workspace)
        _crawl_all(context, sources, day, due)
        return
    found = effective_source(workspace, name)
    source = found.source
    if found.purged:
        raise InputError(f"“{source.title}”已按要求删除，不再采集；请把它从配置文件里删去")
    if source.engine == "file":
        raise InputError(f"“{source.title}”不是论坛，请用 minyi import 导入文件")
    if not source.enabled:
        raise InputError(f"“{source.title}”已停用；要启用请运行 minyi source set {name} --on")
    _crawl_one(workspace, source, day, due, as_json)


def _crawl_one(workspace: Workspace, source: "Source", day: str | None, due: bool, as_json: bool) -> None:
    from minyi.crawl import crawl_source

    report = crawl_source(workspace, source, parse_day(day) if day else None, only_due=due)
    if report is None:
        if as_json:
            say_json({"source": source.name, "state": "not_due"})
        else:
            say(f"{source.title}：还没到时间，或者这一次已经采过、正由别的命令采。")
        return
    if as_json:
        counts = {"threads": report.threads, "posts": report.posts, "pages": report.pages}
        say_json({"source": source.name, "state": report.state, "message": report.message} | counts)
    else:
        say(
            f"{source.title}：{report.message}。主题 {report.threads} 个，帖子 {report.posts} 条，页面 {report.pages} 个。"
        )
    if report.code == "interrupted":
        raise KeyboardInterrupt
    if report.state in ("failed", "blocked"):
        raise CrawlError(f"{source.title}：{report.message}")


def _crawl_all(context: typer.Context, sources: "Sequence[Source]", day: str | None, due: bool) -> None:
    if not sources:
        note("现在没有到时间的来源" if due else "没有启用的论坛来源；请先运行 minyi source add 网址")
    options = [*(["--day", day] if day else []), *(["--due"] if due else [])]
    failed = run_for_each(context, ["crawl"], sources, *options)
    if failed:
        raise CrawlError(f"{len(sources)} 个来源中有 {len(failed)} 个没有采成：{'、'.join(failed)}")
