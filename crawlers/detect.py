"""Recognise a forum by its address, and look at a source with a handful of pages.

Both start Scrapy's reactor: one call per process.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scrapy import Request
from scrapy.http import Response

from crawlers.items import Post, Thread
from crawlers.outcome import CrawlReport
from crawlers.pages import BoardLink
from crawlers.run import SPIDERS, Item, load, run_spider
from crawlers.sources import Engine, HostLease, SourceSpec, host_of
from crawlers.spiders.govcms import ARTICLE
from crawlers.spiders.polite import PoliteSpider, Yielded

SAMPLES = 3
MOST_PAGES = 12
FEW_MINUTES = timedelta(minutes=5)
LONG_AGO = timedelta(days=365 * 20)

_MARKS: tuple[tuple[Engine, str], ...] = (
    ("rss", r"<rss[\s>]|<feed[\s>]|<rdf:RDF"),
    (
        "discuz",
        r"content=\"Discuz!|discuz_uid|mod=forumdisplay|id=\"discuz_tips\"|Powered by <strong><a [^>]*discuz",
    ),
    ("phpwind", r"content=\"phpwind|Powered by phpwind|J_posts_list|read\.php\?tid="),
    ("xiuno", r"xiuno\.js|Xiuno BBS|data-tid=\"\d+\"|forum-\d+\.htm[^l]"),
)
_MANY_ARTICLES = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """One thread as it was parsed, to be looked at by a person."""

    thread: Thread
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """What stands behind an address.  `engine` is None when nothing was recognised."""

    url: str
    engine: Engine | None
    title: str
    charset: str | None
    rewritten: bool
    boards: tuple[BoardLink, ...]
    samples: tuple[Sample, ...]
    report: CrawlReport


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One line of `source check`: what was looked at, whether it is well, and what was found, in words."""

    name: str
    well: bool
    words: str


def recognise(markup: str) -> Engine | None:
    """The engine whose marks a page bears; None when it bears none."""
    for engine, marks in _MARKS:
        if re.search(marks, markup, re.IGNORECASE):
            return engine
    if len(set(ARTICLE.findall(markup))) >= _MANY_ARTICLES:
        return "govcms"
    return None


class DetectSpider(PoliteSpider):
    """Recognises the engine on the first page, then lets that engine's spider look at some threads."""

    name = "detect"
    engine: Engine | None = None
    title = ""
    rewritten = True
    links: tuple[BoardLink, ...] = ()

    async def start(self) -> Any:
        yield Request(self.source.url, self.parse_first, errback=self.fail_start)

    def parse_first(self, response: Response) -> Iterator[Yielded]:
        page = self.page(response)
        self.engine = recognise(response.text) if page else None
        if page is None or self.engine is None:
            return
        self.title = (page.selector.css("title::text").get() or "").split(" - ")[0].strip()
        yield from self.look(load(SPIDERS[self.engine]), response)

    def look(self, spider_class: Any, response: Response) -> Iterator[Yielded]:
        """The engine's own walk from here on."""
        spider = spider_class(
            source=replace(self.source, engine=self.engine or "discuz"),
            since=self.since,
            known=self.known,
            look_back=self.look_back,
        )
        spider.crawler = self.crawler
        if self.engine == "rss":
            yield from spider.parse_feed_page(response)
        elif self.engine == "govcms":
            yield from spider.parse_list(response, BoardLink(response.url, self.title, response.url), 1)
        else:
            page = self.page(response)
            links = spider.parsers.board(page) if page else ()
            self.links = tuple(link for link in links if host_of(link.url) == self.source.host)
            self.rewritten = not any("?" in link.url for link in self.links)
            yield from spider.parse_index(response)


