"""Negative share before and after the answer, with 95 % intervals."""

from matplotlib.axes import Axes

from analysis.results import RunResult, Share
from reports import words
from reports.charts.style import INK, PAPER, QUIET, RED, RULE, drawable, width_of
from reports.effects import judged_effects
from reports.interval import wilson

CROWDED = 0.75  # an interval that ends beyond this is named at its other end
TITLE = 20
VERDICT = 50  # points a verdict needs, right of the axis


def plot_effect(result: RunResult, ax: Axes) -> Axes:
    """One row per issue, under its title: before in grey, after in red, on an axis from 0 to 100 %."""
    ax.set_axis_off()
    known = judged_effects(result)
    points = width_of(ax) * 72
    ax.set_xlim(-0.04, (1.04 * points + 0.04 * VERDICT) / (points - VERDICT))
    ax.set_ylim(len(known) + 0.1, -0.7)
    for share in (0.0, 0.5, 1.0):
        ax.plot((share, share), (-0.2, len(known) - 0.45), color=RULE, lw=0.7, zorder=0)
        ax.text(share, len(known) - 0.2, words.percent(share), ha="center", va="center", color=QUIET)
    for row, (issue, effect) in enumerate(known):
        ax.text(0.0, row - 0.34, drawable(issue.title, TITLE), va="center", color=INK, weight="bold")
        ax.text(1.04, row, words.VERDICTS[effect.verdict], ha="left", va="center", color=INK, weight="bold")
        _draw_share(ax, effect.before, row - 0.06, QUIET, "答复前")
        _draw_share(ax, effect.after, row + 0.22, RED, "答复后")
    return ax


def _draw_share(ax: Axes, share: Share, row: float, colour: str, name: str) -> None:
    if share.value is None:
        return
    low, high = wilson(share.part, share.whole)
    ax.plot((low, high), (row, row), color=colour, lw=1.6, solid_capstyle="butt")
    ax.plot(share.value, row, "o", color=colour, ms=4.5)
    place, side = (low - 0.012, "right") if high > CROWDED else (high + 0.012, "left")
    # On paper of its own: the line of 50 % would cross it.
    paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}
    said = f"{name}{words.share(share)}"
    ax.text(place, row, said, ha=side, va="center", color=colour, size="small", bbox=paper)
