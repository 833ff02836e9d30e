"""A thread that was purged is not even fetched; a whole visit of a thread says that it was whole."""

from datetime import timedelta

from crawlers.items import ThreadRead

from .conftest import RunCrawl
from .forum_server import Forum
from .test_walk import LAST, again, thread_pages


def test_a_refused_thread_is_not_fetched_and_counted(forum: Forum, run_crawl: RunCrawl) -> None:
    for tid in (1, 2, 3):
        forum.add(tid, 2, LAST - timedelta(hours=tid))
    done = run_crawl(refused=frozenset({"2"}))
    assert not [path for path in thread_pages(forum) if "thread-2-" in path or "tid=2" in path]
    assert {item.thread_key for item in done.items} == {"1", "3"}
    assert done.report.skipped == {"refused": 1}
    assert done.report.state == "ok"
    assert done.report.bytes > 0


def test_only_a_visit_of_every_page_is_whole(forum: Forum, run_crawl: RunCrawl) -> None:
    forum.add(5, 25, LAST)
    first = run_crawl()
    assert [item.whole for item in first.items if isinstance(item, ThreadRead)] == [True]
    removed = str(forum.topics[0].posts[3].pid)
    del forum.topics[0].posts[3]
    second = again(forum, run_crawl, first)
    assert [item.whole for item in second.items if isinstance(item, ThreadRead)] == [True]
    assert removed in first.posts
    assert removed not in second.posts
