"""`minyi source`: the sources, how to add one, and how their crawls went."""

import re
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer
from rich.table import Table

from minyi.cli.console import answers, note, printable, say, say_json
from minyi.errors import InputError, MinyiError
from minyi.workspace import Workspace

if TYPE_CHECKING:
    from crawlers.detect import CheckRow, Detection
    from minyi.config import Source

app = typer.Typer(help="来源：添加论坛、试采、列出、看是否健康。", no_args_is_help=True)

SHOWN_POSTS = 3
SHOWN_LETTERS = 60


class SourceError(MinyiError):
    """At least one source yielded nothing that can be trusted."""


@app.command("add")
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="论坛的网址", metavar="网址")],
    name: Annotated[
        str | None, typer.Option("--name", help="来源名（小写字母、数字、横线）；不写则由网址得出")
    ] = None,
    boards: Annotated[
        str | None, typer.Option("--boards", help="要采的版块编号，逗号分隔；all 为全部；不写则当面问")
    ] = None,
    delay: Annotated[float, typer.Option("--delay", help="两次访问至少隔几秒")] = 2.0,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="论坛在内网或本机时才用")] = False,
) -> None:
    """认出论坛的程序、编码和版块，给您看三个帖子，再写进配置文件。"""
    from crawlers.detect import detect_source
    from minyi.crawl import agent_of
    from minyi.new_source import append_source, new_source
    from pipelines.store.leases import StoreLease

    workspace: Workspace = context.obj()
    if delay < 0 or not url.lower().startswith(("http://", "https://")):
        raise InputError("网址要以 http:// 或 https:// 开头，--delay 不能小于 0")
    if "@" in urlsplit(url).netloc:
        raise InputError("网址里不要写用户名和密码：只采集不登录就能看的网页")
    note("正在查看网站，最多取十来个页面……")
    lease = StoreLease(workspace.engine)
    found = detect_source(
        url, user_agent=agent_of(workspace), allow_private=allow_private, delay=delay, lease=lease
    )
    if found.report.code == "private_address":  # its own advice is for a source that is in the file
        raise SourceError("网址指向内网或本机地址；确要采集内网论坛，请加 --allow-private")
    if found.engine is None or found.report.state in ("failed", "blocked"):
        raise SourceError(f"没有认出这个论坛：{found.report.message}")
    _show(found)
    source = new_source(workspace.config, found, name, _chosen(found, boards), delay, allow_private)
    append_source(workspace.file, source)
    say(f"已写入 {workspace.file}，来源名 {source['name']}。接着可以运行：minyi crawl {source['name']}")


def _show(found: "Detection") -> None:
    from pipelines.mask import mask_text

    form = "改写过的静态网址" if found.rewritten else "动态网址"
    say(f"论坛程序：{found.engine}　编码：{found.charset}　网址形式：{form}　版块：{len(found.boards)} 个")
    for sample in found.samples:
        say(f"—— {mask_text(sample.thread.title)}")
        for post in sample.posts[:SHOWN_POSTS]:
            say(f"   {post.floor or '?'} 楼　{mask_text(post.text)[:SHOWN_LETTERS]}")


def _chosen(found: "Detection", boards: str | None) -> tuple[str, ...]:
    """Board keys to crawl; none means all of them."""
    if not found.boards or boards == "all":
        return ()
    if boards is None:
        for board in found.boards:
            say(f"{board.key:>6}　{board.name}")
        boards = typer.prompt(
            "要采哪些版块？写编号，逗号分隔；直接回车为全部", default="", show_default=False, err=True
        )
    keys = tuple(key.strip() for key in boards.replace("，", ",").split(",") if key.strip())
    if unknown := set(keys) - {board.key for board in found.boards}:
        raise InputError(f"没有编号为 {'、'.join(sorted(unknown))} 的版块")
    return keys


@app.command("check")
def check(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="来源名；不写则逐个检查全部", metavar="来源名")] = None,
) -> None:
    """取几个页面试一试：能否打开、robots、编码、最新帖子、各项是否认得出、哪里不对。"""
    from minyi.cli.children import run_for_each
    from minyi.source_settings import effective_source, forums

    workspace: Workspace = context.obj()
    if name is None:
        failed = run_for_each(context, ["source", "check"], forums(workspace))
    else:
        failed = [] if _check(workspace, effective_source(workspace, name).source) else [name]
    if failed:
        raise SourceError(f"有来源需要查看：{'、'.join(failed)}")


