"""Who may do what: roles × routes, tokens, and that looking changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.routing import APIRoute

from minyi.portal import security
from minyi.portal.visitors import LoginRequiredError, Role, Visitor

PAGES = (
    *("/", "/briefs", "/briefs/1", "/briefs?kind=daily&number=1", "/issues", "/issues?quiet=true"),
    *(
        "/issues/all",
        "/issues/all?q=%E8%B7%AF",
        "/issues/1",
        "/topics",
        "/sources",
        "/approval",
        "/approval/1",
    ),
    *("/instructions", "/instructions?done=true", "/corrections", "/corrections?task=category"),
    *(
        "/method",
        "/jobs/1",
        "/runs",
        "/runs?kind=special&topic=x",
        "/runs/diff?left=1&right=2",
        "/briefs/1/html",
        "/briefs/1/html?frame=1",
        "/briefs/1/pdf",
        "/briefs/1/json",
    ),
)
# Every write: its address, what it is sent, who may.
WRITES: tuple[tuple[str, dict[str, str], Role], ...] = (
    ("/issues/{issue}/state", {"state": "已阅"}, Role.STAFF),
    ("/issues/{issue}/title", {"title": "桥头路灯"}, Role.STAFF),
    ("/issues/{issue}/merge", {"other": "1"}, Role.STAFF),
    ("/issues/{issue}/apart", {"other": "2"}, Role.STAFF),
    ("/issues/{issue}/unmerge", {}, Role.STAFF),
    ("/issues/{issue}/split", {"thread": "1"}, Role.STAFF),
    ("/issues/{issue}/instruction", {"text": "请核实", "department": "市住建局"}, Role.STAFF),
    ("/instructions/1", {"state": "办理中"}, Role.STAFF),
    ("/approval/1/approve", {}, Role.STAFF),
    ("/approval/1/note", {"text": "请重点看"}, Role.STAFF),
    ("/approval/1/unnote", {}, Role.STAFF),
    ("/approval/1/omit", {"issue": "1", "reason": "已办结"}, Role.STAFF),
    ("/approval/1/restore", {"issue": "1"}, Role.STAFF),
    ("/sources/haiping", {"times": "06:30"}, Role.STAFF),
    ("/sources/haiping/run", {}, Role.STAFF),
    ("/schedule", {"daily": "06:30", "weekly": "07:00", "weekly_day": "1"}, Role.STAFF),
    ("/topics/try", {"query": "路灯"}, Role.STAFF),
    ("/topics/count", {"query": "路灯"}, Role.STAFF),
    ("/topics/run", {"query": "路灯"}, Role.STAFF),
    ("/topics/save", {"name": "照明", "query": "路灯"}, Role.ANALYST),
    ("/topics/forget", {"name": "照明"}, Role.ANALYST),
    ("/corrections/1", {"task": "sentiment", "label": "neu"}, Role.ANALYST),
    ("/alerts/1", {}, Role.STAFF),
)


def test_every_write_of_the_application_is_in_the_matrix(office: Any) -> None:
    posts = {
        route.path for route in office.app.routes if isinstance(route, APIRoute) and "POST" in route.methods
    }
    shapes = {
        route.path_regex for route in office.app.routes if isinstance(route, APIRoute) and route.path in posts
    }
    missed = [
        shape.pattern
        for shape in shapes
        if not any(shape.match(path.replace("{issue}", "1")) for path, _, _ in WRITES)
    ]
    assert missed == []
    assert all(
        route.methods <= {"GET", "POST", "HEAD"} for route in office.app.routes if isinstance(route, APIRoute)
    )


def test_whoever_may_not_write_is_refused_and_nothing_changes(office: Any) -> None:
    issue, before = office.issue(), office.digest()
    for path, fields, least in WRITES:
        for role in Role:
            if role < least:
                office.be(role)
                assert office.post(path.format(issue=issue), **fields) == 403, (path, role)
    assert office.digest() == before
    assert office.jobs.started == []


def test_a_write_without_the_visitors_own_token_is_refused(
    office: Any, csrf: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    issue, before = office.issue(), office.digest()
    other = csrf(Visitor("别人", Role.ADMIN))
    lower = csrf(Visitor("林晓", Role.STAFF))
    foreign = csrf(office.visitor, b"x" * 32)
    own = csrf(office.visitor)
    forged = (None, "", "1", "x.y", f"{own}0", "9" * 400 + own, other, lower, foreign, "１" + own)
    for path, fields, _ in WRITES:
        for token in forged:
            sent = fields if token is None else fields | {"csrf": token}
            assert office.client.post(path.format(issue=issue), data=sent).status_code == 403, (path, token)
    monkeypatch.setattr(security, "TOKEN_LIVES", timedelta(seconds=-1))
    assert office.post(f"/issues/{issue}/state", state="已阅") == 403
    assert office.digest() == before


def test_an_administrator_and_the_least_role_may_write(office: Any) -> None:
    for path, fields, least in WRITES:
        office.be(least)
        assert office.post(path.format(issue=office.issue()), **fields) != 403, path


@pytest.mark.parametrize("role", Role)
def test_everyone_reads_every_page_and_reading_changes_nothing(office: Any, role: Role) -> None:
    office.be(role)
    before = office.digest()
    for path in PAGES:
        office.page(path)
    assert office.digest() == before


def test_a_leader_sees_no_form_that_writes(office: Any) -> None:
    assert 'method="post"' in office.page("/issues/1")  # an administrator's
    office.be(Role.LEADER)
    for path in PAGES:
        if "/html" not in path and "/pdf" not in path and "/json" not in path:
            assert 'method="post"' not in office.page(path), path


def test_who_is_not_logged_in_is_led_to_the_login(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nobody(_: object) -> Visitor:
        raise LoginRequiredError("/login")

    monkeypatch.setattr(office.app.state, "portal", _replace(office.app.state.portal, identify=nobody))
    answer = office.client.get("/issues")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert office.client.post("/issues/1/state", data={"state": "已阅"}).status_code == 401


def _replace(portal: Any, **changes: Any) -> Any:
    from dataclasses import replace

    return replace(portal, **changes)
