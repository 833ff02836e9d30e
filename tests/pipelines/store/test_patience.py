"""A database that is away for a moment is waited for; one that refuses is not."""

import contextlib
import socket
import sqlite3
import threading
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, make_url, select
from sqlalchemy.exc import OperationalError

from crawlers.items import Post, Thread, ThreadRead
from pipelines.item_pipelines import Intake
from pipelines.schema import posts
from pipelines.store import open_database, patience
from pipelines.store.leases import StoreLease
from pipelines.store.patience import is_away, patiently
from tests.pipelines.store.test_intake import POST, READ, THREAD


class Line:
    """A loopback line to a database that can be cut and mended."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.target = target
        self.ends: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = self.listener.getsockname()
        threading.Thread(target=self._serve, args=(self.listener,), daemon=True).start()

    def _serve(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = listener.accept()
                there = socket.create_connection(self.target)
                self.ends += [here, there]
                for pair in ((here, there), (there, here)):
                    threading.Thread(target=_pump, args=pair, daemon=True).start()

    def cut(self) -> None:
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for end in self.ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.ends.clear()

    def mend(self) -> None:
        self.listener = socket.create_server(self.address)
        threading.Thread(target=self._serve, args=(self.listener,), daemon=True).start()

    def cut_for_a_moment(self) -> None:
        self.cut()
        threading.Timer(1.0, self.mend).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def line(postgres_url: str) -> Iterator[Line]:
    url = make_url(postgres_url)
    line = Line((url.host or "", url.port or 0))
    yield line
    line.cut()


@pytest.fixture
def engine(line: Line, postgres_url: str) -> Iterator[Engine]:
    host, port = line.address
    engine = open_database(make_url(postgres_url).set(host=host, port=port).render_as_string(False))
    yield engine
    engine.dispose()


def test_a_crawl_goes_on_when_the_database_comes_back(engine: Engine, line: Line, postgres_url: str) -> None:
    intake = Intake(engine, "bbs", {}, b"k" * 32)
    lease = StoreLease(engine)
    items: list[Thread | Post | ThreadRead] = [THREAD, POST, READ]
    for item in items:
        intake.take(item)
    line.cut_for_a_moment()
    intake.flush()
    assert lease.acquire("bbs.example.org", 0) == 0
    line.cut_for_a_moment()
    lease.release("bbs.example.org")
    direct = create_engine(postgres_url)
    with direct.connect() as connection:
        assert len(connection.execute(select(posts)).all()) == 1
    direct.dispose()


def test_that_it_waits_and_how_long_is_said_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "LONGEST_WAIT", 0.01)
    failures = [OperationalError("SELECT 1", {}, psycopg.OperationalError("connection refused"))] * 3

    def call() -> str:
        if failures:
            raise failures.pop()
        return "done"

    assert patiently(call) == "done"
    assert caplog.messages == ["数据库连不上，等它恢复后接着做，最多等 150 秒……"]
    assert patiently(call) == "done"
    assert len(caplog.messages) == 1


def test_a_database_that_stays_away_is_an_error_in_the_end(
    engine: Engine, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 0.1)
    line.cut()
    with pytest.raises(OperationalError):
        StoreLease(engine).acquire("bbs.example.org", 0)


@pytest.mark.parametrize(
    ("cause", "away"),
    [
        (psycopg.OperationalError("connection refused"), True),
        (psycopg.errors.AdminShutdown("going down"), True),
        (psycopg.errors.CannotConnectNow("starting up"), True),
        (psycopg.errors.DiskFull("no space"), False),
        (psycopg.errors.UndefinedTable("no such table"), False),
        (sqlite3.OperationalError("database or disk is full"), False),
    ],
)
def test_only_a_server_out_of_reach_is_waited_for(cause: Exception, away: bool) -> None:
    assert is_away(OperationalError("SELECT 1", {}, cause)) is away


def test_other_errors_come_through_at_once() -> None:
    calls = []

    def call() -> None:
        calls.append(1)
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        patiently(call)
    assert calls == [1]
