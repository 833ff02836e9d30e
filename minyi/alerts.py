"""Alerts: after each crawl, is an issue bursting or a source blind?  One short brief a cause.

An issue that is the cause of a burst of all sources tells of both (minyi/outbreaks.py).
A cause is raised once, until it is over: a burst when a day has passed without it, a blind
source when it yields again.  In the quiet hours alerts are raised and written, and sent
afterwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Row

from analysis.results import Burst, IssueResult, RunResult, SourceHealth
from minyi.briefs import make_brief
from minyi.delivery import Delivered, deliver_brief
from minyi.outbreaks import Outbreak, find_outbreaks, read_stream
from minyi.runs import Look, freeze_look, keep_issues, look_at_day, result_of
from minyi.sources import source_health
from minyi.workspace import Workspace
from pipelines.store.alerts import (
    Cause,
    acknowledge_alert,
    attach_run,
    end_alerts,
    known_causes,
    list_alerts,
    raise_alert,
)
from pipelines.store.audit import record
from pipelines.store.briefs import brief_of
from pipelines.store.crawls import last_crawls
from pipelines.store.database import reading
from pipelines.store.patience import patiently
from pipelines.store.runs import get_run
from reports.bursts import ALL_SOURCES, WINDOWS, issues_behind, say_usual, shares_of
from reports.words import shorten

CALM = timedelta(days=1)
NEVER_SENT_LATER = timedelta(days=2)
_TITLE = 40
_TOPIC = 200
_NAME = 20
_OPEN = 1000
_TOLD = 3


@dataclass(frozen=True, slots=True)
class Checked:
    """What one look found: alerts raised now, their drafts, what was sent of these and earlier ones.

    In the `quiet` hours nothing is sent.
    """

    raised: tuple[Row[Any], ...]
    briefs: tuple[int, ...]
    delivered: tuple[Delivered, ...]
    quiet: bool


@dataclass(frozen=True, slots=True)
class _Finding:
    """A cause, and the outbreak behind it where it is one."""

    cause: Cause
    outbreak: Outbreak | None = None


def check_alerts(workspace: Workspace, now: datetime | None = None) -> Checked:
    """Look at the day so far, raise what is new, write a brief for each, and send what may be sent."""
    now = now or datetime.now(UTC)
    day = now.astimezone(workspace.config.office.zone).date()
    sources = patiently(partial(source_health, workspace, day, now))
    look = patiently(partial(look_at_day, workspace, now, sources))
    findings = (*patiently(lambda: tuple(_blind(workspace, sources))), *_bursts(workspace, look, now))
    raised = _raise_all(workspace, look, findings, now)
    patiently(partial(_end, workspace, findings, now))
    rows, briefs = tuple(row for row, _ in raised), tuple(brief for _, brief in raised)
    return Checked(rows, briefs, deliver_alerts(workspace, now), _is_quiet(workspace, now))


def _raise_all(
    workspace: Workspace, look: Look, findings: tuple[_Finding, ...], now: datetime
) -> tuple[tuple[Row[Any], int], ...]:
    known = patiently(partial(_known_causes, workspace))
    if any(finding.outbreak and finding.cause.key not in known for finding in findings):
        patiently(partial(keep_issues, workspace, look))
    raised = (patiently(partial(_raise, workspace, look, finding, now)) for finding in findings)
    return tuple(each for each in raised if each is not None)


def _known_causes(workspace: Workspace) -> set[str]:
    with reading(workspace.engine).connect() as connection:
        return known_causes(connection)


def _blind(workspace: Workspace, sources: tuple[SourceHealth, ...]) -> Iterator[_Finding]:
    if not workspace.config.alerts.blind:
        return
    for source in sources:
        if source.state == "blind" or (source.state == "failed" and _failed_twice(workspace, source.name)):
            message = f"来源“{source.title}”取不到内容：{source.message}"
            yield _Finding(Cause(kind="blind", message=message, source=source.name))


def _failed_twice(workspace: Workspace, source: str) -> bool:
    """A site that was away for a moment is no alarm."""
    with reading(workspace.engine).connect() as connection:
        crawls = last_crawls(connection, source, 2)
    return len(crawls) == 2 and all(crawl.state in ("failed", "blocked") for crawl in crawls)


def _bursts(workspace: Workspace, look: Look, now: datetime) -> Iterator[_Finding]:
    if not workspace.config.alerts.bursts:
        return
    issues = (*look.found.result.issues, *look.found.result.praise)
    stream = read_stream(look, workspace.config.office.zone, now)
    raised, whole = patiently(partial(_open_bursts, workspace))
    # An alert of all sources was sent before its issue burst on its own: it goes on as that issue's.
    told = None if whole is None else stream.main_issue(whole.observed.posts)
    for outbreak in find_outbreaks(stream, now, workspace.config.thresholds.burst, raised):
        number = outbreak.burst.issue_id
        message = _say_outbreak(outbreak, issues)
        cause = Cause(kind="burst", message=message, issue_id=None if number == told else number)
        yield _Finding(cause, outbreak)


def _open_bursts(workspace: Workspace) -> tuple[set[int], Burst | None]:
    """The issues whose alerts are not over, and the burst that an alert of all sources told of."""
    with reading(workspace.engine).connect() as connection:
        rows = [
            row for row in list_alerts(connection, limit=_OPEN) if row.kind == "burst" and not row.over_at
        ]
        runs = [row.run_id for row in rows if row.issue_id is None and row.run_id is not None]
        run = get_run(connection, runs[0]) if runs else None
    bursts = () if run is None else result_of(run).bursts
    return {row.issue_id for row in rows if row.issue_id is not None}, next(iter(bursts), None)


def _say_outbreak(outbreak: Outbreak, issues: Sequence[IssueResult]) -> str:
    """Who, how many, against how many; of all sources also what it is about."""
    burst = outbreak.burst
    speed = f"近{WINDOWS[burst.window]}{burst.observed.value}帖，{say_usual(burst)}"
    if burst.issue_id is not None:
        title = next(
            (issue.title for issue in issues if issue.id == burst.issue_id), f"第 {burst.issue_id} 号事项"
        )
        return f"{shorten(title, _TITLE)}：{speed}"
    parts = [
        f"“{shorten(issue.title, _NAME)}”{number}帖" for number, issue in shares_of(burst, issues)[:_TOLD]
    ]
    return f"{ALL_SOURCES}：{speed}" + (f"，其中{'、'.join(parts)}" if parts else "")


def _raise(workspace: Workspace, look: Look, finding: _Finding, now: datetime) -> tuple[Row[Any], int] | None:
    """The alert's row and its brief, of a cause that is new."""
    with workspace.engine.begin() as connection:
        row = raise_alert(connection, finding.cause, now)
    if row is None:
        return None
    topic = f"{finding.cause.message[:_TOPIC]}（第 {row.id} 号）"
    run = freeze_look(workspace, look, topic, _narrowed(look.found.result, finding))
    brief = int(make_brief(workspace, run)["brief"])
    with workspace.engine.begin() as connection:
        attach_run(connection, row.id, run.id)
    return row, brief


