"""The traps on the way to a page, one class each."""

import asyncio
import hashlib
import re
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self, cast
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response, TextResponse
from scrapy.robotstxt import RobotParser

from crawlers.addresses import PublicResolver, is_private_literal
from crawlers.charset import decode_page
from crawlers.outcome import end_crawl, explain
from crawlers.sources import HostBusyError, HostLease, SourceSpec

LONGEST_WAIT = 120.0
LONGEST_URL = 1000
MOST_REFUSALS = 3


class RobotsForbiddenError(IgnoreRequest):
    """An address that robots.txt forbids: skipped and counted, no failure."""


class OffHostError(IgnoreRequest):
    """An address outside the source's own host."""


class _Middleware:
    """What all have in common: the crawler and its source."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.spider = cast("Any", crawler.spider)
        self.source: SourceSpec = self.spider.source
        self.host = self.source.host

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)


class OwnHostMiddleware(_Middleware):
    """Only http(s), only the source's own host, no private address unless the source says so."""

    def process_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if (
            parts.scheme not in ("http", "https")
            or parts.hostname != self.host
            or len(request.url) > LONGEST_URL
        ):
            self.crawler.stats.inc_value("minyi/skipped/off_host")
            raise OffHostError(parts.hostname or request.url)
        if not self.source.allow_private and is_private_literal(self.host):
            end_crawl(self.crawler, "private_address", self.host)
            raise IgnoreRequest("private address")

    def process_exception(self, request: Request, exception: Exception) -> None:
        if address := PublicResolver.refused.get(self.host):
            end_crawl(self.crawler, "private_address", f"{self.host} → {address}")
            raise IgnoreRequest("private address")


class RobotsMiddleware(RobotsTxtMiddleware):
    """No robots.txt, no crawl: Scrapy alone would allow everything when it fails.  Crawl-delay is kept."""

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            raise RobotsUnavailableError(str(response.status))
        if response.status >= 400:
            response = response.replace(body=b"")
        self._stats.set_value("minyi/robots_hash", hashlib.sha256(response.body).hexdigest()[:16])
        await super()._parse_robots(response, netloc, request)
        parser = self._parsers[netloc]
        delay = parser.crawl_delay(self._default_useragent) if isinstance(parser, RobotParser) else None
        if delay:
            _slow_down(self.crawler, delay)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        code = "unreachable" if isinstance(exc, _NO_SITE) else "robots_unavailable"
        end_crawl(self.crawler, code, explain(exc))
        super()._robots_error(exc, netloc)

    def process_request_2(self, rp: Any, request: Request) -> None:
        if rp is None:
            raise IgnoreRequest("robots.txt unavailable")
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            self._stats.inc_value("minyi/skipped/robots")
            raise RobotsForbiddenError(str(error)) from error


_NO_SITE = (CannotResolveHostError, DownloadConnectionRefusedError)


class RobotsUnavailableError(Exception):
    """robots.txt answered an error."""


def _slow_down(crawler: Crawler, delay: float) -> None:
    """Never ask more often than every `delay` seconds from here on."""
    throttle = crawler.get_extension(AutoThrottle)
    if throttle:
        throttle.mindelay = max(throttle.mindelay, delay)
        throttle.maxdelay = max(throttle.maxdelay, delay)
    downloader = crawler.engine.downloader
    downloader._delay = max(downloader._delay, delay)
    for slot in downloader.slots.values():
        slot.delay = max(slot.delay, delay)
    crawler.stats.set_value("minyi/min_delay", delay)


