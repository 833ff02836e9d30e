"""Forty sources on two Celery workers, one of which dies: nothing is lost, nothing twice, no forum is hurried.

PostgreSQL, Redis, Airflow and the workers are real and on this machine; run as root, each worker has a
machine's name of its own, so that neither can look whether the other's processes live.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text

from tests.crawlers.forum_server import Answer, Forum, serve

pytestmark = [pytest.mark.cluster, pytest.mark.airflow, pytest.mark.timeout(2400)]

ROOT = Path(__file__).parents[2]
SOURCES, HOSTS = 40, 38  # the last hosts have two forums each
TOPICS, REPLIES = 3, 2
PAGES_SEEN = 3
DELAY = 1.0
LATE = 0.5  # how much later than sent a request may be seen by a busy forum
PATIENCE = 1500.0


class TimedForum(Forum):
    """A forum that notes when it was asked."""

    def __init__(self, asked: list[float]) -> None:
        super().__init__()
        self.asked = asked
        self.boards = {2: "市民论坛"}
        for tid in range(1, TOPICS + 1):
            self.add(tid, REPLIES, datetime.now(UTC) - timedelta(hours=tid))

    def answer(self, path: str) -> Answer:
        self.asked.append(time.monotonic())
        return super().answer(path)


@dataclass(frozen=True)
class Cluster:
    """Everything that runs; `times` are the moments at which each host was asked."""

    store: Engine
    metadata: Engine
    times: dict[str, list[float]]
    servers: dict[str, psutil.Process]
    workers: dict[str, psutil.Process]
    logs: Path


@pytest.fixture
def times() -> dict[str, list[float]]:
    return {f"127.0.1.{number}": [] for number in range(1, HOSTS + 1)}


@pytest.fixture
def sources(times: dict[str, list[float]]) -> Iterator[dict[str, str]]:
    """Forty forums on loopback addresses: the URL of each source."""
    hosts = list(times)
    with ExitStack() as forums:
        yield {
            f"town{number:02}": forums.enter_context(serve(TimedForum(times[host]), host))
            for number, host in enumerate(hosts + hosts[HOSTS - SOURCES :], 1)
        }


@pytest.fixture
def cluster(
    postgres_server: str, sources: dict[str, str], times: dict[str, list[float]], tmp_path: Path
) -> Iterator[Cluster]:
    names = {kind: f"{kind}_{secrets.token_hex(4)}" for kind in ("airflow", "minyi")}
    with psycopg.connect(f"postgresql://{postgres_server}/postgres", autocommit=True) as connection:
        for name in names.values():
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
    urls = {kind: f"{postgres_server}/{name}" for kind, name in names.items()}
    (tmp_path / "minyi.toml").write_text(_configuration(sources), encoding="utf-8")
    with ExitStack() as stack:
        broker = stack.enter_context(_redis(tmp_path))
        environment = _environment(tmp_path, urls, broker)
        for command in (["minyi", "db", "upgrade"], ["airflow", "db", "migrate"]):
            subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)

        def start(name: str, *command: str, machine: str | None = None) -> psutil.Process:
            return stack.enter_context(_running(name, command, environment, tmp_path, machine))

        servers = {
            "api-server": start("api-server", "airflow", "api-server"),
            "scheduler": start("scheduler", "airflow", "scheduler", "--skip-serve-logs"),
            "dag-processor": start("dag-processor", "airflow", "dag-processor"),
        }
        worker = ("airflow", "celery", "worker", "--skip-serve-logs", "--without-gossip", "--without-mingle")
        workers = {
            name: start(name, *worker, "--celery-hostname", name, machine=name)
            for name in ("worker-a", "worker-b")
        }
        store = create_engine(f"postgresql+psycopg://{urls['minyi']}")
        metadata = create_engine(f"postgresql+psycopg://{urls['airflow']}")
        yield Cluster(store, metadata, times, servers, workers, tmp_path)
        store.dispose()
        metadata.dispose()


def _configuration(sources: dict[str, str]) -> str:
    office = '[office]\nname = "四十镇民情中心"\ncontact = "minyi@forty.example"\n'
    return office + "".join(
        f'\n[[sources]]\nname = "{name}"\ntitle = "{name}论坛"\nengine = "discuz"\nurl = "{url}"\n'
        f"delay = {DELAY}\nevery = 10080\nallow_private = true\n"
        for name, url in sources.items()
    )


def _environment(folder: Path, urls: dict[str, str], broker: str) -> dict[str, str]:
    port = _free_port()
    (folder / "dags").mkdir()
    (folder / "dags" / "crawl_forums.py").symlink_to(ROOT / "dags/crawl_forums.py")
    settings = {
        "CORE__DAGS_FOLDER": folder / "dags",
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": False,
        "CORE__EXECUTOR": "CeleryExecutor",
        "CORE__LOAD_EXAMPLES": False,
        "CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": True,
        "CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "API__HOST": "127.0.0.1",
        "API__PORT": port,
        "API__WORKERS": 1,
        "API__SECRET_KEY": secrets.token_hex(64),
        "API_AUTH__JWT_SECRET": secrets.token_hex(64),
        "DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://{urls['airflow']}",
        "CELERY__BROKER_URL": broker,
        "CELERY__RESULT_BACKEND": f"db+postgresql+psycopg2://{urls['airflow']}",
        "CELERY__WORKER_CONCURRENCY": 4,
        # As in deploy/compose.yaml: a worker takes no task that it has no hand free for.
        "CELERY__EXTRA_CELERY_CONFIG": '{"worker_disable_prefetch": true}',
        # As there, but sooner: after what silence a task is taken up by another worker.
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": 75,
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": 5,
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": 5,
        # All share two cores here: an answer may take its time.
        "WORKERS__EXECUTION_API_TIMEOUT": 120,
        "USAGE_DATA_COLLECTION__ENABLED": False,
    }
    return os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "AIRFLOW_HOME": str(folder / "airflow"),
        "MINYI_CONFIG": str(folder / "minyi.toml"),
        "MINYI_DATA_DIR": str(folder / "data"),
        "MINYI_DATABASE_URL": f"postgresql://{urls['minyi']}",
        **{f"AIRFLOW__{name}": str(value) for name, value in settings.items()},
    }


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("Redis is not installed (Debian: apt-get install redis-server)")
    port = _free_port()
    options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder))
    with (
        (folder / "redis.log").open("w") as log,
        subprocess.Popen([program, *options], stdout=log) as process,
    ):
        yield f"redis://127.0.0.1:{port}/0"
        process.terminate()


@contextmanager
def _running(
    name: str, command: tuple[str, ...], environment: dict[str, str], folder: Path, machine: str | None
) -> Iterator[psutil.Process]:
    """A program until the end of the test, on a machine of that name where we may make one."""
    if machine and os.getuid() == 0 and shutil.which("unshare"):
        command = ("unshare", "--uts", "sh", "-c", f'hostname {machine} && exec "$@"', "sh", *command)
    with (folder / f"{name}.log").open("w") as log:
        process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield psutil.Process(process.pid)
        finally:
            _kill_tree(process.pid)
            process.wait()


def _kill_tree(pid: int) -> set[int]:
    """Kill a process and all that it started, as a machine that loses its power; their ids."""
    try:
        first = psutil.Process(pid)
        tree = [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return set()
    for process in tree:
        try:
            process.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue
    return {process.pid for process in tree}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(look: Callable[[], Any], what: str, cluster: Cluster) -> Any:
    end = time.monotonic() + PATIENCE
    needed = cluster.servers | {"worker-a": cluster.workers["worker-a"]}
    while time.monotonic() < end:
        if found := look():
            return found
        ended = [name for name, server in needed.items() if server.status() == psutil.STATUS_ZOMBIE]
        if ended:
            pytest.fail(
                f"{ended[0]} has ended:\n{(cluster.logs / ended[0]).with_suffix('.log').read_text()[-2000:]}"
            )
        time.sleep(0.5)
    pytest.fail(f"{what}: not within {PATIENCE:.0f} s; see the logs in {cluster.logs}")


def _rows(engine: Engine, query: str) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text(query)))


def _crawling(cluster: Cluster, sources: dict[str, str], worker: str) -> set[str]:
    """The sources that this worker is in the middle of: begun, some pages seen, not at an end."""
    processes = {process.pid for process in cluster.workers[worker].children(recursive=True)}
    query = "SELECT source, stats->>'holder' AS holder FROM crawls WHERE finished_at IS NULL"
    running = [(row.source, int(row.holder.split("/")[1])) for row in _rows(cluster.store, query)]
    asked = {source: len(cluster.times[str(urlsplit(url).hostname)]) for source, url in sources.items()}
    return {source for source, pid in running if pid in processes and asked[source] >= PAGES_SEEN}


def test_a_worker_dies_and_every_post_is_there_once(cluster: Cluster, sources: dict[str, str]) -> None:
    begun = time.monotonic()
    lost = _wait(lambda: _crawling(cluster, sources, "worker-b"), "a crawl by worker-b", cluster)
    killed = _kill_tree(cluster.workers["worker-b"].pid)
    print(f"\nafter {time.monotonic() - begun:.0f} s killed {len(killed)} processes amid {sorted(lost)}")

    def ended() -> list[str]:
        """How all runs ended: a second one begins when the clock passes ten minutes, and may end first."""
        states = [run.state for run in _rows(cluster.metadata, "SELECT state FROM dag_run")]
        return states if {*states} <= {"success", "failed"} else []

    states = _wait(ended, "the end of all runs", cluster)
    print(f"after {time.monotonic() - begun:.0f} s the runs ended as {states}")
    assert {*states} == {"success"}
    assert _tries(cluster) >= len(lost)
    assert _posts(cluster) == {
        (source, str(tid), str(tid * 1000 + number)): 1
        for source in sources
        for tid in range(1, TOPICS + 1)
        for number in range(REPLIES + 1)
    }
    whole = _rows(cluster.store, "SELECT DISTINCT source FROM crawls WHERE state = 'ok'")
    assert {row.source for row in whole} == set(sources)
    _check_pace(cluster.times)


def _tries(cluster: Cluster) -> int:
    """How many tasks were taken up again."""
    query = "SELECT count(*) AS n FROM task_instance WHERE task_id = 'crawl' AND try_number > 1"
    [row] = _rows(cluster.metadata, query)
    return int(row.n)


def _posts(cluster: Cluster) -> dict[tuple[str, str, str], int]:
    """How often each post is in the store."""
    query = (
        "SELECT source, thread_key, post_key, count(*) AS n FROM posts JOIN threads ON threads.id = thread_id "
        "GROUP BY source, thread_key, post_key"
    )
    return {(row.source, row.thread_key, row.post_key): row.n for row in _rows(cluster.store, query)}


def _check_pace(times: dict[str, list[float]]) -> None:
    for host, asked in times.items():
        gaps = [later - earlier for earlier, later in pairwise(asked)]
        assert min(gaps) > DELAY - LATE, host
        assert sum(gaps) > len(gaps) * DELAY - LATE, host
    every = [later - earlier for asked in times.values() for earlier, later in pairwise(asked)]
    print(f"{len(every) + len(times)} requests; shortest gap {min(every):.2f} s, allowed {DELAY:.2f} s")
