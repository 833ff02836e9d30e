"""Which files are a brief's own: those of its name, whole or a department's part, and nobody else's."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from minyi.brief_paths import brief_paths
from minyi.config import load_config
from minyi.rewriting import written_files
from minyi.workspace import Workspace

Minyi = Callable[..., int]
DAY = "2026-11-20"
NAMES = ("路灯", "路灯-维修", "路灯/维修", "路")


@pytest.fixture
def workspace(minyi: Minyi, office: Path) -> Workspace:
    rows = [
        f"{n},望海路路灯不亮,望海路的路灯又不亮了，第{n}盏，请尽快维修,{DAY}T0{n}:00:00" for n in range(5)
    ]
    Path("in.csv").write_text("\n".join(["id,title,text,posted_at", *rows]), encoding="utf-8")
    for command in (("import", "in.csv", "--source", "hotline"), ("read",), ("analyse", "--day", DAY)):
        assert minyi(*command) == 0
    for name in NAMES:
        assert minyi("topic", "add", name, "路灯") == 0
        assert minyi("topic", "run", name, "--from", DAY, "--to", DAY, "--forms", "html") == 0
    return Workspace(load_config(), office / "minyi.toml")


def test_a_topic_whose_name_begins_with_anothers_keeps_its_files(workspace: Workspace) -> None:
    with workspace.engine.connect() as connection:
        query = "SELECT briefs.id, run_id, topic FROM briefs JOIN runs ON runs.id = run_id"
        briefs = {row.topic: row for row in connection.exec_driver_sql(query)}
    assert set(briefs) == set(NAMES)
    wanted = {name: _written(workspace, name) for name in NAMES}
    assert {name: set(written_files(workspace, brief)) for name, brief in briefs.items()} == wanted
    workspace.close()


def _written(workspace: Workspace, name: str) -> set[Path]:
    """The files of a topic's brief, after its parts for departments were written beside it."""
    day = date.fromisoformat(DAY)
    run: Any = SimpleNamespace(kind="special", first_day=day, last_day=day, topic=name)
    whole = brief_paths(workspace, run)["html"]
    assert whole.is_file()
    parts = {brief_paths(workspace, run, department=who)["html"] for who in ("维修", "城管局")}
    for part in parts:
        part.write_text("…", encoding="utf-8")
    return {whole, *parts}
