"""From asking to answered: how many issues wait, and how many too long."""

from matplotlib.axes import Axes

from analysis.results import RunResult
from reports.charts.style import BAR, INK, RED


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
    ax.set_xlim(-0.28 * most, 1.12 * most)
    ax.set_ylim(len(steps) - 0.4, -0.6)
    for row, (name, figure, colour) in enumerate(steps):
        ax.barh(row, figure.value, height=0.62, color=colour)
        ax.text(-0.02 * most, row, name, ha="right", va="center", color=INK)
        ax.text(figure.value + 0.015 * most, row, str(figure.value), va="center", color=INK, weight="bold")
    return ax
