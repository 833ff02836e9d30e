"""An answer whose time nobody knows is an answer, and no number is made of it: from the table to the brief."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from minyi.portal.app import create_app
from minyi.portal.office import office_opener
from minyi.portal.queries.results import latest_run, result_of
from minyi.portal.visitors import Role, Visitor

Minyi = Callable[..., int]
HEADING = "编号,标题,内容,时间,答复,答复时间,答复单位"
LAMP = "1,望海路路灯不亮,望海路的路灯又不亮了，晚上漆黑一片，请尽快维修,2026-11-19T20:00,经查已更换灯泡。,{when},城管局"
NOISE = "2,后洋村机器夜里太吵,后洋村旁边厂房的机器整夜轰鸣，吵得人睡不着,2026-11-19T09:00,经现场核查已责令停工。,2026-11-19T19:00,环保局"


@pytest.fixture(autouse=True)
def either_database(database_url: str, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINYI_DATABASE_URL", database_url)


@pytest.fixture
def take(minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[str], dict[str, Any]]:
    """Import the two messages, the lamp's answered at a time as the cell says it; what the run then found."""

    def import_and_analyse(when: str) -> dict[str, Any]:
        lines = [HEADING, LAMP.format(when=when), NOISE]
        (office / "in.csv").write_text("\n".join(lines), encoding="utf-8")
        assert minyi("import", "in.csv", "--source", "hotline") == 0
        assert minyi("read") == 0
        capsys.readouterr()
        assert minyi("analyse", "--day", "2026-11-19", "--json") == 0
        run: dict[str, Any] = json.loads(capsys.readouterr().out)
        return run

    return import_and_analyse


def result_of_day(office: Path) -> Any:
    with closing(office_opener(office / "minyi.toml")()) as workspace:
        with workspace.engine.connect() as connection:
            run = latest_run(connection, "daily")
        assert run is not None
        return result_of(workspace.engine, run)


@pytest.mark.parametrize("when", ["", "上周", "2026-11-19"])
def test_it_counts_as_answered_and_enters_no_duration_limit_or_effect(
    take: Callable[[str], dict[str, Any]], office: Path, when: str
) -> None:
    """No time, one that cannot be read, and a day that began before the message came."""
    take(when)
    result = result_of_day(office)
    lamp, noise = (next(i for i in result.issues if word in i.title) for word in ("路灯", "后洋"))
    assert (lamp.answer, lamp.time_unknown) == ("answered", True)
    assert (lamp.hours_to_answer, lamp.hours_open, lamp.answered_at, lamp.effect) == (None, None, None, None)
    assert (lamp.deadlines, lamp.working_days, lamp.replies[0].replied_at) == ((), None, None)
    assert lamp.replies[0].rubric.timeliness is None
    assert noise.hours_to_answer == result.replies.median_hours == 10.0
    assert (result.replies.answered.value, result.replies.overdue.value) == (2, 0)
    assert (result.replies.untimed.value, result.replies.untimed.posts) == (1, lamp.posts.posts[:1])


def test_brief_table_evidence_and_portal_say_so(
    take: Callable[[str], dict[str, Any]], minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take("")
    assert minyi("brief", "--day", "2026-11-19", "--json") == 0
    made = json.loads(capsys.readouterr().out)
    page = Path(made["html"]).read_text(encoding="utf-8")
    for said in ("已答复、用时不明，未计入时长和时限", "用时不明", "城管局答复（", "时间不明"):
        assert said in page
    assert "不足1小时" not in page
    assert minyi("evidence", "1", "replies.untimed") == 0
    assert "望海路" in capsys.readouterr().out
    [lamp] = [issue.id for issue in result_of_day(office).issues if "路灯" in issue.title]
    shown = portal_page(office, f"/issues/{lamp}")
    assert "城管局 · <a" in shown or "城管局 · 时间不明" in shown
    assert "时间不明" in shown
    assert "答复用时不明，不计入时长和时限，也不比较答复前后" in shown
    assert "11月19日 20:00" not in shown[shown.index("答复与成效") : shown.index("原帖")]


def test_a_time_that_comes_later_mends_it(take: Callable[[str], dict[str, Any]], office: Path) -> None:
    take("")
    take("2026-11-19T23:00")
    lamp = next(issue for issue in result_of_day(office).issues if "路灯" in issue.title)
    assert (lamp.time_unknown, lamp.hours_to_answer) == (False, 3.0)


def test_a_refused_row_is_not_told_of_as_an_answer(
    take: Callable[[str], dict[str, Any]], minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take("")
    assert minyi("purge", "file:hotline/1", "--reason", "本人要求") == 0
    capsys.readouterr()
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    said = capsys.readouterr().out
    assert "略过 1 行：按要求删去过" in said
    assert "条答复的时间" not in said


def portal_page(office: Path, path: str) -> str:
    async def visitor(_: object) -> Visitor:
        return Visitor("林晓", Role.ADMIN)

    opener = office_opener(office / "minyi.toml")
    with closing(opener()):
        answer = TestClient(create_app(opener, visitor, jobs=None, secret=b"s" * 32)).get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize(("when", "told"), [("2026-11-21", True), ("2026-11-21 09:30", False)])
def test_a_day_alone_is_told_at_the_import(
    take: Callable[[str], dict[str, Any]],
    minyi: Minyi,
    office: Path,
    capsys: pytest.CaptureFixture[str],
    when: str,
    told: bool,
) -> None:
    take(when)
    capsys.readouterr()
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    assert ("1 条答复只写了日期" in capsys.readouterr().out) is told
