"""What is told of a source on a day that is not over: not yet crawled is neither failed nor blind."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.results import SourceHealth
from crawlers.items import Post, Thread
from minyi.config import config_file, load_config
from minyi.runs import run_analysis
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
    write_at(workspace, source, *(at(day, 12) for day in days))


def write_at(workspace: Workspace, source: str, *moments: datetime) -> None:
    intake = Intake(workspace.engine, source, {}, b"k" * 32)
    for moment in moments:
        key = f"{source}{moment:%m%d%H}"
        url = f"https://{source}.example.org/{key}"
        intake.take(Thread(source=source, thread_key=key, url=url, title="路灯不亮"))
        intake.take(
            Post(
                source=source,
                thread_key=key,
                post_key=key,
                url=url,
                text=f"望海路{moment:%d}号的路灯不亮",
                is_first=True,
                floor=1,
                posted_at=moment,
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
    assert (found.state, found.message, found.posts) == ("pending", "今天尚未采集", 0)


@pytest.mark.parametrize("hour", [7, 12])
def test_a_late_crawl_is_not_yet_a_failed_one_but_when_the_last_was_is_told(
    crawled_yesterday: Workspace, monkeypatch: pytest.MonkeyPatch, hour: int
) -> None:
    found = look(crawled_yesterday, monkeypatch, at(23, hour))
    assert found.state == "pending"
    assert found.message == "今天尚未采集，上次采集是 11月22日 06:31，之后没有采集"


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
    assert found.message == ("今天尚未采集；此前（11月21日）当日 0 帖，每天至少应有 1 个主题，疑似改版或失灵")


def test_a_source_crawled_early_today_is_judged_by_the_24_hours_before(
    crawled_yesterday: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_crawl(crawled_yesterday, "bbs", at(23, 6, 31))
    found = look(crawled_yesterday, monkeypatch, at(23, 7))
    assert found.state == "blind"
    assert found.message == ("截至 11月23日 06:31 的 24 小时里 0 帖，每天至少应有 1 个主题，疑似改版或失灵")
    write(crawled_yesterday, "bbs", 22)
    found = look(crawled_yesterday, monkeypatch, at(23, 7))
    assert (found.state, found.message) == ("ok", "只采到 11月23日 06:31")
    assert (found.threads, found.posts) == (0, 0), "what is told is of the day itself"


def test_the_24_hours_are_held_against_the_same_of_other_weeks(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sundays have a post, Mondays twelve: early on a Monday a post is what is usual."""
    for week in range(1, 6):
        ago = timedelta(weeks=week)
        write_at(workspace, "bbs", at(22, 12) - ago, *(at(23, 8 + hour) - ago for hour in range(12)))
    write(workspace, "bbs", 22)
    store_crawl(workspace, "bbs", at(23, 6, 31))
    found = look(workspace, monkeypatch, at(23, 7))
    assert (found.state, found.usual) == ("ok", 1)


def test_a_day_whose_last_crawl_was_before_its_end_is_judged_by_the_24_hours_before(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(workspace, "bbs", 22)
    store_crawl(workspace, "bbs", at(23, 6, 31))
    found = look(workspace, monkeypatch, at(24, 6, 30))
    assert (found.state, found.message) == ("ok", "只采到 11月23日 06:31")
    write(workspace, "bbs", 23)
    store_crawl(workspace, "bbs", at(24, 6, 31))
    found = look(workspace, monkeypatch, at(24, 6, 35))
    assert (found.state, found.message, found.posts) == ("ok", None, 1)


def test_a_day_that_is_over_is_judged_as_ever(
    crawled_yesterday: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert look(crawled_yesterday, monkeypatch, at(24, 0, 1)).state == "failed"


def test_what_a_later_crawl_finds_makes_no_other_run_of_a_day_that_was_seen_whole(
    workspace: Workspace,
) -> None:
    def made() -> tuple[int, list[str]]:
        run = run_analysis(workspace, date(2026, 11, 22), date(2026, 11, 22))
        return run.id, [each["state"] for each in run.results["sources"] if each["name"] == "bbs"]

    write(workspace, "bbs", 22)
    store_crawl(workspace, "bbs", at(23, 6, 31), "failed", "连不上网站")
    failed, states = made()
    assert states == ["failed"]
    store_crawl(workspace, "bbs", at(23, 6, 41))
    whole, states = made()
    assert (whole != failed, states) == (True, ["ok"])
    store_crawl(workspace, "bbs", at(25, 6, 31), "blocked", "网站要求人机验证")
    assert made() == (whole, ["ok"])
    health = source_health(workspace, date(2026, 11, 22))
    assert [each.state for each in health if each.name == "bbs"] == ["failed"], "staff are told of it"


def test_alerts_look_at_the_24_hours_before_the_last_crawl(workspace: Workspace) -> None:
    """Another source's crawl may be what they are asked after."""

    def told(now: datetime) -> tuple[str, str | None]:
        [found] = [each for each in source_health(workspace, TODAY, now) if each.name == "bbs"]
        return found.state, found.message

    write(workspace, "bbs", 21)
    store_crawl(workspace, "bbs", at(22, 11))
    assert told(at(23, 1)) == ("ok", "只采到 11月22日 11:00")
    store_crawl(workspace, "bbs", at(22, 23))
    assert told(at(23, 1))[0] == "blind"
