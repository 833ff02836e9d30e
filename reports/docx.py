"""A brief as a Word document: real styles, headings, tables, pictures with alternative text.

The official fonts are named first; an office PC that has them uses them, any other
falls back to what it has.
"""

import io
import zipfile
from itertools import zip_longest
from unicodedata import east_asian_width

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Pt
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from reports import words
from reports.annex import ranges
from reports.drawing import Drawings, draw_charts, drawing_name
from reports.fonts import Fonts, find_fonts
from reports.model import (
    Block,
    Brief,
    Bullets,
    Cards,
    Chart,
    EvidenceList,
    IssueCard,
    Line,
    Paragraph,
    RegisterPost,
    Section,
    Span,
    Table,
)
from reports.word_styles import OFFICIAL_KINDS, set_up
from reports.word_text import (
    keep_with_next,
    new_caption,
    set_bookmark,
    write_line,
    write_link,
    write_run,
)

LEAST, MOST, PADDING = 2.0, 10.0, 3.0  # characters of a table's column
NARROW, MARK = 0.55, 1.5  # how wide, in characters, a digit is, and the number of a list
FIRST_POST_MARK = 10_000  # bookmark numbers of posts follow those of evidence lists
SHADES = ("FBEFEE", "F5D9D6", "ECBAB5", "DD928B", "D0766E")


def render_docx(brief: Brief, fonts: Fonts | None = None, drawings: Drawings | None = None) -> bytes:
    """The document; `fonts` draw the charts, `drawings` are those made for several forms.

    Raises:
        FontError: no Chinese font to draw the charts with.
    """
    drawn = drawings or draw_charts(brief, fonts or find_fonts(), ("docx",))
    document = docx.Document()
    set_up(document, brief)
    _masthead(document, brief)
    for number, section in enumerate(brief.sections, 1):
        _section(document, section, drawn, words.numeral(number) if brief.kind in OFFICIAL_KINDS else None)
    for section in brief.appendix:
        _section(document, section, drawn)
    _annex(document, brief)
    stream = io.BytesIO()
    document.save(stream)
    return _undated(stream)


