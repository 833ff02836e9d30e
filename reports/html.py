"""A brief as one self-contained page: no network, no script, light, dark and on paper."""

from collections.abc import Callable
from pathlib import Path

from markupsafe import Markup

from reports.charts.style import inline_svg
from reports.drawing import Drawings, draw_charts
from reports.fonts import Fonts, find_fonts
from reports.model import Brief
from reports.template_files import find_template, page_templates


def render_html(
    brief: Brief,
    fonts: Fonts | None = None,
    templates: Path | None = None,
    drawings: Drawings | None = None,
) -> str:
    """The page; charts carry their text as outlines, so the reader's fonts do not matter to them.

    `templates` may hold an office's own `brief.html.j2` and `brief.css`; `drawings` are those made
    for several forms.

    Raises:
        FontError: no Chinese font to draw the charts with.
    """
    drawn = drawings or draw_charts(brief, fonts or find_fonts(), ("html",))
    return (
        page_templates(templates)
        .get_template("brief.html.j2")
        .render(
            brief=brief,
            charts=_inline_all(drawn),
            register={post.number: post for post in brief.register},
            first=_first_time(),
            labels={entry.number: f"{entry.label}（{entry.value}）的原帖" for entry in brief.evidence},
            style=Markup(find_template("brief.css", templates).read_text(encoding="utf-8")),
        )
    )


def _inline_all(drawings: Drawings) -> dict[str, Markup]:
    """SVG elements by the name the template knows them by."""
    documents: dict[str, str] = {}
    for name, drawing in drawings.items():
        documents |= {name: drawing.page, f"{name}-narrow": drawing.phone}
    return {name: _inline(document, name) for name, document in documents.items() if document}


def _inline(document: str, name: str) -> Markup:
    return Markup(inline_svg(document, name))


def _first_time() -> Callable[[int], bool]:
    """Says whether a number is met for the first time: that place is what its list links back to."""
    met: set[int] = set()

    def first(number: int) -> bool:
        new = number not in met
        met.add(number)
        return new

    return first
