"""The same figures in every form; Word and JSON are sound."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import jsonschema
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from lxml import html as lxml_html

from analysis.results import RunResult
from reports.as_json import render_json
from reports.brief import Brief, Cover, build_brief
from reports.docx import render_docx
from reports.email import render_email
from reports.fonts import Fonts
from reports.html import render_html
from reports.model import Chart
from reports.pdf import PdfError, render_pdf
from reports.template_files import TEMPLATES

KINDS = ("rich", "weekly", "special", "alert", "empty", "one_post", "hostile")


@pytest.fixture(params=KINDS, scope="module")
def brief(request: pytest.FixtureRequest, cover: Cover) -> Brief:
    result: RunResult = request.getfixturevalue(request.param)
    return build_brief(result, cover)


@pytest.fixture(scope="module")
def document(brief: Brief, fonts: Fonts) -> Document:
    return docx.Document(io.BytesIO(render_docx(brief, fonts)))


def squeezed(text: str) -> str:
    """Without spaces, evidence marks and code points, in which forms may differ."""
    return re.sub(r"\s|\[\d+\]|〔U\+[0-9A-F]+〕", "", text)


def word_text(document: Document) -> str:
    return squeezed("".join(node.text or "" for node in document.element.body.iter(qn("w:t"))))


def sentences(brief: Brief) -> list[str]:
    """The lines of the main sections as every form must show them."""
    from reports.model import Bullets, IssueCard, Paragraph
    from reports.words import plain

    found = [plain(line) for line in (*brief.warnings, *brief.headlines)]
    for section in brief.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                found.append(plain(block.line))
            elif isinstance(block, Bullets):
                found += [plain(line) for line in block.items]
            elif isinstance(block, IssueCard):
                found += [plain(line) for line in block.lines]
    return [squeezed(text) for text in found]


def test_every_drawing_of_a_weekly_is_named_in_every_form(
    weekly: RunResult, cover: Cover, fonts: Fonts
) -> None:
    """Bars under each other say nothing to a reader who does not know what they count."""
    brief = build_brief(weekly, cover)
    charts = [block for section in brief.sections for block in section.blocks if isinstance(block, Chart)]
    titles = [chart.title for chart in charts if chart.title]
    assert titles == [
        "热度前列的事项，竖线为上期",
        "答复情况，按事项计",
        "答复前后的负面占比，线段为95%区间",
        "各主办单位每日帖数，同一刻度",
    ]
    page = lxml_html.document_fromstring(render_html(brief, fonts))
    assert page.xpath("//figure/figcaption/text()") == titles
    document = docx.Document(io.BytesIO(render_docx(brief, fonts)))
    assert set(titles) <= {paragraph.text for paragraph in document.paragraphs}
    letter = lxml_html.document_fromstring(render_email(brief, fonts).html)
    assert set(titles) <= set(letter.xpath("//td/div/text()"))


def test_word_keeps_what_belongs_together(rich: RunResult, cover: Cover, fonts: Fonts) -> None:
    """A number and its label do not share a line that is too short, an issue's head is not left behind."""
    document = docx.Document(io.BytesIO(render_docx(build_brief(rich, cover), fonts)))
    card = document.tables[0].rows[0].cells[1]
    assert [paragraph.text for paragraph in card.paragraphs][1] == "负面占比"
    heads = [
        paragraph for paragraph in document.paragraphs if "住房和城乡建设局 · 11月9日起" in paragraph.text
    ]
    assert heads
    assert heads[0].paragraph_format.keep_with_next


