"""`minyi export`: what the store holds, as JSON lines."""

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl

Minyi = Callable[..., int]


def exported(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_posts_and_threads(minyi: Minyi, office: Path) -> None:
    (office / "in.csv").write_text(
        "id,title,text,posted_at,reply,agency\n7,路灯,灯不亮,2026-11-20T20:00:00+08:00,已修,城管局\n",
        encoding="utf-8",
    )
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    assert minyi("export", "posts", "--source", "hotline", "--out", "posts.jsonl") == 0
    asked, answered = exported(office / "posts.jsonl")
    assert (asked["thread_key"], asked["text"], asked["is_first"], asked["agency"]) == (
        "7",
        "灯不亮",
        True,
        None,
    )
    assert asked["posted_at"] == "2026-11-20T12:00:00+00:00"
    assert (answered["text"], answered["is_first"], answered["agency"]) == ("已修", False, "城管局")
    assert minyi("export", "threads", "--source", "hotline", "--out", "threads.jsonl") == 0
    [thread] = exported(office / "threads.jsonl")
    assert (thread["title"], thread["gone_at"]) == ("路灯", None)


def test_an_empty_source_gives_an_empty_file(minyi: Minyi, office: Path) -> None:
    assert minyi("export", "posts", "--source", "hotline", "--out", "posts.jsonl") == 0
    assert exported(office / "posts.jsonl") == []


def test_an_unknown_source_writes_nothing(minyi: Minyi, office: Path) -> None:
    assert minyi("export", "posts", "--source", "none", "--out", "posts.jsonl") == 2
    assert not (office / "posts.jsonl").exists()


def test_issues_as_a_spreadsheet_and_as_open311(minyi: Minyi, office: Path) -> None:
    rows = [f"{n},望海路路灯不亮,望海路的路灯又不亮了，请尽快维修{n},2026-11-20T2{n}:00:00" for n in range(3)]
    (office / "in.csv").write_text("\n".join(["id,title,text,posted_at", *rows]), encoding="utf-8")
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    assert minyi("read") == 0
    assert minyi("export", "issues", "--day", "2026-11-20", "--out", "a.xlsx") == 2, "not analysed yet"
    assert minyi("analyse", "--day", "2026-11-20") == 0
    assert minyi("export", "issues", "--day", "2026-11-20", "--out", "a.xlsx") == 0
    assert minyi("export", "issues", "--day", "2026-11-20", "--out", "a.csv") == 0
    assert minyi("export", "open311", "--day", "2026-11-20", "--out", "open311") == 0
    book = openpyxl.load_workbook(office / "a.xlsx")
    [_, issue] = book["事项"].iter_rows(values_only=True)
    assert "望海路" in issue[1]
    assert issue[10] == 3
    assert book["原帖"].max_row == 4
    [request] = json.loads((office / "open311" / "requests.json").read_text(encoding="utf-8"))
    assert (request["service_request_id"], request["status"]) == (str(issue[0]), "open")
