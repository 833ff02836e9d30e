"""专题: write a query with its count, save it, run it over any dates, compare what came out."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.exceptions import HTTPException
from starlette.responses import Response

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


@router.post("/try")
def try_query(
    desk: Staff,
    query: Text = "",
    name: Text = "",
    first_day: Text = "",
    last_day: Text = "",
    source: Text = "",
    district: Text = "",
) -> Response:
    """The page with what the query finds, for browsers without script."""
    found, titles = _count(desk, query, _limits(first_day, last_day, source, district))
    fields = {"first_day": first_day, "last_day": last_day, "source": source, "district": district}
    return _page(desk, name=name, query=query, found=found, titles=titles, **fields)


@router.post("/count")
def count(
    desk: Staff,
    query: Text = "",
    first_day: Text = "",
    last_day: Text = "",
    source: Text = "",
    district: Text = "",
) -> Response:
    """What the query finds, as the piece of the page that shows it."""
    found, titles = _count(desk, query, _limits(first_day, last_day, source, district))
    return desk.page("found", found=found, titles=titles)


def _count(desk: Desk, query: str, limits: Limits) -> tuple[Any, dict[int, str]]:
    found = count_topic(desk.workspace, query.strip()[:LONGEST], staff=desk.visitor.name, limits=limits)
    with desk.reading() as connection:
        return found, titles_of(connection, found.issues)


def _limits(first_day: str, last_day: str, source: str, district: str) -> Limits:
    return Limits(
        first=parse_day(first_day) if first_day else None,
        last=parse_day(last_day) if last_day else None,
        source=source or None,
        district=district or None,
    )


@router.post("/save")
def save(desk: Analyst, name: Text, query: Text) -> Response:
    keep_topic(desk.workspace, name, query, staff=desk.visitor.name)
    return desk.go_to("/topics", name=name.strip(), said="topic")


@router.post("/forget")
def forget(desk: Analyst, name: Text) -> Response:
    drop_topic(desk.workspace, name, staff=desk.visitor.name)
    return desk.go("/topics", "forgotten")


@router.post("/run")
def run(
    desk: Staff,
    query: Text = "",
    name: Text = "",
    first_day: Text = "",
    last_day: Text = "",
    source: Text = "",
    district: Text = "",
    forms: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Begin the special brief; a saved topic runs under its name where its query was left as it is."""
    if first_day or last_day:
        desk.workspace.window(None, first_day, last_day)
    narrowed(desk.workspace, query, _limits(first_day, last_day, source, district))
    with desk.reading() as connection:
        topic = find_topic(connection, name) if name else None
    saved = topic is not None and topic.query == query.strip()
    params = {
        "topic": name if saved else "",
        "query": "" if saved else query.strip(),
        "first_day": first_day,
        "last_day": last_day,
        "source": source,
        "district": district,
        "forms": ",".join(forms or desk.workspace.config.brief.forms),
    }
    job = Job("topic", f"专题“{name if saved else query.strip()[:30]}”", params)
    job_id = desk.portal.jobs.start(job, desk.visitor, desk.request)
    return desk.go(f"/jobs/{job_id}")
