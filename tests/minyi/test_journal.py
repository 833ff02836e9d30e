"""The log has keys and counts, one JSON object a line, and never a word of anybody's."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from minyi import journal

Minyi = Callable[..., int]


def lines(folder: Path) -> list[dict[str, object]]:
    files = sorted(folder.glob("minyi-*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def test_every_command_leaves_a_line_with_its_end(
    office: Path, minyi: Minyi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CTX_DAG_RUN_ID", "scheduled__2026-11-22T22:30:00+00:00")
    table = office / "in.csv"
    table.write_text("id,title,text,posted_at\n1,灯坏了,望海路灯坏了,2026-11-20 10:00", encoding="utf-8")
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    assert minyi("read") == 0
    assert minyi("analyse", "--day", "2026-11-20") == 0
    assert minyi("crawl", "hotline") == 2
    found = lines(office / "var/logs")
    ended = [(line["command"], line["exit"]) for line in found if line["event"] == "command"]
    assert ended == [("import", 0), ("read", 0), ("analyse", 0), ("crawl", 2)]
    assert [line["read"] for line in found if line["event"] == "read"] == [1]
    [analysed] = [line for line in found if line["event"] == "run"]
    assert analysed["run"] == 1
    assert {line["dag_run"] for line in found} == {"scheduled__2026-11-22T22:30:00+00:00"}
    assert len({line["session"] for line in found}) == 4
    assert found[-1]["error"] == "InputError"
    [file] = (office / "var/logs").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) & 0o007 == 0


def test_words_never_reach_the_log(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    journal.open_journal(tmp_path / "var/logs", command="read", title="望海路路灯不亮")
    journal.note_event("x", source="王小明 13987654321", posts="十", error="Err", author="a", threads=3)
    journal.close_journal()
    [line] = lines(tmp_path / "var/logs")
    assert set(line) == {"at", "event", "process", "session", "command", "error", "threads"}


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var/logs").write_text("in the way")
    journal.open_journal(tmp_path / "var/logs")
    journal.note_event("x")
    journal.close_journal()
    journal.note_event("nobody listens")


def test_old_days_are_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "var/logs"
    folder.mkdir(parents=True)
    (folder / "minyi-2020-01-01.jsonl").touch()
    journal.open_journal(folder)
    journal.note_event("x")
    journal.close_journal()
    assert len(list(folder.iterdir())) == 1
    assert len(lines(folder)) == 1