def _narrowed(result: RunResult, finding: _Finding) -> RunResult:
    """The results that one alert is about: the issue that bursts, all of them, or the blind source."""
    told = (*result.issues, *result.praise)
    if finding.outbreak is None:
        sources = tuple(source for source in result.sources if source.name == finding.cause.source)
        return replace(result, sources=sources, issues=(), praise=(), bursts=(), evidence={})
    burst = finding.outbreak.burst
    bursts = tuple(filter(None, (burst, finding.outbreak.whole)))
    own = tuple(replace(issue, burst=burst) for issue in told if issue.id == burst.issue_id)
    issues = own or issues_behind(burst, told)[:_TOLD] or told[:_TOLD]
    posts = {post for issue in issues for post in issue.posts.posts}
    posts = posts.union(*(burst.observed.posts for burst in bursts))
    evidence = {post: ref for post, ref in result.evidence.items() if post in posts}
    return replace(result, issues=issues, praise=(), bursts=bursts, evidence=evidence)


def _end(workspace: Workspace, findings: tuple[_Finding, ...], now: datetime) -> None:
    still = {finding.cause.key for finding in findings}
    with workspace.engine.begin() as connection:
        end_alerts(connection, "burst", still, now - CALM, now)
        end_alerts(connection, "blind", still, now, now)


def deliver_alerts(workspace: Workspace, now: datetime) -> tuple[Delivered, ...]:
    """Send what nobody took up and was not sent yet; nothing in the quiet hours."""
    if _is_quiet(workspace, now):
        return ()
    return tuple(
        entry
        for run, brief in patiently(partial(_waiting, workspace, now))
        for entry in deliver_brief(workspace, run, brief)
        if entry.outcome != "already"
    )


def _is_quiet(workspace: Workspace, now: datetime) -> bool:
    return workspace.config.alerts.is_quiet(now.astimezone(workspace.config.office.zone).hour)


def _waiting(workspace: Workspace, now: datetime) -> list[tuple[Row[Any], Row[Any]]]:
    """The runs and briefs of alerts that nobody took up."""
    with reading(workspace.engine).connect() as connection:
        return [
            (run, brief)
            for alert in list_alerts(connection)
            if alert.acknowledged_at is None and alert.raised_at > now - NEVER_SENT_LATER
            if alert.run_id is not None and (run := get_run(connection, alert.run_id)) is not None
            if (brief := brief_of(connection, run)) is not None
        ]


def acknowledge(workspace: Workspace, alert_id: int, *, staff: str) -> bool:
    """Staff take an alert up; False when there is none of that number, or somebody has."""
    with workspace.engine.begin() as connection:
        done = acknowledge_alert(connection, alert_id, staff, datetime.now(UTC))
        if done:
            record(connection, staff, "alert.acknowledge", f"alert {alert_id}")
    return done
