"""The sections of a brief, one function each, in the words of templates."""

from analysis.results import CrossTable, DayCount, Figure, IssueResult, SourceHealth, Suggestion
from reports import words
from reports.draft import Draft
from reports.issue_cards import UNKNOWN_DEPARTMENT, category, heat, quote, status, write_card
from reports.model import (
    Block,
    Bullets,
    Card,
    Cards,
    Cell,
    Chart,
    Line,
    Paragraph,
    Section,
    Span,
    Table,
)

MAX_OTHERS = 20
MAX_PRAISE = 3
SHORT = 24
STATES = {"ok": "正常", "low": "偏少", "blind": "无数据", "failed": "采集失败", "off": "已停用"}


def overview(draft: Draft) -> Section:
    drawn = any(row.posts for row in draft.result.trend)
    blocks: tuple[Block, ...] = (Cards(cards=_cards(draft)), *([_trend(draft)] if drawn else []))
    return Section(key="overview", title="概览", note=(), blocks=blocks)


def focus(draft: Draft) -> Section:
    cards = tuple(write_card(draft, issue, rank) for rank, issue in enumerate(draft.focus, 1))
    nothing = Paragraph(line=words.fill("{now}没有需要重点关注的事项。", now=draft.now))
    return Section(key="focus", title="重点关注", note=_focus_note(draft), blocks=cards or (nothing,))


def distribution(draft: Draft) -> Section:
    table = _cross(draft)
    nothing = Paragraph(line=words.fill("{now}各格均不足3个主题帖，不列表。", now=draft.now))
    return Section(
        key="distribution",
        title="诉求分布",
        note=_cross_note(draft, draft.result.cross),
        blocks=(table or nothing,),
    )


def responses(draft: Draft) -> Section:
    replies, cite = draft.result.replies, draft.book.cite
    if not replies.asking.value:
        line = words.fill("{now}没有需要答复的事项。", now=draft.now)
        return Section(key="responses", title="回应情况", note=(), blocks=(Paragraph(line=line),))
    counts = words.fill(
        "需要答复{asking}：已答复{answered}，待答复{open}，超过时限{overdue}{median}。",
        asking=cite(replies.asking, "需要答复的事项", "项"),
        answered=cite(replies.answered, "已答复的事项", "项"),
        open=cite(replies.open, "待答复的事项", "项"),
        overdue=cite(
            replies.overdue, "超过答复时限的事项", tone="alert" if replies.overdue.value else "plain"
        ),
        median=f"；答复用时中位数{words.duration(replies.median_hours)}"
        if replies.median_hours is not None
        else "",
    )
    effects = [f"{words.VERDICTS[verdict]}{number}项" for verdict, number in replies.effects if number]
    said = f"答复之后：{'，'.join(effects)}。" if effects else "尚无可以判断成效的答复。"
    items = (counts, (Span(text=said),))
    return Section(key="responses", title="回应情况", note=(), blocks=(Bullets(items=items),))


def praise(draft: Draft) -> Section:
    items = tuple(_praise(draft, issue) for issue in draft.result.praise[:MAX_PRAISE])
    left = len(draft.result.praise) - len(items)
    nothing = Paragraph(line=words.fill("{now}没有集中的肯定意见。", now=draft.now))
    return Section(
        key="praise",
        title="值得肯定",
        note=(Span(text=f"另有{left}项未列"),) if left else (),
        blocks=(Bullets(items=items) if items else nothing,),
    )


def advice(draft: Draft) -> Section:
    trends = _stages(draft)
    proposals = [_proposal(draft, suggestion) for suggestion in draft.result.suggestions]
    items = tuple(line for line in (*trends, *proposals) if line)
    nothing = Paragraph(line=words.fill("{now}没有需要提出的建议。", now=draft.now))
    return Section(
        key="advice",
        title="研判与建议",
        note=(Span(text="建议限于答复、公布、核查、维修、督办、致谢六类，供参考"),) if proposals else (),
        blocks=(Bullets(items=items) if items else nothing,),
    )


def others(draft: Draft) -> Section:
    listed = draft.others[:MAX_OTHERS]
    left = len(draft.others) - len(listed)
    note = (
        f"按热度列{len(listed)}项；其余{left}项见事项总表" if left else f"按热度列{len(listed)}项，至此列完"
    )
    return Section(
        key="others",
        title="其他事项",
        note=(Span(text=note),),
        blocks=(
            Table(
                caption="其他事项",
                headers=("事项", "区域", "类别", "主办", "帖子", "热度", "办理"),
                rows=tuple(_other(draft, issue) for issue in listed),
                numeric=(4, 5),
            ),
        ),
    )


