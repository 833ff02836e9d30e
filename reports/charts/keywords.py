"""Words used more or less than before: posts then as a ring, posts now as a dot, on one axis from zero."""

from matplotlib.axes import Axes

from analysis.results import RunResult
from reports.charts.style import INK, PAPER, QUIET, RED, RULE, drawable
from reports.keywords import drawn_keywords

WORD = 8


def plot_keywords(result: RunResult, ax: Axes) -> Axes:
    """One row per word, the strongest rise first; a rise is red, a fall grey, both are numbered at both ends."""
    ax.set_axis_off()
    known = drawn_keywords(result)
    most = max((max(entry.now.value, entry.before) for entry in known), default=0) or 1
    ax.set_xlim(-0.26 * most, 1.14 * most)
    ax.set_ylim(len(known) - 0.3, -0.7)
    ax.plot((0, 0), (-0.5, len(known) - 0.5), color=RULE, lw=0.7, zorder=0)
    for row, entry in enumerate(known):
        rose = entry.now.value >= entry.before
        colour, side = (RED, 1) if rose else (QUIET, -1)
        ax.text(-0.03 * most, row, drawable(entry.word, WORD), ha="right", va="center", color=INK)
        ax.plot((entry.before, entry.now.value), (row, row), color=colour, lw=1.6, zorder=1)
        ax.plot(entry.before, row, "o", ms=4.5, mec=colour, mfc=PAPER, zorder=2)
        ax.plot(entry.now.value, row, "o", ms=4.5, color=colour, zorder=2)
        _number(ax, entry.now.value, row, side * most, str(entry.now.value), colour, weight="bold")
        _number(ax, entry.before, row, -side * most, f"上期{entry.before}", QUIET, weight="normal")
    return ax


def _number(ax: Axes, value: int, row: int, way: float, text: str, colour: str, weight: str) -> None:
    """Outside the end; where there is no room left of it, on the right, behind the other end's number."""
    crowded = way < 0 and value < 0.12 * abs(way)
    if crowded and text.startswith("上期"):
        ax.text(1.12 * abs(way), row, text, ha="right", va="center", color=colour, size="small")
        return
    place = value + 0.02 * way
    ax.text(place, row, text, ha="left" if way > 0 else "right", va="center", color=colour, weight=weight)
