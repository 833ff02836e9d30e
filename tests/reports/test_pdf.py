"""The PDF: text one can search, fonts inside, nothing interpreted, nothing missing."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.results import RunResult
from reports.annex import ranges
from reports.brief import Cover, build_brief
from reports.fonts import Fonts
from reports.pdf import render_pdf

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")


def read(pdf: bytes, tmp_path: Path, tool: str, *arguments: str) -> str:
    file = tmp_path / "brief.pdf"
    file.write_bytes(pdf)
    command = [tool, *arguments, str(file), *(["-"] if tool == "pdftotext" else [])]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


@needs_poppler
def test_the_text_can_be_searched(rich: RunResult, cover: Cover, fonts: Fonts, tmp_path: Path) -> None:
    text = read(render_pdf(build_brief(rich, cover), fonts), tmp_path, "pdftotext", "-raw")
    together = "".join(text.split())
    for words in (
        "民意日报",
        "内部资料",
        "2026年第326期",
        "海平在线",
        "后洋村旁厂房工地夜间施工噪声",
        "未见回应",
    ):
        assert words in together
    assert "https://bbs.qingshi.example/thread-" in together


@needs_poppler
def test_fonts_are_embedded_subsets(rich: RunResult, cover: Cover, fonts: Fonts, tmp_path: Path) -> None:
    listing = read(render_pdf(build_brief(rich, cover), fonts), tmp_path, "pdffonts").splitlines()[2:]
    assert listing
    for row in listing:
        embedded, subset, unicode = row.split()[-5:-2]
        assert (embedded, subset, unicode) == ("yes", "yes", "yes")


@needs_poppler
def test_it_is_tagged_a4_and_archival(rich: RunResult, cover: Cover, fonts: Fonts, tmp_path: Path) -> None:
    pdf = render_pdf(build_brief(rich, cover), fonts)
    facts = read(pdf, tmp_path, "pdfinfo")
    assert "A4" in facts
    assert "Tagged:          yes" in facts
    assert "民意日报 青石县 2026年第326期" in facts
    assert b"pdfaid:part" in pdf
    assert b"pdfuaid:part" in pdf
    assert b"/Outlines" in pdf


@needs_poppler
def test_an_empty_day_is_one_page(empty: RunResult, cover: Cover, fonts: Fonts, tmp_path: Path) -> None:
    pdf = render_pdf(build_brief(empty, cover), fonts)
    assert "Pages:           1\n" in read(pdf, tmp_path, "pdfinfo")
    assert "当日各来源没有新帖" in "".join(read(pdf, tmp_path, "pdftotext").split())


@needs_poppler
def test_markup_stays_text(hostile: RunResult, cover: Cover, fonts: Fonts, tmp_path: Path) -> None:
    text = "".join(
        read(render_pdf(build_brief(hostile, cover), fonts), tmp_path, "pdftotext", "-raw").split()
    )
    assert '<script>alert(1)</script>#import"x"\\input{x}$x^2$*粗*' in text


@needs_poppler
def test_rare_characters_and_emoji(rich: RunResult, cover: Cover, fonts: Fonts, tmp_path: Path) -> None:
    first = replace(rich.issues[0], title="𠮷镕喆路😀👨‍👩‍👧口")
    pdf = render_pdf(build_brief(replace(rich, issues=(first, *rich.issues[1:])), cover), fonts)
    text = "".join(read(pdf, tmp_path, "pdftotext", "-raw").split())
    assert "𠮷镕喆路〔U+1F600〕〔U+1F468〕〔U+1F469〕〔U+1F467〕口" in text


def test_two_renderings_are_the_same(one_post: RunResult, cover: Cover, fonts: Fonts) -> None:
    brief = build_brief(one_post, cover)
    assert render_pdf(brief, fonts) == render_pdf(brief, fonts)


def test_ranges_of_the_register() -> None:
    assert ranges((1, 2, 3, 7, 9, 10)) == [[1, 3], [7, 7], [9, 10]]
    assert ranges(()) == []


@needs_poppler
def test_an_official_page_says_which_face_is_missing(
    weekly: RunResult, cover: Cover, fonts: Fonts, tmp_path: Path
) -> None:
    bare = replace(fonts, fangsong=None, kai=None)
    text = "".join(read(render_pdf(build_brief(weekly, cover), bare), tmp_path, "pdftotext").split())
    assert "本机没有安装仿宋、楷体，以宋体代替。" in text


def test_a_title_that_looks_like_a_drawing_is_text(rich: RunResult, cover: Cover, fonts: Fonts) -> None:
    first = replace(rich.issues[0], title="<?xml 😀")
    assert render_pdf(build_brief(replace(rich, issues=(first,)), cover), fonts).startswith(b"%PDF")


@settings(max_examples=8)
@given(title=st.text(min_size=1, max_size=60))
@example(title="\x85")
@example(title="\u200b\u3000\u2028")
@example(title="\u3164")
def test_any_title_can_be_set(one_post: RunResult, cover: Cover, fonts: Fonts, title: str) -> None:
    issue = replace(one_post.issues[0], title=title, place=title, quotes=())
    assert render_pdf(build_brief(replace(one_post, issues=(issue,)), cover), fonts).startswith(b"%PDF")


@needs_poppler
def test_a_weekly_begins_with_its_core(weekly: RunResult, cover: Cover, fonts: Fonts, tmp_path: Path) -> None:
    """Warnings come first, how many sources were read after what they said."""
    text = read(render_pdf(build_brief(weekly, cover), fonts), tmp_path, "pdftotext", "-raw")
    together = "".join(text.split())
    order = ["海平在线", "老药铺拆除与重建：答复后好转", "4个来源中采到2个", "一、概览"]
    places = [together.index(words) for words in order]
    assert places == sorted(places)


@needs_poppler
def test_the_number_of_a_list_never_begins_a_line(
    rich: RunResult, cover: Cover, fonts: Fonts, tmp_path: Path
) -> None:
    """A mark stays with what it marks."""
    pdf = render_pdf(build_brief(rich, cover), fonts)
    text = read(pdf, tmp_path, "pdftotext", "-raw", "-l", "1")
    assert "[7]" in text
    assert not [line for line in text.splitlines() if line.startswith("[")]