def detect_source(
    url: str,
    *,
    user_agent: str,
    allow_private: bool = False,
    delay: float = 2.0,
    lease: HostLease | None = None,
) -> Detection:
    """What stands behind an address: engine, charset, form of addresses, boards, three parsed threads."""
    source = SourceSpec(
        name="detect",
        engine="discuz",
        url=url,
        delay=delay,
        allow_private=allow_private,
        max_threads=SAMPLES,
    )
    items: list[Item] = []
    spider, report = _look(DetectSpider, source, items, user_agent, lease)
    return Detection(
        url=url,
        engine=spider.engine,
        title=spider.title,
        charset=spider.crawler.stats.get_value("minyi/charset"),
        rewritten=spider.rewritten,
        boards=spider.links,
        samples=_samples(items),
        report=report,
    )


def check_source(
    source: SourceSpec, *, user_agent: str, lease: HostLease | None = None
) -> tuple[CheckRow, ...]:
    """A handful of pages of a source: what is well and what is wrong, in words; nothing is kept."""
    items: list[Item] = []
    few = replace(source, max_threads=min(SAMPLES, source.max_threads))
    spider, report = _look(load(SPIDERS[source.engine]), few, items, user_agent, lease)
    return (*check_rows(report, items, source.zone), *(CheckRow(*finding) for finding in spider.findings()))


def _look(
    spider_class: Any, source: SourceSpec, items: list[Item], user_agent: str, lease: HostLease | None
) -> tuple[Any, CrawlReport]:
    now = datetime.now(UTC)
    arguments = {"since": now - LONG_AGO, "known": {}, "look_back": timedelta(0), "lease": lease}
    settings = {"CLOSESPIDER_PAGECOUNT": MOST_PAGES}
    return run_spider(spider_class, source, items.append, user_agent, FEW_MINUTES, settings, arguments)


def _samples(items: list[Item]) -> tuple[Sample, ...]:
    threads = [item for item in items if isinstance(item, Thread)]
    posts = [item for item in items if isinstance(item, Post)]
    return tuple(
        Sample(thread, tuple(post for post in posts if post.thread_key == thread.thread_key))
        for thread in threads[:SAMPLES]
    )


def check_rows(report: CrawlReport, items: list[Item], zone: ZoneInfo) -> tuple[CheckRow, ...]:
    """The lines of a check, from what a short crawl brought."""
    stopped = report.state in ("failed", "blocked")
    robots = not report.code.startswith("robots")
    return (
        CheckRow("能否打开", report.pages > 0, f"取到 {report.pages} 页" if report.pages else report.message),
        CheckRow("robots.txt", robots, "允许采集" if robots else report.message),
        CheckRow("编码", not report.decoding_errors, _charset_words(report)),
        CheckRow("列表", report.listed > 0, f"{report.list_pages} 页列表，{report.listed} 个主题"),
        CheckRow("最新帖子", report.newest_post_at is not None, _newest_words(report, zone)),
        *_field_rows(report, items),
        CheckRow("结论", not stopped and report.posts > 0, report.message if stopped else "可以采集"),
    )


def _charset_words(report: CrawlReport) -> str:
    if report.decoding_errors:
        return f"{report.charset}，{report.decoding_errors} 页有读不出的字，请在来源中写明 encoding"
    return report.charset or "没有取到页面"


def _newest_words(report: CrawlReport, zone: ZoneInfo) -> str:
    newest = report.newest_post_at
    return f"{newest.astimezone(zone):%Y-%m-%d %H:%M}" if newest else "没有认出时间"


def _field_rows(report: CrawlReport, items: list[Item]) -> Iterator[CheckRow]:
    names = {"text": "正文", "author": "作者", "time": "时间"}
    for field, name in names.items():
        filled = report.filled.get(field, 0)
        yield CheckRow(name, 2 * filled >= report.posts > 0, f"{report.posts} 条帖子中 {filled} 条有{name}")
    titles = [item.title for item in items if isinstance(item, Thread)]
    yield CheckRow("标题", bool(titles), "、".join(titles[:SAMPLES]) or "没有认出标题")
