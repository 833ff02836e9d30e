"""A topic's course: what happened when, and what people spoke of in between."""

from analysis.results import Aspect, IssueResult, KeyPost
from reports import words
from reports.draft import Draft
from reports.issue_cards import say_quote
from reports.model import Bullets, Cell, Line, Section, Span, Table, cell
from reports.sections import nothing

MAX_EVENTS = 20
MAX_ASPECTS = 6
WORDS = 3
SHORT = 24
TEXT = 40


def course(draft: Draft) -> Section:
    """First posts, turns, busiest days and answers, in order of time, each with what was written."""
    several = len(draft.focus) > 1
    events = sorted(
        ((key.at, key.post_id, key, issue) for issue in draft.focus for key in issue.key_posts),
        key=lambda event: event[:2],
    )
    if not events:
        return nothing(draft, "course", "事实与经过", "{now}没有可以排列的经过。")
    listed = events[-MAX_EVENTS:]
    left = len(events) - len(listed)
    note = (Span(text=f"只列最近{len(listed)}条，更早{left}条未列"),) if left else ()
    items = tuple(_event(draft, key, issue, several=several) for _, _, key, issue in listed)
    return Section(key="course", title="事实与经过", note=note, blocks=(Bullets(items=items),))


def _event(draft: Draft, key: KeyPost, issue: IssueResult, *, several: bool) -> Line:
    """When, what, and the post's first words as a link to it."""
    post = draft.result.evidence.get(key.post_id)
    head = words.fill(
        "{when}　{label}{about}",
        when=_when(draft, key),
        label=words.strong(key.label + _how_many(draft, key, issue)),
        about=f"（{words.shorten(issue.title, SHORT)}）" if several else "",
    )
    if post is None or post.purged or post.text is None:
        return (*head, Span(text="。"))
    said = Span(text=words.shorten(post.text, TEXT), url=post.url)
    return (*head, *words.fill("：“{said}”", said=said))


def _how_many(draft: Draft, key: KeyPost, issue: IssueResult) -> str:
    """Of a busiest day: the chart of a topic counts threads, and another of its days may stand out there."""
    if key.kind != "busiest":
        return ""
    day = key.at.astimezone(draft.zone).date()
    return next((f"，{row.posts}帖" for row in issue.daily if row.day == day and row.posts), "")


def _when(draft: Draft, key: KeyPost) -> str:
    """A busiest day is a day, whichever of its posts stands for it."""
    return words.day_of(key.at, draft.zone) if key.kind == "busiest" else words.moment(key.at, draft.zone)


def aspects(draft: Draft) -> Section:
    """What people spoke of, stretch by stretch."""
    told = [(issue, n, aspect) for issue in draft.focus for n, aspect in enumerate(issue.aspects)]
    told.sort(key=lambda entry: (entry[2].first_day, entry[0].id))
    if not told:
        return nothing(draft, "aspects", "议论的变化", "{now}的议论没有明显转向。")
    listed = told[:MAX_ASPECTS]
    left = len(told) - len(listed)
    note = "按时间分段，词语为该段所特有" + (f"；另有{left}段未列" if left else "")
    table = Table(
        caption="议论的变化",
        headers=("时段", "议论集中于", "帖子", "负面占比"),
        rows=tuple(_aspect(draft, issue, n, aspect) for issue, n, aspect in listed),
        numeric=(2, 3),
    )
    quotes = tuple(line for _, _, aspect in listed if (line := _voice(draft, aspect)))
    blocks = (table, Bullets(items=quotes)) if quotes else (table,)
    return Section(key="aspects", title="议论的变化", note=(Span(text=note),), blocks=blocks)


def _aspect(draft: Draft, issue: IssueResult, number: int, aspect: Aspect) -> tuple[Cell, ...]:
    label = f"{words.shorten(issue.title, SHORT)}，第{number + 1}段"
    return (
        cell(_days(aspect)),
        cell("、".join(aspect.words[:WORDS])),
        Cell(line=(draft.book.cite(aspect.posts, f"{label}：帖子"),)),
        Cell(line=(draft.book.cite(aspect.negative, f"{label}：负面帖"),)),
    )


def _days(aspect: Aspect) -> str:
    first, last = aspect.first_day, aspect.last_day
    if first == last:
        return words.day(first)
    return (
        f"{words.day(first)}–{last.day}日"
        if first.month == last.month
        else f"{words.day(first)}–{words.day(last)}"
    )


def _voice(draft: Draft, aspect: Aspect) -> Line | None:
    line = say_quote(draft, aspect.quote) if aspect.quote else None
    return (Span(text=f"{_days(aspect)}："), *line) if line else None