def method(draft: Draft) -> Section:
    result = draft.result
    facts = result.method
    items: list[Line] = [
        words.fill("热度：{formula}。", formula=facts.heat_formula.rstrip("。")),
        words.fill("主题帖、帖子只计居民所发；机关答复不计入。“发言者”为各帖内去重后相加，是上限。"),
        words.fill(
            "负面占比＝负面帖÷全部帖子；不足{least}帖时写成“负面帖/全部帖子”。机器把握不足的判断占{unsure}。",
            least=words.MIN_SHARE,
            unsure=draft.book.cite(facts.unsure, "机器把握不足的帖子"),
        ),
        words.fill(
            "已剔除广告{spam}帖、重复{duplicates}帖。",
            spam=words.count(facts.spam),
            duplicates=words.count(facts.duplicates),
        ),
        words.fill(
            "成效判断比较答复前后的负面占比，并扣除同区域其他类别的同期变化；样本太少时写“数据不足”。"
        ),
        words.fill("类别与区域交叉不足3个主题帖的格子不显示。姓名、电话、证件号等在入库前已遮盖。"),
        words.fill("{accuracy}模型{model}版，词表{lexicon}，配置{config}。", **_versions(draft)),
    ]
    blocks = (Bullets(items=tuple(items)), _sources(result.sources))
    return Section(key="method", title="方法与数据说明", note=(), blocks=blocks)


def _versions(draft: Draft) -> dict[str, str]:
    facts = draft.result.method
    measured = facts.local_accuracy is not None and facts.local_sample
    accuracy = f"本地抽样{facts.local_sample}帖，情感判断准确率{words.percent(facts.local_accuracy or 0)}。"
    return {
        "accuracy": accuracy if measured else "尚未做本地抽样核对。",
        "model": facts.model_version,
        "lexicon": facts.lexicon_hash[:8],
        "config": facts.config_hash[:8],
    }


def _cards(draft: Draft) -> tuple[Card, ...]:
    result, cite = draft.result, draft.book.cite
    waiting = [issue.hours_open for issue in result.issues if issue.answer == "overdue" and issue.hours_open]
    overdue = result.replies.overdue
    longest = (
        f"最长{words.duration(max(waiting))}" if waiting else "没有超时事项" if not overdue.value else ""
    )
    return (
        Card(number=cite(result.threads, "主题帖"), label="主题帖", note=_threads_note(draft)),
        Card(number=cite(result.negative, "负面帖"), label="负面占比", note=_negative_note(draft)),
        Card(
            number=cite(result.open_issues, "在办事项"),
            label="在办事项",
            note=words.fill(
                "新增{new} · 答复{answered}",
                new=words.count(result.new_issues),
                answered=words.count(result.answered_issues),
            ),
        ),
        Card(
            number=cite(overdue, "超过答复时限的事项", tone="alert" if overdue.value else "plain"),
            label="超过答复时限",
            note=(Span(text=longest),),
        ),
    )


def _threads_note(draft: Draft) -> Line:
    result = draft.result
    posts = draft.book.cite(result.posts, "帖子", "帖")
    change = (
        "" if result.threads_before is None else _against(draft, result.threads.value - result.threads_before)
    )
    return words.fill("共{posts}{change}", posts=posts, change=change)


def _against(draft: Draft, change: int) -> str:
    return f" · 较{draft.before}{words.signed(change)}"


def _negative_note(draft: Draft) -> Line:
    negative = draft.result.negative
    if negative.value is None:
        return (Span(text=f"{draft.now}没有帖子"),)
    change = words.share_change(negative)
    return (Span(text=f"较{draft.before}{change}" if change else f"{draft.before}无可比数据"),)


def _trend(draft: Draft) -> Chart:
    trend = draft.result.trend
    table = Table(
        caption="每日主题帖与负面占比",
        headers=("日期", "主题帖", "帖子", "负面帖", "负面占比"),
        rows=tuple(_trend_row(row) for row in trend),
        numeric=(1, 2, 3, 4),
    )
    return Chart(name="trend", alt=_trend_alt(trend), table=table)


def _trend_row(row: DayCount) -> tuple[Cell, ...]:
    part = row.negative_share
    texts = (
        words.day(row.day),
        words.count(row.threads),
        words.count(row.posts),
        words.count(row.negative),
        "无数据" if part is None else words.percent(part),
    )
    return tuple(cell(text) for text in texts)


def _trend_alt(trend: tuple[DayCount, ...]) -> str:
    if not any(row.threads for row in trend):
        return f"近{len(trend)}天没有主题帖。"
    top = max(trend, key=lambda row: row.threads)
    share = trend[-1].negative_share
    said = f"，负面占比{words.percent(share)}" if share is not None else ""
    return (
        f"近{len(trend)}天每日主题帖与负面占比：最多{top.threads}个（{words.day(top.day)}），"
        f"{words.day(trend[-1].day)}{words.count(trend[-1].threads)}个{said}。"
    )


