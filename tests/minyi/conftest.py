"""An office of one's own in a temporary folder, and the command line to run in it."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from minyi.cli.app import run
from minyi.workspace import Workspace
from pipelines.store import patience
from pipelines.store.crawls import finish_crawl, start_crawl

CONFIG = """
data_dir = "{folder}/var"

[office]
name = "海平县"
contact = "minyi@example.org"

[[sources]]
name = "hotline"
title = "12345 热线"
engine = "file"

[[districts]]
name = "古城街道"
places = ["望海路", "中山街"]

[[districts]]
name = "东浦街道"
places = ["后洋村"]

[[departments]]
category = "城乡建设"
name = "住房和城乡建设局"

[[recipients]]
name = "办公室"
kinds = ["daily", "weekly"]
folder = "{folder}/outbox"
"""

Minyi = Callable[..., int]


@pytest.fixture
def office(own_folder: Path, new_store: Path) -> Path:
    """A folder with a minyi.toml and a new store, the present folder of the test."""
    (own_folder / "minyi.toml").write_text(CONFIG.format(folder=own_folder), encoding="utf-8")
    (own_folder / "var").mkdir()
    shutil.copy(new_store, own_folder / "var/minyi.db")
    return own_folder


@pytest.fixture
def minyi(office: Path) -> Minyi:
    """Runs a command in that office: `minyi("import", file, "--source", "hotline")` -> exit code."""
    return lambda *arguments: run([str(argument) for argument in arguments])


def store_crawl(
    workspace: Workspace, source: str, at: datetime, state: str = "ok", message: str = ""
) -> None:
    """A crawl that took no time and found nothing, with its report."""
    stats = {"source": source, "state": state, "code": state, "message": message}
    stats |= {"started_at": at.isoformat(), "finished_at": at.isoformat()}
    with workspace.engine.begin() as connection:
        number = start_crawl(connection, source, at.astimezone(UTC), "test")
        finish_crawl(
            connection,
            number,
            state=state,
            message=message,
            threads=0,
            posts=0,
            stats=stats,
            finished_at=at.astimezone(UTC),
        )


@pytest.fixture
def blinking_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """A database that is away whenever a statement comes for the first time; the statements it was away for.

    Opening it goes well.
    """
    missed: set[str] = set()

    def be_away(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        known = statement in missed or "alembic_version" in statement
        if not known and re.match("SELECT|INSERT|UPDATE|DELETE", statement):
            missed.add(statement)
            raise OperationalError(statement, {}, psycopg.OperationalError("connection refused"))

    monkeypatch.setattr(patience, "LONGEST_WAIT", 0.001)
    event.listen(Engine, "before_cursor_execute", be_away)
    yield missed
    event.remove(Engine, "before_cursor_execute", be_away)
