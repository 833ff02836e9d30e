"""Volume and negative share day by day, with the official answers marked."""

import math
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from matplotlib import rcParams
from matplotlib.axes import Axes

from analysis.results import DayCount, RunResult
from reports.charts.style import BAND, BAR, INK, PALE, QUIET, RED, RULE, drawable, width_of
from reports.interval import wilson
from reports.words import percent

MAX_LABELS = 2
LABEL, LEAST = 14, 7  # characters of a label
GAP = 3.0  # points between a label and its line
STEP = 11.5  # points from one row of labels to the next
DAY_WIDTH = 0.38  # inches a day label needs
MARGINS = (0.12, 0.72)  # inches left and right of the panels, for labels
HEADROOM = 1.3  # above the highest share, for its label
NEAR = 1.0  # days within which a label steps aside from a mark


def plot_trend(result: RunResult, ax: Axes) -> Axes:
    """Negative share above, residents' threads below, on one time axis; both start at zero.

    The band is the 95 % interval of the day's share (Wilson).  A day without posts leaves
    a gap in the line.
    """
    ax.set_axis_off()
    width = width_of(ax)
    left, right = MARGINS[0] / width, 1 - MARGINS[1] / width
    shares = ax.inset_axes((left, 0.49, right - left, 0.34))
    volumes = ax.inset_axes((left, 0.16, right - left, 0.26))
    for panel in (shares, volumes):
        _strip(panel, len(result.trend))
    marks = _marks(result)
    places = [place for place, _, _ in marks]
    _draw_shares(shares, result.trend, places)
    _draw_volumes(volumes, result.trend, places)
    _draw_days(volumes, result.trend)
    _draw_marks(shares, volumes, marks)
    return ax


def _strip(panel: Axes, days: int) -> None:
    panel.set_xlim(-0.6, days - 0.4)
    panel.patch.set_alpha(0)
    panel.set_yticks([])
    panel.tick_params(length=0)
    for side in ("top", "left", "right"):
        panel.spines[side].set_visible(False)
    panel.spines["bottom"].set_color(RULE)


def _draw_shares(panel: Axes, trend: Sequence[DayCount], marks: Sequence[float]) -> None:
    panel.set_xticks([])
    values = [math.nan if row.negative_share is None else row.negative_share for row in trend]
    known = [n for n, value in enumerate(values) if not math.isnan(value)]
    if not known:
        return
    bounds = [wilson(row.negative, row.posts) for row in trend]
    panel.set_ylim(0, min(1.0, max(bounds[n][1] for n in known) * HEADROOM))
    panel.annotate("0%", (-0.6, 0), (0, 5), color=QUIET, size="small", **_beside("left"))
    days = range(len(trend))
    panel.fill_between(days, [low for low, _ in bounds], [high for _, high in bounds], color=BAND, lw=0)
    panel.plot(days, values, color=RED, lw=1.8, solid_capstyle="round", marker="o", ms=2.2)
    last, most = known[-1], max(known, key=lambda n: values[n])
    said = f"负面占比\n{percent(values[last])}"
    panel.annotate(said, (last, values[last]), (9, 0), color=RED, weight="bold", **_beside("left"))
    if most != last:
        _label_top(panel, most, values[most], percent(values[most]), RED, marks)


def _draw_volumes(panel: Axes, trend: Sequence[DayCount], marks: Sequence[float]) -> None:
    counts = [row.threads for row in trend]
    panel.bar(range(len(counts)), counts, width=0.72, color=BAR)
    panel.set_ylim(0, max(counts) * 1.25 or 1)
    last, most = len(counts) - 1, max(range(len(counts)), key=lambda n: counts[n])
    said = f"主题帖\n{counts[last]}"
    panel.annotate(said, (last + 0.36, 0), (4, 11), color=INK, weight="bold", **_beside("left"))
    if counts[most] and most != last:
        _label_top(panel, most, counts[most], str(counts[most]), INK, marks)


def _label_top(panel: Axes, day: int, value: float, text: str, colour: str, marks: Sequence[float]) -> None:
    """Name the highest day; the label steps to the side away from a mark that would cross it."""
    near = [mark for mark in marks if abs(mark - day) < NEAR]
    side = "center" if not near else "right" if near[0] >= day else "left"
    panel.annotate(
        text, (day, value), ({"right": 1, "left": -1}.get(side, 0), 8), color=colour, **_beside(side)
    )