class LeaseMiddleware(_Middleware):
    """Asks before every request whether this process may fetch the host now.

    The lease may block (it is a database), so it runs in one thread of its own.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.lease: HostLease | None = self.spider.lease
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lease")
        crawler.signals.connect(self.close, signal=signals.spider_closed)

    async def process_request(self, request: Request) -> None:
        if self.lease is None:
            return
        interval = max(self.source.delay, self.crawler.stats.get_value("minyi/min_delay", 0.0))
        try:
            while (wait := await self._in_thread(self.lease.acquire, self.host, interval)) > 0:
                await asyncio.sleep(wait)
        except HostBusyError as error:
            end_crawl(self.crawler, "host_busy", str(error))
            raise IgnoreRequest("host busy") from error

    def _in_thread(self, call: Any, *arguments: Any) -> Awaitable[float]:
        return asyncio.get_running_loop().run_in_executor(self.thread, call, *arguments)

    async def close(self) -> None:
        if self.lease is not None:
            await self._in_thread(self.lease.release, self.host)
        self.thread.shutdown(wait=False)


class SelfRedirectMiddleware(RedirectMiddleware):
    """Follows a redirect to the very same address, which Discuz! answers once a day for some threads.

    Scrapy's filter of duplicates would lose such a thread silently.
    """

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        result = super().process_response(request, response)
        if isinstance(result, Request):
            result.dont_filter = True
        return result

    def _engine_started(self) -> None:
        """No Referer is sent, so none needs to follow."""


_SYSTEM_ERROR = re.compile(rb"<title>[^<]{0,200}(?:System Error|Database Error)</title>", re.IGNORECASE)


class BusyMiddleware(RetryMiddleware):
    """Tries again, later when told so by Retry-After.

    Discuz! X3.4 shows its own failures with status 200: they are tried again like a 503.
    """

    async def process_response(  # type: ignore[override] # Scrapy awaits it either way
        self, request: Request, response: Response
    ) -> Request | Response:
        if _SYSTEM_ERROR.search(response.body[:4096]):
            response = response.replace(status=503)
        if response.status not in self.retry_http_codes and response.status != 429:
            return response
        wait = retry_after(response)
        last = request.meta.get("retry_times", 0) >= self.max_retry_times
        if (response.status == 429 and (wait is None or last)) or (wait or 0) > LONGEST_WAIT:
            end_crawl(self.crawler, "rate_limited", f"{response.status}，Retry-After {wait or '未写'}")
            raise IgnoreRequest("rate limited")
        if not last:
            await asyncio.sleep(wait or 0)
        return self._retry(request, str(response.status)) or response


def retry_after(response: Response) -> float | None:
    """Seconds to wait by the Retry-After header; None without one."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if not value:
        return None
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value).astimezone(UTC) - datetime.now(UTC)).total_seconds())
    except ValueError:
        return None


class CharsetMiddleware(_Middleware):
    """Decodes by what the bytes say where header and markup are wrong; GBK is read as GB18030."""

    def process_response(self, request: Request, response: Response) -> Response:
        if not isinstance(response, TextResponse):
            return response
        encoding, errors = decode_page(response, self.source.encoding)
        self.crawler.stats.set_value("minyi/charset", encoding)
        if errors:
            self.crawler.stats.inc_value("minyi/decoding_errors")
        return response.replace(encoding=encoding)


_REFUSALS = (
    ("antitheft", re.compile(r"_dsign=|页面重载开启")),
    (
        "rate_limited",
        re.compile(r"频繁刷新限制|访问过于频繁|请求过于频繁|操作过于频繁|Too Many Requests", re.IGNORECASE),
    ),
    (
        "captcha",
        re.compile(
            r"安全验证|人机验证|滑动验证|访问验证|请完成验证|拖动滑块|Just a moment|cf-challenge|Attention Required"
            r"|网站防火墙|网络防火墙|云防护|安全狗|云盾|创宇盾|加速乐|__jsl_clearance|acw_sc__v2",
            re.IGNORECASE,
        ),
    ),
)
# A page that refuses is short and shows no thread; residents' words about a captcha are neither.
_LONGEST_REFUSAL = 20_000
_CONTENT = re.compile(
    r"id=\"(?:postlist|threadlist|messagetext)|normalthread_|postmessage_|data-tid|J_posts_list|J_read_floor"
)


class RefusalMiddleware(_Middleware):
    """Recognises rate limits, captchas and anti-theft pages, and stops: blocks are not evaded."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.refusals = 0

    def process_response(self, request: Request, response: Response) -> Response:
        if code := refusal(response):
            end_crawl(self.crawler, code, f"{response.status} {response.url}")
            raise IgnoreRequest(code)
        self.refusals = self.refusals + 1 if response.status in (401, 403) else 0
        if self.refusals >= MOST_REFUSALS:
            end_crawl(self.crawler, "forbidden", str(response.status))
        return response


def refusal(response: Response) -> str | None:
    """The code of the refusal a page is; None for any other page."""
    if response.status == 521:
        return "captcha"
    if not isinstance(response, TextResponse) or len(response.body) > _LONGEST_REFUSAL:
        return None
    if _CONTENT.search(response.text):
        return None
    return next((code for code, pattern in _REFUSALS if pattern.search(response.text)), None)
