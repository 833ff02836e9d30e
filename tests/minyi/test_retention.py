"""What is kept how long: texts gone from their forum, old posts, runs and files; a dry run only counts."""

import json
import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

Minyi = Callable[..., int]

TITLE = "望海路的配电箱整夜嗡嗡作响没人来看"
SAID = "配电箱就贴着卧室的墙，半夜两三点震得床板发麻，报修电话打了七遍"
OTHERS = "望海路配电箱噪声太大，请供电部门尽快处理"


@pytest.fixture
def briefed(office: Path, minyi: Minyi) -> Path:
    rows = [f"1,{TITLE},{SAID},2026-11-20 10:00"]
    rows += [f"{n},望海路配电箱噪声第{n}次反映,{OTHERS}{'！' * n},2026-11-20 1{n}:00" for n in (2, 3, 4)]
    (office / "in.csv").write_text("\n".join(["id,title,text,posted_at", *rows]), encoding="utf-8")
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    assert minyi("read") == 0
    assert minyi("brief", "--day", "2026-11-20") == 0
    (office / "in.csv").unlink()
    return office


def execute(office: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(office / "var/minyi.db")) as connection, connection:
        return connection.execute(statement).fetchall()


def ago(days: int) -> str:
    return f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%d %H:%M:%S.%f}"


def leave(office: Path, table: str, days: int) -> None:
    where = "title LIKE '%嗡嗡%'" if table == "threads" else "text LIKE '%床板%'"
    execute(office, f"UPDATE {table} SET gone_at = '{ago(days)}' WHERE {where}")


def held(office: Path, words: str) -> list[str]:
    """The files of the data folder in which eight letters in a row of these words stand."""
    grams = {words[at : at + 8] for at in range(len(words) - 7)}
    escaped = {json.dumps(gram)[1:-1] for gram in grams}
    found = []
    for path in (office / "var").rglob("*"):
        if path.is_file():
            said = re.sub(r"\s", "", path.read_bytes().decode("utf-8", "ignore"))
            if any(gram in said for gram in grams | escaped):
                found.append(path.name)
    return found


def test_a_week_after_it_is_gone_a_threads_words_are_nowhere(briefed: Path, minyi: Minyi) -> None:
    assert held(briefed, TITLE)
    leave(briefed, "threads", 8)
    assert minyi("housekeep") == 0
    assert held(briefed, SAID) == []
    assert held(briefed, TITLE) == []
    assert execute(briefed, "SELECT count(*) FROM posts") == [(4,)], "it is still counted"
    page = (briefed / "var/briefs/daily-2026-11-20.html").read_text(encoding="utf-8")
    assert "配电箱" in page


def test_before_a_week_has_passed_it_may_come_back(briefed: Path, minyi: Minyi) -> None:
    leave(briefed, "threads", 6)
    assert minyi("housekeep") == 0
    assert execute(briefed, "SELECT count(*) FROM posts WHERE text = ''") == [(0,)]


def test_a_floor_gone_from_a_living_thread_loses_its_text_and_leaves_the_title(
    briefed: Path, minyi: Minyi
) -> None:
    leave(briefed, "posts", 8)
    assert minyi("housekeep") == 0
    assert held(briefed, SAID) == []
    assert execute(briefed, "SELECT count(*) FROM threads WHERE title LIKE '%嗡嗡%'") == [(1,)]


def test_a_gone_floor_is_no_longer_quoted_at_once(briefed: Path, minyi: Minyi) -> None:
    leave(briefed, "posts", 0)
    assert minyi("brief", "--day", "2026-11-20") == 0
    for page in (briefed / "var/briefs").glob("*.[hj][ts][mo][ln]"):
        assert SAID[:12] not in page.read_text(encoding="utf-8")


def test_what_is_old_goes_and_a_dry_run_only_counts(
    briefed: Path, minyi: Minyi, capfd: pytest.CaptureFixture[str]
) -> None:
    for table, columns in {"posts": ("dated_at",), "threads": ("last_seen_at",)}.items():
        for column in columns:
            execute(briefed, f"UPDATE {table} SET {column} = '{ago(2000)}' WHERE id = 1")
    execute(briefed, "UPDATE runs SET first_day = '2010-01-01', last_day = '2010-01-01'")
    files = list((briefed / "var/briefs").iterdir())
    for path in files:
        path.rename(path.with_name(path.name.replace("2026-11-20", "2010-01-01")))
    execute(
        briefed,
        f"INSERT INTO crawls (source, state, stats, started_at) VALUES ('x', 'failed', '{{}}', '{ago(500)}'),"
        f" ('x', 'ok', '{{}}', '{ago(450)}')",
    )
    capfd.readouterr()
    assert minyi("housekeep", "--dry-run", "--json") == 0
    counted = json.loads(capfd.readouterr().out)
    assert execute(briefed, "SELECT count(*) FROM posts") == [(4,)]
    assert minyi("housekeep", "--json") == 0
    assert json.loads(capfd.readouterr().out) | {"dry_run": True} == counted
    assert (counted["posts"], counted["runs"], counted["files"]) == (1, 1, len(files))
    assert counted["crawls"] == 1, "the last complete crawl is where the next begins"
    assert execute(briefed, "SELECT count(*) FROM threads") == [(3,)]
    assert execute(briefed, "SELECT count(*) FROM briefs") == [(0,)]
    assert not list((briefed / "var/briefs").iterdir())
    assert execute(briefed, "SELECT action FROM audit WHERE action = 'housekeep'") == [("housekeep",)]


def test_old_logs_of_jobs_go(briefed: Path, minyi: Minyi, capfd: pytest.CaptureFixture[str]) -> None:
    folder = briefed / "var/jobs"
    folder.mkdir()
    for name, days in (("old.log", 31), ("new.log", 29), ("old.txt", 31)):
        (folder / name).write_text("专题“路灯”", encoding="utf-8")
        moment = (datetime.now(UTC) - timedelta(days=days)).timestamp()
        os.utime(folder / name, (moment, moment))
    capfd.readouterr()
    assert minyi("housekeep", "--dry-run") == 0
    assert "会清理过期的后台任务记录：1" in capfd.readouterr().out
    assert (folder / "old.log").exists()
    assert minyi("housekeep") == 0
    assert {path.name for path in folder.iterdir()} == {"new.log", "old.txt"}


def test_retention_is_a_setting(briefed: Path, minyi: Minyi, capfd: pytest.CaptureFixture[str]) -> None:
    config = briefed / "minyi.toml"
    config.write_text(config.read_text(encoding="utf-8") + "\n[retention]\nposts = 200\n", encoding="utf-8")
    execute(briefed, f"UPDATE posts SET dated_at = '{ago(300)}'")
    assert minyi("housekeep", "--dry-run", "--json") == 0
    assert json.loads(capfd.readouterr().out)["posts"] == 4
