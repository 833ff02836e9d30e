"""Where a run's brief lies: light, so that sending one loads none of what makes one."""

from pathlib import Path
from typing import Any

from sqlalchemy import Row

from minyi.workspace import Workspace


def brief_paths(workspace: Workspace, run: Row[Any], out: Path | None = None) -> dict[str, Path]:
    """The file of each form, in `out` or the data folder."""
    days = str(run.first_day) if run.first_day == run.last_day else f"{run.first_day}_{run.last_day}"
    folder = out or workspace.config.data_dir / "briefs"
    return {form: folder / f"{run.kind}-{days}.{form}" for form in workspace.config.brief.forms}
