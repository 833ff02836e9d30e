"""What every spider of ours has in common: its arguments, its clock, what it counts, and how it stops."""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawlers.items import GoneThread, KnownThread, Post, Thread, ThreadRead
from crawlers.middlewares import RobotsForbiddenError
from crawlers.outcome import ENDING, explain
from crawlers.pages import Notice, Page
from crawlers.sources import HostLease, SourceSpec

MOST_STRANGE = 3
CLOCK_TRUST = timedelta(days=2)

Yielded = Request | Thread | Post | ThreadRead | GoneThread


class PoliteSpider(Spider):
    """A spider that is told where to resume, and that counts whatever it does not understand."""

    name = "polite"

    def __init__(
        self,
        source: SourceSpec,
        since: datetime,
        known: Mapping[str, KnownThread],
        look_back: timedelta,
        lease: HostLease | None = None,
        refused: Container[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.source, self.since, self.known, self.look_back = source, since, known, look_back
        self.lease, self.refused = lease, refused
        self.strange = 0
        self.lists_whole = True

    def findings(self) -> Iterable[tuple[str, bool, str]]:
        """What else `source check` should show of this engine: a name, whether it is well, words."""
        return ()

    def heed(self, notice: Notice | None, what: str) -> None:
        """Count a page that shows nothing; the same strange words again and again are a closed site."""
        if notice is None:
            self.count(f"failed/unreadable_{what}")
        elif notice.kind == "blocked":
            self.stop("forbidden", notice.words)
        elif notice.kind != "empty":
            self.count(f"skipped/{notice.kind}_{what}")
        self.strange = self.strange + 1 if notice and notice.kind == "unknown" else 0
        if notice and self.strange >= MOST_STRANGE:
            self.stop("closed", notice.words)

    def fail_start(self, failure: Failure) -> None:
        status = _status(failure)
        if isinstance(failure.value, RobotsForbiddenError):
            self.stop("robots_forbidden", "")
        elif status in (401, 403):
            self.stop("forbidden", str(status))
        else:
            self.stop("server_error" if status and status >= 500 else "unreachable", explain(failure.value))

    def fail_list(self, failure: Failure) -> None:
        self.lists_whole = False
        if not isinstance(failure.value, RobotsForbiddenError):
            self.count(f"failed/list_{explain(failure.value)}")

    def fail_thread(self, failure: Failure) -> Iterator[Yielded]:
        status, key = _status(failure), failure.request.cb_kwargs["reading"].row.key  # type: ignore[attr-defined]
        if status in (404, 410) and key in self.known:
            yield GoneThread(source=self.source.name, thread_key=key)
        elif status in _SKIPPED:
            self.count(f"skipped/{_SKIPPED[status]}_thread")
        elif not isinstance(failure.value, RobotsForbiddenError):
            self.count(f"failed/thread_{explain(failure.value)}")

    def stop(self, code: str, detail: str) -> None:
        """End the crawl under a code of crawlers.outcome; what it has read is kept."""
        if self.crawler.stats.get_value(ENDING) is None:
            self.crawler.stats.set_value(ENDING, (code, detail))
        raise CloseSpider(code)

    def is_refused(self, key: str | None) -> bool:
        """Whether the thread was purged at somebody's request: it is not even fetched."""
        refused = key is not None and key in self.refused
        if refused:
            self.count("skipped/refused")
        return refused

    def count(self, name: str, by: int = 1) -> None:
        self.crawler.stats.inc_value(f"minyi/{name}", by)

    def counted(self, name: str) -> int:
        return int(self.crawler.stats.get_value(f"minyi/{name}", 0))

    def page(self, response: Response) -> Page | None:
        """The page to parse; None for something that is no text."""
        if not isinstance(response, TextResponse):
            self.count("failed/not_a_page")
            return None
        self.count("pages")
        return Page(self.source.name, response.url, response.selector, self.clock(response), self.source.zone)

    def clock(self, response: Response) -> datetime:
        """The server's clock, by which it words its relative times; ours where it shows none."""
        now = datetime.now(UTC)
        try:
            shown = parsedate_to_datetime((response.headers.get("Date") or b"").decode("latin-1"))
        except ValueError:
            return now
        return shown.astimezone(UTC) if abs(shown.astimezone(UTC) - now) < CLOCK_TRUST else now


_SKIPPED = {404: "gone", 410: "gone", 401: "restricted", 403: "restricted"}


def _status(failure: Failure) -> int | None:
    """The HTTP status that failed; None when nothing came."""
    status: int | None = getattr(getattr(failure.value, "response", None), "status", None)
    return status
