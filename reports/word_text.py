"""Lines of a brief in a Word document: runs, links to posts, marks that lead to the annex."""

from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from reports.charts.style import QUIET, RED
from reports.model import Line, Span


def keep_with_next(paragraph: WordParagraph) -> WordParagraph:
    """On the same page as what follows."""
    paragraph.paragraph_format.keep_with_next = True
    return paragraph


def new_caption(document: Document) -> WordParagraph:
    """Names the style by its id: looking it up for each of a thousand lines takes seconds."""
    paragraph = document.add_paragraph()
    paragraph._p.style = "Caption"
    return paragraph


def set_bookmark(paragraph: WordParagraph, name: str, number: int) -> None:
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(tag)
        mark.set(qn("w:id"), str(number))
        if tag.endswith("Start"):
            mark.set(qn("w:name"), name)
        paragraph._p.append(mark)


def write_line(paragraph: WordParagraph, line: Line) -> None:
    for span in line:
        if span.url:
            reference = paragraph.part.relate_to(span.url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            write_link(paragraph, span, "r:id", reference)
        else:
            write_run(paragraph, span)
        if span.evidence:
            mark = write_link(
                paragraph, Span(text=f"[{span.evidence}]", tone="quiet"), "w:anchor", f"e{span.evidence}"
            )
            mark.font.superscript = True


def write_link(paragraph: WordParagraph, span: Span, attribute: str, target: str) -> Any:
    run = write_run(paragraph, span)
    link = OxmlElement("w:hyperlink")
    link.set(qn(attribute), target)
    run._r.addprevious(link)
    link.append(run._r)
    return run


def write_run(paragraph: WordParagraph, span: Span) -> Any:
    run = paragraph.add_run(span.text)
    if span.tone == "strong":
        run.bold = True
    if span.tone in ("alert", "quiet"):
        colour = RED if span.tone == "alert" else QUIET
        run.font.color.rgb = RGBColor.from_string(colour[1:].upper())
    return run
