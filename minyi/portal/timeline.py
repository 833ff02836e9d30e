"""What happened to an issue, in order: people, answers, staff, leaders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from analysis.replies import is_acknowledgement
from analysis.results import IssueResult
from minyi.dossier import Change
from minyi.portal import words
from minyi.portal.queries.issues import Counted

# Answers are told of as such, and so are the first and the last post.
_TURNS = {"busiest", "turn", "reopened", "returned"}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of an issue's story; `side` is "people", "answer" or "staff"."""

    at: datetime
    side: str
    text: str
    note: str | None = None
    url: str | None = None


def tell_story(
    found: IssueResult | None,
    counted: Counted,
    answers: Sequence[Any],
    changes: Sequence[Change],
) -> list[Event]:
    """Newest first; what nobody knows the time of has no place in it."""
    events = [
        *_people(found, counted),
        *(
            Event(row.dated_at, "answer", f"{row.agency}{deed(row)}", words.shorten(row.text, 80), row.url)
            for row in answers
            if not row.untimed
        ),
        *(Event(change.at, "staff", f"{change.words}（{change.staff}）", change.note) for change in changes),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def deed(answer: Any) -> str:
    """What only says that the matter was received is no answer: no clock stops for it."""
    return "受理" if is_acknowledgement(answer.text) else "答复"


def _people(found: IssueResult | None, counted: Counted) -> list[Event]:
    turns = [post for post in found.key_posts if post.kind in _TURNS] if found else []
    said = [Event(post.at, "people", post.label) for post in turns]
    said = [event for event in said if event.at not in (counted.first_at, counted.last_at)]
    if counted.first_at is not None:
        said.append(Event(counted.first_at, "people", "最早的帖子"))
    if counted.last_at is not None and counted.last_at != counted.first_at:
        said.append(Event(counted.last_at, "people", "最新的帖子"))
    return said
