"""One child process a source: Scrapy's reactor cannot be started twice in one."""

import subprocess
import sys
from collections.abc import Sequence

import typer

from minyi.config import Source

INTERRUPTED = 130


def run_for_each(
    context: typer.Context, command: Sequence[str], sources: Sequence[Source], *options: str
) -> list[str]:
    """Run `minyi COMMAND NAME OPTIONS` for each source; the titles of those that failed."""
    failed = []
    for source in sources:
        done = subprocess.run([*_program(context), *command, source.name, *options], check=False)
        if done.returncode == INTERRUPTED:
            raise KeyboardInterrupt
        if done.returncode:
            failed.append(source.title)
    return failed


def _program(context: typer.Context) -> list[str]:
    config = context.find_root().params.get("config")
    return [sys.executable, "-m", "minyi", *(["--config", str(config)] if config else [])]
