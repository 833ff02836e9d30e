"""今日: the newest daily brief in short, and what waits for somebody."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from minyi.alerts import acknowledge as acknowledge_alert
from minyi.errors import InputError
from minyi.portal.desk import Desk, Reader, Staff
from minyi.portal.queries.alerts import open_alerts
from minyi.portal.queries.briefs import list_drafts, newest_brief
from minyi.portal.queries.instructions import open_instructions
from minyi.portal.queries.issues import last_states_of, titles_of
from minyi.portal.queries.results import find_run, latest_run, result_of
from minyi.portal.summary import summarise
from pipelines.store.briefs import omissions_of

router = APIRouter()

SHOWN = 8


@router.get("/")
def show_today(desk: Reader) -> Response:
    with desk.reading() as connection:
        newest = latest_run(connection, "daily")
        brief = newest_brief(connection, "daily")
        run = find_run(connection, brief.run_id) if brief else None
        omissions = omissions_of(connection, brief.id) if brief else []
        drafts = list_drafts(connection)
        instructions = open_instructions(connection)
        alerts = open_alerts(connection)
        titles = titles_of(connection, {row.issue_id for row in instructions})
    summary = None
    if run is not None and brief is not None:
        summary = summarise(desk.workspace, result_of(desk.workspace.engine, run), brief, omissions)
    today = desk.workspace.today()
    return desk.page(
        "today",
        here="/",
        today=today,
        brief=brief,
        summary=summary,
        late=run is not None and run.last_day < today - timedelta(days=1),
        outdated=run is not None
        and newest is not None
        and run.id != newest.id
        and run.last_day == newest.last_day,
        states=_states(desk, summary),
        drafts=drafts,
        instructions=instructions[:SHOWN],
        more_instructions=max(0, len(instructions) - SHOWN),
        alerts=alerts,
        titles=titles,
    )


def _states(desk: Desk, summary: Any) -> dict[int, Any]:
    if summary is None:
        return {}
    with desk.reading() as connection:
        return last_states_of(connection, [card.issue_id for card in summary.issues])


@router.post("/alerts/{alert_id}")
def acknowledge(desk: Staff, alert_id: int) -> Response:
    if not acknowledge_alert(desk.workspace, alert_id, staff=desk.visitor.name):
        raise InputError("这条提醒已有人处理，或已不在了")
    return desk.go("/", "acknowledged")
