"""What changed from one run to another, and why."""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from analysis.results import RunResult
from minyi.evidence import stored_run
from minyi.runs import result_of
from minyi.sources import day_bounds
from minyi.workspace import Workspace
from pipelines.store.database import reading
from pipelines.store.evidence import corrections_of, posts_now
from pipelines.store.issues import merged_issues
from pipelines.store.runs import run_labels

TASKS = {"sentiment": "情感", "intent": "意图", "category": "类别"}
_FIGURES = {
    "overview.threads": "主题帖",
    "overview.posts": "居民帖子",
    "overview.negative": "负面占比",
    "overview.open_issues": "在办事项",
    "replies.answered": "已答复事项",
    "replies.overdue": "超过答复时限的事项",
}
Labels = dict[int, list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHead:
    """Which run: its number, kind, days and topic, and when it was made."""

    id: int
    kind: str
    first_day: date
    last_day: date
    topic: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureChange:
    """A number before and after; a share is told in per cent; None where a run has no such number."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """How many posts for one reason."""

    reason: str
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclassified:
    """How many posts were read as `before` and now as `after`, for one reason."""

    task: str
    before: str | None
    after: str | None
    reason: str
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueChange:
    """An issue that is new, gone, merged away or renamed; `other` is the old title, or the issue it went into."""

    id: int
    title: str
    change: str
    other: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDiff:
    """What changed from `before` to `after`.  `settings` names what the runs were made with differently."""

    before: RunHead
    after: RunHead
    settings: tuple[str, ...]
    figures: tuple[FigureChange, ...]
    new_posts: tuple[Reason, ...]
    missing_posts: tuple[Reason, ...]
    reclassified: tuple[Reclassified, ...]
    issues: tuple[IssueChange, ...]
    moved: int


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two runs."""

    run: Row[Any]
    result: RunResult
    labels: Labels
    start: datetime
    end: datetime

    @property
    def titles(self) -> dict[int, str]:
        return {issue.id: issue.title for issue in (*self.result.issues, *self.result.praise)}


def diff_runs(workspace: Workspace, before: int, after: int) -> RunDiff:
    """Compare two runs; InputError when there is no such run."""
    with reading(workspace.engine).connect() as connection:
        old, new = (_side(workspace, connection, run) for run in (before, after))
        common = old.labels.keys() & new.labels.keys()
        return RunDiff(
            before=_head(old.run),
            after=_head(new.run),
            settings=_settings(old.run, new.run),
            figures=_figures(old.result, new.result),
            new_posts=_reasons(_why_new(connection, old, new)),
            missing_posts=_reasons(_why_missing(connection, old, new)),
            reclassified=_reclassified(connection, old, new, common),
            issues=_issues(connection, old, new),
            moved=sum(old.labels[post][3] != new.labels[post][3] for post in common),
        )


def _side(workspace: Workspace, connection: Connection, run_id: int) -> _Side:
    run = stored_run(workspace, run_id)
    zone = workspace.config.office.zone
    start, end = day_bounds(run.first_day, zone)[0], day_bounds(run.last_day, zone)[1]
    return _Side(run, result_of(run), run_labels(connection, run_id), start, end)


def _head(run: Row[Any]) -> RunHead:
    return RunHead(**{name: getattr(run, name) for name in RunHead.__slots__})


def _settings(old: Row[Any], new: Row[Any]) -> tuple[str, ...]:
    """What differs in how the two were made."""
    models = [run.model_version.rpartition("-")[0] for run in (old, new)]
    changed = {
        "模型": models[0] != models[1],
        "词表": old.lexicon_hash != new.lexicon_hash,
        "配置": old.config_hash != new.config_hash,
    }
    found = [name for name, differs in changed.items() if differs]
    if old.model_version != new.model_version and not (changed["模型"] or changed["词表"]):
        found.append("地名或本地修正层")
    return tuple(found)


def _figures(old: RunResult, new: RunResult) -> tuple[FigureChange, ...]:
    sides = [_values(result) for result in (old, new)]
    return tuple(
        FigureChange(label=label, before=sides[0].get(key), after=sides[1].get(key))
        for key, label in _FIGURES.items()
    )


def _values(result: RunResult) -> dict[str, str]:
    figures = (
        result.threads,
        result.posts,
        result.open_issues,
        result.replies.answered,
        result.replies.overdue,
    )
    values = {figure.key: str(figure.value) for figure in figures}
    share = result.negative.value
    return values | ({"overview.negative": f"{share:.1%}"} if share is not None else {})


def _reasons(counted: Iterable[str]) -> tuple[Reason, ...]:
    return tuple(Reason(reason=reason, posts=posts) for reason, posts in Counter(counted).most_common())


def _why_new(connection: Connection, old: _Side, new: _Side) -> list[str]:
    """Why each post of the later run was not in the earlier one."""
    posts = posts_now(connection, sorted(new.labels.keys() - old.labels.keys()))
    return [_why_one_new(row, old, new) for row in posts.values()]


def _why_one_new(row: Row[Any], old: _Side, new: _Side) -> str:
    if row.seen_at > old.run.made_at:
        return "新采到的"
    return _why_elsewhere(row, old, old.run.topic != new.run.topic)


def _why_elsewhere(row: Row[Any], without: _Side, other_topic: bool) -> str:
    """Why a post that is there was not in a run."""
    if not without.start <= row.dated_at < without.end:
        return "日期范围不同"
    if other_topic:
        return "专题不同"
    return "正文、时间或检索式有改动"


def _why_missing(connection: Connection, old: _Side, new: _Side) -> list[str]:
    """Why each post of the earlier run is not in the later one."""
    missing = sorted(old.labels.keys() - new.labels.keys())
    now = posts_now(connection, missing)
    purged = {post for post, ref in old.result.evidence.items() if ref.purged} - new.labels.keys()
    reasons = ["按要求删除"] * len(purged - now.keys())
    return reasons + [_why_one_missing(now.get(post), old, new) for post in missing if post not in purged]


def _why_one_missing(row: Row[Any] | None, old: _Side, new: _Side) -> str:
    if row is None:
        return "已按要求或保留期删除"
    if row.gone:
        return "原帖已不在论坛"
    return _why_elsewhere(row, new, old.run.topic != new.run.topic)


def _reclassified(
    connection: Connection, old: _Side, new: _Side, common: Set[int]
) -> tuple[Reclassified, ...]:
    changed = [post for post in common if old.labels[post][:3] != new.labels[post][:3]]
    corrected = corrections_of(connection, sorted(changed))
    otherwise = "、".join(_settings(old.run, new.run)) or "正文有改动或重新识读"
    counted: Counter[tuple[str, str | None, str | None, str]] = Counter()
    for post in changed:
        for place, task in enumerate(TASKS):
            before, after = old.labels[post][place], new.labels[post][place]
            if before != after:
                by_person = (post, task) in corrected and corrected[post, task].label in (before, after)
                counted[task, before, after, "人工校正" if by_person else otherwise] += 1
    return tuple(
        Reclassified(task=task, before=before, after=after, reason=reason, posts=posts)
        for (task, before, after, reason), posts in counted.most_common()
    )


def _issues(connection: Connection, old: _Side, new: _Side) -> tuple[IssueChange, ...]:
    """Issues of one run alone, and those with another title."""
    merged = merged_issues(connection)
    was, now = old.titles, new.titles
    opened = [IssueChange(id=issue, title=now[issue], change="新出现") for issue in now.keys() - was.keys()]
    left = [_left(issue, was[issue], merged, now) for issue in was.keys() - now.keys()]
    renamed = [
        IssueChange(id=issue, title=now[issue], change="改名", other=was[issue])
        for issue in was.keys() & now.keys()
        if was[issue] != now[issue]
    ]
    return tuple(sorted([*opened, *left, *renamed], key=lambda change: (change.change, change.id)))


def _left(issue: int, title: str, merged: Mapping[int, int], now: Mapping[int, str]) -> IssueChange:
    into = merged.get(issue)
    if into is None:
        return IssueChange(id=issue, title=title, change="不再列出")
    return IssueChange(id=issue, title=title, change="已并入", other=now.get(into, f"第 {into} 号事项"))
