"""One run of the analysis: from the store, through `analysis`, back to the store, frozen."""

import gc
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row

from analysis.results import BriefKind, RunResult, SourceHealth
from minyi.known_issues import read_known_issues
from minyi.sources import day_bounds, source_health
from minyi.workspace import Workspace
from pipelines.store.corrections import apply_corrections
from pipelines.store.database import reading
from pipelines.store.issues import save_issues
from pipelines.store.readings import posts_frame, posts_written
from pipelines.store.refusals import check_unpurged, last_removal
from pipelines.store.runs import find_run, save_run, stored_run

if TYPE_CHECKING:
    import pandas as pd

    from analysis.run import Analysis
    from analysis.settings import KnownIssues, Settings

HISTORY = timedelta(days=92)
BESIDE = timedelta(days=7)  # on each side of an answer, as analysis.effect looks at it
MOST_CONTROL = 40_000
UNSTORED = 1_000_000_001  # the first number of issues that a topic's run finds and does not store

_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_RESULTS = TypeAdapter(RunResult)


def kind_of(first: date, last: date) -> BriefKind:
    """One day makes a daily brief, more days a weekly one."""
    return "daily" if first == last else "weekly"


def frozen_run(workspace: Workspace, first: date, last: date) -> Row[Any] | None:
    """The current run of these days, or None."""
    with reading(workspace.engine).connect() as connection:
        return find_run(connection, kind_of(first, last), first, last)


def result_of(run: Row[Any]) -> RunResult:
    """The frozen results of a stored run."""
    return _RESULTS.validate_python(run.results)


@contextmanager
def _keeping_all() -> Iterator[None]:
    """Do not look for garbage, of which posts and results make none: each look would walk through all of them."""
    looks = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looks:
            gc.enable()


def run_analysis(workspace: Workspace, first: date, last: date) -> Row[Any]:
    """Analyse these days, freeze what was found, and keep the issues for the next run."""
    number = _run_days(workspace, first, last)
    with reading(workspace.engine).connect() as connection:
        return stored_run(connection, number)


@_keeping_all()
def _run_days(workspace: Workspace, first: date, last: date) -> int:
    """The number of the run: its results are read back when the posts no longer take memory."""
    zone = workspace.config.office.zone
    start, end = day_bounds(first, zone)[0] - HISTORY, day_bounds(last, zone)[1]
    with reading(workspace.engine).connect() as connection:
        inputs = _read_inputs(
            workspace, connection, posts_frame(connection, workspace.reading_version, start, end)
        )
    days = _Days(kind_of(first, last), first, last)
    found = _analyse(workspace, inputs, days, source_health(workspace, last, settled=True))
    now = datetime.now(UTC)
    row, purges, next_id = _row(workspace, inputs, days, found, now), inputs.purges, inputs.known.next_id
    issues, joined = found.issues, _joined(inputs, found)
    del inputs, found  # a database copies what it stores
    with workspace.engine.begin() as connection:
        check_unpurged(connection, purges)
        save_issues(connection, issues, joined, now, next_id)
        return save_run(connection, row)


@_keeping_all()
def run_on_threads(
    workspace: Workspace, first: date, last: date, topic: str, thread_ids: Sequence[int]
) -> Row[Any]:
    """Analyse these threads, as the special run of a topic: they alone are counted and quoted.

    Issues have the ids they are stored under, and stand as in any other run: all of their threads
    tell whether they are answered and what that changed.  What no run has grouped yet gets a number
    from `UNSTORED` on, and none of it is stored: a topic never changes later daily results.
    """
    end = day_bounds(last, workspace.config.office.zone)[1]
    with reading(workspace.engine).connect() as connection:
        known = read_known_issues(connection)
        wanted = _threads_of_issues(known, thread_ids)
        whole = posts_frame(connection, workspace.reading_version, _EVER, end, wanted)
        _complete(workspace, connection, whole)
        control = _read_control(workspace, connection, whole)
        purges = last_removal(connection)
    posts = whole[whole["thread_id"].isin(thread_ids)]
    inputs = _Inputs(posts, replace(known, next_id=UNSTORED), purges, control, whole)
    days = _Days("special", first, last, topic)
    found = _analyse(workspace, inputs, days, _topic_health(workspace, posts, first, last))
    with workspace.engine.begin() as connection:
        check_unpurged(connection, inputs.purges)
        return stored_run(
            connection, save_run(connection, _row(workspace, inputs, days, found, datetime.now(UTC)))
        )


