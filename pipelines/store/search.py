"""The index of texts: grams of every post, kept beside it and dropped with it.

Triggers drop a post's grams when its text, its title or the post itself goes, whoever
does it; `index_threads` then enters what is not there.  SQLite keeps grams in FTS5,
PostgreSQL in a tsvector without positions: both find candidates, and what a gram cannot
say for certain is looked up in the text (`pipelines.store.matches`).
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnClause, Connection, Row, and_, exists, literal_column, or_, select, text
from sqlalchemy.sql import column, table

from pipelines.query.folding import text_grams
from pipelines.schema import posts, threads
from pipelines.store.crawled import thread_ids

BATCH = 1000

_KEY = {"sqlite": "rowid", "postgresql": "post_id"}

_CREATE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE post_grams USING fts5(grams, tokenize='ascii', detail='none', columnsize=0, prefix='1')",
        """CREATE TRIGGER post_grams_of_deleted AFTER DELETE ON posts BEGIN
            DELETE FROM post_grams WHERE rowid = old.id; END""",
        """CREATE TRIGGER post_grams_of_text AFTER UPDATE OF text ON posts WHEN old.text IS NOT new.text BEGIN
            DELETE FROM post_grams WHERE rowid = old.id; END""",
        """CREATE TRIGGER post_grams_of_title AFTER UPDATE OF title ON threads WHEN old.title IS NOT new.title BEGIN
            DELETE FROM post_grams WHERE rowid IN
            (SELECT id FROM posts WHERE thread_id = new.id AND is_first); END""",
    ),
    "postgresql": (
        """CREATE TABLE post_grams (
            post_id BIGINT CONSTRAINT pk_post_grams PRIMARY KEY
            CONSTRAINT fk_post_grams_post_id REFERENCES posts (id) ON DELETE CASCADE,
            grams TSVECTOR NOT NULL)""",
        "CREATE INDEX ix_post_grams_grams ON post_grams USING gin (grams)",
        """CREATE FUNCTION drop_post_grams_of_text() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            DELETE FROM post_grams WHERE post_id = NEW.id; RETURN NULL; END $$""",
        """CREATE FUNCTION drop_post_grams_of_title() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            DELETE FROM post_grams USING posts
            WHERE post_id = posts.id AND posts.thread_id = NEW.id AND posts.is_first; RETURN NULL; END $$""",
        """CREATE TRIGGER post_grams_of_text AFTER UPDATE OF text ON posts FOR EACH ROW
            WHEN (OLD.text IS DISTINCT FROM NEW.text) EXECUTE FUNCTION drop_post_grams_of_text()""",
        """CREATE TRIGGER post_grams_of_title AFTER UPDATE OF title ON threads FOR EACH ROW
            WHEN (OLD.title IS DISTINCT FROM NEW.title) EXECUTE FUNCTION drop_post_grams_of_title()""",
    ),
}
_DROP = {
    "sqlite": (
        "DROP TRIGGER post_grams_of_deleted",
        "DROP TRIGGER post_grams_of_text",
        "DROP TRIGGER post_grams_of_title",
        "DROP TABLE post_grams",
    ),
    "postgresql": (
        "DROP TRIGGER post_grams_of_text ON posts",
        "DROP TRIGGER post_grams_of_title ON threads",
        "DROP FUNCTION drop_post_grams_of_text",
        "DROP FUNCTION drop_post_grams_of_title",
        "DROP TABLE post_grams",
    ),
}
_INSERT = {
    "sqlite": "INSERT INTO post_grams (rowid, grams) VALUES (:post, :grams)",
    "postgresql": "INSERT INTO post_grams (post_id, grams) VALUES (:post, array_to_tsvector(:grams))",
}


def create_index(connection: Connection) -> None:
    """Make the index and its triggers (a migration that rebuilds `posts` on SQLite loses them)."""
    for statement in _CREATE[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def drop_index(connection: Connection) -> None:
    """Take the index away."""
    for statement in _DROP[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def index_threads(connection: Connection, source: str, keys: Collection[str]) -> int:
    """Enter what these threads of a source hold that is not indexed; how many posts."""
    ids = list(thread_ids(connection, source, set(keys)).values())
    return _index(connection, ids) if ids else 0


def index_posts_of(connection: Connection, ids: Collection[int]) -> int:
    """Enter what these threads hold, by number, that is not indexed; how many posts."""
    return _index(connection, list(ids)) if ids else 0


def index_all(connection: Connection) -> int:
    """Enter every post that is not indexed; how many."""
    return _index(connection, None)


def _index(connection: Connection, of_threads: list[int] | None) -> int:
    count, last = 0, 0
    while rows := _unindexed(connection, last, of_threads):
        _enter(connection, rows)
        count, last = count + len(rows), rows[-1].id
    return count


def _unindexed(connection: Connection, after: int, of_threads: list[int] | None) -> Sequence[Row[Any]]:
    key: ColumnClause[int] = column(_KEY[connection.dialect.name])
    grams = table("post_grams", key)
    known = exists(literal_column("1")).select_from(grams).where(key == posts.c.id)
    said = or_(posts.c.text != "", and_(posts.c.is_first, threads.c.title != ""))
    columns: list[Any] = [posts.c.id, posts.c.text, posts.c.is_first, threads.c.title]
    query = select(*columns).join(threads, threads.c.id == posts.c.thread_id)
    query = query.where(posts.c.id > after, said, ~known).order_by(posts.c.id).limit(BATCH)
    if of_threads is not None:
        query = query.where(posts.c.thread_id.in_(of_threads))
    return connection.execute(query).all()


def _enter(connection: Connection, rows: Sequence[Row[Any]]) -> None:
    entries = [{"post": row.id, "grams": text_grams(searched_text(row))} for row in rows]
    if connection.dialect.name == "sqlite":
        entries = [entry | {"grams": " ".join(entry["grams"])} for entry in entries]
    connection.execute(text(_INSERT[connection.dialect.name]), entries)


def searched_text(row: Row[Any]) -> str:
    """What a search looks at: a first post's title belongs to it."""
    return f"{row.title}\n{row.text}" if row.is_first else str(row.text)


def compact_index(connection: Connection) -> None:
    """Merge the index, so that nothing of what was dropped lies about in it (SQLite; PostgreSQL vacuums)."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO post_grams (post_grams) VALUES ('optimize')")
