"""What staff add to a brief, who approves it, and what ends an approval."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Minyi = Callable[..., int]
DAY = "2026-11-20"
ROWS = (
    "1,望海路路灯不亮,望海路的路灯又不亮了，晚上漆黑一片，请尽快维修,2026-11-20T20:00:00",
    "2,望海路路灯坏了,望海路路灯坏了一个星期，老人走路要摔跤，没人管吗,2026-11-20T21:00:00",
    "3,中山街油烟扰民,中山街烧烤店油烟太大，楼上住户不敢开窗，请环保部门查处,2026-11-20T22:00:00",
)


@pytest.fixture(autouse=True)
def office_at_work(database_url: str, office: Path, minyi: Minyi, monkeypatch: pytest.MonkeyPatch) -> None:
    """An office on either database with a brief of one day."""
    monkeypatch.setenv("MINYI_DATABASE_URL", database_url)
    monkeypatch.setenv("MINYI_STAFF", "值班员")
    take(minyi, *ROWS)
    assert minyi("brief", "--day", DAY) == 0


def take(minyi: Minyi, *rows: str) -> None:
    Path("in.csv").write_text("\n".join(["id,title,text,posted_at", *rows]), encoding="utf-8")
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    assert minyi("read") == 0


@pytest.fixture
def cover(office: Path) -> Callable[[], dict[str, Any]]:
    """The cover of the written brief, which every form has been written beside."""
    file = office / "var" / "briefs" / f"daily-{DAY}.json"

    def read() -> dict[str, Any]:
        data = json.loads(file.read_text(encoding="utf-8"))
        state = data["masthead"]["state"]
        assert state in file.with_suffix(".html").read_text(encoding="utf-8")
        found: dict[str, Any] = data["cover"]
        return found

    return read


def test_an_approval_says_who_and_when(minyi: Minyi, cover: Callable[[], dict[str, Any]]) -> None:
    assert cover()["state"] == "draft"
    assert minyi("brief", "approve", "--day", DAY) == 0
    assert (cover()["state"], cover()["approved_by"]) == ("approved", "值班员")
    assert cover()["approved_at"] is not None


@pytest.mark.parametrize(
    "change", [("note", "请城管局本周办结"), ("omit", "1", "--reason", "另报专报")], ids=["note", "omit"]
)
def test_a_change_ends_the_approval(
    minyi: Minyi,
    cover: Callable[[], dict[str, Any]],
    change: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert minyi("brief", "approve", "--day", DAY) == 0
    assert minyi("brief", *change, "--day", DAY) == 0
    assert "退回待审" in capsys.readouterr().out
    assert (cover()["state"], cover()["approved_by"]) == ("draft", None)


def test_notes_are_signed_and_masked_and_can_be_taken_back(
    minyi: Minyi, cover: Callable[[], dict[str, Any]]
) -> None:
    assert minyi("brief", "note", "请电告13812345678", "--day", DAY) == 0
    note = cover()["note"]
    assert note.startswith("请电告〔手机号〕（值班员，")
    assert minyi("brief", "note", "--clear", "--day", DAY) == 0
    assert cover()["note"] is None


def test_an_issue_left_out_is_told_with_the_reason_and_may_come_back(
    minyi: Minyi, office: Path, cover: Callable[[], dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    page = office / "var" / "briefs" / f"daily-{DAY}.html"
    assert minyi("brief", "omit", "1", "--reason", "另报专报", "--day", DAY) == 0
    assert cover()["omissions"] == [{"issue_id": 1, "reason": "另报专报"}]
    assert "理由：另报专报" in page.read_text(encoding="utf-8")
    assert minyi("brief", "omit", "1", "--undo", "--day", DAY) == 0
    assert cover()["omissions"] == []
    assert minyi("brief", "omit", "99", "--reason", "无", "--day", DAY) == 2
    assert minyi("brief", "omit", "1", "--day", DAY) == 2
    assert "要写明理由" in capsys.readouterr().err


def test_other_results_end_the_approval_the_same_ones_do_not(
    minyi: Minyi, cover: Callable[[], dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert minyi("brief", "approve", "--day", DAY) == 0
    number = cover()["number"]
    assert minyi("analyse", "--day", DAY) == 0
    capsys.readouterr()
    assert minyi("brief", "--day", DAY) == 0
    assert "分析结果没有变，仍是已审" in capsys.readouterr().out
    assert cover()["state"] == "approved"
    take(minyi, f"9,望海路路灯不亮,望海路灯还黑着，孩子放学害怕,{DAY}T23:00:00")
    assert minyi("analyse", "--day", DAY) == 0
    capsys.readouterr()
    assert minyi("brief", "--day", DAY) == 0
    assert "已退回待审" in capsys.readouterr().out
    assert (cover()["state"], cover()["number"]) == ("draft", number)


def test_what_nobody_has_seen_cannot_be_approved(
    minyi: Minyi, cover: Callable[[], dict[str, Any]], office: Path
) -> None:
    """The files were written from other results than the newest run's: those stay what is approved."""
    take(minyi, f"9,望海路路灯不亮,望海路灯还黑着，孩子放学害怕,{DAY}T23:00:00")
    assert minyi("analyse", "--day", DAY) == 0
    seen = json.loads((office / "var" / "briefs" / f"daily-{DAY}.json").read_text(encoding="utf-8"))
    assert minyi("brief", "approve", "--day", DAY) == 0
    approved = json.loads((office / "var" / "briefs" / f"daily-{DAY}.json").read_text(encoding="utf-8"))
    assert approved["sections"] == seen["sections"]


