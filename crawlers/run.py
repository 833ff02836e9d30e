"""Run one crawl of one source in this process, and say how it went.

Scrapy's reactor cannot be started twice: call `crawl` once per process.  That
`scrapy crawl` exits with 0 proves nothing; the report is judged by the statistics.
"""

from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Callable, Container, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.settings import Settings

from crawlers.items import GoneThread, KnownThread, Post, Thread, ThreadRead
from crawlers.outcome import ENDING, CrawlReport, describe, end_crawl
from crawlers.sources import HostLease, SourceSpec

Item = Thread | Post | ThreadRead | GoneThread
Sink = Callable[[Item], None]

SPIDERS = {
    "discuz": "crawlers.spiders.discuz.DiscuzSpider",
    "xiuno": "crawlers.spiders.xiuno.XiunoSpider",
    "phpwind": "crawlers.spiders.phpwind.PhpwindSpider",
    "selectors": "crawlers.spiders.selectors.SelectorsSpider",
    "govcms": "crawlers.spiders.govcms.GovcmsSpider",
    "rss": "crawlers.spiders.rss.RssSpider",
}
_CLOSE_REASONS = {
    "shutdown": "interrupted",
    "closespider_timeout": "time_limit",
    # A short look has seen enough.
    "closespider_pagecount": "finished",
}


class SinkError(Exception):
    """The sink could not take an item; the crawl was stopped and the cause is attached."""


def crawl(
    source: SourceSpec,
    on_item: Sink,
    *,
    user_agent: str,
    since: datetime,
    known: Mapping[str, KnownThread] | None = None,
    look_back: timedelta = timedelta(days=3),
    lease: HostLease | None = None,
    refused: Container[str] = (),
    time_limit: timedelta = timedelta(hours=4),
    settings: Mapping[str, Any] | None = None,
) -> CrawlReport:
    """Crawl one source; every item goes to `on_item`, in order, in this thread.

    `on_item` raises ValueError to drop an item (counted under the error's words); any other
    exception stops the crawl and is raised again as SinkError.  `since` is where the window
    starts: lists are followed so far back, and only inside it are edits and vanished threads
    noticed, so an incremental crawl wants the same window as the first.  `known` is what the
    store holds (threads that are gone left out), `look_back` the age up to which first posts
    are looked at again.  Threads whose key is in `refused` are not fetched.  `settings` override Scrapy's.
    """
    now = datetime.now(UTC)
    left = source.time_left(now)
    if source.hours is not None and not left:
        return _not_now(source, now)
    # Edits within the look-back are noticed only if the lists are followed that far.
    since = min(since, now - look_back)
    time_limit = min(time_limit, left or time_limit)
    arguments = {"since": since, "known": known or {}, "look_back": look_back, "lease": lease}
    arguments |= {"refused": refused}
    _, report = run_spider(
        load(SPIDERS[source.engine]), source, on_item, user_agent, time_limit, settings or {}, arguments
    )
    return report


def _not_now(source: SourceSpec, now: datetime) -> CrawlReport:
    state, message = describe("outside_hours", "{} 点到 {} 点".format(*(source.hours or ())))
    return CrawlReport(
        source=source.name,
        state=state,
        code="outside_hours",
        message=message,
        started_at=now,
        finished_at=now,
    )


def run_spider(
    spider_class: Any,
    source: SourceSpec,
    on_item: Sink,
    user_agent: str,
    time_limit: timedelta,
    settings: Mapping[str, Any],
    arguments: Mapping[str, Any],
) -> tuple[Any, CrawlReport]:
    """Run one spider to its end; the spider as it was then, and the report."""
    started_at = datetime.now(UTC)
    process = AsyncCrawlerProcess(_settings(source, user_agent, time_limit, settings))
    crawler = process.create_crawler(spider_class)
    sink = _Sink(on_item)
    running = process.crawl(crawler, source=source, sink=sink, **arguments)
    process.start()
    if (error := running.exception()) is not None:
        raise error
    if sink.error is not None:
        raise SinkError(str(sink.error)) from sink.error
    return crawler.spider, _report(source, crawler, started_at)


def load(path: str) -> Any:
    """The object at a dotted path."""
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def _settings(
    source: SourceSpec, user_agent: str, time_limit: timedelta, extra: Mapping[str, Any]
) -> Settings:
    settings = Settings()
    settings.setmodule("crawlers.settings", priority="project")
    own = {
        "USER_AGENT": user_agent,
        "DOWNLOAD_DELAY": source.delay,
        "AUTOTHROTTLE_ENABLED": source.delay > 0,
        "AUTOTHROTTLE_START_DELAY": source.delay,
        "CLOSESPIDER_TIMEOUT": time_limit.total_seconds(),
        "MINYI_ALLOW_PRIVATE": source.allow_private,
    }
    settings.setdict({**own, **extra}, priority="cmdline")
    return settings


