"""Runs: the same inputs give the same row, a topic changes nothing else, and changes are explained."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pydantic import TypeAdapter
from sqlalchemy import delete, select, update

from analysis.results import RunResult
from crawlers.items import Post, Thread
from minyi.approval import approve
from minyi.briefs import compose_brief, make_brief
from minyi.config import load_config
from minyi.decisions import merge_issues, rename_issue
from minyi.diff import RunDiff, diff_runs
from minyi.errors import InputError
from minyi.evidence import find_evidence
from minyi.runs import UNSTORED, result_of, run_analysis
from minyi.topics import Limits, keep_topic, run_topic
from minyi.workspace import Workspace
from pipelines.item_pipelines import Intake
from pipelines.reading import Reading
from pipelines.schema import briefs, issue_threads, issues, runs, threads
from pipelines.store.briefs import results_hash
from pipelines.store.corrections import find_post, save_corrections
from pipelines.store.readings import save_readings, unread_posts
from pipelines.store.runs import delete_superseded, list_runs, stored_run

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
LAMPS = (
    "望海路路灯又不亮了，晚上漆黑",
    "望海路路灯坏了一星期没人修",
    "望海路的路灯什么时候修好",
    "望海路路灯还黑着",
)
PIPES = ("后洋村水管裂了，水流了一地", "后洋村水管漏水三天了")


@pytest.fixture
def workspace(office: Path, database_url: str) -> Iterator[Workspace]:
    file = office / "minyi.toml"
    opened = Workspace(load_config(file, {"MINYI_DATABASE_URL": database_url}), file)
    write(opened, LAMPS[:3], "lamp")
    write(opened, PIPES, "pipe")
    yield opened
    opened.close()


def write(workspace: Workspace, texts: Sequence[str], key: str, at: datetime = NOON) -> None:
    """One thread a text, read as a complaint."""
    intake = Intake(workspace.engine, "hotline", {}, b"k" * 32)
    for number, text in enumerate(texts):
        name, url = f"{key}{number}", f"https://bbs.example.org/{key}{number}"
        intake.take(Thread(source="hotline", thread_key=name, url=url, title=text[:8]))
        fields = {"posted_at": at + timedelta(minutes=number), "author": f"居民{name}"}
        intake.take(
            Post(
                source="hotline",
                thread_key=name,
                post_key=name,
                url=url,
                text=text,
                is_first=True,
                floor=1,
                **fields,  # type: ignore[arg-type]
            )
        )
    intake.flush()
    for rows in unread_posts(workspace.engine, workspace.reading_version, size=100):
        with workspace.engine.begin() as connection:
            found = [complaint(row.text) for row in rows]
            save_readings(connection, rows, found, workspace.reading_version, datetime.now(UTC))


def complaint(text: str) -> Reading:
    place = text[:3]
    return Reading(
        sentiment="neg",
        p_neg=0.9,
        p_neu=0.05,
        p_pos=0.05,
        intent="投诉",
        p_intent=0.9,
        category="城乡建设",
        p_category=0.9,
        category_detail="照明" if "灯" in text else "供水供电供暖",
        places=(place,),
        district="古城街道" if place == "望海路" else "东浦街道",
        tokens=" ".join(text),
        spam=False,
    )


def stored(workspace: Workspace) -> list[Any]:
    """All that grouping keeps."""
    with workspace.engine.connect() as connection:
        joined = connection.execute(select(issue_threads).order_by(issue_threads.c.thread_id)).all()
        return [*joined, *connection.execute(select(issues).order_by(issues.c.id)).all()]


def row_of(workspace: Workspace, run_id: int) -> dict[str, Any]:
    with workspace.engine.connect() as connection:
        return dict(connection.execute(select(runs).where(runs.c.id == run_id)).one()._mapping)


def test_the_same_inputs_give_the_same_bytes(workspace: Workspace) -> None:
    keep_topic(workspace, "灯", "路灯", staff="甲")
    for run in (lambda: run_analysis(workspace, DAY, DAY), lambda: run_topic(workspace, "灯", staff="甲")):
        first = row_of(workspace, run().id)
        again = row_of(workspace, run().id)
        assert again.pop("made_at") > first.pop("made_at")
        assert json.dumps(again, default=str) == json.dumps(first, default=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterResult(RunResult):
    """The results of a later program, which may find more."""

    novelties: tuple[str, ...] = ()


def test_a_later_program_that_finds_nothing_new_makes_the_same_run(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run_analysis(workspace, DAY, DAY)
    monkeypatch.setattr("analysis.totals.RunResult", LaterResult)
    monkeypatch.setattr("minyi.runs._RESULTS", TypeAdapter(LaterResult))
    again = run_analysis(workspace, DAY, DAY)
    assert again.id == first.id
    assert (again.results["novelties"], "novelties" in first.results) == ([], False)


def test_an_approval_of_what_an_earlier_program_found_stays_until_something_else_is_found(
    workspace: Workspace,
) -> None:
    run = run_analysis(workspace, DAY, DAY)
    brief = make_brief(workspace, run)["brief"]
    results = {name: found for name, found in run.results.items() if name != "instructions"}
    results["method"] = run.results["method"] | {"config_hash": "earlier", "model_version": "earlier"}
    with workspace.engine.begin() as connection:
        earlier = {"results": results, "inputs_hash": "earlier", "config_hash": "earlier"}
        connection.execute(update(runs).values(earlier))
        digest = results_hash(stored_run(connection, run.id))
        connection.execute(update(briefs).values(results_hash=digest))
    approve(workspace, brief, staff="甲")
    again = run_analysis(workspace, DAY, DAY)
    made = make_brief(workspace, again)
    assert again.id != run.id
    assert (made["brief"], made["state"], made["reopened"]) == (brief, "approved", False)
    write(workspace, LAMPS[3:], "more")
    made = make_brief(workspace, run_analysis(workspace, DAY, DAY))
    assert (made["brief"], made["state"], made["reopened"]) == (brief, "draft", True)


def test_a_topic_changes_nothing_that_daily_runs_keep(workspace: Workspace) -> None:
    daily = run_analysis(workspace, DAY, DAY)
    write(workspace, ["望海路路灯今晚还是不亮", "百草堂要拆了"], "late")
    before = stored(workspace)
    special = run_topic(workspace, "路灯 OR 百草堂", staff="甲")
    assert stored(workspace) == before
    assert (special.kind, special.first_day, special.last_day) == ("special", DAY, DAY)
    of_daily = {issue.id for issue in result_of(daily).issues}
    found = {issue.id: issue.threads.value for issue in result_of(special).issues}
    assert found.keys() & of_daily, "known issues keep their numbers"
    assert all(issue in of_daily or issue >= UNSTORED for issue in found)
    assert sum(found.values()) == 5, "threads that no day has grouped yet are looked at too"
    pipes = [
        thread for thread, in_issue in row_of(workspace, special.id)["labels"].items() if in_issue is None
    ]
    assert pipes == []


def test_an_issue_stands_in_a_special_as_in_a_daily(workspace: Workspace) -> None:
    write(workspace, LAMPS[3:], "more")
    [of_day] = [
        issue for issue in result_of(run_analysis(workspace, DAY, DAY)).issues if "路灯" in issue.title
    ]
    special = result_of(run_topic(workspace, "路灯 NOT 还黑着", staff="甲"))
    [of_topic] = special.issues
    assert (special.threads.value, of_topic.threads.value, of_day.threads.value) == (3, 3, 4)
    same = ("id", "title", "heat", "answer", "hours_open", "department", "first_post_at", "last_post_at")
    for name in same:
        assert getattr(of_topic, name) == getattr(of_day, name), name


def test_a_topic_of_two_threads_makes_no_brief(workspace: Workspace) -> None:
    run_analysis(workspace, DAY, DAY)
    with pytest.raises(InputError, match=r"不足 3 个，不出专报；可看它所属的事项：minyi issue show \d"):
        run_topic(workspace, "水管", staff="甲")
    with pytest.raises(InputError, match="只找到 0 个"):
        run_topic(workspace, "路灯", staff="甲", limits=Limits(first=date(2026, 11, 21)))


def test_conditions_on_readings(workspace: Workspace) -> None:
    for query in ("place:望海路", "district:古城街道", "category:照明", "category:城乡建设 NOT place:后洋村"):
        special = run_topic(workspace, query, staff="甲")
        assert result_of(special).threads.value == 3, query


def test_other_inputs_make_another_row_and_the_brief_follows(workspace: Workspace) -> None:
    first = run_analysis(workspace, DAY, DAY)
    number = make_brief(workspace, first, workspace.config.data_dir)["brief"]
    write(workspace, LAMPS[3:], "more")
    second = run_analysis(workspace, DAY, DAY)
    assert second.id != first.id
    assert make_brief(workspace, second, workspace.config.data_dir)["brief"] == number
    with workspace.engine.begin() as connection:
        assert [(row.id, row.current) for row in list_runs(connection, 9)] == [
            (second.id, True),
            (first.id, False),
        ]
        assert delete_superseded(connection, first.made_at) == 0
        assert delete_superseded(connection, datetime.now(UTC)) == 1
        assert [row.id for row in list_runs(connection, 9)] == [second.id]


def compare(workspace: Workspace, first: int) -> RunDiff:
    return diff_runs(workspace, first, run_analysis(workspace, DAY, DAY).id)


def test_a_diff_says_what_came_and_what_went(workspace: Workspace) -> None:
    first = run_analysis(workspace, DAY, DAY)
    write(workspace, LAMPS[3:], "more")
    with workspace.engine.begin() as connection:
        connection.execute(update(threads).where(threads.c.thread_key == "pipe0").values(gone_at=NOON))
        connection.execute(delete(threads).where(threads.c.thread_key == "pipe1"))
    found = compare(workspace, first.id)
    assert [(each.reason, each.posts) for each in found.new_posts] == [("新采到的", 1)]
    assert {(each.reason, each.posts) for each in found.missing_posts} == {
        ("原帖已不在论坛", 1),
        ("已按要求或保留期删除", 1),
    }
    assert [(each.before, each.after) for each in found.figures if each.label == "主题帖"] == [("5", "4")]
    [gone] = [each.title for each in found.issues if each.change == "不再列出"]
    assert gone.startswith("后洋村水管")
    assert (found.settings, found.reclassified, found.moved) == ((), (), 0)


def test_a_diff_says_who_reclassified(workspace: Workspace) -> None:
    first = run_analysis(workspace, DAY, DAY)
    with workspace.engine.begin() as connection:
        post = find_post(connection, "https://bbs.example.org/lamp0")
        assert post is not None
        save_corrections(connection, post, {"sentiment": "neu"}, datetime.now(UTC))
    [change] = compare(workspace, first.id).reclassified
    assert (change.task, change.before, change.after, change.reason, change.posts) == (
        *("sentiment", "neg", "neu", "人工校正"),
        1,
    )


def test_a_diff_says_what_staff_did_to_issues(workspace: Workspace) -> None:
    first = run_analysis(workspace, DAY, DAY)
    lamp, pipe = (
        issue.id for issue in sorted(result_of(first).issues, key=lambda issue: -issue.threads.value)
    )
    rename_issue(workspace, lamp, "望海路照明", staff="甲")
    merge_issues(workspace, lamp, [pipe], staff="甲")
    found = compare(workspace, first.id)
    assert {(each.id, each.change) for each in found.issues} == {(lamp, "改名"), (pipe, "已并入")}
    assert [each.other for each in found.issues if each.id == pipe] == ["望海路照明"]
    assert found.moved == 2


def test_evidence_by_key_and_as_printed(workspace: Workspace) -> None:
    run = run_analysis(workspace, DAY, DAY)
    found = find_evidence(workspace, run.id, "overview.threads")
    assert (found.value, len(found.posts)) == ("5", 5)
    assert {post.source for post in found.posts} == {"12345 热线"}
    with pytest.raises(InputError, match="没有对应的简报"):
        find_evidence(workspace, run.id, "1")
    make_brief(workspace, run, workspace.config.data_dir)
    printed = next(each for each in compose_brief(workspace, run).evidence if each.key == "overview.threads")
    by_number = find_evidence(workspace, run.id, str(printed.number))
    assert (by_number.key, by_number.posts) == (found.key, found.posts)
    for wrong in ("overview.nothing", "999"):
        with pytest.raises(InputError):
            find_evidence(workspace, run.id, wrong)
    with pytest.raises(InputError, match="没有第 99 次"):
        find_evidence(workspace, 99, "1")


def test_a_number_means_what_the_brief_in_hand_means_by_it(workspace: Workspace) -> None:
    run = run_analysis(workspace, DAY, DAY)
    path = Path(make_brief(workspace, run)["json"])
    written = json.loads(path.read_text(encoding="utf-8"))
    threads = next(each for each in written["evidence"] if each["key"] == "overview.threads")
    older = written | {"evidence": [threads | {"number": 70}]}
    path.write_text(json.dumps(older), encoding="utf-8")
    assert find_evidence(workspace, run.id, "70").key == "overview.threads"
    with pytest.raises(InputError, match="没有第 1 组"):
        find_evidence(workspace, run.id, "1")
    other = next(each["key"] for each in written["evidence"] if each is not threads)
    of_another_run = written | {"evidence": [threads | {"key": other, "posts": [999]}]}
    for left in ("{", json.dumps(of_another_run)):
        path.write_text(left, encoding="utf-8")
        assert find_evidence(workspace, run.id, str(threads["number"])).key == "overview.threads"


def test_evidence_of_what_is_gone_has_no_text(workspace: Workspace) -> None:
    run = run_analysis(workspace, DAY, DAY)
    with workspace.engine.begin() as connection:
        lamps = threads.c.thread_key.in_(["lamp0"])
        connection.execute(update(threads).where(lamps).values(gone_at=NOON))
        connection.execute(delete(threads).where(threads.c.thread_key == "lamp1"))
    found = find_evidence(workspace, run.id, "overview.threads")
    silent = [post for post in found.posts if post.text is None]
    assert sorted(post.title for post in silent) == ["（原帖已不在论坛）", "（已过保留期，原文已删）"]
    assert len(found.posts) == 5


def test_evidence_in_a_spreadsheet_is_no_formula(
    workspace: Workspace, office: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from minyi.cli.app import run as minyi

    write(workspace, ["=HYPERLINK(0) 望海路路灯"], "formula")
    run = run_analysis(workspace, DAY, DAY)
    monkeypatch.setenv("MINYI_DATABASE_URL", database_url)
    assert minyi(["evidence", str(run.id), "overview.threads", "--out", "e.xlsx"]) == 0
    cells = [cell for row in openpyxl.load_workbook(office / "e.xlsx")["帖子"] for cell in row]
    said = [cell for cell in cells if str(cell.value).startswith("=HYPERLINK")]
    assert said
    assert {cell.data_type for cell in said} == {"s"}
    assert minyi(["evidence", str(run.id), "overview.threads", "--out", "e.csv"]) == 0
    assert ",=HYPERLINK" not in (office / "e.csv").read_text(encoding="utf-8-sig")


def test_two_analysts_run_topics_at_once(workspace: Workspace) -> None:
    run_analysis(workspace, DAY, DAY)
    before = stored(workspace)

    def special(query: str) -> tuple[int, int]:
        run = run_topic(workspace, query, staff="甲")
        return run.id, make_brief(workspace, run, workspace.config.data_dir)["brief"]

    with ThreadPoolExecutor(2) as analysts:
        found = list(analysts.map(special, ["望海路", "路灯"]))
    assert len({run for run, _ in found}) == len({brief for _, brief in found}) == 2
    assert stored(workspace) == before
