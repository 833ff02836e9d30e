"""One child process a source: Scrapy's reactor cannot be started twice in one."""

import subprocess
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from minyi.errors import MinyiError

if TYPE_CHECKING:
    from minyi.config import Source

INTERRUPTED = 130


class ChildInterruptedError(MinyiError):
    """A child was interrupted, and has said so."""

    exit_code = INTERRUPTED


def run_for_each(
    context: typer.Context, command: Sequence[str], sources: "Sequence[Source]", *options: str
) -> list[str]:
    """Run `minyi COMMAND NAME OPTIONS` for each source; the titles of those that failed."""
    failed = []
    for source in sources:
        code = _run([*_program(context), *command, source.name, *options])
        if code == INTERRUPTED:
            raise ChildInterruptedError
        if code:
            failed.append(source.title)
    return failed


def _run(command: Sequence[str]) -> int:
    """Run to the end; an interruption is passed on once, and the child given the time to save its work.

    In its own group a child hears Ctrl-C from us only: at a second signal Scrapy drops what it holds.
    """
    with subprocess.Popen(command, process_group=0) as child:
        try:
            return child.wait()
        except KeyboardInterrupt:
            child.terminate()
        try:
            child.wait()
        except KeyboardInterrupt:
            child.kill()
    return INTERRUPTED


def _program(context: typer.Context) -> list[str]:
    config = context.find_root().params.get("config")
    return [sys.executable, "-m", "minyi", *(["--config", str(config)] if config else [])]
