"""`minyi register`: the register of crawled sites, for whoever asks what is fetched, and how."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from minyi.cli.console import answers, printable, say
from minyi.cli.out_file import check_folder
from minyi.workspace import Workspace


def register(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option("--out", help="写成表格（.csv 或 .xlsx）", callback=check_folder)
    ] = None,
) -> None:
    """采集登记：每个网站的地址、联系方式、robots 结果、快慢、取了多少页、起止日期、是否停用。"""
    from minyi.register import COLUMNS, crawl_register, write_register

    workspace: Workspace = context.obj()
    entries = crawl_register(workspace)
    if out is not None:
        write_register(out, entries)
        say(f"已写出 {len(entries)} 个网站：{out}")
        return
    for entry in entries:
        table = Table("项目", "内容", title=printable(entry["title"]), title_justify="left")
        for name, words in COLUMNS.items():
            table.add_row(words, printable("" if entry[name] is None else entry[name]))
        answers.print(table)
    if not entries:
        say("没有要采集的网站。")
