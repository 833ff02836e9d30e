"""Briefs: one for the days of a kind and topic, numbered by kind and year, drafts until somebody approves them.

A later run of the same days takes the brief over.  Where it found something else, an approved
brief is a draft again; the names of versions are nothing found.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from pipelines.schema import brief_notes, brief_omissions, briefs, runs
from pipelines.store.database import take_turns, upsert

_BRIEFS_TURN = 6_391_106  # any number of our own
_VERSIONS = ("model_version", "lexicon_hash", "config_hash")
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_DRAFT = {"state": "draft", "approved_by": None, "approved_at": None}


def save_brief(connection: Connection, run: Row[Any], made_at: datetime) -> Row[Any]:
    """The brief of the run's days, of this run from now on; its number is kept."""
    take_turns(connection, _BRIEFS_TURN)
    found, digest = brief_of(connection, run), results_hash(run)
    if found is None:
        return _insert(connection, run, made_at, digest)
    if (found.run_id, found.results_hash) != (run.id, digest):
        values: dict[str, Any] = {"run_id": run.id, "results_hash": digest}
        values |= {} if _found_again(connection, found, run) else _DRAFT
        connection.execute(update(briefs).where(briefs.c.id == found.id).values(values))
    return get_brief(connection, found.id)


def _found_again(connection: Connection, brief: Row[Any], run: Row[Any]) -> bool:
    """Whether the run found just what the brief was last written from, also by other versions."""
    if brief.results_hash == results_hash(run):
        return True
    before = run_of(connection, brief.id)
    assert before is not None  # a brief has a run
    if brief.results_hash != results_hash(before):
        return False
    return bool(_findings(before.results) == _findings(run.results))


def _findings(results: Any) -> Any:
    """Results without the names of versions, and without empty fields: earlier programs had fewer fields."""
    if isinstance(results, list):
        return [_findings(each) for each in results]
    if not isinstance(results, dict):
        return results
    kept = {name: _findings(each) for name, each in results.items() if name not in _VERSIONS}
    return {name: each for name, each in kept.items() if each not in _EMPTY and each is not False}


def _insert(connection: Connection, run: Row[Any], made_at: datetime, digest: str) -> Row[Any]:
    year = run.last_day.year
    of_year = (briefs.c.kind == run.kind) & (briefs.c.year == year)
    last = connection.execute(select(func.max(briefs.c.number)).where(of_year)).scalar() or 0
    row = {
        "run_id": run.id,
        "kind": run.kind,
        "year": year,
        "number": last + 1,
        "results_hash": digest,
        "made_at": made_at,
    }
    return connection.execute(insert(briefs).values(row | _DRAFT).returning(briefs)).one()


def results_hash(run: Row[Any]) -> str:
    """A name for what the run found."""
    found = json.dumps(run.results, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(found.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def brief_of(connection: Connection, run: Row[Any]) -> Row[Any] | None:
    """The brief of the run's days and topic, also one that an earlier run began; an alert stands alone."""
    if run.kind == "alert":
        return connection.execute(select(briefs).where(briefs.c.run_id == run.id)).one_or_none()
    return find_brief(connection, run.kind, run.first_day, run.last_day, run.topic)


def find_brief(
    connection: Connection, kind: str, first_day: date, last_day: date, topic: str = ""
) -> Row[Any] | None:
    """The brief of those days, or None."""
    of_days = (runs.c.kind == kind) & (runs.c.first_day == first_day) & (runs.c.last_day == last_day)
    query = select(briefs).join(runs, runs.c.id == briefs.c.run_id).where(of_days, runs.c.topic == topic)
    return connection.execute(query.order_by(briefs.c.id).limit(1)).one_or_none()


def get_brief(connection: Connection, brief_id: int) -> Row[Any]:
    """The brief with that id, which exists."""
    return connection.execute(select(briefs).where(briefs.c.id == brief_id)).one()


def lock_brief(connection: Connection, brief_id: int) -> None:
    """Let nobody else approve or reopen the brief until this transaction ends."""
    connection.execute(select(briefs.c.id).where(briefs.c.id == brief_id).with_for_update())


def run_of(connection: Connection, brief_id: int) -> Row[Any] | None:
    """The run that a brief was last written from; None when there is no such brief."""
    query = select(runs).join(briefs, briefs.c.run_id == runs.c.id).where(briefs.c.id == brief_id)
    return connection.execute(query).one_or_none()


def list_briefs(connection: Connection, count: int) -> Sequence[Row[Any]]:
    """The last briefs with their days and topic, newest first."""
    days: list[Any] = [runs.c.first_day, runs.c.last_day, runs.c.topic]
    query = select(briefs, *days).join(runs, runs.c.id == briefs.c.run_id)
    return connection.execute(query.order_by(briefs.c.id.desc()).limit(count)).all()


def approve_brief(connection: Connection, brief_id: int, staff: str, at: datetime) -> None:
    """From now on the brief is no draft."""
    values = {"state": "approved", "approved_by": staff, "approved_at": at}
    connection.execute(update(briefs).where(briefs.c.id == brief_id).values(values))


def reopen_brief(connection: Connection, brief_id: int) -> None:
    """From now on the brief is a draft again."""
    connection.execute(update(briefs).where(briefs.c.id == brief_id).values(_DRAFT))


def add_note(connection: Connection, row: Mapping[str, Any]) -> None:
    """A note of staff's: brief_id, text, staff, written_at."""
    connection.execute(insert(brief_notes).values(dict(row)))


def notes_of(connection: Connection, brief_id: int) -> Sequence[Row[Any]]:
    """Staff's notes on a brief, oldest first."""
    query: Select[Any] = select(brief_notes).where(brief_notes.c.brief_id == brief_id)
    return connection.execute(query.order_by(brief_notes.c.id)).all()


def remove_notes(connection: Connection, brief_id: int) -> int:
    """Take all notes back; how many there were."""
    return connection.execute(delete(brief_notes).where(brief_notes.c.brief_id == brief_id)).rowcount


def add_omission(connection: Connection, row: Mapping[str, Any]) -> None:
    """Leave an issue out: brief_id, issue_id, reason, staff, left_out_at; a later reason replaces the first."""
    key = ("brief_id", "issue_id")
    upsert(connection, brief_omissions, [dict(row)], key=key, update=("reason", "staff", "left_out_at"))


def remove_omission(connection: Connection, brief_id: int, issue_id: int) -> bool:
    """Take an issue in again; False when it was not left out."""
    here = (brief_omissions.c.brief_id == brief_id) & (brief_omissions.c.issue_id == issue_id)
    return connection.execute(delete(brief_omissions).where(here)).rowcount > 0


def omissions_of(connection: Connection, brief_id: int) -> Sequence[Row[Any]]:
    """The issues left out of a brief, by number."""
    query: Select[Any] = select(brief_omissions).where(brief_omissions.c.brief_id == brief_id)
    return connection.execute(query.order_by(brief_omissions.c.issue_id)).all()
