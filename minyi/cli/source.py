"""`minyi source`: the sources, and how their crawls went."""

from typing import Annotated

import typer

from minyi.cli.console import say, say_json
from minyi.errors import MinyiError
from minyi.workspace import Workspace

app = typer.Typer(help="来源：列出、检查健康状况。", no_args_is_help=True)


class BlindSourceError(MinyiError):
    """At least one source yielded nothing that can be trusted."""


@app.command("list")
def list_sources(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="启用的论坛来源名，写成一行 JSON 列表")] = False,
) -> None:
    """列出配置的来源。"""
    workspace: Workspace = context.obj()
    if as_json:
        say_json(
            [source.name for source in workspace.config.sources if source.enabled and source.engine != "file"]
        )
        return
    for source in workspace.config.sources:
        state = "" if source.enabled else "（已停用）"
        say(f"{source.name}\t{source.title}\t{source.engine}\t{source.url or '导入文件'}{state}")


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
        for source in found:
            say(f"{source.title}：{source.posts} 帖" + (f"；{source.message}" if source.message else ""))
    if bad := [source.title for source in found if source.state in ("failed", "blind")]:
        raise BlindSourceError(f"有来源需要查看：{'、'.join(bad)}")
