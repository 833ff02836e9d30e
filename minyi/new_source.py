"""A detected forum as a table of the configuration file."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import tomlkit

from minyi.errors import InputError
from reports.write import write_atomically

if TYPE_CHECKING:  # load Scrapy and the charts' fonts, and `minyi init` needs but a name
    from crawlers.detect import Detection
    from minyi.config import Config

MIN_THREADS = 1
LONGEST_NAME = 63


def new_source(
    config: "Config",
    found: "Detection",
    name: str | None,
    boards: tuple[str, ...],
    delay: float,
    allow_private: bool,
) -> dict[str, Any]:
    """What to write for a forum that was recognised; InputError when the name is taken."""
    name = name or source_name(found.url)
    if name in {source.name for source in config.sources}:
        raise InputError(f"已有名为“{name}”的来源，请用 --name 换一个")
    source: dict[str, Any] = {
        "name": name,
        "title": found.title or name,
        "engine": found.engine,
        "url": found.url,
    }
    if boards:
        source["boards"] = list(boards)
    source |= {"delay": delay, "min_threads": MIN_THREADS}
    return source | {"allow_private": True} if allow_private else source


def source_name(url: str) -> str:
    """A source's name made from its address; one in other letters than ours is a plain `forum`."""
    host = urlsplit(url).netloc.rpartition("@")[2].lower()
    return re.sub(r"[^a-z0-9]+", "-", host).strip("-")[:LONGEST_NAME] if host.isascii() and host else "forum"


def append_source(file: Path, source: dict[str, Any]) -> None:
    """Write the table behind the file's last source, leaving everything else as it was written."""
    from minyi.config import parse_config

    text = file.read_bytes().decode("utf-8-sig")
    line_end = "\r\n" if "\r\n" in text else "\n"
    last = [block.end() for block in _SOURCE.finditer(text)]
    place = last[-1] if last else len(text)
    written = f"\n\n{tomlkit.dumps({'sources': [source]})}".replace("\n", line_end)
    text = f"{text[:place].rstrip()}{written}{text[place:]}"
    parse_config(tomlkit.parse(text).unwrap(), file)
    write_atomically(file, text.encode())


_SOURCE = re.compile(r"^\[\[sources\]\]\r?\n(?:[^\[\r\n#].*\n)+", re.MULTILINE)
