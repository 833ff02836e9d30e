"""Words used more or less than before: posts then as a ring, posts now as a dot, on one axis from zero."""

from matplotlib.axes import Axes

from analysis.results import RunResult
from reports.charts.style import INK, PAPER, QUIET, RED, RULE, drawable, widen
from reports.keywords import drawn_keywords

WORD = 8
CHARACTER = 10  # points, with its share of the space beside it


def plot_keywords(result: RunResult, ax: Axes) -> Axes:
    """One row per word, the strongest rise first; a rise is red, a fall grey, both are numbered at both ends."""
    ax.set_axis_off()
    known = drawn_keywords(result)
    most = max((max(entry.now.value, entry.before) for entry in known), default=0) or 1
    digits = len(str(most))
    names = [drawable(entry.word, WORD) for entry in known]
    # A falling word's number stands left of its stroke, between that and the word.
    gap = 8 + (7 * digits if any(entry.now.value < entry.before for entry in known) else 0)
    widen(ax, most, gap + CHARACTER * max(map(len, names), default=0), 30 + 12 * digits)
    ax.set_ylim(len(known) - 0.3, -0.7)
    ax.plot((0, 0), (-0.5, len(known) - 0.5), color=RULE, lw=0.7, zorder=0)
    for row, (entry, name) in enumerate(zip(known, names, strict=True)):
        rose = entry.now.value >= entry.before
        colour = RED if rose else QUIET
        ax.annotate(name, (0, row), (-gap, 0), textcoords="offset points", ha="right", va="center", color=INK)
        ax.plot((entry.before, entry.now.value), (row, row), color=colour, lw=1.6, zorder=1)
        ax.plot(entry.before, row, "o", ms=4.5, mec=colour, mfc=PAPER, zorder=2)
        ax.plot(entry.now.value, row, "o", ms=4.5, color=colour, zorder=2)
        now, then = str(entry.now.value), f"上期{entry.before}"
        if rose:  # left of the ring there may be no room
            _number(ax, entry.now.value, row, 6, now, colour, weight="bold")
            _number(ax, entry.now.value, row, 12 + 7 * len(now), then, QUIET, size="small")
        else:
            _number(ax, entry.now.value, row, -6, now, colour, weight="bold")
            _number(ax, entry.before, row, 6, then, QUIET, size="small")
    return ax


def _number(ax: Axes, value: int, row: int, points: int, text: str, colour: str, **look: str) -> None:
    """So many points beside the end of the stroke."""
    side = "left" if points > 0 else "right"
    ax.annotate(
        text, (value, row), (points, 0), textcoords="offset points", ha=side, va="center", color=colour,
        annotation_clip=False, fontweight=look.get("weight"), fontsize=look.get("size"),
    )  # fmt: skip
