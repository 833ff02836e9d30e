"""What is told of a source on a day that is not over."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from analysis.results import SourceHealth
from crawlers.items import Post, Thread
from minyi.config import config_file, load_config
from minyi.sources import source_health
from minyi.workspace import Workspace
from pipelines.item_pipelines import Intake
from pipelines.store.crawls import finish_crawl, start_crawl

from .conftest import CONFIG

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


def crawl(workspace: Workspace, source: str, started: datetime, state: str = "ok", message: str = "") -> None:
    stats = {"source": source, "state": state, "code": state, "message": message}
    stats |= {"started_at": started.isoformat(), "finished_at": started.isoformat()}
    with workspace.engine.begin() as connection:
        number = start_crawl(connection, source, started.astimezone(UTC), "test")
        finish_crawl(
            connection,
            number,
            state=state,
            message=message,
            threads=0,
            posts=0,
            stats=stats,
            finished_at=started.astimezone(UTC),
        )


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


def test_who_missed_a_day_has_failed(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    write(workspace, "bbs", 20)
    crawl(workspace, "bbs", at(21, 6, 31))
    found = look(workspace, monkeypatch, at(23, 3))
    assert (found.state, found.message) == ("failed", "上次采集是 11月21日 06:31，之后没有采集")
