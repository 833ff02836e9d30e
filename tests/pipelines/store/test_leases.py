"""One host, many workers: never two at once, never faster than allowed."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, update

from pipelines.schema import hosts
from pipelines.store.leases import StoreLease

HOST = "bbs.example.org"


def test_one_holder_at_a_time(engine: Engine) -> None:
    ours, theirs = StoreLease(engine), StoreLease(engine)
    assert ours.acquire(HOST, 0) == 0
    assert theirs.acquire(HOST, 0) > 0
    ours.release(HOST)
    assert theirs.acquire(HOST, 0) == 0


def test_the_pause_counts_from_the_last_request_of_any_worker(engine: Engine) -> None:
    ours, theirs = StoreLease(engine), StoreLease(engine)
    assert ours.acquire(HOST, 30) == 0
    ours.release(HOST)
    assert 29 < theirs.acquire(HOST, 30) <= 30
    assert theirs.acquire("other.example.org", 30) == 0


def test_a_dead_holders_lease_expires_but_its_last_request_counts(engine: Engine) -> None:
    StoreLease(engine).acquire(HOST, 0)
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with engine.begin() as connection:
        connection.execute(update(hosts).values(leased_until=long_ago))
    heir = StoreLease(engine)
    assert heir.acquire(HOST, 60) > 0
    assert heir.acquire(HOST, 0) == 0


def test_the_lease_of_a_killed_process_of_this_machine_is_free_at_once(engine: Engine) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    dead = StoreLease(engine)
    dead.holder = dead.holder.replace(f"/{os.getpid()}/", f"/{child.pid}/")
    assert dead.acquire(HOST, 0) == 0
    assert StoreLease(engine).acquire(HOST, 0) == 0


def test_giving_back_what_another_holds_does_nothing(engine: Engine) -> None:
    ours, theirs = StoreLease(engine), StoreLease(engine)
    ours.acquire(HOST, 0)
    theirs.release(HOST)
    assert theirs.acquire(HOST, 0) > 0
