"""Official answers, and the clock that runs until one comes."""

import re
from dataclasses import dataclass

from analysis.posts import Posts, count_voices, moment
from analysis.results import Answer, Reply, StaffState

HOUR = 3600
_REOPENED_AFTER = 24 * HOUR
_REOPENING_VOICES = 3  # under an old thread: one may grumble
CLOSED = ("已答复", "办结")  # what staff call an issue that was dealt with
REOPENED = "重开"
_FORMULAS = re.compile(
    r"收悉|收到|已转|转交|转办|转至|正在核实|正在了解|将核实|会尽快|尽快回复|尽快答复|调查核实中|受理"
)
_SUBSTANCE = re.compile(
    r"经(?:查|核|调查|了解|核实)|已(?:完成|修复|更换|清运|整改|处理|公布|安排|责令|于)|方案|规定|计划|预计|月底前|日前|将于|起施工"
)
_LONG = 80


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the answer to an issue stands; hours are natural hours, None where no clock runs.

    Moments are seconds since 1970.  `time_unknown`: it was answered, and nothing tells how long that took.
    """

    answer: Answer
    hours_open: float | None
    hours_to_answer: float | None
    acknowledged_at: int | None = None
    answered_at: int | None = None
    reopened_at: int | None = None
    time_unknown: bool = False


def find_replies(posts: Posts) -> tuple[Reply, ...]:
    """Official posts among those of an issue, oldest first; one without a time stands by its question."""
    return tuple(
        Reply(
            post_id=int(posts.post_id[row]),
            agency=posts.agency[row],
            replied_at=moment(posts.at[row]) if posts.timed[row] else None,
            text=posts.text[row],
            acknowledges=is_acknowledgement(posts.text[row]),
        )
        for row in official_rows(posts)
    )


def official_rows(posts: Posts) -> list[int]:
    return [row for row, agency in enumerate(posts.agency) if agency is not None and posts.text[row]]


def is_acknowledgement(text: str) -> bool:
    """Whether an official post only says that the matter was received or passed on."""
    return len(text) < _LONG and bool(_FORMULAS.search(text)) and not _SUBSTANCE.search(text)


def read_clock(
    posts: Posts, start: int, now: int, answer_hours: int, state: StaffState | None = None
) -> Clock:
    """The clock of an issue that asks for an answer, from its `start` to `now` (seconds).

    Staff who say that it was answered or closed stop it too; reopening starts no new clock.
    """
    official = [row for row in official_rows(posts) if posts.at[row] >= start]
    given = [_given(posts, row) for row in official if not is_acknowledgement(posts.text[row])]
    received = int(posts.at[official[0]]) if official and posts.timed[official[0]] else None
    said = _said_at(state, start, now)
    if state is not None and said is not None and state.state in CLOSED:
        given = sorted([*given, _Given(said, said, timed=True)], key=lambda answer: answer.at)
    if not given:
        waited, touched = (now - start) / HOUR, bool(official_rows(posts))
        open_state: Answer = "overdue" if waited > answer_hours else "acknowledged" if touched else "open"
        return Clock(open_state, round(waited, 1), None, received)
    first, last = given[0], max(answer.latest for answer in given)
    known = first.timed and tells_time(posts, start, first.at)
    took = round((first.at - start) / HOUR, 1) if known else None
    again = said if state is not None and state.state == REOPENED else _asked_again(posts.residents, last)
    return Clock(
        answer="answered" if again is None else "recurring",
        hours_open=None,
        hours_to_answer=took,
        acknowledged_at=received,
        answered_at=first.at if first.timed else None,
        reopened_at=again,
        time_unknown=not known,
    )


@dataclass(frozen=True, slots=True)
class _Given:
    """An answer: when it was given, or could have been at the earliest, and at the latest."""

    at: int
    latest: int
    timed: bool


def _said_at(state: StaffState | None, start: int, now: int) -> int | None:
    """When staff said where the issue stands, if that was while it was one."""
    at = None if state is None else state.set_at.timestamp()
    return int(at) if at is not None and start <= at <= now else None


def _given(posts: Posts, row: int) -> _Given:
    """An answer without a time came after its question and before it was seen."""
    at, timed = int(posts.at[row]), bool(posts.timed[row])
    return _Given(at, at if timed else int(posts.seen_at[row]), timed)


def tells_time(posts: Posts, start: int, answered: int) -> bool:
    """Whether two moments tell how long an answer took.

    They do not where nobody knows when it was asked, nor where both are one: of these only the day is known.
    """
    return answered > start and bool(posts.timed[posts.resident & (posts.at == start)].all())


def _asked_again(residents: Posts, answered_at: int) -> int | None:
    """When somebody first opened a new complaint a day or more after the last answer.

    Complaints under an old thread count when several voices write them.
    """
    again = residents.asking & residents.negative & (residents.at > answered_at + _REOPENED_AFTER)
    opened = residents.at[again & residents.is_first]
    if len(opened):
        return int(opened[0])
    replied = residents.take(again & ~residents.is_first)
    return int(replied.at[0]) if count_voices(replied) >= _REOPENING_VOICES else None
