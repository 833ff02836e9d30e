"""How a crawl ended, in a stable code and in Chinese words for the people who run it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # whoever reads reports needs no Scrapy, which takes half a second to import
    from scrapy.crawler import Crawler

ENDING = "minyi/ending"


State = Literal["ok", "failed", "blocked", "partial"]

# code -> state, words; {} is what the page or the server said.
ENDINGS: Mapping[str, tuple[State, str]] = {
    "finished": ("ok", "采集完成"),
    "pages_failed": ("partial", "部分页面没有取到（{}），下次采集会补上"),
    "max_threads": ("partial", "已达到本来源的最多主题数（{}），其余的下次再采"),
    "time_limit": ("partial", "到了时间上限，其余的下次再采"),
    "outside_hours": ("partial", "现在不在允许采集的时段（{}）"),
    "interrupted": ("partial", "采集被中断，下次会接着采"),
    "unreachable": ("failed", "网站打不开（{}）"),
    "no_boards": ("failed", "首页上没有认出任何版块，疑似改版或网址不对（{}）"),
    "no_threads": ("failed", "版块里没有认出任何主题，疑似改版（{}）"),
    "server_error": ("failed", "论坛自己出错了（{}）"),
    "closed": ("failed", "论坛已关闭访问：{}"),
    "private_address": (
        "failed",
        "网址指向内网或本机地址（{}）；确要采集内网论坛，请在来源中写 allow_private = true",
    ),
    "host_busy": ("failed", "另一个命令正在采集这个网站，请稍后再试（{}）"),
    "robots_unavailable": ("blocked", "取不到 robots.txt（{}），按规矩不采集；网站恢复后会自动继续"),
    "robots_forbidden": ("blocked", "robots.txt 不允许采集（{}）"),
    "rate_limited": ("blocked", "网站嫌访问太频繁（{}），已停止；请把 delay 调大，或与站方联系"),
    "captcha": ("blocked", "网站要求人机验证（{}），已停止；请与站方联系取得许可"),
    "antitheft": ("blocked", "网站开启了防采集（{}），已停止；请与站方联系取得许可"),
    "forbidden": ("blocked", "网站拒绝访问（{}），已停止；请与站方联系取得许可"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """One crawl of one source.  `dropped`, `skipped` and `failed` count by reason.

    `requests` is everything sent, robots.txt and repeats included; `pages` what came back
    and was parsed; `listed` the threads seen on lists, `threads` those read whole.
    `bytes` are those received, `crawl_delay` the seconds that robots.txt asks for.
    `newest_post_at` is the newest time seen, on lists too; `filled` counts posts by the
    fields that were not empty (of `posts`: text, author, time).
    """

    source: str
    state: State
    code: str
    message: str
    started_at: datetime
    finished_at: datetime
    requests: int = 0
    pages: int = 0
    list_pages: int = 0
    listed: int = 0
    threads: int = 0
    posts: int = 0
    gone: int = 0
    relooks: int = 0
    decoding_errors: int = 0
    bytes: int = 0
    crawl_delay: float | None = None
    newest_post_at: datetime | None = None
    robots_hash: str | None = None
    charset: str | None = None
    filled: Mapping[str, int] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)


def describe(code: str, detail: str = "") -> tuple[State, str]:
    """State and Chinese words of an ending; an unknown code is a failure under its own name."""
    state, words = ENDINGS.get(code, ("failed", "采集意外停止（{}）"))
    return state, words.format(detail or code).replace("（）", "")


_WORDS = {
    "CannotResolveHostError": "域名解析不了",
    "DownloadConnectionRefusedError": "连接被拒绝",
    "DownloadTimeoutError": "超时",
    "DownloadFailedError": "连接中断",
    "ResponseDataLossError": "内容不完整",
    "DownloadCancelledError": "页面过大",
}


def explain(error: BaseException | None) -> str:
    """What went wrong with a request: the status, or a few words."""
    response = getattr(error, "response", None)
    if response is not None:
        return str(response.status)
    if "MAXSIZE" in str(error):
        return "页面过大"
    name = type(error).__name__
    if name == "OffHostError":
        return f"跳转到了 {error}，请把 url 改成它"
    return _WORDS.get(name, str(error) if name.endswith("UnavailableError") else name)


def end_crawl(crawler: "Crawler", code: str, detail: str) -> None:
    """Stop the crawl from a middleware; the first ending counts."""
    if crawler.stats.get_value(ENDING) is not None:
        return
    crawler.stats.set_value(ENDING, (code, detail))
    closing = asyncio.ensure_future(crawler.engine.close_spider_async(reason=code))
    closing.add_done_callback(lambda task: task.exception())
