"""Stored texts that a newer masking masks otherwise: found in passing, and rewritten with what was made of them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, select, update

from pipelines.schema import corrections, issues, posts, readings, threads
from pipelines.store.database import MASKED_BY, reading
from pipelines.store.search import index_posts_of
from pipelines.store.settings import read_setting, setting_of, write_setting

BATCH = 1000
LOOKED_AT = 20_000  # rows after which where we are is noted, though nothing had to change
_PROGRESS = "masking"
_CHANGED = "masked_texts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A post's text, or a thread's title, as it is stored and as it should be."""

    id: int
    thread_id: int
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some changes, the row after which to look on, and whether there is none."""

    changes: Sequence[Change]
    reached: int
    whole: bool = False


def masked_by(engine: Engine) -> str | None:
    """The masking that all stored text has passed; None in a store older than this question."""
    return read_setting(engine, MASKED_BY)


def progress(engine: Engine, version: str) -> tuple[str, int] | None:
    """The step and the row at which masking again by this version was left off."""
    known = json.loads(read_setting(engine, _PROGRESS) or "{}")
    return (known["step"], known["after"]) if known.get("by") == version else None


def note_progress(connection: Connection, version: str, step: str, after: int) -> None:
    """Note, in the transaction that masks, how far it is."""
    write_setting(connection, _PROGRESS, json.dumps({"by": version, "step": step, "after": after}))


def note_done(connection: Connection, version: str) -> None:
    """All that is stored has passed this masking."""
    write_setting(connection, MASKED_BY, version)
    write_setting(connection, _PROGRESS, "{}")


def texts_changed(connection: Connection) -> int:
    """How many stored texts were ever masked again: a run that began before the last must not be kept."""
    return int(setting_of(connection, _CHANGED) or "0")


def next_posts(engine: Engine, after: int, mask: Callable[[str], str], most: int) -> Chunk:
    """At most `most` posts after that row whose text would be masked otherwise."""
    query = select(posts.c.id, posts.c.thread_id, posts.c.text).where(posts.c.text != "")
    return _next(engine, query.order_by(posts.c.id), posts.c.id, after, mask, most)


def next_titles(engine: Engine, after: int, mask: Callable[[str], str], most: int) -> Chunk:
    """At most `most` threads after that row whose title would be masked otherwise."""
    query = select(threads.c.id, threads.c.id.label("thread_id"), threads.c.title.label("text"))
    return _next(engine, query.order_by(threads.c.id), threads.c.id, after, mask, most)


def _next(engine: Engine, query: Any, key: Any, after: int, mask: Callable[[str], str], most: int) -> Chunk:
    changes: list[Change] = []
    looked_at = 0
    while looked_at < LOOKED_AT:
        with reading(engine).connect() as connection:
            rows = connection.execute(query.where(key > after).limit(BATCH)).all()
        if not rows:
            return Chunk(changes=changes, reached=after, whole=True)
        for row in rows:
            after, looked_at = row.id, looked_at + 1
            if (masked := mask(row.text)) != row.text:
                changes.append(Change(id=row.id, thread_id=row.thread_id, before=row.text, after=masked))
                if len(changes) == most:
                    return Chunk(changes=changes, reached=after)
    return Chunk(changes=changes, reached=after)


def rewrite_posts(connection: Connection, changes: Sequence[Change], hash_of: Callable[[str], str]) -> int:
    """Store the masked texts: what was read of them is forgotten, what staff corrected stands; how many.

    A post that somebody changed meanwhile is left as it is: what comes in is masked by the present rules.
    """
    done = 0
    for change in changes:
        here = (posts.c.id == change.id) & (posts.c.text == change.before)
        known = connection.execute(select(posts.c.text_hash).where(here)).scalar_one_or_none()
        if known is None:
            continue
        values = {"text": change.after, "text_hash": hash_of(change.after)}
        connection.execute(update(posts).where(here).values(values))
        said = (corrections.c.post_id == change.id) & (corrections.c.text_hash == known)
        connection.execute(update(corrections).where(said).values(text_hash=values["text_hash"]))
        connection.execute(delete(readings).where(readings.c.post_id == change.id))
        done += 1
    _finish(connection, changes, done)
    return done


def rewrite_titles(connection: Connection, changes: Sequence[Change]) -> int:
    """Store the masked titles; a first post is read with its title, and will be again; how many."""
    done = 0
    for change in changes:
        here = (threads.c.id == change.id) & (threads.c.title == change.before)
        if connection.execute(update(threads).where(here).values(title=change.after)).rowcount:
            first = select(posts.c.id).where(posts.c.thread_id == change.id, posts.c.is_first)
            connection.execute(delete(readings).where(readings.c.post_id.in_(first)))
            done += 1
    _finish(connection, changes, done)
    return done


def _finish(connection: Connection, changes: Sequence[Change], done: int) -> None:
    index_posts_of(connection, {change.thread_id for change in changes})
    note_changed(connection, done)


def note_changed(connection: Connection, texts: int) -> None:
    """Note that so many texts were masked again: a run that looked at them before is not kept."""
    if texts:
        write_setting(connection, _CHANGED, str(texts_changed(connection) + texts))


def all_issues(connection: Connection) -> Sequence[Any]:
    """Every issue, in order."""
    return connection.execute(select(issues).order_by(issues.c.id)).all()
