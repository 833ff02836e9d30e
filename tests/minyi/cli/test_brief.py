"""From an imported table to a delivered brief: frozen, numbered, approved, sent once."""

import errno
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Minyi = Callable[..., int]
DAY = "2026-11-20"
COMPLAINTS = (
    "望海路的路灯又不亮了，晚上漆黑一片，请尽快维修",
    "望海路路灯坏了一个星期，老人走路要摔跤，没人管吗",
    "望海路的路灯什么时候能修好，天天摸黑回家",
)


@pytest.fixture(autouse=True)
def either_database(database_url: str, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINYI_DATABASE_URL", database_url)


@pytest.fixture
def read(minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """An office that has imported and read three complaints of one day."""
    rows = [f"{n},望海路路灯不亮,{text},{DAY}T2{n}:00:00" for n, text in enumerate(COMPLAINTS)]
    (office / "in.csv").write_text("\n".join(["id,title,text,posted_at", *rows]), encoding="utf-8")
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    assert minyi("read") == 0
    capsys.readouterr()
    return office


def brief(minyi: Minyi, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert minyi("brief", "--json", *arguments) == 0, capsys.readouterr().err
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_a_day_becomes_html_and_pdf(minyi: Minyi, read: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = brief(minyi, capsys, "--day", DAY)
    html, pdf = Path(made["html"]), Path(made["pdf"])
    assert html.parent == read / "var" / "briefs"
    assert "望海路" in html.read_text(encoding="utf-8")
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert any("望海路" in line for line in made["headline"])


def test_results_stay_frozen_until_analysed_again(
    minyi: Minyi, read: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = Path(brief(minyi, capsys, "--day", DAY)["html"]).read_bytes()
    more = f"id,title,text,posted_at\n9,望海路路灯不亮,望海路灯还黑着,{DAY}T23:00:00\n"
    (read / "more.csv").write_text(more, encoding="utf-8")
    assert minyi("import", "more.csv", "--source", "hotline") == 0
    assert minyi("read") == 0
    capsys.readouterr()
    assert Path(brief(minyi, capsys, "--day", DAY)["html"]).read_bytes() == first
    assert minyi("analyse", "--day", DAY) == 0
    capsys.readouterr()
    assert Path(brief(minyi, capsys, "--day", DAY)["html"]).read_bytes() != first


def test_an_issue_keeps_its_number_from_day_to_day(
    minyi: Minyi, read: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def issue_ids(day: str) -> set[int]:
        from minyi.config import load_config
        from minyi.runs import result_of, run_analysis
        from minyi.workspace import Workspace

        workspace = Workspace(load_config(), read / "minyi.toml")
        run = run_analysis(workspace, *workspace.window(day))
        workspace.close()
        return {issue.id for issue in result_of(run).issues}

    first = issue_ids(DAY)
    assert first
    assert first <= issue_ids("2026-11-21")
    assert first == issue_ids(DAY)


def test_briefs_are_numbered_by_kind_and_year(
    minyi: Minyi, read: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = [Path(brief(minyi, capsys, "--day", day)["html"]) for day in (DAY, "2026-11-21", DAY)]
    numbers = [re.findall(r"第\s*(\d+)\s*期", page.read_text(encoding="utf-8"))[0] for page in pages]
    assert numbers == ["1", "2", "1"]


def test_an_empty_day_is_a_brief_that_says_so(
    minyi: Minyi, read: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = brief(minyi, capsys, "--day", "2026-03-01")
    assert Path(made["pdf"]).read_bytes().startswith(b"%PDF-")
    assert "None" not in Path(made["html"]).read_text(encoding="utf-8")


def test_several_days_make_a_weekly_brief(
    minyi: Minyi, read: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = brief(minyi, capsys, "--from", "2026-11-16", "--to", "2026-11-22")
    assert Path(made["html"]).name == "weekly-2026-11-16_2026-11-22.html"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--day", "2999-01-01"], "还没有到"),
        (["--day", "昨天"], "看不懂日期"),
        (["--from", DAY], "要一起用"),
        (["--from", DAY, "--to", "2026-11-01"], "请对调"),
        (["--day", DAY, "--from", DAY, "--to", DAY], "只能用一种"),
    ],
)
def test_wrong_days_are_one_line(
    minyi: Minyi, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert minyi("brief", *arguments) == 2
    assert words in capsys.readouterr().err


def test_a_draft_waits_for_approval_and_is_then_sent_once(
    minyi: Minyi, read: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def deliver() -> list[str]:
        assert minyi("deliver", "--day", DAY, "--json") == 0
        sent: list[str] = json.loads(capsys.readouterr().out)["sent"]
        return sent

    brief(minyi, capsys, "--day", DAY)
    assert deliver() == []
    assert minyi("brief", "approve", "--day", DAY) == 0
    capsys.readouterr()
    assert deliver() == ["办公室"]
    assert {file.suffix for file in (read / "outbox").iterdir()} == {".html", ".pdf", ".docx", ".json"}
    assert "待审" not in next((read / "outbox").glob("*.html")).read_text(encoding="utf-8")
    assert deliver() == []


@pytest.mark.parametrize("command", [["deliver"], ["brief", "approve"]])
def test_without_a_brief_there_is_nothing_to_send(
    minyi: Minyi, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert minyi(*command, "--day", DAY) == 2
    assert "请先运行 minyi brief" in capsys.readouterr().err


def test_a_full_disk_leaves_no_half_file(
    minyi: Minyi, read: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    assert minyi("analyse", "--day", DAY) == 0
    capsys.readouterr()
    monkeypatch.setattr("os.fsync", full)
    assert minyi("brief", "--day", DAY) == 1
    said = capsys.readouterr().err.strip()
    assert "请检查磁盘空间" in said
    assert "\n" not in said
    assert list((read / "var" / "briefs").iterdir()) == []
    monkeypatch.undo()
