"""docs/operations.md names only commands and options that exist, and settings that are in the example."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from minyi.cli.app import app

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
PIECES = [*re.findall(r"`([^`\n]+)`", TEXT), *re.findall(r"```\n(.+?)```", TEXT, re.DOTALL)]
CALLS = sorted({call.strip() for piece in PIECES for call in re.findall(r"\bminyi ([a-z][^&|`\n]*)", piece)})


def command_of(words: list[str]) -> Any:
    command: Any = typer.main.get_command(app)
    for word in words:
        if word not in getattr(command, "commands", {}):
            break
        command = command.commands[word]
    return command


def test_the_page_names_commands() -> None:
    assert len(CALLS) > 15


@pytest.mark.parametrize("call", CALLS)
def test_every_call_is_one_that_exists(call: str) -> None:
    words = call.split()
    command = command_of(words)
    assert command.name in words[:2], f"no such command: minyi {call}"
    options = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    for word in words:
        if word.startswith("--"):
            assert word in options | {"--help"}, f"minyi {call}: no option {word}"


def test_the_files_it_names_are_those_the_program_writes() -> None:
    from minyi.refusal_file import refusals_path

    assert "var/backups" in TEXT
    assert f"var/{refusals_path.__name__.removesuffix('_path')}.json" in TEXT
