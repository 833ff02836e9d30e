"""What was purged at somebody's request: deleted here, and never taken in again."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, Table, delete, func, select, update

from pipelines.addresses import same_page
from pipelines.schema import (
    alerts,
    audit,
    brief_notes,
    brief_omissions,
    briefs,
    deliveries,
    instruction_states,
    instructions,
    issue_states,
    issue_threads,
    issues,
    posts,
    refusals,
    runs,
    threads,
)
from pipelines.store.database import StoreError, take_turns, upsert
from pipelines.store.masking import texts_changed

_LOCK = 6_391_105  # any number of our own
BATCH = 500

# Where staff write, and may have quoted.
_NOTES = (
    (issue_states, "note"),
    (instructions, "text"),
    (instruction_states, "note"),
    (brief_notes, "text"),
    (brief_omissions, "reason"),
    (alerts, "message"),
    (deliveries, "message"),
    (refusals, "reason"),
)


@dataclass(frozen=True, slots=True)
class Refused:
    """What a source may not bring in again: all of it, threads, single posts, addresses."""

    whole: bool = False
    threads: frozenset[str] = frozenset()
    posts: frozenset[tuple[str, str]] = frozenset()
    urls: frozenset[str] = frozenset()

    def holds(self, thread_key: str, post_key: str | None, url: str) -> bool:
        """Whether a thread, or with `post_key` a post of it, may not come in."""
        single = post_key is not None and (thread_key, post_key) in self.posts
        if self.whole or thread_key in self.threads or single:
            return True
        return bool(self.urls) and same_page(url) in self.urls


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One address that is purged; without `thread_key` the whole source, without `source` the bare address."""

    url: str
    source: str | None = None
    thread_key: str | None = None
    post_key: str | None = None


def lock_results(connection: Connection) -> None:
    """Until the transaction ends nobody freezes results or purges: a run never brings back what is purged."""
    take_turns(connection, _LOCK)


class PurgedMeanwhileError(StoreError):
    """Something was purged while a run was looking at it."""


def last_removal(connection: Connection) -> tuple[int, int]:
    """The number of the last purge, and how many texts were masked again: what a run must find unchanged."""
    purged = int(connection.execute(select(func.coalesce(func.max(refusals.c.id), 0))).scalar_one())
    return purged, texts_changed(connection)


def check_unpurged(connection: Connection, last: tuple[int, int]) -> None:
    """Nobody purges until the transaction ends; PurgedMeanwhileError when somebody did since `last`."""
    lock_results(connection)
    if last_removal(connection) != last:
        raise PurgedMeanwhileError("分析期间有帖子按要求删除或重新遮盖了，请重新运行")


def refused_of(connection: Connection, source: str) -> Refused:
    """What was refused of a source; addresses of threads count for every source."""
    every = connection.execute(select(refusals)).all()
    rows = [row for row in every if row.source == source]
    pages = [same_page(row.url) for row in every if row.post_key is None and _is_page(row)]
    return Refused(
        whole=any(row.thread_key is None for row in rows),
        threads=frozenset(row.thread_key for row in rows if row.thread_key and row.post_key is None),
        posts=frozenset((row.thread_key, row.post_key) for row in rows if row.post_key),
        urls=frozenset(page for page in pages if page is not None),
    )


def _is_page(refusal: Row[Any] | Refusal) -> bool:
    """Whether it is of one page, not of a whole source."""
    return refusal.source is None or refusal.thread_key is not None


def refused_sources(connection: Connection) -> set[str]:
    """The sources that were purged whole."""
    whole = refusals.c.source.is_not(None) & refusals.c.thread_key.is_(None)
    return set(connection.execute(select(refusals.c.source).where(whole)).scalars())


def all_refusals(connection: Connection) -> Sequence[Row[Any]]:
    """Every refusal, oldest first."""
    return connection.execute(select(refusals).order_by(refusals.c.id)).all()


def refuse(
    connection: Connection, wanted: Iterable[Refusal], reason: str, staff: str, refused_at: datetime
) -> None:
    """Never take these addresses in again."""
    same = {"reason": reason, "staff": staff, "refused_at": refused_at}
    rows = [
        {"url": each.url, "source": each.source, "thread_key": each.thread_key, "post_key": each.post_key}
        | same
        for each in wanted
    ]
    upsert(connection, refusals, rows, key=("url",), update=())


