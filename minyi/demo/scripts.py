"""Reads the story files: threads as people would write them down, one post a line.

A line is a post: `HEADER | TEXT`, or the text alone when a new voice speaks.  The header's words:
`A` … `Z` a voice that returns in the thread (`A` opens it), `#office` an official account,
`*` anonymous, `^N` quotes line N, `@-3` or `@-3,18:00` day and time, `~` edited later,
`x` deleted since, `?` said in some towns only.  ` // ` separates wordings, of which a town has one;
`¶` ends a paragraph; `{lamp}` is a place of the town and `{d-3}` a date.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

_HEADER = re.compile(r"[A-Z#*^@~?x0-9a-z,:\- ]+")
_STORIES = files("minyi.demo") / "stories"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostScript:
    """One line of a story; `day` counts from today (0), `clock` is hours and minutes."""

    wordings: tuple[str, ...]
    voice: str | None = None
    quotes: int | None = None
    day: int | None = None
    clock: str | None = None
    edited: bool = False
    deleted: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadScript:
    """A thread before a seed and a date turn it into one of a town."""

    line: str
    forum: str
    board: int
    titles: tuple[str, ...]
    posts: tuple[PostScript, ...]
    kind: str | None = None
    pace: float = 75
    night: bool = False
    sticky: int = 0
    closed: bool = False


def read_scripts() -> list[ThreadScript]:
    """Every thread of every story file, in the order of the files."""
    stories = sorted(
        (file for file in _STORIES.iterdir() if file.name.endswith(".toml")), key=lambda f: f.name
    )
    return [script for file in stories for script in _read_story(tomllib.loads(file.read_text("utf-8")))]


def _read_story(story: dict[str, Any]) -> Iterator[ThreadScript]:
    for thread in story["threads"]:
        values = {"line": story.get("line"), "forum": story.get("forum", "haiping")} | thread
        day, clock = values.pop("at").split()
        first, *rest = (_read_post(line) for line in values.pop("posts").strip().splitlines() if line.strip())
        opening = replace(first, voice=first.voice or "A", day=int(day), clock=clock)
        titles = tuple(values.pop("title").split(" // "))
        yield ThreadScript(titles=titles, posts=(opening, *rest), **values)


def _read_post(line: str) -> PostScript:
    header, bar, text = line.partition(" | ")
    if not bar or not _HEADER.fullmatch(header):
        header, text = "", line
    wordings = tuple(text.strip().replace("¶", "\n").split(" // "))
    found: dict[str, Any] = {}
    for word in header.split():
        found |= _read_word(word)
    return PostScript(wordings=wordings, **found)


def _read_word(word: str) -> dict[str, Any]:
    if word.startswith("^"):
        return {"quotes": int(word[1:])}
    if word.startswith("@"):
        day, _, clock = word[1:].partition(",")
        return {"day": int(day), "clock": clock or None}
    flags = {"~": "edited", "x": "deleted", "?": "optional"}
    return {flags[word]: True} if word in flags else {"voice": word}
