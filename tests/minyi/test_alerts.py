"""A lamp that many report within the hour, and a forum that yields nothing: one short brief a cause."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

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
        f"{until:%d%H%M}-{what}-{n},{what},{what}，{n}号楼前第{n}次反映了，请尽快处理,{(until - n * timedelta(seconds=50)).isoformat()}"
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


def test_check_says_what_to_do_with_a_draft(
    office: Path, minyi: Minyi, capsys: pytest.CaptureFixture[str]
) -> None:
    with (office / "minyi.toml").open("a", encoding="utf-8") as file:
        file.write("\n[alerts]\nquiet_hours = [0, 0]\n")
    now = datetime.now(UTC).replace(microsecond=0)
    post(office, minyi, *((1, now - timedelta(days=day), "后洋村公交车等太久") for day in range(1, 11)))
    post(office, minyi, (20, now, "望海路路灯全部不亮"))
    capsys.readouterr()
    assert minyi("alert", "check") == 0
    said, counted = capsys.readouterr().out.splitlines()
    assert said.startswith("快报：望海路路灯全部不亮：近1小时20帖，平时不到1帖。")
    assert said.endswith("看过后审定：minyi brief approve --id 1")
    assert counted == "新报 1 件，送出 0 份。"
    assert minyi("brief", "approve", "--id", "1") == 0
    assert "minyi deliver --id 1" in capsys.readouterr().out


def test_a_wait_is_told_up_to_now_and_not_to_the_end_of_the_day(workspace: Workspace, lamp: Path) -> None:
    assert check_alerts(workspace, NOON).raised
    [brief] = told(lamp)
    assert "首帖：11月20日 12:13。" in brief
    assert "未答复，不足1小时" in brief


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


OTHERS = (
    "楼下烧烤摊的油烟直往屋里灌，窗户不敢开",
    "广场东边的公厕停水三天，味道大得没法进",
    "快递放驿站就算签收，包裹找不到没人认",
    "学校食堂的饭菜涨了两块钱，分量还少了",
    "医保窗口只开一个，老人排了一上午的队",
    "火车站的出租车不打表，张口就要五十元",
    "宽带说好两百兆，晚上看个视频都卡半天",
    "健身房关门跑路，会员卡里的钱退不回来",
    "幼儿园门口乱停车，接孩子的人挤在路中间",
    "养猪场的水排进水塘，鱼死了一大片",
    "疫苗预约的网页打不开，打电话也占线",
    "工地凌晨三点还在打桩，孩子吓得直哭",
    "公园的健身器材螺丝松了，差点夹到手",
    "垃圾站满了没有车来拉，招来一群苍蝇",
    "物业把消防通道画成车位，收钱不给发票",
    "河边的护栏断了一截，晚上走路真害怕",
    "工资拖了两个月，老板的电话打不通",
    "社区食堂说好九月开，到现在门还锁着",
)


def post_each(office: Path, minyi: Minyi, until: datetime, texts: Sequence[str]) -> None:
    """One resident each writes of a matter of their own, within the hour."""
    rows = [
        f"{until:%d%H%M}-{n},{text[:8]},{text},{(until - n * timedelta(minutes=3)).isoformat()}"
        for n, text in enumerate(texts, 1)
    ]
    (office / "in.csv").write_text("\n".join(["id,title,text,posted_at", *rows]), encoding="utf-8")
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    assert minyi("read") == 0


@pytest.fixture
def stores(office: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same office once with SQLite, once with PostgreSQL."""
    monkeypatch.setenv("MINYI_DATABASE_URL", database_url)


def told(folder: Path) -> list[str]:
    """What the duty desk was sent, in words only."""
    files = sorted((folder / "duty").glob("*.json"))
    return ["".join(words_of(json.loads(file.read_text(encoding="utf-8")))) for file in files]


def words_of(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (part["text"],) if "text" in part else words_of(list(part.values()))
    elif isinstance(part, list):
        yield from (word for one in part for word in words_of(one))


@pytest.mark.usefixtures("stores")
class TestOneCause:
    """A burst of all sources that one issue is the cause of."""

    def test_is_one_alert_which_tells_both(self, workspace: Workspace, lamp: Path) -> None:
        [said] = bursts(workspace)
        assert said.startswith("望海路路灯全部不亮：近1小时20帖")
        [brief] = told(lamp)
        assert "全部来源合计：近1小时20帖" in brief
        assert brief.index("望海路路灯全部不亮：近1小时20帖") < brief.index("全部来源合计："), (
            "the cause first"
        )
        assert "平时不到1帖，多数说的是这件事。" in brief
        assert "其中多数说的是这件事" in brief
        assert bursts(workspace, NOON + HOUR / 6) == []
        assert bursts(workspace, NOON + 8 * HOUR) == [], "now it is a burst of the day"
        assert len(told(lamp)) == 1

    def test_does_not_hide_a_second_cause(self, workspace: Workspace, lamp: Path, minyi: Minyi) -> None:
        """Most posts are about the lamp; the others would be a burst without it, of no one issue."""
        post_each(lamp, minyi, NOON, OTHERS)
        of_lamp, of_all = bursts(workspace)
        assert of_lamp.startswith("望海路路灯全部不亮：")
        assert of_all.startswith("全部来源合计：近1小时")
        assert "其中“望海路路灯全部不亮”20帖" in of_all
        assert bursts(workspace) == []

    def test_that_are_two_are_named_by_the_alert_of_all(
        self, workspace: Workspace, lamp: Path, minyi: Minyi
    ) -> None:
        post(lamp, minyi, (20, NOON, "中山街水管爆裂没有水"))
        *own, of_all = bursts(workspace)
        assert len(own) == 2
        assert of_all.startswith("全部来源合计：近1小时40帖")
        assert "“望海路路灯全部不亮”20帖" in of_all
        assert "“中山街水管爆裂没有水”20帖" in of_all

    def test_is_told_once_where_all_sources_burst_before_the_issue(
        self, workspace: Workspace, quiet_weeks: Path, minyi: Minyi
    ) -> None:
        post(quiet_weeks, minyi, (14, NOON, "望海路路灯全部不亮"))
        post_each(quiet_weeks, minyi, NOON, OTHERS[:2])
        [of_all] = bursts(workspace)
        assert of_all.startswith("全部来源合计：近1小时16帖")
        later = NOON + HOUR / 3
        post(quiet_weeks, minyi, (20, later, "望海路灯不亮摸黑走路"))
        assert bursts(workspace, later) == []
        with workspace.engine.connect() as connection:
            [alert] = list_alerts(connection)
        assert alert.message.startswith("望海路灯不亮摸黑走路：近1小时34帖"), "the alert now says what it is"
        assert len(told(quiet_weeks)) == 1

    def test_is_still_told_where_the_issue_alone_is_too_few_by_now(
        self, workspace: Workspace, lamp: Path, minyi: Minyi
    ) -> None:
        assert len(bursts(workspace)) == 1
        later = NOON + 23 * HOUR + timedelta(minutes=50)
        post_each(lamp, minyi, later, OTHERS[:4])
        assert bursts(workspace, later) == []