def find_address(connection: Connection, url: str) -> Row[Any] | None:
    """The stored thread of that address, with `post_key` None, or the post of it; None when there is neither."""
    same: list[Any] = [threads.c.source, threads.c.thread_key]
    of_thread: Any = select(*same).where(threads.c.url == url)
    of_post: Any = select(*same, posts.c.post_key, posts.c.is_first)
    of_post = of_post.join(posts, posts.c.thread_id == threads.c.id).where(posts.c.url == url)
    return connection.execute(of_thread).first() or connection.execute(of_post).first()


def threads_at(connection: Connection, url: str) -> Sequence[Row[Any]]:
    """The threads of any source that stand at that page, however its address is written: source, thread_key."""
    page = same_page(url)
    if page is None:
        return []
    columns: list[Any] = [threads.c.source, threads.c.thread_key, threads.c.url]
    # Which addresses mean one page no database can say; a purge may take its time.
    parts = urlsplit(url)
    like = threads.c.url.contains(parts.path.rstrip("/") or parts.query, autoescape=True)
    rows = connection.execute(select(*columns).where(like).order_by(threads.c.id)).all()
    return [row for row in rows if same_page(row.url) == page]


def everywhere(connection: Connection, refusal: Refusal) -> list[Refusal]:
    """The refusal, and the same thread where another source, or another row of a table, brought it in too."""
    if refusal.post_key is not None or not _is_page(refusal):
        return [refusal]
    others = [
        replace(refusal, source=row.source, thread_key=row.thread_key)
        for row in threads_at(connection, refusal.url)
    ]
    return [refusal, *(other for other in others if other != refusal)]


def purged_rows(connection: Connection, refusal: Refusal) -> Sequence[Row[Any]]:
    """The posts it reaches: id, thread_id, text, is_first, title."""
    columns: list[Any] = [posts.c.id, posts.c.thread_id, posts.c.text, posts.c.is_first, threads.c.title]
    query = select(*columns).join(threads, threads.c.id == posts.c.thread_id)
    return connection.execute(query.where(*_reached(refusal)).order_by(posts.c.id)).all()


def purged_threads(connection: Connection, refusal: Refusal) -> Sequence[Row[Any]]:
    """The threads it reaches whole: id, title; one without posts too."""
    columns: list[Any] = [threads.c.id, threads.c.title]
    if refusal.source is None or refusal.post_key is not None:
        return []
    return connection.execute(select(*columns).where(*_threads(refusal))).all()


def delete_purged(connection: Connection, refusal: Refusal) -> None:
    """Delete what it reaches; readings, corrections and the index go with it."""
    if refusal.post_key is not None:
        ids = select(posts.c.id).join(threads, threads.c.id == posts.c.thread_id).where(*_reached(refusal))
        connection.execute(delete(posts).where(posts.c.id.in_(ids)))
        return
    ids = select(threads.c.id).where(*_threads(refusal))
    connection.execute(delete(posts).where(posts.c.thread_id.in_(ids)))
    connection.execute(delete(threads).where(*_threads(refusal)))


def _threads(refusal: Refusal) -> list[Any]:
    here = [threads.c.source == refusal.source]
    return here if refusal.thread_key is None else [*here, threads.c.thread_key == refusal.thread_key]


def _reached(refusal: Refusal) -> list[Any]:
    if refusal.source is None:
        return [posts.c.url == refusal.url]
    whole = _threads(refusal)
    return whole if refusal.post_key is None else [*whole, posts.c.post_key == refusal.post_key]


def issues_of(connection: Connection, thread_ids: Iterable[int]) -> Sequence[Row[Any]]:
    """The issues whose title may be these threads' words: theirs, and any that staff named."""
    wanted = issue_threads.c.thread_id.in_(list(thread_ids))
    theirs = issues.c.id.in_(select(issue_threads.c.issue_id).where(wanted))
    query = select(issues).where(theirs | issues.c.renamed)
    return connection.execute(query.order_by(issues.c.id)).all()


def said_in_issue(connection: Connection, issue_id: int, besides: Set[int]) -> Iterator[str]:
    """Titles and texts of the threads of an issue, but those of the posts `besides`."""
    query = (
        select(posts.c.id, threads.c.title, posts.c.text, threads.c.gone_at)
        .join(issue_threads, issue_threads.c.thread_id == threads.c.id)
        .join(posts, posts.c.thread_id == threads.c.id)
        .where(issue_threads.c.issue_id == issue_id)
    )
    for row in connection.execute(query):
        if row.gone_at is None:
            yield row.title
        if row.id not in besides:
            yield row.text


