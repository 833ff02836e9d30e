"""A backup is one moment of the store; a restore loses nothing and brings back nothing that was purged."""

import os
import signal
import sqlite3
import stat
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from minyi import backup
from minyi.backup import BackupError, back_up, restore
from minyi.config import load_config
from minyi.workspace import Workspace

Minyi = Callable[..., int]

WORDS = "中山街的井盖松动，夜里车一过就哐当响，楼上的人整宿睡不着"


def put(office: Path, minyi: Minyi, count: int = 5, start: int = 0) -> None:
    rows = [
        f"{n},中山街井盖松动第{n}处,{WORDS}{n},2026-11-20 1{n % 10}:00,http://bbs.example.org/t/{n}"
        for n in range(start, start + count)
    ]
    (office / "in.csv").write_text("\n".join(["id,title,text,posted_at,网址", *rows]), encoding="utf-8")
    assert minyi("import", "in.csv", "--source", "hotline") == 0


def count(file: Path, table: str = "posts") -> int:
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return found


@pytest.fixture
def workspace(office: Path) -> Workspace:
    return Workspace(load_config(), office / "minyi.toml")


def test_a_backup_is_whole_closed_to_others_and_without_the_key(
    office: Path, minyi: Minyi, capfd: pytest.CaptureFixture[str]
) -> None:
    put(office, minyi)
    assert minyi("backup", "--to", "copy.db") == 0
    said = capfd.readouterr()
    assert "完整性检查通过" in said.out
    assert "没有作者密钥" in said.err
    assert count(office / "copy.db") == 5
    assert stat.S_IMODE((office / "copy.db").stat().st_mode) == 0o640
    assert (office / "var/author.key").read_bytes() not in (office / "copy.db").read_bytes()
    assert sorted(path.name for path in office.glob("*copy*")) == ["copy.db"]
    assert minyi("backup", "--to", "copy.db") == 2


def test_a_backup_while_somebody_writes_is_one_moment(
    office: Path, minyi: Minyi, workspace: Workspace
) -> None:
    put(office, minyi)
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(office / "var/minyi.db", timeout=30)) as connection:
            number = 0
            while not stop.is_set():
                number += 1
                with connection:  # always both or neither
                    for name in ("a", "b"):
                        connection.execute("INSERT INTO settings VALUES (?, 'x')", (f"{name}{number}",))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        files = [back_up(workspace, office / f"copy{n}.db") for n in range(5)]
    finally:
        stop.set()
        writer.join()
    for file in files:
        with closing(sqlite3.connect(file)) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM settings WHERE value = 'x'")]
        assert len([name for name in names if name[0] == "a"]) == len(
            [name for name in names if name[0] == "b"]
        )


def test_a_restore_puts_the_backup_in_place_and_keeps_what_was(office: Path, minyi: Minyi) -> None:
    put(office, minyi)
    assert minyi("backup", "--to", "copy.db") == 0
    put(office, minyi, start=5)
    assert minyi("restore", "copy.db", "--yes") == 0
    assert count(office / "var/minyi.db") == 5
    [before] = (office / "var").glob("minyi-before-restore-*.db")
    assert count(before) == 10
    assert minyi("read") == 0


def test_what_was_purged_does_not_come_back_with_a_backup(
    office: Path, minyi: Minyi, capfd: pytest.CaptureFixture[str]
) -> None:
    put(office, minyi)
    assert minyi("backup", "--to", "copy.db") == 0
    assert minyi("purge", "http://bbs.example.org/t/3", "--reason", "要求") == 0
    assert minyi("restore", "copy.db", "--yes") == 0
    assert "又删去 1 条" in capfd.readouterr().out
    assert count(office / "var/minyi.db") == 4
    assert count(office / "var/minyi.db", "refusals") == 1


def test_refusals_outlive_the_store_itself(office: Path, minyi: Minyi) -> None:
    put(office, minyi)
    assert minyi("backup", "--to", "copy.db") == 0
    assert minyi("purge", "http://bbs.example.org/t/3", "--reason", "要求") == 0
    (office / "var/minyi.db").write_bytes(b"no database at all" * 1000)
    assert minyi("restore", "copy.db", "--yes") == 0
    assert count(office / "var/minyi.db") == 4
    put(office, minyi)
    assert count(office / "var/minyi.db") == 4


@pytest.mark.parametrize("how", ["newer", "torn", "other", "missing"])
def test_a_file_that_cannot_be_used_changes_nothing(
    office: Path, minyi: Minyi, how: str, capfd: pytest.CaptureFixture[str]
) -> None:
    put(office, minyi)
    assert minyi("backup", "--to", "copy.db") == 0
    file = office / "copy.db"
    if how == "newer":
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
    elif how == "torn":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    elif how == "other":
        file.unlink()
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("CREATE TABLE songs (name TEXT)")
    else:
        file.unlink()
    put(office, minyi, start=5)
    capfd.readouterr()
    assert minyi("restore", "copy.db", "--yes") in (1, 2)
    assert "Traceback" not in capfd.readouterr().err
    assert count(office / "var/minyi.db") == 10
    assert not list((office / "var").glob("*before*"))
    assert not list((office / "var").glob(".minyi*"))


def test_a_store_in_use_is_not_replaced(office: Path, minyi: Minyi, workspace: Workspace) -> None:
    put(office, minyi)
    file = back_up(workspace, office / "copy.db")
    with closing(sqlite3.connect(office / "var/minyi.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BackupError, match="正在用数据库"):
            restore(workspace, file, staff="李科")
    assert count(office / "var/minyi.db") == 5


def test_a_full_disk_is_one_line_and_leaves_nothing(
    office: Path, minyi: Minyi, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    put(office, minyi)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_sync", full)
    monkeypatch.setattr(backup, "_check", full)
    assert minyi("backup", "--to", "copy.db") == 1
    assert "磁盘已满" in capfd.readouterr().err
    assert not list(office.glob("*copy*"))


def killed_at(step: int, call: Callable[[], Any]) -> bool:
    """Run `call` in a child that is killed at that line of minyi.backup; False when it came to its end."""
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    lines = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal lines
        if frame.f_code.co_filename != backup.__file__:
            return None
        lines += event == "line"
        if lines >= step:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    try:
        call()
    finally:
        os._exit(0)


def test_killed_at_any_point_a_restore_leaves_one_whole_store(
    office: Path, minyi: Minyi, workspace: Workspace
) -> None:
    put(office, minyi)
    file = back_up(workspace, office / "copy.db")
    put(office, minyi, start=5)
    database, seen = office / "var/minyi.db", set()
    step = 1
    while killed_at(step, lambda: restore(workspace, file, staff="李科")):
        found = count(database)
        assert found in (5, 10)
        if found == 5:
            assert any(count(before) == 10 for before in (office / "var").glob("minyi-before-restore-*.db"))
        seen.add(found)
        step += 5
    assert seen == {5, 10}
    assert count(database) == 5
    assert not list((office / "var").glob(".minyi.db.part-*")), "what a killed one left is cleared away"


@pytest.mark.parametrize("command", [("backup",), ("restore", "copy.db", "--yes")])
def test_postgresql_is_left_to_its_own_tools(
    office: Path,
    minyi: Minyi,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    command: tuple[str, ...],
) -> None:
    monkeypatch.setenv("MINYI_DATABASE_URL", "postgresql://minyi:geheim@db.example.org/minyi")
    (office / "copy.db").touch()
    assert minyi(*command) == 1
    said = capfd.readouterr().err
    assert "pg_dump" in said or "pg_restore" in said
    assert "geheim" not in said
