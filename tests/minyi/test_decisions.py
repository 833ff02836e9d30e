"""What staff decide outlives the next run: merges, splits, titles, states, instructions; on either database."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from analysis.results import IssueResult, RunResult
from minyi.config import load_config
from minyi.decisions import (
    give_instruction,
    merge_issues,
    rename_issue,
    set_instruction_state,
    set_state,
    split_issue,
    unmerge_issue,
)
from minyi.dossier import issue_history, open_dossier, open_instructions
from minyi.errors import InputError
from minyi.runs import result_of, run_analysis
from minyi.workspace import Workspace
from pipelines.schema import audit, issue_states, issue_threads, issues

Minyi = Callable[..., int]
STAFF = "值班员"
LAMP = ("望海路路灯不亮", "望海路的路灯又不亮了，晚上漆黑一片，请尽快维修")
LAMPS = (
    LAMP,
    ("望海路路灯坏了", "望海路路灯坏了一个星期，老人走路要摔跤，没人管吗"),
    ("望海路路灯何时修", "望海路的路灯什么时候能修好，天天摸黑回家"),
)
SMOKE = (
    ("中山街烧烤店油烟扰民", "中山街烧烤店油烟太大，楼上住户不敢开窗，请环保部门查处"),
    ("中山街烧烤店油烟太大", "中山街那家烧烤店天天晚上油烟熏人，窗都不敢开"),
)


@pytest.fixture
def workspace(database_url: str, office: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("MINYI_DATABASE_URL", database_url)
    workspace = Workspace(load_config(), office / "minyi.toml")
    yield workspace
    workspace.close()


Take = Callable[[int, Sequence[tuple[str, str]]], None]


@pytest.fixture
def take(minyi: Minyi, workspace: Workspace) -> Take:
    """Takes in and reads threads written so many days ago, of the office's own hotline."""
    numbers = iter(range(1, 1000))

    def import_and_read(days_ago: int, threads: Sequence[tuple[str, str]]) -> None:
        day = workspace.today() - timedelta(days=days_ago)
        rows = [f"{next(numbers)},{title},{text},{day}T00:0{n}:00" for n, (title, text) in enumerate(threads)]
        Path("in.csv").write_text("\n".join(["id,title,text,posted_at", *rows]), encoding="utf-8")
        assert minyi("import", "in.csv", "--source", "hotline") == 0
        assert minyi("read") == 0

    return import_and_read


def analyse(workspace: Workspace, days_ago: int) -> RunResult:
    day = workspace.today() - timedelta(days=days_ago)
    return result_of(run_analysis(workspace, day, day))


def find(result: RunResult, issue_id: int) -> IssueResult:
    return next(issue for issue in result.issues if issue.id == issue_id)


def grouped(workspace: Workspace) -> dict[int, list[int]]:
    """Issue -> its threads."""
    with workspace.engine.connect() as connection:
        rows = connection.execute(select(issue_threads).order_by(issue_threads.c.thread_id)).all()
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row.issue_id, []).append(row.thread_id)
    return found


def deeds(workspace: Workspace) -> list[tuple[str, str, str]]:
    with workspace.engine.connect() as connection:
        rows = connection.execute(select(audit).order_by(audit.c.id)).all()
    return [(row.staff, row.action, row.subject) for row in rows]


def test_a_merge_holds_when_new_posts_of_either_part_come(workspace: Workspace, take: Take) -> None:
    take(2, [*LAMPS, *SMOKE])
    analyse(workspace, 2)
    assert grouped(workspace) == {1: [1, 2, 3], 2: [4, 5]}
    assert merge_issues(workspace, 1, [2], staff=STAFF) == 1
    take(1, [LAMPS[0], SMOKE[0]])
    merged = find(analyse(workspace, 1), 1)
    assert grouped(workspace) == {1: [1, 2, 3, 4, 5, 6, 7]}
    assert merged.threads.value == 7 - 2  # exact copies are no resident's second voice
    assert open_dossier(workspace, 2).id == 1
    assert open_dossier(workspace, 2).merged == (2,)


