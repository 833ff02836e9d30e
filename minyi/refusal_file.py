"""Refusals beside the database too: addresses only, so that no old backup brings back what was purged."""

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from minyi.workspace import Workspace
from pipelines.store.database import reading
from pipelines.store.refusals import Refusal, all_refusals, refuse
from reports.write import write_atomically

_FIELDS = ("url", "source", "thread_key", "post_key", "reason", "staff")


def refusals_path(workspace: Workspace) -> Path:
    """Where they are kept."""
    return workspace.config.data_dir / "refusals.json"


def keep_refusals(workspace: Workspace) -> None:
    """Write down every refusal of the store."""
    with reading(workspace.engine).connect() as connection:
        rows = all_refusals(connection)
    entries = [
        {name: getattr(row, name) for name in _FIELDS} | {"refused_at": row.refused_at.isoformat()}
        for row in rows
    ]
    data = json.dumps(entries, ensure_ascii=False, indent=1)
    write_atomically(refusals_path(workspace), data.encode())


def take_back_refusals(workspace: Workspace) -> None:
    """Enter into the store what was written down and is not in it."""
    path = refusals_path(workspace)
    if not path.exists():
        return
    _enter(workspace, json.loads(path.read_text(encoding="utf-8")))


def copy_refusals(database: Path, into: Workspace) -> None:
    """Enter the refusals of a SQLite file that may be broken, or of an older schema."""
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute("SELECT * FROM refusals")]
        for row in rows:
            row["refused_at"] = datetime.fromisoformat(row["refused_at"]).replace(tzinfo=UTC).isoformat()
        _enter(into, rows)


def _enter(workspace: Workspace, entries: Iterable[Mapping[str, Any]]) -> None:
    with workspace.engine.begin() as connection:
        for entry in entries:
            refusal = Refusal(
                url=entry["url"],
                source=entry["source"],
                thread_key=entry["thread_key"],
                post_key=entry["post_key"],
            )
            refused_at = datetime.fromisoformat(entry["refused_at"])
            refuse(connection, [refusal], entry["reason"], entry["staff"], refused_at)
