"""Sections only a topic's special brief has: summary, course, views, questions, effect."""

from datetime import datetime

from analysis.results import Demand, IssueResult, Sentiment
from reports import words
from reports.draft import Draft
from reports.effects import chart_effects, judged_effects
from reports.headlines import write_headlines
from reports.issue_cards import say_quote
from reports.model import Block, Bullets, Cell, Line, Paragraph, Section, Span, Table, cell
from reports.sections import nothing

MAX_SUMMARY = 200
MAX_EVENTS = 20
MAX_QUOTES = 3
MAX_WANTS = 12
SHORT = 24
VIEWS: tuple[tuple[Sentiment, str], ...] = (("neg", "批评与担忧"), ("pos", "肯定"), ("neu", "其他看法"))


def summary(draft: Draft) -> Section:
    """At most 200 characters; the first sentence states the core."""
    said = list(write_headlines(draft)[0])
    for sentence in (_volume(draft), *_wishes(draft), *_answers(draft)):
        if len(words.plain((*said, *sentence))) <= MAX_SUMMARY:
            said.extend(sentence)
    return Section(key="summary", title="摘要", note=(), blocks=(Paragraph(line=tuple(said)),))


def _volume(draft: Draft) -> Line:
    result, cite = draft.result, draft.book.cite
    return words.fill(
        "{first}至{last}，{sources}个来源共{threads}、{posts}，负面占比{negative}。",
        first=words.day(result.first_day),
        last=words.day(result.last_day),
        sources=sum(1 for source in result.sources if source.posts),
        threads=cite(result.threads, "主题帖", "个主题帖"),
        posts=cite(result.posts, "帖子", "帖"),
        negative=cite(result.negative, "负面帖"),
    )


def _wishes(draft: Draft) -> list[Line]:
    wanted = [(issue, demand) for issue in draft.focus for demand in issue.demands if not demand.is_question]
    wanted.sort(key=lambda pair: -pair[1].count.value)
    said = [_counted(draft, issue, demand) for issue, demand in wanted[:2]]
    return [words.fill("诉求集中于{said}。", said=words.join(said, "、"))] if said else []


def _answers(draft: Draft) -> list[Line]:
    replies = sum(len(issue.replies) for issue in draft.result.issues)
    return [(Span(text=f"机关答复{replies}次。" if replies else "尚无机关答复。"),)]


def _counted(draft: Draft, issue: IssueResult, demand: Demand) -> Line:
    text = words.shorten(demand.text, SHORT)
    cited = draft.book.cite(demand.count, f"{words.shorten(issue.title, SHORT)}：{text}", "次")
    return words.fill("“{text}”（{cited}）", text=text, cited=cited)


def course(draft: Draft) -> Section:
    """First posts, busiest days and answers, in order of time."""
    events = sorted(
        (event for issue in draft.focus for event in _events(draft, issue)), key=lambda event: event[0]
    )
    if not events:
        return nothing(draft, "course", "事实与经过", "{now}没有可以排列的经过。")
    listed = events[-MAX_EVENTS:]
    left = len(events) - len(listed)
    note = (Span(text=f"只列最近{len(listed)}条，更早{left}条未列"),) if left else ()
    return Section(
        key="course",
        title="事实与经过",
        note=note,
        blocks=(Bullets(items=tuple(line for _, line in listed)),),
    )


def _events(draft: Draft, issue: IssueResult) -> list[tuple[datetime, Line]]:
    title = words.shorten(issue.title, SHORT)
    events = [
        (issue.first_post_at, _event(draft, issue.first_post_at, "首次出现“{title}”的帖子。", title=title))
    ]
    for reply in issue.replies:
        post = draft.result.evidence.get(reply.post_id)
        said = Span(text=words.shorten(reply.text, 60), url=post.url if post else None)
        template = "{agency}答复“{title}”：“{said}”"
        line = _event(draft, reply.replied_at, template, agency=reply.agency, title=title, said=said)
        events.append((reply.replied_at, line))
    busiest = max(issue.daily, key=lambda row: row.posts, default=None)
    if busiest is not None and busiest.posts > 1:
        noon = datetime(busiest.day.year, busiest.day.month, busiest.day.day, 12, tzinfo=draft.zone)
        line = words.fill(
            "{day}　“{title}”单日最多，{posts}帖。",
            day=words.day(busiest.day),
            title=title,
            posts=busiest.posts,
        )
        events.append((noon, line))
    return events


def _event(draft: Draft, at: datetime, template: str, **parts: Span | str) -> Line:
    return words.fill("{when}　" + template, when=words.moment(at, draft.zone), **parts)


def views(draft: Draft) -> Section:
    """Quotes of every side, criticism first."""
    blocks: list[Block] = []
    for sentiment, name in VIEWS:
        quotes = [
            line
            for issue in draft.focus
            for entry in issue.quotes
            if entry.sentiment == sentiment and (line := say_quote(draft, entry)) is not None
        ]
        if quotes:
            left = len(quotes) - MAX_QUOTES
            more = f"（另有{left}条未列）" if left > 0 else ""
            blocks += [
                Paragraph(line=(words.strong(f"{name}{more}"),)),
                Bullets(items=tuple(quotes[:MAX_QUOTES])),
            ]
    if not blocks:
        return nothing(draft, "views", "各方看法", "{now}没有可以引用的看法。")
    note = (Span(text="原话照录，个人信息已遮盖；每种看法取有代表性的几条"),)
    return Section(key="views", title="各方看法", note=note, blocks=tuple(blocks))


def wants(draft: Draft) -> Section:
    """What is asked for, what is asked, and whether an official post answers it."""
    pairs = [(issue, demand) for issue in draft.focus for demand in issue.demands]
    if not pairs:
        return nothing(draft, "wants", "诉求与提问", "{now}没有集中的诉求或提问。")
    pairs.sort(key=lambda pair: -pair[1].count.value)
    listed = pairs[:MAX_WANTS]
    left = len(pairs) - len(listed)
    table = Table(
        caption="诉求与提问",
        headers=("内容", "性质", "次数", "回应"),
        rows=tuple(_want(draft, issue, demand) for issue, demand in listed),
        numeric=(2,),
    )
    note = (Span(text=f"按次数列{len(listed)}条，另有{left}条未列"),) if left else ()
    return Section(key="wants", title="诉求与提问", note=note, blocks=(table,))


def _want(draft: Draft, issue: IssueResult, demand: Demand) -> tuple[Cell, ...]:
    text = words.shorten(demand.text, 40)
    cited = draft.book.cite(demand.count, f"{words.shorten(issue.title, SHORT)}：{text}")
    answered = cell("已回应") if demand.answered else cell("未见回应", "alert")
    return cell(text), cell("提问" if demand.is_question else "诉求"), Cell(line=(cited,)), answered


def effects(draft: Draft) -> Section:
    """Did the answers help?"""
    if not judged_effects(draft.result):
        return nothing(draft, "effects", "答复成效", "{now}没有可以判断答复成效的事项。")
    note = (Span(text="答复前后的负面占比，线段为95%区间；判断扣除同期对照"),)
    return Section(key="effects", title="答复成效", note=note, blocks=(chart_effects(draft),))
