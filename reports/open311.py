"""Issues in the words of Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2), read-only.

One service request an issue.  Coordinates, media and zip codes are not known and left out;
nothing here says who wrote.
"""

import hashlib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from analysis.results import IssueResult, RunResult
from reports import words
from reports.clocks import clock, status
from reports.issue_cards import category

_SETTLED = ("answered",)


def service_requests(result: RunResult) -> list[dict[str, Any]]:
    """The body of `GET /requests.json`; times in ISO 8601 with zone."""
    zone = ZoneInfo(result.timezone)
    return [_request(issue, zone) for issue in result.issues]


def services(result: RunResult) -> list[dict[str, Any]]:
    """The body of `GET /services.json`: the categories that occur."""
    found = {_code(issue): issue for issue in result.issues}
    return [
        {
            "service_code": code,
            "service_name": category(issue),
            "description": f"网上反映的“{category(issue)}”类事项",
            "metadata": False,
            "type": "batch",
            "keywords": ",".join(filter(None, (issue.category, issue.category_detail))),
            "group": issue.category or "类别未定",
        }
        for code, issue in sorted(found.items())
    ]


def _request(issue: IssueResult, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "service_request_id": str(issue.id),
        "status": "closed" if issue.answer in _SETTLED else "open",
        "status_notes": "，".join(filter(None, (status(issue).text, clock(issue)))),
        "service_name": category(issue),
        "service_code": _code(issue),
        "description": words.clean(issue.title),
        "agency_responsible": issue.department,
        "requested_datetime": _time(issue.first_post_at, zone),
        "updated_datetime": _time(_updated(issue), zone),
        "expected_datetime": _expected(issue, zone),
        "address": "".join(dict.fromkeys(filter(None, (issue.district, issue.place)))) or None,
    }


def _updated(issue: IssueResult) -> datetime:
    return max([issue.last_post_at, *(reply.replied_at for reply in issue.replies if reply.replied_at)])


def _expected(issue: IssueResult, zone: ZoneInfo) -> str | None:
    """The office's own deadline, else the nearest natural one."""
    own = [deadline for deadline in issue.deadlines if deadline.limit == "office"]
    due = min((deadline.due_at for deadline in own or issue.deadlines), default=None)
    return None if due is None else _time(due, zone)


def _code(issue: IssueResult) -> str:
    """Stable, plain ASCII and our own: national codes are not to be invented."""
    return hashlib.sha256(category(issue).encode()).hexdigest()[:8]


def _time(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="seconds")
