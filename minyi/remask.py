"""Masking again what is stored, when masking has improved: posts, readings, index, runs, briefs, notes.

Step by step, each some rows in one transaction that also notes how far it is: killed, it goes on from
there, and what is masked stays as it is when masked again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row

from minyi.refusal_file import keep_refusals
from minyi.reword import Reword, reword_from, reword_results
from minyi.rewriting import owe_rewriting, rename_files, rewrite_owed
from minyi.scrub import plain_matter
from minyi.workspace import Workspace
from pipelines.dedupe import text_hash
from pipelines.mask import mask_known, mask_text
from pipelines.store import audit, masking, refusals, rewriting
from pipelines.store.briefs import results_hash
from pipelines.store.issues import rename
from pipelines.store.masking import Change, Chunk
from pipelines.store.upkeep import forget_deleted
from pipelines.version import masking_version

# Rows changed in one transaction: every run is looked through for what they said.
CHUNK = 1000
_STEPS = ("titles", "posts", "runs")
_FIND = {"titles": masking.next_titles, "posts": masking.next_posts}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remasked:
    """How much of each was, or would be, masked again; runs, issues and files only where it was done."""

    posts: int = 0
    titles: int = 0
    notes: int = 0
    names: int = 0
    runs: int = 0
    issues: int = 0
    files: int = 0

    def __add__(self, other: "Remasked") -> "Remasked":
        more = asdict(other)
        return Remasked(**{name: count + more[name] for name, count in asdict(self).items()})


def is_masked(workspace: Workspace) -> bool:
    """Whether all that is stored has passed the present masking."""
    return masking.masked_by(workspace.engine) == masking_version()


def remask(workspace: Workspace, *, staff: str, dry_run: bool = False) -> Remasked:
    """Mask again what an older masking masked; a dry run only counts.  Nothing where nothing is older."""
    if is_masked(workspace):
        return Remasked()
    if dry_run:
        return _count(workspace)
    found = Remasked()
    for name, after in _steps_left(workspace):
        for done in _mask_runs(workspace, after) if name == "runs" else _mask_texts(workspace, name, after):
            found += done
    found += _mask_notes(workspace)
    keep_refusals(workspace)
    forget_deleted(workspace.engine)
    found = replace(found, files=rewrite_owed(workspace).files)
    with workspace.engine.begin() as connection:
        masking.note_done(connection, masking_version())
        audit.record(connection, staff, "mask.stored", "store", asdict(found))
    return found


def mask_found_late(workspace: Workspace, secrets: Mapping[int, Mapping[str, str]]) -> None:
    """Mask what was made of threads, by their numbers, before another of their posts told who they name.

    The secrets are given with their kinds; the threads themselves are masked already.
    """
    threads = sorted(secrets)
    chunks = (threads[start : start + CHUNK] for start in range(0, len(threads), CHUNK))
    changed = [_mask_made_of(workspace, {thread: secrets[thread] for thread in some}) for some in chunks]
    if any(changed):
        forget_deleted(workspace.engine)
        rewrite_owed(workspace)


def _mask_made_of(workspace: Workspace, secrets: Mapping[int, Mapping[str, str]]) -> int:
    """How many issues, notes and runs were masked."""
    with workspace.engine.begin() as connection:
        refusals.lock_results(connection)
        reword = _reword_by(secrets.values())
        issues = _retitle(connection, rewriting.issues_of(connection, secrets), reword)
        notes = rewriting.rewrite_notes(connection, reword)
        since = rewriting.runs_since(connection, secrets)
        return (
            issues + notes + _rewrite_runs(workspace, connection, lambda run: _reword_of(run, secrets), since)
        )


def _reword_of(run: Row[Any], secrets: Mapping[int, Mapping[str, str]]) -> Reword | None:
    told = secrets.keys() & {post["thread_id"] for post in run.results.get("evidence", {}).values()}
    return _reword_by(secrets[thread] for thread in told) if told else None


def _reword_by(told: Iterable[Mapping[str, str]]) -> Reword:
    secrets = {secret: kind for each in told for secret, kind in each.items()}
    return lambda text: mask_known(text, secrets)


def _steps_left(workspace: Workspace) -> Iterator[tuple[str, int]]:
    """The steps that are not done, each with the row after which it goes on."""
    step, after = masking.progress(workspace.engine, masking_version()) or (_STEPS[0], 0)
    yield step, after
    for later in _STEPS[_STEPS.index(step) + 1 :]:
        yield later, 0


def _count(workspace: Workspace) -> Remasked:
    with workspace.engine.connect() as connection, connection.begin() as transaction:
        notes = _rewrite_words(connection)
        transaction.rollback()
    counts = {
        name: sum(len(chunk.changes) for chunk in _chunks(workspace, name, 0)) for name in ("titles", "posts")
    }
    return notes + Remasked(**counts)


def _chunks(workspace: Workspace, name: str, after: int) -> Iterator[Chunk]:
    whole = False
    while not whole:
        chunk = _FIND[name](workspace.engine, after, mask_text, CHUNK)
        yield chunk
        after, whole = chunk.reached, chunk.whole


def _mask_texts(workspace: Workspace, name: str, after: int) -> Iterator[Remasked]:
    for chunk in _chunks(workspace, name, after):
        with workspace.engine.begin() as connection:
            refusals.lock_results(connection)
            masking.note_progress(connection, masking_version(), name, chunk.reached)
            done = _rewrite(workspace, connection, name, chunk.changes) if chunk.changes else Remasked()
        yield done


def _rewrite(workspace: Workspace, connection: Connection, name: str, changes: Sequence[Change]) -> Remasked:
    """The texts, and what was made of them."""
    reword = reword_from(change.before for change in changes) or _as_it_is
    issues = rewriting.issues_of(connection, {change.thread_id for change in changes})
    titles = masking.rewrite_titles(connection, changes) if name == "titles" else 0
    posts = masking.rewrite_posts(connection, changes, text_hash) if name == "posts" else 0
    return Remasked(
        titles=titles,
        posts=posts,
        issues=_retitle(connection, issues, reword),
        notes=rewriting.rewrite_notes(connection, reword),
        runs=_rewrite_runs(workspace, connection, lambda run: reword_from(_said_in(run, changes))),
    )


def _said_in(run: Row[Any], changes: Sequence[Change]) -> list[str]:
    """Those of the texts that the run speaks of."""
    evidence = run.results.get("evidence", {})
    threads = {post["thread_id"] for post in evidence.values()}
    posts = {int(key) for key in (*evidence, *run.labels) if key.isdecimal()}
    return [change.before for change in changes if change.thread_id in threads or change.id in posts]


def _mask_runs(workspace: Workspace, after: int) -> Iterator[Remasked]:
    """One by one: each is long, and nobody else writes meanwhile."""
    with workspace.engine.connect() as connection:
        ids = [run_id for run_id in rewriting.run_ids(connection) if run_id > after]
    for run_id in ids:
        with workspace.engine.begin() as connection:
            refusals.lock_results(connection)
            masking.note_progress(connection, masking_version(), "runs", run_id)
            done = _rewrite_runs(workspace, connection, lambda _: mask_text, (run_id,))
        yield Remasked(runs=done)


def _rewrite_runs(
    workspace: Workspace,
    connection: Connection,
    reword_of: Callable[[Row[Any]], Reword | None],
    only: Sequence[int] | None = None,
) -> int:
    """Mask in the runs; approved briefs stay approved, and their files are owed a rewriting; how many runs."""

    def rewrite(run: Row[Any]) -> Mapping[str, Any] | None:
        reword = reword_of(run)
        if reword is None:
            return None
        results = reword_results(run.results, reword)
        topic = rewriting.free_topic(connection, run, reword(run.topic))
        if results == run.results and topic == run.topic:
            return None
        before[run.id] = results_hash(run)
        if topic != run.topic:
            rename_files(workspace, run, topic)
        return {"results": results, "topic": topic}

    before: dict[int, str] = {}
    changed = rewriting.rewrite_runs(connection, rewrite, only)
    rewriting.keep_approvals(connection, before, results_hash)
    owe_rewriting(connection, rewriting.briefs_of(connection, changed))
    return len(changed)


def _mask_notes(workspace: Workspace) -> Remasked:
    """What staff wrote, what things are called, and every issue's title."""
    with workspace.engine.begin() as connection:
        refusals.lock_results(connection)
        # Before an issue is called by its place.
        done = _rewrite_words(connection)
        masking.note_changed(connection, done.names)
        return done + Remasked(issues=_retitle(connection, masking.all_issues(connection), mask_text))


def _rewrite_words(connection: Connection) -> Remasked:
    notes = rewriting.rewrite_notes(connection, _mask_note)
    asked = rewriting.rewrite_audit(connection, mask_text)
    return Remasked(notes=notes + asked, names=rewriting.rewrite_names(connection, mask_text))


def _as_it_is(text: str) -> str:
    return text


def _mask_note(text: str) -> str:
    return mask_text(text, note=True)


def _retitle(connection: Connection, issues: Sequence[Row[Any]], reword: Reword) -> int:
    """A title of staff's own is masked; another is given up, and the next run names the issue."""
    changed = [(issue, after) for issue in issues if (after := reword(issue.title)) != issue.title]
    for issue, after in changed:
        if issue.renamed:
            rename(connection, issue.id, after)
        else:
            rewriting.retitle_issue(connection, issue.id, plain_matter(issue._asdict()))
    return len(changed)
