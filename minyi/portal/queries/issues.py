"""One issue as the store knows it now: its days, its threads, its answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select

from analysis.results import DayCount
from pipelines.schema import (
    corrections,
    instructions,
    issue_states,
    issue_threads,
    issues,
    posts,
    readings,
    threads,
    untimed,
)

LONGEST = 92
PAGE = 40


@dataclass(frozen=True, slots=True)
class Counted:
    """An issue's posts by day, up to the last one; answers are not among them."""

    days: tuple[DayCount, ...]
    threads: int
    posts: int
    negative: int
    first_at: datetime | None
    last_at: datetime | None


def count_issue(connection: Connection, issue_id: int, model_version: str, zone: ZoneInfo) -> Counted:
    """Residents' posts of an issue, what people corrected counting before what models read."""
    same = corrections.c.text_hash == posts.c.text_hash
    said = and_(corrections.c.post_id == posts.c.id, corrections.c.task == "sentiment", same)
    read = and_(readings.c.post_id == posts.c.id, readings.c.model_version == model_version)
    sentiment = func.coalesce(corrections.c.label, readings.c.sentiment)
    query = (
        select(posts.c.dated_at, posts.c.is_first, sentiment.label("sentiment"))
        .select_from(_posts_of(issue_id).outerjoin(readings, read).outerjoin(corrections, said))
        .where(_of(issue_id), posts.c.agency.is_(None), posts.c.hidden.is_(None))
        .order_by(posts.c.dated_at)
    )
    rows = connection.execute(query).all()
    local = [(row.dated_at.astimezone(zone).date(), row.is_first, row.sentiment == "neg") for row in rows]
    return Counted(
        days=_by_day(local),
        threads=sum(first for _, first, _ in local),
        posts=len(local),
        negative=sum(negative for _, _, negative in local),
        first_at=rows[0].dated_at if rows else None,
        last_at=rows[-1].dated_at if rows else None,
    )


def _by_day(posts: Sequence[tuple[date, bool, bool]]) -> tuple[DayCount, ...]:
    """Every day of the last ones, also those without a post."""
    if not posts:
        return ()
    last = posts[-1][0]
    first = max(posts[0][0], last - timedelta(days=LONGEST - 1))
    counts = {first + timedelta(days=n): [0, 0, 0] for n in range((last - first).days + 1)}
    for day, is_first, negative in posts:
        if day in counts:
            counts[day] = [a + b for a, b in zip(counts[day], (is_first, 1, negative), strict=True)]
    return tuple(DayCount(day=day, threads=a, posts=b, negative=c) for day, (a, b, c) in counts.items())


def _posts_of(issue_id: int) -> Any:
    joined = issue_threads.join(threads, threads.c.id == issue_threads.c.thread_id)
    return joined.join(posts, posts.c.thread_id == threads.c.id)


def _of(issue_id: int) -> ColumnElement[bool]:
    return (issue_threads.c.issue_id == issue_id) & threads.c.gone_at.is_(None) & posts.c.gone_at.is_(None)


def newest_posts(connection: Connection, issue_id: int, *, official: bool, count: int) -> Sequence[Row[Any]]:
    """Its newest posts, or answers: source, thread's title, text, url, agency, dated_at, is_first, untimed."""
    side = posts.c.agency.is_not(None) if official else posts.c.agency.is_(None)
    columns: list[Any] = [
        *(posts.c[name] for name in ("id", "thread_id", "text", "url", "agency", "dated_at", "is_first")),
        untimed.label("untimed"),
        *(threads.c[name] for name in ("source", "title")),
    ]
    query = select(*columns).select_from(_posts_of(issue_id))
    query = query.where(_of(issue_id), side, posts.c.hidden.is_(None))
    return connection.execute(query.order_by(posts.c.dated_at.desc(), posts.c.id.desc()).limit(count)).all()


def list_issues(
    connection: Connection, *, words: str | None = None, before: int | None = None, chatter: bool = False
) -> Sequence[Row[Any]]:
    """The newest issues of the store, one more than a page; those whose title holds the words, or older ones.

    Chatter is listed apart; words find both.
    """
    query = select(issues).where(issues.c.merged_into.is_(None))
    query = (
        query.where(issues.c.title.contains(words, autoescape=True))
        if words
        else query.where(_chatter() if chatter else ~_chatter())
    )
    if before is not None:
        query = query.where(issues.c.id < before)
    return connection.execute(query.order_by(issues.c.id.desc()).limit(PAGE + 1)).all()


def count_chatter(connection: Connection) -> int:
    """How many issues are listed apart."""
    query = select(func.count()).select_from(issues).where(issues.c.merged_into.is_(None), _chatter())
    return connection.execute(query).scalar_one()


def _chatter() -> ColumnElement[bool]:
    """What a run took for chatter, and no staff have taken up."""
    part = issues.alias()
    taken_up = (
        select(issue_states.c.id).where(issue_states.c.issue_id == issues.c.id).exists(),
        select(instructions.c.id).where(instructions.c.issue_id == issues.c.id).exists(),
        select(part.c.id).where(part.c.merged_into == issues.c.id).exists(),
    )
    return and_(issues.c.chatter, ~issues.c.renamed, *(~each for each in taken_up))


def last_states_of(connection: Connection, issue_ids: Iterable[int]) -> dict[int, Row[Any]]:
    """Issue id -> what staff said of it last."""
    newest = (
        select(func.max(issue_states.c.id))
        .where(issue_states.c.issue_id.in_(list(issue_ids)))
        .group_by(issue_states.c.issue_id)
    )
    rows = connection.execute(select(issue_states).where(issue_states.c.id.in_(newest)))
    return {row.issue_id: row for row in rows}


def titles_of(connection: Connection, issue_ids: Iterable[int]) -> dict[int, str]:
    """Issue id -> title."""
    query = select(issues.c.id, issues.c.title).where(issues.c.id.in_(list(issue_ids)))
    return {row.id: row.title for row in connection.execute(query)}
