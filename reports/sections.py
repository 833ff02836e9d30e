"""The sections between overview and method, one function each, in the words of templates."""

from collections.abc import Iterable

from analysis.results import CrossTable, Figure, IssueResult, ReplyStats, Suggestion
from reports import words
from reports.annex import FEW_SHOWN
from reports.clocks import clock, status
from reports.draft import Draft
from reports.issue_cards import UNKNOWN_DEPARTMENT, heat, quote, write_card
from reports.model import Bullets, Cell, Line, Paragraph, Section, Span, Table, Tone, cell
from reports.overview import overdue_tone

MAX_OTHERS = 20
MAX_WEEKLY = 60
MAX_PRAISE = 3
MAX_PROPOSALS = 10
SHORT = 24


def focus(draft: Draft) -> Section:
    cards = tuple(write_card(draft, issue, rank) for rank, issue in enumerate(draft.focus, 1))
    if not cards:
        return nothing(draft, "focus", "重点关注", "{now}没有需要重点关注的事项。")
    return Section(key="focus", title="重点关注", note=_focus_note(draft), blocks=cards)


def distribution(draft: Draft) -> Section:
    table, cross = _cross(draft), draft.result.cross
    if table is None:
        days = "{now}" if cross.days is None else f"近{cross.days}天"
        return nothing(draft, "distribution", "诉求分布", f"{days}各类别、各区域都不足3个主题帖，不列表。")
    days = "" if cross.days is None else f"近{cross.days}天，"
    note = (Span(text=days), *_cross_note(draft, cross)) if days else _cross_note(draft, cross)
    return Section(key="distribution", title="诉求分布", note=note, blocks=(table,))


def responses(draft: Draft) -> Section:
    replies, cite = draft.result.replies, draft.book.cite
    if not replies.asking.value:
        return nothing(draft, "responses", "回应情况", "{now}没有需要答复的事项。")
    median = replies.median_hours
    steps = (
        _step(draft, "已答复", replies.answered),
        _step(draft, "待答复", replies.open),
        _step(draft, "超过答复时限", replies.overdue, overdue_tone(replies.overdue)),
    )
    counts = words.fill(
        "需要答复{asking}：{steps}{median}{untimed}。",
        asking=cite(replies.asking, "需要答复的事项", "项"),
        steps=words.join(list(steps), "，"),
        median="" if median is None else f"；答复用时中位数{words.duration(median)}",
        untimed=_untimed(draft, replies.untimed),
    )
    return Section(
        key="responses",
        title="回应情况",
        note=(),
        blocks=(Bullets(items=(counts, (Span(text=_effects(replies)),))),),
    )


def _effects(replies: ReplyStats) -> str:
    """What came of answers; of those too that are asked again, which are not among the answered."""
    told = [f"{words.VERDICTS[verdict]}{number}项" for verdict, number in replies.effects if number]
    if not told:
        return "尚无可以判断成效的答复。"
    judged = sum(number for _, number in replies.effects)
    again = judged > replies.answered.value
    lead = f"有过答复的{judged}项（含答复后又现的）" if again else "答复之后"
    return f"{lead}：{'，'.join(told)}。"


def _untimed(draft: Draft, figure: Figure | None) -> Line:
    """What no duration, limit or effect counts, though it was answered."""
    if figure is None:
        return ()
    number = draft.book.cite(figure, "已答复、用时不明的事项", "项")
    return words.fill("；另有{number}已答复、用时不明，未计入时长和时限", number=number)


def _step(draft: Draft, name: str, figure: Figure, tone: Tone = "plain") -> Line:
    if not figure.value:
        return (Span(text=f"没有{name}的"),)
    return words.fill(
        "{name}{number}", name=name, number=draft.book.cite(figure, f"{name}的事项", "项", tone)
    )


