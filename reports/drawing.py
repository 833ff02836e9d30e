"""The charts of a brief, drawn at the sizes its forms need."""

from zoneinfo import ZoneInfo

from reports.charts.effect import plot_effect
from reports.charts.funnel import plot_funnel
from reports.charts.heat import plot_heat
from reports.charts.style import chart_style, new_chart, to_png, to_svg
from reports.charts.timeline import plot_timeline
from reports.charts.trend import plot_trend
from reports.fonts import Fonts
from reports.model import Brief, Chart, IssueCard

PLOTS = {"trend": plot_trend, "heat": plot_heat, "funnel": plot_funnel, "effect": plot_effect}
WIDTHS = (17.2, 8.8)  # centimetres, on a page and on a phone
HEIGHTS = {"trend": 5.0, "funnel": 3.0}
ROW, MARGIN = 1.2, 0.8  # of a chart with a row for each issue
TIMELINE = (3.0, 0.85)
POINTS = 9.0


def draw_chart(brief: Brief, chart: Chart, fonts: Fonts, *, narrow: bool = False) -> str:
    """The chart as an SVG document, for a page or for a phone."""
    with chart_style(fonts, POINTS):
        figure, axes = new_chart(WIDTHS[narrow], _height(chart))
        PLOTS[chart.name](brief.result, axes)
        return to_svg(figure)


def _height(chart: Chart) -> float:
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
        figure, axes = new_chart(WIDTHS[0], _height(chart))
        PLOTS[chart.name](brief.result, axes)
        return to_png(figure)
