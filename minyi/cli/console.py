"""What commands say: answers on standard output, progress and notes on standard error."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

answers = Console(soft_wrap=True, highlight=False, markup=False)
notes = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)


# What forum text could do to a terminal: control sequences, and letters that turn the line round.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def written(post: Any, zone: ZoneInfo) -> str:
    """When a post, as stored or as evidence, was written, in digits that sort."""
    return "时间不明" if post.untimed else f"{post.dated_at.astimezone(zone):%Y-%m-%d %H:%M}"


def printable(text: object) -> str:
    """The text without what a terminal would obey instead of showing."""
    return _UNPRINTABLE.sub(" ", str(text))


def say(text: object = "") -> None:
    """Print part of the answer."""
    answers.print(printable(text))


def say_json(value: Any) -> None:
    """Print an answer for another program: one line of JSON."""
    answers.file.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def note(text: str) -> None:
    """Print something about the work, not part of the answer."""
    notes.print(printable(text))


def note_unread_times(times: Any) -> None:
    """Say how many times of a table's column could not be read, where there are any."""
    if unread := int(times.isna().sum()):
        note(f"{times.name} 列有 {unread} 行的时间看不懂（要写成 2026-11-22 的样子），这些行按时间不明处理。")


@contextmanager
def progress(words: str, total: int | None = None) -> Iterator[Any]:
    """Show progress on a terminal, nothing elsewhere; yields `advance(n)`."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=notes, transient=True, disable=not notes.is_terminal) as bar:
        task = bar.add_task(words, total=total)
        yield lambda count=1: bar.advance(task, count)
