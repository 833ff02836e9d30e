"""A run: from read posts to frozen results and the issues to keep."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, TypedDict
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analysis.answers import count_answers, count_departments, issue_figure
from analysis.burst import RULE, detect_bursts
from analysis.calendar import WorkCalendar
from analysis.evidence import gather_evidence
from analysis.heat import FORMULA, measure_heat
from analysis.instructions import DONE, Instruction, follow_instructions
from analysis.issue import Rules, Window, describe_issue, figure, share_of_negative
from analysis.issues import IssueGrouper
from analysis.keywords import compare_words
from analysis.merges import suggest_merges
from analysis.overview import cross_issues, in_window, list_quiet, mark_answers, newly_answered, posts_of
from analysis.posts import Ints, Posts, moment, read_posts
from analysis.results import (
    BriefKind,
    Burst,
    InstructionResult,
    IssueResult,
    MergeSuggestion,
    Method,
    RunResult,
    Sensitivity,
    Share,
    SourceHealth,
    StaffState,
)
from analysis.roles import Role, is_idle, role_of
from analysis.routing import Department
from analysis.suggestions import suggest
from analysis.threads import read_threads
from analysis.titles import Naming
from analysis.trends import count_days
from analysis.views import find_views

IN_FULL = 120  # of the hottest issues, and of the quiet: nobody reads the quotes, aspects and demands of more
BURST_DAYS = 15  # looked at for what is usual


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownIssues:
    """Issues as stored: thread → issue or part of one, part → the issue that staff merged it into,
    titles given by staff, first posts, how staff say each stands, leaders' instructions, the next free id."""

    threads: Mapping[int, int] = field(default_factory=dict)
    merged: Mapping[int, int] = field(default_factory=dict)
    titles: Mapping[int, str] = field(default_factory=dict)
    first_posts: Mapping[int, datetime] = field(default_factory=dict)
    states: Mapping[int, StaffState] = field(default_factory=dict)
    instructions: tuple[Instruction, ...] = ()
    next_id: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an office configures, and the versions a run prints."""

    timezone: str = "Asia/Shanghai"
    answer_hours: int = 48
    trend_days: int = 14
    focus_issues: int = 5
    unsure: float = 0.5
    departments: tuple[Department, ...] = ()
    burst: Sensitivity = "medium"
    deadlines: Mapping[str, int] = field(default_factory=dict)
    holidays: Mapping[date, Literal["work", "rest"]] = field(default_factory=dict)
    model_version: str = ""
    lexicon_hash: str = ""
    config_hash: str = ""


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
) -> Analysis:
    """Analyse the local days from `first_day` to `last_day`; `posts` holds their history too.

    What answers changed is measured against `control`; None: against these posts themselves.
    With `topic_threads` posts of these alone are counted and quoted; how an issue stands (its heat,
    answers, clock and their effect) is told by all of its posts, as in any other run.
    """
    zone = ZoneInfo(settings.timezone)
    whole = read_posts(_with_titles(posts, sources), zone, last_day)
    read = whole
    if topic_threads is not None:
        of_topic = posts["thread_id"].isin(topic_threads) | posts["agency"].notna()
        read = read_posts(_with_titles(posts[of_topic], sources), zone, last_day)
    grouper = IssueGrouper(
        known=known.threads, titles=known.titles, merged=known.merged, next_id=known.next_id
    )
    grouper.fit(read_threads(posts, whole))
    merges, names, parts, touched = suggest_merges(grouper), grouper.names_, grouper.parts_, grouper.touched_
    labels = grouper.labels_
    del grouper  # what it knows of each issue takes more memory than the posts
    window = _window(first_day, last_day, settings, zone)
    groups = _groups(read, labels)
    wholes = groups if whole is read else _groups(whole, labels)

    def began(number: int) -> int:
        return _began(number, wholes[number], whole, known)

    bursts = _bursts(read, labels, window, settings.burst)
    beside = whole if control is None else read_posts(control, zone, last_day)
    roles = _roles(groups, wholes, window)
    found = _describe(groups, wholes, roles, names, began, beside, window, settings, known, bursts)
    matters = tuple(issue for issue, praised in found if not praised)
    praise = tuple(issue for issue, praised in found if praised)
    result = _result(
        read,
        whole,
        matters,
        praise,
        window,
        settings,
        kind,
        sources,
        follow_instructions(known.instructions, groups, names, window),
        bursts,
        merges,
        [thread for thread, number in labels.items() if roles.get(number) == "chatter"],
    )
    idle = {
        number for number in touched if roles.get(number, "chatter") == "chatter" and is_idle(wholes[number])
    }
    kept = sorted(touched | {issue.id for issue, _ in found})
    return Analysis(
        result=result,
        issue_threads=dict(sorted(parts.items())),
        issues=tuple(
            _record(names[number], began(number), wholes[number], chatter=number in idle) for number in kept
        ),
    )


def _with_titles(posts: pd.DataFrame, sources: Sequence[SourceHealth]) -> pd.DataFrame:
    """The posts with their sources' titles instead of their names."""
    titles = {source.name: source.title for source in sources}
    shown = [titles.get(name, name) for name in posts["source"]]
    return posts.assign(source=pd.Series(shown, posts.index, dtype=object))


