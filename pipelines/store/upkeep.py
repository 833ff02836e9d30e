"""Keeping the database small and quick, and what was deleted from it really gone."""

import contextlib
import sqlite3
from datetime import UTC, datetime

from sqlalchemy import Engine, func, insert, inspect, select, text

from pipelines.schema import settings
from pipelines.store.database import reading
from pipelines.store.search import compact_index

MOST_WASTED = 0.2

_OF_POSTS = ("posts", "threads", "readings", "corrections", "runs", "issues", "post_grams")


def forget_deleted(engine: Engine) -> None:
    """Let no page of the files keep what was just deleted.

    SQLite overwrites deleted rows (`secure_delete`); what lingers is the index's old segments and the
    log.  PostgreSQL frees the space, which later rows take.
    """
    if engine.dialect.name == "postgresql":
        _vacuum_tables(engine)
        return
    with engine.begin() as connection:
        if inspect(connection).has_table("post_grams"):
            compact_index(connection)
    _empty_log(engine)


def tidy(engine: Engine) -> None:
    """Give free space back and let the planner know the tables as they are now."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        return
    _outside_transaction(engine, "PRAGMA optimize=0x10002")
    if _wasted(engine) > MOST_WASTED:
        # It keeps everybody out as long as it takes; when somebody is at work, it is left for tomorrow.
        with contextlib.suppress(sqlite3.OperationalError):
            _outside_transaction(engine, "PRAGMA busy_timeout=1000", "VACUUM")
    _empty_log(engine)


def is_whole(engine: Engine) -> bool:
    """Whether SQLite finds its own file in order; PostgreSQL keeps checksums itself."""
    if engine.dialect.name == "postgresql":
        return True
    with reading(engine).connect() as connection:
        found: str = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    return found == "ok"


def _wasted(engine: Engine) -> float:
    """The share of the file's pages that hold nothing."""
    with reading(engine).connect() as connection:
        free = connection.execute(text("PRAGMA freelist_count")).scalar_one()
        return float(free / max(1, connection.execute(text("PRAGMA page_count")).scalar_one()))


def _vacuum_tables(engine: Engine) -> None:
    present = set(inspect(engine).get_table_names())
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in _OF_POSTS:
            if table in present:
                connection.execute(text(f"VACUUM {table}"))


def _empty_log(engine: Engine) -> None:
    """Best effort: while others read, the log stays until the next time."""
    _outside_transaction(engine, "PRAGMA wal_checkpoint(TRUNCATE)")


def _outside_transaction(engine: Engine, *statements: str) -> None:
    """Past SQLAlchemy, which would begin a transaction, in which SQLite takes none of these."""
    connection = engine.raw_connection()
    try:
        for statement in statements:
            connection.driver_connection.execute(statement).fetchall()  # type: ignore[union-attr]
    finally:
        connection.invalidate()  # closed, and what was set on it goes with it


def try_to_write(engine: Engine) -> None:
    """Write something and take it back; what is wrong is raised as the database says it."""
    with engine.connect() as connection, connection.begin() as transaction:
        connection.execute(insert(settings).values(name="doctor", value="x"))
        transaction.rollback()


def server_time(engine: Engine) -> datetime:
    """The clock of the database; SQLite's is our own."""
    with reading(engine).connect() as connection:
        if engine.dialect.name == "sqlite":
            return datetime.now(UTC)
        found: datetime = connection.execute(select(func.now())).scalar_one()
        return found.astimezone(UTC)
