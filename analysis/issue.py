"""One issue, from its posts: every figure a brief shows of it."""

from collections import Counter
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from analysis.calendar import WorkCalendar
from analysis.demands import find_demands
from analysis.effect import measure_effect
from analysis.heat import measure_heat
from analysis.life import stage_of
from analysis.posts import Posts, count_voices, moment, negative_share
from analysis.quotes import choose_quotes
from analysis.replies import HOUR, Clock, find_replies, read_clock
from analysis.results import Figure, IssueResult, Share, StaffState
from analysis.routing import Department, route_issue
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


NO_CLOCK = Clock("open", None, None)


def describe_issue(
    naming: Naming,
    posts: Posts,
    control: Posts,
    window: Window,
    rules: Rules,
    *,
    began: int,
    asks: bool,
    state: StaffState | None = None,
) -> IssueResult:
    """The result of one issue, begun at that second; `posts` are its threads', `control` all threads'."""
    residents = posts.residents
    firsts = residents.take(residents.is_first)
    category, detail = _category(firsts if len(firsts) else residents, rules.unsure)
    district = _commonest(firsts.district if len(firsts) else residents.district)
    department, reason = route_issue(category, detail, district, rules.departments)
    if state is not None and state.department is not None:
        department, reason = state.department, "工作人员转办"
    clock = read_clock(posts, began, window.end, rules.answer_hours, state) if asks else NO_CLOCK
    replies = find_replies(posts)
    key = f"issue.{naming.id}"
    return IssueResult(
        id=naming.id,
        title=naming.title,
        place=naming.place,
        district=district,
        category=category,
        category_detail=detail,
        department=department,
        department_reason=reason,
        first_post_at=moment(began),
        first_seen_at=moment(residents.seen_at.min()),
        last_post_at=moment(residents.at[-1]),
        threads=figure(f"{key}.threads", openings(residents)),
        posts=figure(f"{key}.posts", residents),
        new_posts=figure(f"{key}.new_posts", residents.between(window.first, window.last)),
        voices=count_voices(residents),
        days=len(np.unique(residents.day)),
        sources=tuple(dict.fromkeys(residents.source)),
        heat=measure_heat(residents, window.last, window.before),
        stage=stage_of(residents, window.first, window.last),
        daily=count_days(posts, window.trend_first, window.last),
        negative=share_of_negative(f"{key}.negative", residents, before=None),
        replies=replies,
        answer=clock.answer,
        hours_open=clock.hours_open,
        hours_to_answer=clock.hours_to_answer,
        demands=find_demands(posts, key),
        quotes=choose_quotes(posts),
        effect=measure_effect(posts, control, key) if replies else None,
        working_days=_working_days(began, clock, window, rules.calendar),
        acknowledged_at=None if clock.acknowledged_at is None else moment(clock.acknowledged_at),
        answered_at=None if clock.answered_at is None else moment(clock.answered_at),
        reopened_at=None if clock.reopened_at is None else moment(clock.reopened_at),
        state=state,
    )


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


def _category(posts: Posts, unsure: float) -> tuple[str | None, str | None]:
    """The category most probability speaks for, and its commonest detail; None where nobody is sure."""
    sure: Counter[str] = Counter()
    for name, p in zip(posts.category, posts.p_category.tolist(), strict=True):
        if name is not None and p >= unsure:
            sure[name] += p
    if not sure:
        return None, None
    category = max(sure, key=lambda name: (sure[name], name))
    return category, _commonest(posts.category_detail[posts.category == category])


def _commonest(values: np.ndarray) -> str | None:
    counts = Counter(value for value in values if value is not None)
    return max(counts, key=lambda value: (counts[value], value)) if counts else None
