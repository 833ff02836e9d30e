"""What is told of a source on a day that is not over: not yet crawled is neither failed nor blind."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from analysis.results import SourceHealth
from crawlers.items import Post, Thread
from minyi.config import config_file, load_config
from minyi.sources import source_health
from minyi.workspace import Workspace
from pipelines.item_pipelines import Intake

from .conftest import CONFIG, store_crawl

TODAY = date(2026, 11, 23)
FORUMS = """
[[sources]]
name = "bbs"
title = "海平在线"
engine = "discuz"
url = "https://bbs.example.org/"
times = ["06:30"]

[[sources]]
name = "hourly"
title = "夜谈"
engine = "xiuno"
url = "https://night.example.org/"
every = 60
"""


@pytest.fixture
def workspace(office: Path) -> Iterator[Workspace]:
    (office / "minyi.toml").write_text(CONFIG.format(folder=office) + FORUMS, encoding="utf-8")
    opened = Workspace(load_config(), config_file())
    yield opened
    opened.close()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=load_config().office.zone)


def write(workspace: Workspace, source: str, *days: int) -> None:
    """A post at noon of each of these days."""
    intake = Intake(workspace.engine, source, {}, b"k" * 32)
    for day in days:
        key = f"{source}{day}"
        url = f"https://{source}.example.org/{day}"
        intake.take(Thread(source=source, thread_key=key, url=url, title="路灯不亮"))
        intake.take(
            Post(
                source=source,
                thread_key=key,
                post_key=key,
                url=url,
                text=f"望海路{day}号的路灯不亮",
                is_first=True,
                floor=1,
                posted_at=at(day, 12),
            )
        )
    intake.flush()


@pytest.fixture
def crawled_yesterday(workspace: Workspace) -> Workspace:
    """The daily source had posts, and was crawled in time the day before."""
    write(workspace, "bbs", 20, 21)
    store_crawl(workspace, "bbs", at(22, 6, 31))
    return workspace


def look(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, now: datetime, source: str = "bbs"
) -> SourceHealth:
    """The source's health on TODAY, as told at that time."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return now.astimezone(tz)

    monkeypatch.setattr("minyi.sources.datetime", Clock)
    return next(each for each in source_health(workspace, TODAY) if each.name == source)


def test_before_its_time_a_source_is_not_yet_crawled(
    crawled_yesterday: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = look(crawled_yesterday, monkeypatch, at(23, 3))
    assert (found.state, found.message, found.posts) == ("pending", "今天尚未抓取", 0)


@pytest.mark.parametrize("hour", [7, 12])
def test_a_late_crawl_is_not_yet_a_failed_one_but_when_the_last_was_is_told(
    crawled_yesterday: Workspace, monkeypatch: pytest.MonkeyPatch, hour: int
) -> None:
    found = look(crawled_yesterday, monkeypatch, at(23, hour))
    assert found.state == "pending"
    assert found.message == "今天尚未抓取，上次采集是 11月22日 06:31，之后没有采集"


def test_a_crawl_that_is_six_hours_late_was_missed(
    crawled_yesterday: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = look(crawled_yesterday, monkeypatch, at(23, 13))
    assert (found.state, found.message) == ("failed", "上次采集是 11月22日 06:31，之后没有采集")


def test_who_missed_a_day_has_failed(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    write(workspace, "bbs", 20)
    store_crawl(workspace, "bbs", at(21, 6, 31))
    found = look(workspace, monkeypatch, at(23, 3))
    assert (found.state, found.message) == ("failed", "上次采集是 11月21日 06:31，之后没有采集")


def test_who_missed_more_than_one_time_of_its_own_has_failed_after_a_day(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(workspace, "hourly", 20, 21)
    store_crawl(workspace, "hourly", at(22, 10))
    assert look(workspace, monkeypatch, at(23, 1), "hourly").state == "pending"
    assert look(workspace, monkeypatch, at(23, 11), "hourly").state == "failed"


def test_a_crawl_that_failed_yesterday_is_still_told(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(workspace, "bbs", 20, 21)
    store_crawl(workspace, "bbs", at(22, 6, 31), "blocked", "网站要求人机验证")
    found = look(workspace, monkeypatch, at(23, 3))
    assert (found.state, found.message) == ("failed", "网站要求人机验证")


def test_who_was_silent_before_is_still_blind(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    write(workspace, "bbs", 19, 20)
    store_crawl(workspace, "bbs", at(22, 6, 31))
    found = look(workspace, monkeypatch, at(23, 3))
    assert found.state == "blind"
    assert found.message == ("今天尚未抓取；此前（11月21日）当日 0 帖，每天至少应有 1 个主题，疑似改版或失灵")


def test_a_source_crawled_today_is_judged_by_today(
    crawled_yesterday: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_crawl(crawled_yesterday, "bbs", at(23, 6, 31))
    assert look(crawled_yesterday, monkeypatch, at(23, 7)).state == "blind"


def test_a_day_that_is_over_is_judged_as_ever(
    crawled_yesterday: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert look(crawled_yesterday, monkeypatch, at(24, 0, 1)).state == "failed"


def test_alerts_look_at_the_last_day_as_ever(workspace: Workspace) -> None:
    store_crawl(workspace, "bbs", at(22, 23))
    found = {each.name: each.state for each in source_health(workspace, TODAY, at(23, 1))}
    assert found["bbs"] == "blind"
