"""What a brief opens with where a leader gave instructions: each, and where it stands."""

from datetime import date

from analysis.results import InstructionResult
from reports import words
from reports.draft import Draft
from reports.model import Bullets, Line, Section, Span
from reports.replies import latest_of

MOST = 10
TITLE = 24
TEXT = 60
REPLY = 36
DONE = "已办结"


def instructions(draft: Draft) -> Section:
    """Open instructions and those reported done in these days: overdue ones first, then by due date.

    Without any there is no section: an office may never use them.
    """
    ordered = sorted(draft.result.instructions, key=_urgency)
    if not ordered:
        return Section(key="instructions", title="上期交办", note=(), blocks=(), empty=True)
    items = tuple(_say(draft, order) for order in ordered[:MOST])
    note = (Span(text=_counts(ordered)),)
    return Section(key="instructions", title="上期交办", note=note, blocks=(Bullets(items=items),))


def _urgency(order: InstructionResult) -> tuple[bool, bool, date, int]:
    return not order.overdue, order.state == DONE, order.due_on or date.max, order.id


def _counts(ordered: list[InstructionResult]) -> str:
    done = sum(order.state == DONE for order in ordered)
    overdue = sum(order.overdue for order in ordered)
    parts = [f"共{len(ordered)}条"]
    parts += [f"本期报办结{done}条"] if done else []
    parts += [f"逾期{overdue}条"] if overdue else []
    parts += [f"另有{len(ordered) - MOST}条未列"] if len(ordered) > MOST else []
    return "，".join(parts)


def _say(draft: Draft, order: InstructionResult) -> Line:
    return words.fill(
        "{title}：{given}批示“{text}”，交{department}，{due}；{state}。{since}{after}",
        title=words.strong(words.shorten(order.title, TITLE)),
        given=words.day_of(order.given_at, draft.zone),
        text=words.shorten(order.text, TEXT).rstrip("。"),
        department=order.department,
        due=_due(draft, order),
        state=_state(draft, order),
        since=_since(draft, order),
        after=_after(draft, order),
    )


def _due(draft: Draft, order: InstructionResult) -> Span:
    if order.due_on is None:
        return Span(text="未定期限")
    if order.overdue:
        late = (draft.result.last_day - order.due_on).days
        return words.alert(f"{words.day(order.due_on)}到期，" + (f"已逾期{late}天" if late else "当日未办结"))
    return Span(text=f"{words.day(order.due_on)}到期")


def _state(draft: Draft, order: InstructionResult) -> Line:
    day = f"（{words.day_of(order.set_at, draft.zone)}）" if order.set_at else ""
    note = f"：{words.shorten(order.note, TEXT).rstrip('。')}" if order.note else ""
    return (words.strong(order.state), Span(text=f"{day}{note}"))


def _since(draft: Draft, order: InstructionResult) -> Line:
    """What was posted and answered since it was given."""
    new = order.new_posts
    told = "交办以来新增{new}，" if new is not None and new.value else "交办以来没有新帖，"
    cited = draft.book.cite(new, f"{_name(order)}：交办以来", "帖") if new is not None and new.value else ""
    return (*words.fill(told, new=cited), *_reply(draft, order))


def _reply(draft: Draft, order: InstructionResult) -> Line:
    if not order.replies:
        return (Span(text="未见答复。"),)
    latest = latest_of(order.replies)
    post = draft.result.evidence.get(latest.post_id)
    when = Span(text=words.moment_if_known(latest.replied_at, draft.zone), url=post.url if post else None)
    known = latest.replied_at is not None
    if not latest.text:
        template = "{agency}{when}有答复。" if known else "{agency}有答复（{when}）。"
        return words.fill(template, agency=latest.agency, when=when)
    text = words.shorten(latest.text, REPLY).rstrip("。")
    template = "{agency}{when}答复" if known else "{agency}答复（{when}）"
    return words.fill(template + "：“{text}”。", agency=latest.agency, when=when, text=text)


def _after(draft: Draft, order: InstructionResult) -> Line:
    """Reported done is not yet mended: posts written after it say so."""
    after = order.posts_after
    if after is None:
        return ()
    if not after.value:
        return (Span(text="报办结后没有新帖。"),)
    cited = draft.book.cite(after, f"{_name(order)}：报办结之后", "帖", "alert")
    return words.fill("报办结后{after}反映。", after=(Span(text="又有", tone="alert"), cited))


def _name(order: InstructionResult) -> str:
    return f"批示{order.id}，{words.shorten(order.title, TITLE)}"
