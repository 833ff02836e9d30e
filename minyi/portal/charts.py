"""An issue's days as pictures inside a page that allows no style but its own."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from threading import Lock
from typing import Any

from markupsafe import Markup

from analysis.results import DayCount, Mark, RunResult
from minyi.portal.timeline import deed
from minyi.workspace import Workspace
from reports.charts.style import chart_style, inline_svg, new_chart, to_svg
from reports.charts.trend import plot_trend
from reports.fonts import FontError, Fonts, find_fonts

WIDTHS = {"wide": 21.0, "narrow": 8.8}  # centimetres
HEIGHT = 5.0
POINTS = 9.0
LEAST_DAYS = 3

# Matplotlib's settings belong to the whole process, and every request has a thread.
_DRAWING = Lock()


def draw_days(
    workspace: Workspace, days: Sequence[DayCount], answers: Sequence[Any], result: RunResult | None
) -> dict[str, Markup]:
    """Posts and negative share by day with the answers marked, for a page and for a phone; {} for few days."""
    if result is None or len(days) < LEAST_DAYS:
        return {}
    marks = tuple(
        Mark(at=row.dated_at, label=f"{row.agency}{deed(row)}", post_id=row.id)
        for row in reversed(answers)
        if not row.untimed
    )
    try:
        fonts = find_fonts(workspace.config.brief.fonts)
    except FontError:
        return {}
    zone = workspace.config.office.timezone
    return {name: Markup(_draw(tuple(days), marks, zone, name, fonts, _Frame(result))) for name in WIDTHS}


def warm_up() -> None:
    """Load the fonts before the first picture is asked for; where there is none, pages have no pictures."""
    with suppress(FontError), _DRAWING, chart_style(find_fonts(), POINTS):
        figure, axes = new_chart(1, 1)
        for weight in ("normal", "bold"):
            axes.text(0, 0, "民意", weight=weight)
        to_svg(figure)


class _Frame:
    """A run's result as the chart's frame; only its other fields are drawn, so that all are equal."""

    def __init__(self, result: RunResult) -> None:
        self.result = result

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frame)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=64)
def _draw(
    days: tuple[DayCount, ...], marks: tuple[Mark, ...], zone: str, name: str, fonts: Fonts, frame: _Frame
) -> str:
    drawn = replace(frame.result, trend=days, marks=marks, timezone=zone)
    with _DRAWING, chart_style(fonts, POINTS):
        figure, axes = new_chart(WIDTHS[name], HEIGHT)
        plot_trend(drawn, axes)
        return _without_styles(inline_svg(to_svg(figure), name))


def _without_styles(svg: str) -> str:
    """The same picture with attributes where it had styles, which the page's policy forbids."""
    svg = re.sub(r"<style[^>]*>.*?</style>\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("<svg ", '<svg stroke-linejoin="round" stroke-linecap="butt" ', 1)
    return re.sub(r'\sstyle="([^"]*)"', _as_attributes, svg)


def _as_attributes(style: re.Match[str]) -> str:
    pairs = (entry.partition(":") for entry in style[1].split(";") if entry.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, _, value in pairs)
