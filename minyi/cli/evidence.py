"""`minyi evidence`: the posts behind a number."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from minyi.cli.console import say, say_json, written
from minyi.cli.out_file import check_folder
from minyi.workspace import Workspace

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from analysis.results import PostRef

HEADINGS = ("序号", "来源", "版块", "时间", "标题", "摘录", "网址")
EXCERPT = 80


def evidence(
    context: typer.Context,
    run: Annotated[int, typer.Argument(help="第几次分析（minyi runs list 里有）", metavar="分析编号")],
    number: Annotated[
        str, typer.Argument(help="简报里的附页编号，或指标名，如 overview.threads", metavar="数字")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="写到哪个 .csv 或 .xlsx；不写就显示", callback=check_folder)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")] = False,
) -> None:
    """列出一个数字背后的帖子：来源、版块、时间、遮盖后的摘录、网址。"""
    from dataclasses import asdict

    from minyi.evidence import find_evidence

    workspace: Workspace = context.obj()
    zone = workspace.config.office.zone
    found = find_evidence(workspace, run, number)
    if as_json:
        say_json(asdict(found))
        return
    if out is not None:
        from minyi.tables import write_sheets

        rows = [_row(place, post, zone) for place, post in enumerate(found.posts, start=1)]
        write_sheets(out, {"帖子": (HEADINGS, rows)})
        say(f"已写出 {len(rows)} 条到 {out}。")
        return
    say(f"{found.label}：{found.value}，共 {len(found.posts)} 条帖子")
    for place, post in enumerate(found.posts, start=1):
        where = " · ".join(filter(None, (post.source, post.board, post.agency)))
        said = " ".join(f"{post.title} {post.text or ''}".split())[:EXCERPT]
        say(f"{place:>4}　{written(post, zone)}　{where}　{said}　{post.url}")


def _row(place: int, post: "PostRef", zone: "ZoneInfo") -> tuple[object, ...]:
    origin = " · ".join(filter(None, (post.source, post.agency)))
    return place, origin, post.board or "", written(post, zone), post.title, post.text or "", post.url
