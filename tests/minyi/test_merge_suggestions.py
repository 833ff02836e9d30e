"""What a run suggests to merge is shown until staff decide, however that is done; on either database."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from analysis.results import MergeSuggestion, RunResult
from minyi.config import load_config
from minyi.decisions import keep_apart, merge_issues, split_issue, unmerge_issue
from minyi.dossier import issue_history
from minyi.errors import InputError
from minyi.merge_suggestions import Pair, pairs_of
from minyi.runs import result_of, run_analysis
from minyi.workspace import Workspace

Minyi = Callable[..., int]
STAFF = "值班员"
DAY = date(2026, 11, 20)
THREADS = (
    ("望海路路灯不亮", "望海路的路灯又不亮了，晚上漆黑一片，请尽快维修"),
    ("望海路积水严重", "望海路一下雨就积水，车都开不过去，请疏通下水道"),
    ("中山街烧烤店油烟扰民", "中山街烧烤店油烟太大，楼上住户不敢开窗，请环保部门查处"),
    ("后洋村公交一天只有两班", "后洋村的公交车一天只有两班，老人进城看病太难"),
)
PLACE = "都在望海路，说法相近"


@pytest.fixture
def workspace(database_url: str, minyi: Minyi, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("MINYI_DATABASE_URL", database_url)
    rows = [f"{n},{title},{text},{DAY}T0{n}:00:00" for n, (title, text) in enumerate(THREADS)]
    Path("in.csv").write_text("\n".join(["id,title,text,posted_at", *rows]), encoding="utf-8")
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    assert minyi("read") == 0
    workspace = Workspace(load_config(), Path("minyi.toml"))
    yield workspace
    workspace.close()


@pytest.fixture
def result(workspace: Workspace) -> RunResult:
    """Four issues, one thread each."""
    found = result_of(run_analysis(workspace, DAY, DAY))
    assert {issue.id for issue in found.issues} == {1, 2, 3, 4}
    return found


def pairs(workspace: Workspace, result: RunResult, *suggested: tuple[int, int]) -> list[Pair]:
    merges = tuple(MergeSuggestion(first=one, second=two, reason=PLACE) for one, two in suggested)
    with workspace.engine.connect() as connection:
        return pairs_of(connection, replace(result, merge_suggestions=merges))


def numbers(workspace: Workspace, result: RunResult, *suggested: tuple[int, int]) -> list[tuple[int, int]]:
    return [(pair.first.id, pair.second.id) for pair in pairs(workspace, result, *suggested)]


def test_a_pair_is_told_with_what_both_have(workspace: Workspace, result: RunResult) -> None:
    (pair,) = pairs(workspace, result, (1, 2))
    assert (pair.first.title, pair.second.title) == tuple(
        next(issue.title for issue in result.issues if issue.id == number) for number in (1, 2)
    )
    assert (pair.first.threads, pair.second.threads) == (1, 1)
    assert pair.reason == PLACE
    assert "地点：望海路" in pair.shared
    assert pairs(workspace, result) == []


def test_a_refused_pair_is_not_suggested_again(workspace: Workspace, result: RunResult) -> None:
    assert keep_apart(workspace, 2, 1, staff=STAFF) == 2
    assert numbers(workspace, result, (1, 2), (1, 3)) == [(1, 3)]
    assert [change.words for change in issue_history(workspace, 2)] == ["确认与第 1 号不是同一件事"]
    merge_issues(workspace, 2, [4], staff=STAFF)
    assert numbers(workspace, result, (1, 4)) == []  # 4 is part of 2 now
    assert numbers(workspace, result, (3, 4), (2, 3)) == [(2, 3)]


def test_what_was_merged_or_taken_apart_is_not_suggested(workspace: Workspace, result: RunResult) -> None:
    merge_issues(workspace, 1, [2], staff=STAFF)
    assert numbers(workspace, result, (1, 2)) == []
    unmerge_issue(workspace, 2, staff=STAFF)
    assert numbers(workspace, result, (1, 2)) == []
    merge_issues(workspace, 3, [4], staff=STAFF)
    part = split_issue(workspace, 3, [3], staff=STAFF)
    assert numbers(workspace, result, (3, part), (1, part)) == [(1, part)]


def test_an_issue_is_not_told_apart_from_itself_or_from_none(workspace: Workspace, result: RunResult) -> None:
    merge_issues(workspace, 1, [2], staff=STAFF)
    for other, words in ((2, "现在是同一件事项"), (99, "没有第 99 号事项")):
        with pytest.raises(InputError, match=words):
            keep_apart(workspace, 1, other, staff=STAFF)
    assert numbers(workspace, result, (1, 99)) == []


def test_commands_list_pairs_and_note_refusals(
    minyi: Minyi, workspace: Workspace, result: RunResult, capsys: pytest.CaptureFixture[str]
) -> None:
    assert minyi("issue", "suggestions") == 0
    assert "没有要合并的建议" in capsys.readouterr().out
    assert minyi("issue", "suggestions", "--json") == 0
    assert capsys.readouterr().out.strip() == "[]"
    assert minyi("issue", "apart", "1", "2") == 0
    assert "第 1 号和第 2 号不是同一件事" in capsys.readouterr().out
