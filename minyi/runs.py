"""One run of the analysis: from the store, through `analysis`, back to the store, frozen."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlalchemy import Row

from analysis.results import BriefKind, RunResult
from minyi.sources import day_bounds, source_health
from minyi.workspace import Workspace
from pipelines.store.corrections import apply_corrections
from pipelines.store.database import reading
from pipelines.store.issues import first_posts, known_issues, merged_issues, save_issues
from pipelines.store.readings import posts_frame
from pipelines.store.runs import find_run, save_run

if TYPE_CHECKING:
    from analysis.run import Settings

HISTORY = timedelta(days=92)

_RESULTS = TypeAdapter(RunResult)


def kind_of(first: date, last: date) -> BriefKind:
    """One day makes a daily brief, more days a weekly one."""
    return "daily" if first == last else "weekly"


def frozen_run(workspace: Workspace, first: date, last: date) -> Row[Any] | None:
    """The stored run of these days, or None."""
    with reading(workspace.engine).connect() as connection:
        return find_run(connection, kind_of(first, last), first, last)


def result_of(run: Row[Any]) -> RunResult:
    """The frozen results of a stored run."""
    return _RESULTS.validate_python(run.results)


def run_analysis(workspace: Workspace, first: date, last: date) -> Row[Any]:
    """Analyse these days and freeze what was found, replacing an earlier run of the same days."""
    # Loaded where they are used: other commands only look at runs that are frozen.
    from analysis.run import KnownIssues, analyse
    from minyi.local_training import with_local_accuracy

    kind, zone = kind_of(first, last), workspace.config.office.zone
    start = day_bounds(first, zone)[0] - HISTORY
    end = day_bounds(last, zone)[1]
    with reading(workspace.engine).connect() as connection:
        posts = posts_frame(connection, workspace.reading_version, start, end)
        apply_corrections(connection, posts)
        threads, titles, next_id = known_issues(connection)
        merged = merged_issues(connection)
        began = first_posts(connection)
    districts = {source.name: source.district for source in workspace.config.sources}
    posts["source_district"] = posts["source"].map(districts).astype(object)
    found = analyse(
        posts,
        KnownIssues(threads=threads, merged=merged, titles=titles, next_id=next_id, first_posts=began),
        _settings(workspace),
        kind=kind,
        first_day=first,
        last_day=last,
        sources=source_health(workspace, last),
    )
    now = datetime.now(UTC)
    row = {
        "kind": kind,
        "first_day": first,
        "last_day": last,
        "config_hash": workspace.config.fingerprint(),
        "lexicon_hash": workspace.lexicon_hash,
        "model_version": workspace.reading_version,
        "results": _RESULTS.dump_python(
            with_local_accuracy(found.result, workspace.layers_file), mode="json"
        ),
        "made_at": now,
    }
    with workspace.engine.begin() as connection:
        save_issues(connection, found.issues, found.issue_threads, now, next_id)
        return save_run(connection, row)


def _settings(workspace: Workspace) -> "Settings":
    from analysis.run import Settings

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
