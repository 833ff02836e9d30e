"""The office that a front door serves, opened once and again when its configuration was changed."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock

from minyi.config import config_file, load_config
from minyi.topics import list_topics
from minyi.workspace import Workspace


def office_opener(path: Path | None = None) -> Callable[[], Workspace]:
    """A function that returns the workspace of that configuration file, as it is now."""
    file, lock = config_file(path), Lock()
    opened: dict[int, Workspace] = {}

    def open_office() -> Workspace:
        changed = file.stat().st_mtime_ns if file.exists() else 0
        with lock:
            if changed not in opened:
                workspace = Workspace(load_config(file), file)
                list_topics(workspace)  # enters the configured ones, so that pages only have to read
                opened.clear()
                opened[changed] = workspace
            return opened[changed]

    return open_office
