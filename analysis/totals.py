"""What a run tells over all its issues and posts, and how its numbers were made."""

from collections.abc import Collection
from datetime import date

import numpy as np

from analysis.answers import count_answers, count_departments, issue_figure
from analysis.burst import RULE
from analysis.calendar import WorkCalendar
from analysis.heat import FORMULA
from analysis.issue import Window, figure, share_of_negative
from analysis.keywords import compare_words
from analysis.listing import is_waiting
from analysis.overview import cross_issues, in_window, list_quiet, mark_answers, newly_answered, posts_of
from analysis.posts import Posts
from analysis.results import BriefKind, IssueResult, Method, RunResult, Share, SourceHealth
from analysis.settings import Settings
from analysis.suggestions import suggest
from analysis.trends import count_days
from analysis.views import find_views


def count_totals(
    posts: Posts,
    issues: tuple[IssueResult, ...],
    praise: tuple[IssueResult, ...],
    window: Window,
    settings: Settings,
    *,
    kind: BriefKind,
    sources: tuple[SourceHealth, ...],
    chatter: Collection[int],
) -> RunResult:
    """The totals over the posts that count, with the issues; `chatter` are the threads that are in none."""
    now, before = _now_and_before(posts, window)
    focus = issues[: settings.focus_issues]
    return RunResult(
        kind=kind,
        first_day=date.fromordinal(window.first),
        last_day=date.fromordinal(window.last),
        timezone=settings.timezone,
        sources=sources,
        threads=figure("overview.threads", now.take(now.resident & now.is_first)),
        threads_before=int((before.resident & before.is_first).sum()) if len(before) else None,
        posts=figure("overview.posts", now.residents),
        negative=share_of_negative("overview.negative", now, before),
        open_issues=issue_figure("overview.open_issues", list(filter(is_waiting, issues))),
        new_issues=sum(in_window(issue.first_post_at, window) for issue in issues),
        answered_issues=sum(newly_answered(issue, window) for issue in issues),
        trend=count_days(posts, window.trend_first, window.last),
        marks=mark_answers(focus, window),
        issues=issues,
        praise=praise,
        cross=cross_issues(posts, issues, window),
        replies=count_answers(issues),
        quiet=list_quiet(issues),
        departments=count_departments(issues),
        keywords=compare_words(now, before),
        views=find_views(posts_of(now, (*issues, *praise))),
        suggestions=suggest(focus, praise),
        method=_method(now, settings, date.fromordinal(window.last), chatter),
    )


def _now_and_before(posts: Posts, window: Window) -> tuple[Posts, Posts]:
    """The posts of the run's days, and of as many days before them."""
    span = window.last - window.first + 1
    return posts.between(window.first, window.last), posts.between(window.first - span, window.before)


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
