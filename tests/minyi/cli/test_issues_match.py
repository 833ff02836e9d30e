"""`minyi issues FILE` and `minyi match`: tables that are right, and tables that are not."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

Minyi = Callable[..., int]

MESSAGES = """message_id,title,text,posted_at
1,春晖苑烧烤摊油烟扰民,春晖苑楼下的烧烤摊没有烟道，油烟直排，开不了窗。,2026-03-01 10:00
2,投诉春晖苑烧烤摊油烟直排,春晖苑的烧烤摊没有烟道，油烟直排到楼上住户家里。,2026-03-02 10:00
3,松林路的路灯不亮,松林路槐北巷口的路灯坏了一周，晚上看不见路。,2026-03-03 10:00
3,松林路的路灯不亮,松林路槐北巷口的路灯坏了一周，晚上看不见路。,2026-03-03 10:00
4,,,
"""
REPLIES = """reply_id,text,replied_at
a,松林路槐北巷口的路灯已更换灯头。,2026-03-05
b,,2026-03-05
c,春晖苑烧烤摊油烟直排已责令整改，加装烟道。,2026-02-01
"""


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def write(office: Path, name: str, text: str) -> None:
    (office / name).write_text(text, encoding="utf-8")


def test_each_message_gets_its_issue_in_the_order_of_the_file(minyi: Minyi, office: Path) -> None:
    write(office, "messages.csv", MESSAGES)
    assert minyi("issues", "messages.csv", "--out", "out.csv") == 0
    found = rows(office / "out.csv")
    assert list(found[0]) == ["message_id", "issue_id", "issue_title", "heat", "rank"]
    assert [row["message_id"] for row in found] == ["1", "2", "3", "3", "4"]
    issues = [row["issue_id"] for row in found]
    assert issues[0] == issues[1]
    assert issues[2] == issues[3]
    assert len(set(issues)) == 3
    assert "春晖苑" in found[0]["issue_title"]


def test_replies_are_matched_though_texts_are_missing_or_come_too_early(minyi: Minyi, office: Path) -> None:
    write(office, "messages.csv", MESSAGES)
    write(office, "replies.csv", REPLIES)
    assert minyi("match", "messages.csv", "replies.csv", "--out", "out.csv") == 0
    found = {row["reply_id"]: row for row in rows(office / "out.csv")}
    assert found.keys() == {"a", "b", "c"}
    assert found["a"]["message_id"] == "3"
    assert all(0 <= float(row["score"]) <= 1 for row in found.values())


@pytest.mark.parametrize("command", ["issues", "match"])
def test_a_missing_column_is_named(
    minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    write(office, "messages.csv", "message_id,text\n1,路灯坏了\n")
    files = ["messages.csv"] if command == "issues" else ["messages.csv", "messages.csv"]
    assert minyi(command, *files, "--out", "out.csv") == 2
    said = capsys.readouterr().err
    assert "posted_at" in said
    assert len(said.strip().splitlines()) == 1
