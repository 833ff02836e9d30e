"""How each department answers: small pictures of one scale, and a table.  By name: no ranking."""

from analysis.results import DepartmentStats, RunResult
from reports import words
from reports.annex import FEW_SHOWN
from reports.draft import Draft
from reports.model import Block, Cell, Chart, Line, Span, Table, cell
from reports.overview import overdue_tone

MOST_DRAWN = 12
NOBODY = "主办待定"
SHORT = 16


def drawn_departments(result: RunResult) -> tuple[DepartmentStats, ...]:
    """Those with the most issues, in the order of their names."""
    most = sorted(result.departments, key=lambda entry: (-entry.asking.value, name_of(entry)))
    kept = {entry.department for entry in most[:MOST_DRAWN]}
    return tuple(entry for entry in result.departments if entry.department in kept)


def name_of(entry: DepartmentStats) -> str:
    return entry.department or NOBODY


def show_departments(draft: Draft) -> list[Block]:
    if not draft.result.departments:
        return []
    table = Table(
        caption="各主办单位",
        headers=("主办单位", "需要答复", "已答复", "待答复", "超过时限", "用时中位数"),
        rows=tuple(_row(draft, entry) for entry in draft.result.departments),
        numeric=(1, 2, 3, 4, 5),
    )
    drawn = drawn_departments(draft.result)
    left = len(draft.result.departments) - len(drawn)
    said = "；".join(
        f"{words.shorten(name_of(entry), SHORT)}需要答复{entry.asking.value}项，超时{entry.overdue.value}项"
        for entry in drawn
    )
    alt = f"各主办单位每日帖数，同一刻度：{said}{f'；另有{left}个单位未画' if left else ''}。"
    return [Chart(name="departments", alt=alt, table=table, title="各主办单位每日帖数，同一刻度"), table]


def _median(draft: Draft, entry: DepartmentStats) -> Line:
    known = "无" if entry.median_hours is None else words.duration(entry.median_hours)
    if entry.untimed is None:
        return (Span(text=known),)
    number = draft.book.cite(entry.untimed, f"{name_of(entry)}：已答复、用时不明", "项", most=FEW_SHOWN)
    return words.fill("{known}（{number}不明）", known=known, number=number)


def _row(draft: Draft, entry: DepartmentStats) -> tuple[Cell, ...]:
    figures = (
        ("需要答复", entry.asking),
        ("已答复", entry.answered),
        ("待答复", entry.open),
        ("超过时限", entry.overdue),
    )
    return (
        cell(name_of(entry)),
        *(
            Cell(
                line=(
                    draft.book.cite(
                        figure,
                        f"{name_of(entry)}：{name}",
                        tone=overdue_tone(figure) if figure is entry.overdue else "plain",
                        most=FEW_SHOWN,
                    ),
                )
            )
            for name, figure in figures
        ),
        Cell(line=_median(draft, entry)),
    )
