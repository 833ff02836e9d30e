"""A copy of the store while it is in use, and the way back.  The author key is never part of it."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from minyi.errors import InputError, MinyiError
from minyi.purge import reapply_refusals
from minyi.refusal_file import copy_refusals, keep_refusals, take_back_refusals
from minyi.workspace import Workspace
from pipelines.store import audit

LAST_SECONDS = 60.0


class BackupError(MinyiError):
    """The copy could not be made or is not whole; nothing was replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did: where the store before lies (None: there was none), how many posts were purged again."""

    before: Path | None
    purged: int


def back_up(workspace: Workspace, to: Path | None = None) -> Path:
    """Copy the store as it is at one moment, whoever writes meanwhile; the copy is checked."""
    database = store_file(workspace)
    if database is None:
        raise BackupError(_postgres_words(workspace, "备份", _DUMP))
    workspace.engine.dispose()
    target = to or workspace.config.data_dir / "backups" / f"minyi-{_stamp()}.db"
    if target.exists():
        raise InputError(f"{target} 已经存在，请换一个文件名")
    target.parent.mkdir(parents=True, exist_ok=True)
    with _beside(target) as part:
        _copy(database, part)
        part.replace(target)
        _sync(target.parent)
    return target


def restore(workspace: Workspace, file: Path, *, staff: str) -> Restored:
    """Put a backup in the store's place; what was ever purged stays purged.

    The store before is kept beside it.  BackupError when the file is not whole or the store is in
    use, StoreError when a newer Minyi made it: then nothing has changed.
    """
    database = store_file(workspace)
    if database is None:
        raise BackupError(_postgres_words(workspace, "恢复", _RESTORE))
    if not file.is_file():
        raise InputError(f"没有备份文件 {file}")
    database.parent.mkdir(parents=True, exist_ok=True)
    with _beside(database) as part:
        _copy(file, part)
        purged = _bring_up_to_date(workspace, part, database, staff)
        _check(part)
        before = _swap(part, database)
    keep_refusals(workspace)
    return Restored(before=before, purged=purged)


def store_file(workspace: Workspace) -> Path | None:
    """The SQLite file; None where the store is a PostgreSQL."""
    url = make_url(workspace.config.database)
    if url.get_backend_name() != "sqlite":
        return None
    if not url.database:
        raise InputError("数据库只在内存里，不能备份")
    return Path(url.database).absolute()


def _copy(source: Path, part: Path) -> None:
    """A whole copy in one file, on the disk; BackupError when it is not in order."""
    try:
        address = f"{source.absolute().as_uri()}?mode=rw"
        with (
            closing(sqlite3.connect(address, uri=True, timeout=LAST_SECONDS)) as old,
            closing(sqlite3.connect(part)) as new,
        ):
            old.backup(new)  # all pages in one step: one moment, and nobody is kept from writing
        part.chmod(0o640)
        _check(part)
    except sqlite3.Error as error:
        raise BackupError(f"{source} 不是完好的数据库（{error}）；没有改动任何东西") from error


def _check(part: Path) -> None:
    with closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise BackupError(f"数据库没有通过完整性检查（{found}）；没有改动任何东西")
    with part.open("rb") as file:
        os.fsync(file.fileno())


def _bring_up_to_date(workspace: Workspace, part: Path, database: Path, staff: str) -> int:
    """The present schema, and every refusal of the present store; how many posts were purged again."""
    config = workspace.config.model_copy(update={"database_url": f"sqlite:///{part}"})
    copy = replace(workspace, config=config)
    try:
        if not _tables(part) >= {"alembic_version", "posts"}:
            raise BackupError("这个文件不是 Minyi 的备份；没有改动任何东西")
        copy.engine  # noqa: B018 - opening it upgrades the schema, or refuses a newer one
        if database.exists():
            copy_refusals(database, copy)
        take_back_refusals(copy)
        purged = reapply_refusals(copy)
        with copy.engine.begin() as connection:
            audit.record(connection, staff, "restore", "store", {"purged": purged})
    finally:
        copy.close()
    return purged


def _tables(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _swap(part: Path, database: Path) -> Path | None:
    """From one whole store to the other in one step; at no moment is there none, or half of one."""
    if not database.exists():
        part.replace(database)
        _sync(database.parent)
        return None
    _close_log(database)
    before = database.with_name(f"{database.stem}-before-restore-{_stamp()}{database.suffix}")
    os.link(database, before)
    part.replace(database)
    _sync(database.parent)
    return before


def _close_log(database: Path) -> None:
    """Fold the write-ahead log into the file: it belongs to this file and not to the one that comes."""
    try:
        with closing(sqlite3.connect(database, timeout=0)) as connection:
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if "locked" not in str(error):  # broken: that is why it is restored
            _set_aside(database)
            return
        mode = "wal"
    if mode != "delete":
        raise BackupError("别的命令正在用数据库，请等它结束、停下网页和定时任务后再恢复；没有改动任何东西")


def _set_aside(database: Path) -> None:
    """The log of a file nobody can read goes with it."""
    for ending in ("-wal", "-shm"):
        log = database.with_name(database.name + ending)
        if log.exists():
            log.replace(log.with_name(f"{log.name}.before-restore-{_stamp()}"))


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A file on the same disk that is gone afterwards, unless it was moved; also what a killed one left."""
    for left in target.parent.glob(f".{target.name}.part-*"):
        if not _is_alive(left):
            left.unlink(missing_ok=True)
    part = target.with_name(f".{target.name}.part-{os.getpid()}")
    try:
        yield part
    except OSError as error:
        raise BackupError(f"写不了 {target}：{error.strerror or error}；没有改动任何东西") from error
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            part.with_name(part.name + ending).unlink(missing_ok=True)


def _is_alive(part: Path) -> bool:
    number = part.name.rpartition(".part-")[2].partition("-")[0]
    return number.isdecimal() and Path(f"/proc/{number}").exists()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _stamp() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z"


_DUMP = "pg_dump --format=custom --file=minyi.dump"
_RESTORE = "pg_restore --clean --if-exists --single-transaction --dbname"


def _postgres_words(workspace: Workspace, verb: str, command: str) -> str:
    address = make_url(workspace.config.database).set(drivername="postgresql").render_as_string()
    after = "；恢复之后请运行 minyi restore（不写文件），把删去的再删一遍" if verb == "恢复" else ""
    ending = " minyi.dump" if verb == "恢复" else ""
    return f"PostgreSQL 请用它自己的工具{verb}：{command} '{address}'{ending}{after}"