def test_word_page_and_json_say_the_same(brief: Brief, document: Document, fonts: Fonts) -> None:
    page = squeezed(lxml_html.document_fromstring(render_html(brief, fonts)).text_content())
    word = word_text(document)
    data = json.loads(render_json(brief))
    spans = squeezed(
        "".join(re.findall(r'"text": "((?:[^"\\]|\\.)*)"', json.dumps(data, ensure_ascii=False)))
    )
    for sentence in sentences(brief):
        assert sentence in page
        assert sentence in word
        assert sentence.replace("\\", "\\\\").replace('"', '\\"') in spans


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
@pytest.mark.parametrize("kind", ["rich", "weekly", "special", "alert", "empty"])
def test_the_pdf_says_the_same(
    kind: str, cover: Cover, fonts: Fonts, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    brief = build_brief(request.getfixturevalue(kind), cover)
    file = tmp_path / "brief.pdf"
    file.write_bytes(render_pdf(brief, fonts))
    said = subprocess.run(
        ["pdftotext", "-raw", str(file), "-"], capture_output=True, check=True, text=True
    ).stdout
    text = squeezed(re.sub(r"\n[—\s\d]+\f|\f", "", said))
    numbers = [
        number for sentence in sentences(brief) for number in re.findall(r"\d+[%个帖项人天次]", sentence)
    ]
    assert all(number in text for number in numbers)
    assert all(entry.label.replace(" ", "") in text for entry in brief.evidence)


def test_json_keeps_the_published_schema_and_every_post(brief: Brief) -> None:
    data = json.loads(render_json(brief))
    schema = json.loads((TEMPLATES / "brief.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(data)
    register = {post["number"]: post["post_id"] for post in data["register"]}
    assert len(data["evidence"]) == len(brief.evidence)
    for entry in data["evidence"]:
        assert int(entry["value"]) == len(entry["posts"])
        assert {register[number] for number in entry["shown"]} <= set(entry["posts"])


@pytest.mark.parametrize("kind", ["rich", "weekly", "special", "alert"])
def test_the_schema_knows_every_block_and_no_other_key(
    kind: str, cover: Cover, request: pytest.FixtureRequest
) -> None:
    data = json.loads(render_json(build_brief(request.getfixturevalue(kind), cover)))
    check = jsonschema.Draft202012Validator(
        json.loads((TEMPLATES / "brief.schema.json").read_text(encoding="utf-8"))
    )
    for block in [block for section in data["sections"] for block in section["blocks"]]:
        assert check.is_valid(data)
        block["stranger"] = 1
        assert not check.is_valid(data), block["kind"]
        del block["stranger"]
        lost = sorted(block.keys() - {"kind"})[0]
        kept = block.pop(lost)
        assert not check.is_valid(data), (block["kind"], lost)
        block[lost] = kept


def test_word_marks_lead_to_bookmarks(brief: Brief, document: Document) -> None:
    body = document.element.body
    marks = {node.get(qn("w:name")) for node in body.iter(qn("w:bookmarkStart"))}
    anchors = {node.get(qn("w:anchor")) for node in body.iter(qn("w:hyperlink"))} - {None}
    assert anchors <= marks
    assert {f"e{entry.number}" for entry in brief.evidence} <= marks
    numbers = [node.get(qn("w:id")) for node in body.iter(qn("w:bookmarkStart"))]
    assert len(numbers) == len(set(numbers))


def test_word_uses_real_styles_and_names_official_fonts(rich: RunResult, cover: Cover, fonts: Fonts) -> None:
    document = docx.Document(io.BytesIO(render_docx(build_brief(rich, cover), fonts)))
    headings = [entry.text for entry in document.paragraphs if entry.style.name == "Heading 1"]
    assert headings[:3] == ["重点关注", "诉求分布", "回应情况"]
    east = {
        name: document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Title", "Heading 1", "Normal")
    }
    assert east == {"Title": "方正小标宋简体", "Heading 1": "黑体", "Normal": "仿宋_GB2312"}
    pictures = [node.get("descr") for node in document.element.body.iter(qn("wp:docPr"))]
    assert pictures
    assert all(pictures)


def test_word_files_hold_no_macro_and_no_field_but_the_page(
    hostile: RunResult, cover: Cover, fonts: Fonts
) -> None:
    with zipfile.ZipFile(io.BytesIO(render_docx(build_brief(hostile, cover), fonts))) as archive:
        names = archive.namelist()
        body = archive.read("word/document.xml").decode()
    assert not [name for name in names if "vba" in name.lower()]
    assert "instrText" not in body
    assert "&lt;script&gt;" in body


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="libreoffice is not installed")
def test_word_opens_in_libreoffice(hostile: RunResult, cover: Cover, fonts: Fonts, tmp_path: Path) -> None:
    file = tmp_path / "brief.docx"
    file.write_bytes(render_docx(build_brief(hostile, cover), fonts))
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(file),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    assert (tmp_path / "brief.pdf").read_bytes().startswith(b"%PDF")


def test_an_office_may_bring_its_own_templates(
    one_post: RunResult, cover: Cover, fonts: Fonts, tmp_path: Path
) -> None:
    brief = build_brief(one_post, cover)
    (tmp_path / "brief.css").write_text("h1 { color: navy }")
    (tmp_path / "brief.typ").write_text("#set text(font: fonts.sans)\n#brief.masthead.office")
    assert "navy" in render_html(brief, fonts, tmp_path)
    assert len(render_pdf(brief, fonts, tmp_path)) < len(render_pdf(brief, fonts))


@pytest.mark.parametrize(
    "mistake", ["#nonsense()", '#set text(font: "No Such Font")\n#brief.masthead.office']
)
def test_a_mistake_in_a_template_is_one_line(
    one_post: RunResult, cover: Cover, fonts: Fonts, tmp_path: Path, mistake: str
) -> None:
    (tmp_path / "brief.typ").write_text(mistake)
    with pytest.raises(PdfError, match="排版") as caught:
        render_pdf(build_brief(one_post, cover), fonts, tmp_path)
    assert "\n" not in str(caught.value)
