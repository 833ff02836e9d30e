"""专题: write a query with its count, save it, run it over any dates, compare what came out."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query
from starlette.exceptions import HTTPException
from starlette.responses import Response

from minyi.errors import InputError
from minyi.portal.desk import Analyst, Desk, Reader, Staff
from minyi.portal.jobs import Job
from minyi.portal.queries.issues import titles_of
from minyi.portal.queries.topics import topic_runs
from minyi.topics import Limits, count_topic, drop_topic, keep_topic, narrowed
from minyi.workspace import parse_day
from pipelines.store.topics import all_topics, find_topic

router = APIRouter(prefix="/topics")

Text = Annotated[str, Form()]
LONGEST = 2000
USUAL = timedelta(days=30)


@router.get("")
def show_topics(desk: Reader, name: Annotated[str, Query(max_length=128)] = "") -> Response:
    with desk.reading() as connection:
        topic = find_topic(connection, name) if name else None
    if name and topic is None:
        raise HTTPException(404)
    today = desk.workspace.today()
    days = {"first_day": str(today - USUAL), "last_day": str(today)}
    return _page(desk, name=name, query=topic.query if topic else "", **days)


def _page(desk: Desk, *, name: str, query: str, **values: Any) -> Response:
    with desk.reading() as connection:
        topics = all_topics(connection)
        runs = topic_runs(connection, name)
    fields: dict[str, Any] = {
        "first_day": "",
        "last_day": "",
        "source": "",
        "district": "",
        "found": None,
        "titles": {},
    }
    return desk.page(
        "topics",
        here="/topics",
        topics=topics,
        runs=runs,
        name=name,
        query=query,
        sources=desk.workspace.config.sources,
        districts=[district.name for district in desk.workspace.config.districts],
        today=desk.workspace.today(),
        **(fields | values),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and what it is narrowed to, as typed."""

    query: Text = ""
    first_day: Text = ""
    last_day: Text = ""
    source: Text = ""
    district: Text = ""

    @property
    def limits(self) -> Limits:
        return Limits(
            first=parse_day(self.first_day) if self.first_day else None,
            last=parse_day(self.last_day) if self.last_day else None,
            source=self.source or None,
            district=self.district or None,
        )


Question = Annotated[Asked, Depends()]


@router.post("/try")
def try_query(desk: Staff, asked: Question, name: Text = "") -> Response:
    """The page with what the query finds, for browsers without script."""
    found, titles = _count(desk, asked)
    return _page(desk, name=name, found=found, titles=titles, **asdict(asked))


@router.post("/count")
def count(desk: Staff, asked: Question) -> Response:
    """What the query finds, as the piece of the page that shows it."""
    found, titles = _count(desk, asked)
    return desk.page("found", found=found, titles=titles)


def _count(desk: Desk, asked: Asked) -> tuple[Any, dict[int, str]]:
    words = asked.query.strip()[:LONGEST]
    found = count_topic(desk.workspace, words, staff=desk.visitor.name, limits=asked.limits)
    with desk.reading() as connection:
        return found, titles_of(connection, found.issues)


@router.post("/save")
def save(desk: Analyst, name: Text = "", query: Text = "") -> Response:
    if not name.strip() or not query.strip():
        raise InputError("请写好查询，并给专题起个名字，再保存")
    keep_topic(desk.workspace, name, query, staff=desk.visitor.name)
    return desk.go_to("/topics", name=name.strip(), said="topic")


@router.post("/forget")
def forget(desk: Analyst, name: Text) -> Response:
    drop_topic(desk.workspace, name, staff=desk.visitor.name)
    return desk.go("/topics", "forgotten")


@router.post("/run")
def run(
    desk: Staff, asked: Question, name: Text = "", forms: Annotated[list[str] | None, Form()] = None
) -> Response:
    """Begin the special brief; a saved topic runs under its name where its query was left as it is."""
    if asked.first_day or asked.last_day:
        desk.workspace.window(None, asked.first_day, asked.last_day)
    narrowed(desk.workspace, asked.query, asked.limits)
    query = asked.query.strip()
    with desk.reading() as connection:
        topic = find_topic(connection, name) if name else None
    saved = topic is not None and topic.query == query
    params = asdict(asked) | {
        "topic": name if saved else "",
        "query": "" if saved else query,
        "forms": ",".join(forms or desk.workspace.config.brief.forms),
    }
    job = Job("topic", f"专题“{name if saved else query[:30]}”", params)
    job_id = desk.portal.jobs.start(job, desk.visitor, desk.request)
    return desk.go(f"/jobs/{job_id}")
