"""From asking to answered: how many issues wait, and how many too long."""

from matplotlib.axes import Axes

from analysis.results import RunResult
from reports.charts.style import BAR, INK, RED, widen

NAMES, COUNTS = 64, 32  # points left and right of the bars, for their words


def plot_funnel(result: RunResult, ax: Axes) -> Axes:
    """Issues as bars from zero, named at the left, counted at the right; overdue ones in red."""
    replies = result.replies
    steps = (
        ("需要答复", replies.asking, BAR),
        ("已答复", replies.answered, BAR),
        ("待答复", replies.open, BAR),
        ("超过答复时限", replies.overdue, RED),
    )
    ax.set_axis_off()
    most = max(figure.value for _, figure, _ in steps) or 1
    widen(ax, most, NAMES, COUNTS)
    ax.set_ylim(len(steps) - 0.4, -0.6)
    for row, (name, figure, colour) in enumerate(steps):
        ax.barh(row, figure.value, height=0.62, color=colour)
        ax.annotate(name, (0, row), (-5, 0), textcoords="offset points", ha="right", va="center", color=INK)
        ax.annotate(
            str(figure.value), (figure.value, row), (5, 0), textcoords="offset points",
            va="center", color=INK, weight="bold",
        )  # fmt: skip
    return ax
