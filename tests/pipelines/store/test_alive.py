"""A crawl on another machine: whether it goes on is known by what it says."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from pipelines.store import open_database
from pipelines.store.crawls import finish_crawl, last_crawls, note_alive, start_crawl
from pipelines.store.schedules import SILENCE, attempts_of

STARTED = datetime(2026, 3, 1, 8, tzinfo=UTC)
ELSEWHERE = "another-machine/1/abcd"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_database(database_url)
    yield opened
    opened.dispose()


def outcome(engine: Engine, now: datetime) -> str:
    with engine.connect() as connection:
        [attempt] = attempts_of(connection, "town", STARTED, now)
    return attempt.outcome


def test_a_crawl_that_falls_silent_is_lost(engine: Engine) -> None:
    with engine.begin() as connection:
        crawl = start_crawl(connection, "town", STARTED, ELSEWHERE)
    assert outcome(engine, STARTED + SILENCE) == "running"
    assert outcome(engine, STARTED + SILENCE + timedelta(seconds=1)) == "failed"
    later = STARTED + timedelta(hours=2)
    with engine.begin() as connection:
        note_alive(connection, crawl, ELSEWHERE, later)
    assert outcome(engine, later + SILENCE) == "running"
    assert outcome(engine, later + 2 * SILENCE) == "failed"


def test_what_a_crawl_found_outlives_its_last_word(engine: Engine) -> None:
    with engine.begin() as connection:
        crawl = start_crawl(connection, "town", STARTED, ELSEWHERE)
        end = STARTED + timedelta(minutes=5)
        found = {"requests": 3}
        finish_crawl(
            connection, crawl, state="ok", message=None, threads=1, posts=2, stats=found, finished_at=end
        )
        note_alive(connection, crawl, ELSEWHERE, end)
        [row] = last_crawls(connection, "town", 1)
    assert row.stats == found
    assert outcome(engine, end + timedelta(days=1)) == "done"
