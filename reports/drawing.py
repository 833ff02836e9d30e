"""The charts of a brief, drawn at the sizes its forms need."""

from zoneinfo import ZoneInfo

from reports.charts.style import chart_style, new_chart, to_png, to_svg
from reports.charts.timeline import plot_timeline
from reports.charts.trend import plot_trend
from reports.fonts import Fonts
from reports.model import Brief, Chart, IssueCard

PLOTS = {"trend": plot_trend}
WIDE = (17.2, 4.9)  # centimetres
NARROW = (8.8, 5.2)
TIMELINE = (3.0, 0.85)
POINTS = 9.0


def draw_chart(brief: Brief, chart: Chart, fonts: Fonts, size: tuple[float, float] = WIDE) -> str:
    """The chart as an SVG document."""
    with chart_style(fonts, POINTS):
        figure, axes = new_chart(*size)
        PLOTS[chart.name](brief.result, axes)
        return to_svg(figure)


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
        figure, axes = new_chart(*WIDE)
        PLOTS[chart.name](brief.result, axes)
        return to_png(figure)
