"""Writing the files of briefs again after words were taken out of their runs; copies in folders too."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row

from minyi.brief_paths import brief_paths, is_of, stem_of
from minyi.workspace import Workspace
from pipelines.store.database import reading
from pipelines.store.rewriting import briefs_with, run_of
from pipelines.store.settings import setting_of, write_setting
from reports.write import write_atomically

_OWED = "briefs_to_rewrite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """How many files and copies were written again, and which could not be and are deleted."""

    files: int
    copies: int
    unmade: tuple[str, ...]


def owe_rewriting(connection: Connection, briefs: Iterable[Row[Any]]) -> None:
    """Note, in the transaction that takes words out, that these briefs' files are to be written again."""
    owed = set(json.loads(setting_of(connection, _OWED) or "[]")) | {brief.id for brief in briefs}
    write_setting(connection, _OWED, json.dumps(sorted(owed)))


def rewrite_owed(workspace: Workspace) -> Rewritten:
    """Write the files of every brief again that is owed it, also after a purge that was killed."""
    with reading(workspace.engine).connect() as connection:
        owed = json.loads(setting_of(connection, _OWED) or "[]")
        briefs = briefs_with(connection, owed)
    written = _rewrite(workspace, briefs)
    if owed:
        with workspace.engine.begin() as connection:
            left = set(json.loads(setting_of(connection, _OWED) or "[]")) - set(owed)
            write_setting(connection, _OWED, json.dumps(sorted(left)))
    return written


def _rewrite(workspace: Workspace, briefs: Sequence[Row[Any]]) -> Rewritten:
    """What cannot be written again is deleted: no old words stay."""
    files, copies = 0, 0
    unmade: list[str] = []
    for brief in briefs:
        own, others = written_files(workspace, brief), _copies(workspace, brief)
        try:
            fresh = _files_of(workspace, brief, None) if own else {}
            for department in {department for _, department in others}:
                fresh |= _files_of(workspace, brief, department)
        except Exception:  # noqa: BLE001 - whatever is wrong with fonts or templates: no old words stay
            fresh = {}
        unmade += _replace((*own, *(path for path, _ in others)), fresh)
        files, copies = files + len(own), copies + len(others)
    return Rewritten(files=files, copies=copies, unmade=tuple(unmade))


def rename_files(workspace: Workspace, run: Row[Any], topic: str) -> None:
    """Call the files of a run's brief, and their copies, by another topic; what is so called already stays."""
    before, after = stem_of(run, run.topic), stem_of(run, topic)
    folders = {who.folder for who in workspace.config.recipients if who.folder is not None}
    for folder in {workspace.config.data_dir / "briefs", *folders}:
        for path in _of_stem(folder, before):
            path.replace(path.with_name(path.name.replace(before, after, 1)))


def written_files(workspace: Workspace, brief: Row[Any]) -> list[Path]:
    """The files of a brief that lie in the data folder, in whatever form."""
    first = next(iter(brief_paths(workspace, _run(workspace, brief)).values()))
    return _of_stem(first.parent, first.stem)


def _copies(workspace: Workspace, brief: Row[Any]) -> list[tuple[Path, str | None]]:
    """Copies in recipients' folders, and the department each was made for."""
    stem = next(iter(brief_paths(workspace, _run(workspace, brief)).values())).stem
    return [
        (path, who.department)
        for who in workspace.config.recipients
        if who.folder is not None
        for path in _of_stem(who.folder, stem)
    ]


def _of_stem(folder: Path, stem: str) -> list[Path]:
    """daily-2026-11-20.pdf and daily-2026-11-20+环保局.pdf, but no other day's or topic's."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_file() and is_of(path, stem))


def _files_of(workspace: Workspace, brief: Row[Any], department: str | None) -> dict[str, bytes]:
    """File name -> what it should hold now."""
    from minyi.briefs import compose_brief, render_forms

    run = _run(workspace, brief)
    forms = render_forms(workspace, compose_brief(workspace, run, department=department))
    paths = brief_paths(workspace, run, department=department)
    return {path.name: forms[form] for form, path in paths.items()}


def _replace(paths: Iterable[Path], fresh: Mapping[str, bytes]) -> list[str]:
    """Write each file again, or delete it where there is nothing to write; names of the deleted."""
    deleted = []
    for path in paths:
        if path.name in fresh:
            write_atomically(path, fresh[path.name])
        else:
            path.unlink(missing_ok=True)
            deleted.append(path.name)
    return deleted


def _run(workspace: Workspace, brief: Row[Any]) -> Row[Any]:
    with reading(workspace.engine).connect() as connection:
        return run_of(connection, brief.run_id)
