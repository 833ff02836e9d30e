"""Taking out, at a resident's or a site's request, what stands at an address: everywhere, and for good."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Connection, Row

from minyi.config import Source
from minyi.delivery import CHANNELS
from minyi.errors import InputError
from minyi.refusal_file import keep_refusals
from minyi.rewriting import owe_rewriting, rewrite_owed, written_files
from minyi.scrub import Passages, Scrubber, plain_matter
from minyi.staff_words import staff_words
from minyi.workspace import Workspace
from pipelines.store import audit, refusals, rewriting
from pipelines.store.briefs import results_hash
from pipelines.store.refusals import Refusal
from pipelines.store.upkeep import forget_deleted

# How an engine writes a thread's number into an address; the others keep the address itself.
_THREAD_IN_URL: Mapping[str, str] = {
    "discuz": r"\bthread-(\d+)-\d+-\d+\.html|[?&]tid=(\d+)",
    "phpwind": r"\bread\.php\?(?:.*&)?tid[=-](\d+)|\bread(?:-htm-tid)?-(\d+)[\w-]*\.html",
    "xiuno": r"\bthread-(\d+)(?:-\d+)?\.htm",
}


class NothingToPurgeError(InputError):
    """The address belongs to no source of the configuration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """What a purge did, in counts; `sent` says where copies went that only people can call back."""

    url: str
    source: str | None
    threads: int = 0
    posts: int = 0
    runs: int = 0
    issues: int = 0
    notes: int = 0
    files: int = 0
    copies: int = 0
    sent: tuple[str, ...] = ()
    unmade: tuple[str, ...] = ()


def purge_address(workspace: Workspace, url: str, reason: str, *, staff: str, dry_run: bool = False) -> Purge:
    """Purge the thread or the post at that address; a first post takes its thread with it.

    An address nothing was ever stored of is refused for the future.  NothingToPurgeError where it
    belongs to no source.
    """
    with workspace.engine.begin() as connection:
        refusal = _resolve(workspace, connection, url.strip())
    return _purge(workspace, refusal, reason, staff, dry_run)


def purge_source(workspace: Workspace, name: str, reason: str, *, staff: str, dry_run: bool = False) -> Purge:
    """Purge everything of a source; it is never crawled or imported again."""
    source = workspace.config.source(name)
    refusal = Refusal(url=source.url or f"source:{name}", source=name)
    return _purge(workspace, refusal, reason, staff, dry_run)


def _resolve(workspace: Workspace, connection: Connection, url: str) -> Refusal:
    for address in (url, url.partition("#")[0]):
        found = refusals.find_address(connection, address)
        if found is not None:
            single = getattr(found, "post_key", None)
            if single is not None and found.is_first:
                single = None
            return _single_post(
                connection,
                Refusal(url=url, source=found.source, thread_key=found.thread_key, post_key=single),
            )
    for row in refusals.threads_at(connection, url)[:1]:
        return _single_post(connection, Refusal(url=url, source=row.source, thread_key=row.thread_key))
    for source in workspace.config.sources:
        if source.url and urlsplit(source.url).hostname == urlsplit(url).hostname:
            key = thread_key_in(source, url)
            return _single_post(
                connection, Refusal(url=url, source=source.name if key else None, thread_key=key)
            )
    raise NothingToPurgeError(f"{url} 不属于配置里的任何来源，库里也没有；请核对网址")


def thread_key_in(source: Source, url: str) -> str | None:
    """The number of the thread an address leads to, by the engine's way of writing addresses."""
    if source.engine == "govcms":
        from crawlers.spiders.govcms import article_key

        return article_key(url)
    pattern = _THREAD_IN_URL.get(source.engine)
    match = re.search(pattern, url) if pattern else None
    return next((group for group in match.groups() if group), None) if match else None


def _single_post(connection: Connection, refusal: Refusal) -> Refusal:
    """The same, of one post alone where the address points at one (#pid70, ?pid=70)."""
    parts = urlsplit(refusal.url)
    match = re.fullmatch(r"(?:pid|post|p)?-?(\d+)", parts.fragment)
    key = match[1] if match else next(iter(parse_qs(parts.query).get("pid", ())), None)
    if refusal.post_key is not None or refusal.thread_key is None or key is None:
        return refusal
    rows = refusals.purged_rows(connection, replace(refusal, post_key=key))
    return replace(refusal, post_key=key) if rows and not rows[0].is_first else refusal


