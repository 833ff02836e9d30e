"""Sections only a topic's special brief has: summary, volume, views, questions, effect, options."""

from analysis.results import Demand, IssueResult, Sentiment, Suggestion, View
from reports import words
from reports.draft import Draft
from reports.effects import chart_effects, judged_effects, say_talk
from reports.headlines import write_headlines
from reports.issue_cards import say_quote
from reports.model import Block, Bullets, Card, Cards, Cell, Line, Paragraph, Section, Span, Table, cell
from reports.overview import draw_trend, volume_cards
from reports.sections import advice, nothing, propose

MAX_SUMMARY = 200
MAX_WANTS = 12
MAX_PUBLISH = 3
SHORT = 24
VIEWS: tuple[tuple[Sentiment, str], ...] = (("neg", "批评与担忧"), ("pos", "肯定"), ("neu", "其他看法"))


def summary(draft: Draft) -> Section:
    """At most 200 characters; the first sentence states the core."""
    said = list(write_headlines(draft)[0])
    for sentence in (_volume(draft), *_open(draft), *_wishes(draft), *_answers(draft)):
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


def _open(draft: Draft) -> list[Line]:
    """The question asked most of those that nobody has answered."""
    unanswered = _questions(draft, answered=False)
    if not unanswered:
        return []
    issue, demand = unanswered[0]
    more = f"等{len(unanswered)}个提问" if len(unanswered) > 1 else ""
    return [words.fill("{asked}{more}尚未见回应。", asked=_counted(draft, issue, demand), more=more)]


def _questions(draft: Draft, *, answered: bool) -> list[tuple[IssueResult, Demand]]:
    found = [
        (issue, demand)
        for issue in draft.focus
        for demand in issue.demands
        if demand.is_question and demand.answered is answered
    ]
    return sorted(found, key=lambda pair: -pair[1].count.value)


def _wishes(draft: Draft) -> list[Line]:
    wanted = [(issue, demand) for issue in draft.focus for demand in issue.demands if not demand.is_question]
    wanted.sort(key=lambda pair: -pair[1].count.value)
    said = [_counted(draft, issue, demand) for issue, demand in wanted[:2]]
    return [words.fill("诉求集中于{said}。", said=words.join(said, "、"))] if said else []


def _answers(draft: Draft) -> list[Line]:
    replies = _replies(draft)
    return [(Span(text=f"机关答复{replies}次。" if replies else "尚无机关答复。"),)]


def _replies(draft: Draft) -> int:
    return sum(not reply.acknowledges for issue in draft.result.issues for reply in issue.replies)


def _counted(draft: Draft, issue: IssueResult, demand: Demand) -> Line:
    text = words.shorten(demand.text, SHORT)
    cited = draft.book.cite(demand.count, f"{words.shorten(issue.title, SHORT)}：{text}", "次")
    return words.fill("“{text}”（{cited}）", text=text, cited=cited)


def volume(draft: Draft) -> Section:
    """How much, how negative, how often answered, how much is still asked; and the course of the days."""
    cards = Cards(cards=(*volume_cards(draft), *_answer_cards(draft)))
    return Section(key="volume", title="量与情绪", note=(), blocks=(cards, *draw_trend(draft)))


def _answer_cards(draft: Draft) -> tuple[Card, Card]:
    replies = _replies(draft)
    given = [reply.replied_at for issue in draft.result.issues for reply in issue.replies]
    last = max((at for at in given if at is not None), default=None)
    when = f"最近一次{words.moment_if_known(last, draft.zone)}" if given else "没有答复"
    waiting, told = (len(_questions(draft, answered=known)) for known in (False, True))
    number = Span(text=words.count(waiting), tone="alert" if waiting else "plain")
    return (
        Card(number=Span(text=words.count(replies)), label="机关答复", note=(Span(text=when),)),
        Card(
            number=number,
            label="未回应的提问",
            note=(Span(text=f"已回应{told}个" if told else "尚无已回应的"),),
        ),
    )