def test_written_again_it_has_the_same_bytes(minyi: Minyi, office: Path) -> None:
    folder = office / "var" / "briefs"
    first = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert minyi("brief", "--day", DAY) == 0
    again = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert first.keys() == again.keys()
    assert [name for name in first if first[name] != again[name]] == []


def test_a_department_gets_a_file_of_its_own(minyi: Minyi, office: Path) -> None:
    assert minyi("brief", "--day", DAY, "--department", "住房和城乡建设局") == 0
    page = office / "var" / "briefs" / f"daily-{DAY}+住房和城乡建设局.html"
    assert "油烟" not in page.read_text(encoding="utf-8")


def test_a_mistyped_department_gets_no_empty_brief(
    minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert minyi("brief", "--day", DAY, "--department", "住建局") == 2
    assert "没有名为“住建局”的部门；可写：住房和城乡建设局" in capsys.readouterr().err
    assert not list((office / "var" / "briefs").glob("*+*"))


def test_whom_staff_passed_an_issue_to_has_a_part_too(
    minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert minyi("issue", "state", "1", "转办", "--to", "路灯所") == 0
    assert "“路灯所”不在配置的 departments 中" in capsys.readouterr().err
    assert minyi("analyse", "--day", DAY) == 0
    assert minyi("brief", "--day", DAY, "--department", "路灯所") == 0


def test_a_brief_that_goes_to_nobody_says_why(
    minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert minyi("deliver", "--day", DAY) == 0
    assert capsys.readouterr().out.startswith("没有送：这期日报还没有审定。")
    file = office / "minyi.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"daily", ', ""), encoding="utf-8")
    assert minyi("deliver", "--day", DAY) == 0
    assert "没有人收日报" in capsys.readouterr().out


def test_the_list_tells_number_days_and_state(minyi: Minyi, capsys: pytest.CaptureFixture[str]) -> None:
    assert minyi("brief", "approve", "--day", DAY) == 0
    capsys.readouterr()
    assert minyi("brief", "list") == 0
    assert capsys.readouterr().out.strip() == f"[1] 日报 2026 年第 1 期 {DAY} 已审，值班员审定"
    assert minyi("brief", "approve", "--id", "77") == 2
    assert "没有编号为 77 的简报" in capsys.readouterr().err
