"""Topics: saved queries, what they find, and the special brief's run.  Command line and portal call these.

Every query is recorded in the audit.  What is found in fewer than three threads is only counted.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from analysis.results import MIN_THREADS_PER_CELL, PostRef
from minyi.errors import InputError
from minyi.topic_labels import label_of
from minyi.workspace import Workspace
from pipelines.categories import CATEGORIES, DETAILS
from pipelines.mask import find_personal
from pipelines.query import Choices, Field, Node, all_of, format_query, parse_query
from pipelines.store.audit import record
from pipelines.store.database import reading
from pipelines.store.lookups import Search
from pipelines.store.matches import (
    Matches,
    find_matches,
    matched_issues,
    matched_span,
    newest_matches,
)
from pipelines.store.topics import SEED, all_topics, find_topic, remove_topic, save_topic, unseeded

SAMPLES = 10
EXCERPT = 120
LONGEST_NAME = 60
LONGEST_SUBJECT = 256
MOST_POSTS = 100_000
MOST_DAYS = 1100


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A saved query."""

    name: str
    query: str
    staff: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicCount:
    """What a query finds.  Without `shown` (fewer than three threads) there are no samples.

    `issues` are the issues those few threads belong to, where staff may look at them.
    """

    query: str
    posts: int
    threads: int
    shown: bool
    samples: tuple[PostRef, ...] = ()
    issues: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a query is narrowed to besides: days, both counted, a source, a district."""

    first: date | None = None
    last: date | None = None
    source: str | None = None
    district: str | None = None


NO_LIMITS = Limits()


def list_topics(workspace: Workspace) -> tuple[Topic, ...]:
    """Every saved topic, by name."""
    _seed(workspace)
    with reading(workspace.engine).connect() as connection:
        return tuple(_topic(row) for row in all_topics(connection))


def get_topic(workspace: Workspace, name: str) -> Topic:
    """The saved topic of that name; InputError when there is none."""
    _seed(workspace)
    with reading(workspace.engine).connect() as connection:
        if (row := find_topic(connection, name)) is None:
            raise InputError(f"没有名为“{name}”的专题；有哪些见 minyi topic list")
        return _topic(row)


def check_query(workspace: Workspace, query: str) -> Node:
    """The query as read; QueryError, with the position, when it is wrong, InputError when it asks for a person."""
    if "\0" in query:  # nothing can be told of it: no database and no command takes it
        raise InputError("检索式里有看不见的字符，请重新输入")
    _check_impersonal(query, "检索式")
    return parse_query(query, _choices(workspace))


def _check_impersonal(text: str, what: str) -> None:
    """Not repeated in the message: it would stand in a log."""
    if found := find_personal(text):
        kinds = "、".join(dict.fromkeys(each.kind for each in found))
        raise InputError(f"{what}里像有个人信息（{kinds}）：民意只看事，不按人检索，请去掉")


def keep_topic(workspace: Workspace, name: str, query: str, *, staff: str) -> Topic:
    """Save a topic under that name, replacing an earlier one; InputError or QueryError."""
    name, query = name.strip(), query.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InputError(f"专题名要有 1 到 {LONGEST_NAME} 个字，不能换行")
    _check_impersonal(name, "专题名")
    check_query(workspace, query)
    _seed(workspace)
    now = datetime.now(UTC)
    with workspace.engine.begin() as connection:
        save_topic(connection, name, query, staff, now)
        record(connection, staff, "topic.save", name, {"query": query})
    return Topic(name=name, query=query, staff=staff, changed_at=now)


def drop_topic(workspace: Workspace, name: str, *, staff: str) -> None:
    """Remove a saved topic; its runs and briefs stay."""
    _seed(workspace)
    with workspace.engine.begin() as connection:
        if not remove_topic(connection, name):
            raise InputError(f"没有名为“{name}”的专题；有哪些见 minyi topic list")
        record(connection, staff, "topic.remove", name)


def count_topic(workspace: Workspace, wanted: str, *, staff: str, limits: Limits = NO_LIMITS) -> TopicCount:
    """What a saved topic, or a query, finds: the count and the newest samples."""
    query = query_of(workspace, wanted)
    node = narrowed(workspace, query, limits)
    with reading(workspace.engine).connect() as connection:
        found = find_matches(connection, search_for(workspace, node))
        threads = len(found.threads)
        shown = threads >= MIN_THREADS_PER_CELL
        count = TopicCount(
            query=query,
            posts=len(found.posts),
            threads=threads,
            shown=shown,
            samples=_samples(workspace, connection, found) if shown else (),
            issues=() if shown else matched_issues(connection, found),
        )
    _note_query(workspace, staff, "topic.query", wanted, node, found)
    return count


def _note_query(
    workspace: Workspace, staff: str, action: str, wanted: str, node: Node, found: Matches
) -> None:
    """Record a query, after it: a search holds no writer up."""
    details = {"query": format_query(node), "posts": len(found.posts), "threads": len(found.threads)}
    with workspace.engine.begin() as connection:
        record(connection, staff, action, wanted[:LONGEST_SUBJECT], details)


def run_topic(workspace: Workspace, wanted: str, *, staff: str, limits: Limits = NO_LIMITS) -> Row[Any]:
    """Analyse the whole threads of the posts that a saved topic, or a query, finds, as a special run.

    Without days in the limits they go from the first post found to the last.  InputError when
    fewer than three threads are found, or more posts than one topic may have.
    """
    from minyi.runs import run_on_threads

    node = narrowed(workspace, query_of(workspace, wanted), limits)
    with reading(workspace.engine).connect() as connection:
        found = find_matches(connection, search_for(workspace, node))
        span = matched_span(connection, found)
        few = len(found.threads) < MIN_THREADS_PER_CELL
        issues = matched_issues(connection, found) if few else ()
    _note_query(workspace, staff, "topic.run", wanted, node, found)
    _check_size(len(found.posts), len(found.threads), issues)
    days = [moment.astimezone(workspace.config.office.zone).date() for moment in span or ()]
    first, last = limits.first or days[0], limits.last or days[1]
    if (last - first).days >= MOST_DAYS:
        raise InputError(f"{first} 至 {last} 太长，专题最多 {MOST_DAYS} 天；请用 --from 和 --to 缩短")
    return run_on_threads(
        workspace, first, last, label_of(wanted, limits.source, limits.district), sorted(found.threads)
    )


def _check_size(posts: int, threads: int, issues: tuple[int, ...]) -> None:
    if threads < MIN_THREADS_PER_CELL:
        look = f"；可看它所属的事项：minyi issue show {issues[0]}" if issues else ""
        raise InputError(
            f"只找到 {threads} 个主题帖（{posts} 帖），不足 {MIN_THREADS_PER_CELL} 个，不出专报{look}"
        )
    if posts > MOST_POSTS:
        raise InputError(f"找到 {posts} 帖，一个专题最多 {MOST_POSTS} 帖；请加上地点、日期或更确切的词")


def query_of(workspace: Workspace, wanted: str) -> str:
    """The query of the saved topic of that name; else what is wanted is the query itself."""
    _seed(workspace)
    with reading(workspace.engine).connect() as connection:
        row = find_topic(connection, wanted)
    return str(row.query) if row is not None else wanted


def narrowed(workspace: Workspace, query: str, limits: Limits) -> Node:
    """The query within the limits."""
    if limits.first and limits.last and limits.last < limits.first:
        raise InputError(f"--from {limits.first} 晚于 --to {limits.last}，请对调")
    if limits.source is not None:
        workspace.config.source(limits.source)
    if limits.district is not None and limits.district not in _choices(workspace)["district"]:
        raise InputError(
            f"没有名为“{limits.district}”的区域；可用：{'、'.join(_choices(workspace)['district'])}"
        )
    fields = {
        "from": limits.first and limits.first.isoformat(),
        "to": limits.last and limits.last.isoformat(),
        "source": limits.source,
        "district": limits.district,
    }
    added = [Field(name, value) for name, value in fields.items() if value]  # type: ignore[arg-type]
    return all_of(check_query(workspace, query), *added)


def search_for(workspace: Workspace, node: Node) -> Search:
    """The query with what its conditions mean in this office."""
    return Search(
        node=node,
        zone=workspace.config.office.zone,
        model_version=workspace.reading_version,
        districts={source.name: source.district for source in workspace.config.sources},
    )


def _seed(workspace: Workspace) -> None:
    """Enter what the configuration has and the store has not."""
    queries = {topic.name: topic.query for topic in workspace.config.topics}
    with reading(workspace.engine).connect() as connection:
        new = unseeded(connection, queries)
    if new:
        for name, query in new.items():
            _check_impersonal(f"{name}\n{query}", "配置里有一个专题，名称或检索式")
        with workspace.engine.begin() as connection:
            for name, query in unseeded(connection, queries).items():
                save_topic(connection, name, query, SEED, datetime.now(UTC))


def _topic(row: Row[Any]) -> Topic:
    return Topic(name=row.name, query=row.query, staff=row.staff, changed_at=row.changed_at)


def _choices(workspace: Workspace) -> Choices:
    """What may be written for a source (its name or its title), a district, a category."""
    sources = {source.title: source.name for source in workspace.config.sources}
    details = [detail for finer in DETAILS.values() for detail in finer]
    return {
        "source": sources | {name: name for name in sources.values()},
        "district": {district.name: district.name for district in workspace.config.districts},
        "category": {name: name for name in (*CATEGORIES, *details)},
    }


def _samples(workspace: Workspace, connection: Connection, found: Matches) -> tuple[PostRef, ...]:
    titles = {source.name: source.title for source in workspace.config.sources}
    return tuple(
        PostRef(
            post_id=row.id,
            thread_id=row.thread_id,
            source=titles.get(row.source, row.source),
            board=row.board,
            title=row.title,
            dated_at=row.dated_at,
            url=row.url,
            text=row.text[:EXCERPT],
            agency=row.agency,
            untimed=row.untimed,
        )
        for row in newest_matches(connection, found, SAMPLES)
    )
