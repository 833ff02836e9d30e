"""One look for every chart: ink, one red for what matters, greys for the rest.

Red against grey-blue differs in lightness as well as in hue, so charts stay readable in
grey and for colour-blind readers.  Output is the same for the same data: no dates, and
hashed identifiers from a fixed salt.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports.fonts import Fonts
from reports.glyphs import spell_missing
from reports.words import shorten

INK = "#1c2733"
QUIET = "#66717f"
PALE = "#9aa4b0"
RULE = "#c9d0d8"
BAR = "#d3dae3"
BAND = "#f3d9d6"
RED = "#b3261e"
PAPER = "#ffffff"
ROLES = {
    INK: "ink",
    QUIET: "quiet",
    PALE: "pale",
    RULE: "rule",
    BAR: "bar",
    BAND: "band",
    RED: "red",
    PAPER: "paper",
}

CENTIMETRE = 1 / 2.54


@contextmanager
def chart_style(fonts: Fonts, size: float = 9) -> Iterator[None]:
    """Draw with the brief's font at `size` points; text becomes outlines."""
    for bold in (False, True):
        _register(fonts.face(fonts.sans, bold=bold).path)
    settings: dict[Any, Any] = {
        "font.family": [fonts.sans],
        "font.size": size,
        "axes.unicode_minus": True,
        "svg.fonttype": "path",
        "svg.hashsalt": "minyi",
        "text.color": INK,
        "text.parse_math": False,
    }
    with mpl.rc_context(settings):
        yield


@cache
def _register(path: Path) -> None:
    font_manager.fontManager.addfont(str(path))


def drawable(text: str, limit: int) -> str:
    """A free text as the current chart font can draw it, at most `limit` characters."""
    font = font_manager.get_font(font_manager.findfont(font_manager.FontProperties()))
    return spell_missing(shorten(text, limit), lambda code: font.get_char_index(code) != 0)


def width_of(panel: Axes) -> float:
    """How wide a panel is, in inches."""
    return float(panel.get_window_extent().width / panel.figure.dpi)


def widen(panel: Axes, most: float, left: float, right: float) -> None:
    """Values from zero to `most`, with so many points beside them for words, however narrow the panel."""
    point = most / (width_of(panel) * 72 - left - right)
    panel.set_xlim(-left * point, most + right * point)


def new_chart(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure of that many centimetres whose axes fill it."""
    figure = Figure(figsize=(width * CENTIMETRE, height * CENTIMETRE))
    figure.patch.set_alpha(0)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    return figure, axes


def to_svg(figure: Figure) -> str:
    """The figure as an SVG document without date or creator."""
    stream = io.StringIO()
    figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def to_png(figure: Figure, dots_per_inch: int = 200) -> bytes:
    """The figure as a picture, for Word and for mail clients."""
    stream = io.BytesIO()
    figure.patch.set_alpha(1)
    figure.savefig(stream, format="png", dpi=dots_per_inch, facecolor=PAPER, metadata={"Software": None})
    return stream.getvalue()


def inline_svg(document: str, name: str) -> str:
    """The SVG element for a page: identifiers made unique, colours taken from the page's style."""
    element = document[document.index("<svg") :]
    element = re.sub(r"<metadata>.*?</metadata>\s*", "", element, flags=re.DOTALL)
    element = re.sub(r'^(<svg[^>]*?) width="[^"]*"', r"\1", element)
    element = re.sub(r'^(<svg[^>]*?) height="[^"]*"', r"\1", element)
    element = re.sub(r'\b(id="|xlink:href="#|url\(#)', rf"\g<1>{name}-", element)
    for colour, role in ROLES.items():
        element = element.replace(colour, f"var(--{role})")
    return element.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