def praise(draft: Draft) -> Section:
    items = tuple(_praise(draft, issue) for issue in draft.result.praise[:MAX_PRAISE])
    if not items:
        return nothing(draft, "praise", "值得肯定", "{now}没有集中的肯定意见。")
    left = len(draft.result.praise) - len(items)
    note = (Span(text=f"另有{left}项未列"),) if left else ()
    return Section(key="praise", title="值得肯定", note=note, blocks=(Bullets(items=items),))


def advice(draft: Draft, title: str = "研判与建议") -> Section:
    ids = [issue.id for issue in draft.focus]
    ordered = sorted(draft.result.suggestions, key=lambda entry: entry.issue_id not in ids)
    proposals = [line for suggestion in ordered if (line := propose(draft, suggestion))]
    items = (*_stages(draft), *proposals[:MAX_PROPOSALS])
    if not items:
        return nothing(draft, "advice", title, "{now}没有需要提出的建议。")
    left = len(proposals) - MAX_PROPOSALS
    note = "建议限于答复、公布、核查、维修、督办、致谢六类，供参考" if proposals else ""
    note += f"；另有{left}条未列" if left > 0 else ""
    said = (Span(text=note),) if note else ()
    return Section(key="advice", title=title, note=said, blocks=(Bullets(items=items),))


def others(draft: Draft, title: str = "其他事项") -> Section:
    if not draft.others:
        return nothing(draft, "others", title, "{now}没有其他事项。")
    listed = draft.others[: _most_others(draft)]
    left = len(draft.others) - len(listed)
    note = f"按热度列{len(listed)}项" + (f"，其余{left}项未列" if left else "，至此列完")
    table = Table(
        caption=title,
        headers=("事项", "区域", "类别", "主办", "帖子", "热度", "办理"),
        rows=tuple(_other(draft, issue) for issue in listed),
        numeric=(4, 5),
    )
    return Section(key="others", title=title, note=(Span(text=note),), blocks=(table,))


def _most_others(draft: Draft) -> int:
    return MAX_WEEKLY if draft.result.kind == "weekly" else MAX_OTHERS


