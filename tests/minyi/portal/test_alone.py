"""`minyi serve`: one person, this machine, our own names only."""

import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request

from minyi.cli.app import run
from minyi.errors import InputError
from minyi.portal.alone import app_alone, listen
from minyi.portal.jobs import CommandJobs, Job, Kind
from minyi.portal.office import office_opener
from minyi.portal.visitors import Role, Visitor

STAFF = Visitor("王敏", Role.STAFF)
REQUEST = Request({"type": "http"})


@pytest.fixture
def alone(folder: Path) -> Any:
    workspace = office_opener(folder / "minyi.toml")()
    jobs = CommandJobs(folder / "minyi.toml", folder / "jobs")

    def client(host: str, *, admitted: bool = True) -> TestClient:
        app = app_alone(workspace, jobs, b"s" * 32, admits=lambda _: admitted)
        return TestClient(app, base_url=f"http://{host}", follow_redirects=False)

    yield client
    workspace.close()


def test_only_this_machines_own_names_are_answered(alone: Callable[[str], TestClient]) -> None:
    for host in ("127.0.0.1:8420", "localhost:8420", "localhost"):
        assert alone(host).get("/method").status_code == 200, host
    for host in ("evil.example.org:8420", "minyi.internal", "127.0.0.1.evil.example.org", "0.0.0.0:8420"):
        refused = alone(host).get("/")
        assert refused.status_code == 400, host
        assert "default-src 'none'" in refused.headers["Content-Security-Policy"]
        assert alone(host).post("/schedule", data={}).status_code == 400, host


def test_the_person_at_the_machine_may_do_everything_but_needs_the_pages_token(
    alone: Callable[[str], TestClient],
) -> None:
    client = alone("127.0.0.1:8420")
    assert "管理员" in client.get("/").text
    assert client.post("/topics/save", data={"name": "照明", "query": "路灯"}).status_code == 403


def test_another_user_of_the_machine_is_let_in_nowhere(alone: Callable[..., TestClient]) -> None:
    client = alone("127.0.0.1:8420", admitted=False)
    for path in ("/", "/issues", "/briefs/1/pdf", "/sources", "/jobs/1"):
        refused = client.get(path)
        assert refused.status_code == 401, path
        assert "别的用户" in refused.text
    for path in ("/schedule", "/issues/1/state", "/sources/haiping/run"):
        assert client.post(path, data={}).status_code == 401, path
    assert client.get("/static/portal.css").status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "evil.example.org"])
def test_it_opens_nowhere_but_on_this_machine(
    folder: Path, host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--config", str(folder / "minyi.toml"), "serve", "--host", host]) == 2
    assert "只在本机" in capsys.readouterr().err


def test_a_taken_port_is_said_in_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError, match="换一个"):
            listen("127.0.0.1", taken.getsockname()[1])


def test_a_job_is_a_command_of_ours_with_its_last_words(folder: Path, tmp_path: Path) -> None:
    jobs = CommandJobs(folder / "minyi.toml", tmp_path / "jobs")
    job_id = jobs.start(Job("crawl", "采集", {"source": "nirgends"}), STAFF, REQUEST)
    jobs._running[job_id][1].wait()
    progress = jobs.look(job_id, STAFF, REQUEST)
    assert progress is not None
    assert progress.state == "failed"
    assert "没有名为“nirgends”的来源" in progress.words
    assert jobs.look("0", STAFF, REQUEST) is None
    assert jobs.look("../../etc/passwd", STAFF, REQUEST) is None
    jobs.stop()


def test_a_topics_job_leads_to_the_brief_it_made(folder: Path, tmp_path: Path) -> None:
    jobs = CommandJobs(folder / "minyi.toml", tmp_path / "jobs")
    job_id = jobs.start(Job("topic", "专题“路灯”", {"query": "路灯", "forms": "html"}), STAFF, REQUEST)
    jobs._running[job_id][1].wait()
    progress = jobs.look(job_id, STAFF, REQUEST)
    assert progress is not None
    assert (progress.state, progress.brief) == ("done", 3)
    assert "路灯" in progress.words
    assert str(folder) not in progress.words
    jobs.stop()


@pytest.fixture
def slow_jobs(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CommandJobs]:
    """Jobs of which each runs until it is ended."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "slow"))
    (tmp_path / "slow").write_text("#!/bin/sh\nexec sleep 600\n", encoding="utf-8")
    (tmp_path / "slow").chmod(0o700)
    jobs = CommandJobs(folder / "minyi.toml", tmp_path / "jobs")
    yield jobs
    jobs.stop()


def test_only_so_many_jobs_run_at_once_whoever_begins_them(slow_jobs: CommandJobs) -> None:
    first, *_ = (
        slow_jobs.start(Job("topic", f"专题“{name}”", {"query": name}), Visitor(name, Role.STAFF), REQUEST)
        for name in ("路灯", "积水")
    )
    kinds: tuple[Kind, ...] = ("topic", "crawl")
    for kind in kinds:
        with pytest.raises(InputError, match=r"正在运行.*路灯.*积水.*，请稍后再试"):
            slow_jobs.start(Job(kind, "采集", {"source": "haiping"}), STAFF, REQUEST)
    assert slow_jobs.look(first, STAFF, REQUEST) is not None
    assert len(list(slow_jobs.folder.iterdir())) == 2
    slow_jobs._running[first][1].kill()
    slow_jobs._running[first][1].wait()
    progress = slow_jobs.look(first, STAFF, REQUEST)
    assert progress is not None
    assert (progress.state, "被强行结束（信号 9）" in progress.words) == ("failed", True)
    assert slow_jobs.start(Job("crawl", "采集", {"source": "haiping"}), STAFF, REQUEST)


def test_a_job_that_cannot_begin_is_said_in_words(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "jobs").write_text("", encoding="utf-8")
    jobs = CommandJobs(folder / "minyi.toml", tmp_path / "jobs")
    with pytest.raises(InputError, match="没有开始"):
        jobs.start(Job("crawl", "采集", {"source": "haiping"}), STAFF, REQUEST)


def test_a_changed_configuration_counts_at_once(folder: Path) -> None:
    file = folder / "minyi.toml"
    open_office = office_opener(file)
    first = open_office()
    assert open_office() is first
    text = file.read_text(encoding="utf-8").replace(first.config.office.name, "换了名字的单位")
    file.write_text(text, encoding="utf-8")
    assert open_office().config.office.name == "换了名字的单位"
    first.close()
    open_office().close()