def _threads_of_issues(known: "KnownIssues", thread_ids: Sequence[int]) -> list[int]:
    """These threads and all others of the issues that they are in."""

    def issue_of(thread: int) -> int:
        return known.merged.get(known.threads[thread], known.threads[thread])

    touched = {issue_of(thread) for thread in thread_ids if thread in known.threads}
    return sorted({*thread_ids, *(thread for thread in known.threads if issue_of(thread) in touched)})


@dataclass(frozen=True, slots=True)
class Look:
    """A day analysed so far, of which nothing is stored yet."""

    days: "_Days"
    inputs: "_Inputs"
    found: "Analysis"


@_keeping_all()
def look_at_day(workspace: Workspace, now: datetime, sources: tuple[SourceHealth, ...]) -> Look:
    """Analyse a day that is not over, until now, for alerts."""
    zone = workspace.config.office.zone
    day = now.astimezone(zone).date()
    start, end = day_bounds(day, zone)[0] - HISTORY, day_bounds(day, zone)[1]
    with reading(workspace.engine).connect() as connection:
        posts = posts_frame(connection, workspace.reading_version, start, end)
        inputs = _read_inputs(workspace, connection, posts)
    days = _Days("alert", day, day, until=now)
    return Look(days, inputs, _analyse(workspace, inputs, days, sources))


def keep_issues(workspace: Workspace, look: Look) -> None:
    """Store the issues of a look, so that an alert can name one."""
    now = datetime.now(UTC)
    with workspace.engine.begin() as connection:
        check_unpurged(connection, look.inputs.purges)
        joined = _joined(look.inputs, look.found)
        save_issues(connection, look.found.issues, joined, now, look.inputs.known.next_id)


def freeze_look(workspace: Workspace, look: Look, topic: str, result: RunResult) -> Row[Any]:
    """Store a look as the run of one alert, with the part of its results that the alert is about."""
    days, found = replace(look.days, topic=topic), replace(look.found, result=result)
    row = _row(workspace, look.inputs, days, found, datetime.now(UTC))
    with workspace.engine.begin() as connection:
        check_unpurged(connection, look.inputs.purges)
        return stored_run(connection, save_run(connection, row))


@dataclass(frozen=True, slots=True)
class _Days:
    """What is analysed; `until` when, where the last day is not over."""

    kind: BriefKind
    first: date
    last: date
    topic: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What an analysis starts from, as one look at the store found it; `whole`: of a topic's issues, all posts."""

    posts: "pd.DataFrame"
    known: "KnownIssues"
    purges: tuple[int, int]
    control: "pd.DataFrame | None" = None
    whole: "pd.DataFrame | None" = None


def _read_inputs(workspace: Workspace, connection: Connection, posts: "pd.DataFrame") -> _Inputs:
    _complete(workspace, connection, posts)
    return _Inputs(posts, read_known_issues(connection), last_removal(connection))


def _joined(inputs: _Inputs, found: "Analysis") -> dict[int, int]:
    """The threads that no issue had: those stored stay where they are."""
    known = inputs.known.threads
    return {thread: part for thread, part in found.issue_threads.items() if thread not in known}


def _complete(workspace: Workspace, connection: Connection, posts: "pd.DataFrame") -> None:
    """Let people's labels stand instead of the models', and add the sources' own districts."""
    apply_corrections(connection, posts)
    districts = {source.name: source.district for source in workspace.config.sources}
    posts["source_district"] = posts["source"].map(districts).astype(object)


