"""Opening and upgrading a store."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError

from pipelines.query import parse_query
from pipelines.schema import metadata, posts, untimed
from pipelines.store import StoreError, check_schema, database, open_database, upgrade
from pipelines.store.lookups import Search
from pipelines.store.matches import find_matches


def test_migrations_make_exactly_the_tables_of_the_schema(engine: Engine) -> None:
    """The index of texts apart: it is not the same in both databases."""

    def of_schema(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "table" or name in metadata.tables

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": of_schema})
        assert compare_metadata(context, metadata) == []


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    assert check_schema(engine)
    assert upgrade(engine) is False


def test_workers_that_start_at_once_upgrade_once(empty_database_url: str) -> None:
    with ThreadPoolExecutor(4) as workers:
        engines = list(workers.map(open_database, [empty_database_url] * 4))
    assert all(check_schema(engine) for engine in engines)
    for engine in engines:
        engine.dispose()


def test_a_store_of_a_newer_program_is_refused(database_url: str) -> None:
    engine = open_database(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreError, match="更新版本"):
        open_database(database_url)


@pytest.mark.parametrize("url", ["mysql://localhost/x", "not an address", "", "oracle://x"])
def test_another_kind_of_database_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(StoreError) as error:
        open_database(url)
    assert "\n" not in str(error.value)


def test_a_dead_server_is_one_line_without_the_password() -> None:
    with pytest.raises(StoreError) as error:
        open_database("postgresql://minyi:hush@127.0.0.1:1/minyi")
    assert "打不开数据库" in str(error.value)
    assert "hush" not in str(error.value)


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "minyi.db"
    file.write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(StoreError, match="打不开数据库"):
        open_database(f"sqlite:///{file}")


def test_a_new_sqlite_file_is_closed_to_other_users(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path / 'minyi.db'}").dispose()
    assert (tmp_path / "minyi.db").stat().st_mode & 0o007 == 0


def test_sqlite_keeps_readers_and_a_writer_apart(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path / 'minyi.db'}").dispose()
    with sqlite3.connect(tmp_path / "minyi.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_store_of_the_first_schema_keeps_its_briefs_when_upgraded(database_url: str) -> None:
    """SQLite's table of runs is rebuilt, and briefs refer to it."""
    engine = open_database(database_url)
    _migrate(engine, command.downgrade, "0001")
    day = "'2026-03-01'"
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO runs (id, kind, first_day, last_day, config_hash, lexicon_hash, model_version,"
                f" results, made_at) VALUES (1, 'daily', {day}, {day}, '', '', '', '{{}}', {day})"
            )
        )
        connection.execute(
            text(
                "INSERT INTO briefs (id, run_id, kind, year, number, state, made_at)"
                f" VALUES (1, 1, 'daily', 2026, 7, 'approved', {day})"
            )
        )
    assert upgrade(engine) is True
    with engine.begin() as connection:
        assert connection.execute(text("SELECT number FROM briefs")).scalar_one() == 7
        with pytest.raises(IntegrityError):
            connection.execute(text("UPDATE briefs SET run_id = 99"))
    engine.dispose()


def test_texts_of_the_first_schema_are_searched_after_the_upgrade(database_url: str) -> None:
    engine = open_database(database_url)
    _migrate(engine, command.downgrade, "0001")
    day = "'2026-03-01'"
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO threads (id, source, thread_key, url, title, first_seen_at, last_seen_at)"
                f" VALUES (1, 'bbs', '1', '', '路灯', {day}, {day})"
            )
        )
        connection.execute(
            text(
                "INSERT INTO posts (id, thread_id, post_key, url, text, text_hash, is_first, seen_at, dated_at)"
                f" VALUES (7, 1, '1', '', '不亮了', '', TRUE, {day}, {day})"
            )
        )
    assert upgrade(engine) is True
    search = Search(node=parse_query("路灯 不亮"), zone=ZoneInfo("Asia/Shanghai"), model_version="")
    with engine.begin() as connection:
        assert find_matches(connection, search).posts == [7]
        connection.execute(text("DELETE FROM threads"))
        assert connection.execute(text("SELECT count(*) FROM post_grams")).scalar_one() == 0
    engine.dispose()


def test_answers_that_borrowed_a_time_lose_it_when_upgraded(database_url: str) -> None:
    """Of tables and of letters; a forum's answer of that very second keeps its time."""
    engine = open_database(database_url)
    _migrate(engine, command.downgrade, "0003")
    day, later, earlier = "'2026-03-01 08:00:00'", "'2026-03-02 08:00:00'", "'2026-02-28 16:00:00'"
    with engine.begin() as connection:
        for thread, (question, answer, answered_at) in enumerate(
            (
                *(("7", "7-reply", day), ("8", "8-reply", earlier), ("9", "9-reply", later)),
                *(("question", "answer", day), ("100", "101", day)),
            ),
            start=1,
        ):
            connection.execute(
                text(
                    "INSERT INTO threads (id, source, thread_key, url, title, first_seen_at, last_seen_at)"
                    f" VALUES ({thread}, 'bbs', '{thread}', '', '路灯', {day}, {day})"
                )
            )
            for key, agency, at in ((question, "NULL", day), (answer, "'城管局'", answered_at)):
                connection.execute(
                    text(
                        "INSERT INTO posts (thread_id, post_key, url, text, text_hash, is_first, agency,"
                        f" posted_at, seen_at, dated_at) VALUES ({thread}, '{key}', '', '灯', '',"
                        f" {agency == 'NULL'}, {agency}, {at}, {day}, {at})"
                    )
                )
    assert upgrade(engine) is True
    asked = datetime(2026, 3, 1, 8, tzinfo=UTC)
    query = select(posts.c.post_key, posts.c.posted_at, posts.c.dated_at, untimed).where(~posts.c.is_first)
    with engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(query.order_by(posts.c.thread_id))] == [
            ("7-reply", None, asked, True),
            ("8-reply", None, asked, True),
            ("9-reply", asked + timedelta(days=1), asked + timedelta(days=1), False),
            ("answer", None, asked, True),
            ("101", asked, asked, False),
        ]
    engine.dispose()


def _migrate(engine: Engine, change: Callable[[Config, str], None], revision: str) -> None:
    with engine.connect() as connection:
        database._enforce_foreign_keys(connection, False)
        with connection.begin():
            settings = database._alembic()
            settings.attributes["connection"] = connection
            change(settings, revision)
        database._enforce_foreign_keys(connection, True)
