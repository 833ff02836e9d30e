"""What is kept how long: gone texts, old posts, runs, briefs, crawls, the audit; and the database's upkeep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row

from minyi.purge import retitle, scrub_runs
from minyi.refusal_file import keep_refusals
from minyi.remask import remask
from minyi.rewriting import owe_rewriting, rewrite_owed, written_files
from minyi.scrub import GONE_TITLE, Passages, Scrubber
from minyi.workspace import Workspace
from pipelines.store import audit, refusals, rewriting
from pipelines.store.crawled import forget_gone_texts, gone_texts
from pipelines.store.retention import (
    delete_old_audit,
    delete_old_crawls,
    delete_old_posts,
    delete_old_runs,
    old_briefs,
)
from pipelines.store.runs import delete_superseded
from pipelines.store.upkeep import forget_deleted, tidy


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How many of each thing were, or would be, taken away."""

    gone_texts: int
    masked_again: int
    posts: int
    superseded_runs: int
    runs: int
    files: int
    crawls: int
    audit: int
    job_logs: int


def housekeep(workspace: Workspace, *, staff: str, dry_run: bool = False) -> Kept:
    """Take away what has been kept long enough, then tidy the database; a dry run only counts."""
    now, days = datetime.now(UTC), workspace.config.retention
    cut = {name: now - timedelta(days=kept) for name, kept in days.model_dump().items()}
    old_days = workspace.today() - timedelta(days=days.briefs)
    gone = 0 if dry_run else forget_gone(workspace, now)
    masked = remask(workspace, staff=staff, dry_run=dry_run)
    with workspace.engine.connect() as connection, connection.begin() as transaction:
        refusals.lock_results(connection)
        files = [
            path for brief in old_briefs(connection, old_days) for path in written_files(workspace, brief)
        ]
        logs = _old_logs(workspace.jobs_folder, cut["job_logs"])
        found = Kept(
            gone_texts=len(gone_texts(connection, now)) if dry_run else gone,
            masked_again=masked.posts + masked.titles + masked.notes,
            posts=delete_old_posts(connection, cut["posts"]),
            superseded_runs=delete_superseded(connection, cut["superseded_runs"]),
            runs=delete_old_runs(connection, old_days),
            files=len(files),
            crawls=delete_old_crawls(connection, cut["crawls"]),
            audit=delete_old_audit(connection, cut["audit"]),
            job_logs=len(logs),
        )
        if dry_run:
            transaction.rollback()
            return found
        counts = {name: getattr(found, name) for name in Kept.__dataclass_fields__}
        audit.record(connection, staff, "housekeep", "store", counts)
    _delete((*files, *logs))
    keep_refusals(workspace)
    tidy(workspace.engine)
    return found


def forget_gone(workspace: Workspace, now: datetime) -> int:
    """Empty the texts of what has been gone from its forum for a week, here and in every run and brief."""
    with workspace.engine.begin() as connection:
        refusals.lock_results(connection)
        rows = gone_texts(connection, now)
        run_ids = _take_out(connection, rows) if rows else set()
        forget_gone_texts(connection, now)
        if run_ids:
            owe_rewriting(connection, rewriting.briefs_of(connection, run_ids))
    if rows:
        forget_deleted(workspace.engine)
    rewrite_owed(workspace)
    return len(rows)


def _take_out(connection: Connection, rows: Sequence[Row[Any]]) -> set[int]:
    titles = {row.title for row in rows if row.thread_is_gone}
    passages = Passages([*(row.text for row in rows), *titles])
    issues = rewriting.issues_of(connection, {row.thread_id for row in rows})
    run_ids = scrub_runs(connection, Scrubber(frozenset(row.id for row in rows), passages, purged=False))
    # The words of the posts themselves stand no longer for a title.
    forgotten = {row.id for row in rows}
    retitle(connection, issues, passages, forgotten)
    rewriting.rewrite_notes(connection, lambda text: passages.redact(text, GONE_TITLE))
    return run_ids


def _old_logs(folder: Path, before: datetime) -> list[Path]:
    """What jobs of `minyi serve` said that ended before then."""
    return [path for path in folder.glob("*.log") if path.stat().st_mtime < before.timestamp()]


def _delete(files: Sequence[Path]) -> None:
    for path in files:
        path.unlink(missing_ok=True)
