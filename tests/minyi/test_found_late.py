"""A post that comes in later tells whom an earlier one named: what was made of that one is masked too."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from minyi.config import load_config
from minyi.workspace import Workspace

Minyi = Callable[..., int]
NAME = "王建国"
HEADING = "编号,标题,内容,时间,答复,答复时间,答复单位\n"
ROW = "1,望海路{name}天天这样占道,望海路{name}天天这样占道，砂石堆了半年没人管,2026-11-20 08:00,{reply},\n"
OTHER = "2,中山街路灯不亮,中山街的路灯坏了半个月，晚上出门很不方便,2026-11-20 09:00,,,\n"


@pytest.fixture(params=["sqlite", "postgresql"])
def workspace(
    request: pytest.FixtureRequest, office: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    if request.param == "postgresql":
        monkeypatch.setenv("MINYI_DATABASE_URL", request.getfixturevalue("postgres_url"))
    workspace = Workspace(load_config(), office / "minyi.toml")
    yield workspace
    workspace.close()


def _import(office: Path, minyi: Minyi, reply: str) -> None:
    row = ROW.format(name=NAME, reply=f"{reply},2026-11-21 09:00" if reply else ",")
    (office / "in.csv").write_text(HEADING + row + OTHER, encoding="utf-8")
    assert minyi("import", office / "in.csv", "--source", "hotline") == 0
    (office / "in.csv").unlink()


def _stored(workspace: Workspace, *queries: str) -> str:
    with workspace.engine.connect() as connection:
        rows = [str(row) for query in queries for row in connection.execute(text(query))]
    return "\n".join(rows)


def _is_named(workspace: Workspace) -> bool:
    tables = ("threads", "posts", "readings", "issues", "runs")
    said = _stored(workspace, *(f"SELECT * FROM {table}" for table in tables))
    return NAME in said or ascii(NAME)[1:-1] in said.replace("\\\\", "\\")  # JSON may hold it in ASCII


def test_a_name_told_later_stands_in_no_issue_run_or_brief(
    workspace: Workspace, office: Path, minyi: Minyi
) -> None:
    _import(office, minyi, "")
    assert minyi("read") == 0
    assert minyi("brief", "--day", "2026-11-20") == 0
    briefs = list((office / "var/briefs").glob("*.html"))
    assert _is_named(workspace)
    assert any(NAME in brief.read_text(encoding="utf-8") for brief in briefs)
    _import(office, minyi, f"联系人：{NAME}。已责成清理")
    assert not _is_named(workspace)
    assert briefs
    assert not any(NAME in brief.read_text(encoding="utf-8") for brief in briefs)
    assert any("路灯" in brief.read_text(encoding="utf-8") for brief in briefs)


@pytest.mark.parametrize("reply", ["", f"联系人：{NAME}。已责成清理"])
def test_the_same_file_again_changes_nothing(
    workspace: Workspace, office: Path, minyi: Minyi, reply: str
) -> None:
    _import(office, minyi, reply)
    assert minyi("read") == 0
    before = _unseen(workspace)
    _import(office, minyi, reply)
    assert _unseen(workspace) == before


def _unseen(workspace: Workspace) -> str:
    """All that is stored but when it was last seen."""
    return _stored(
        workspace,
        "SELECT title, url FROM threads ORDER BY id",
        "SELECT id, text, text_hash, posted_at, dated_at FROM posts ORDER BY id",
        "SELECT * FROM readings ORDER BY post_id",
        "SELECT * FROM audit ORDER BY id",
        "SELECT * FROM settings ORDER BY name",
    )
