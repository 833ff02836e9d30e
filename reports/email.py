"""A brief as a letter: its own table layout with pictures, for mail clients drop SVG and CSS."""

from dataclasses import dataclass
from pathlib import Path

from reports import words
from reports.as_text import block_lines, core_of
from reports.drawing import draw_charts, drawing_name
from reports.fonts import Fonts
from reports.model import Brief, Chart
from reports.template_files import page_templates


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Ready for a MIME message; `images` are PNG by content id."""

    subject: str
    text: str
    html: str
    images: dict[str, bytes]


def render_email(brief: Brief, fonts: Fonts, templates: Path | None = None) -> Letter:
    """The main sections; the annex stays in the attached PDF.

    Raises:
        FontError: no Chinese font to draw the charts with.
    """
    charts = [block for section in brief.sections for block in section.blocks if isinstance(block, Chart)]
    drawings = draw_charts(brief, fonts, ("mail",))
    images: dict[str, bytes] = {chart.name: drawings[drawing_name(chart)].picture for chart in charts}
    return Letter(
        subject=_subject(brief),
        text=_plain_text(brief),
        html=page_templates(templates).get_template("email.html.j2").render(brief=brief),
        images=images,
    )


def _subject(brief: Brief) -> str:
    head = brief.masthead
    mark = "【来源异常】" if brief.warnings else ""
    return words.clean(f"{mark}{head.title} {head.issue} {head.period} {core_of(brief)}")[:120]


def _plain_text(brief: Brief) -> str:
    """For readers without HTML: the same words, one paragraph a line; tables are in the attachment."""
    head = brief.masthead
    lines = [f"{head.title}　{head.office}　{head.issue}　{head.period}　{head.state}", ""]
    lines += [words.plain(line) for line in (*brief.warnings, *brief.headlines, brief.sources)]
    for section in brief.sections:
        said = [words.plain(line) for block in section.blocks for line in block_lines(block)]
        lines += ["", f"【{section.title}】", *said] if said else []
    return "\n".join((*lines, "", "表格和数字背后的原帖见附件。", ""))
