"""A lamp that many report within the hour, and a forum that yields nothing: one short brief a cause."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from minyi.alerts import acknowledge, check_alerts
from minyi.config import config_file, load_config
from minyi.runs import result_of
from minyi.workspace import Workspace
from pipelines.store.alerts import list_alerts
from pipelines.store.runs import get_run

from .conftest import CONFIG, Minyi, store_crawl

NOON = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)  # 12:30 in Shanghai
NIGHT = NOON + timedelta(hours=11)
HOUR = timedelta(hours=1)
SOURCES = """
[brief]
forms = ["json"]

[[sources]]
name = "bbs"
title = "海平在线"
engine = "discuz"
url = "https://bbs.example.org/"
min_threads = 0

[[recipients]]
name = "值班"
kinds = ["alert"]
drafts = true
folder = "{folder}/duty"

[[recipients]]
name = "主任"
kinds = ["alert"]
folder = "{folder}/chief"
"""


@pytest.fixture
def workspace(office: Path) -> Iterator[Workspace]:
    (office / "minyi.toml").write_text((CONFIG + SOURCES).format(folder=office), encoding="utf-8")
    opened = Workspace(load_config(), config_file())
    yield opened
    opened.close()


def post(office: Path, minyi: Minyi, *written: tuple[int, datetime, str]) -> None:
    """So many residents write of something within the hour before a time; all is read."""
    rows = [
        f"{until:%d%H}-{n},{what},{what}，{n}号楼前第{n}次反映了，请尽快处理,{(until - n * timedelta(seconds=50)).isoformat()}"
        for count, until, what in written
        for n in range(1, count + 1)
    ]
    (office / "in.csv").write_text("\n".join(["id,title,text,posted_at", *rows]), encoding="utf-8")
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    assert minyi("read") == 0


@pytest.fixture
def quiet_weeks(workspace: Workspace, office: Path, minyi: Minyi) -> Path:
    """Ten days with a post or two each."""
    days = [(1 + day % 2, NOON - timedelta(days=day), "后洋村公交车等太久") for day in range(1, 11)]
    post(office, minyi, *days)
    return office


@pytest.fixture
def lamp(quiet_weeks: Path, minyi: Minyi) -> Path:
    """And then, within the hour, twenty posts about one lamp."""
    post(quiet_weeks, minyi, (20, NOON, "望海路路灯全部不亮"))
    return quiet_weeks


def bursts(workspace: Workspace, now: datetime = NOON) -> list[str]:
    return [row.message for row in check_alerts(workspace, now).raised if row.kind == "burst"]


@pytest.mark.usefixtures("quiet_weeks")
def test_on_a_quiet_day_nothing_is_raised(workspace: Workspace) -> None:
    assert bursts(workspace) == []


def test_a_burst_is_raised_once_with_a_brief_of_that_issue(workspace: Workspace, lamp: Path) -> None:
    said = bursts(workspace)
    [of_lamp] = [message for message in said if "望海路" in message]
    assert "20帖" in of_lamp
    assert bursts(workspace) == [], "the same cause again"
    alerts = [json.loads(file.read_text(encoding="utf-8")) for file in (lamp / "duty").glob("*.json")]
    assert len(alerts) == len(said)
    assert all(alert["kind"] == "alert" for alert in alerts)
    assert any("望海路路灯" in json.dumps(alert, ensure_ascii=False) for alert in alerts)
    assert not (lamp / "chief").exists(), "only approved briefs go to those who did not ask for drafts"


def test_copies_count_neither_for_the_speed_nor_for_the_size(
    workspace: Workspace, lamp: Path, minyi: Minyi
) -> None:
    said = "望海路路灯全部不亮，1号楼前第1次反映了，请尽快处理"
    rows = [f"copy-{n},望海路路灯全部不亮,{said},{(NOON - n * HOUR / 10).isoformat()}" for n in range(1, 7)]
    (lamp / "in.csv").write_text("\n".join(["id,title,text,posted_at", *rows]), encoding="utf-8")
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    assert minyi("read") == 0
    [raised] = [row for row in check_alerts(workspace, NOON).raised if row.issue_id is not None]
    with workspace.engine.connect() as connection:
        [alert] = [row for row in list_alerts(connection) if row.id == raised.id]
        run = get_run(connection, alert.run_id)
    assert run is not None
    [issue] = result_of(run).issues
    assert issue.posts.value == 20
    assert "近1小时20帖" in raised.message
    assert issue.burst is not None
    assert set(issue.burst.observed.posts) == set(issue.posts.posts)


def test_in_the_quiet_hours_it_waits(workspace: Workspace, lamp: Path, minyi: Minyi) -> None:
    post(lamp, minyi, (20, NIGHT, "中山街水管爆裂没有水"))
    checked = check_alerts(workspace, NIGHT)
    assert checked.raised
    assert checked.delivered == ()
    assert not (lamp / "duty").exists()
    check_alerts(workspace, NIGHT + 9 * HOUR)
    assert list((lamp / "duty").glob("*.json"))


def test_who_takes_it_up_is_kept_and_it_is_not_sent_any_more(
    workspace: Workspace, lamp: Path, minyi: Minyi, capsys: pytest.CaptureFixture[str]
) -> None:
    raised = check_alerts(workspace, NOON).raised
    assert raised
    for row in raised:
        assert acknowledge(workspace, row.id, staff="周科")
        assert not acknowledge(workspace, row.id, staff="吴科")
    assert minyi("alert", "list", "--open") == 0
    assert "没有快报" in capsys.readouterr().out
    for file in (lamp / "duty").iterdir():
        file.unlink()
    assert check_alerts(workspace, NOON).delivered == ()
    assert minyi("alert", "ack", "999") == 2


def test_it_is_over_after_a_day_without_and_raised_again_when_it_comes_back(
    workspace: Workspace, lamp: Path, minyi: Minyi
) -> None:
    assert bursts(workspace)
    later = NOON + timedelta(days=3)
    assert bursts(workspace, later) == []
    with workspace.engine.begin() as connection:
        assert all(row.over_at is not None for row in list_alerts(connection) if row.kind == "burst")
    post(lamp, minyi, (60, later + 2 * HOUR, "望海路路灯全部不亮"))
    assert any("望海路" in message for message in bursts(workspace, later + 2 * HOUR))


@pytest.mark.usefixtures("quiet_weeks")
def test_a_source_that_fails_twice_is_an_alert_until_it_yields_again(workspace: Workspace) -> None:
    def raised(now: datetime) -> list[str]:
        return [row.source for row in check_alerts(workspace, now).raised if row.kind == "blind"]

    store_crawl(workspace, "bbs", NOON - HOUR, "failed", "连不上网站")
    assert raised(NOON) == [], "a site may be away for a moment"
    store_crawl(workspace, "bbs", NOON - HOUR / 2, "failed", "连不上网站")
    assert raised(NOON) == ["bbs"]
    assert raised(NOON) == []
    store_crawl(workspace, "bbs", NOON + HOUR, "ok", "连不上网站")
    store_crawl(workspace, "bbs", NOON + 2 * HOUR, "ok", "连不上网站")
    assert raised(NOON + 2 * HOUR) == []
    with workspace.engine.begin() as connection:
        assert [row.over_at for row in list_alerts(connection)] == [NOON + 2 * HOUR]


def test_a_database_that_is_away_for_a_moment_is_waited_for(
    workspace: Workspace, lamp: Path, request: pytest.FixtureRequest
) -> None:
    store_crawl(workspace, "bbs", NOON - HOUR, "failed", "连不上网站")
    store_crawl(workspace, "bbs", NOON - HOUR / 2, "failed", "连不上网站")
    missed = request.getfixturevalue("blinking_database")
    checked = check_alerts(workspace, NOON)
    assert {row.kind for row in checked.raised} == {"blind", "burst"}
    assert {entry.outcome for entry in checked.delivered} == {"sent"}
    assert len(checked.delivered) == len(checked.raised) == len(list((lamp / "duty").glob("*.json")))
    assert any(statement.startswith("UPDATE alerts") for statement in missed)
