"""`minyi export`: what the store holds, as JSON lines."""

import json
from collections.abc import Callable
from pathlib import Path

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
