"""What the program did, as JSON lines for a collector: keys and counts, never a word of anybody's.

A line has only the fields named here, and of those only what looks like a key or a number.
"""

import contextlib
import json
import logging
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

KEPT = timedelta(days=30)
_NUMBERS = ("crawl", "run", "brief", "exit", "seconds", "threads", "posts", "pages", "read", "issues")
_KEYS = ("session", "command", "source", "state", "code", "error", "dag", "dag_run", "task")
_KEY = re.compile(r"[A-Za-z0-9_.:/+-]{1,120}")

_log = logging.getLogger("minyi.journal")
_bound: dict[str, Any] = {}


def open_journal(folder: Path, **keys: Any) -> None:
    """Write to files of that folder from now on, one a day; every line carries `keys`.

    Several processes may write to one file: a line is one write at its end.
    """
    close_journal()
    bind(session=uuid4().hex[:12], **keys)
    _log.addHandler(_DayFile(folder))
    _log.setLevel(logging.INFO)
    _log.propagate = False


def close_journal() -> None:
    """No more lines."""
    for handler in list(_log.handlers):
        _log.removeHandler(handler)
        handler.close()
    _bound.clear()


def bind(**keys: Any) -> None:
    """Let every later line carry these: a run's number, a crawl's."""
    _bound.update(keys)


def note_event(event: str, **fields: Any) -> None:
    """One line: what happened, by key and number."""
    if _log.handlers:
        _log.info(event, extra={"fields": {**_bound, **fields}})


class _DayFile(logging.Handler):
    """Appends to the day's file once the data folder is there; where it cannot, work goes on without."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def emit(self, record: logging.LogRecord) -> None:
        if not self.folder.parent.is_dir():
            return
        with contextlib.suppress(OSError):
            self.folder.mkdir(exist_ok=True)
            path = self.folder / f"minyi-{datetime.now(UTC):%Y-%m-%d}.jsonl"
            if not path.exists():
                self._forget_old()
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            with os.fdopen(os.open(path, flags, 0o640), "ab", buffering=0) as file:
                file.write(_line(record).encode() + b"\n")

    def _forget_old(self) -> None:
        oldest = f"minyi-{datetime.now(UTC) - KEPT:%Y-%m-%d}.jsonl"
        for path in self.folder.glob("minyi-*.jsonl"):
            if path.name < oldest:
                path.unlink(missing_ok=True)


def _line(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    fields: Mapping[str, Any] = record.fields  # type: ignore[attr-defined]
    safe = {name: value for name, value in fields.items() if _is_safe(name, value)}
    return json.dumps({"at": at, "event": record.getMessage(), "process": os.getpid()} | safe)


def _is_safe(name: str, value: Any) -> bool:
    if name in _NUMBERS:
        return isinstance(value, int | float)
    return name in _KEYS and isinstance(value, str) and bool(_KEY.fullmatch(value))
