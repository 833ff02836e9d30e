"""事项: the list, and one issue with its timeline, evidence, demands, answers and what staff decide."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from analysis.replies import is_acknowledgement
from minyi.decisions import (
    NEXT_STATES,
    give_instruction,
    keep_apart,
    merge_issues,
    rename_issue,
    set_state,
    split_issue,
    unmerge_issue,
)
from minyi.dossier import issue_history
from minyi.errors import InputError
from minyi.merge_suggestions import pairs_of
from minyi.portal import filters
from minyi.portal.charts import draw_days
from minyi.portal.desk import Desk, Reader, Staff
from minyi.portal.queries.instructions import of_issues
from minyi.portal.queries.issues import (
    PAGE,
    count_chatter,
    count_issue,
    last_states_of,
    list_issues,
    newest_posts,
    titles_of,
)
from minyi.portal.queries.results import issue_in, latest_run, result_of
from minyi.portal.timeline import tell_story
from minyi.workspace import parse_day
from pipelines.store.issues import find_issue, parts_of, states_of, threads_of

router = APIRouter(prefix="/issues")

POSTS = 30
THREADS = 50


@router.get("")
def show_issues(desk: Reader, wanted: Annotated[filters.Wanted, Query()]) -> Response:
    with desk.reading() as connection:
        run = latest_run(connection, "daily", "weekly")
    found = result_of(desk.workspace.engine, run) if run else None
    issues = [*found.issues, *found.praise] if found else []
    with desk.reading() as connection:
        states = last_states_of(connection, [issue.id for issue in issues])
        pairs = pairs_of(connection, found) if found and desk.may("staff") else []
    fitting = filters.choose(issues, states, wanted)
    last_page = max(1, -(-len(fitting) // PAGE))
    # A kept address may ask for a page that a shorter list no longer has.
    wanted = wanted.model_copy(update={"page": min(wanted.page, last_page)})
    start = (wanted.page - 1) * PAGE
    shown = fitting[start : start + PAGE]
    with desk.reading() as connection:
        titles = titles_of(connection, [issue.id for issue in shown])
    return desk.page(
        "issues",
        here="/issues",
        run=run,
        issues=shown,
        titles=titles,  # as renamed since the run
        fitting=len(fitting),
        total=len(issues),
        last_page=last_page,
        states=states,
        pairs=pairs if wanted == filters.Wanted() else [],
        wanted=wanted,
        choices=filters.choices(issues, states),
        praise={issue.id for issue in found.praise} if found else set(),
        zone=desk.workspace.config.office.zone,
    )


@router.get("/all")
def show_all_issues(
    desk: Reader,
    q: Annotated[str, Query(max_length=60)] = "",
    before: int | None = None,
    chatter: bool = False,
) -> Response:
    with desk.reading() as connection:
        rows = list_issues(connection, words=q.strip() or None, before=before, chatter=chatter)
        aside = count_chatter(connection)
        states = last_states_of(connection, [row.id for row in rows[:PAGE]])
    older = rows[PAGE - 1].id if len(rows) > PAGE else None
    return desk.page(
        "all_issues",
        here="/issues",
        rows=rows[:PAGE],
        states=states,
        q=q,
        older=older,
        chatter=chatter,
        aside=aside,
    )


@router.get("/{issue_id}")
def show_issue(desk: Reader, issue_id: int) -> Response:
    with desk.reading() as connection:
        issue = find_issue(connection, issue_id)
    if issue is None:
        raise HTTPException(404)
    if issue.merged_into is not None:
        return RedirectResponse(desk.address(f"/issues/{issue.merged_into}"), 307)
    return desk.page("issue", here="/issues", issue=issue, **_facts(desk, issue))


def _facts(desk: Desk, issue: Any) -> dict[str, Any]:
    zone = desk.workspace.config.office.zone
    with desk.reading() as connection:
        run = latest_run(connection, "daily", "weekly")
        parts = parts_of(connection, issue.id)
        titles = titles_of(connection, parts)
        version = run.model_version if run else desk.workspace.reading_version
        counted = count_issue(connection, issue.id, version, zone)
        states = states_of(connection, parts)
        instructions = of_issues(connection, parts)
        answers = newest_posts(connection, issue.id, official=True, count=POSTS)
        posts = newest_posts(connection, issue.id, official=False, count=POSTS)
        threads = threads_of(connection, issue.id)
    result = result_of(desk.workspace.engine, run) if run else None
    found = issue_in(result, parts)
    return {
        "run": run,
        "found": found,
        "newer": run is not None and issue.first_post_at.astimezone(zone).date() > run.last_day,
        "counted": counted,
        "charts": draw_days(desk.workspace, counted.days, answers, result),
        "story": tell_story(found, counted, answers, issue_history(desk.workspace, issue.id)),
        "state": states[-1] if states else None,
        "next_states": NEXT_STATES[states[-1].state if states else None],
        "merged": [(number, titles[number]) for number in parts[1:] if number in titles],
        "instructions": instructions,
        "answers": answers,
        "received": {row.id for row in answers if is_acknowledgement(row.text)},
        "rubrics": {reply.post_id: reply.rubric for reply in found.replies} if found else {},
        "posts": posts,
        "threads": threads[:THREADS],
        "more_threads": max(0, len(threads) - THREADS),
        "sources": {source.name: source.title for source in desk.workspace.config.sources},
        "departments": _departments(desk),
    }


def _departments(desk: Desk) -> list[str]:
    return sorted({department.name for department in desk.workspace.config.departments})


@router.post("/{issue_id}/state")
def change_state(
    desk: Staff,
    issue_id: int,
    state: Annotated[str, Form()],
    department: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    to = department.strip() if state == "转办" else ""
    name = desk.visitor.name
    number = set_state(desk.workspace, issue_id, state, staff=name, department=to or None, note=note or None)
    return desk.go(f"/issues/{number}#state", "state")


@router.post("/{issue_id}/title")
def rename(desk: Staff, issue_id: int, title: Annotated[str, Form()] = "") -> Response:
    number = rename_issue(desk.workspace, issue_id, title.strip() or None, staff=desk.visitor.name)
    return desk.go(f"/issues/{number}", "renamed")


@router.post("/{issue_id}/merge")
def merge(desk: Staff, issue_id: int, other: Annotated[int, Form()]) -> Response:
    with desk.reading() as connection:
        if find_issue(connection, other) is None:
            raise InputError(f"没有第 {other} 号事项；编号写在事项页标题的上方")
    number = merge_issues(desk.workspace, issue_id, [other], staff=desk.visitor.name)
    return desk.go(f"/issues/{number}", "merged")


@router.post("/{issue_id}/apart")
def tell_apart(desk: Staff, issue_id: int, other: Annotated[int, Form()]) -> Response:
    keep_apart(desk.workspace, issue_id, other, staff=desk.visitor.name)
    return desk.go("/issues", "apart")


@router.post("/{issue_id}/unmerge")
def unmerge(desk: Staff, issue_id: int) -> Response:
    unmerge_issue(desk.workspace, issue_id, staff=desk.visitor.name)
    return desk.go(f"/issues/{issue_id}", "split")


@router.post("/{issue_id}/split")
def split(
    desk: Staff,
    issue_id: int,
    thread: Annotated[list[int] | None, Form()] = None,
    title: Annotated[str, Form()] = "",
) -> Response:
    if not thread:
        raise InputError("请先在“原帖”里勾选要拆出的主题帖，再点“拆分”")
    name = desk.visitor.name
    number = split_issue(desk.workspace, issue_id, thread, staff=name, title=title.strip() or None)
    return desk.go(f"/issues/{number}", "split")


@router.post("/{issue_id}/instruction")
def instruct(
    desk: Staff,
    issue_id: int,
    text: Annotated[str, Form()],
    department: Annotated[str, Form()],
    due_on: Annotated[str, Form()] = "",
) -> Response:
    due = parse_day(due_on) if due_on else None
    give_instruction(
        desk.workspace, issue_id, text, department=department, staff=desk.visitor.name, due_on=due
    )
    return desk.go(f"/issues/{issue_id}#instructions", "instructed")
