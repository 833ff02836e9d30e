"""Issues as rows, and as Open311 service requests."""

from dataclasses import replace
from datetime import datetime

from analysis.results import Deadline, RunResult
from reports.annex import GONE, PURGED
from reports.issue_table import ISSUE_COLUMNS, POST_COLUMNS, issue_rows, post_rows
from reports.open311 import service_requests, services


def test_every_issue_and_every_post_behind_it_has_a_row(rich: RunResult) -> None:
    issues = list(issue_rows(rich))
    assert [row[0] for row in issues] == [issue.id for issue in (*rich.issues, *rich.praise)]
    assert {len(row) for row in issues} == {len(ISSUE_COLUMNS)}
    posts = list(post_rows(rich))
    assert {len(row) for row in posts} == {len(POST_COLUMNS)}
    for issue in rich.issues:
        known = [post for post in issue.posts.posts if post in rich.evidence]
        assert [row[1] for row in posts if row[0] == issue.id] == known


def test_a_post_that_was_purged_or_is_gone_is_named_and_not_shown(rich: RunResult) -> None:
    first, second = rich.issues[0].posts.posts[:2]
    evidence = dict(rich.evidence)
    evidence[first] = replace(evidence[first], purged=True)
    evidence[second] = replace(evidence[second], text=None)
    rows = {row[1]: row for row in post_rows(replace(rich, evidence=evidence))}
    assert rows[first][5:] == (None, PURGED, evidence[first].agency, None)
    assert rows[second][5:] == (None, GONE, evidence[second].agency, None)


def test_hostile_titles_become_plain_rows(hostile: RunResult) -> None:
    for row in (*issue_rows(hostile), *post_rows(hostile)):
        assert not any(isinstance(cell, str) and ("\u202e" in cell or "\x00" in cell) for cell in row)


def test_requests_have_the_standard_s_fields_and_zoned_times(rich: RunResult) -> None:
    requests = service_requests(rich)
    assert [entry["service_request_id"] for entry in requests] == [str(issue.id) for issue in rich.issues]
    codes = {entry["service_code"] for entry in services(rich)}
    for entry, issue in zip(requests, rich.issues, strict=True):
        assert entry["service_code"] in codes
        assert entry["status"] == ("closed" if issue.answer == "answered" else "open")
        assert datetime.fromisoformat(entry["requested_datetime"]).utcoffset() is not None
        assert entry["requested_datetime"] <= entry["updated_datetime"]


def test_the_office_s_own_deadline_is_the_expected_time(rich: RunResult) -> None:
    issue, at = rich.issues[0], rich.issues[0].last_post_at
    natural = Deadline(limit="24h", due_at=issue.first_post_at, overdue=True)
    own = Deadline(limit="office", due_at=at, overdue=False, kind="投诉", working_days=5)
    changed = replace(rich, issues=(replace(issue, deadlines=(natural, own)),))
    [entry] = service_requests(changed)
    assert datetime.fromisoformat(entry["expected_datetime"]) == at.replace(microsecond=0)
