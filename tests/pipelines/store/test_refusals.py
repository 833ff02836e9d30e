"""What was refused never comes in, and floors that a whole thread no longer shows are gone until they are back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from crawlers.items import Post, Thread, ThreadRead
from pipelines.item_pipelines import Intake, InvalidItemError
from pipelines.schema import posts, readings, threads
from pipelines.store.crawled import Gone, forget_gone_texts, gone_ids
from pipelines.store.refusals import (
    PurgedMeanwhileError,
    Refusal,
    check_unpurged,
    last_removal,
    refuse,
    refused_of,
)
from tests.pipelines.store.test_intake import KEY, POST, READ, THREAD

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SECOND = replace(POST, post_key="71", floor=2, is_first=False, url=f"{THREAD.url}#pid71", text="楼上说得对。")
WHOLE = replace(READ, whole=True)


def refuse_now(engine: Engine, refusal: Refusal) -> None:
    with engine.begin() as connection:
        refuse(connection, [refusal], "要求", "李科", NOW)


def intake_of(engine: Engine, source: str = "bbs") -> Intake:
    return Intake(engine, source, {}, KEY)


def put(intake: Intake, *items: Thread | Post | ThreadRead) -> list[str]:
    """Take the items; the reasons of those that were refused."""
    reasons = []
    for item in items:
        try:
            intake.take(item)
        except InvalidItemError as error:
            reasons.append(str(error))
    intake.flush()
    return reasons


def stored(engine: Engine) -> tuple[int, list[str]]:
    with engine.connect() as connection:
        count = len(connection.execute(select(threads.c.id)).all())
        return count, list(connection.execute(select(posts.c.post_key).order_by(posts.c.post_key)).scalars())


@pytest.mark.parametrize(
    ("refusal", "reasons", "kept"),
    [
        (Refusal(url="x", source="bbs", thread_key="7"), ["refused", "no_thread", "no_thread"], (0, [])),
        (Refusal(url="x", source="bbs", thread_key="7", post_key="71"), ["refused"], (1, ["70"])),
        (
            Refusal(url="https://bbs.example.org/", source="bbs"),
            ["refused", "no_thread", "no_thread"],
            (0, []),
        ),
        (Refusal(url=SECOND.url), ["refused"], (1, ["70"])),
        (Refusal(url="x", source="other", thread_key="7"), [], (1, ["70", "71"])),
    ],
)
def test_refused_items_are_dropped_under_a_reason(
    engine: Engine, refusal: Refusal, reasons: list[str], kept: tuple[int, list[str]]
) -> None:
    refuse_now(engine, refusal)
    assert put(intake_of(engine), THREAD, POST, SECOND) == reasons
    assert stored(engine) == kept


def test_a_purge_in_the_middle_of_a_crawl_counts(engine: Engine) -> None:
    intake = intake_of(engine)
    for item in (THREAD, POST, SECOND):
        intake.take(item)
    refuse_now(engine, Refusal(url="x", source="bbs", thread_key="7"))
    intake.flush()
    assert stored(engine) == (0, [])


def test_refusing_twice_is_refusing_once(engine: Engine) -> None:
    for _ in range(2):
        refuse_now(engine, Refusal(url="x", source="bbs", thread_key="7"))
    with engine.connect() as connection:
        assert refused_of(connection, "bbs").threads == {"7"}


def test_a_run_that_a_purge_overtook_is_not_frozen(engine: Engine) -> None:
    with engine.begin() as connection:
        before = last_removal(connection)
        check_unpurged(connection, before)
    refuse_now(engine, Refusal(url="x", source="bbs", thread_key="7"))
    with engine.begin() as connection, pytest.raises(PurgedMeanwhileError, match="重新运行"):
        check_unpurged(connection, before)


def gone_posts(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(
            connection.execute(select(posts.c.post_key).where(posts.c.gone_at.is_not(None))).scalars()
        )


def test_a_floor_that_a_whole_thread_no_longer_shows_is_gone_and_comes_back(engine: Engine) -> None:
    put(intake_of(engine), THREAD, POST, SECOND, WHOLE)
    put(intake_of(engine), THREAD, POST, READ)
    assert gone_posts(engine) == [], "a visit of its last page says nothing of the others"
    put(intake_of(engine), THREAD, POST, WHOLE)
    assert gone_posts(engine) == ["71"]
    put(intake_of(engine), THREAD, POST, SECOND, WHOLE)
    assert gone_posts(engine) == []


def test_a_long_thread_stored_in_parts_loses_nothing(engine: Engine) -> None:
    intake = intake_of(engine)
    put(intake, THREAD, POST)
    put(intake, SECOND)
    put(intake, WHOLE)
    assert gone_posts(engine) == []


def test_a_gone_floors_words_are_forgotten_after_a_week(engine: Engine) -> None:
    put(intake_of(engine), THREAD, POST, SECOND, WHOLE)
    put(intake_of(engine), THREAD, POST, WHOLE)
    with engine.begin() as connection:
        [gone] = connection.execute(select(posts.c.id).where(posts.c.post_key == "71")).scalars()
        assert gone_ids(connection) == Gone(posts=frozenset({gone}))
        assert forget_gone_texts(connection, datetime.now(UTC) + timedelta(days=6)) == 0
        assert forget_gone_texts(connection, datetime.now(UTC) + timedelta(days=8)) == 1
        texts = connection.execute(select(posts.c.text).order_by(posts.c.post_key)).scalars().all()
        assert texts == [POST.text, ""]
        assert connection.execute(select(threads.c.title)).scalar_one() == THREAD.title
        assert connection.execute(select(readings)).all() == []