def _check(workspace: Workspace, source: "Source") -> bool:
    from crawlers.detect import check_source
    from minyi.crawl import agent_of, source_spec
    from pipelines.store.leases import StoreLease

    if source.engine == "file":
        raise InputError(f"“{source.title}”不是论坛，没有可检查的网页")
    lease = StoreLease(workspace.engine)
    rows = check_source(source_spec(workspace, source), user_agent=agent_of(workspace), lease=lease)
    answers.print(_table(source.title, rows))
    return all(row.well for row in rows)


def _table(title: str, rows: "tuple[CheckRow, ...]") -> Table:
    from pipelines.mask import mask_text

    table = Table("项目", "", "说明", title=printable(title), title_justify="left")
    for row in rows:
        table.add_row(row.name, "✓" if row.well else "✗", printable(mask_text(row.words)))
    return table


@app.command("list")
def list_sources(
    context: typer.Context,
    due: Annotated[bool, typer.Option("--due", help="只列现在到了采集时间的")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="启用的论坛来源名，写成一行 JSON 列表")] = False,
) -> None:
    """列出来源：几点采、多快、是否停用。"""
    from minyi.source_settings import due_sources, effective_sources, forums

    workspace: Workspace = context.obj()
    if as_json or due:
        names = [source.name for source in (due_sources(workspace) if due else forums(workspace))]
        if as_json:
            say_json(names)
        else:
            say("\n".join(names) or "现在没有到时间的来源")
        return
    for found in effective_sources(workspace):
        source = found.source
        state = "" if source.enabled else "（已停用）"
        pace = "" if source.engine == "file" else f"\t{found.schedule.words()}\t间隔 {source.delay:g} 秒"
        say(f"{source.name}\t{source.title}\t{source.engine}\t{source.url or '导入文件'}{pace}{state}")


@app.command("set")
def set_one(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="来源名", metavar="来源名")],
    times: Annotated[str | None, typer.Option("--times", help="每天几点采，逗号分隔，如 05:30,18:00")] = None,
    every: Annotated[int | None, typer.Option("--every", help="或者每隔几分钟采一次")] = None,
    delay: Annotated[float | None, typer.Option("--delay", help="两次访问至少隔几秒；只能比配置更慢")] = None,
    on: Annotated[bool | None, typer.Option("--on/--off", help="启用，或者停用")] = None,
    reset: Annotated[bool, typer.Option("--reset", help="先恢复成配置文件里的样子")] = False,
) -> None:
    """改一个来源几点采、多快、是否停用；没写的不变，改动记入操作记录。"""
    from minyi.source_settings import change_source

    if times is not None and every is not None:
        raise InputError("--times 与 --every 只能用一种")
    workspace: Workspace = context.obj()
    wanted = every if times is None else tuple(each for each in re.split(r"[,，、\s]+", times) if each)
    found = change_source(
        workspace, name, enabled=on, delay=delay, times=wanted, reset=reset, staff=workspace.staff
    )
    state = "启用" if found.source.enabled else "停用"
    say(f"{found.source.title}：{state}，{found.schedule.words()}，间隔 {found.source.delay:g} 秒。")


@app.command("health")
def health(
    context: typer.Context,
    day: Annotated[str | None, typer.Option("--day", help="哪一天，默认昨天")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")] = False,
) -> None:
    """各来源这一天采集得怎样；有来源失败或疑似失灵时退出码为 1。"""
    from minyi.sources import source_health

    workspace: Workspace = context.obj()
    _, last = workspace.window(day)
    found = source_health(workspace, last)
    if as_json:
        say_json([{"name": s.name, "state": s.state, "posts": s.posts, "message": s.message} for s in found])
    else:
        say(f"{last}：")
        for source in found:
            say(f"{source.title}：{source.posts} 帖" + (f"；{source.message}" if source.message else ""))
    if bad := [source.title for source in found if source.state in ("failed", "blind")]:
        raise SourceError(f"有来源需要查看：{'、'.join(bad)}")
