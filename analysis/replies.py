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

    Moments are seconds since 1970.
    """

    answer: Answer
    hours_open: float | None
    hours_to_answer: float | None
    acknowledged_at: int | None = None
    answered_at: int | None = None
    reopened_at: int | None = None


def find_replies(posts: Posts) -> tuple[Reply, ...]:
    """Official posts among those of an issue, oldest first."""
    official = [row for row, agency in enumerate(posts.agency) if agency is not None and posts.text[row]]
    return tuple(
        Reply(
            post_id=int(posts.post_id[row]),
            agency=posts.agency[row],
            replied_at=moment(posts.at[row]),
            text=posts.text[row],
            acknowledges=is_acknowledgement(posts.text[row]),
        )
        for row in official
    )


def is_acknowledgement(text: str) -> bool:
    """Whether an official post only says that the matter was received or passed on."""
    return len(text) < _LONG and bool(_FORMULAS.search(text)) and not _SUBSTANCE.search(text)


def read_clock(
    posts: Posts, start: int, now: int, answer_hours: int, state: StaffState | None = None
) -> Clock:
    """The clock of an issue that asks for an answer, from its `start` to `now` (seconds).

    Staff who say that it was answered or closed stop it too; reopening starts no new clock.
    """
    official = [row for row, agency in enumerate(posts.agency) if agency is not None and posts.text[row]]
    answers = [
        int(posts.at[row])
        for row in official
        if posts.at[row] >= start and not is_acknowledgement(posts.text[row])
    ]
    received = min((int(posts.at[row]) for row in official if posts.at[row] >= start), default=None)
    said = (
        int(state.set_at.timestamp())
        if state is not None and start <= state.set_at.timestamp() <= now
        else None
    )
    if state is not None and said is not None and state.state in CLOSED:
        answers = sorted([*answers, said])
    if not answers:
        waited = (now - start) / HOUR
        open_state: Answer = "overdue" if waited > answer_hours else "acknowledged" if official else "open"
        return Clock(open_state, round(waited, 1), None, received)
    took = round((answers[0] - start) / HOUR, 1)
    again = (
        said if state is not None and state.state == REOPENED else _asked_again(posts.residents, answers[-1])
    )
    name: Answer = "answered" if again is None else "recurring"
    return Clock(name, None, took, received, answers[0], again)


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
