"""专题: write a query with its count, save it, run it over any dates, compare what came out."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from minyi.errors import InputError
from minyi.portal.desk import Analyst, Desk, Reader, Staff
from minyi.portal.jobs import Job
from minyi.portal.queries.issues import titles_of
from minyi.portal.queries.topics import runs_before, topic_runs
from minyi.portal.words import FORMS
from minyi.topic_labels import asked_in
from minyi.topics import Limits, count_topic, drop_topic, keep_topic, narrowed
from minyi.workspace import parse_day
from pipelines.store.topics import all_topics, find_topic

router = APIRouter(prefix="/topics")

Text = Annotated[str, Form()]
LONGEST = 2000
USUAL = timedelta(days=30)


class Wanted(BaseModel):
    """A topic, or a query of its own, and what it is to be narrowed to: what links to the page carry."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: str = Field(default="", max_length=128)
    query: str = Field(default="", max_length=LONGEST)
    first_day: str = Field(default="", max_length=10)
    last_day: str = Field(default="", max_length=10)
    source: str = Field(default="", max_length=128)
    district: str = Field(default="", max_length=128)


@router.get("")
def show_topics(desk: Reader, wanted: Annotated[Wanted, Query()]) -> Response:
    with desk.reading() as connection:
        topic = find_topic(connection, wanted.name) if wanted.name else None
    if wanted.name and topic is None:
        raise HTTPException(404)
    today = desk.workspace.today()
    fields = wanted.model_dump()
    if not (wanted.first_day or wanted.last_day):
        fields |= {"first_day": str(today - USUAL), "last_day": str(today)}
    if topic is not None:
        fields |= {"query": topic.query, "loaded": topic.query}
    return _page(desk, **fields)


def _page(desk: Desk, *, name: str, query: str, **values: Any) -> Response:
    with desk.reading() as connection:
        topics = all_topics(connection)
        runs = topic_runs(connection, name)
        before = runs_before(connection, {row.topic for row in runs})
    saved = {topic.name for topic in topics}
    fields: dict[str, Any] = {"found": None, "titles": {}, "loaded": ""}
    return desk.page(
        "topics",
        here="/topics",
        topics=topics,
        runs=runs,
        before=before,
        again={row.id: again(desk, row, saved) for row in runs},
        name=name,
        query=query,
        sources=desk.workspace.config.sources,
        districts=[district.name for district in desk.workspace.config.districts],
        today=desk.workspace.today(),
        **(fields | values),
    )


def again(desk: Desk, run: Any, saved: Collection[str]) -> str | None:
    """The address where a special brief of the same topic can be made over other days."""
    config = desk.workspace.config
    names = [each.name for each in config.sources], [each.name for each in config.districts]
    if (asked := asked_in(run.topic, *names)) is None:
        return None
    wanted, source, district = asked
    fields = {
        "name" if wanted in saved else "query": wanted,
        "first_day": run.first_day,
        "last_day": run.last_day,
        "source": source,
        "district": district,
    }
    return desk.address(f"/topics?{urlencode({key: value for key, value in fields.items() if value})}")


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
        """InputError in the page's words when the days are none, or in the wrong order."""
        first = parse_day(self.first_day) if self.first_day else None
        last = parse_day(self.last_day) if self.last_day else None
        if first and last and last < first:
            raise InputError(f"“从”的日期 {first} 晚于“到”的日期 {last}，请对调")
        return Limits(
            first=first,
            last=last,
            source=self.source or None,
            district=self.district or None,
        )


Question = Annotated[Asked, Depends()]


@router.post("/try")
def try_query(desk: Staff, asked: Question, name: Text = "", loaded: Text = "") -> Response:
    """The page with what the query finds, for browsers without script."""
    found, titles = _count(desk, asked)
    return _page(desk, name=name, found=found, titles=titles, loaded=loaded, **asdict(asked))


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
def save(desk: Analyst, name: Text = "", query: Text = "", loaded: Text = "") -> Response:
    """`loaded` is the query that was there before: nobody replaces another one unseen."""
    if not name.strip() or not query.strip():
        raise InputError("请写好查询，并给专题起个名字，再保存")
    with desk.reading() as connection:
        kept = find_topic(connection, name.strip())
    if kept is not None and kept.query not in (query.strip(), loaded.strip()):
        raise InputError(f"已有名为“{kept.name}”的专题，查的是：{kept.query}；请先打开它再改，或换个名称")
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
    limits, today = asked.limits, desk.workspace.today()
    if late := next((day for day in (limits.first, limits.last) if day and day > today), None):
        raise InputError(f"{late} 还没有到，今天是 {today}")
    narrowed(desk.workspace, asked.query, limits)
    known = desk.workspace.config.brief.forms
    if not set(forms or ()) <= set(known):
        raise InputError(f"专报的样式只能是：{'、'.join(FORMS.get(form, form) for form in known)}")
    query = asked.query.strip()
    with desk.reading() as connection:
        topic = find_topic(connection, name) if name else None
    saved = topic is not None and topic.query == query
    params = asdict(asked) | {
        "topic": name if saved else "",
        "query": "" if saved else query,
        "forms": ",".join(forms or known),
    }
    job = Job("topic", f"专题“{name if saved else query[:30]}”", params)
    job_id = desk.portal.jobs.start(job, desk.visitor, desk.request)
    return desk.go(f"/jobs/{job_id}")
