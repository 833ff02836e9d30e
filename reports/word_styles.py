"""A Word document's page, styles and properties.

The official fonts are named; an office PC that has them uses them.
"""

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from reports.charts.style import INK, QUIET, RULE
from reports.model import Brief

TITLE_FONT, HEADING_FONT, SUBHEADING_FONT, BODY_FONT = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
LATIN_FONT = "Times New Roman"
# 专报 and 周报 follow GB/T 9704-2012, the others are denser: size and line pitch in points,
# margins top, right, bottom, left in centimetres.
OFFICIAL = (16.0, 28.95, (3.7, 2.6, 3.5, 2.8))
OFFICIAL_KINDS = frozenset({"weekly", "special"})
DENSE = (12.0, 20.0, (2.0, 2.1, 2.0, 2.1))


def set_up(document: Document, brief: Brief) -> None:
    """Page, styles, language, properties and page number."""
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    size, pitch, margins = OFFICIAL if brief.kind in OFFICIAL_KINDS else DENSE
    page.top_margin, page.right_margin, page.bottom_margin, page.left_margin = (Cm(side) for side in margins)
    for side in document.styles["Table Grid"].element.find(f".//{qn('w:tblBorders')}"):
        side.set(qn("w:color"), RULE[1:].upper())
    _style(document, "Normal", BODY_FONT, size)
    _style(document, "Title", TITLE_FONT, 22, bold=False)
    for border in list(document.styles.element.iter(qn("w:pBdr"))):  # the stock title is underlined in blue
        border.getparent().remove(border)
    _style(document, "Heading 1", HEADING_FONT, size + 1, bold=False)
    _style(document, "Heading 2", SUBHEADING_FONT, size, bold=True)
    _style(document, "Heading 3", BODY_FONT, 10.5, bold=True)
    _style(document, "List Bullet", BODY_FONT, size)
    _style(document, "Caption", BODY_FONT, 9, colour=QUIET, bold=False)
    for name in ("Normal", "List Bullet"):
        spacing = document.styles[name].paragraph_format
        spacing.line_spacing, spacing.space_after = Pt(pitch), Pt(0)
    properties = document.core_properties
    properties.title = f"{brief.masthead.title} {brief.masthead.office} {brief.masthead.issue}"
    properties.author, properties.language = brief.masthead.office, "zh-CN"
    properties.created = properties.modified = brief.cover.made_at
    _page_number(page.footer.paragraphs[0])


def _style(
    document: Document, name: str, font: str, size: float, *, colour: str = INK, bold: bool | None = None
) -> None:
    style = document.styles[name]
    style.font.name, style.font.size = LATIN_FONT, Pt(size)
    style.font.color.rgb = RGBColor.from_string(colour[1:].upper())
    if bold is not None:
        style.font.bold = bold
    style.font.italic = False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("— ")
    run = paragraph.add_run()
    for kind, code in (("begin", None), (None, "PAGE"), ("end", None)):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = code
        run._r.append(part)
    paragraph.add_run(" —")
