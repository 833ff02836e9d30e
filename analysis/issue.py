"""One issue, from its posts: every figure a brief shows of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

import numpy as np

from analysis.aspects import find_aspects
from analysis.calendar import WorkCalendar
from analysis.deadlines import find_deadlines
from analysis.demands import find_demands
from analysis.effect import measure_effect
from analysis.heat import measure_heat
from analysis.life import find_key_posts, is_quiet, returned_on, stage_of
from analysis.posts import Posts, count_voices, moment, negative_share
from analysis.quotes import choose_quotes
from analysis.replies import HOUR, Clock, find_replies, read_clock
from analysis.results import Burst, Deadline, Figure, Intent, IssueResult, Reply, Share, StaffState
from analysis.routing import Department, Route, route_issue
from analysis.rubric import judge_replies
from analysis.titles import Naming
from analysis.trends import count_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days of a run and the days before it (ordinals), and the second at which it ends."""

    first: int
    last: int
    trend_first: int
    end: int
    zone: ZoneInfo

    @property
    def before(self) -> int:
        """The last day before the run."""
        return self.first - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The settings that bear on a single issue."""

    answer_hours: int
    unsure: float
    departments: tuple[Department, ...]
    calendar: WorkCalendar
    deadlines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Subject:
    """What an issue is about and where; `rivals` are categories it may belong to as well."""

    category: str | None
    detail: str | None
    rivals: tuple[str, ...]
    district: str | None


_CLOSE = 0.7  # of the first category's probability
NO_CLOCK = Clock("open", None, None)


def describe_issue(
    naming: Naming,
    posts: Posts,
    whole: Posts,
    control: Posts,
    window: Window,
    rules: Rules,
    *,
    began: int,
    asks: bool,
    state: StaffState | None = None,
    burst: Burst | None = None,
    in_full: bool = True,
) -> IssueResult:
    """The result of one issue, begun at that second; `control` are all threads' posts.

    `posts` are counted and quoted, all of its own but in a topic's run; how it stands is told by the `whole`.
    Unless told `in_full` it has no quotes, aspects and key posts, and demands only where it has answers.
    """
    residents = posts.residents
    everyone = whole.residents
    subject = _subject(everyone, rules)
    route = _route(subject, rules, state)
    clock = read_clock(whole, began, window.end, rules.answer_hours, state) if asks else NO_CLOCK
    key = f"issue.{naming.id}"
    answers = find_replies(posts)
    demands = find_demands(posts, key) if in_full or answers else ()
    replies = judge_replies(answers, demands, posts, began)
    aspects = find_aspects(posts, key, clock.answered_at) if in_full else ()
    kind = _kind(everyone) if asks else None
    voices = count_voices(posts.voiced)
    back = returned_on(everyone, window.first)
    reopened = _known(clock.reopened_at)
    return IssueResult(
        id=naming.id,
        title=naming.title,
        place=naming.place,
        district=subject.district,
        category=subject.category,
        category_detail=subject.detail,
        department=route.department,
        department_reason=route.reason,
        department_options=route.options,
        first_post_at=moment(began),
        first_seen_at=moment(everyone.seen_at.min()),
        last_post_at=moment(everyone.at[-1]),
        threads=figure(f"{key}.threads", openings(residents)),
        posts=figure(f"{key}.posts", residents),
        new_posts=figure(f"{key}.new_posts", residents.between(window.first, window.last)),
        voices=voices,
        days=len(residents.days),
        sources=tuple(dict.fromkeys(residents.source)),
        heat=measure_heat(everyone, whole.voiced, window.last, window.before),
        stage=stage_of(everyone, window.first, window.last),
        daily=count_days(posts, window.trend_first, window.last),
        negative=share_of_negative(f"{key}.negative", residents, before=None),
        replies=replies,
        answer=clock.answer,
        hours_open=clock.hours_open,
        hours_to_answer=clock.hours_to_answer,
        demands=demands,
        quotes=choose_quotes(posts) if in_full else (),
        effect=measure_effect(whole, control, key, window.end) if replies else None,
        working_days=_working_days(began, clock, window, rules.calendar),
        acknowledged_at=_known(clock.acknowledged_at),
        answered_at=_known(clock.answered_at),
        reopened_at=reopened,
        time_unknown=clock.time_unknown,
        state=state,
        kind=kind,
        deadlines=_deadlines(began, clock, kind, window, rules) if asks and not clock.time_unknown else (),
        burst=burst,
        quiet=is_quiet(everyone, count_voices(whole.voiced), _local_day(began, window), window.last, clock),
        returned_after_days=None if back is None else back[1],
        earlier_answer=None if back is None else _answer_before(replies, back[0], window),
        aspects=aspects,
        key_posts=find_key_posts(posts, replies, reopened, aspects, window.first) if in_full else (),
    )


def _subject(residents: Posts, rules: Rules) -> _Subject:
    """As the opening posts have it, or all where these are not known."""
    firsts = residents.take(residents.is_first)
    read = firsts if len(firsts) else residents
    category, detail, rivals = _category(read, rules.unsure)
    return _Subject(category, detail, rivals, _commonest(read.district))


def _route(subject: _Subject, rules: Rules, state: StaffState | None) -> Route:
    """Whose job it is; staff who passed it on know."""
    if state is not None and state.department is not None:
        return Route(state.department, "工作人员转办")
    return route_issue(subject.category, subject.rivals, subject.detail, subject.district, rules.departments)


def _kind(residents: Posts) -> Intent | None:
    """What most opening posts that ask are, or else most posts."""
    asking = residents.take(residents.asking)
    opening = asking.take(asking.is_first)
    return cast(Intent | None, _commonest((opening if len(opening) else asking).intent))


def _deadlines(
    began: int, clock: Clock, kind: Intent | None, window: Window, rules: Rules
) -> tuple[Deadline, ...]:
    began_at, answered_at, end = moment(began), _known(clock.answered_at), moment(window.end)
    return find_deadlines(began_at, answered_at, end, kind, rules.deadlines, rules.calendar, window.zone)


def _known(second: int | None) -> datetime | None:
    return None if second is None else moment(second)


def _local_day(second: int, window: Window) -> int:
    return moment(second).astimezone(window.zone).toordinal()


def _answer_before(replies: Sequence[Reply], day: int, window: Window) -> int | None:
    """The last answer before the day on which people came back."""
    given = [
        reply.post_id
        for reply in replies
        if not reply.acknowledges
        and reply.replied_at is not None
        and reply.replied_at.astimezone(window.zone).toordinal() < day
    ]
    return given[-1] if given else None


def _working_days(began: int, clock: Clock, window: Window, calendar: WorkCalendar) -> int | None:
    """Working days until the answer, or until the run's end; None where no clock ran."""
    if clock.hours_to_answer is None and clock.hours_open is None:
        return None
    end = window.end - 1 if clock.hours_to_answer is None else began + round(clock.hours_to_answer * HOUR)
    start, end_at = (moment(second).astimezone(window.zone) for second in (began, end))
    return calendar.working_days(start, end_at)