def _undated(stream: io.BytesIO) -> bytes:
    """The same file without the time of writing: the same brief has the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(stream) as dated, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as plain:
        for name in dated.namelist():
            plain.writestr(zipfile.ZipInfo(name), dated.read(name), zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _masthead(document: Document, brief: Brief) -> None:
    head = brief.masthead
    document.add_paragraph(head.title, style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text in (f"{head.office} · {head.circulation} · {head.state}", f"{head.issue} · {head.period}"):
        document.add_paragraph(text, style="Caption").alignment = WD_ALIGN_PARAGRAPH.CENTER
    for warning in brief.warnings:
        write_line(document.add_paragraph(), warning)
    for headline in brief.headlines:
        paragraph = document.add_paragraph()
        write_line(paragraph, headline)
        for run in paragraph.runs:
            run.bold = True
    write_line(document.add_paragraph(style="Caption"), brief.sources)
    if brief.cover.note:
        document.add_paragraph().add_run(f"批注：{brief.cover.note}").bold = True


def _section(document: Document, section: Section, drawings: Drawings, numeral: str | None = None) -> None:
    """An official page numbers its sections, and so its first one is named too."""
    if numeral or section.key != "overview":
        document.add_heading(f"{numeral}、{section.title}" if numeral else section.title, level=1)
    if section.note:
        write_line(keep_with_next(document.add_paragraph(style="Caption")), section.note)
    for block, following in zip_longest(section.blocks, section.blocks[1:]):
        if isinstance(block, Chart):
            if block.title:
                keep_with_next(document.add_paragraph(block.title, style="Caption"))
            _picture(document, drawings[drawing_name(block)].picture, block.alt)
        else:
            _text_block(document, block, official=numeral is not None)
        if isinstance(block, Paragraph) and isinstance(following, Bullets):  # the words that lead a list
            keep_with_next(document.paragraphs[-1])


def _text_block(document: Document, block: Block, *, official: bool) -> None:
    match block:
        case Cards():
            _cards(document, block)
        case Paragraph():
            write_line(document.add_paragraph(), block.line)
        case Bullets():
            for item in block.items:
                write_line(document.add_paragraph(style="List Bullet"), item)
        case IssueCard():
            rank = f"（{words.numeral(block.rank)}）" if official else f"{block.rank}. "
            _issue(document, block, rank)
        case Table():
            _table(document, block)


def _cards(document: Document, block: Cards) -> None:
    table = document.add_table(rows=1, cols=len(block.cards))
    for cell, card in zip(table.rows[0].cells, block.cards, strict=True):
        paragraph = cell.paragraphs[0]
        write_line(paragraph, (card.number,))
        for run in paragraph.runs:
            run.font.size, run.bold = Pt(18), True
        label = cell.add_paragraph()
        label.paragraph_format.line_spacing = paragraph.paragraph_format.line_spacing = 1.0
        label.add_run(card.label).font.size = Pt(10.5)
        write_line(cell.add_paragraph(style="Caption"), card.note)


def _picture(document: Document, data: bytes, alt: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = 1.0
    shape = paragraph.add_run().add_picture(io.BytesIO(data), width=Emu(_text_width(document)))
    shape._inline.docPr.set("descr", alt)


def _issue(document: Document, card: IssueCard, rank: str) -> None:
    document.add_heading(rank + card.title, level=2)
    clock = [Span(text=f" · {text}") for text in (card.clock, card.heat) if text]
    meta = keep_with_next(document.add_paragraph(style="Caption"))
    write_line(meta, (*card.meta, Span(text=" · "), card.status, *clock))
    write_line(document.add_paragraph(), tuple(span for line in card.lines for span in line))
    if card.quote:
        write_line(document.add_paragraph(style="Caption"), card.quote)


def _table(document: Document, block: Table) -> None:
    table = document.add_table(rows=1, cols=len(block.headers), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    header = table.rows[0]
    header._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, text in zip(header.cells, block.headers, strict=True):
        _fill_cell(cell, (Span(text=text, tone="strong"),))
    for row in block.rows:
        added = table.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for column, (cell, content) in enumerate(zip(added.cells, row, strict=True)):
            _fill_cell(cell, content.line, number=column in block.numeric)
            if content.shade is not None:
                _shade(cell, content.shade)
    _fit_columns(document, table, block)
    # Two tables without a paragraph between them would look like one.
    new_caption(document).paragraph_format.line_spacing = Pt(8)


def _fit_columns(document: Document, table: WordTable, block: Table) -> None:
    """Share the width out by the longest text of each column, within limits."""
    heads = [(Span(text=text),) for text in block.headers]
    columns = zip(heads, *([content.line for content in row] for row in block.rows), strict=True)
    shares = [max(LEAST, min(MOST, max(map(_width, column)))) + PADDING for column in columns]
    part = _text_width(document) / sum(shares)
    for share, column in zip(shares, table.columns, strict=True):
        column.width = Emu(int(part * share))
        for cell in column.cells:
            cell.width = column.width


def _width(line: Line) -> float:
    """About how many characters wide."""
    marks = sum(MARK for span in line if span.evidence)
    return marks + sum(1 if east_asian_width(char) in "WFA" else NARROW for char in words.plain(line))


def _text_width(document: Document) -> int:
    page = document.sections[0]
    return int(page.page_width - page.left_margin - page.right_margin)  # type: ignore[operator]


def _fill_cell(cell: _Cell, line: Line, *, number: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.line_spacing = 1.0
    if number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    write_line(paragraph, line)
    _resize(paragraph, 9)


def _resize(paragraph: WordParagraph, size: float) -> None:
    """Every run, those inside links too."""
    for element in paragraph._p.iter(qn("w:r")):
        Run(element, paragraph).font.size = Pt(size)


def _shade(cell: _Cell, shade: float) -> None:
    fill = OxmlElement("w:shd")
    fill.set(qn("w:val"), "clear")
    fill.set(qn("w:fill"), SHADES[max(0, min(len(SHADES) - 1, round(shade * len(SHADES) + 0.4) - 1))])
    cell._tc.get_or_add_tcPr().append(fill)


def _annex(document: Document, brief: Brief) -> None:
    if not brief.evidence:
        return
    document.add_heading("附页：数字背后的原帖", level=1)
    document.add_paragraph("方括号为正文数字的编号；每个数字最多列20帖，个人信息已遮盖。", style="Caption")
    for entry in brief.evidence:
        _index_line(document, entry)
    document.add_heading("原帖", level=1)
    group = None
    for post in brief.register:
        if post.group != group:
            group = post.group
            document.add_heading(group, level=3)
        _post(document, post)


def _index_line(document: Document, entry: EvidenceList) -> None:
    paragraph = new_caption(document)
    paragraph.paragraph_format.space_after = Pt(0)
    set_bookmark(paragraph, f"e{entry.number}", entry.number)
    write_run(paragraph, words.strong(f"[{entry.number}] {entry.label} {entry.value}"))
    for n, (first, last) in enumerate(ranges(entry.shown)):
        write_run(paragraph, Span(text="、" if n else "：原帖"))
        text = f"{first}–{last}" if last > first else str(first)
        write_link(paragraph, Span(text=text), "w:anchor", f"p{first}")
    left = len(entry.posts) - len(entry.shown)
    if left:
        write_run(paragraph, Span(text=f"，另有{left}帖未列"))


def _post(document: Document, post: RegisterPost) -> None:
    paragraph = new_caption(document)
    paragraph.paragraph_format.space_after = Pt(2)
    set_bookmark(paragraph, f"p{post.number}", FIRST_POST_MARK + post.number)
    texts = dict.fromkeys(text for text in (post.title, post.excerpt) if text != post.group)
    line = f"{post.number}　{post.time} · {post.origin}　{'　'.join(texts)}"
    write_run(paragraph, Span(text=line))
    if post.url:
        paragraph.add_run().add_break()
        write_line(paragraph, (Span(text=post.url, url=post.url, tone="quiet"),))