def _purge(workspace: Workspace, refusal: Refusal, reason: str, staff: str, dry_run: bool) -> Purge:
    reason = staff_words(reason) or ""
    with workspace.engine.connect() as connection, connection.begin() as transaction:
        refusals.lock_results(connection)
        found, run_ids = _take_out(connection, refusal)
        briefs = rewriting.briefs_of(connection, run_ids)
        sent = rewriting.deliveries_of(connection, [brief.id for brief in briefs])
        if dry_run:
            transaction.rollback()
            files = sum(len(written_files(workspace, brief)) for brief in briefs)
            return replace(found, files=files, sent=_recall(workspace, sent, briefs))
        refusals.refuse(connection, [refusal], reason, staff, datetime.now(UTC))
        details = {"threads": found.threads, "posts": found.posts, "runs": found.runs, "reason": reason}
        audit.record(connection, staff, "purge", refusal.url[:256], details)
        owe_rewriting(connection, briefs)
    keep_refusals(workspace)
    forget_deleted(workspace.engine)
    written = rewrite_owed(workspace)
    return replace(
        found,
        files=written.files,
        copies=written.copies,
        unmade=written.unmade,
        sent=_recall(workspace, sent, briefs),
    )


def reapply_refusals(workspace: Workspace) -> int:
    """Take out again what was ever refused, as after a restore; how many posts that reached."""
    with workspace.engine.begin() as connection:
        refusals.lock_results(connection)
        posts = 0
        for row in refusals.all_refusals(connection):
            again = Refusal(url=row.url, source=row.source, thread_key=row.thread_key, post_key=row.post_key)
            posts += _take_out(connection, again)[0].posts
    forget_deleted(workspace.engine)
    return posts


def _take_out(connection: Connection, refusal: Refusal) -> tuple[Purge, set[int]]:
    """Delete it, and every word of it in results and notes; counts, and the runs that changed."""
    reached = refusals.everywhere(connection, refusal)
    rows = [row for each in reached for row in refusals.purged_rows(connection, each)]
    threads = [thread for each in reached for thread in refusals.purged_threads(connection, each)]
    found = Purge(url=refusal.url, source=refusal.source, threads=len(threads), posts=len(rows))
    if not rows and not threads:
        return found, set()
    passages = Passages([*(row.text for row in rows), *(thread.title for thread in threads)])
    thread_ids = {thread.id for thread in threads} | {row.thread_id for row in rows}
    issues = rewriting.issues_of(connection, thread_ids)
    for each in reached:
        refusals.delete_purged(connection, each)
    run_ids = scrub_runs(connection, Scrubber(frozenset(row.id for row in rows), passages))
    return (
        replace(
            found,
            runs=len(run_ids),
            issues=retitle(connection, issues, passages),
            notes=rewriting.rewrite_notes(connection, passages.redact),
        ),
        run_ids,
    )


def scrub_runs(connection: Connection, scrubber: Scrubber) -> set[int]:
    """Take the scrubber's posts and words out of every run; ids of the runs that changed."""

    def rewrite(run: Row[Any]) -> Mapping[str, Any] | None:
        results, labels = scrubber.results(run.results), scrubber.labels(run.labels)
        topic = run.topic
        if run.kind == "alert":  # it says the issue's title; any other topic is in staff's own words
            topic = scrubber.passages.redact(topic)
            results |= {"topic": topic} if "topic" in results else {}
        if results == run.results and labels == run.labels and topic == run.topic:
            return None
        before[run.id] = results_hash(run)
        return {"results": results, "labels": labels, "topic": topic}

    before: dict[int, str] = {}
    changed = rewriting.rewrite_runs(connection, rewrite)
    # What was approved stays approved: nobody has to read it again for what is no longer there.
    rewriting.keep_approvals(connection, before, results_hash)
    return changed


def retitle(
    connection: Connection, issues: Sequence[Row[Any]], passages: Passages, besides: Set[int] = frozenset()
) -> int:
    """Rename the issues whose title nobody says any more; the posts `besides` count as gone."""
    count = 0
    for issue in issues:
        if not passages.hold(issue.title) and passages.redact(issue.title) == issue.title:
            continue
        if any(issue.title in said for said in rewriting.said_in_issue(connection, issue.id, besides)):
            continue
        rewriting.retitle_issue(connection, issue.id, plain_matter(issue._asdict()))
        count += 1
    return count


def _recall(workspace: Workspace, sent: Sequence[Row[Any]], briefs: Sequence[Row[Any]]) -> tuple[str, ...]:
    """Where copies went, in words."""
    named = {brief.id: f"{brief.year} 年第 {brief.number} 期（{brief.last_day}）" for brief in briefs}
    zone = workspace.config.office.zone
    return tuple(
        f"{named[row.brief_id]}　{CHANNELS[row.channel]} → {row.recipient}　{row.sent_at.astimezone(zone):%Y-%m-%d %H:%M}"
        for row in sent
    )
