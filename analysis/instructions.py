"""Leaders' instructions followed up: what came of each in the posts since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from analysis.issue import Window, figure
from analysis.posts import Posts, moment
from analysis.replies import find_replies
from analysis.results import Figure, InstructionResult
from analysis.titles import Naming

DONE = "已办结"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """An instruction as staff keep it; `set_at` is when its state was."""

    id: int
    issue_id: int
    title: str
    text: str
    department: str
    given_at: datetime
    due_on: date | None
    state: str
    note: str | None
    set_at: datetime


def follow_instructions(
    instructions: Iterable[Instruction],
    posts_of: Mapping[int, Posts],
    names: Mapping[int, Naming],
    window: Window,
) -> tuple[InstructionResult, ...]:
    """Where those given before the run's end stand: the open ones, and those done in the run's days."""
    begin = datetime.combine(date.fromordinal(window.first), time(), window.zone)
    listed = [
        order
        for order in instructions
        if order.given_at < moment(window.end) and (order.state != DONE or order.set_at >= begin)
    ]
    return tuple(
        _follow(order, posts_of.get(order.issue_id), names.get(order.issue_id), window) for order in listed
    )


def _follow(
    order: Instruction, posts: Posts | None, naming: Naming | None, window: Window
) -> InstructionResult:
    done = order.state == DONE
    last_day = date.fromordinal(window.last)
    key = f"instruction.{order.id}"
    replies = find_replies(posts) if posts is not None else ()
    return InstructionResult(
        id=order.id,
        issue_id=order.issue_id,
        title=naming.title if naming is not None else order.title,
        text=order.text,
        department=order.department,
        given_at=order.given_at,
        due_on=order.due_on,
        state=order.state,
        overdue=not done and order.due_on is not None and order.due_on <= last_day,
        note=order.note,
        set_at=order.set_at,
        new_posts=_since(f"{key}.new_posts", posts, order.given_at),
        posts_after=_since(f"{key}.posts_after", posts, order.set_at) if done else None,
        replies=tuple(
            reply for reply in replies if reply.replied_at is None or reply.replied_at >= order.given_at
        ),
    )


def _since(key: str, posts: Posts | None, at: datetime) -> Figure:
    """Residents' posts written from that moment on."""
    if posts is None:
        return Figure(key=key, value=0)
    return figure(key, posts.take(posts.resident & (posts.at >= at.timestamp())))
