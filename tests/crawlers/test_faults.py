"""A server that misbehaves: what is lost is counted, all else arrives, nothing is fatal."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from crawlers.items import GoneThread, ThreadRead

from .conftest import Crawled, RunCrawl, spec
from .forum_server import ZONE, Answer, Forum, gzip_bomb, layout, notice, row

LAST = datetime(2026, 11, 1, 12, tzinfo=ZONE)
QUICK = {"DOWNLOAD_TIMEOUT": 2}
HTML = {"Content-Type": "text/html; charset=utf-8"}
BAD = "/thread-2-1-1.html"


@pytest.fixture(autouse=True)
def three_threads(forum: Forum) -> None:
    for tid in (1, 2, 3):
        forum.add(tid, 2, LAST - timedelta(hours=tid))


def read(done: Crawled) -> set[str]:
    return {item.thread_key for item in done.items if isinstance(item, ThreadRead)}


def answer_with(forum: Forum, answer: Answer, path: str = BAD, times: int = 99) -> None:
    forum.faults.append(lambda asked, count: answer if asked == path and count < times else None)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_passing_error_is_tried_again(forum: Forum, run_crawl: RunCrawl, status: int) -> None:
    answer_with(forum, Answer(b"busy", status), times=2)
    done = run_crawl()
    assert read(done) == {"1", "2", "3"}
    assert done.report.state == "ok"
    assert forum.log.count(BAD) == 3


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(b"broken", 500), "thread_500"),
        (Answer(b"<html><title>X - System Error</title>", 200, HTML), "thread_503"),
        (Answer(b"<html>cut", promised=9999, headers=HTML), "thread_内容不完整"),
        (Answer(b"<html>" + b"." * 500, headers=HTML, drip=0.1), "thread_超时"),
        (Answer(b"", wait=5), "thread_超时"),
        (gzip_bomb(60), "thread_页面过大"),
        (Answer(b" " * (9 * 1024 * 1024), headers=HTML), "thread_页面过大"),
        (Answer(b"\x89PNG\0\0", headers={"Content-Type": "image/png"}), "unreadable_thread"),
        (Answer(b"<html><body>no posts here</body></html>", headers=HTML), "unreadable_thread"),
        (Answer(b"", headers=HTML), "unreadable_thread"),
        (Answer(b"<<<<\0\0><div id='post_9'><table", headers=HTML), "unreadable_thread"),
    ],
    ids=[
        "500",
        "system-error",
        "truncated",
        "drip",
        "silent",
        "gzip-bomb",
        "9MB",
        "png",
        "alien",
        "empty",
        "broken",
    ],
)
def test_a_lasting_fault_costs_one_thread(
    forum: Forum, run_crawl: RunCrawl, answer: Answer, reason: str
) -> None:
    answer_with(forum, answer)
    done = run_crawl(settings=QUICK)
    assert read(done) == {"1", "3"}
    assert done.report.posts == 6
    assert done.report.state == "partial"
    assert done.report.failed[reason] == 1


def test_a_redirect_that_never_ends(forum: Forum, run_crawl: RunCrawl) -> None:
    answer_with(forum, Answer(status=302, headers={"Location": BAD}))
    done = run_crawl()
    assert read(done) == {"1", "3"}
    assert forum.log.count(BAD) == 6
    assert sum(done.report.failed.values()) == 1


def test_nul_bytes_and_a_wrong_charset_header(run_crawl: RunCrawl, forum: Forum) -> None:
    _, html = forum.render(BAD)
    body = html.replace("路灯", "路\0灯").encode("gbk")
    answer_with(forum, Answer(body, headers=HTML))
    done = run_crawl()
    texts = [
        item.text for item in done.items if getattr(item, "thread_key", "") == "2" and hasattr(item, "text")
    ]
    assert texts == ["第0条：路灯不亮", "第1条：路灯不亮", "第2条：路灯不亮"]


def test_a_thread_pager_that_goes_in_circles(forum: Forum, run_crawl: RunCrawl) -> None:
    _, html = forum.render(BAD)
    pager = f'<div class="pg"><strong>1</strong><a class="nxt" href="{BAD}">下一页</a></div>'
    circle = html.replace("</body>", f"{pager}</body>")
    answer_with(forum, Answer(circle.encode(), headers=HTML))
    done = run_crawl()
    assert max(Counter(done.posts).values()) == 1
    assert forum.log.count(BAD) == 2
    assert done.report.skipped["pager_loop"] == 1


def test_a_list_without_end(forum: Forum, run_crawl: RunCrawl) -> None:
    """Each page of an endless calendar links to the next and shows nothing new."""
    rows = "".join(map(row, forum.topics))

    def endless(path: str, _: int) -> Answer | None:
        if not path.startswith("/forum-2-"):
            return None
        number = int(path.split("-")[2].split(".")[0])
        following = f'<div class="pg"><a class="nxt" href="forum-2-{number + 1}.html">下一页</a></div>'
        return Answer(layout(f"<table>{rows}</table>{following}", 2, "x").encode(), headers=HTML)

    forum.faults.append(endless)
    done = run_crawl()
    assert done.report.threads == 3
    assert sum(path.startswith("/forum-2-") for path in forum.log) == 2


def test_a_list_that_fails_marks_nothing_as_gone(forum: Forum, run_crawl: RunCrawl) -> None:
    first = run_crawl()
    answer_with(forum, Answer(b"", 500), "/forum-2-1.html")
    second = run_crawl(known=first.known)
    assert not any(isinstance(item, GoneThread) for item in second.items)
    assert second.report.failed == {"list_500": 1}
    assert second.report.state == "partial"


@pytest.mark.parametrize(
    ("body", "skipped"),
    [
        (notice("抱歉，您尚未登录，没有权限访问该版块"), {"restricted_thread": 1}),
        (notice("抱歉，本帖要求阅读权限高于 20 才能浏览"), {"restricted_thread": 1}),
    ],
)
def test_a_restricted_thread_is_skipped_and_counted(
    forum: Forum, run_crawl: RunCrawl, body: str, skipped: dict[str, int]
) -> None:
    answer_with(forum, Answer(body.encode(), headers=HTML))
    done = run_crawl()
    assert read(done) == {"1", "3"}
    assert done.report.skipped == skipped
    assert done.report.state == "ok"


def test_an_unreachable_site(run_crawl: RunCrawl) -> None:
    done = run_crawl(spec("http://127.0.0.1:1/"))
    assert (done.report.state, done.report.code) == ("failed", "unreachable")
    assert done.report.message == "网站打不开（连接被拒绝）"


def test_a_page_that_is_no_forum(forum: Forum, run_crawl: RunCrawl) -> None:
    for path in ("/", "/forum.php"):
        answer_with(forum, Answer(b"<html><body>welcome</body></html>", headers=HTML), path)
    done = run_crawl()
    assert (done.report.state, done.report.code) == ("failed", "no_boards")


def test_a_site_whose_first_page_is_a_portal(forum: Forum, run_crawl: RunCrawl) -> None:
    answer_with(forum, Answer(b"<html><body>portal</body></html>", headers=HTML), "/")
    assert run_crawl().report.threads == 3


def test_lists_without_threads_are_a_failure(forum: Forum, run_crawl: RunCrawl) -> None:
    for fid in (2, 3):
        answer_with(
            forum,
            Answer(layout("<p>new design</p>", fid, "x").encode(), headers=HTML),
            f"/forum-{fid}-1.html",
        )
    done = run_crawl()
    assert done.report.posts == 0
    assert done.report.failed == {"unreadable_board": 2}
    assert done.report.state != "ok"
