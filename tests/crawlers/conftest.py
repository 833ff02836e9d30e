"""Crawls run in a process of their own: Scrapy's reactor cannot be started twice."""

import json
import multiprocessing
import pickle
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers.items import KnownThread, Post, Thread, ThreadRead
from crawlers.outcome import CrawlReport
from crawlers.sources import SourceSpec

from . import crawl_once
from .forum_server import Forum, serve

ROOT = Path(__file__).parents[2]
# Importing Scrapy takes a second: done once, in a server that forks a fresh process for every crawl.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.crawlers.crawl_once", "crawlers.spiders.discuz"])
SINCE = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Crawled:
    """A crawl's report and the items it yielded, in order."""

    report: CrawlReport
    items: list[Any]

    @property
    def posts(self) -> list[str]:
        return [item.post_key for item in self.items if isinstance(item, Post)]

    @property
    def known(self) -> dict[str, KnownThread]:
        """What a store would hold after this crawl."""
        newest: dict[str, datetime] = {}
        for item in self.items:
            if isinstance(item, Post) and item.posted_at:
                newest[item.thread_key] = max(newest.get(item.thread_key, SINCE), item.posted_at)
        return {
            item.thread_key: KnownThread(
                thread_key=item.thread_key,
                pages=item.pages,
                replies=item.replies,
                last_post_at=newest.get(item.thread_key),
                checked_at=self.report.finished_at,
            )
            for item in self.items
            if isinstance(item, ThreadRead)
        }

    def thread(self, key: str) -> Thread:
        return next(item for item in self.items if isinstance(item, Thread) and item.thread_key == key)


RunCrawl = Callable[..., Crawled]


@pytest.fixture
def forum() -> Forum:
    return Forum()


@pytest.fixture
def url(forum: Forum) -> Iterator[str]:
    with serve(forum) as address:
        yield address


def spec(url: str, **fields: Any) -> SourceSpec:
    defaults = {"name": "demo", "engine": "discuz", "delay": 0.0, "allow_private": True}
    return SourceSpec(url=url, **(defaults | fields))


@pytest.fixture
def run_crawl(tmp_path: Path, url: str) -> RunCrawl:
    """Crawl the forum in a subprocess; keyword arguments are those of crawlers.run.crawl."""

    def run(source: SourceSpec | None = None, **arguments: Any) -> Crawled:
        job = write_job(tmp_path, source or spec(url), arguments)
        return Crawled(*in_a_process(crawl_once.main, job))

    return run


def in_a_process(work: Callable[[Path], None], job: Path) -> Any:
    process = PROCESSES.Process(target=work, args=(job,))
    process.start()
    process.join()
    assert process.exitcode == 0
    return pickle.loads(job.with_suffix(".done").read_bytes())


def command(job: Path) -> list[str]:
    return [sys.executable, "-m", "tests.crawlers.crawl_once", str(job)]


def write_job(folder: Path, source: SourceSpec, arguments: dict[str, Any]) -> Path:
    job = folder / "job.pickle"
    defaults = {"user_agent": "Minyi/0.1 (test; 0000)", "since": SINCE, "look_back": timedelta(0)}
    job.write_bytes(pickle.dumps((source, defaults | arguments)))
    return job


def read_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