def test_a_merge_taken_back_gives_every_part_its_threads(workspace: Workspace, take: Take) -> None:
    take(2, [*LAMPS, *SMOKE])
    analyse(workspace, 2)
    merge_issues(workspace, 1, [2], staff=STAFF)
    take(1, [(SMOKE[0][0], "中山街烧烤店油烟还是那么大，请来查处，窗都不敢开")])
    analyse(workspace, 1)
    assert unmerge_issue(workspace, 2, staff=STAFF) == 1
    assert grouped(workspace) == {1: [1, 2, 3], 2: [4, 5, 6]}
    again = analyse(workspace, 1)
    assert {issue.id for issue in again.issues} == {1, 2}
    assert grouped(workspace) == {1: [1, 2, 3], 2: [4, 5, 6]}


def test_merges_of_merged_issues_come_apart_one_by_one(workspace: Workspace, take: Take) -> None:
    river = ("后洋村河道垃圾", "后洋村门前河道漂满垃圾，臭气冲天，请清理")
    take(1, [LAMP, SMOKE[0], river])
    analyse(workspace, 1)
    assert grouped(workspace) == {1: [1], 2: [2], 3: [3]}
    merge_issues(workspace, 2, [3], staff=STAFF)
    merge_issues(workspace, 1, [2], staff=STAFF)
    assert grouped(workspace) == {1: [1, 2, 3]}
    assert open_dossier(workspace, 3).id == 1
    assert unmerge_issue(workspace, 2, staff=STAFF) == 1
    assert grouped(workspace) == {1: [1], 2: [2, 3]}
    assert unmerge_issue(workspace, 3, staff=STAFF) == 2
    assert grouped(workspace) == {1: [1], 2: [2], 3: [3]}


def test_a_split_holds_and_is_undone_by_merging(workspace: Workspace, take: Take) -> None:
    take(2, LAMPS)
    analyse(workspace, 2)
    assert grouped(workspace) == {1: [1, 2, 3]}
    number = split_issue(workspace, 1, [3], staff=STAFF, title="望海路修灯日期")
    take(1, [SMOKE[0]])
    result = analyse(workspace, 1)
    groups = grouped(workspace)
    assert groups[1] == [1, 2]
    assert groups[number] == [3]
    assert find(result, number).title == "望海路修灯日期"
    assert open_dossier(workspace, number).split_from == 1
    merge_issues(workspace, 1, [number], staff=STAFF)
    assert grouped(workspace)[1] == [1, 2, 3]


def test_an_unnamed_split_is_named_by_its_texts(workspace: Workspace, take: Take) -> None:
    take(1, LAMPS)
    analyse(workspace, 1)
    number = split_issue(workspace, 1, [3], staff=STAFF)
    assert open_dossier(workspace, number).title == LAMPS[2][0]


def test_a_title_given_stays_until_it_is_taken_back(workspace: Workspace, take: Take) -> None:
    take(2, LAMPS)
    own = find(analyse(workspace, 2), 1).title
    rename_issue(workspace, 1, "望海路照明", staff=STAFF)
    take(1, [SMOKE[0]])
    assert find(analyse(workspace, 1), 1).title == "望海路照明"
    rename_issue(workspace, 1, None, staff=STAFF)
    assert find(analyse(workspace, 1), 1).title == own


