"""Whole crawls of a small forum: complete, incremental, resumed."""

import os
import signal
import subprocess
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawlers.items import GoneThread, Post, ThreadRead

from .conftest import ROOT, Crawled, RunCrawl, command, read_lines, spec, write_job
from .forum_server import ZONE, Answer, Forum, Reply

LAST = datetime(2026, 11, 1, 12, tzinfo=ZONE)


@pytest.fixture
def filled(forum: Forum) -> Forum:
    """45 threads on two boards; thread 5 has three pages."""
    for tid in range(1, 42):
        forum.add(tid, 25 if tid == 5 else tid % 4, LAST - timedelta(hours=tid))
    for tid in range(42, 46):
        forum.add(tid, 1, LAST - timedelta(hours=tid), fid=3)
    return forum


def all_posts(forum: Forum) -> Counter[str]:
    return Counter(str(post.pid) for topic in forum.topics for post in topic.posts if not topic.gone)


def thread_pages(forum: Forum) -> list[str]:
    return [path for path in forum.log if "thread" in path]


def again(forum: Forum, run_crawl: RunCrawl, before: Crawled, **arguments: object) -> Crawled:
    forum.log.clear()
    return run_crawl(known=before.known, **arguments)


def test_every_post_once(filled: Forum, run_crawl: RunCrawl) -> None:
    done = run_crawl()
    assert Counter(done.posts) == all_posts(filled)
    assert (done.report.state, done.report.listed, done.report.threads) == ("ok", 45, 45)
    assert done.report.posts == len(done.posts)
    assert done.report.requests == len(filled.log)
    assert filled.user_agents == {"Minyi/0.1 (test; 0000)"}
    assert done.thread("42").board == "二手市场"
    assert next(item.post_key for item in done.items if isinstance(item, Post) and item.is_first) == "1000"


def test_only_what_lies_in_the_window(filled: Forum, run_crawl: RunCrawl) -> None:
    done = run_crawl(since=LAST - timedelta(hours=10, minutes=1))
    assert {item.thread_key for item in done.items} == {str(tid) for tid in range(1, 11)}
    assert "/forum-2-3.html" not in filled.log


def test_a_board_in_another_order_is_followed_to_its_end(filled: Forum, run_crawl: RunCrawl) -> None:
    """An admin may sort a board by first post: an old page then proves nothing."""
    filled.order = lambda topic: topic.posts[0].at
    for tid, pid in ((15, 998_001), (41, 998_002)):
        filled.topics[tid - 1].posts.append(Reply(pid, LAST, "顶一下"))
    done = run_crawl(since=LAST - timedelta(minutes=1))
    assert {"998001", "998002"} <= set(done.posts)


def test_only_the_configured_boards(filled: Forum, url: str, run_crawl: RunCrawl) -> None:
    assert run_crawl(spec(url, boards=("3",))).report.listed == 4


def test_an_unchanged_forum_costs_its_lists_only(filled: Forum, run_crawl: RunCrawl) -> None:
    first = run_crawl()
    pages = len(filled.log)
    second = again(filled, run_crawl, first)
    assert thread_pages(filled) == []
    assert len(filled.log) <= 0.15 * pages  # robots, index and 4 lists of a very small forum
    assert (second.report.state, second.items) == ("ok", [])


def test_a_new_reply_is_read_from_the_last_known_page(filled: Forum, run_crawl: RunCrawl) -> None:
    first = run_crawl()
    filled.topics[4].posts.append(Reply(999_001, LAST, "新的回复"))
    second = again(filled, run_crawl, first)
    assert thread_pages(filled) == ["/thread-5-3-1.html"]
    assert "999001" in second.posts
    assert second.items[-1] == ThreadRead(source="demo", thread_key="5", pages=3, replies=26)


def test_floors_deleted_before_the_news_lose_nothing(filled: Forum, run_crawl: RunCrawl) -> None:
    """The last known page may hold unread floors only: then the page before is read too."""
    first = run_crawl()
    posts = filled.topics[4].posts
    del posts[1:8]
    posts += [Reply(999_000 + n, LAST + timedelta(minutes=n), "新") for n in range(12)]
    second = again(filled, run_crawl, first)
    assert {str(999_000 + n) for n in range(12)} <= set(second.posts)


