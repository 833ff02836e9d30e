"""One crawl of one source: what the store knows goes in, what the forum says goes into the store."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time, timedelta
from threading import Event, Thread

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from crawlers.outcome import CrawlReport
from crawlers.run import SinkError, crawl
from crawlers.sources import SourceSpec, user_agent
from minyi.config import Source
from minyi.errors import MinyiError
from minyi.journal import bind, note_event
from minyi.remask import mask_found_late
from minyi.retention import forget_gone
from minyi.source_settings import effective_source, source_is_due
from minyi.sources import REPORT
from minyi.workspace import Workspace
from pipelines.item_pipelines import Intake
from pipelines.store.crawled import known_threads
from pipelines.store.crawls import finish_crawl, last_complete_crawl, lock_crawls, note_alive, start_crawl
from pipelines.store.database import reading
from pipelines.store.leases import StoreLease
from pipelines.store.patience import patiently
from pipelines.store.schedules import ALIVE_SECONDS, attempts_of

# A forum's clock may lag behind ours, and a list may be sorted by minutes.
MARGIN = timedelta(days=1)


class CrawlBusyError(MinyiError):
    """Another command is crawling the source."""


def crawl_source(
    workspace: Workspace, source: Source, day: date | None = None, *, only_due: bool = False
) -> CrawlReport | None:
    """Crawl a source into the store and record how it went; with `day`, at least back to that day.

    With `only_due` nothing is done, and None returned, when somebody else saw to its last scheduled
    moment or is at it.  Else CrawlBusyError while another process crawls it.
    Scrapy's reactor cannot be started twice: once per process.
    """
    engine, config = workspace.engine, workspace.config
    intake = Intake(engine, source.name, config.accounts, workspace.author_key())
    lease = StoreLease(engine)
    crawl_id = _claim(workspace, source, lease.holder, only_due)
    if crawl_id is None:
        return None
    bind(source=source.name, crawl=crawl_id)
    with reading(engine).connect() as connection:
        known = known_threads(connection, source.name)
        since = _window_start(workspace, last_complete_crawl(connection, source.name), day)
    try:
        with _alive(engine, crawl_id, lease.holder):
            report = crawl(
                source_spec(workspace, source),
                intake.take,
                user_agent=agent_of(workspace),
                since=since,
                known=known,
                look_back=timedelta(days=config.thresholds.look_back_days),
                lease=lease,
                refused=intake.refused.threads,
            )
    except SinkError as error:
        # The store's own error says what to do; the crawl is taken up again by the next.
        raise error.__cause__ or error from None
    intake.flush()
    mask_found_late(workspace, intake.found_late)
    patiently(lambda: _finish(workspace, crawl_id, report))
    _note_outcome(report)
    forget_gone(workspace, report.finished_at)
    return report


@contextmanager
def _alive(engine: Engine, crawl_id: int, holder: str) -> Iterator[None]:
    """Note again and again that this crawl goes on, so that others can tell a lost one."""
    ended = Event()

    def note() -> None:
        while not ended.wait(ALIVE_SECONDS):
            with suppress(DBAPIError), engine.begin() as connection:  # the next one may get through
                note_alive(connection, crawl_id, holder, datetime.now(UTC))

    thread = Thread(target=note, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _finish(workspace: Workspace, crawl_id: int, report: CrawlReport) -> None:
    with workspace.engine.begin() as connection:
        finish_crawl(
            connection,
            crawl_id,
            state=report.state,
            message=report.message,
            threads=report.threads,
            posts=report.posts,
            stats=REPORT.dump_python(report, mode="json"),
            finished_at=report.finished_at,
        )


def _note_outcome(report: CrawlReport) -> None:
    note_event(
        "crawl",
        state=report.state,
        code=report.code,
        threads=report.threads,
        posts=report.posts,
        pages=report.pages,
        seconds=(report.finished_at - report.started_at).total_seconds(),
    )


def _claim(workspace: Workspace, source: Source, holder: str, only_due: bool) -> int | None:
    """Open the crawl's row, so that no second one begins; None when it is not due any more."""
    now = datetime.now(UTC)
    found = effective_source(workspace, source.name)
    with workspace.engine.begin() as connection:
        lock_crawls(connection, source.name)
        attempts = attempts_of(connection, source.name, now, now)
        running = [each.started_at for each in attempts if each.outcome == "running"]
        if running and only_due:  # two ticks of the schedule may both have listed what a lost crawl left
            return None
        if running:
            since = running[0].astimezone(workspace.config.office.zone)
            raise CrawlBusyError(
                f"“{source.title}”正由另一个命令采集（{since:%m月%d日 %H:%M} 开始），等它做完再来"
            )
        if only_due and not source_is_due(workspace, connection, found, now):
            return None
        return start_crawl(connection, source.name, now, holder)


def _window_start(workspace: Workspace, last_complete: datetime | None, day: date | None) -> datetime:
    """The first crawl looks back as far as configured, a later one to the last that missed nothing."""
    now = datetime.now(UTC)
    start = now - timedelta(days=workspace.config.thresholds.first_crawl_days)
    if last_complete is not None:
        start = last_complete - MARGIN
    if day is not None:
        start = min(start, datetime.combine(day, time(), workspace.config.office.zone))
    return start


def agent_of(workspace: Workspace) -> str:
    """The user agent: who asks, and how to complain."""
    return user_agent(workspace.config.office.name, workspace.config.office.contact)


def source_spec(workspace: Workspace, source: Source) -> SourceSpec:
    return SourceSpec(
        name=source.name,
        engine=source.engine,  # type: ignore[arg-type]  # "file" sources are never crawled
        url=source.url or "",
        title=source.title,
        boards=source.boards,
        encoding=source.encoding,
        delay=source.delay,
        min_threads=source.min_threads,
        max_threads=source.max_threads,
        allow_private=source.allow_private,
        timezone=workspace.config.office.timezone,
        selectors=source.selectors,
        hours=source.hours,
    )
