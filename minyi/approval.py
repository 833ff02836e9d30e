"""What staff decide about a brief: notes, issues left out, and that it may go out.

Each is one transaction with its entry in the audit, and the files are written anew in it.  An approved
brief that is changed is a draft again.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row

from minyi.briefs import compose_within, write_files
from minyi.errors import InputError
from minyi.staff_words import staff_words
from minyi.workspace import Workspace
from pipelines.store.audit import record
from pipelines.store.briefs import (
    add_note,
    add_omission,
    approve_brief,
    get_brief,
    lock_brief,
    notes_of,
    omissions_of,
    remove_notes,
    remove_omission,
    reopen_brief,
    results_hash,
    run_of,
)

LONGEST_NOTE = 500
LONGEST_REASON = 200


def mark_of(connection: Connection, brief_id: int) -> str:
    """A name for what a brief says now: what was found, staff's notes, what they left out."""
    brief = get_brief(connection, brief_id)
    notes = [(row.id, row.text, row.staff) for row in notes_of(connection, brief_id)]
    omissions = [(row.issue_id, row.reason) for row in omissions_of(connection, brief_id)]
    said = repr((brief.run_id, brief.results_hash, notes, omissions))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def approve(workspace: Workspace, brief_id: int, *, staff: str, seen: str | None = None) -> None:
    """From now on the brief may go out; InputError when its run has found something else since.

    `seen` is the mark of what was read before: nobody approves what somebody else wrote meanwhile.
    """
    with workspace.engine.begin() as connection:
        lock_brief(connection, brief_id)
        run = _run(connection, brief_id)
        brief = get_brief(connection, brief_id)
        if seen is not None:
            _check_seen(connection, brief, seen)
        if brief.results_hash != results_hash(run):
            raise InputError("简报写成之后又重新分析过，请先重新运行 minyi brief，看过再审定")
        approve_brief(connection, brief_id, staff, datetime.now(UTC))
        record(connection, staff, "brief.approve", _subject(brief_id))
        _write(workspace, connection, run)


def _check_seen(connection: Connection, brief: Row[Any], seen: str) -> None:
    if brief.state == "approved":
        raise InputError(f"这期简报已由{brief.approved_by}审定，不用再审")
    if mark_of(connection, brief.id) != seen:
        raise InputError("您打开这一页以后，这期简报又改过了；请刷新看过，再审定")


def note_brief(workspace: Workspace, brief_id: int, text: str, *, staff: str) -> bool:
    """Add a signed note; True when that made an approved brief a draft again."""
    words = staff_words(text, LONGEST_NOTE)
    if words is None:
        raise InputError("批注不能为空")
    with workspace.engine.begin() as connection:
        row = {"brief_id": brief_id, "text": words, "staff": staff, "written_at": datetime.now(UTC)}
        run = _run(connection, brief_id)
        add_note(connection, row)
        return _changed(workspace, connection, run, brief_id, staff, "brief.note", {})


def clear_notes(workspace: Workspace, brief_id: int, *, staff: str) -> bool:
    """Take all notes back; True when that made an approved brief a draft again."""
    with workspace.engine.begin() as connection:
        run = _run(connection, brief_id)
        if not remove_notes(connection, brief_id):
            raise InputError("这期简报没有批注")
        return _changed(workspace, connection, run, brief_id, staff, "brief.unnote", {})


def omit_issue(workspace: Workspace, brief_id: int, issue_id: int, reason: str, *, staff: str) -> bool:
    """Leave an issue out, which the brief says with the reason; True when it is a draft again by that."""
    words = staff_words(reason, LONGEST_REASON)
    if words is None:
        raise InputError("不列入要写明理由（--reason）")
    with workspace.engine.begin() as connection:
        run = _run(connection, brief_id)
        if not any(entry["id"] == issue_id for kind in ("issues", "praise") for entry in run.results[kind]):
            raise InputError(f"这期简报里没有第 {issue_id} 号事项")
        row = {"brief_id": brief_id, "issue_id": issue_id, "reason": words, "staff": staff}
        add_omission(connection, row | {"left_out_at": datetime.now(UTC)})
        return _changed(workspace, connection, run, brief_id, staff, "brief.omit", {"issue": issue_id})


def restore_issue(workspace: Workspace, brief_id: int, issue_id: int, *, staff: str) -> bool:
    """Take an issue in again; True when that made an approved brief a draft again."""
    with workspace.engine.begin() as connection:
        run = _run(connection, brief_id)
        if not remove_omission(connection, brief_id, issue_id):
            raise InputError(f"第 {issue_id} 号事项本来就列入这期简报")
        return _changed(workspace, connection, run, brief_id, staff, "brief.restore", {"issue": issue_id})


def _changed(
    workspace: Workspace,
    connection: Connection,
    run: Row[Any],
    brief_id: int,
    staff: str,
    action: str,
    details: dict[str, Any],
) -> bool:
    """Note the deed, end an approval, write the files anew."""
    approved = bool(get_brief(connection, brief_id).state == "approved")
    reopen_brief(connection, brief_id)
    record(connection, staff, action, _subject(brief_id), details | {"reopened": approved})
    _write(workspace, connection, run)
    return approved


def _write(workspace: Workspace, connection: Connection, run: Row[Any]) -> None:
    write_files(workspace, run, compose_within(workspace, connection, run))


def _run(connection: Connection, brief_id: int) -> Row[Any]:
    run = run_of(connection, brief_id)
    if run is None:
        raise InputError(f"没有编号为 {brief_id} 的简报；minyi brief list 列出现有简报")
    return run


def _subject(brief_id: int) -> str:
    return f"brief {brief_id}"