def retitle_issue(connection: Connection, issue_id: int, title: str) -> None:
    """Call it by a title that nobody's words are in."""
    connection.execute(update(issues).where(issues.c.id == issue_id).values(title=title, renamed=False))


def rewrite_notes(connection: Connection, redact: Callable[[str], str]) -> int:
    """Rewrite whatever staff wrote; how many notes changed."""
    notes = sum(_rewrite(connection, table, column, redact) for table, column in _NOTES)
    return notes + _rewrite_deeds(connection, redact)


def _rewrite_deeds(connection: Connection, redact: Callable[[str], str]) -> int:
    """Titles that staff gave, and why they purged, stand in the audit too."""
    query = select(audit.c.id, audit.c.details).where(audit.c.action.in_(("issue.rename", "purge")))
    changed = 0
    for row in connection.execute(query).all():
        said = {name: row.details[name] for name in ("title", "reason") if row.details.get(name)}
        redacted = {name: redact(words) for name, words in said.items()}
        if redacted != said:
            details = row.details | redacted
            connection.execute(update(audit).where(audit.c.id == row.id).values(details=details))
            changed += 1
    return changed


def _rewrite(connection: Connection, table: Table, column: str, redact: Callable[[str], str]) -> int:
    keys = list(table.primary_key.columns)
    rows = connection.execute(select(*keys, table.c[column]).where(table.c[column].is_not(None))).all()
    changed = 0
    for row in rows:
        if (text := redact(row[-1])) != row[-1]:
            here = [key == value for key, value in zip(keys, row, strict=False)]
            connection.execute(update(table).where(*here).values({column: text}))
            changed += 1
    return changed


def run_ids(connection: Connection) -> Sequence[int]:
    """Every run's number, in order."""
    return connection.execute(select(runs.c.id).order_by(runs.c.id)).scalars().all()


def rewrite_runs(
    connection: Connection,
    rewrite: Callable[[Row[Any]], Mapping[str, Any] | None],
    only: Sequence[int] | None = None,
) -> set[int]:
    """Give every run, or `only` these, to `rewrite`, which answers what to change or None; ids of those that changed."""
    changed = set()
    for run_id in run_ids(connection) if only is None else only:
        run = connection.execute(select(runs).where(runs.c.id == run_id)).one()
        if values := rewrite(run):
            connection.execute(update(runs).where(runs.c.id == run_id).values(dict(values)))
            changed.add(run_id)
    return changed


def keep_approvals(
    connection: Connection, before: Mapping[int, str], digest: Callable[[Row[Any]], str]
) -> None:
    """Let briefs stand as they were approved, though their runs' results, of digest `before`, lost words."""
    for run_id, known in before.items():
        written = (briefs.c.run_id == run_id) & (briefs.c.results_hash == known)
        connection.execute(
            update(briefs).where(written).values(results_hash=digest(run_of(connection, run_id)))
        )


def run_of(connection: Connection, run_id: int) -> Row[Any]:
    """A run with its results."""
    return connection.execute(select(runs).where(runs.c.id == run_id)).one()


def briefs_of(connection: Connection, run_ids: Set[int]) -> Sequence[Row[Any]]:
    """The briefs of these runs, each with its run's window and topic."""
    columns: list[Any] = [briefs, runs.c.first_day, runs.c.last_day, runs.c.topic]
    query = select(*columns).join(runs, runs.c.id == briefs.c.run_id).where(briefs.c.run_id.in_(run_ids))
    return connection.execute(query.order_by(briefs.c.id)).all()


def briefs_with(connection: Connection, brief_ids: Iterable[int]) -> Sequence[Row[Any]]:
    """The briefs of these numbers that are still there."""
    query = select(briefs).where(briefs.c.id.in_(list(brief_ids)))
    return connection.execute(query.order_by(briefs.c.id)).all()


def deliveries_of(connection: Connection, brief_ids: Iterable[int]) -> Sequence[Row[Any]]:
    """What was sent of these briefs, or may have been, oldest first."""
    maybe_sent = deliveries.c.brief_id.in_(list(brief_ids)), deliveries.c.outcome != "failed"
    query = select(deliveries).where(*maybe_sent)
    return connection.execute(query.order_by(deliveries.c.id)).all()
