"""Waiting for a database that is away for a moment: restarted, updated, or behind a network that blinks."""

import logging
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_delay,
    wait_random_exponential,
)

PATIENCE_SECONDS = 150.0
LONGEST_WAIT = 5.0

Answer = TypeVar("Answer")

# A warning appears on standard error, or in the log of whoever keeps one, as the crawler does.
_log = logging.getLogger(__name__)

# Connection failures, and a server that goes down or comes up; None: it never answered.
_AWAY = ("08", "57P")


def patiently(call: Callable[[], Answer]) -> Answer:
    """Do something that may be repeated, such as a transaction of upserts, until the database is back."""
    attempts = Retrying(
        retry=retry_if_exception(is_away),
        wait=wait_random_exponential(multiplier=0.2, max=LONGEST_WAIT),
        stop=stop_after_delay(PATIENCE_SECONDS),
        after=_count_from_first_failure,
        before_sleep=_say_once,
        reraise=True,
    )
    return attempts(call)


def _count_from_first_failure(state: RetryCallState) -> None:
    """What was done before the database went away, such as an hour's analysis, is no waiting."""
    if state.attempt_number == 1 and state.outcome_timestamp is not None:
        state.start_time = state.outcome_timestamp


def _say_once(state: RetryCallState) -> None:
    """Whoever looks on knows why nothing happens, and until when at most."""
    if state.attempt_number == 1:
        _log.warning("数据库连不上，等它恢复后接着做，最多等 %.0f 秒……", PATIENCE_SECONDS)


def is_away(error: BaseException) -> bool:
    """Whether the database server cannot be reached now; a full disk or a wrong statement is no such thing."""
    if not isinstance(error, DBAPIError) or not type(error.orig).__module__.startswith("psycopg"):
        return False
    if type(error.orig).__name__ in ("ProgrammingError", "IntegrityError", "DataError"):
        return False
    state: str | None = getattr(error.orig, "sqlstate", None)
    return state is None or state.startswith(_AWAY)
