"""What staff decide about issues: states, merges, splits, titles, leaders' instructions.

The command line and the portal call these functions.  Each is one transaction with its entry
in the audit.  Whatever staff write is masked first.  A merged issue stands for the one it is
part of now; functions return the number of the issue that they changed.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row

from minyi.errors import InputError
from minyi.known_issues import staff_states
from minyi.staff_words import staff_words
from minyi.workspace import Workspace
from pipelines.store.audit import issue_subject, record
from pipelines.store.instructions import add_instruction, add_instruction_state, find_instruction
from pipelines.store.issues import (
    add_state,
    find_issue,
    lock_issues,
    merge,
    merged_issues,
    rename,
    split,
    thread_ids_of,
    threads_of,
    unmerge,
)

IssueState = Literal["已阅", "转办", "办理中", "已答复", "办结", "重开"]
InstructionState = Literal["已交办", "办理中", "已办结", "已退回"]

_WORK: tuple[IssueState, ...] = ("转办", "办理中", "已答复", "办结")
# What may follow: work may go to and fro, but what is closed has to be opened again first.
NEXT_STATES: dict[str | None, tuple[IssueState, ...]] = {
    None: ("已阅", *_WORK),
    **dict.fromkeys(("已阅", "重开", *_WORK), _WORK),
    "办结": ("重开",),
}
NEXT_INSTRUCTION_STATES: dict[str, tuple[InstructionState, ...]] = {
    "已交办": ("办理中", "已办结", "已退回"),
    "办理中": ("办理中", "已办结", "已退回"),
    "已退回": ("已交办", "办理中", "已办结"),
    "已办结": ("办理中",),
}
LONGEST_TITLE = 100
LONGEST_NAME = 128


def set_state(
    workspace: Workspace,
    issue_id: int,
    state: str,
    *,
    staff: str,
    department: str | None = None,
    note: str | None = None,
) -> int:
    """Say how an issue stands; 转办 names the department it goes to, no other state does."""
    _check_choice(state, get_args(IssueState), "状态")
    if (state == "转办") != bool(department):
        raise InputError("转办要写明转给哪个部门（--to）" if state == "转办" else f"“{state}”不用写部门")
    row = {"state": state, "department": staff_words(department, LONGEST_NAME), "note": staff_words(note)}
    with workspace.engine.begin() as connection:
        lock_issues(connection)
        issue = _issue(connection, issue_id)
        before = staff_states(connection).get(issue.id)
        _check_next(state, before.state if before else None, NEXT_STATES)
        add_state(connection, row | {"issue_id": issue.id, "staff": staff, "set_at": datetime.now(UTC)})
        details = {"state": state, "department": row["department"]}
        record(connection, staff, "issue.state", issue_subject(issue.id), details)
    return int(issue.id)


def merge_issues(workspace: Workspace, issue_id: int, others: Sequence[int], *, staff: str) -> int:
    """Make the others parts of this issue; their threads and later ones like them are counted here."""
    if not others:
        raise InputError("请写出要并入的事项编号")
    with workspace.engine.begin() as connection:
        lock_issues(connection)
        kept = _issue(connection, issue_id)
        for other in dict.fromkeys(others):
            gone = _unmerged(connection, other)
            if gone.id == kept.id:
                raise InputError(f"第 {other} 号就是要并到的事项，不能并入自己")
            merge(connection, kept, gone)
            record(connection, staff, "issue.merge", issue_subject(kept.id), {"merged": gone.id})
            kept = _issue(connection, kept.id)
    return int(kept.id)


def unmerge_issue(workspace: Workspace, issue_id: int, *, staff: str) -> int:
    """Take a merge back: the issue stands alone again, with its threads; returns what it was part of."""
    with workspace.engine.begin() as connection:
        lock_issues(connection)
        part = find_issue(connection, issue_id)
        if part is None or part.merged_into is None:
            raise InputError(f"第 {issue_id} 号事项没有并入别的事项")
        whole = merged_issues(connection)[issue_id]
        unmerge(connection, issue_id, whole)
        record(connection, staff, "issue.unmerge", issue_subject(whole), {"unmerged": issue_id})
    return whole


def keep_apart(workspace: Workspace, issue_id: int, other: int, *, staff: str) -> int:
    """Say that two issues are not one matter: they are not suggested for merging again."""
    with workspace.engine.begin() as connection:
        one, two = _issue(connection, issue_id), _issue(connection, other)
        if one.id == two.id:
            raise InputError(f"第 {issue_id} 号和第 {other} 号现在是同一件事项；要分开请用拆分或撤回合并")
        record(connection, staff, "issue.apart", issue_subject(one.id), {"other": two.id})
    return int(one.id)


def split_issue(
    workspace: Workspace, issue_id: int, threads: Sequence[int], *, staff: str, title: str | None = None
) -> int:
    """Open a new issue with these threads; its number.  Merging it back undoes this."""
    named = _title(title) if title is not None else None
    with workspace.engine.begin() as connection:
        lock_issues(connection)
        issue = _issue(connection, issue_id)
        chosen = set(threads)
        _check_threads(issue.id, chosen, thread_ids_of(connection, issue.id))
        name = named or _first_title(connection, issue, chosen)
        number = split(connection, issue, chosen, name, named is not None)
        details = {"threads": sorted(chosen), "into": number}
        record(connection, staff, "issue.split", issue_subject(issue.id), details)
    return number


def rename_issue(workspace: Workspace, issue_id: int, title: str | None, *, staff: str) -> int:
    """Give an issue a title that later runs keep; None: let the texts name it again."""
    named = _title(title) if title is not None else None
    with workspace.engine.begin() as connection:
        issue = _issue(connection, issue_id)
        rename(connection, issue.id, named)
        record(connection, staff, "issue.rename", issue_subject(issue.id), {"title": named})
    return int(issue.id)


def give_instruction(
    workspace: Workspace,
    issue_id: int,
    text: str,
    *,
    department: str,
    staff: str,
    due_on: date | None = None,
) -> int:
    """Record a leader's instruction on an issue, for a department, due on a day; its number."""
    words, name = staff_words(text), staff_words(department, LONGEST_NAME)
    if not words or not name:
        raise InputError("批示要写内容（--text）和承办单位（--to）")
    if due_on is not None and due_on < workspace.today():
        raise InputError(f"期限 {due_on} 已经过去，请写今天或以后的日期")
    now = datetime.now(UTC)
    with workspace.engine.begin() as connection:
        issue = _issue(connection, issue_id)
        row = {"issue_id": issue.id, "text": words, "department": name, "due_on": due_on}
        number = add_instruction(connection, row | {"staff": staff, "given_at": now})
        first = {"instruction_id": number, "state": "已交办", "staff": staff, "set_at": now}
        add_instruction_state(connection, first)
        details = {"issue": issue.id, "department": name, "due_on": due_on and due_on.isoformat()}
        record(connection, staff, "instruction.give", f"instruction {number}", details)
    return number


