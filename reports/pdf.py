"""A brief as PDF, set by typst: PDF/A-2b and PDF/UA-1, fonts embedded, everything passed as data.

No text is ever part of the typst source, so nothing in it can be markup.
"""

import json
from dataclasses import asdict
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import typst
from matplotlib.ft2font import FT2Font

from analysis.results import BriefKind
from reports import words
from reports.annex import ranges
from reports.drawing import Drawings, draw_charts, drawing_name
from reports.fonts import Face, Fonts
from reports.glyphs import spell_missing
from reports.model import Block, Brief, Chart, EvidenceList, IssueCard, Section
from reports.template_files import find_template

LAYOUTS: dict[BriefKind, str] = {
    "daily": "brief.typ",
    "weekly": "report.typ",
    "special": "report.typ",
    "alert": "brief.typ",
}


class PdfError(RuntimeError):
    """typst refused the template or warned about it."""


def render_pdf(
    brief: Brief, fonts: Fonts, templates: Path | None = None, drawings: Drawings | None = None
) -> bytes:
    """The brief on A4; `templates` may hold an office's own `brief.typ`, `report.typ` or `common.typ`.

    `drawings` are those made for several forms.

    Raises:
        PdfError: the template fails or warns (a custom template, mostly).
    """
    characters = _common_characters(tuple(fonts.face(name) for name in (fonts.sans, fonts.serif)))
    drawn = drawings or draw_charts(brief, fonts, ("pdf",))
    data = _showable(_content(brief, fonts, drawn), characters)
    inputs = {"brief": json.dumps(data, ensure_ascii=False), "fonts": json.dumps(_families(fonts))}
    try:
        pdf, warnings = typst.compile_with_warnings(
            b"".join(
                find_template(name, templates).read_bytes() for name in ("common.typ", LAYOUTS[brief.kind])
            ),
            format="pdf",
            font_paths=_book(fonts.folders),
            ignore_system_fonts=True,
            sys_inputs=inputs,
            pdf_standards=["a-2b", "ua-1"],  # archival, and accessible to screen readers
            timestamp=brief.cover.made_at.astimezone(UTC).replace(microsecond=0),  # typst takes whole seconds
        )
    except typst.TypstError as error:
        raise PdfError(f"排版失败：{error.message}") from error
    if warnings:
        raise PdfError(f"排版有警告：{warnings[0].message}")
    if not isinstance(pdf, bytes):
        raise PdfError("排版没有得到 PDF")
    return pdf


def _content(brief: Brief, fonts: Fonts, drawings: Drawings) -> dict[str, Any]:
    """The brief as plain data, each block with its kind and its drawing."""
    return {
        "masthead": asdict(brief.masthead),
        "note": brief.cover.note,
        "warnings": _plain(brief.warnings),
        "headlines": _plain(brief.headlines),
        "sources": _plain(brief.sources),
        "sections": [_section(section, drawings) for section in brief.sections],
        "appendix": [_section(section, drawings) for section in brief.appendix],
        "evidence": [_evidence(entry) for entry in brief.evidence],
        "register": _plain(brief.register),
        "footer": brief.footer,
        "typeface": _missing_faces(fonts),
    }


def _section(section: Section, drawings: Drawings) -> dict[str, Any]:
    blocks = [_block(block, drawings) for block in section.blocks]
    return {"key": section.key, "title": section.title, "note": _plain(section.note), "blocks": blocks}


def _block(block: Block, drawings: Drawings) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": type(block).__name__}
    if isinstance(block, Chart):
        return data | {"title": block.title, "alt": block.alt, "svg": drawings[drawing_name(block)].page}
    content = asdict(block)
    if isinstance(block, IssueCard):
        del content["days"], content["replied_at"]
        content["svg"], content["alt"] = drawings[drawing_name(block)].page, _days_in_words(block)
    return data | content


def _days_in_words(card: IssueCard) -> str:
    """What a reader who does not see the drawing hears of it."""
    most = max(card.days, key=lambda row: row.posts, default=None)
    if most is None or not most.posts:
        return f"{card.title}：近期没有帖子"
    said = f"{card.title}：近{len(card.days)}天每日帖数，{words.day(most.day)}最多，{most.posts}帖"
    return f"{said}；红线为答复" if card.replied_at else said


def _evidence(entry: EvidenceList) -> dict[str, Any]:
    """A list's shown posts as ranges of the register."""
    return {
        "number": entry.number,
        "label": entry.label,
        "value": entry.value,
        "ranges": ranges(entry.shown),
        "left": len(entry.posts) - len(entry.shown),
    }


def _plain(parts: tuple[Any, ...]) -> list[Any]:
    return [_plain(part) if isinstance(part, tuple) else asdict(part) for part in parts]


def _families(fonts: Fonts) -> dict[str, list[str]]:
    """Families in order of preference: 仿宋 and 楷体 often lack rare characters."""
    return {
        "sans": [fonts.sans],
        "serif": [fonts.serif],
        "fangsong": [*([fonts.fangsong] if fonts.fangsong else []), fonts.serif],
        "kai": [*([fonts.kai] if fonts.kai else []), fonts.serif],
    }


@cache
def _book(folders: tuple[Path, ...]) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders],
    )


def _missing_faces(fonts: Fonts) -> str | None:
    """What an official page should be set in and is not."""
    faces = (("仿宋", fonts.fangsong), ("楷体", fonts.kai))
    missing = [name for name, family in faces if family is None]
    return f"本机没有安装{'、'.join(missing)}，以宋体代替。" if missing else None


@cache
def _common_characters(faces: tuple[Face, ...]) -> frozenset[int]:
    """What every family of the brief can show; 仿宋 and 楷体 fall back to the serif."""
    maps = [set(FT2Font(str(face.path), face_index=face.index).get_charmap()) for face in faces]
    return frozenset(set.intersection(*maps)) | {0x0A}


def _showable(value: Any, characters: frozenset[int]) -> Any:
    """Every text with what no font can show replaced by its code point; drawings stay."""
    if isinstance(value, str):
        return spell_missing(value, characters.__contains__)
    if isinstance(value, dict):
        return {key: part if key == "svg" else _showable(part, characters) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_showable(part, characters) for part in value]
    return value
