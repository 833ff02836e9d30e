"""PostgreSQL goes away for half a minute while a step runs: the step waits, and ends as if nothing had been."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(500)]

AWAY_SECONDS = 30
POSTS = 6000
OF_ONE_DEPARTMENT = """
[[recipients]]
name = "住建局"
kinds = ["daily"]
department = "住房和城乡建设局"
folder = "{folder}/zhujian"
"""
DAY = "2026-11-20"
PLACES = ("望海路", "中山街", "后洋村", "东浦大桥", "古城墙", "鹭岛公园")
MATTERS = ("路灯不亮，晚上漆黑一片", "垃圾没人清运，臭得开不了窗", "公交车等了一个小时", "夜里施工太吵")
COUNTS = ("posts", "readings", "issues", "issue_threads", "runs", "briefs")


@pytest.fixture
def server(own_postgres: Any, office: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A scratch PostgreSQL with a day's posts in it, which every command uses."""
    monkeypatch.setenv("MINYI_DATABASE_URL", f"postgresql://{own_postgres.address}/postgres")
    with (office / "minyi.toml").open("a", encoding="utf-8") as file:
        file.write(OF_ONE_DEPARTMENT.format(folder=office))
    rows = [
        f"{n},{PLACES[n % 6]}{MATTERS[n % 4][:4]}第{n}次,{PLACES[n % 6]}{MATTERS[n % 4]}，第{n}次反映了,"
        f"{DAY}T{n % 24:02}:{n % 60:02}:00"
        for n in range(POSTS)
    ]
    Path("in.csv").write_text("\n".join(["id,title,text,posted_at", *rows]), encoding="utf-8")
    end(minyi("import", "in.csv", "--source", "hotline"))
    return own_postgres


def minyi(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "minyi", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def end(process: "subprocess.Popen[str]") -> str:
    """What it said besides its answer."""
    _, complained = process.communicate(timeout=200)
    assert process.returncode == 0, complained
    return complained


def ask(server: Any, query: str) -> int:
    with psycopg.connect(f"postgresql://{server.address}/postgres") as connection:
        [found] = connection.execute(query.encode()).fetchone() or (0,)
        return int(found)


def counts(server: Any) -> dict[str, int]:
    return {table: ask(server, f"SELECT count(*) FROM {table}") for table in COUNTS}


def end_in_spite_of_outage(server: Any, begun: str, *arguments: str) -> str:
    """Run a command, and take the server away when `begun` finds something; what it said besides its answer."""
    process = minyi(*arguments)
    while not ask(server, begun):
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    server.stop("fast")
    assert process.poll() is None, "it was over before"
    time.sleep(AWAY_SECONDS)
    server.start()
    return end(process)


def test_half_a_minute_without_a_database_changes_nothing(server: Any) -> None:
    waiting = "数据库连不上，等它恢复后接着做，最多等 150 秒……\n"
    said = end_in_spite_of_outage(server, "SELECT count(*) FROM readings", "read")
    assert said == waiting
    assert counts(server) == dict.fromkeys(COUNTS, 0) | {"posts": POSTS, "readings": POSTS}
    looked = "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%tokens%'"
    said = end_in_spite_of_outage(server, looked, "analyse", "--day", DAY)
    assert said == waiting
    found = counts(server)
    assert (found["runs"], found["issue_threads"]) == (1, POSTS)
    end(minyi("analyse", "--day", DAY))
    assert counts(server) == found, "the same again replaces the same"
    claimed = "SELECT count(*) FROM briefs"
    said = end_in_spite_of_outage(server, claimed, "brief", "--day", DAY)
    assert said in (waiting, ""), "drawing may take longer than the database was away"
    assert counts(server) == found | {"briefs": 1}
    written = {path.suffix for path in Path("var/briefs").iterdir()}
    assert written == {".html", ".pdf", ".docx", ".json"}
    end(minyi("brief", "approve", "--day", DAY))
    said = end_in_spite_of_outage(server, "SELECT count(*) FROM deliveries", "deliver", "--day", DAY)
    assert said in (waiting, "")
    assert ask(server, "SELECT count(*) FROM deliveries WHERE outcome = 'sent'") == 2
    end(minyi("deliver", "--day", DAY))
    assert ask(server, "SELECT count(*) FROM deliveries") == 2, "nothing goes twice"
    said = end_in_spite_of_outage(server, looked, "alert", "check")
    assert said == waiting


def test_a_database_that_is_away_at_the_start_is_said_in_one_line(server: Any) -> None:
    server.stop("fast")
    for command in (("read",), ("analyse", "--day", DAY), ("brief", "--day", DAY)):
        process = minyi(*command)
        _, complained = process.communicate(timeout=60)
        assert process.returncode == 1, "a fault, which a scheduler tries again"
        assert complained.startswith("minyi：打不开数据库")
        assert complained.count("\n") == 1