def _window(first_day: date, last_day: date, settings: Settings, zone: ZoneInfo) -> Window:
    first, last = first_day.toordinal(), last_day.toordinal()
    end = datetime.combine(last_day + timedelta(days=1), time(), zone)
    return Window(
        first=first,
        last=last,
        trend_first=min(first, last - settings.trend_days + 1),
        end=int(end.timestamp()),
        zone=zone,
    )


def _groups(posts: Posts, labels: Mapping[int, int]) -> dict[int, Posts]:
    """The posts of each issue."""
    issues: Ints = np.array([labels[thread] for thread in posts.thread_id.tolist()], dtype=np.int64)
    return dict(zip(*posts.split(issues), strict=True))


def _began(issue: int, posts: Posts, read: Posts, known: KnownIssues) -> int:
    """When an issue began, in seconds.  A stored time counts where the history is cut; else the posts know better."""
    stored = known.first_posts.get(issue)
    own = posts.residents if posts.resident.any() else posts
    if stored is not None and stored < moment(read.at[0]):
        return int(stored.timestamp())
    return int(own.at[0])


def _roles(groups: Mapping[int, Posts], wholes: Mapping[int, Posts], window: Window) -> dict[int, Role]:
    """The roles of the issues in which somebody wrote lately."""
    return {
        number: role_of(wholes[number])
        for number, posts in groups.items()
        if (posts.resident & (posts.day >= window.trend_first) & (posts.day <= window.last)).any()
    }


def _describe(
    groups: Mapping[int, Posts],
    wholes: Mapping[int, Posts],
    roles: Mapping[int, Role],
    names: Mapping[int, Naming],
    began: Callable[[int], int],
    control: Posts,
    window: Window,
    settings: Settings,
    known: KnownIssues,
    bursts: Sequence[Burst],
) -> list[tuple[IssueResult, bool]]:
    """The issues of these days by falling heat, each with whether it is praise."""
    rules = _rules(settings)
    rising = {burst.issue_id: burst for burst in reversed(bursts)}
    listed = {number: wholes[number] for number, role in roles.items() if role != "chatter"}
    asked_for = {*known.states, *(one.issue_id for one in known.instructions if one.state != DONE)}
    whole = {*_hottest(listed, window), *rising, *asked_for}

    def describe(number: int, in_full: bool) -> IssueResult:
        return describe_issue(
            names[number],
            groups[number],
            listed[number],
            control,
            window,
            rules,
            began=began(number),
            asks=roles[number] == "matter",
            state=known.states.get(number),
            burst=rising.get(number),
            in_full=in_full,
        )

    told = {number: describe(number, number in whole) for number in listed}
    quiet = list_quiet(tuple(told.values()))[:IN_FULL]
    told |= {number: describe(number, True) for number in quiet if number not in whole}
    found = [
        (issue, roles[number] == "praise")
        for number, issue in told.items()
        if issue.new_posts.value or issue.hours_open is not None or issue.answer == "recurring"
    ]
    return sorted(found, key=lambda pair: (-pair[0].heat.value, pair[0].id))


def _rules(settings: Settings) -> Rules:
    return Rules(
        answer_hours=settings.answer_hours,
        unsure=settings.unsure,
        departments=settings.departments,
        calendar=WorkCalendar(settings.holidays),
        deadlines=settings.deadlines,
    )


