"""Once a brief, a way and a state; again only on purpose."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, insert

from pipelines.schema import briefs, runs
from pipelines.store.deliveries import Errand, claim_delivery, deliveries_of, finish_delivery

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ERRAND = Errand(brief_id=1, channel="mail", recipient="wang@office.example", state="approved")


@pytest.fixture
def store(engine: Engine) -> Engine:
    day = date(2026, 11, 21)
    run = {"id": 1, "kind": "daily", "first_day": day, "last_day": day, "results": {}, "made_at": NOW}
    versions = {"config_hash": "", "lexicon_hash": "", "model_version": ""}
    brief = {
        "id": 1,
        "run_id": 1,
        "kind": "daily",
        "year": 2026,
        "number": 1,
        "state": "draft",
        "made_at": NOW,
    }
    with engine.begin() as connection:
        connection.execute(insert(runs).values(run | versions))
        connection.execute(insert(briefs).values(brief))
    return engine


def claim(engine: Engine, *, again: bool = False) -> int | None:
    with engine.begin() as connection:
        return claim_delivery(connection, ERRAND, again=again)


def finish(engine: Engine, delivery: int | None, outcome: str) -> None:
    assert delivery is not None
    with engine.begin() as connection:
        finish_delivery(connection, delivery, outcome)


def test_what_was_sent_goes_again_on_purpose_alone(store: Engine) -> None:
    finish(store, claim(store), "sent")
    assert claim(store) is None
    finish(store, claim(store, again=True), "sent")
    assert claim(store) is None
    with store.begin() as connection:
        assert [(row.round, row.outcome) for row in deliveries_of(connection, 1)] == [
            (1, "sent"),
            (2, "sent"),
        ]


def test_what_failed_is_taken_up_again(store: Engine) -> None:
    first = claim(store)
    finish(store, first, "failed")
    assert claim(store) == first


@pytest.mark.parametrize("outcome", ["sending", "unknown"])
def test_what_may_have_arrived_is_left_alone(store: Engine, outcome: str) -> None:
    finish(store, claim(store), outcome)
    assert claim(store) is None
    assert claim(store, again=True) is not None


def test_of_many_processes_one_may_send(store: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: claim(store), range(8)))
    assert sum(found is not None for found in claims) == 1
