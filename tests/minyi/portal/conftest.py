"""An office with some days of the demo town in its store, and its portal for any visitor."""

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, func, select, update
from starlette.requests import Request

from crawlers.items import Post, Thread
from crawlers.outcome import CrawlReport
from minyi.briefs import make_brief
from minyi.demo.model import Site
from minyi.demo.town import build_town
from minyi.portal.app import create_app
from minyi.portal.jobs import Job, Progress
from minyi.portal.office import office_opener
from minyi.portal.visitors import Role, Visitor
from minyi.runs import run_analysis
from minyi.sources import REPORT
from minyi.workspace import Workspace
from pipelines.item_pipelines import Item
from pipelines.schema import metadata
from pipelines.store.crawls import finish_crawl, start_crawl
from pipelines.store.database import reading
from tests.minyi.demo_office import open_office, read_posts, store_site

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
YESTERDAY = TODAY - timedelta(days=1)
SECRET = b"s" * 32

# What a forum might show, and nobody may ever run.
HOSTILE_TITLE = '<script>document.title="owned"</script>镜河街道路灯不亮"><img src=x onerror=alert(1)>'
HOSTILE_TEXT = "路灯坏了没人修。<svg onload=alert(2)>{{7*7}}${7*7}</textarea><iframe src=javascript:alert(3)>"


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an office whose town was read, analysed and briefed; not to be changed."""
    folder = tmp_path_factory.mktemp("office")
    town = build_town(2, TODAY)
    # Not as DOCX too: it would be drawn anew for each of the many notes and titles that tests write.
    workspace = open_office(folder, town, settings='\n[brief]\nforms = ["html", "pdf", "json"]\n')
    for site in town.sites:
        _crawl(workspace, site)
    read_posts(workspace)
    for day in (YESTERDAY - timedelta(days=1), YESTERDAY):
        make_brief(workspace, run_analysis(workspace, day, day))
    office_opener(workspace.file)()  # enters the configured topics
    with workspace.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit")
    workspace.close()
    return folder


def _crawl(workspace: Workspace, site: Site) -> None:
    hostile = (item for n in range(6) if site.key == "haiping" for item in _hostile(site.key, n))
    store_site(workspace, site, *hostile)
    now = datetime.now(UTC)
    report = CrawlReport(
        source=site.key,
        state="ok",
        code="finished",
        message="采集完成",
        started_at=now - timedelta(hours=1),
        finished_at=now,
    )
    with workspace.engine.begin() as connection:
        crawl = start_crawl(connection, site.key, report.started_at, "test")
        finish_crawl(
            connection,
            crawl,
            state=report.state,
            message=report.message,
            threads=len(site.threads),
            posts=99,
            stats=REPORT.dump_python(report, mode="json"),
            finished_at=now,
        )


def _hostile(source: str, number: int) -> tuple[Item, Item]:
    key, url = f"evil-{number}", f'https://haiping.example.org/"><b>{number}'
    posted = datetime.combine(YESTERDAY, datetime.min.time(), UTC) + timedelta(hours=number)
    return (
        Thread(source=source, thread_key=key, url=url, title=HOSTILE_TITLE, board="<i>板块</i>"),
        Post(
            source=source,
            thread_key=key,
            post_key=f"evil-post-{number}",
            url=url,
            text=HOSTILE_TEXT,
            is_first=True,
            floor=1,
            posted_at=posted,
            author=f"路人{number}",
        ),
    )


@pytest.fixture
def folder(stocked: Path, tmp_path: Path) -> Path:
    """A copy of the office, to be changed."""
    copy = tmp_path / "office"
    shutil.copytree(stocked, copy)
    return copy


@dataclass
class FakeJobs:
    """Notes what was asked for, and is done at once."""

    started: list[tuple[Job, Visitor]] = field(default_factory=list)

    def start(self, job: Job, visitor: Visitor, request: Request) -> str:
        self.started.append((job, visitor))
        return "1"

    def look(self, job_id: str, visitor: Visitor, request: Request) -> Progress | None:
        return Progress("采集", "done") if job_id == "1" else None


@dataclass
class Office:
    """The portal of a folder, for whom a test wants to be."""

    folder: Path
    jobs: FakeJobs = field(default_factory=FakeJobs)
    visitor: Visitor = field(default_factory=lambda: Visitor("林晓", Role.ADMIN))

    def __post_init__(self) -> None:
        self.open = office_opener(self.folder / "minyi.toml")
        self.app: FastAPI = create_app(self.open, self._identify, jobs=self.jobs, secret=SECRET)
        self.client = TestClient(self.app, follow_redirects=False)

    async def _identify(self, _: Request) -> Visitor:
        return self.visitor

    @property
    def engine(self) -> Engine:
        return self.open().engine

    def be(self, role: Role, name: str = "林晓") -> None:
        self.visitor = Visitor(name, role)

    def page(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.text

    def token(self, path: str = "/issues/1") -> str:
        """What a form of a page that this visitor sees carries."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.page(path))
        return found[1] if found else ""

    def post(self, path: str, **fields: str) -> int:
        """Send a form as a page would; the status."""
        return self.client.post(path, data={"csrf": make_csrf(self.visitor), **fields}).status_code

    def issue(self) -> int:
        """The hottest issue."""
        found = re.search(r'href="/issues/(\d+)"', self.page("/issues"))
        assert found
        return int(found[1])

    def suggest(self, *pairs: tuple[int, int]) -> None:
        """Let the newest run suggest to merge these issues, and nothing else."""
        runs = metadata.tables["runs"]
        newest = runs.c.id == select(func.max(runs.c.id)).scalar_subquery()
        reason = "都在望海路，说法相近"
        found = [{"first": first, "second": second, "reason": reason} for first, second in pairs]
        with self.engine.begin() as connection:
            results = connection.execute(select(runs.c.results).where(newest)).scalar_one()
            changed = results | {"merge_suggestions": found}
            connection.execute(update(runs).where(newest).values(results=changed))

    def rows(self, table: str) -> list[dict[str, object]]:
        with reading(self.engine).connect() as connection:
            return [dict(row._mapping) for row in connection.execute(select(metadata.tables[table]))]

    def digest(self) -> str:
        """A name for everything in the store."""
        said = "".join(repr(self.rows(table.name)) for table in metadata.sorted_tables)
        return hashlib.sha256(said.encode()).hexdigest()


def make_csrf(visitor: Visitor, secret: bytes = SECRET) -> str:
    from minyi.portal.security import make_token

    return make_token(secret, visitor)


@pytest.fixture
def office(folder: Path) -> Iterator[Office]:
    """The portal, first for an administrator."""
    made = Office(folder)
    yield made
    made.open().close()


@pytest.fixture
def csrf() -> Callable[..., str]:
    """Makes the token of a visitor."""
    return make_csrf


@pytest.fixture
def yesterday() -> date:
    """The day of the newest daily brief."""
    return YESTERDAY
