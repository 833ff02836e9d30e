"""Sources other than the large forum engines, crawled whole; recognising and checking a source."""

import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.items import Post, Thread
from crawlers.spiders.selectors import SelectorsError, check_selectors

from . import crawl_once
from .conftest import RunCrawl, in_a_process, spec
from .forum_server import ROBOTS, Answer, Forum, Reply, Site

PLACES = {
    "rows": "li.topic",
    "link": "a",
    "replies": ".n",
    "last": ".d",
    "next": "a.more",
    "thread_key": r"/topic/(\d+)",
    "posts": "article",
    "key": "::attr(id)",
    "time": "time",
    "body": ".says",
    "author": "b",
    "thread_next": "a.more",
}


def topic(number: int, replies: int, last: str) -> str:
    return f'<li class="topic"><a href="/topic/{number}">主题{number}</a><i class="n">{replies}</i><i class="d">{last}</i></li>'


def article(key: str, at: str) -> str:
    return f'<article id="{key}"><b>居民</b><time>{at}</time><div class="says">路灯不亮{key}</div></article>'


@pytest.fixture
def forum(request: pytest.FixtureRequest) -> Forum:
    return Site(dict(request.param)) if hasattr(request, "param") else Forum()


HOME_MADE = {
    "/": topic(1, 1, "2026-11-01 10:00") + '<a class="more" href="/?p=2">更多</a>',
    "/?p=2": topic(2, 2, "2026-10-30 10:00"),
    "/topic/1": article("a1", "2026-11-01 09:00") + article("a2", "2026-11-01 10:00"),
    "/topic/2": article("b1", "2026-10-30 08:00") + '<a class="more" href="/topic/2?p=2">下页</a>',
    "/topic/2?p=2": article("b2", "2026-10-30 09:00") + article("b3", "2026-10-30 10:00"),
}
home_made = pytest.mark.parametrize("forum", [HOME_MADE], indirect=True)


@home_made
def test_a_home_made_forum(forum: Site, url: str, run_crawl: RunCrawl) -> None:
    source = spec(url, engine="selectors", selectors=PLACES)
    first = run_crawl(source)
    assert first.posts == ["a1", "a2", "b1", "b2", "b3"]
    assert [item.post_key for item in first.items if isinstance(item, Post) and item.is_first] == ["a1", "b1"]
    assert first.report.state == "ok"

    forum.log.clear()
    assert run_crawl(source, known=first.known).items == []
    assert not any("topic" in path for path in forum.log)

    forum.pages["/?p=2"] = topic(2, 3, "2026-11-02 10:00")
    forum.pages["/topic/2?p=2"] += article("b4", "2026-11-02 10:00")
    assert "b4" in run_crawl(source, known=first.known).posts


@pytest.mark.parametrize(
    ("change", "words"),
    [({"rows": None}, "缺少 rows"), ({"colour": "b"}, "不认识 colour"), ({"time": "p[["}, "不是有效的 CSS")],
)
def test_wrong_selectors_are_named(change: dict[str, str | None], words: str) -> None:
    places = {name: css for name, css in (PLACES | change).items() if css is not None}
    with pytest.raises(SelectorsError, match=words):
        check_selectors(places)


GOV = {
    "/col/col1/index.html": '<li><a href="/art/2026/11/5/art_1_9.html">通告</a><span>2026-11-05</span></li>'
    '<li><a href="/art/2026/11/4/art_1_8.html">路灯不亮</a><span>2026-11-04</span></li>',
    "/art/2026/11/5/art_1_9.html": '<meta name="ContentSource" content="市城管局"><h1>通告</h1><div id="zoom"><p>维修。</p></div>',
    "/art/2026/11/4/art_1_8.html": "<table><tr><td>来信内容</td><td>路灯不亮</td></tr><tr><td>来信时间</td>"
    "<td>2026-11-01 10:00</td></tr><tr><td>答复单位</td><td>市城管局</td></tr><tr><td>答复内容</td><td>已修复。</td></tr></table>",
}


