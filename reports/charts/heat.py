"""The hottest issues: heat now as a bar, heat one period earlier as a stroke."""

from typing import Any

from matplotlib.axes import Axes

from analysis.results import RunResult
from reports.charts.style import BAR, INK, QUIET, RED, drawable, widen

MAX_ROWS = 5
TITLE = 22
ROOM = 74  # points right of the longest bar, for two numbers


def plot_heat(result: RunResult, ax: Axes) -> Axes:
    """One row per issue, hottest first; bars start at zero, a hotter issue's label is red."""
    ax.set_axis_off()
    issues = sorted(result.issues, key=lambda issue: (-issue.heat.value, issue.id))[:MAX_ROWS]
    most = max((max(issue.heat.value, issue.heat.before or 0) for issue in issues), default=0) or 1
    widen(ax, most, 0, ROOM)
    ax.set_ylim(len(issues) - 0.3, -0.75)
    for row, issue in enumerate(issues):
        value, before = issue.heat.value, issue.heat.before
        ax.text(0, row - 0.32, drawable(issue.title, TITLE), va="center", color=INK)
        ax.barh(row + 0.12, value, height=0.34, color=BAR)
        if before is not None:
            ax.plot((before, before), (row - 0.1, row + 0.34), color=INK, lw=1.4)
        end = (max(value, before or 0), row + 0.12)
        colour = RED if before is not None and value > before else INK
        beside: dict[str, Any] = {"textcoords": "offset points", "va": "center", "annotation_clip": False}
        ax.annotate(f"{value:.1f}", end, (4, 0), color=colour, weight="bold", **beside)
        said = "新出现" if before is None else f"上期{before:.1f}"
        ax.annotate(said, end, (4 + 7 * len(f"{value:.1f}"), 0), color=QUIET, size="small", **beside)
    return ax