def _focus_note(draft: Draft) -> Line:
    if not draft.focus:
        return ()
    hottest = len(draft.focus) - draft.quiet
    text = f"按热度取前{hottest}项" if draft.others else f"全部{hottest}项，按热度排列"
    text += f"，另取长期未决{draft.quiet}项" if draft.quiet else ""
    return (Span(text=f"{text}；另有{len(draft.others)}项列于“其他事项”" if draft.others else text),)


def _cross(draft: Draft) -> Table | None:
    cross = draft.result.cross
    most = max((cell.value for row in cross.cells for cell in row if cell), default=0)
    if not most:
        return None
    columns = [n for n, _ in enumerate(cross.categories) if any(row[n] for row in cross.cells)]
    rows = [
        (
            cell(district),
            *(_cross_cell(draft, row[n], f"{district}：{cross.categories[n]}", most) for n in columns),
        )
        for district, row in zip(cross.districts, cross.cells, strict=True)
        if any(row)
    ]
    headers = ("", *(cross.categories[n] for n in columns))
    return Table(caption="类别与区域交叉的主题帖数", headers=headers, rows=tuple(rows), numeric=())


def _cross_cell(draft: Draft, figure: Figure | None, label: str, most: int) -> Cell:
    if figure is None:
        return cell("·")
    return Cell(line=(draft.book.cite(figure, label),), shade=figure.value / most)


def _cross_note(draft: Draft, cross: CrossTable) -> Line:
    if not cross.categories:
        return ()
    unplaced = draft.book.cite(cross.unplaced, "区域未定的主题帖", "帖")
    template = "类别×区域，按主题帖计，颜色越深越多；不足3帖的不显示"
    template += f"（{cross.hidden}格）" if cross.hidden else ""
    template += "；另有{unplaced}区域未定" if cross.unplaced.value else ""
    return words.fill(template, unplaced=unplaced)


def _praise(draft: Draft, issue: IssueResult) -> Line:
    said = quote(draft, issue)
    return words.fill(
        "{title}：{threads}、{posts}提到。{quote}",
        title=words.strong(words.shorten(issue.title, SHORT)),
        threads=draft.book.cite(issue.threads, f"{words.shorten(issue.title, SHORT)}：主题帖", "个主题帖"),
        posts=draft.book.cite(issue.posts, f"{words.shorten(issue.title, SHORT)}：全部帖子", "帖"),
        quote=said or "",
    )


def _stages(draft: Draft) -> list[Line]:
    """Which issues in focus rise, fall or came back."""
    lines: list[Line] = []
    for stage in ("growing", "peak", "returned", "falling"):
        titles = [words.shorten(issue.title, SHORT) for issue in draft.focus if issue.stage == stage]
        if titles:
            name = words.strong(words.STAGES[stage])
            lines.append(
                words.fill(
                    "{stage}{number}项：{titles}。", stage=name, number=len(titles), titles="；".join(titles)
                )
            )
    return lines


_PROPOSALS = {
    "answer": "请{department}答复“{title}”。",
    "publish": "请{department}公布“{title}”的有关信息，回应提问。",
    "inspect": "请{department}到现场核查“{title}”。",
    "repair": "请{department}安排维修“{title}”，并告知完成时间。",
    "escalate": "“{title}”建议列入督办（主办：{department}）。",
    "thank": "请{department}核实“{title}”，向有关人员致谢。",
}


def _proposal(draft: Draft, suggestion: Suggestion) -> Line:
    known = {issue.id: issue for issue in (*draft.result.issues, *draft.result.praise)}
    issue = known.get(suggestion.issue_id)
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
    posts = draft.book.cite(issue.posts, f"{title}：全部帖子")
    return (
        cell(title),
        cell(issue.district or "未定"),
        cell(category(issue)),
        cell(issue.department or "待定"),
        Cell(line=(posts,)),
        cell(heat(issue)),
        Cell(line=(status(issue),)),
    )


def _sources(sources: tuple[SourceHealth, ...]) -> Table:
    rows = tuple(
        (
            cell(source.title),
            Cell(
                line=(
                    Span(
                        text=STATES[source.state],
                        tone="alert" if source.state in ("blind", "failed") else "plain",
                    ),
                )
            ),
            cell(words.count(source.threads)),
            cell(words.count(source.posts)),
            cell("无记录" if source.usual is None else f"{source.usual:g}"),
        )
        for source in sources
    )
    return Table(
        caption="来源情况",
        headers=("来源", "状态", "主题帖", "帖子", "平时主题帖"),
        rows=rows,
        numeric=(2, 3, 4),
    )


def cell(text: str) -> Cell:
    return Cell(line=(Span(text=text),))