def views(draft: Draft) -> Section:
    """Every side with its share and the quotes nearest to its centre, criticism first."""
    by_mood = {view.sentiment: view for view in draft.result.views}
    blocks: list[Block] = []
    for sentiment, name in VIEWS:
        view = by_mood.get(sentiment)
        if view is not None and view.share.part:
            blocks += _view(draft, view, name)
    if not blocks:
        return nothing(draft, "views", "各方看法", "{now}没有可以引用的看法。")
    note = (Span(text="原话照录，个人信息已遮盖；每种看法取最有代表性的几条"),)
    return Section(key="views", title="各方看法", note=note, blocks=tuple(blocks))


def _view(draft: Draft, view: View, name: str) -> list[Block]:
    share = draft.book.cite(view.share, f"{name}的帖子")
    quotes = tuple(line for entry in view.quotes if (line := say_quote(draft, entry)) is not None)
    title = Paragraph(line=words.fill("{name}，占{share}", name=words.strong(name), share=share))
    return [title, Bullets(items=quotes)] if quotes else [title]


def wants(draft: Draft) -> Section:
    """What is asked for, what is asked, and whether an official post answers it."""
    pairs = [(issue, demand) for issue in draft.focus for demand in issue.demands]
    if not pairs:
        return nothing(draft, "wants", "诉求与提问", "{now}没有集中的诉求或提问。")
    pairs.sort(key=lambda pair: (pair[1].answered, -pair[1].count.value))
    listed = pairs[:MAX_WANTS]
    left = len(pairs) - len(listed)
    table = Table(
        caption="诉求与提问",
        headers=("内容", "性质", "次数", "回应"),
        rows=tuple(_want(draft, issue, demand) for issue, demand in listed),
        numeric=(2,),
    )
    note = "未见回应的在前，按次数排列" + (f"；另有{left}条未列" if left else "")
    return Section(key="wants", title="诉求与提问", note=(Span(text=note),), blocks=(table,))


def _want(draft: Draft, issue: IssueResult, demand: Demand) -> tuple[Cell, ...]:
    text = words.shorten(demand.text, 40)
    cited = draft.book.cite(demand.count, f"{words.shorten(issue.title, SHORT)}：{text}")
    kind = cell("提问" if demand.is_question else "诉求")
    return cell(text), kind, Cell(line=(cited,)), Cell(line=(_response(draft, demand),))


def _response(draft: Draft, demand: Demand) -> Span:
    """The day of the answer as a link to it."""
    if not demand.answered:
        return words.alert("未见回应")
    post = draft.result.evidence.get(demand.answered_by or 0)
    if post is None:
        return Span(text="已回应")
    when = "" if post.untimed else words.day_of(post.dated_at, draft.zone)
    return Span(text=f"{when}已回应", url=post.url)


def effects(draft: Draft) -> Section:
    """Did the answers help?"""
    known = judged_effects(draft.result)
    if not known:
        return nothing(draft, "effects", "答复成效", "{now}没有可以判断答复成效的事项。")
    note = (
        Span(text="答复前后的负面占比，线段为95%区间；成效按扣除同期对照后的净变化判断；"),
        Span(text="与日报、周报一样，按事项的全部帖子计，不限于本专题"),
    )
    talk = [
        line for issue, effect in known for line in say_talk(draft, effect, words.shorten(issue.title, SHORT))
    ]
    blocks: list[Block] = [chart_effects(draft), *([Bullets(items=tuple(talk))] if talk else [])]
    return Section(key="effects", title="答复成效", note=note, blocks=tuple(blocks))


def options(draft: Draft) -> Section:
    """What can be done; a question nobody has answered can always be."""
    section = advice(draft, title="可选办法")
    if any(entry.action in ("answer", "publish") for entry in draft.result.suggestions):
        return section
    waiting = list(dict.fromkeys(issue.id for issue, _ in _questions(draft, answered=False)))
    lines = [line for number in waiting[:MAX_PUBLISH] if (line := _publish(draft, number))]
    if not lines:
        return section
    kept = tuple(item for block in section.blocks if isinstance(block, Bullets) for item in block.items)
    note = section.note or (Span(text="仍有提问未见回应；供参考"),)
    return Section(key=section.key, title=section.title, note=note, blocks=(Bullets(items=(*kept, *lines)),))


def _publish(draft: Draft, issue_id: int) -> Line:
    issue = draft.known[issue_id]
    return propose(draft, Suggestion(action="publish", issue_id=issue_id, department=issue.department))