def _hottest(groups: Mapping[int, Posts], window: Window) -> list[int]:
    """The issues of which everything is told."""
    heats = {
        number: measure_heat(posts.residents, posts.voiced, window.last, window.before).value
        for number, posts in groups.items()
    }
    return sorted(heats, key=lambda number: (-heats[number], number))[:IN_FULL]


def _result(
    posts: Posts,
    whole: Posts,
    issues: tuple[IssueResult, ...],
    praise: tuple[IssueResult, ...],
    window: Window,
    settings: Settings,
    kind: BriefKind,
    sources: tuple[SourceHealth, ...],
    instructions: tuple[InstructionResult, ...],
    bursts: Sequence[Burst],
    merges: tuple[MergeSuggestion, ...],
    chatter: Collection[int],
) -> RunResult:
    listed = {issue.id for issue in (*issues, *praise)}
    now = posts.between(window.first, window.last)
    span = window.last - window.first + 1
    before = posts.between(window.first - span, window.before)
    firsts = now.take(now.resident & now.is_first)
    waiting = [issue for issue in issues if issue.hours_open is not None or issue.answer == "recurring"]
    counted = {
        "kind": kind,
        "first_day": date.fromordinal(window.first),
        "last_day": date.fromordinal(window.last),
        "timezone": settings.timezone,
        "sources": sources,
        "threads": figure("overview.threads", firsts),
        "threads_before": int((before.resident & before.is_first).sum()) if len(before) else None,
        "posts": figure("overview.posts", now.residents),
        "negative": share_of_negative("overview.negative", now, before),
        "open_issues": issue_figure("overview.open_issues", waiting),
        "new_issues": sum(in_window(issue.first_post_at, window) for issue in issues),
        "answered_issues": sum(newly_answered(issue, window) for issue in issues),
        "trend": count_days(posts, window.trend_first, window.last),
        "marks": mark_answers(issues[: settings.focus_issues], window),
        "issues": issues,
        "instructions": instructions,
        "praise": praise,
        "cross": cross_issues(posts, issues, window),
        "replies": count_answers(issues),
        "bursts": tuple(burst for burst in bursts if burst.issue_id is None or burst.issue_id in listed),
        "quiet": list_quiet(issues),
        "departments": count_departments(issues),
        "keywords": compare_words(now, before),
        "views": find_views(posts_of(now, (*issues, *praise))),
        "suggestions": suggest(issues[: settings.focus_issues], praise),
        "method": _method(now, settings, date.fromordinal(window.last), chatter),
        "merge_suggestions": merges,
    }
    told = tuple(counted.values())
    evidence = gather_evidence(whole, told) | gather_evidence(posts, told)
    return RunResult(**counted, evidence=evidence)  # type: ignore[arg-type]


def _bursts(
    posts: Posts, labels: Mapping[int, int], window: Window, sensitivity: Sensitivity
) -> tuple[Burst, ...]:
    """Bursts of residents' posts that last until the end of the run."""
    recent = posts.between(window.last - BURST_DAYS, window.last).residents
    issues: Ints = np.array([labels[thread] for thread in recent.thread_id.tolist()], dtype=np.int64)
    return detect_bursts(recent.at, recent.post_id, issues, moment(window.end), sensitivity)


def _method(now: Posts, settings: Settings, last_day: date, chatter: Collection[int]) -> Method:
    aside = now.take(now.resident & now.is_first & np.isin(now.thread_id, list(chatter)))
    read = now.take(now.resident & now.is_first & now.read)
    unsure = read.take(read.p_category < settings.unsure)
    return Method(
        model_version=settings.model_version,
        lexicon_hash=settings.lexicon_hash,
        config_hash=settings.config_hash,
        heat_formula=FORMULA,
        unsure=Share(key="method.unsure", part=len(unsure), whole=len(read), posts=unsure.ids),
        spam=int(now.spam.sum()),
        duplicates=int(now.copy.sum()),
        chatter=figure("method.chatter", aside) if len(aside) else None,
        burst_rule=RULE,
        holidays_guessed=WorkCalendar(settings.holidays).guessed(last_day),
    )


def _record(naming: Naming, began: int, posts: Posts, *, chatter: bool) -> IssueRecord:
    return IssueRecord(
        id=naming.id,
        title=naming.title,
        place=naming.place,
        first_post_at=moment(began),
        first_seen_at=moment(posts.seen_at.min()),
        chatter=chatter,
    )
