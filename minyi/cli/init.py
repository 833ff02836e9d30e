"""`minyi init`: asks the few questions that matter and writes a working configuration."""

import re
from importlib import resources
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import tomlkit
import typer
from tomlkit import TOMLDocument

from minyi import DEFAULT_FILE
from minyi.cli.console import say
from minyi.errors import InputError
from reports.write import write_atomically


def init(
    office: Annotated[
        str, typer.Option("--office", prompt="单位或地方名称（印在简报刊头）", help="单位或地方名称")
    ],
    contact: Annotated[
        str, typer.Option("--contact", prompt="联系邮箱或电话（采集时告诉网站）", help="告诉网站的联系方式")
    ],
    url: Annotated[
        str, typer.Option("--url", prompt="第一个论坛的网址（没有就直接回车）", help="第一个论坛的网址")
    ] = "",
    file: Annotated[Path, typer.Option("--out", help="写到哪个文件")] = Path(DEFAULT_FILE),
    force: Annotated[bool, typer.Option("--force", help="文件已存在时也重写")] = False,
) -> None:
    """问几个问题，写出能用的配置文件 minyi.toml。"""
    from minyi.config import parse_config

    if file.exists() and not force:
        raise InputError(f"{file} 已经存在；要重写请加 --force")
    document = make_config(office, contact, url)
    parse_config(document.unwrap(), file)
    write_atomically(file, tomlkit.dumps(document).encode())
    say(f"已写好 {file}。接着可以：minyi crawl，然后 minyi read、minyi brief；导入热线表格用 minyi import。")


def make_config(office: str, contact: str, url: str) -> TOMLDocument:
    """The documented example with an office's own answers; what it invented is commented out."""
    example = resources.files("minyi").joinpath("minyi.example.toml").read_text(encoding="utf-8")
    document = tomlkit.parse(_INVENTED.sub(_commented, example))
    document["office"].update({"name": office, "contact": contact})
    if url:
        host = urlsplit(url).hostname or ""
        forum = document["sources"][0]
        forum.update({"name": host.replace(".", "-") or "forum", "title": host or url, "url": url})
        forum.remove("boards")
    else:
        document["sources"].pop(0)
    return document


_INVENTED = re.compile(r"^\[\[(?:districts|agencies|topics)\]\]\n(?:.+\n)+", re.MULTILINE)


def _commented(block: re.Match[str]) -> str:
    return "".join(f"# {line}" for line in block[0].splitlines(keepends=True))
