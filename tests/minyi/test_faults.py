"""A full disk, two runs of one interval at once, a purge on PostgreSQL: said in a line, and nothing is lost."""

import csv
import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from minyi.config import load_config
from minyi.runs import run_analysis
from minyi.workspace import Workspace
from pipelines.schema import metadata, runs

Minyi = Callable[..., int]

DAY = date(2026, 11, 20)
PLANTED = "楼道里的消防栓拧不出水，物业拿一把锈锁糊弄检查，老人住在顶层怎么办"


@pytest.fixture
def workspace(office: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("MINYI_DATABASE_URL", database_url)
    workspace = Workspace(load_config(), office / "minyi.toml")
    yield workspace
    workspace.close()


def put(office: Path, minyi: Minyi) -> None:
    with (office / "in.csv").open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["编号", "标题", "时间", "内容", "网址"])
        rows.writerow([1, "望海路小区消防栓没有水", "2026-11-20 09:00", PLANTED, "http://x.example/1"])
        for n in (2, 3, 4):
            said = "望海路小区的消防栓没有水，请消防部门检查" + "！" * n
            rows.writerow([n, f"望海路小区消防栓问题{n}", "2026-11-20 10:00", said, f"http://x.example/{n}"])
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    assert minyi("read") == 0


def test_two_runs_of_one_interval_at_once_leave_one_current_result(
    office: Path, minyi: Minyi, workspace: Workspace
) -> None:
    put(office, minyi)

    def analyse(_: int) -> int:
        own = Workspace(workspace.config, workspace.file)
        try:
            return int(run_analysis(own, DAY, DAY).id)
        finally:
            own.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = [pool.submit(analyse, n) for n in range(2)]
    failures = [outcome.exception() for outcome in outcomes if outcome.exception()]
    assert len(failures) < 2
    assert all("重新运行" in str(failure) or "再运行" in str(failure) for failure in failures), failures
    assert minyi("analyse", "--day", str(DAY)) == 0
    with workspace.engine.connect() as connection:
        results = connection.execute(select(runs.c.results)).scalars().all()
    assert {len(result["issues"]) for result in results} == {len(results[0]["issues"])}
    assert {issue["id"] for issue in results[0]["issues"]} == {issue["id"] for issue in results[-1]["issues"]}


def test_a_purge_leaves_no_row_with_the_words(office: Path, minyi: Minyi, workspace: Workspace) -> None:
    put(office, minyi)
    assert minyi("brief", "--day", str(DAY)) == 0
    assert minyi("purge", "http://x.example/1", "--reason", "要求") == 0
    grams = {PLANTED[at : at + 10] for at in range(len(PLANTED) - 9)}
    with workspace.engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                said = repr(row._mapping)
                assert not [gram for gram in grams if gram in said], table.name
    assert minyi("analyse", "--day", str(DAY)) == 0


def test_a_disk_that_fills_is_one_line_and_the_next_run_finishes(
    office: Path, minyi: Minyi, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    put(office, minyi)

    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("reports.write.os.fsync", full)
        assert minyi("brief", "--day", str(DAY)) == 1
    said = capfd.readouterr().err
    assert "磁盘" in said
    assert "Traceback" not in said
    assert not list((office / "var/briefs").glob("*"))
    assert minyi("brief", "--day", str(DAY)) == 0


def test_a_database_that_cannot_grow_is_one_line_and_loses_nothing(office: Path, minyi: Minyi) -> None:
    """A file size limit does to SQLite what a full disk does."""
    put(office, minyi)
    size = (office / "var/minyi.db").stat().st_size
    code = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size + 8192}, {size + 8192}))\n"
        "from minyi.cli.app import run\n"
        "sys.exit(run(['import', 'more.csv', '--source', 'hotline']))\n"
    )
    with (office / "more.csv").open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["编号", "标题", "时间", "内容"])
        rows.writerows([n, f"路灯{n}", "2026-11-20 09:00", f"第{n}盏路灯坏了" * 60] for n in range(10, 1500))
    failed = subprocess.run(
        [sys.executable, "-c", code], cwd=office, capture_output=True, text=True, check=False
    )
    assert failed.returncode == 1
    assert len(failed.stderr.strip().splitlines()) == 1, failed.stderr
    assert "磁盘" in failed.stderr
    assert minyi("import", "more.csv", "--source", "hotline") == 0


def test_a_store_that_fails_in_a_crawl_is_one_line_without_a_word_of_the_posts(
    office: Path, minyi: Minyi, tmp_path: Path
) -> None:
    from minyi.demo.server import running_forums

    code = (
        "import resource, signal, sys\n"
        "from minyi.cli.app import run\n"
        "assert run(['db', 'upgrade']) == 0\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "limit = __import__('os').path.getsize('var/minyi.db') + 16384\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))\n"
        "sys.exit(run(['crawl', 'bbs']))\n"
    )
    with running_forums(seed=2) as forums:
        table = (
            f'[[sources]]\nname = "bbs"\ntitle = "海平在线"\nengine = "discuz"\ndelay = 0.0\n'
            f'url = "{forums.urls["haiping"]}"\nallow_private = true\n'
        )
        config = office / "minyi.toml"
        config.write_text(f"{config.read_text(encoding='utf-8')}\n{table}", encoding="utf-8")
        call = [sys.executable, "-c", code]
        failed = subprocess.run(call, cwd=office, capture_output=True, text=True, check=False)
        texts = {post.text for thread in forums.forums["haiping"].threads() for post in thread.posts}
    assert failed.returncode == 1
    assert "磁盘" in failed.stderr
    assert "INSERT" not in failed.stderr
    assert not [text for text in texts if text[:12] in failed.stderr]


def test_a_database_that_breaks_off_is_said_in_a_line(
    office: Path, minyi: Minyi, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """While rows are fetched it is the driver that complains, not SQLAlchemy."""
    put(office, minyi)

    def torn(*_: object) -> None:
        raise sqlite3.DatabaseError("database disk image is malformed")

    monkeypatch.setattr("pipelines.store.readings._fetched", torn)
    assert minyi("analyse", "--day", str(DAY)) == 1
    said = capfd.readouterr().err
    assert "数据库文件已损坏，请从备份恢复" in said
    assert len(said.strip().splitlines()) == 1
