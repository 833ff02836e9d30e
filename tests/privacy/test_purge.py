"""What somebody asked to have taken out is nowhere any more, and does not come back."""

import csv
import re
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from minyi.cli.app import run

CONFIG = """
[office]
name = "海平县"
contact = "minyi@example.org"

[[sources]]
name = "hotline"
title = "12345 热线"
engine = "file"

[[sources]]
name = "bbs"
title = "海平在线"
engine = "discuz"
url = "http://127.0.0.1:9/"

[[districts]]
name = "古城街道"
places = ["望海路", "中山街"]

[[recipients]]
name = "办公室"
folder = "outbox"
drafts = true
"""

TITLE = "望海路垃圾站的恶臭把人熏得没法开窗"
PLANTED = "垃圾站紧挨着我家厨房，三伏天臭水流到台阶上，恳请今晚就派车清走，孩子已经吐了两回"
OTHER = "望海路的垃圾站确实太臭了，请环卫部门尽快处理"
ADDRESS = "http://bbs.haiping.example/thread-{}-1-1.html"


@pytest.fixture
def folder(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (own_folder / "minyi.toml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.setenv("MINYI_STAFF", "李科")
    return own_folder


def put(folder: Path) -> None:
    """One thread that will be purged, and others of the same matter on other days."""
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["编号", "标题", "时间", "内容", "网址"])
        rows.writerow([1, TITLE, "2026-11-20 09:00", PLANTED, ADDRESS.format(1)])
        for day in (18, 19, 20):
            rows.writerow(
                [
                    day,
                    f"望海路垃圾站问题{day}",
                    f"2026-11-{day} 20:00",
                    f"{OTHER}（{day}）",
                    ADDRESS.format(day),
                ]
            )
    assert run(["import", "in.csv", "--source", "hotline"]) == 0


def everything(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file left behind, as text; PDF by its words, DOCX by its XML; archives unpacked."""
    for file in sorted(folder.rglob("*")):
        if not file.is_file() or file.name == "in.csv":
            continue
        yield str(file), file.read_bytes().decode("utf-8", errors="ignore")
        yield str(file), file.read_bytes().decode("utf-16", errors="ignore")
        if file.suffix == ".pdf" and shutil.which("pdftotext"):
            said = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True).stdout
            yield str(file), said.decode()
        if file.suffix == ".docx":
            with zipfile.ZipFile(file) as archive:
                for name in archive.namelist():
                    yield (
                        f"{file}!{name}",
                        re.sub(r"<[^>]+>", "", archive.read(name).decode("utf-8", "ignore")),
                    )


def grams(text: str) -> set[str]:
    return {text[at : at + 10] for at in range(len(text) - 9)}


def left_of(folder: Path, *texts: str) -> list[tuple[str, str]]:
    """Where ten letters in a row of these texts still stand."""
    wanted = set().union(*(grams(text) for text in texts))
    return [
        (name, gram)
        for name, said in everything(folder)
        for gram in wanted
        if gram in re.sub(r"\s|\\u200b", "", said) or gram.encode("unicode_escape").decode() in said
    ]


@pytest.fixture
def briefed(folder: Path) -> Path:
    put(folder)
    for command in (
        ["read"],
        ["brief", "--day", "2026-11-20"],
        ["brief", "--from", "2026-11-18", "--to", "2026-11-20"],
        ["brief", "approve", "--day", "2026-11-20"],
        ["deliver", "--day", "2026-11-20"],
    ):
        assert run(command) == 0
    return folder


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "var/minyi.db") as connection:
        found = connection.execute(query).fetchall()
    connection.close()
    return found


def test_a_purged_thread_is_nowhere_any_more(briefed: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert left_of(briefed, TITLE, PLANTED), "the planted words were never there"
    with sqlite3.connect(briefed / "var/minyi.db") as connection:
        connection.execute(
            "INSERT INTO issue_states (issue_id, state, note, staff, set_at) VALUES"
            f" (1, 'open', '群众说“{PLANTED[:20]}”，已转', '李科', '2026-11-20 00:00:00')"
        )
        connection.execute(
            "INSERT INTO alerts (kind, cause, message, raised_at, last_seen_at) VALUES"
            f" ('burst', 'x', '{TITLE}', '2026-11-20 00:00:00', '2026-11-20 00:00:00')"
        )
    connection.close()
    assert run(["purge", ADDRESS.format(1), "--reason", "发帖人来电要求"]) == 0
    said = capfd.readouterr().out
    assert "主题帖 1 个、帖子 1 条" in said
    assert "办公室" in said
    assert left_of(briefed, TITLE, PLANTED) == []
    notes = rows(briefed, "SELECT note FROM issue_states UNION SELECT message FROM alerts")
    assert len(notes) == 2
    assert all("按要求删除" in str(note) for (note,) in notes)
    pages = [file.read_text(encoding="utf-8") for file in briefed.rglob("*.html")]
    assert pages
    assert any("垃圾站" in page for page in pages), "what others said stays"
    for copy in (briefed / "outbox").iterdir():
        assert copy.read_bytes() == (briefed / "var/briefs" / copy.name).read_bytes()
    assert rows(briefed, "SELECT state FROM briefs WHERE kind = 'daily'") == [("approved",)]
    [(who, details)] = rows(briefed, "SELECT staff, details FROM audit WHERE action = 'purge'")
    assert who == "李科"
    assert "发帖人来电要求" in str(details).encode().decode("unicode_escape")


def test_what_is_purged_does_not_come_back(briefed: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["purge", ADDRESS.format(1), "--reason", "要求"]) == 0
    put(briefed)
    for command in (["read"], ["analyse", "--day", "2026-11-20"], ["brief", "--day", "2026-11-20"]):
        assert run(command) == 0
    assert left_of(briefed, TITLE, PLANTED) == []
    assert rows(briefed, "SELECT count(*) FROM threads") == [(3,)]


def test_a_dry_run_counts_and_changes_nothing(briefed: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = rows(briefed, "SELECT id, results FROM runs ORDER BY id"), rows(briefed, "SELECT * FROM posts")
    assert run(["purge", ADDRESS.format(1), "--dry-run"]) == 0
    said = capfd.readouterr().out
    assert "会删去主题帖 1 个、帖子 1 条" in said
    assert "文件夹里的副本会改写" in said
    assert "文件夹 → 办公室" in said
    after = rows(briefed, "SELECT id, results FROM runs ORDER BY id"), rows(briefed, "SELECT * FROM posts")
    assert before == after
    assert rows(briefed, "SELECT * FROM refusals") == []


def test_what_never_arrived_is_not_to_be_called_back(
    briefed: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(briefed / "var/minyi.db") as connection:
        connection.execute("UPDATE deliveries SET outcome = 'failed'")
    connection.close()
    assert run(["purge", ADDRESS.format(1), "--dry-run"]) == 0
    assert "曾经送出" not in capfd.readouterr().out


def test_a_whole_source_goes(briefed: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["purge", "--source", "hotline", "--reason", "合作结束", "--yes"]) == 0
    assert left_of(briefed, TITLE, PLANTED, OTHER) == []
    assert rows(briefed, "SELECT count(*) FROM posts") == [(0,)]
    put(briefed)
    assert rows(briefed, "SELECT count(*) FROM posts") == [(0,)]


def test_a_purged_forum_is_never_crawled_again(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["purge", "--source", "bbs", "--reason", "网站要求", "--yes"]) == 0
    capfd.readouterr()
    assert run(["source", "list", "--json"]) == 0
    assert run(["source", "list", "--due", "--json"]) == 0
    assert capfd.readouterr().out == "[]\n[]\n"
    assert run(["crawl", "bbs"]) == 2
    assert "已按要求删除" in capfd.readouterr().err


def test_an_address_of_nothing_stored_is_refused_for_the_future(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["purge", "http://127.0.0.1:9/thread-77-1-1.html", "--reason", "要求"]) == 0
    assert rows(folder, "SELECT source, thread_key FROM refusals") == [("bbs", "77")]
    assert run(["purge", "http://elsewhere.example/1", "--reason", "要求"]) == 2
    assert "不属于配置里的任何来源" in capfd.readouterr().err


def test_a_purge_says_what_it_needs(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--reason", "x"], [ADDRESS.format(1)], [ADDRESS.format(1), "--source", "bbs"]):
        assert run(["purge", *arguments]) == 2
    assert "Traceback" not in capfd.readouterr().err


def test_a_purge_killed_before_the_files_were_written_is_finished_by_housekeeping(
    briefed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("minyi.purge.rewrite_owed", killed)
        assert run(["purge", ADDRESS.format(1), "--reason", "要求"]) == 130
    assert left_of(briefed, TITLE, PLANTED), "the files still say it"
    assert run(["housekeep"]) == 0
    assert left_of(briefed, TITLE, PLANTED) == []


def test_words_that_could_not_be_written_again_are_deleted(
    briefed: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> Callable[..., object]:
        raise OSError("no fonts")

    monkeypatch.setattr("minyi.briefs.render_forms", broken)
    assert run(["purge", ADDRESS.format(1), "--reason", "要求"]) == 0
    assert "没能重新写出" in capfd.readouterr().err
    assert left_of(briefed, TITLE, PLANTED) == []
    assert not list((briefed / "outbox").iterdir())


@pytest.mark.parametrize(
    "written",
    [
        *(
            "https://bbs.haiping.example/thread-1-1-1.html",
            "http://www.bbs.haiping.example/thread-1-1-1.html/",
        ),
        "http://BBS.haiping.example:80/thread-1-1-1.html?from=groupmessage&isappinstalled=0#top",
    ],
)
def test_an_address_is_known_however_it_is_written(folder: Path, written: str) -> None:
    put(folder)
    assert run(["purge", written, "--reason", "要求"]) == 0
    assert left_of(folder, TITLE, PLANTED) == []
    assert rows(folder, "SELECT count(*) FROM threads") == [(3,)]
    put(folder)
    assert rows(folder, "SELECT count(*) FROM threads") == [(3,)]


def test_a_thread_brought_in_twice_goes_twice_and_returns_by_no_other_door(folder: Path) -> None:
    put(folder)
    text = (folder / "in.csv").read_text(encoding="utf-8").replace("\n1,", "\n另一号,")
    (folder / "again.csv").write_text(text.replace("http://", "https://"), encoding="utf-8")
    assert run(["import", "again.csv", "--source", "hotline"]) == 0
    (folder / "again.csv").unlink()
    assert run(["purge", ADDRESS.format(1), "--reason", "要求"]) == 0
    assert left_of(folder, TITLE, PLANTED) == []
    (folder / "in.csv").write_text(text, encoding="utf-8")
    assert run(["import", "in.csv", "--source", "hotline"]) == 0
    assert left_of(folder, TITLE, PLANTED) == []


def test_alerts_and_given_titles_lose_the_words_and_the_reason_is_masked(folder: Path) -> None:
    put(folder)
    for command in (["read"], ["analyse", "--day", "2026-11-20"], ["issue", "rename", "1", TITLE]):
        assert run(command) == 0
    with sqlite3.connect(folder / "var/minyi.db") as connection:
        connection.execute("PRAGMA secure_delete = ON")  # as the store's own connections have it
        connection.execute("UPDATE runs SET kind = 'alert', topic = ?", [f"{TITLE}：近1小时6帖（第 1 号）"])
    connection.close()
    assert run(["purge", ADDRESS.format(1), "--reason", "发帖人王强来电13987654321要求"]) == 0
    assert left_of(folder, TITLE, PLANTED) == []
    assert rows(folder, "SELECT reason FROM refusals") == [("发帖人〔姓名〕来电〔手机号〕要求",)]
    assert "13987654321" not in "".join(said for _, said in everything(folder))
