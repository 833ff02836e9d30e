"""Posts that match a query.

The index gives two sets: posts that surely match, and posts that may.  The texts of
those in between are looked up, so that both databases find what `pipelines.query`
says, to the post.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, String, and_, func, not_, select, type_coerce

from pipelines.query import Document, Field, Node, fold_text, matches
from pipelines.query.language import leaves
from pipelines.schema import corrections, issue_threads, posts, readings, threads
from pipelines.store.listed import listed
from pipelines.store.lookups import CATEGORY, Search, bounds
from pipelines.store.search import searched_text

BATCH = 10_000


class Found(NamedTuple):
    """A post that matches; `dated_at` as the driver gives it, good for nothing but to be ordered."""

    dated_at: Any
    id: int
    thread_id: int


@dataclass(frozen=True, slots=True)
class Matches:
    """What a search found."""

    posts: Sequence[Found]

    @property
    def threads(self) -> set[int]:
        """Ids of the threads with a post that matches."""
        return {found.thread_id for found in self.posts}


def find_matches(connection: Connection, search: Search) -> Matches:
    """The posts that match: those the index is sure of, and of the others those whose text says so."""
    surely, maybe = bounds(connection.dialect.name, search)
    sure = _joined(_FOUND, search).where(surely)
    document = [*_TEXT, *(_READ if _reads(search.node) else ())]
    unsure = _joined([*_FOUND, *document], search).where(maybe, not_(surely))
    found = [Found(row.at, row.id, row.thread_id) for row in _rows(connection, sure)]
    looked_up = (row for row in _rows(connection, unsure) if matches(search.node, _document(row, search)))
    found.extend(Found(row.at, row.id, row.thread_id) for row in looked_up)
    return Matches(found)


def _rows(connection: Connection, query: Select[Any]) -> Iterable[Row[Any]]:
    return connection.execute(query, execution_options={"yield_per": BATCH})


def newest_matches(connection: Connection, found: Matches, count: int) -> Sequence[Row[Any]]:
    """The newest posts that match, with their threads' source, board and title."""
    newest = [each.id for each in nlargest(count, found.posts)]
    columns = [posts.c[name] for name in ("id", "thread_id", "dated_at", "url", "text", "agency")]
    columns += [threads.c[name] for name in ("source", "board", "title")]
    query = select(*columns).join(threads, threads.c.id == posts.c.thread_id).where(posts.c.id.in_(newest))
    return connection.execute(query.order_by(posts.c.dated_at.desc(), posts.c.id.desc())).all()


def matched_issues(connection: Connection, found: Matches) -> tuple[int, ...]:
    """Ids of the stored issues those threads belong to."""
    of_threads = issue_threads.c.thread_id.in_(listed(connection, sorted(found.threads)))
    query = select(issue_threads.c.issue_id).where(of_threads).distinct()
    return tuple(sorted(connection.execute(query).scalars()))


def matched_span(connection: Connection, found: Matches) -> tuple[datetime, datetime] | None:
    """When the first and the last post that matches were written; None without any."""
    if not found.posts:
        return None
    ends = (min(found.posts).id, max(found.posts).id)
    query = select(func.min(posts.c.dated_at), func.max(posts.c.dated_at)).where(posts.c.id.in_(ends))
    first, last = connection.execute(query).one()
    return first, last


# Times are parsed where they are looked at: of a million posts, of ten.
_FOUND: list[Any] = [
    type_coerce(posts.c.dated_at, String).label("at"),
    posts.c.id,
    posts.c.thread_id,
]
_TEXT: list[Any] = [
    *(posts.c[name] for name in ("text", "is_first", "dated_at")),
    *(threads.c.source, threads.c.title),
]
_READ: list[Any] = [
    *(readings.c.places, readings.c.district, readings.c.category_detail),
    CATEGORY.label("category"),
]


def _reads(node: Node) -> bool:
    """Does the query ask for what was read of a post?"""
    return any(
        isinstance(leaf, Field) and leaf.name in ("place", "district", "category") for leaf in leaves(node)
    )


def _joined(columns: list[Any], search: Search) -> Select[Any]:
    """Posts that may be found at all: those still there for everybody to read."""
    query = select(*columns).select_from(posts).join(threads, threads.c.id == posts.c.thread_id)
    query = query.where(threads.c.gone_at.is_(None), posts.c.gone_at.is_(None), posts.c.hidden.is_(None))
    if not _reads(search.node):
        return query
    of_post = and_(readings.c.post_id == posts.c.id, readings.c.model_version == search.model_version)
    by_person = and_(
        corrections.c.post_id == posts.c.id,
        corrections.c.task == "category",
        corrections.c.text_hash == posts.c.text_hash,
    )
    return query.outerjoin(readings, of_post).outerjoin(corrections, by_person)


def _document(row: Row[Any], search: Search) -> Document:
    read = row._mapping.get
    return Document(
        text=fold_text(searched_text(row)),
        source=row.source,
        day=row.dated_at.astimezone(search.zone).date(),
        places=read("places") or (),
        district=read("district") or search.districts.get(row.source),
        category=read("category"),
        category_detail=read("category_detail"),
    )
