"""`minyi issue`: what staff see and say, in one line each, without a traceback."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Minyi = Callable[..., int]
ROWS = (
    "1,望海路路灯不亮,望海路的路灯又不亮了，晚上漆黑一片，请尽快维修,2026-11-20T20:00:00",
    "2,中山街油烟扰民,中山街烧烤店油烟太大，楼上住户不敢开窗，请环保部门查处,2026-11-20T22:00:00",
)


@pytest.fixture(autouse=True)
def analysed(minyi: Minyi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("MINYI_STAFF", "值班员")
    Path("in.csv").write_text("\n".join(["id,title,text,posted_at", *ROWS]), encoding="utf-8")
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    assert minyi("read") == 0
    assert minyi("analyse", "--day", "2026-11-20") == 0
    capsys.readouterr()


def test_an_issue_is_shown_with_its_course(minyi: Minyi, capsys: pytest.CaptureFixture[str]) -> None:
    assert minyi("issue", "state", "1", "转办", "--to", "城管局", "--note", "请核实") == 0
    capsys.readouterr()
    assert minyi("issue", "show", "1") == 0
    told = capsys.readouterr().out
    for words in ("第 1 号", "望海路", "热度", "未答复", "转办（城管局）：请核实（值班员）", "主题帖 1 个"):
        assert words in told


def test_json_holds_the_same(minyi: Minyi, capsys: pytest.CaptureFixture[str]) -> None:
    assert minyi("issue", "merge", "1", "2") == 0
    capsys.readouterr()
    assert minyi("issue", "show", "2", "--json") == 0
    dossier = json.loads(capsys.readouterr().out)
    assert (dossier["asked"], dossier["id"], dossier["merged"]) == (2, 1, [2])
    assert [thread["from_issue"] for thread in dossier["threads"]] == [None, 2]
    assert minyi("issue", "show", "2") == 0
    assert "第 2 号事项已并入第 1 号" in capsys.readouterr().out


def test_the_list_shows_the_newest_runs_issues_with_their_states(
    minyi: Minyi, capsys: pytest.CaptureFixture[str]
) -> None:
    assert minyi("issue", "state", "1", "已阅") == 0
    capsys.readouterr()
    assert minyi("issues") == 0
    told = capsys.readouterr().out
    assert "已阅" in told
    assert "未处理" in told
    assert minyi("issues", "--json") == 0
    assert {entry["id"] for entry in json.loads(capsys.readouterr().out)["issues"]} == {1, 2}


def test_instructions_are_given_listed_and_done(minyi: Minyi, capsys: pytest.CaptureFixture[str]) -> None:
    assert minyi("issue", "instruct", "1", "--text", "尽快修好", "--to", "城管局", "--due", "2099-01-01") == 0
    capsys.readouterr()
    assert minyi("issue", "instructions") == 0
    assert "尽快修好——城管局，期限 2099-01-01，已交办" in capsys.readouterr().out
    assert minyi("issue", "instruction-state", "1", "已办结", "--note", "已换灯") == 0
    capsys.readouterr()
    assert minyi("issue", "instructions") == 0
    assert "没有未办结的批示" in capsys.readouterr().out
    assert minyi("issue", "instructions", "--all", "--json") == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert (entry["state"], entry["note"]) == ("已办结", "已换灯")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "99"), "没有第 99 号事项"),
        (("show", "灯"), "应为数字"),
        (("state", "1", "重开"), "现在是“未处理”"),
        (("split", "1", "--threads", "甲"), "--threads 请写主题帖编号"),
        (("rename", "1"), "请写新标题"),
        (("rename", "1", "灯", "--auto"), "请写新标题"),
        (("instruct", "1", "--text", "修", "--to", "局", "--due", "明天"), "看不懂日期"),
        (("merge", "1", "99"), "没有第 99 号事项"),
    ],
)
def test_mistakes_are_one_line(
    minyi: Minyi, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    assert minyi("issue", *arguments) == 2
    said = capsys.readouterr().err.strip()
    assert words in said
    assert "\n" not in said
