"""`minyi crawl` over the demo forums: complete, incremental, resumable, and never silently blind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from minyi.demo.config import demo_config
from minyi.demo.forum import Forum
from minyi.demo.server import Forums, running_forums

DATA = "MINYI_DATA_DIR", "MINYI_DATABASE_URL", "MINYI_AUTHOR_KEY_FILE"


class Office:
    """A folder with a configuration of both demo forums, and the program to run in it."""

    def __init__(self, folder: Path, urls: dict[str, str]) -> None:
        self.folder = folder
        (folder / "minyi.toml").write_text(demo_config(urls), encoding="utf-8")

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        environ = {name: value for name, value in os.environ.items() if name not in DATA}
        environ["MINYI_CONFIG"] = str(self.folder / "minyi.toml")
        command = [sys.executable, "-m", "minyi", *arguments]
        return subprocess.Popen(
            command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder
        )

    def run(self, *arguments: str) -> tuple[int, str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=200)
        return process.returncode, out + err

    def rows(self, query: str) -> list[Any]:
        engine = create_engine(f"sqlite:///{self.folder / 'var/minyi.db'}")
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(query))]
        engine.dispose()
        return found

    def posts(self, source: str) -> set[tuple[str, str]]:
        """(thread, post) keys of a source, as the forum numbers them."""
        query = (
            "SELECT t.thread_key, p.post_key FROM posts p JOIN threads t ON t.id = p.thread_id "
            f"WHERE t.source = '{source}'"
        )
        found = self.rows(query)
        assert len(found) == len(set(found))
        return set(found)


def shown(forum: Forum) -> set[tuple[str, str]]:
    """What a guest can see there now."""
    return {
        (str(thread.tid), str(post.pid))
        for thread in forum.threads()
        for post in thread.posts
        if not post.deleted
    }


@pytest.fixture
def running() -> Iterator[Forums]:
    with running_forums(seed=2, self_redirects=True) as forums:
        yield forums


@pytest.fixture
def office(tmp_path: Path, running: Forums) -> Office:
    return Office(tmp_path, dict(running.urls))


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Forum]]:
    """The GBK forum after one crawl; not to be changed."""
    with running_forums(seed=2) as forums:
        office = Office(tmp_path_factory.mktemp("crawled"), dict(forums.urls))
        office.run("crawl", "teahouse")
        yield office, forums.forums["teahouse"]


def test_a_gbk_forum_comes_in_whole_and_then_only_its_news(office: Office, running: Forums) -> None:
    forum = running.forums["teahouse"]
    assert office.run("crawl", "teahouse")[0] == 0
    assert office.posts("teahouse") == shown(forum)

    oldest = min(forum.threads(), key=lambda thread: thread.posts[-1].posted_at)
    forum.add_reply(oldest.tid, "路过顶一下，灯还是没亮")
    forum.requested.clear()
    assert office.run("crawl", "teahouse")[0] == 0
    assert office.posts("teahouse") == shown(forum)
    assert any(f"tid={oldest.tid}" in address for address in forum.requested)


def test_no_profile_page_is_ever_asked_for(crawled: tuple[Office, Forum]) -> None:
    _, forum = crawled
    assert forum.requested
    assert not [address for address in forum.requested if "space" in address or "uid=" in address]


def test_official_answers_carry_their_agency_and_no_author_is_stored(crawled: tuple[Office, Forum]) -> None:
    office, forum = crawled
    assert office.rows("SELECT DISTINCT agency FROM posts WHERE agency IS NOT NULL")
    written = b"".join(file.read_bytes() for file in (office.folder / "var").glob("minyi.db*"))
    texts = "".join(value for (value,) in office.rows("SELECT text FROM posts"))
    # A nickname may be an everyday word that somebody also wrote in a post.
    authors = {post.author for thread in forum.threads() for post in thread.posts}
    telling = [author for author in authors if len(author) > 3 and author not in texts]
    assert telling
    for author in telling:
        assert author.encode() not in written


@pytest.mark.slow
@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_crawl_stopped_in_the_middle_is_completed_by_the_next(
    office: Office, running: Forums, how: signal.Signals, code: int
) -> None:
    forum = running.forums["haiping"]
    process = office.start("crawl", "haiping")
    while len(forum.requested) < 60:
        time.sleep(0.05)
        assert process.poll() is None, process.communicate()
    process.send_signal(how)
    process.communicate(timeout=60)
    assert process.returncode == code
    assert len(office.posts("haiping")) < len(shown(forum))
    assert office.run("crawl", "haiping")[0] == 0
    assert office.posts("haiping") == shown(forum)


def test_an_unreachable_source_is_one_line_and_a_red_health(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    office = Office(tmp_path, {"haiping": url, "teahouse": url})
    code, said = office.run("crawl", "haiping")
    assert code == 1
    assert "打不开" in said
    assert "Traceback" not in said
    code, said = office.run("source", "health")
    assert code == 1
    assert "打不开" in said
    assert "还没有采集过" in said


def test_crawling_all_goes_on_after_a_source_failed(office: Office, running: Forums) -> None:
    config = office.folder / "minyi.toml"
    broken = config.read_text(encoding="utf-8").replace(
        running.urls["haiping"], running.urls["haiping"] + "none/"
    )
    config.write_text(broken, encoding="utf-8")
    code, said = office.run("crawl")
    assert code == 1
    assert "2 个来源中有 1 个没有采成" in said
    assert office.posts("teahouse") == shown(running.forums["teahouse"])
