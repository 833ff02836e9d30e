"""Opening SQLite or PostgreSQL, and bringing the schema up to date."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy
from sqlalchemy import Connection, Engine, Table, create_engine, event, func, inspect, make_url, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from pipelines import schema
from pipelines.version import masking_version

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent.parent / "migrations"
BUSY_SECONDS = 60
MASKED_BY = "masked_by"
_UPGRADE_LOCK = 6_391_104  # any number of our own


class StoreError(Exception):
    """The store cannot be used; the message says what to do."""


def open_database(url: str) -> Engine:
    """An engine for `url`, its schema brought up to date; StoreError when that cannot be."""
    engine = _create_engine(url)
    try:
        upgrade(engine)
    except StoreError:
        engine.dispose()
        raise
    except DBAPIError as error:
        engine.dispose()
        reason = str(error.orig).strip().splitlines()[0]
        address = engine.url.render_as_string()
        raise StoreError(f"打不开数据库 {address}：{reason}；请检查地址、权限和磁盘空间") from error
    return engine


@contextmanager
def fetching(connection: Connection) -> Iterator[None]:
    """What the driver says of rows that are fetched past SQLAlchemy is raised as SQLAlchemy raises it."""
    kind = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except kind as error:
        raise DBAPIError.instance(None, None, error, kind, dialect=connection.dialect) from error


def _create_engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            return create_engine(
                parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True
            )
        if parsed.get_backend_name() == "sqlite":
            return _create_sqlite(parsed)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise StoreError("MINYI_DATABASE_URL 不是有效的数据库地址") from error
    raise StoreError("只支持 sqlite:/// 和 postgresql:// 开头的数据库地址")


def _create_sqlite(url: sqlalchemy.URL) -> Engine:
    if url.database:
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
            Path(url.database).touch(mode=0o640)  # residents' words are not for every user of the machine
        except OSError as error:
            raise StoreError(f"建不了数据目录 {Path(url.database).parent}：{error.strerror}") from error
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediately)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # pysqlite's own implicit BEGIN would start transactions as readers, which then
    # fail with "database is locked" when they become writers beside another process.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what is purged or forgotten is overwritten in the file
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediately(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def reading(engine: Engine) -> Engine:
    """The same engine for transactions that only read: on SQLite they wait for no writer."""
    return engine.execution_options(reading=True)


def upgrade(engine: Engine) -> bool:
    """Bring the schema up to date; True when anything changed."""
    if check_schema(engine):
        return False
    # Imported where it is used: it takes a third of a second, and a store is seldom upgraded.
    from alembic import command

    with engine.connect() as connection:
        _enforce_foreign_keys(connection, False)
        with connection.begin():
            take_turns(connection, _UPGRADE_LOCK)
            fresh = _revision(connection) is None
            settings = _alembic()
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")
            if fresh:  # whatever comes in from now on is masked by the present rules
                known = {"name": MASKED_BY, "value": masking_version()}
                connection.execute(sqlalchemy.insert(schema.settings).values(known))
        _enforce_foreign_keys(connection, True)
    return True


def take_turns(connection: Connection, number: int) -> None:
    """Let no other transaction past this line with the same number until this one ends."""
    if connection.dialect.name == "postgresql":
        # SQLite's BEGIN IMMEDIATE already lets one process in at a time.
        connection.execute(select(func.pg_advisory_xact_lock(number)))


def _enforce_foreign_keys(connection: Connection, on: bool) -> None:
    """Off while SQLite's tables are rebuilt: dropping the old one would delete the rows that refer to it."""
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite" and driver is not None:
        # Past SQLAlchemy, which would begin a transaction, in which SQLite ignores this.
        driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def check_schema(engine: Engine) -> bool:
    """Is the schema the one this program was written for?  StoreError when it is a newer one."""
    known = _revisions()
    with reading(engine).connect() as connection:
        current = _revision(connection)
    if current is not None and current not in known:
        raise StoreError("数据库由更新版本的 Minyi 建立；请升级程序后再运行")
    return current == known[-1]


def _revision(connection: Connection) -> str | None:
    """The schema of the store; None where there is none yet."""
    migrated = inspect(connection).has_table("alembic_version")
    return connection.scalar(text("SELECT version_num FROM alembic_version")) if migrated else None


def _revisions() -> list[str]:
    """Every schema there was, in order: migrations are named by number."""
    return sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _alembic() -> "Config":
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.set_main_option("path_separator", "os")
    return settings


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[dict[str, Any]],
    *,
    key: Iterable[str],
    update: Iterable[str],
    keep: Iterable[str] = (),
    first: Mapping[str, Iterable[str]] | None = None,
) -> None:
    """Insert rows; where `key` exists set the columns in `update`, and those in `keep` only while empty.

    A column in `first` becomes the first filled one of some that are kept.
    """
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    new = statement.excluded
    changes = {name: new[name] for name in update}
    changes |= {name: sqlalchemy.func.coalesce(table.c[name], new[name]) for name in keep}
    for name, kept in (first or {}).items():
        known = [side[each] for each in kept for side in (table.c, new)]
        changes[name] = sqlalchemy.func.coalesce(*known, table.c[name])
    if changes:
        connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changes), rows)
    else:
        connection.execute(statement.on_conflict_do_nothing(index_elements=list(key)), rows)
