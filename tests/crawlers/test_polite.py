"""Politeness: robots.txt, leases, refusals, and addresses that are nobody's business."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from .conftest import RunCrawl, spec
from .forum_server import ZONE, Answer, Forum, notice
from .leases import BusyLease, RecordingLease

LAST = datetime(2026, 11, 1, 12, tzinfo=ZONE)
HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture(autouse=True)
def three_threads(forum: Forum) -> None:
    for tid in (1, 2, 3):
        forum.add(tid, 2, LAST - timedelta(hours=tid))


def answer_with(forum: Forum, answer: Answer, start: str, times: int = 99) -> None:
    forum.faults.append(lambda path, asked: answer if path.startswith(start) and asked < times else None)


@pytest.mark.parametrize("status", [500, 503, 429])
def test_no_robots_no_crawl(forum: Forum, run_crawl: RunCrawl, status: int) -> None:
    answer_with(forum, Answer(b"", status), "/robots.txt")
    done = run_crawl()
    assert done.report.state == "blocked"
    assert set(forum.log) == {"/robots.txt"}
    assert done.items == []


def test_robots_that_never_answers(forum: Forum, run_crawl: RunCrawl) -> None:
    answer_with(forum, Answer(b"", wait=5), "/robots.txt")
    done = run_crawl(settings={"DOWNLOAD_TIMEOUT": 1, "RETRY_TIMES": 0})
    assert (done.report.code, set(forum.log)) == ("robots_unavailable", {"/robots.txt"})
    assert "robots.txt" in done.report.message


def test_a_missing_robots_file_allows(forum: Forum, run_crawl: RunCrawl) -> None:
    answer_with(forum, Answer(b"<html>not found", 404, HTML), "/robots.txt")
    assert run_crawl().report.threads == 3


def test_robots_is_obeyed(forum: Forum, run_crawl: RunCrawl) -> None:
    forum.robots = "User-agent: *\nDisallow: /thread-2-\n"
    done = run_crawl()
    assert "/thread-2-1-1.html" not in forum.log
    assert done.report.skipped["robots"] == 1
    assert done.report.threads == 2


def test_robots_forbids_everything(forum: Forum, run_crawl: RunCrawl) -> None:
    forum.robots = "User-agent: *\nDisallow: /\n"
    done = run_crawl()
    assert (done.report.state, done.report.code) == ("blocked", "robots_forbidden")
    assert forum.log == ["/robots.txt"]


def test_the_lease_is_asked_before_every_request_and_given_back(
    forum: Forum, url: str, run_crawl: RunCrawl, tmp_path: Path
) -> None:
    forum.robots = "User-agent: *\nCrawl-delay: 0.02\n"
    log = tmp_path / "lease.log"
    done = run_crawl(spec(url, delay=0.01), lease=RecordingLease(str(log)))
    lines = log.read_text(encoding="utf-8").split("\n")[:-1]
    assert lines[-1] == "release 127.0.0.1"
    assert lines[0] == "acquire 127.0.0.1 0.01"
    assert set(lines[1:-1]) == {"acquire 127.0.0.1 0.02"}, "Crawl-delay is kept"
    assert len(lines) - 1 == len(forum.log) == done.report.requests


def test_a_host_another_command_holds(forum: Forum, run_crawl: RunCrawl) -> None:
    done = run_crawl(lease=BusyLease())
    assert (done.report.state, done.report.code) == ("failed", "host_busy")
    assert forum.log == []


def test_retry_after_is_waited_for(forum: Forum, run_crawl: RunCrawl) -> None:
    answer_with(forum, Answer(b"", 429, {"Retry-After": "0"}), "/thread-2", times=1)
    assert run_crawl().report.threads == 3


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "3600"}])
def test_too_many_requests_stops_the_source(
    forum: Forum, run_crawl: RunCrawl, headers: dict[str, str]
) -> None:
    answer_with(forum, Answer(b"", 429, headers), "/thread-1")
    done = run_crawl()
    assert (done.report.state, done.report.code) == ("blocked", "rate_limited")
    assert not any(path.startswith("/thread-3") for path in forum.log)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<html><title>频繁刷新限制</title><script>location.reload()</script>", "rate_limited"),
        ("<html><title>页面重载开启</title><script>location.reload()</script>", "antitheft"),
        ("<script>var a='x';location.assign('/thread-1-1-1.html?_dsign=1a2b3c4d');</script>", "antitheft"),
        ("<html><title>安全验证</title><p>请完成验证</p>", "captcha"),
        ("<html><title>Just a moment...</title><div id='cf-challenge'></div>", "captcha"),
    ],
)
def test_a_refusal_stops_the_source_and_says_so(
    forum: Forum, run_crawl: RunCrawl, body: str, code: str
) -> None:
    answer_with(forum, Answer(body.encode(), headers=HTML), "/thread-1")
    done = run_crawl()
    assert (done.report.state, done.report.code) == ("blocked", code)
    assert "已停止" in done.report.message
    assert not any(path.startswith("/thread-3") for path in forum.log)


def test_residents_may_write_about_captchas(forum: Forum, run_crawl: RunCrawl) -> None:
    forum.topics[0].posts[0].text = "登录总要安全验证，访问过于频繁就打不开"
    assert run_crawl().report.state == "ok"


def test_forbidden_again_and_again_stops_the_source(forum: Forum, run_crawl: RunCrawl) -> None:
    answer_with(forum, Answer(b"no", 403), "/thread-")
    done = run_crawl()
    assert (done.report.state, done.report.code) == ("blocked", "forbidden")


def test_a_closed_forum_says_its_words(forum: Forum, run_crawl: RunCrawl) -> None:
    forum.faults.append(
        lambda path, _: Answer(notice("论坛升级，明天开放").encode(), headers=HTML) if path == "/" else None
    )
    done = run_crawl()
    assert (done.report.code, done.report.message) == ("closed", "论坛已关闭访问：论坛升级，明天开放")


def test_a_forum_that_closes_in_the_middle(forum: Forum, run_crawl: RunCrawl) -> None:
    answer_with(forum, Answer(notice("本站维护中").encode(), headers=HTML), "/thread-")
    assert run_crawl().report.code == "closed"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433"])
def test_private_addresses_are_refused(forum: Forum, url: str, run_crawl: RunCrawl, host: str) -> None:
    done = run_crawl(spec(url.replace("127.0.0.1", host), allow_private=False))
    assert (done.report.state, done.report.code) == ("failed", "private_address")
    assert "allow_private" in done.report.message
    assert forum.log == []


@pytest.mark.parametrize(
    "target", ["http://10.0.0.1/", "http://www.example.com/", "file:///etc/passwd", "ftp://x/"]
)
def test_redirects_stay_within_the_own_host(forum: Forum, run_crawl: RunCrawl, target: str) -> None:
    answer_with(forum, Answer(status=302, headers={"Location": target}), "/thread-2")
    done = run_crawl()
    assert done.report.threads == 2
    assert sum(done.report.failed.values()) == 1


def test_links_to_other_hosts_are_not_boards(forum: Forum, run_crawl: RunCrawl) -> None:
    forum.boards[4] = "x"
    page = forum.index().replace("forum-4-1.html", "http://other.example/forum-4-1.html")
    forum.faults.append(lambda path, _: Answer(page.encode(), headers=HTML) if path == "/" else None)
    assert run_crawl().report.state == "ok"
