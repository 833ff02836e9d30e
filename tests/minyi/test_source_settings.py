"""Staff set when and how slowly a source is crawled; nobody makes it faster than its site allows."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from minyi.brief_times import DueBrief, brief_times, due_briefs, set_brief_times
from minyi.config import load_config
from minyi.crawl import CrawlBusyError, crawl_source
from minyi.errors import InputError
from minyi.source_settings import (
    change_source,
    due_sources,
    effective_source,
    effective_sources,
    forums,
    set_source,
)
from minyi.sources import source_health
from minyi.workspace import Workspace
from pipelines.schedule import ScheduleError
from pipelines.schema import crawls
from pipelines.store.audit import last_records
from pipelines.store.crawls import finish_crawl, start_crawl

Minyi = Callable[..., int]

CONFIG = """
[office]
name = "海平县"
contact = "minyi@example.org"

[[sources]]
name = "bbs"
title = "海平在线"
engine = "discuz"
url = "http://127.0.0.1:9/"
delay = 2.0
times = ["06:30"]

[[sources]]
name = "night"
title = "夜谈"
engine = "xiuno"
url = "http://127.0.0.1:9/night/"
every = 60
hours = [23, 6]

[[sources]]
name = "hotline"
title = "12345 热线"
engine = "file"
"""


@pytest.fixture
def workspace(office: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    (office / "minyi.toml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.setenv("MINYI_DATABASE_URL", database_url)
    workspace = Workspace(load_config(), office / "minyi.toml")
    yield workspace
    workspace.close()


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=load_config().office.zone)


def note_crawl(
    workspace: Workspace, source: str, started_at: datetime, state: str | None, **stats: object
) -> None:
    """A crawl as the store knows it; without a state it has not ended."""
    with workspace.engine.begin() as connection:
        number = start_crawl(connection, source, started_at, "elsewhere/1/x")
        if state is not None:
            finish_crawl(
                connection,
                number,
                state=state,
                message=None,
                threads=0,
                posts=0,
                stats=stats,
                finished_at=started_at + timedelta(minutes=5),
            )


def due(workspace: Workspace, now: datetime) -> list[str]:
    return [source.name for source in due_sources(workspace, now)]


def test_what_nobody_set_is_as_configured(workspace: Workspace) -> None:
    for found in effective_sources(workspace):
        assert found.source == found.configured
        assert found.staff is None
    assert effective_source(workspace, "bbs").schedule.words() == "每天 06:30"
    assert [source.name for source in forums(workspace)] == ["bbs", "night"]


def test_staff_set_times_pace_and_the_off_switch(workspace: Workspace) -> None:
    set_source(workspace, "bbs", enabled=False, delay=5, times=["18:00", "6:30"], staff="李科")
    found = effective_source(workspace, "bbs")
    assert (found.source.enabled, found.source.delay) == (False, 5)
    assert found.schedule.words() == "每天 06:30、18:00"
    assert (found.staff, found.configured.enabled) == ("李科", True)
    assert [source.name for source in forums(workspace)] == ["night"]
    assert "bbs" not in due(workspace, at(7))
    assert [each.state for each in source_health(workspace, date(2026, 11, 22)) if each.name == "bbs"] == [
        "off"
    ]
    with workspace.engine.connect() as connection:
        [entry] = last_records(connection, 5)
    assert (entry.staff, entry.action, entry.subject) == ("李科", "source.set", "source bbs")
    assert entry.details == {"enabled": False, "delay": 5, "times": ["06:30", "18:00"]}


def test_a_change_leaves_what_was_set_before_and_a_reset_forgets_it(workspace: Workspace) -> None:
    change_source(workspace, "bbs", delay=9, staff="李科")
    change_source(workspace, "bbs", times=30, staff="王科")
    found = effective_source(workspace, "bbs")
    assert (found.source.delay, found.schedule.words()) == (9, "每 30 分钟")
    change_source(workspace, "bbs", reset=True, staff="王科")
    assert effective_source(workspace, "bbs").staff is None


def test_nobody_makes_a_crawl_faster_than_the_file_or_the_site_says(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="2 秒"):
        set_source(workspace, "bbs", enabled=None, delay=1.5, times=None, staff="李科")
    note_crawl(workspace, "bbs", at(6), "ok", robots_hash="ab", crawl_delay=10.0)
    note_crawl(workspace, "bbs", at(7), "blocked", robots_hash=None)
    with pytest.raises(InputError, match=r"robots\.txt.* 10 秒"):
        set_source(workspace, "bbs", enabled=None, delay=5, times=None, staff="李科")
    with pytest.raises(ScheduleError):
        set_source(workspace, "bbs", enabled=None, delay=None, times=["半夜"], staff="李科")
    assert effective_source(workspace, "bbs").staff is None


def test_a_source_is_due_once_after_its_time(workspace: Workspace) -> None:
    assert due(workspace, at(7)) == ["bbs"]
    note_crawl(workspace, "bbs", at(7), "partial")
    assert due(workspace, at(7, 10)) == []
    assert due(workspace, at(6, 30, day=24)) == ["bbs"]


def test_a_failed_crawl_is_tried_again_twice_and_a_refused_one_not(workspace: Workspace) -> None:
    for minute, again in ((0, ["bbs"]), (10, ["bbs"]), (20, [])):
        note_crawl(workspace, "bbs", at(7, minute), "failed")
        assert due(workspace, at(7, minute + 9)) == again
    note_crawl(workspace, "bbs", at(7, day=24), "blocked")
    assert due(workspace, at(7, 10, day=24)) == []


def test_an_interrupted_crawl_is_taken_up_again(workspace: Workspace) -> None:
    note_crawl(workspace, "bbs", at(7), "partial", code="interrupted")
    assert due(workspace, at(7, 10)) == ["bbs"]


def test_a_running_crawl_is_waited_for_but_not_for_ever(workspace: Workspace) -> None:
    note_crawl(workspace, "bbs", at(6, 20), None)
    assert due(workspace, at(6, 21)) == []
    assert due(workspace, at(7)) == ["bbs"], "it has long ceased to say that it lives"


def test_outside_its_hours_a_source_waits(workspace: Workspace) -> None:
    assert "night" in due(workspace, at(23, 30))
    assert "night" not in due(workspace, at(12))


def test_a_second_crawl_of_a_source_is_refused_in_one_line(workspace: Workspace) -> None:
    note_crawl(workspace, "bbs", datetime.now(UTC), None)
    with pytest.raises(CrawlBusyError, match="正由另一个命令采集"):
        crawl_source(workspace, workspace.config.source("bbs"))


def test_what_somebody_else_is_crawling_is_left_to_them_by_the_schedule(workspace: Workspace) -> None:
    note_crawl(workspace, "bbs", datetime.now(UTC), None)
    assert crawl_source(workspace, workspace.config.source("bbs"), only_due=True) is None


def test_what_somebody_else_has_crawled_is_not_crawled_again(workspace: Workspace) -> None:
    note_crawl(workspace, "bbs", datetime.now(UTC), "ok")
    assert crawl_source(workspace, workspace.config.source("bbs"), only_due=True) is None


def test_the_command_line_sets_lists_and_tells_what_is_due(
    workspace: Workspace, minyi: Minyi, capfd: pytest.CaptureFixture[str]
) -> None:
    assert minyi("source", "set", "bbs", "--times", "06:30，18:00", "--delay", "4") == 0
    assert "每天 06:30、18:00，间隔 4 秒" in capfd.readouterr().out
    assert minyi("source", "set", "night", "--off") == 0
    capfd.readouterr()
    assert minyi("source", "list", "--due", "--json") == 0
    assert json.loads(capfd.readouterr().out) == ["bbs"]
    with workspace.engine.begin() as connection:
        start_crawl(connection, "bbs", datetime.now(UTC), "elsewhere/1/x")
        connection.execute(update(crawls).values(state="ok", finished_at=datetime.now(UTC)))
    assert minyi("crawl", "--due") == 0
    assert "没有到时间" in capfd.readouterr().err
    assert minyi("source", "set", "bbs", "--delay", "1") == 2
    assert minyi("source", "set", "bbs", "--every", "5") == 2
    assert minyi("crawl", "night") == 2


def test_briefs_are_due_after_their_times_until_they_are_made(workspace: Workspace) -> None:
    yesterday = DueBrief(kind="daily", first=date(2026, 11, 22), last=date(2026, 11, 22))
    week = DueBrief(kind="weekly", first=date(2026, 11, 16), last=date(2026, 11, 22))
    assert due_briefs(workspace, at(6, 29)) == []
    assert due_briefs(workspace, at(6, 30)) == [yesterday]
    assert due_briefs(workspace, at(7)) == [yesterday, week]
    set_brief_times(workspace, daily="08:00", weekly_day=2, staff="李科")
    assert brief_times(workspace).daily == "08:00"
    assert due_briefs(workspace, at(7)) == []
    assert week in due_briefs(workspace, at(7, day=24))


def test_the_hosts_own_time_zone_changes_nothing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    for zone in ("UTC", "America/New_York"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert due(workspace, at(6, 29).astimezone(UTC)) == ["bbs"]  # yesterday's was missed
        moment = effective_source(workspace, "bbs").schedule.latest(at(6, 31), workspace.config.office.zone)
        assert moment == at(6, 30)
    monkeypatch.delenv("TZ")
    time.tzset()


def test_the_schedule_is_shown_and_changed(
    workspace: Workspace, minyi: Minyi, capfd: pytest.CaptureFixture[str]
) -> None:
    assert minyi("schedule", "--daily", "07:10", "--weekly-day", "2") == 0
    said = capfd.readouterr().out
    assert "日报：每天 07:10" in said
    assert "周报：星期二 07:00" in said
    assert "海平在线：每天 06:30，下次" in said
    assert minyi("schedule", "--due", "--json") == 0
    assert "bbs" in json.loads(capfd.readouterr().out)["sources"]
    assert minyi("schedule", "--daily", "七点") == 2
