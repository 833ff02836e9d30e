"""Category × district as a heat table."""

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from analysis.results import RunResult
from reports.charts.style import INK, PAPER, QUIET, RULE

SHADES = LinearSegmentedColormap.from_list("minyi", ["#fbeeed", "#e3a19b", "#c65a52"])
DARK = 0.75  # above this shade figures are white


def plot_cross(result: RunResult, ax: Axes) -> Axes:
    """Threads per category and district; cells that are not shown hold a dot."""
    ax.set_axis_off()
    cross = result.cross
    ax.set_xlim(-1.6, len(cross.categories))
    ax.set_ylim(len(cross.districts), -1)
    most = max((cell.value for row in cross.cells for cell in row if cell), default=1)
    for column, category in enumerate(cross.categories):
        ax.text(column + 0.5, -0.5, category, ha="center", va="center", color=QUIET)
    for row, district in enumerate(cross.districts):
        ax.text(-1.5, row + 0.5, district, ha="left", va="center", color=INK)
        for column, cell in enumerate(cross.cells[row]):
            _draw_cell(ax, row, column, cell.value if cell else None, most)
    return ax


def _draw_cell(ax: Axes, row: int, column: int, value: int | None, most: int) -> None:
    if value is None:
        ax.text(column + 0.5, row + 0.5, "·", ha="center", va="center", color=RULE)
        return
    shade = value / most
    ax.add_patch(Rectangle((column, row), 1, 1, facecolor=SHADES(shade), edgecolor=PAPER, lw=1))
    ax.text(
        column + 0.5, row + 0.5, str(value), ha="center", va="center", color=PAPER if shade > DARK else INK
    )