def test_closed_is_not_fixed_reopening_is_noticed(workspace: Workspace, take: Take) -> None:
    take(2, [*LAMPS, *SMOKE])
    analyse(workspace, 2)
    set_state(workspace, 2, "办结", staff=STAFF)
    earlier = workspace.today() - timedelta(days=2)
    closed_at = datetime.combine(earlier, time(1), workspace.config.office.zone)
    with workspace.engine.begin() as connection:
        connection.execute(issue_states.update().values(set_at=closed_at))
    assert find(analyse(workspace, 2), 2).answer == "answered"
    assert 2 not in {issue.id for issue in analyse(workspace, 1).issues}
    take(0, [(SMOKE[0][0], "中山街烧烤店又开始冒油烟，整栋楼都呛人，居民投诉没有人管，请环保部门查处")])
    again = find(analyse(workspace, 0), 2)
    assert again.answer == "recurring"
    assert again.state is not None
    assert again.state.state == "办结"


def test_the_department_it_was_passed_to_is_the_issues_own(workspace: Workspace, take: Take) -> None:
    take(1, LAMPS)
    analyse(workspace, 1)
    set_state(workspace, 1, "转办", department="城市管理局", note="请电告13812345678", staff=STAFF)
    set_state(workspace, 1, "办理中", staff=STAFF)
    issue = find(analyse(workspace, 1), 1)
    assert issue.department == "城市管理局"
    assert issue.state is not None
    assert (issue.state.state, issue.state.department) == ("办理中", "城市管理局")
    history = issue_history(workspace, 1)
    assert [change.words for change in history] == ["转办（城市管理局）", "办理中"]
    assert history[0].note == "请电告〔手机号〕"


