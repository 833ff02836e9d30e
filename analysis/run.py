"""A run: from read posts to frozen results and the issues to keep."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

import pandas as pd

from analysis.burst import detect_bursts
from analysis.evidence import gather_evidence
from analysis.groups import Groups, group_posts, issues_of
from analysis.instructions import follow_instructions
from analysis.issue import Window
from analysis.listing import find_roles, list_issues
from analysis.posts import Posts, moment, read_posts
from analysis.results import BriefKind, Burst, IssueResult, RunResult, Sensitivity, SourceHealth
from analysis.roles import Role, is_idle
from analysis.settings import KnownIssues, Settings
from analysis.totals import count_totals

BURST_DAYS = 15  # looked at for what is usual


class IssueRecord(TypedDict):
    """An issue as the store keeps it; `chatter`: nobody will look for a matter in it."""

    id: int
    title: str
    place: str | None
    first_post_at: datetime
    first_seen_at: datetime
    chatter: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What a run found, and what the store keeps for the next one; threads → issue or part of one."""

    result: RunResult
    issue_threads: dict[int, int]
    issues: tuple[IssueRecord, ...]


def analyse(
    posts: pd.DataFrame,
    known: KnownIssues,
    settings: Settings,
    *,
    kind: BriefKind,
    first_day: date,
    last_day: date,
    sources: tuple[SourceHealth, ...],
    control: pd.DataFrame | None = None,
    topic_threads: Collection[int] | None = None,
    until: datetime | None = None,
) -> Analysis:
    """Analyse the local days from `first_day` to `last_day`; `posts` holds their history too.

    Clocks run to the end of the last day, or `until` now where it is not over.

    What answers changed is measured against `control`; None: against these posts themselves.
    With `topic_threads` posts of these alone are counted and quoted; how an issue stands (its heat,
    answers, clock and their effect) is told by all of its posts, as in any other run.
    """
    zone = ZoneInfo(settings.timezone)
    window = _window(first_day, last_day, settings, zone, until)
    titled = _with_titles(posts, sources)
    whole = read_posts(titled, zone, last_day)
    read = whole
    if topic_threads is not None:
        of_topic = posts["thread_id"].isin(topic_threads) | posts["agency"].notna()
        read = read_posts(titled[of_topic], zone, last_day)
    beside = whole if control is None else read_posts(control, zone, last_day)
    groups = group_posts(posts, read, whole, known)
    bursts = _bursts(read, groups.labels, window, settings.burst)
    roles = find_roles(groups, window)
    found = list_issues(groups, roles, bursts, beside, window, settings, known)
    result = count_totals(
        read,
        tuple(issue for issue in found if roles[issue.id] != "praise"),
        tuple(issue for issue in found if roles[issue.id] == "praise"),
        window,
        settings,
        kind=kind,
        sources=sources,
        chatter=[thread for thread, number in groups.labels.items() if roles.get(number) == "chatter"],
    )
    result = replace(
        result,
        instructions=follow_instructions(known.instructions, groups.counted, groups.names, window),
        bursts=_listed_bursts(bursts, found),
        merge_suggestions=groups.merges,
    )
    evidence = gather_evidence(whole, (result,)) | gather_evidence(read, (result,))
    return Analysis(
        result=replace(result, evidence=evidence),
        issue_threads=dict(sorted(groups.parts.items())),
        issues=_records(groups, roles, found),
    )


def _with_titles(posts: pd.DataFrame, sources: Sequence[SourceHealth]) -> pd.DataFrame:
    """The posts with their sources' titles instead of their names."""
    titles = {source.name: source.title for source in sources}
    shown = [titles.get(name, name) for name in posts["source"]]
    return posts.assign(source=pd.Series(shown, posts.index, dtype=object))


def _window(
    first_day: date, last_day: date, settings: Settings, zone: ZoneInfo, until: datetime | None
) -> Window:
    first, last = first_day.toordinal(), last_day.toordinal()
    end = datetime.combine(last_day + timedelta(days=1), time(), zone)
    return Window(
        first=first,
        last=last,
        trend_first=min(first, last - settings.trend_days + 1),
        end=int((end if until is None else min(end, until)).timestamp()),
        zone=zone,
    )


def _bursts(
    posts: Posts, labels: Mapping[int, int], window: Window, sensitivity: Sensitivity
) -> tuple[Burst, ...]:
    """Bursts of residents' posts that last until the end of the run."""
    recent = posts.between(window.last - BURST_DAYS, window.last).residents
    issues = issues_of(recent, labels)
    return detect_bursts(recent.at, recent.post_id, issues, moment(window.end), sensitivity)


def _listed_bursts(bursts: Sequence[Burst], found: Sequence[IssueResult]) -> tuple[Burst, ...]:
    """Those of the whole forum, and of issues that are listed."""
    listed = {issue.id for issue in found}
    return tuple(burst for burst in bursts if burst.issue_id is None or burst.issue_id in listed)


def _records(
    groups: Groups, roles: Mapping[int, Role], found: Sequence[IssueResult]
) -> tuple[IssueRecord, ...]:
    """The issues that got a thread or are listed, as they are kept."""
    kept = sorted(groups.touched | {issue.id for issue in found})
    return tuple(_record(groups, number, roles.get(number, "chatter")) for number in kept)


def _record(groups: Groups, number: int, role: Role) -> IssueRecord:
    naming, posts = groups.names[number], groups.whole[number]
    return IssueRecord(
        id=naming.id,
        title=naming.title,
        place=naming.place,
        first_post_at=moment(groups.began(number)),
        first_seen_at=moment(posts.seen_at.min()),
        chatter=role == "chatter" and is_idle(posts),
    )