def _draw_days(panel: Axes, trend: Sequence[DayCount]) -> None:
    width = width_of(panel)
    step = max(1, math.ceil(len(trend) * DAY_WIDTH / width))
    last = len(trend) - 1
    places = [n for n in range(len(trend)) if (last - n) % step == 0]
    labels = [_day(trend[n].day, first=place == 0) for place, n in enumerate(places)]
    panel.set_xticks(places, labels, color=QUIET)


def _day(day: date, *, first: bool) -> str:
    return f"{day.day}日\n{day.month}月" if first or day.day == 1 else f"{day.day}日"


def _marks(result: RunResult) -> list[tuple[float, datetime, str]]:
    """Place, time and label of the marks inside the trend; a day's bar stands for 0:00 to 24:00."""
    zone = ZoneInfo(result.timezone)
    days = {row.day: n for n, row in enumerate(result.trend)}
    timed = sorted((mark.at.astimezone(zone), mark.label) for mark in result.marks)
    return [
        (days[at.date()] - 0.5 + (at.hour + at.minute / 60) / 24, at, label)
        for at, label in timed
        if at.date() in days
    ]


def _draw_marks(shares: Axes, volumes: Axes, marks: Sequence[tuple[float, datetime, str]]) -> None:
    """A dotted line for every answer; the newest few are named above the chart, the others stay pale."""
    named = marks[-MAX_LABELS:]
    for mark in marks:
        for panel in (shares, volumes):
            panel.axvline(mark[0], color=INK if mark in named else PALE, lw=0.9, ls=(0, (1.5, 1.8)))
    taken: list[tuple[float, float]] = []
    for place, at, label in named:
        text, reach = _name(shares, f"{at.day}日{at.hour}时", label, place)
        level = sum(1 for left, right in taken if left < reach[1] and reach[0] < right)
        taken.append(reach)
        top = shares.get_ylim()[1]
        height = 6 + STEP * level
        if level:  # its line goes on up to it, past the label below
            _lengthen(shares, place, top, height + 4)
        gap = GAP if reach[0] >= place else -GAP if reach[1] <= place else 0
        shares.annotate(text, (reach[0], top), (gap, height), color=INK, **_beside("left"))


def _name(panel: Axes, when: str, label: str, place: float) -> tuple[str, tuple[float, float]]:
    """A mark's words and where they run: as many as stand beside its line, or the fewest."""
    for limit in range(LABEL, LEAST - 1, -1):
        text = f"{when} {_whole(drawable(label, limit))}"
        reach = _reach(panel, text, place)
        if not reach[0] < place < reach[1]:
            break
    return text, reach


def _whole(label: str) -> str:
    """A quotation that was cut is closed."""
    return label + "”" * (label.count("“") - label.count("”"))


def _lengthen(panel: Axes, place: float, top: float, points: float) -> None:
    stroke = {"arrowstyle": "-", "color": INK, "lw": 0.9, "ls": (0, (1.5, 1.8)), "shrinkA": 0, "shrinkB": 0}
    panel.annotate(
        "", (place, top), (0, points), textcoords="offset points", annotation_clip=False, arrowprops=stroke
    )


def _reach(panel: Axes, text: str, place: float) -> tuple[float, float]:
    """From where to where a mark's label runs, in days: beside the mark, inside the picture.

    A Chinese character is as wide as it is high, and so are its quotation marks.
    """
    size = rcParams["font.size"]
    first, last = panel.get_xlim()
    points = width_of(panel) * 72
    per_day = points / (last - first)
    width = sum(size if east_asian_width(char) in "WFA" else 0.6 * size for char in text) / per_day
    start = place - width if place > (first + last) / 2 else place
    end = last + MARGINS[1] * 72 / per_day
    start = max(first, min(start, end - width))
    return start, start + width


def _beside(side: str) -> dict[str, Any]:
    return {
        "textcoords": "offset points",
        "ha": side,
        "va": "center",
        "annotation_clip": False,
        "linespacing": 1.15,
    }