def set_instruction_state(
    workspace: Workspace, instruction_id: int, state: str, *, staff: str, note: str | None = None
) -> None:
    """Say where an instruction stands."""
    _check_choice(state, get_args(InstructionState), "批示状态")
    row = {"instruction_id": instruction_id, "state": state, "note": staff_words(note), "staff": staff}
    with workspace.engine.begin() as connection:
        lock_issues(connection)
        found = find_instruction(connection, instruction_id)
        if found is None:
            raise InputError(f"没有第 {instruction_id} 号批示；minyi issue instructions 列出全部批示")
        _check_next(state, found.state, NEXT_INSTRUCTION_STATES)
        add_instruction_state(connection, row | {"set_at": datetime.now(UTC)})
        record(connection, staff, "instruction.state", f"instruction {instruction_id}", {"state": state})


def _issue(connection: Connection, issue_id: int) -> Row[Any]:
    """The issue, or the one it is part of now."""
    found = find_issue(connection, merged_issues(connection).get(issue_id, issue_id))
    if found is None:
        raise InputError(f"没有第 {issue_id} 号事项；minyi issues 列出现有事项")
    return found


def _unmerged(connection: Connection, issue_id: int) -> Row[Any]:
    found = _issue(connection, issue_id)
    if found.id != issue_id:
        raise InputError(f"第 {issue_id} 号事项已并入第 {found.id} 号")
    return found


def _check_choice(value: str, known: Sequence[str], what: str) -> None:
    if value not in known:
        raise InputError(f"没有“{value}”这个{what}；可写：{'、'.join(known)}")


def _check_next(state: str, before: str | None, following: Any) -> None:
    allowed = following[before]
    if state not in allowed:
        raise InputError(f"现在是“{before or '未处理'}”，不能改为“{state}”；可改为：{'、'.join(allowed)}")


def _check_threads(issue_id: int, chosen: set[int], own: set[int]) -> None:
    if not chosen:
        raise InputError("请写出要拆出的主题帖编号（--threads）")
    if foreign := chosen - own:
        raise InputError(
            f"主题帖 {min(foreign)} 不在第 {issue_id} 号事项里；编号见 minyi issue show {issue_id}"
        )
    if chosen == own:
        raise InputError("不能拆出全部主题帖，原事项至少要留一帖")


def _first_title(connection: Connection, issue: Row[Any], chosen: set[int]) -> str:
    """The title of the earliest of the threads, until the next run names the issue."""
    titles = [row.title for row in threads_of(connection, issue.id) if row.id in chosen and row.title]
    return str(titles[0] if titles else issue.title)


def _title(text: str) -> str:
    words = staff_words(text, LONGEST_TITLE)
    if not words:
        raise InputError("标题不能为空")
    return words
