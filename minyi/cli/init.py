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
from minyi.cli.out_file import check_folder
from minyi.errors import InputError
from reports.write import write_atomically


def init(
    office: Annotated[str | None, typer.Option("--office", help="单位或地方名称；不写则当面问")] = None,
    contact: Annotated[str | None, typer.Option("--contact", help="告诉网站的联系方式；不写则当面问")] = None,
    url: Annotated[
        str | None, typer.Option("--url", help="第一个论坛的网址，没有写 ''；不写则当面问")
    ] = None,
    file: Annotated[Path, typer.Option("--out", help="写到哪个文件", callback=check_folder)] = Path(
        DEFAULT_FILE
    ),
    force: Annotated[bool, typer.Option("--force", help="文件已存在时也重写")] = False,
) -> None:
    """问几个问题，写出能用的配置文件 minyi.toml。"""
    from minyi.config import parse_config

    if file.exists() and not force:
        raise InputError(f"{file} 已经存在；要重写请加 --force")
    name = _ask("单位或地方名称（印在简报刊头）") if office is None else office
    told = _ask("联系邮箱或电话（采集时告诉网站）") if contact is None else contact
    forum = _ask("第一个论坛的网址（没有就直接回车）", default="") if url is None else url
    document = make_config(name, told, forum)
    parse_config(document.unwrap(), file)
    write_atomically(file, tomlkit.dumps(document).encode())
    begin = "minyi crawl" if forum else "用 minyi source add 网址 添加论坛，或用 minyi import 导入热线表格"
    say(f"已写好 {file}。接着可以：{begin}，然后 minyi read、minyi brief。")


def _ask(question: str, default: str | None = None) -> str:
    answer: str = typer.prompt(question, default=default, show_default=False, err=True)
    return answer.strip()


def make_config(office: str, contact: str, url: str) -> TOMLDocument:
    """The documented example with an office's own answers; what it invented is commented out."""
    from minyi.new_source import source_name

    example = resources.files("minyi").joinpath("minyi.example.toml").read_text(encoding="utf-8")
    document = tomlkit.parse(_INVENTED.sub(_commented, example))
    document["office"].update({"name": office, "contact": contact})
    if url:
        forum = document["sources"][0]
        forum.update({"name": source_name(url), "title": urlsplit(url).hostname or url, "url": url})
        forum.remove("boards")
    else:
        document["sources"].pop(0)
    return document


_INVENTED = re.compile(r"^\[\[(?:districts|agencies|topics)\]\]\n(?:.+\n)+", re.MULTILINE)


def _commented(block: re.Match[str]) -> str:
    return "".join(f"# {line}" for line in block[0].splitlines(keepends=True))
