"""Runs and their frozen results; what was parsed once is kept, because a run never changes unseen."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, Row, Text, cast, func, select

from analysis.results import IssueResult, RunResult
from minyi.gone import without_gone
from pipelines.schema import refusals, runs
from pipelines.store.crawled import Gone, gone_ids
from pipelines.store.database import reading

_RESULTS = TypeAdapter(RunResult)
_HEAD: list[Any] = [
    runs.c[name]
    for name in ("id", "kind", "first_day", "last_day", "topic", "inputs_hash", "made_at", "model_version")
]


def latest_run(connection: Connection, *kinds: str) -> Row[Any] | None:
    """The newest run of one of these kinds, without its results."""
    found = [row for kind in kinds if (row := connection.execute(_newest(kind)).first()) is not None]
    return max(found, key=lambda row: (row.last_day, row.made_at), default=None)


def _newest(kind: str) -> Any:
    query = select(*_HEAD).where(runs.c.kind == kind)
    return query.order_by(runs.c.last_day.desc(), runs.c.made_at.desc()).limit(1)


def find_run(connection: Connection, run_id: int) -> Row[Any] | None:
    """The run of that number, without its results."""
    return connection.execute(select(*_HEAD).where(runs.c.id == run_id)).one_or_none()


def result_of(engine: Engine, run: Row[Any]) -> RunResult:
    """What the run found, without a word of posts that have gone since."""
    with reading(engine).connect() as connection:
        purged = connection.execute(select(func.max(refusals.c.id))).scalar() or 0
        gone = gone_ids(connection)
    return _load(engine, run.id, run.made_at, purged, gone)


@lru_cache(maxsize=4)
def _load(engine: Engine, run_id: int, made_at: datetime, purged: int, gone: Gone) -> RunResult:
    """`made_at`, `purged` and `gone` are there to be part of the key: each of them changes what may be shown."""
    with reading(engine).connect() as connection:
        text = connection.execute(select(cast(runs.c.results, Text)).where(runs.c.id == run_id)).scalar_one()
    return without_gone(_RESULTS.validate_json(text), gone)


def issue_in(result: RunResult | None, issue_ids: Sequence[int]) -> IssueResult | None:
    """The issue as the run found it, under any of its numbers."""
    if result is None:
        return None
    wanted = set(issue_ids)
    return next((issue for issue in (*result.issues, *result.praise) if issue.id in wanted), None)
