"""An issue's days in a small picture: how many posts, when answered."""

from collections.abc import Sequence
from datetime import date

from matplotlib.axes import Axes

from analysis.results import DayCount
from reports.charts.style import BAR, INK, RED, RULE

SPARSE = 0.5  # below one post every second day a line would invent a course: dots are drawn


def plot_timeline(days: Sequence[DayCount], replied_on: Sequence[date], ax: Axes) -> Axes:
    """Posts per day from zero; the last day is a dot, each answer a red stroke."""
    ax.set_axis_off()
    counts = [row.posts for row in days]
    most = max(counts, default=0) or 1
    ax.set_xlim(-0.5, max(len(counts) - 0.5, 0.5))
    ax.set_ylim(-0.12 * most, 1.25 * most)
    ax.axhline(0, color=RULE, lw=0.7)
    written = [n for n, count in enumerate(counts) if count]
    if len(written) > 1 and len(written) >= SPARSE * (len(counts) - written[0]):
        ax.fill_between(range(len(counts)), counts, color=BAR, lw=0)
        ax.plot(range(len(counts)), counts, color=INK, lw=1.3, solid_joinstyle="round")
        ax.plot(len(counts) - 1, counts[-1], "o", color=INK, ms=3.4, clip_on=False)
    else:
        ax.plot(written, [0] * len(written), "o", color=INK, ms=3.4, clip_on=False)
    places = {row.day: n for n, row in enumerate(days)}
    for day in replied_on:
        if day in places:
            ax.axvline(places[day], color=RED, lw=1.2)
    return ax