def _read_control(
    workspace: Workspace, connection: Connection, posts: "pd.DataFrame"
) -> "pd.DataFrame | None":
    """All posts around the official ones of a topic; of every so many threads where these are many."""
    official = posts.loc[posts["agency"].notna(), "dated_at"]
    if official.empty:
        return None
    first, last = official.min().to_pydatetime() - BESIDE, official.max().to_pydatetime() + BESIDE
    written = posts_written(connection, first, last)
    step = max(1, -(-sum(written.values()) // MOST_CONTROL))
    threads = sorted(written)[::step]
    control = posts_frame(connection, workspace.reading_version, first, last, threads)
    _complete(workspace, connection, control)
    return control


def _analyse(
    workspace: Workspace, inputs: _Inputs, days: _Days, sources: tuple[SourceHealth, ...]
) -> "Analysis":
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    from analysis.run import analyse
    from minyi.local_training import with_local_accuracy

    with threadpool_limits(1):  # small matrices: threads would take another core to wait for each other
        found = analyse(
            inputs.posts if inputs.whole is None else inputs.whole,
            inputs.known,
            _settings(workspace),
            kind=days.kind,
            first_day=days.first,
            last_day=days.last,
            sources=sources,
            control=inputs.control,
            topic_threads=None if inputs.whole is None else set(inputs.posts["thread_id"]),
            until=days.until,
        )
    return replace(found, result=with_local_accuracy(found.result, workspace.layers_file))


def _topic_health(
    workspace: Workspace, posts: "pd.DataFrame", first: date, last: date
) -> tuple[SourceHealth, ...]:
    """How the sources did on the last day, with the topic's own posts of all its days counted."""
    zone = workspace.config.office.zone
    own = posts[(posts["dated_at"] >= day_bounds(first, zone)[0])]
    written, started = own["source"].value_counts(), own.loc[own["is_first"], "source"].value_counts()
    return tuple(
        replace(
            source,
            threads=int(started.get(source.name, 0)),
            posts=int(written.get(source.name, 0)),
            usual=None,
        )
        for source in source_health(workspace, last, settled=True)
    )


def _row(
    workspace: Workspace, inputs: _Inputs, days: _Days, found: "Analysis", made_at: datetime
) -> dict[str, Any]:
    results = _RESULTS.dump_json(found.result, ensure_ascii=True).decode()  # ASCII takes least memory
    labels = json.dumps(_labels(workspace, inputs, days, found))
    return {
        "kind": days.kind,
        "first_day": days.first,
        "last_day": days.last,
        "topic": days.topic,
        "inputs_hash": _inputs_hash(inputs.posts, found.result, labels),
        "config_hash": workspace.config.fingerprint(),
        "lexicon_hash": workspace.lexicon_hash,
        "model_version": workspace.reading_version,
        "results": results,
        "labels": labels,
        "made_at": made_at,
    }


def _labels(workspace: Workspace, inputs: _Inputs, days: _Days, found: "Analysis") -> dict[str, list[Any]]:
    """What the posts of these days were read as, and the issue each is in."""
    start = day_bounds(days.first, workspace.config.office.zone)[0]
    own = inputs.posts[inputs.posts["dated_at"] >= start]
    read = own[["sentiment", "intent", "category"]].astype(object).where(own["sentiment"].notna(), None)
    parts = [found.issue_threads.get(thread) for thread in own["thread_id"].tolist()]
    wholes = [inputs.known.merged.get(part, part) if part is not None else None for part in parts]
    rows = zip(own["post_id"].tolist(), read.to_numpy().tolist(), wholes, strict=True)
    return {str(post): [*labels, issue] for post, labels, issue in rows}


# What an analysis takes from a post; readings stand for their model's version too.
_TAKEN = (
    *("post_id", "thread_id", "source", "title", "text_hash", "dated_at", "hidden", "agency"),
    *("sentiment", "intent", "category", "district", "spam"),
)


def _inputs_hash(posts: "pd.DataFrame", result: RunResult, labels: str) -> str:
    """A name for everything that went in: the posts by what is taken of them, and all else (versions,
    issues, staff's decisions, the sources' state) by what it led to.

    What a later program could tell besides, and has nothing to tell of, does not change it.
    """
    order = posts["post_id"].to_numpy().argsort()
    digest = hashlib.blake2b(digest_size=16)
    for name in _TAKEN:
        values = posts[name].astype("int64") if name == "dated_at" else posts[name]
        digest.update(repr(values.to_numpy()[order].tolist()).encode("utf-8", "surrogatepass"))
    digest.update(_RESULTS.dump_json(result, ensure_ascii=True, exclude_defaults=True))
    digest.update(labels.encode())
    return digest.hexdigest()


def _settings(workspace: Workspace) -> "Settings":
    from analysis.settings import Settings

    config = workspace.config
    return Settings(
        timezone=config.office.timezone,
        answer_hours=config.thresholds.answer_hours,
        trend_days=config.thresholds.trend_days,
        focus_issues=config.thresholds.focus_issues,
        unsure=config.thresholds.unsure,
        departments=tuple((d.name, d.category, d.district, d.detail) for d in config.departments),
        burst=config.thresholds.burst,
        deadlines=config.working_days,
        holidays=dict(config.holidays),
        model_version=workspace.reading_version,
        lexicon_hash=workspace.lexicon_hash,
        config_hash=config.fingerprint(),
    )
