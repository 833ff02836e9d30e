"""`minyi doctor`: is everything in order here, and what to do where it is not."""

from dataclasses import asdict
from typing import Annotated

import typer

from minyi.cli.console import say, say_json
from minyi.cli.usage import in_chinese


def doctor(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")] = False,
) -> None:
    """体检：配置、数据库、字体、模型、词典、时间、磁盘、密钥、发送、采集、Airflow；有毛病时退出码为 1。"""
    from minyi.doctor import examine

    found = examine(context.obj)
    if as_json:
        say_json([asdict(each) for each in found])
    else:
        for each in found:
            remedy = f"　办法：{each.remedy}" if each.remedy and not each.well else ""
            say(
                f"{'✓' if each.well else '✗'} {each.name}　{in_chinese(' '.join(each.words.split()))}{remedy}"
            )
    if not all(each.well for each in found):
        raise typer.Exit(1)