@pytest.mark.parametrize("forum", [GOV], indirect=True)
def test_a_government_site(url: str, run_crawl: RunCrawl) -> None:
    done = run_crawl(spec(url + "col/col1/index.html", engine="govcms"))
    posts = [item for item in done.items if isinstance(item, Post)]
    assert [(post.thread_key, post.post_key, post.agency, post.text) for post in posts] == [
        ("1_9", "article", "市城管局", "维修。"),
        ("1_8", "question", None, "路灯不亮"),
        ("1_8", "answer", "市城管局", "已修复。"),
    ]
    *dated, answer = posts
    assert all(post.posted_at or post.posted_before for post in dated)
    # The page gives the answer no time of its own: the letter's is only its beginning.
    assert answer.posted_after
    assert answer.posted_at is None
    assert answer.posted_before is None


FEED = {
    "/feed": '<?xml version="1.0"?><rss version="2.0"><channel><item><title>新的</title><link>/a/1</link>'
    "<description>正文</description><pubDate>Sun, 22 Nov 2026 16:04:26 +0000</pubDate></item><item><title>旧的</title>"
    "<link>/a/2</link><pubDate>Sun, 22 Nov 2015 16:04:26 +0000</pubDate></item></channel></rss>"
}


@pytest.mark.parametrize("forum", [FEED], indirect=True)
def test_a_feed(url: str, run_crawl: RunCrawl) -> None:
    first = run_crawl(spec(url + "feed", engine="rss"))
    assert [item.title for item in first.items if isinstance(item, Thread)] == ["新的"]
    assert first.report.listed == 2
    assert run_crawl(spec(url + "feed", engine="rss"), known=first.known).items == []


def look(tmp_path: Path, source: Any, **arguments: Any) -> Any:
    job = tmp_path / "look.pickle"
    job.write_bytes(pickle.dumps((source, {"user_agent": "Minyi/0.1 (test; 0000)"} | arguments)))
    return in_a_process(crawl_once.look, job)


@pytest.fixture
def discuz(forum: Forum) -> Forum:
    for tid in range(1, 6):
        forum.add(tid, 2, datetime(2026, 11, tid, tzinfo=UTC))
    return forum


def test_a_forum_is_recognised_by_its_address(discuz: Forum, url: str, tmp_path: Path) -> None:
    discuz.faults.append(
        lambda path, _: (
            Answer(
                discuz.index()
                .replace(
                    "<body>", '<title>青江论坛 - Powered by Discuz!</title><meta content="Discuz! X3.5">'
                )
                .encode(),
                headers={"Content-Type": "text/html"},
            )
            if path == "/"
            else None
        )
    )
    found = look(tmp_path, url, allow_private=True, delay=0)
    assert (found.engine, found.charset, found.rewritten) == ("discuz", "utf-8", True)
    assert [(board.key, board.name) for board in found.boards] == [("2", "市民论坛"), ("3", "二手市场")]
    assert [len(sample.posts) for sample in found.samples] == [3, 3, 3]
    assert len(discuz.log) < 15


@pytest.mark.parametrize("forum", [{"/": "<html><p>一家公司的主页</p></html>"}], indirect=True)
def test_a_page_that_is_no_forum_is_not_recognised(url: str, tmp_path: Path) -> None:
    assert look(tmp_path, url, allow_private=True, delay=0).engine is None


def test_a_check_says_what_is_well(discuz: Forum, url: str, tmp_path: Path) -> None:
    rows = {row.name: row for row in look(tmp_path, spec(url))}
    assert all(row.well for row in rows.values())
    assert rows["最新帖子"].words.startswith("2026-11-05")
    assert rows["正文"].words == "9 条帖子中 9 条有正文"
    assert rows["结论"].words == "可以采集"


def test_a_check_says_what_is_wrong(discuz: Forum, url: str, tmp_path: Path) -> None:
    discuz.topics = [topic for topic in discuz.topics if topic.tid == 1]
    discuz.topics[0].posts = [Reply(1, datetime(2026, 11, 1, tzinfo=UTC), "", author="")]
    rows = {row.name: row for row in look(tmp_path, spec(url))}
    assert not rows["正文"].well
    assert not rows["作者"].well
    discuz.robots = ROBOTS + "Disallow: /\n"
    rows = {row.name: row for row in look(tmp_path, spec(url))}
    assert (rows["robots.txt"].well, rows["结论"].well) == (False, False)


@home_made
def test_a_check_shows_what_each_selector_finds(url: str, tmp_path: Path) -> None:
    places = PLACES | {"quote": ".nothing"}
    rows = {row.name: row for row in look(tmp_path, spec(url, engine="selectors", selectors=places))}
    assert rows["选择器 body"].words == "路灯不亮a1"
    assert not rows["选择器 quote"].well
