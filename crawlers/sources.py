"""What a crawl is told: which source, from when, what is known, and who may fetch now."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from w3lib.url import safe_url_string

Engine = Literal["discuz", "xiuno", "phpwind", "selectors", "govcms", "rss"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpec:
    """One source as the configuration describes it; a source of a known engine takes no code.

    `boards` are the forum's own board keys (Discuz! fid) or board URLs; empty means every
    board on the index.  `delay` is in seconds.  `min_threads` is what a crawl should at
    least see on the lists, `max_threads` the most it opens.  `hours` are the local hours in
    which it may be crawled, such as (23, 6) for the night; None means at any time.
    """

    name: str
    engine: Engine
    url: str
    title: str = ""
    boards: tuple[str, ...] = ()
    encoding: str | None = None
    delay: float = 2.0
    min_threads: int = 1
    max_threads: int = 5000
    allow_private: bool = False
    timezone: str = "Asia/Shanghai"
    hours: tuple[int, int] | None = None
    selectors: Mapping[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return host_of(self.url)

    def time_left(self, now: datetime) -> timedelta | None:
        """How long it may be crawled from now on; None without limit, nothing outside its hours."""
        return None if self.hours is None else time_left(self.hours, self.zone, now)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def time_left(hours: tuple[int, int], zone: ZoneInfo, now: datetime) -> timedelta:
    """How long hours such as (23, 6) last from now on; nothing outside of them."""
    opens, closes = hours
    here = now.astimezone(zone)
    past = timedelta(hours=here.hour, minutes=here.minute, seconds=here.second)
    since_opening = (past - timedelta(hours=opens)) % timedelta(days=1)
    open_for = timedelta(hours=(closes - opens) % 24 or 24)
    return max(open_for - since_opening, timedelta(0))


def host_of(url: str) -> str:
    """The host of an address, as it is asked for: 青江.cn as xn--lyyr9c.cn."""
    return urlsplit(safe_url_string(url)).hostname or ""


class HostLease(Protocol):
    """Who may fetch a host now, across all commands and workers.  Called in a thread of its own.

    `acquire` answers 0.0 and notes the time when a request may be sent at once, otherwise the
    seconds after which to ask again; it renews a lease that is held and takes one that has
    expired.  It may raise `HostBusyError` when another command will hold the host for long.
    """

    def acquire(self, host: str, min_interval: float) -> float: ...

    def release(self, host: str) -> None: ...


class HostBusyError(Exception):
    """Another command holds the host; the message says so in Chinese."""


class UserAgentError(ValueError):
    """The office's name or contact would make engines serve other pages."""


# At these words Discuz! takes a visitor for a robot or a phone and changes its pages.
_TELLTALE = re.compile(
    r"bot|crawl|spider|slurp|sohu-search|lycos|robozilla|iphone|android|phone|mobile|wap|netfront|"
    r"java|opera|ucweb|symbian|series|webos|sony|blackberry|dopod|nokia|samsung|palm|xda|pieplus|"
    r"meizu|midp|cldc|motorola|foma|docomo|up\.browser|up\.link|blazer|helio|hosin|huawei|novarra|"
    r"coolpad|techfaith|alcatel|amoi|ktouch|nexian|ericsson|philips|sagem|wellcom|bunjalloo|maui|"
    r"spice|bird|zte|longcos|pantech|gionee|portalmmm|hiptop|benq|haier|320x320|240x320|176x220|"
    r"cect|compal|ctl|lg|nec|tcl|daxian|dbtel|eastcom|konka|kejian|lenovo|mot|soutec|sgh|sed|"
    r"capitel|panasonic|sharp|panda"
)


def user_agent(office: str, contact: str, version: str = "0.1") -> str:
    """`Minyi/0.1 (office; contact)`; UserAgentError when a word in it makes engines change their pages."""
    agent = f"Minyi/{version} ({_ascii(office)}; {_ascii(contact)})"
    if found := _TELLTALE.search(agent.lower()):
        raise UserAgentError(
            f"office 的 name 或 contact 里含有“{found.group()}”，论坛见到它会换成手机页面或按搜索引擎对待；"
            "请换一个写法，例如只写电话号码"
        )
    return agent


def _ascii(words: str) -> str:
    """Header-safe: anything outside ASCII is percent-encoded, as in a URL."""
    encoded = "".join(c if c.isascii() else "".join(f"%{b:02X}" for b in c.encode()) for c in words)
    return re.sub(r"[\x00-\x1f()\\]", " ", encoded).strip()