class _Sink:
    """The caller's function, and what went wrong in it."""

    def __init__(self, take: Sink) -> None:
        self.take = take
        self.error: Exception | None = None


class SinkMiddleware:
    """Hands every item to the caller as the spider yields it, and counts what it drops.

    Next to the spider, where nothing else has handled the item yet: Scrapy's item pipelines
    start a task for every item, which costs more than parsing it.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        spider: Any = crawler.spider
        self.sink: _Sink = spider.sink
        self.counts: Counter[str] = Counter()
        self.newest: datetime | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.close, signal=signals.spider_closed)
        return middleware

    def process_spider_output(self, response: Response, result: Iterable[Any]) -> Iterator[Request]:
        for found in result:
            if isinstance(found, Request):
                yield found
            else:
                self.take(found)

    async def process_spider_output_async(
        self, response: Response, result: AsyncIterable[Any]
    ) -> AsyncIterator[Request]:
        async for found in result:
            if isinstance(found, Request):
                yield found
            else:
                self.take(found)

    def take(self, item: Item) -> None:
        if self.sink.error is not None:
            return
        try:
            self.sink.take(item)
        except ValueError as error:
            self.counts[f"dropped/{error}"] += 1
        except Exception as error:  # noqa: BLE001 - the caller's; raised again when the crawl has stopped
            self.sink.error = error
            end_crawl(self.crawler, "sink", type(error).__name__)
        else:
            self._count(item)

    def _count(self, item: Item) -> None:
        if isinstance(item, GoneThread):
            self.counts["gone"] += 1
        if not isinstance(item, Post):
            return
        self.counts["posts"] += 1
        written = item.posted_at or item.posted_after
        filled = {"text": item.text or item.hidden, "author": item.author or item.agency, "time": written}
        self.counts.update(f"filled/{name}" for name, value in filled.items() if value)
        if written is not None and (self.newest is None or written > self.newest):
            self.newest = written

    def close(self) -> None:
        stats = self.crawler.stats
        for name, count in self.counts.items():
            stats.inc_value(f"minyi/{name}", count)
        if self.newest is not None:
            stats.max_value("minyi/newest", self.newest)


def _report(source: SourceSpec, crawler: Crawler, started_at: datetime) -> CrawlReport:
    stats = crawler.stats.get_stats()
    code, detail = _ending(stats)
    state, message = describe(code, detail)
    return CrawlReport(
        source=source.name,
        state=state,
        code=code,
        message=message,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        requests=stats.get("downloader/request_count", 0),
        bytes=stats.get("downloader/response_bytes", 0),
        crawl_delay=stats.get("minyi/min_delay"),
        newest_post_at=stats.get("minyi/newest"),
        robots_hash=stats.get("minyi/robots_hash"),
        charset=stats.get("minyi/charset"),
        filled=_group(stats, "filled"),
        dropped=_group(stats, "dropped"),
        skipped=_group(stats, "skipped"),
        failed=_failed(stats),
        **{name: stats.get(f"minyi/{name}", 0) for name in _COUNTS},
    )


_COUNTS = ("pages", "list_pages", "listed", "threads", "posts", "gone", "relooks", "decoding_errors")


def _group(stats: Mapping[str, Any], group: str) -> dict[str, int]:
    prefix = f"minyi/{group}/"
    return {
        name.removeprefix(prefix): count for name, count in sorted(stats.items()) if name.startswith(prefix)
    }


def _failed(stats: Mapping[str, Any]) -> dict[str, int]:
    """Pages that failed, mistakes of our own among them."""
    ours = {
        f"exception_{name.removeprefix('spider_exceptions/')}": count
        for name, count in stats.items()
        if name.startswith("spider_exceptions/") and name != "spider_exceptions/count"
    }
    return _group(stats, "failed") | ours


def _ending(stats: Mapping[str, Any]) -> tuple[str, str]:
    """Why the crawl stopped: what was noticed first, else what Scrapy says, else what is missing."""
    if ending := stats.get(ENDING):
        return ending[0], ending[1]
    code = _CLOSE_REASONS.get(stats.get("finish_reason", ""), stats.get("finish_reason", "unknown"))
    if code != "finished":
        return code, ""
    failed = _failed(stats)
    if not stats.get("minyi/list_pages"):
        return (
            ("robots_forbidden", "")
            if stats.get("minyi/skipped/robots")
            else ("no_threads", "没有取到任何版块")
        )
    if failed:
        return "pages_failed", "、".join(f"{name} {count} 次" for name, count in failed.items())
    if not stats.get("minyi/listed"):
        return "no_threads", f"{stats['minyi/list_pages']} 页列表"
    if skipped := stats.get("minyi/skipped/max_threads"):
        return "max_threads", f"还有 {skipped} 个"
    return "finished", ""
