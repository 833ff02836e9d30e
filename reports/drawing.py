"""The charts of a brief, drawn at the sizes its forms need."""

import math
from zoneinfo import ZoneInfo

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


def draw_chart(brief: Brief, chart: Chart, fonts: Fonts, *, narrow: bool = False) -> str:
    """The chart as an SVG document, for a page or for a phone."""
    with chart_style(fonts, POINTS):
        figure, axes = new_chart(WIDTHS[narrow], _height(brief, chart, WIDTHS[narrow]))
        PLOTS[chart.name](brief.result, axes)
        return to_svg(figure)


def _height(brief: Brief, chart: Chart, width: float) -> float:
    if chart.name == "departments":
        return PANEL_ROW * math.ceil(len(drawn_departments(brief.result)) / panels_across(width))
    if chart.name == "keywords":
        return WORD_ROW * len(chart.table.rows)
    return HEIGHTS.get(chart.name) or MARGIN + ROW * len(chart.table.rows)


def draw_timeline(brief: Brief, card: IssueCard, fonts: Fonts) -> str:
    """An issue's days as an SVG document."""
    zone = ZoneInfo(brief.result.timezone)
    with chart_style(fonts, POINTS):
        figure, axes = new_chart(*TIMELINE)
        plot_timeline(card.days, [at.astimezone(zone).date() for at in card.replied_at], axes)
        return to_svg(figure)


def chart_picture(brief: Brief, chart: Chart, fonts: Fonts) -> bytes:
    """The chart as PNG."""
    with chart_style(fonts, POINTS):
        figure, axes = new_chart(WIDTHS[0], _height(brief, chart, WIDTHS[0]))
        PLOTS[chart.name](brief.result, axes)
        return to_png(figure)
