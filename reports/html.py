"""A brief as one self-contained page: no network, no script, light, dark and on paper."""

from collections.abc import Callable
from pathlib import Path

from markupsafe import Markup

from reports.charts.style import inline_svg
from reports.drawing import draw_chart, draw_timeline
from reports.fonts import Fonts, find_fonts
from reports.model import Brief, Chart, IssueCard
from reports.template_files import find_template, page_templates


def render_html(brief: Brief, fonts: Fonts | None = None, templates: Path | None = None) -> str:
    """The page; charts carry their text as outlines, so the reader's fonts do not matter to them.

    `templates` may hold an office's own `brief.html.j2` and `brief.css`.

    Raises:
        FontError: no Chinese font to draw the charts with.
    """
    drawn_with = fonts or find_fonts()
    charts: dict[str, Markup] = {}
    for section in brief.sections + brief.appendix:
        for block in section.blocks:
            charts |= _pictures(brief, block, drawn_with)
    return (
        page_templates(templates)
        .get_template("brief.html.j2")
        .render(
            brief=brief,
            charts=charts,
            register={post.number: post for post in brief.register},
            first=_first_time(),
            labels={entry.number: f"{entry.label}（{entry.value}）的原帖" for entry in brief.evidence},
            style=Markup(find_template("brief.css", templates).read_text(encoding="utf-8")),
        )
    )


def _pictures(brief: Brief, block: object, fonts: Fonts) -> dict[str, Markup]:
    """Drawings by the name the template knows them by."""
    if isinstance(block, Chart):
        sizes = {block.name: False, f"{block.name}-narrow": True}
        return {
            name: _inline(draw_chart(brief, block, fonts, narrow=narrow), name)
            for name, narrow in sizes.items()
        }
    if isinstance(block, IssueCard):
        name = f"issue-{block.issue_id}"
        return {name: _inline(draw_timeline(brief, block, fonts), name)}
    return {}


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
