"""Where a run's brief lies: light, so that sending one loads none of what makes one."""

import hashlib
import re
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from minyi.workspace import Workspace

_LONGEST = 24
_UNSAFE = re.compile(r"[^\w-]+")
# Between a brief's name and the department whose part it is: a topic's name never holds it.
_PART = "+"


def brief_paths(
    workspace: Workspace, run: Row[Any], out: Path | None = None, department: str | None = None
) -> dict[str, Path]:
    """The file of each form, in `out` or the data folder; with `department` that of its part."""
    name = stem_of(run, run.topic) + (f"{_PART}{_file_name(department)}" if department else "")
    folder = out or workspace.config.data_dir / "briefs"
    return {form: folder / f"{name}.{form}" for form in workspace.config.brief.forms}


def stem_of(run: Row[Any], topic: str) -> str:
    """What the files of a run's brief are called when it is of that topic."""
    days = str(run.first_day) if run.first_day == run.last_day else f"{run.first_day}_{run.last_day}"
    # Alerts of one day stand side by side, and so do topics.
    own = [str(run.id)] if run.kind == "alert" else [_file_name(topic)] if topic else []
    return "-".join([run.kind, days, *own])


def is_of(path: Path, stem: str) -> bool:
    """Whether a file is of the brief whose forms have that stem, whole or a department's part."""
    return path.stem.partition(_PART)[0] == stem


def _file_name(words: str) -> str:
    """Words as a part of a file's name; what had to change is told apart by a hash."""
    plain = _UNSAFE.sub("", words)[:_LONGEST]
    return plain if plain == words else f"{plain}-{hashlib.sha256(words.encode()).hexdigest()[:8]}"
