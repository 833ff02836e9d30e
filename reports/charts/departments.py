"""One small panel for each department: residents' posts a day, all on one scale."""

import math

from matplotlib.axes import Axes

from analysis.results import DepartmentStats, RunResult
from reports.charts.style import BAR, INK, QUIET, RED, RULE, drawable, width_of
from reports.departments import drawn_departments, name_of

PANEL = 4.0  # centimetres a panel needs, for its words
NAME = 13
GAP = 0.12  # of a panel's width


def panels_across(width: float) -> int:
    """How many panels stand beside each other on so many centimetres."""
    return max(1, int(width // PANEL))


def plot_departments(result: RunResult, ax: Axes) -> Axes:
    """Panels in the order of the names; the highest day and the standing of the issues are written out."""
    ax.set_axis_off()
    known = drawn_departments(result)
    across = panels_across(width_of(ax) * 2.54)
    down = math.ceil(len(known) / across) or 1
    most = max((row.posts for entry in known for row in entry.daily), default=0) or 1
    for place, entry in enumerate(known):
        row, column = divmod(place, across)
        width, height = 1 / across, 1 / down
        bounds = (column * width, 1 - (row + 0.92) * height, width * (1 - GAP), height * 0.42)
        _draw(ax.inset_axes(bounds), entry, most)
    return ax


def _draw(panel: Axes, entry: DepartmentStats, most: int) -> None:
    panel.set_axis_off()
    counts = [row.posts for row in entry.daily]
    panel.bar(range(len(counts)), counts, width=0.8, color=BAR)
    panel.set_xlim(-0.6, max(len(counts), 1) - 0.4)
    panel.set_ylim(0, 1.5 * most)
    panel.axhline(0, color=RULE, lw=0.7)
    top = max(range(len(counts)), key=lambda day: counts[day], default=0)
    if counts and counts[top]:
        panel.annotate(
            str(counts[top]), (top, counts[top]), (0, 5), textcoords="offset points",
            ha="center", va="center", color=QUIET, size="small",
        )  # fmt: skip
    name = drawable(name_of(entry), NAME)
    panel.text(0, 1.62, name, transform=panel.transAxes, va="center", color=INK, weight="bold")
    said = f"需答复{entry.asking.value}　已答复{entry.answered.value}"
    panel.text(0, 1.26, said, transform=panel.transAxes, va="center", color=QUIET, size="small")
    if entry.overdue.value:
        late = f"超时{entry.overdue.value}"
        panel.text(
            1,
            1.26,
            late,
            transform=panel.transAxes,
            ha="right",
            va="center",
            color=RED,
            size="small",
            weight="bold",
        )
