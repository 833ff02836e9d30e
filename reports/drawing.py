"""The charts of a brief, drawn once for all its forms, at the sizes these need."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from matplotlib.figure import Figure

from reports.charts.departments import panels_across, plot_departments
from reports.charts.effect import plot_effect
from reports.charts.funnel import plot_funnel
from reports.charts.heat import plot_heat
from reports.charts.keywords import plot_keywords
from reports.charts.style import chart_style, new_chart, to_png, to_svg
from reports.charts.timeline import plot_timeline
from reports.charts.trend import plot_trend
from reports.departments import drawn_departments
from reports.fonts import Fonts
from reports.model import Brief, Chart, IssueCard

PLOTS = {
    "trend": plot_trend,
    "heat": plot_heat,
    "funnel": plot_funnel,
    "effect": plot_effect,
    "departments": plot_departments,
    "keywords": plot_keywords,
}
WIDTHS = (17.2, 8.8)  # centimetres, on a page and on a phone
HEIGHTS = {"trend": 5.0, "funnel": 3.0}
ROW, MARGIN = 1.2, 0.8  # of a chart with a row for each issue
WORD_ROW, PANEL_ROW = 0.55, 2.3
TIMELINE = (3.0, 0.85)
POINTS = 9.0
VECTORS, PICTURES = frozenset({"html", "pdf"}), frozenset({"docx", "mail"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One chart in the formats that were asked for; the others are empty.

    `page` and `phone` are SVG documents, `picture` is PNG for Word and mail, which show no SVG.
    """

    page: str = ""
    phone: str = ""
    picture: bytes = b""


Drawings = Mapping[str, Drawing]


def draw_charts(brief: Brief, fonts: Fonts, forms: Collection[str]) -> Drawings:
    """Every chart of the brief by its `drawing_name`, drawn once however many of the forms show it.

    A figure is let go before the next one is drawn.

    Raises:
        FontError: no Chinese font to draw the charts with.
    """
    if not (VECTORS | PICTURES).intersection(forms):
        return {}
    blocks = [block for section in brief.sections + brief.appendix for block in section.blocks]
    drawn: dict[str, Drawing] = {}
    with chart_style(fonts, POINTS):
        for block in blocks:
            if isinstance(block, Chart):
                drawn[drawing_name(block)] = _draw_chart(brief, block, forms)
            elif isinstance(block, IssueCard) and not VECTORS.isdisjoint(forms):
                drawn[drawing_name(block)] = Drawing(page=_draw_timeline(brief, block))
    return drawn


def drawing_name(block: Chart | IssueCard) -> str:
    """What a block's drawing is called: among the drawings, and in a page's identifiers."""
    return block.name if isinstance(block, Chart) else f"issue-{block.issue_id}"


def _draw_chart(brief: Brief, chart: Chart, forms: Collection[str]) -> Drawing:
    figure = _plot(brief, chart, WIDTHS[0])
    # The picture comes last: it gives the figure a ground, which no SVG has.
    return Drawing(
        page="" if VECTORS.isdisjoint(forms) else to_svg(figure),
        phone=to_svg(_plot(brief, chart, WIDTHS[1])) if "html" in forms else "",
        picture=b"" if PICTURES.isdisjoint(forms) else to_png(figure),
    )


def _plot(brief: Brief, chart: Chart, width: float) -> Figure:
    figure, axes = new_chart(width, _height(brief, chart, width))
    PLOTS[chart.name](brief.result, axes)
    return figure


def _height(brief: Brief, chart: Chart, width: float) -> float:
    if chart.name == "departments":
        return PANEL_ROW * math.ceil(len(drawn_departments(brief.result)) / panels_across(width))
    if chart.name == "keywords":
        return WORD_ROW * len(chart.table.rows)
    return HEIGHTS.get(chart.name) or MARGIN + ROW * len(chart.table.rows)


def _draw_timeline(brief: Brief, card: IssueCard) -> str:
    """An issue's days."""
    zone = ZoneInfo(brief.result.timezone)
    figure, axes = new_chart(*TIMELINE)
    plot_timeline(card.days, [at.astimezone(zone).date() for at in card.replied_at], axes)
    return to_svg(figure)
