"""Posts that match a query.

The index gives two sets: posts that surely match, and posts that may.  The texts of
those in between are looked up, so that both databases find what `pipelines.query`
says, to the post.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nlargest
from typing import Any

from sqlalchemy import Connection, Row, Select, String, and_, func, select, type_coerce

from pipelines.query import Document, Field, Node, fold_text, matches
from pipelines.query.language import leaves
from pipelines.schema import corrections, issue_threads, posts, readings, threads, untimed
from pipelines.store.listed import listed
from pipelines.store.lookups import CATEGORY, Search, bounds
from pipelines.store.search import searched_text

BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Matches:
    """What a search found, as columns; `dated_at` as the driver gives it, good for nothing but to be ordered."""

    dated_at: list[Any] = field(default_factory=list)
    posts: list[int] = field(default_factory=list)
    thread_of: list[int] = field(default_factory=list)

    @property
    def threads(self) -> set[int]:
        """Ids of the threads with a post that matches."""
        return set(self.thread_of)

    def newest_first(self, count: int) -> list[int]:
        """Ids of the newest posts."""
        return [post for _, post in nlargest(count, zip(self.dated_at, self.posts, strict=True))]


def find_matches(connection: Connection, search: Search) -> Matches:
    """The posts that match: those the index is sure of, and of the others those whose text says so."""
    maybe, surely = bounds(connection.dialect.name, search)
    # Times are parsed where they are looked at: of a million posts, of ten.
    at = type_coerce(posts.c.dated_at, String).label("at")
    query = _joined([at, posts.c.id, posts.c.thread_id, surely.label("sure")], search).where(maybe)
    found = Matches()
    unsure: dict[int, Row[Any]] = {}
    for rows in connection.execute(query, execution_options={"yield_per": BATCH}).partitions():
        unsure |= {row.id: row for row in rows if not row.sure}
        _add(found, [row for row in rows if row.sure])
    matching = _matching(connection, search, list(unsure))
    _add(found, [unsure[post] for post in matching])
    return found


def _add(found: Matches, rows: Sequence[Row[Any]]) -> None:
    if rows:
        dated_at, ids, thread_of, _ = zip(*rows, strict=True)
        found.dated_at.extend(dated_at)
        found.posts.extend(ids)
        found.thread_of.extend(thread_of)


def _matching(connection: Connection, search: Search, ids: list[int]) -> list[int]:
    """Those of the posts whose text matches."""
    if not ids:
        return []
    columns = [*_TEXT, *(_READ if _reads(search.node) else ())]
    query = _joined(columns, search).where(posts.c.id.in_(listed(connection, ids)))
    rows = connection.execute(query, execution_options={"yield_per": BATCH})
    return [row.id for row in rows if matches(search.node, _document(row, search))]


def newest_matches(connection: Connection, found: Matches, count: int) -> Sequence[Row[Any]]:
    """The newest posts that match, with their threads' source, board and title."""
    newest = found.newest_first(count)
    columns: list[Any] = [
        *(posts.c[name] for name in ("id", "thread_id", "dated_at", "url", "text", "agency")),
        untimed.label("untimed"),
        *(threads.c[name] for name in ("source", "board", "title")),
    ]
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
    times = list(zip(found.dated_at, found.posts, strict=True))
    ends = [post for _, post in (min(times), max(times))]
    query = select(func.min(posts.c.dated_at), func.max(posts.c.dated_at)).where(posts.c.id.in_(ends))
    first, last = connection.execute(query).one()
    return first, last


_TEXT: list[Any] = [
    *(posts.c[name] for name in ("id", "text", "is_first", "dated_at")),
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