def openings(residents: Posts) -> Posts:
    """The first post seen of each thread."""
    _, rows = np.unique(residents.thread_id, return_index=True)
    return residents.take(np.sort(rows))


def figure(key: str, posts: Posts) -> Figure:
    """The number of these posts."""
    return Figure(key=key, value=len(posts), posts=posts.ids)


def share_of_negative(key: str, posts: Posts, before: Posts | None) -> Share:
    """The negative among residents' read posts, and the same of the period before."""
    read = posts.take(posts.resident & posts.read)
    negative = read.take(read.negative)
    return Share(
        key=key,
        part=len(negative),
        whole=len(read),
        posts=negative.ids,
        before=None if before is None else negative_share(before),
    )


def _category(posts: Posts, unsure: float) -> tuple[str | None, str | None, tuple[str, ...]]:
    """The category most probability speaks for, its commonest detail, and others that come close.

    None where nobody is sure; then the others are the two likeliest.
    """
    sure: Counter[str] = Counter()
    likely: Counter[str] = Counter()
    for name, p in zip(posts.category, posts.p_category.tolist(), strict=True):
        if name is not None:
            likely[name] += p
            sure[name] += p if p >= unsure else 0
    if not +sure:
        return None, None, tuple(name for name, _ in likely.most_common(2))
    category = max(sure, key=lambda name: (sure[name], name))
    rivals = tuple(
        name for name, p in likely.most_common() if name != category and p >= _CLOSE * likely[category]
    )
    return category, _commonest(posts.category_detail[posts.category == category]), rivals[:1]


def _commonest(values: np.ndarray) -> str | None:
    counts = Counter(value for value in values if value is not None)
    return max(counts, key=lambda value: (counts[value], value)) if counts else None
