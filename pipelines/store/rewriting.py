"""Taking words out of what was made of posts, or written about them: notes, issues' titles, runs, briefs."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain, count
from typing import Any

from sqlalchemy import Column, Connection, Row, Table, func, select, update

from pipelines.schema import audit, briefs, deliveries, issue_threads, issues, posts, runs, threads
from pipelines.store.free_text import NAMES, NOTES


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
    notes = sum(_rewrite(connection, table, column, redact) for table, column in NOTES)
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


def rewrite_audit(connection: Connection, redact: Callable[[str], str]) -> int:
    """Rewrite whatever was typed and stands in the audit, queries too, but no staff's name; how many entries changed."""
    columns: list[Any] = [audit.c.id, audit.c.action, audit.c.subject, audit.c.details]
    changed = 0
    for row in connection.execute(select(*columns)).all():
        after = {"details": _walk(row.details, redact)}
        if row.action.startswith("topic."):  # its subject is the topic, elsewhere a number or an address
            after |= {"subject": _fitting(audit, "subject", redact(row.subject))}
        if any(getattr(row, name) != value for name, value in after.items()):
            connection.execute(update(audit).where(audit.c.id == row.id).values(after))
            changed += 1
    return changed


def _walk(value: Any, redact: Callable[[str], str]) -> Any:
    match value:
        case str():
            return redact(value)
        case list():
            return [_walk(each, redact) for each in value]
        case dict():
            return {name: _walk(each, redact) for name, each in value.items()}
    return value


def _rewrite(connection: Connection, table: Table, column: str, redact: Callable[[str], str]) -> int:
    keys = list(table.primary_key.columns)
    rows = connection.execute(select(*keys, table.c[column]).where(table.c[column].is_not(None))).all()
    changed = 0
    for row in rows:
        if (text := _fitting(table, column, redact(row[-1]))) != row[-1]:
            here = [key == value for key, value in zip(keys, row, strict=False)]
            connection.execute(update(table).where(*here).values({column: text}))
            changed += 1
    return changed


def rewrite_names(connection: Connection, redact: Callable[[str], str]) -> int:
    """Rewrite what boards, agencies, places and topics are called; how many different names changed."""
    changed = 0
    for table, column in NAMES:
        here = table.c[column]
        known = set(connection.execute(select(here).distinct().where(here.is_not(None))).scalars())
        for name in sorted(known):
            if (after := _fitting(table, column, redact(name))) == name:
                continue
            if here.unique:
                after = _untaken(after, known, here)
                known.add(after)
            connection.execute(update(table).where(here == name).values({column: after}))
            changed += 1
    return changed


def _fitting(table: Table, column: str, text: str) -> str:
    """The text as far as the column holds it: a mask may be longer than what it masks."""
    return text[: _length(table.c[column])]


def _untaken(name: str, taken: Set[str], column: Column[Any]) -> str:
    """The name, numbered where another is called so, as far as the column holds it."""
    longest = _length(column)
    ends = chain([""], (f"（{number}）" for number in count(2)))
    cut = (name[: longest and longest - len(end)] + end for end in ends)
    return next(each for each in cut if each not in taken)


def _length(column: Column[Any]) -> int | None:
    """How many characters the column holds; None for any number."""
    length: int | None = getattr(column.type, "length", None)
    return length


def run_ids(connection: Connection) -> Sequence[int]:
    """Every run's number, in order."""
    return connection.execute(select(runs.c.id).order_by(runs.c.id)).scalars().all()


def runs_since(connection: Connection, thread_ids: Iterable[int]) -> Sequence[int]:
    """The runs, in order, that may speak of one of these threads: made since the first of them was stored."""
    first = select(func.min(threads.c.first_seen_at)).where(threads.c.id.in_(list(thread_ids)))
    query = select(runs.c.id).where(runs.c.made_at >= first.scalar_subquery())
    return connection.execute(query.order_by(runs.c.id)).scalars().all()


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


def free_topic(connection: Connection, run: Row[Any], topic: str) -> str:
    """The topic as the run may be called by: numbered where another run of all the same is called so."""
    topic = _fitting(runs, "topic", topic)
    same = [runs.c[name] == getattr(run, name) for name in ("kind", "first_day", "last_day", "inputs_hash")]
    others = select(runs.c.topic).where(*same, runs.c.id != run.id)
    return _untaken(topic, set(connection.execute(others).scalars()), runs.c.topic)


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
