"""`minyi demo`: two fictional forums on loopback, to try everything on."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from minyi.cli.console import note
from minyi.workspace import parse_day


def demo(
    config_out: Annotated[
        Path | None, typer.Option("--config-out", help="两个论坛启动后，把能直接用的 minyi.toml 写到这里")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="换一个数，居民说的话就换一种排法")] = 1,
    day: Annotated[str | None, typer.Option("--date", help="把哪一天当作今天；默认今天")] = None,
) -> None:
    """在本机启动两个虚构的演示论坛（Discuz! 样式），按 Ctrl-C 停止。"""
    from minyi.demo.config import demo_config
    from minyi.demo.server import serve_until_stopped
    from reports.write import write_atomically

    def ready(urls: dict[str, str]) -> None:
        for name, url in urls.items():
            note(f"{name}：{url}")
        if config_out is not None:
            write_atomically(config_out, demo_config(urls).encode())
            note(f"配置已写到 {config_out}")

    today: date | None = parse_day(day) if day else None
    serve_until_stopped(seed=seed, today=today, ready=ready)