@pytest.mark.parametrize(
    ("decide", "words"),
    [
        (lambda w: set_state(w, 1, "搁置", staff=STAFF), "没有“搁置”这个状态"),
        (lambda w: set_state(w, 1, "转办", staff=STAFF), "转给哪个部门"),
        (lambda w: set_state(w, 1, "办结", department="城管局", staff=STAFF), "不用写部门"),
        (lambda w: set_state(w, 1, "重开", staff=STAFF), "现在是“未处理”"),
        (lambda w: set_state(w, 9, "已阅", staff=STAFF), "没有第 9 号事项"),
        (lambda w: set_state(w, 1, "已阅", note="长" * 2001, staff=STAFF), "文字太长"),
        (lambda w: merge_issues(w, 1, [1], staff=STAFF), "不能并入自己"),
        (lambda w: merge_issues(w, 1, [], staff=STAFF), "请写出"),
        (lambda w: unmerge_issue(w, 1, staff=STAFF), "没有并入"),
        (lambda w: split_issue(w, 1, [1, 2, 3], staff=STAFF), "至少要留一帖"),
        (lambda w: split_issue(w, 1, [4], staff=STAFF), "不在第 1 号事项里"),
        (lambda w: split_issue(w, 1, [], staff=STAFF), "请写出"),
        (lambda w: rename_issue(w, 1, "  ", staff=STAFF), "标题不能为空"),
        (
            lambda w: give_instruction(
                w, 1, "办", department="局", due_on=w.today().replace(2000), staff=STAFF
            ),
            "已经过去",
        ),
        (lambda w: give_instruction(w, 1, "", department="局", staff=STAFF), "要写内容"),
        (lambda w: set_instruction_state(w, 7, "办理中", staff=STAFF), "没有第 7 号批示"),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_no_trace(
    workspace: Workspace, take: Take, decide: Callable[[Workspace], Any], words: str
) -> None:
    take(1, [*LAMPS, SMOKE[0]])
    analyse(workspace, 1)
    before = grouped(workspace)
    with pytest.raises(InputError, match=re.escape(words)):
        decide(workspace)
    assert grouped(workspace) == before
    assert deeds(workspace) == []


def test_a_merged_issue_cannot_be_merged_again_elsewhere(workspace: Workspace, take: Take) -> None:
    take(1, [LAMP, SMOKE[0], ("后洋村河道垃圾", "后洋村门前河道漂满垃圾，臭气冲天，请清理")])
    analyse(workspace, 1)
    merge_issues(workspace, 1, [2], staff=STAFF)
    with pytest.raises(InputError, match="已并入第 1 号"):
        merge_issues(workspace, 3, [2], staff=STAFF)
    with pytest.raises(InputError, match="不能并入自己"):
        merge_issues(workspace, 2, [1], staff=STAFF)


def test_every_decision_is_kept_with_who_and_in_what_order(workspace: Workspace, take: Take) -> None:
    take(1, [*LAMPS, SMOKE[0]])
    analyse(workspace, 1)
    merge_issues(workspace, 1, [2], staff="甲")
    set_state(workspace, 2, "已阅", staff="乙")  # by its old number: means the whole
    unmerge_issue(workspace, 2, staff="甲")
    split_issue(workspace, 1, [1], staff="丙")
    rename_issue(workspace, 1, "望海路照明", staff="丙")
    assert deeds(workspace) == [
        ("甲", "issue.merge", "issue 1"),
        ("乙", "issue.state", "issue 1"),
        ("甲", "issue.unmerge", "issue 1"),
        ("丙", "issue.split", "issue 1"),
        ("丙", "issue.rename", "issue 1"),
    ]
    told = [(change.words, change.staff) for change in issue_history(workspace, 1)]
    assert told == [
        ("并入第 2 号事项", "甲"),
        ("已阅", "乙"),
        ("第 2 号事项恢复独立", "甲"),
        ("拆出第 3 号事项", "丙"),
        ("改名为“望海路照明”", "丙"),
    ]
    assert [change.words for change in issue_history(workspace, 3)] == ["由第 1 号事项拆出"]


def test_no_private_person_enters_by_a_title_or_a_note(workspace: Workspace, take: Take) -> None:
    take(1, LAMPS)
    analyse(workspace, 1)
    rename_issue(workspace, 1, "望海路张老师家门口路灯", staff=STAFF)
    set_state(workspace, 1, "已阅", note="邻居李某反映，电话13812345678", staff=STAFF)
    give_instruction(workspace, 1, "请回复13812345678", department="城管局", staff=STAFF)
    with workspace.engine.connect() as connection:
        stored = [
            *connection.execute(select(issues.c.title)).scalars(),
            *connection.execute(select(issue_states.c.note)).scalars(),
            *(str(details) for details in connection.execute(select(audit.c.details)).scalars()),
        ]
    text = "\n".join(stored)
    assert "张" not in text
    assert "李某" not in text
    assert "138" not in text
    assert "〔手机号〕" in text
    assert open_instructions(workspace)[0].text == "请回复〔手机号〕"


def test_an_instruction_is_followed_until_it_is_done(workspace: Workspace, take: Take) -> None:
    take(1, LAMPS)
    analyse(workspace, 1)
    due = workspace.today() + timedelta(days=7)
    number = give_instruction(workspace, 1, "一周内修好", department="城管局", due_on=due, staff=STAFF)
    take(0, [("望海路路灯还是黑", "望海路路灯还没人来修，晚上漆黑一片")])
    (order,) = analyse(workspace, 0).instructions
    assert (order.id, order.state, order.overdue, order.due_on) == (number, "已交办", False, due)
    set_instruction_state(workspace, number, "已办结", note="已换灯", staff=STAFF)
    (done,) = analyse(workspace, 0).instructions
    assert (done.state, done.note) == ("已办结", "已换灯")
    assert done.posts_after is not None
    assert open_instructions(workspace) == []
    with pytest.raises(InputError, match="现在是“已办结”"):
        set_instruction_state(workspace, number, "已退回", staff=STAFF)


def test_an_instruction_on_a_merged_issue_moves_with_it(workspace: Workspace, take: Take) -> None:
    take(1, [LAMP, SMOKE[0]])
    analyse(workspace, 1)
    give_instruction(workspace, 2, "查处", department="环保局", staff=STAFF)
    merge_issues(workspace, 1, [2], staff=STAFF)
    assert [order.issue_id for order in open_instructions(workspace)] == [1]
    assert [order.issue_id for order in analyse(workspace, 0).instructions] == [1]
