"""Official answers, and the clock that runs until one comes."""

import re
from dataclasses import dataclass

import numpy as np

from analysis.posts import Posts, moment
from analysis.results import Answer, Reply

HOUR = 3600
_REOPENED_AFTER = 24 * HOUR
_FORMULAS = re.compile(
    r"收悉|收到|已转|转交|转办|转至|正在核实|正在了解|将核实|会尽快|尽快回复|尽快答复|调查核实中|受理"
)
_SUBSTANCE = re.compile(
    r"经(?:查|核|调查|了解|核实)|已(?:完成|修复|更换|清运|整改|处理|公布|安排|责令|于)|方案|规定|计划|预计|月底前|日前|将于|起施工"
)
_LONG = 80


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the answer to an issue stands; hours are natural hours, None where no clock runs."""

    answer: Answer
    hours_open: float | None
    hours_to_answer: float | None


def find_replies(posts: Posts) -> tuple[Reply, ...]:
    """Official posts among those of an issue, oldest first."""
    official = [row for row, agency in enumerate(posts.agency) if agency is not None and posts.text[row]]
    return tuple(
        Reply(
            post_id=int(posts.post_id[row]),
            agency=posts.agency[row],
            replied_at=moment(posts.at[row]),
            text=posts.text[row],
        )
        for row in official
    )


def is_acknowledgement(text: str) -> bool:
    """Whether an official post only says that the matter was received or passed on."""
    return len(text) < _LONG and bool(_FORMULAS.search(text)) and not _SUBSTANCE.search(text)


def read_clock(posts: Posts, start: int, now: int, answer_hours: int) -> Clock:
    """The clock of an issue that asks for an answer, from its `start` to `now` (seconds)."""
    residents = posts.residents
    official = [row for row, agency in enumerate(posts.agency) if agency is not None and posts.text[row]]
    answers = [row for row in official if posts.at[row] >= start and not is_acknowledgement(posts.text[row])]
    waited = (now - start) / HOUR
    if not answers:
        state: Answer = "overdue" if waited > answer_hours else "acknowledged" if official else "open"
        return Clock(state, round(waited, 1), None)
    took = round((int(posts.at[answers[0]]) - start) / HOUR, 1)
    return Clock(
        "recurring" if _asked_again(residents, int(posts.at[answers[-1]])) else "answered", None, took
    )


def _asked_again(residents: Posts, answered_at: int) -> bool:
    """Whether somebody opened a new complaint a day or more after the last answer."""
    again = residents.is_first & residents.asking & residents.negative
    return bool(np.any(again & (residents.at > answered_at + _REOPENED_AFTER)))