def gather_empty(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Sections with nothing to say become lines of one section at the end; one without a word goes."""
    told = [section for section in sections if section.blocks]
    silent = [section for section in told if section.empty]
    if not silent:
        return tuple(told)
    items = tuple(
        words.fill("{title}：{line}", title=words.strong(section.title), line=block.line)
        for section in silent
        for block in section.blocks
        if isinstance(block, Paragraph)
    )
    rest = Section(key="nothing", title="其余各栏", note=(), blocks=(Bullets(items=items),))
    return (*(section for section in told if not section.empty), rest)


def nothing(draft: Draft, key: str, title: str, template: str) -> Section:
    """A section that says it has nothing to say."""
    said = Paragraph(line=words.fill(template, now=draft.now, before=draft.before))
    return Section(key=key, title=title, note=(), blocks=(said,), empty=True)


def _focus_note(draft: Draft) -> Line:
    hottest = len(draft.focus) - draft.quiet
    text = f"按热度取前{hottest}项" if draft.others else f"全部{hottest}项，按热度排列"
    text += f"，另取长期未决{draft.quiet}项" if draft.quiet else ""
    if draft.others:
        listed = min(len(draft.others), _most_others(draft))
        left = len(draft.others) - listed
        text += f"；另有{len(draft.others)}项" + (f"，“其他事项”列出{listed}项" if left else "，见“其他事项”")
    return (Span(text=text),)


def _cross(draft: Draft) -> Table | None:
    """Most first, both ways: a phone shows the first columns alone."""
    cross = draft.result.cross
    most = max((figure.value for row in cross.cells for figure in row if figure), default=0)
    if not most:
        return None
    totals = [_total(row[n] for row in cross.cells) for n, _ in enumerate(cross.categories)]
    columns = sorted((n for n, total in enumerate(totals) if total), key=lambda n: -totals[n])
    names = [cross.categories[n] for n in columns]
    rows = tuple(
        (
            cell(district),
            *(_cross_cell(draft, row[n], f"{district}：{cross.categories[n]}", most) for n in columns),
        )
        for district, row in sorted(
            zip(cross.districts, cross.cells, strict=True), key=lambda pair: -_total(pair[1])
        )
        if any(row)
    )
    headers = ("", *(words.SHORT_CATEGORIES.get(name, name) for name in names))
    return Table(caption="类别与区域交叉的主题帖数", headers=headers, rows=rows)


def _total(figures: Iterable[Figure | None]) -> int:
    return sum(figure.value for figure in figures if figure)


def _cross_cell(draft: Draft, figure: Figure | None, label: str, most: int) -> Cell:
    if figure is None:
        return cell("·")
    return Cell(line=(draft.book.cite(figure, label, most=FEW_SHOWN),), shade=figure.value / most)


def _cross_note(draft: Draft, cross: CrossTable) -> Line:
    """Says what the table leaves out as the reader sees it: a number of cells would count those of left-out columns."""
    template = "类别×区域，按主题帖计，颜色越深越多；不足3帖的写“·”"
    template += (
        "，整列不足的不列" if any(not any(column) for column in zip(*cross.cells, strict=True)) else ""
    )
    template += "；另有{unplaced}类别或区域未定" if cross.unplaced.value else ""
    return words.fill(template, unplaced=draft.book.cite(cross.unplaced, "类别或区域未定的主题帖", "帖"))


def _praise(draft: Draft, issue: IssueResult) -> Line:
    title = words.shorten(issue.title, SHORT)
    return words.fill(
        "{title}：{threads}、{posts}提到。{quote}",
        title=words.strong(title),
        threads=draft.book.cite(issue.threads, f"{title}：主题帖", "个主题帖"),
        posts=draft.book.cite(issue.posts, f"{title}：全部帖子", "帖"),
        quote=quote(draft, issue) or "",
    )


def _stages(draft: Draft) -> list[Line]:
    """Which issues in focus rise, fall or came back."""
    lines: list[Line] = []
    for stage in ("growing", "peak", "returned", "falling"):
        titles = [words.shorten(issue.title, SHORT) for issue in draft.focus if issue.stage == stage]
        if titles:
            name = words.strong(words.STAGES[stage])
            said = "；".join(titles)
            lines.append(
                words.fill("{stage}的重点事项{number}项：{said}。", stage=name, number=len(titles), said=said)
            )
    return lines


_PROPOSALS = {
    "answer": "请{department}答复“{title}”。",
    "publish": "请{department}公布“{title}”的有关信息，回应提问。",
    "inspect": "请{department}到现场核查“{title}”。",
    "repair": "请{department}安排维修“{title}”，并告知完成时间。",
    "escalate": "建议将“{title}”列入督办，由{department}办理。",
    "thank": "请{department}核实“{title}”，向有关人员致谢。",
}


def propose(draft: Draft, suggestion: Suggestion) -> Line:
    issue = draft.known.get(suggestion.issue_id)
    if issue is None:
        return ()
    return words.fill(
        "{action}：" + _PROPOSALS[suggestion.action],
        action=words.strong(words.ACTIONS[suggestion.action]),
        department=suggestion.department or UNKNOWN_DEPARTMENT,
        title=words.shorten(issue.title, SHORT),
    )


def _other(draft: Draft, issue: IssueResult) -> tuple[Cell, ...]:
    title = words.shorten(issue.title, SHORT)
    said = clock(issue, words.roughly)
    state = (status(issue), *((Span(text=" "), Span(text=said, tone="quiet")) if said else ()))
    return (
        cell(title),
        cell(issue.district or "未定"),
        cell(issue.category_detail or issue.category or "未定"),
        cell(issue.department or "待定"),
        Cell(line=(draft.book.cite(issue.posts, f"{title}：全部帖子", most=FEW_SHOWN),)),
        cell(heat(issue)),
        Cell(line=state),
    )
