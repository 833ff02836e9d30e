"""Sections only the weekly has: what changed, and how departments answered."""

from dataclasses import replace

from analysis.results import IssueResult, Stage
from reports import words
from reports.annex import FEW_SHOWN
from reports.departments import show_departments
from reports.draft import Draft
from reports.effects import chart_effects, judged_effects
from reports.model import Block, Bullets, Cell, Chart, Line, Section, Span, Table, cell
from reports.replies import say_return
from reports.sections import nothing, responses

SHORT = 24
MAX_CHANGES = 4  # of each stage
MAX_RETURNED = 4
MAX_HEAT = 5
CHANGING: tuple[Stage, ...] = ("returned", "growing", "new", "peak", "falling")


def changes(draft: Draft) -> Section:
    """Issues that came back, rose, appeared or fell: the hottest of each."""
    moved = {stage: [issue for issue in draft.by_heat if issue.stage == stage] for stage in CHANGING}
    if not any(moved.values()):
        return nothing(draft, "changes", "本周变化", "{now}没有升降明显的事项。")
    returned = tuple(line for issue in moved["returned"][:MAX_RETURNED] for line in _came_back(draft, issue))
    listed = [issue for stage in CHANGING for issue in moved[stage][:MAX_CHANGES]]
    blocks: tuple[Block, ...] = (
        *([Bullets(items=returned)] if returned else []),
        Table(
            caption="本周变化",
            headers=("事项", "变化", "本期新增", "累计", "上期热度", "本期热度"),
            rows=tuple(_change(draft, issue) for issue in listed),
            numeric=(2, 3, 4, 5),
        ),
        _heat_chart(draft),
    )
    return Section(key="changes", title="本周变化", note=(Span(text=_counts(moved)),), blocks=blocks)


def _counts(moved: dict[Stage, list[IssueResult]]) -> str:
    told = [f"{words.STAGES[stage]}{len(found)}项" for stage, found in moved.items() if found]
    cut = any(len(found) > MAX_CHANGES for found in moved.values())
    return "，".join(told) + (f"；每类最多列{MAX_CHANGES}项，其余见总表" if cut else "")


def _came_back(draft: Draft, issue: IssueResult) -> list[Line]:
    """After how long, and what had been answered."""
    title = words.strong(words.shorten(issue.title, SHORT))
    return [words.fill("{title}：{said}", title=title, said=line) for line in say_return(draft, issue)]


def _heat_chart(draft: Draft) -> Chart:
    hottest = draft.by_heat[:MAX_HEAT]
    rows = tuple((cell(words.shorten(issue.title, SHORT)), *_heats(issue)) for issue in hottest)
    first = hottest[0]
    alt = f"热度最高的{len(hottest)}项，本期与上期：最高为“{words.shorten(first.title, SHORT)}”，{first.heat.value:.1f}。"
    table = Table(
        caption="热度前列的事项", headers=("事项", "上期热度", "本期热度"), rows=rows, numeric=(1, 2)
    )
    return Chart(name="heat", alt=alt, table=table, title="热度前列的事项，竖线为上期")


def _heats(issue: IssueResult) -> tuple[Cell, Cell]:
    before = issue.heat.before
    return cell("无" if before is None else f"{before:.1f}"), cell(f"{issue.heat.value:.1f}")


def _change(draft: Draft, issue: IssueResult) -> tuple[Cell, ...]:
    title = words.shorten(issue.title, SHORT)
    return (
        cell(title),
        cell(words.STAGES[issue.stage]),
        Cell(line=(draft.book.cite(issue.new_posts, f"{title}：{draft.now}新增", most=FEW_SHOWN),)),
        Cell(line=(draft.book.cite(issue.posts, f"{title}：全部帖子", most=FEW_SHOWN),)),
        *_heats(issue),
    )


def answers(draft: Draft) -> Section:
    """The responses in figures and pictures, then department by department."""
    section = responses(draft)
    if section.empty:
        return section
    charts: list[Block] = [_funnel(draft)]
    if judged_effects(draft.result):
        charts.append(replace(chart_effects(draft), title="答复前后的负面占比，线段为95%区间"))
    blocks = (*section.blocks, *charts, *show_departments(draft))
    return Section(key=section.key, title=section.title, note=section.note, blocks=blocks)


def _funnel(draft: Draft) -> Chart:
    replies = draft.result.replies
    steps = (
        ("需要答复", replies.asking),
        ("已答复", replies.answered),
        ("待答复", replies.open),
        ("超过答复时限", replies.overdue),
    )
    rows = tuple(
        (cell(name), Cell(line=(draft.book.cite(figure, f"{name}的事项"),))) for name, figure in steps
    )
    said = "，".join(f"{name}{words.count(figure.value)}" for name, figure in steps)
    table = Table(caption="答复情况", headers=("情况", "事项"), rows=rows, numeric=(1,))
    return Chart(name="funnel", alt=f"答复情况（事项数）：{said}。", table=table, title="答复情况，按事项计")
