"""Sections only the weekly has: what changed, what lasts, which department answered."""

from collections import defaultdict
from statistics import median

from analysis.results import Figure, IssueResult
from reports import words
from reports.annex import FEW_SHOWN
from reports.draft import Draft, age_in_days, is_long_standing
from reports.effects import chart_effects, judged_effects
from reports.issue_cards import UNKNOWN_DEPARTMENT, status
from reports.model import Block, Bullets, Cell, Chart, Line, Section, Span, Table, cell
from reports.sections import nothing, responses

SHORT = 24
MAX_CHANGES = 12
MAX_LASTING = 8
MAX_HEAT = 5
CHANGING = ("returned", "growing", "new", "peak", "falling")


def changes(draft: Draft) -> Section:
    """Issues that came back, rose, appeared or fell, by stage and heat."""
    moved = [issue for stage in CHANGING for issue in draft.by_heat if issue.stage == stage]
    if not moved:
        return nothing(draft, "changes", "本周变化", "{now}没有升降明显的事项。")
    listed = moved[:MAX_CHANGES]
    left = len(moved) - len(listed)
    note = "再度出现、升温、新出现、处于高位、降温的事项" + (f"；另有{left}项见总表" if left else "")
    table = Table(
        caption="本周变化",
        headers=("事项", "变化", "本期新增", "累计", "上期热度", "本期热度"),
        rows=tuple(_change(draft, issue) for issue in listed),
        numeric=(2, 3, 4, 5),
    )
    return Section(
        key="changes", title="本周变化", note=(Span(text=note),), blocks=(table, _heat_chart(draft))
    )


def _heat_chart(draft: Draft) -> Chart:
    hottest = draft.by_heat[:MAX_HEAT]
    rows = tuple((cell(words.shorten(issue.title, SHORT)), *_heats(issue)) for issue in hottest)
    first = hottest[0]
    alt = f"热度最高的{len(hottest)}项，本期与上期：最高为“{words.shorten(first.title, SHORT)}”，{first.heat.value:.1f}。"
    table = Table(
        caption="热度前列的事项", headers=("事项", "上期热度", "本期热度"), rows=rows, numeric=(1, 2)
    )
    return Chart(name="heat", alt=alt, table=table)


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


def lasting(draft: Draft) -> Section:
    """Quiet or not: issues that have waited for a month and more."""
    waiting = [issue for issue in draft.by_heat if is_long_standing(issue, draft.result)]
    waiting.sort(key=lambda issue: (issue.first_post_at, issue.id))
    if not waiting:
        return nothing(draft, "lasting", "长期未决", "{now}没有拖过三十天而未解决的事项。")
    listed = waiting[:MAX_LASTING]
    left = len(waiting) - len(listed)
    note = "三十天以上仍未解决，由早到晚" + (f"；另有{left}项未列" if left else "")
    items = tuple(_lasting(draft, issue) for issue in listed)
    return Section(key="lasting", title="长期未决", note=(Span(text=note),), blocks=(Bullets(items=items),))


def _lasting(draft: Draft, issue: IssueResult) -> Line:
    title = words.shorten(issue.title, SHORT)
    return words.fill(
        "{title}：{first}起，断续{age}天，{days}天有人反映，累计{posts}；{status}。",
        title=words.strong(title),
        first=words.day_of(issue.first_post_at, draft.zone),
        age=age_in_days(issue, draft.result),
        days=issue.days,
        posts=draft.book.cite(issue.posts, f"{title}：全部帖子", "帖", most=FEW_SHOWN),
        status=status(issue),
    )


def answers(draft: Draft) -> Section:
    """The responses in figures and pictures, then department by department."""
    section = responses(draft)
    if section.empty:
        return section
    charts: list[Block] = [_funnel(draft)]
    if judged_effects(draft.result):
        charts.append(chart_effects(draft))
    blocks = (*section.blocks, *charts, *_departments(draft))
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
    return Chart(name="funnel", alt=f"答复情况（事项数）：{said}。", table=table)


def _departments(draft: Draft) -> list[Table]:
    asking = [issue for issue in draft.result.issues if issue.hours_open is not None or issue.replies]
    groups: dict[str, list[IssueResult]] = defaultdict(list)
    for issue in asking:
        groups[issue.department or UNKNOWN_DEPARTMENT].append(issue)
    if not groups:
        return []
    order = sorted(groups, key=lambda name: (-len(groups[name]), name))
    return [
        Table(
            caption="各主办单位",
            headers=("主办单位", "需要答复", "已答复", "超过时限", "用时中位数"),
            rows=tuple(_department(draft, name, groups[name]) for name in order),
            numeric=(1, 2, 3, 4),
        )
    ]


def _department(draft: Draft, name: str, issues: list[IssueResult]) -> tuple[Cell, ...]:
    answered = [issue for issue in issues if issue.answer == "answered"]
    overdue = [issue for issue in issues if issue.answer == "overdue"]
    hours = [issue.hours_to_answer for issue in answered if issue.hours_to_answer is not None]
    counts = (("需要答复", issues), ("已答复", answered), ("超过时限", overdue))
    return (
        cell(name),
        *(
            Cell(line=(draft.book.cite(_issues_figure(name, what, own), f"{name}：{what}", most=FEW_SHOWN),))
            for what, own in counts
        ),
        cell(words.duration(median(hours)) if hours else "无"),
    )


def _issues_figure(name: str, what: str, issues: list[IssueResult]) -> Figure:
    """A count of issues; each is shown by its first post."""
    posts = tuple(issue.posts.posts[0] for issue in issues if issue.posts.posts)
    return Figure(
        key=f"department.{name}.{what}", value=len(issues), posts=posts if len(posts) == len(issues) else ()
    )
