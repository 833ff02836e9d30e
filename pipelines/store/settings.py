"""Facts about the store itself: single values by name."""

from sqlalchemy import Connection, Engine, select

from pipelines.schema import settings
from pipelines.store.database import reading, upsert


def read_setting(engine: Engine, name: str) -> str | None:
    """The value, or None when it was never set."""
    with reading(engine).connect() as connection:
        return connection.execute(
            select(settings.c.value).where(settings.c.name == name)
        ).scalar_one_or_none()


def setting_of(connection: Connection, name: str) -> str | None:
    """The same, within a transaction."""
    return connection.execute(select(settings.c.value).where(settings.c.name == name)).scalar_one_or_none()


def write_setting_once(engine: Engine, name: str, value: str) -> str:
    """Set a value unless there is one; the value that holds now."""
    with engine.begin() as connection:
        upsert(connection, settings, [{"name": name, "value": value}], key=("name",), update=())
        return str(connection.execute(select(settings.c.value).where(settings.c.name == name)).scalar_one())


def write_setting(connection: Connection, name: str, value: str) -> None:
    """Set a value, whatever it was."""
    upsert(connection, settings, [{"name": name, "value": value}], key=("name",), update=("value",))