def test_an_edited_first_post_is_noticed_within_the_horizon(filled: Forum, run_crawl: RunCrawl) -> None:
    first = run_crawl()
    filled.topics[0].posts[0].text = "改过的正文"
    second = again(filled, run_crawl, first, look_back=datetime.now(ZONE) - (LAST - timedelta(hours=30)))
    texts = {item.post_key: item.text for item in second.items if isinstance(item, Post)}
    assert texts["1000"] == "改过的正文"
    assert second.report.relooks == len(thread_pages(filled))
    assert not any(isinstance(item, ThreadRead) for item in second.items)


def test_vanished_threads_are_gone(filled: Forum, run_crawl: RunCrawl) -> None:
    first = run_crawl()
    filled.topics[6].gone = True
    second = again(filled, run_crawl, first)
    assert second.items == [GoneThread(source="demo", thread_key="7")]
    assert second.report.gone == 1
    assert second.report.state == "ok"


def test_a_redirect_to_itself_loses_no_thread(filled: Forum, run_crawl: RunCrawl) -> None:
    """Discuz! answers so once a day for a thread with a deleted floor."""

    def once(path: str, asked: int) -> Answer | None:
        return Answer(status=302, headers={"Location": path}) if "thread-9-" in path and not asked else None

    filled.faults.append(once)
    done = run_crawl()
    assert Counter(done.posts) == all_posts(filled)
    assert done.report.state == "ok"


def test_a_thread_read_by_its_real_key(filled: Forum, run_crawl: RunCrawl) -> None:
    """The stub of a moved thread redirects to where the thread lives now."""

    def moved(path: str, asked: int) -> Answer | None:
        found = path.startswith("/thread-8-")
        return Answer(status=302, headers={"Location": "/thread-43-1-1.html"}) if found else None

    filled.faults.append(moved)
    done = run_crawl()
    assert "8" not in {item.thread_key for item in done.items}
    assert max(Counter(done.posts).values()) == 1


def test_at_most_so_many_threads(filled: Forum, url: str, run_crawl: RunCrawl) -> None:
    done = run_crawl(spec(url, max_threads=6))
    assert (done.report.threads, done.report.state, done.report.code) == (6, "partial", "max_threads")


def test_a_killed_crawl_resumes_without_losing_or_repeating(
    filled: Forum, url: str, run_crawl: RunCrawl, tmp_path: Path
) -> None:
    """kill -9 in the middle of thread 5; what was read whole is not read again."""
    reached = "/thread-5-2-1.html"
    job = write_job(tmp_path, spec(url), {})
    with subprocess.Popen(command(job), cwd=ROOT) as process:

        def kill(path: str, asked: int) -> Answer | None:
            if path == reached and not asked:
                os.kill(process.pid, signal.SIGKILL)
            return None

        filled.faults.append(kill)
        assert process.wait() == -signal.SIGKILL
    before = read_lines(job.with_suffix(".jsonl"))
    whole = {line["thread"] for line in before if line["kind"] == "ThreadRead"}
    assert {"1", "2", "3", "4"} <= whole
    assert "5" not in whole
    kept = Counter(line["post"] for line in before if line["kind"] == "Post" and line["thread"] in whole)
    everything = all_posts(filled)
    known = {key: known for key, known in run_crawl().known.items() if key in whole}
    done = run_crawl(known=known)
    assert Counter(done.posts) + kept == everything


def test_a_dropped_item_is_counted_under_its_reason(filled: Forum, run_crawl: RunCrawl) -> None:
    done = run_crawl(reject="3001")
    assert done.report.dropped == {"test_reason": 1}
    assert "3001" not in done.posts
    assert done.report.posts == len(done.posts)


def test_a_broken_sink_stops_the_crawl(filled: Forum, url: str, tmp_path: Path) -> None:
    job = write_job(tmp_path, spec(url), {"fail_at": "3001"})
    done = subprocess.run(command(job), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "SinkError: disk full" in done.stderr
    assert len(thread_pages(filled)) < 6
