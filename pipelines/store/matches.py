"""Posts that match a query.

The index gives two sets: posts that surely match, and posts that may.  The texts of
those in between are looked up, so that both databases find what `pipelines.query`
says, to the post.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, distinct, func, not_, or_, select

from pipelines.query import Document, Field, Node, fold_text, matches
from pipelines.query.language import leaves
from pipelines.schema import corrections, issue_threads, posts, readings, threads
from pipelines.store.listed import listed
from pipelines.store.lookups import CATEGORY, Search, bounds
from pipelines.store.search import searched_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """What a search found: a condition on posts, to be used within the same transaction."""

    search: Search
    found: ColumnElement[bool]


BATCH = 1000


def find_matches(connection: Connection, search: Search) -> Matches:
    """Look up what the index is not sure of, and return the posts that match."""
    surely, maybe = bounds(connection.dialect.name, search)
    unsure = _joined(_DOCUMENT, search, read=True).where(maybe, not_(surely))
    rows = connection.execute(unsure, execution_options={"yield_per": BATCH})
    found = [row.id for row in rows if matches(search.node, _document(row, search))]
    condition = or_(surely, posts.c.id.in_(listed(connection, found))) if found else surely
    return Matches(search=search, found=condition)


def count_matches(connection: Connection, matched: Matches) -> tuple[int, int]:
    """How many posts, in how many threads."""
    row = connection.execute(_found([func.count(), func.count(distinct(posts.c.thread_id))], matched)).one()
    return row[0], row[1]


def newest_matches(connection: Connection, matched: Matches, count: int) -> Sequence[Row[Any]]:
    """The newest posts that match, with their threads' source, board and title."""
    columns = [posts.c[name] for name in ("id", "thread_id", "dated_at", "url", "text", "agency")]
    columns += [threads.c[name] for name in ("source", "board", "title")]
    query = _found(columns, matched).order_by(posts.c.dated_at.desc(), posts.c.id.desc())
    return connection.execute(query.limit(count)).all()


def matched_threads(connection: Connection, matched: Matches) -> list[int]:
    """Ids of the threads with a post that matches."""
    return sorted(connection.execute(_found([posts.c.thread_id], matched).distinct()).scalars())


def matched_issues(connection: Connection, matched: Matches) -> tuple[int, ...]:
    """Ids of the stored issues those threads belong to."""
    of_threads = issue_threads.c.thread_id.in_(_found([posts.c.thread_id], matched))
    query = select(issue_threads.c.issue_id).where(of_threads).distinct()
    return tuple(sorted(connection.execute(query).scalars()))


def matched_span(connection: Connection, matched: Matches) -> tuple[datetime, datetime] | None:
    """When the first and the last post that matches were written; None without any."""
    ends = [func.min(posts.c.dated_at), func.max(posts.c.dated_at)]
    first, last = connection.execute(_found(ends, matched)).one()
    return (first, last) if first is not None else None


_DOCUMENT: list[Any] = [
    *(posts.c[name] for name in ("id", "text", "is_first", "dated_at")),
    *(threads.c.source, threads.c.title),
    *(readings.c.places, readings.c.district, readings.c.category_detail),
    CATEGORY.label("category"),
]


def _found(columns: list[Any], matched: Matches) -> Select[Any]:
    return _joined(columns, matched.search, read=_reads(matched.search.node)).where(matched.found)


def _reads(node: Node) -> bool:
    """Does the query ask for what was read of a post?"""
    return any(
        isinstance(leaf, Field) and leaf.name in ("place", "district", "category") for leaf in leaves(node)
    )


def _joined(columns: list[Any], search: Search, *, read: bool) -> Select[Any]:
    """Posts that may be found at all: those still there for everybody to read."""
    query = select(*columns).select_from(posts).join(threads, threads.c.id == posts.c.thread_id)
    query = query.where(threads.c.gone_at.is_(None), posts.c.gone_at.is_(None), posts.c.hidden.is_(None))
    if not read:
        return query
    of_post = and_(readings.c.post_id == posts.c.id, readings.c.model_version == search.model_version)
    by_person = and_(
        corrections.c.post_id == posts.c.id,
        corrections.c.task == "category",
        corrections.c.text_hash == posts.c.text_hash,
    )
    return query.outerjoin(readings, of_post).outerjoin(corrections, by_person)


def _document(row: Row[Any], search: Search) -> Document:
    return Document(
        text=fold_text(searched_text(row)),
        source=row.source,
        day=row.dated_at.astimezone(search.zone).date(),
        places=row.places or (),
        district=row.district or search.districts.get(row.source),
        category=row.category,
        category_detail=row.category_detail,
    )
