"""What every test may ask for: a throw-away PostgreSQL, a new store of either kind, Chromium.

With MINYI_REQUIRE_ALL=1 (set by .ci/run, where everything is installed) a skipped test is a failure.
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings

# After a failure Hypothesis writes a patch by libcst, which breaks on objects that zope (Twisted) has
# marked, and takes the whole run down. Without this module it leaves the patch out.
sys.modules["hypothesis.extra._patching"] = None  # type: ignore[assignment]

# A busy machine is no finding: how long an example takes, or takes to make, fails no test.
settings.register_profile("minyi", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("minyi")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _fail_if_skipped(report)
    return report


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    expected_failure = hasattr(report, "wasxfail")
    if report.skipped and not expected_failure and os.environ.get("MINYI_REQUIRE_ALL") == "1":
        report.outcome = "failed"
        report.longrepr = f"skipped, though MINYI_REQUIRE_ALL=1: {report.longrepr}"


class PostgresServer:
    """A PostgreSQL of its own on a free loopback port; who made it has to remove it."""

    def __init__(self) -> None:
        self.programs = _postgres_programs()
        self.folder = Path(tempfile.mkdtemp(prefix="minyi-pg-"))  # tmp_path is closed to the server's user
        self.owner = _give_to_server_user(self.folder)
        self.port = _free_port()
        self._run("initdb", "-U", "minyi", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")

    @property
    def address(self) -> str:
        return f"minyi@127.0.0.1:{self.port}"

    def start(self) -> None:
        listen = f"-c listen_addresses=127.0.0.1 -p {self.port} -k {self.folder}"
        options = f"{listen} -c fsync=off -c full_page_writes=off"
        self._run("pg_ctl", "start", "-w", "-l", str(self.folder / "log"), "-o", options)

    def stop(self, mode: str) -> None:
        self._run("pg_ctl", "stop", "-w", "-m", mode)

    def remove(self) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):  # it is not running
            self.stop("immediate")
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: str) -> None:
        command: list[str | Path] = [self.programs / program, "-D", self.folder / "data", *arguments]
        subprocess.run(
            command,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            user=self.owner,
        )


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, the present one of the test, with no setting of ours in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("MINYI_CONFIG", "MINYI_DATA_DIR", "MINYI_DATABASE_URL", "MINYI_AUTHOR_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@contextlib.contextmanager
def _running_postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL of this test run alone: `user@host:port`."""
    with _running_postgres() as server:
        yield server.address


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of one test, to be stopped and started by it."""
    with _running_postgres() as server:
        yield server


def _postgres_programs() -> Path:
    servers = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if servers:
        return servers[-1].parent
    if found := shutil.which("initdb"):
        return Path(found).parent
    pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")


def _give_to_server_user(folder: Path) -> int | None:
    """Hand the folder to the user the server runs as, because initdb refuses root; None: whoever we are."""
    if os.getuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody").pw_uid
    os.chown(folder, nobody, -1)
    return nobody


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def new_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite store as `minyi init` leaves it, to be copied: making one takes a tenth of a second."""
    from pipelines.store import open_database

    file = tmp_path_factory.mktemp("store") / "minyi.db"
    open_database(f"sqlite:///{file}").dispose()
    return file


@pytest.fixture(scope="session")
def new_postgres_store(postgres_server: str) -> str:
    """The name of the like in PostgreSQL."""
    from pipelines.store import open_database

    with psycopg.connect(f"postgresql://{postgres_server}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE new_store")
    open_database(f"postgresql://{postgres_server}/new_store").dispose()
    return "new_store"


@pytest.fixture
def postgres_url(postgres_server: str, new_postgres_store: str) -> Iterator[str]:
    """The SQLAlchemy address of a new store in PostgreSQL, dropped after the test."""
    with _postgres_database(postgres_server, new_postgres_store) as url:
        yield url


@contextlib.contextmanager
def _postgres_database(server: str, template: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    with psycopg.connect(f"postgresql://{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        yield f"postgresql+psycopg://{server}/{name}"
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new store; the test runs once for each kind of store."""
    if request.param == "sqlite":
        file = shutil.copy(request.getfixturevalue("new_store"), tmp_path / "minyi.db")
        return f"sqlite:///{file}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table, likewise."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'minyi.db'}"
        return
    with _postgres_database(request.getfixturevalue("postgres_server"), "template0") as url:
        yield url


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser that pages are looked at with (Playwright: `executable_path`, `--no-sandbox`)."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    return path
