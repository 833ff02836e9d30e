"""One brief: a frozen run, numbered, written down in every form the office wants."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from minyi.brief_paths import brief_paths
from minyi.gone import without_gone
from minyi.runs import result_of
from minyi.workspace import Workspace
from pipelines.store.briefs import brief_of, notes_of, omissions_of, results_hash, save_brief
from pipelines.store.crawled import Gone, gone_ids
from pipelines.store.database import reading
from reports.brief import build_brief
from reports.fonts import Fonts, find_fonts
from reports.model import Brief, Cover, Layout, Line, Omission, Paragraph, Span
from reports.words import moment
from reports.write import write_atomically

if TYPE_CHECKING:
    from reports.drawing import Drawings


def make_brief(
    workspace: Workspace, run: Row[Any], out: Path | None = None, *, department: str | None = None
) -> dict[str, Any]:
    """Write the brief of a run: the path of each form, what it found in a few lines, how it stands.

    `reopened`: it was approved, and is a draft again because the run found something else.
    """
    with workspace.engine.begin() as connection:
        before = brief_of(connection, run)
        facts = _claim(workspace, connection, run)
    model = _compose(workspace, run, facts, department)
    paths = write_files(workspace, run, model, out, department)
    reopened = before is not None and before.state == "approved" and facts.cover.state == "draft"
    return {form: str(path) for form, path in paths.items()} | {
        "headline": _three_lines(model),
        "brief": facts.brief_id,
        "state": facts.cover.state,
        "reopened": reopened,
    }


def write_files(
    workspace: Workspace,
    run: Row[Any],
    model: Brief,
    out: Path | None = None,
    department: str | None = None,
) -> dict[str, Path]:
    """Write a finished brief in every form; where each lies."""
    paths = brief_paths(workspace, run, out, department)
    for form, data in render_forms(workspace, model).items():
        write_atomically(paths[form], data)
    return paths


def _three_lines(brief: Brief) -> list[str]:
    """What stands out, the totals, the sources."""
    first, sources = _plain(_first_line(brief)), _plain(brief.sources)
    result = brief.result
    share = result.negative.value
    totals = f"{result.threads.value} 个主题帖，{result.posts.value} 条帖子"
    if share is not None:
        totals += f"，负面占比 {share:.0%}"
    return [
        first,
        f"{totals}；在办 {result.open_issues.value} 项，超过答复时限 {result.replies.overdue.value} 项。",
        sources,
    ]


def _first_line(brief: Brief) -> Line:
    """The headline; a special brief's is its summary."""
    blocks = (block for section in brief.sections for block in section.blocks)
    summary = next((block.line for block in blocks if isinstance(block, Paragraph)), _NOTHING)
    return brief.headlines[0] if brief.headlines else summary if brief.kind == "special" else _NOTHING


_NOTHING: Line = (Span(text="没有需要上报的事项。"),)


def _plain(line: Line) -> str:
    return "".join(span.text for span in line)


def render_forms(workspace: Workspace, brief: Brief) -> dict[str, bytes]:
    """The brief in every form the office wants; its charts are drawn once for all of them.

    What draws is imported when something is drawn: most who ask for a brief only look it up.
    """
    from reports.drawing import draw_charts

    config = workspace.config.brief
    fonts = find_fonts(config.fonts)
    drawings = draw_charts(brief, fonts, config.forms)
    return {form: _render(form, brief, fonts, config.templates, drawings) for form in config.forms}


def _render(form: str, brief: Brief, fonts: Fonts, templates: Path | None, drawings: "Drawings") -> bytes:
    match form:
        case "html":
            from reports.html import render_html

            return render_html(brief, fonts, templates, drawings).encode()
        case "pdf":
            from reports.pdf import render_pdf

            return render_pdf(brief, fonts, templates, drawings)
        case "docx":
            from reports.docx import render_docx

            return render_docx(brief, fonts, drawings)
        case _:
            from reports.as_json import render_json

            return render_json(brief).encode()


def compose_brief(workspace: Workspace, run: Row[Any], *, department: str | None = None) -> Brief:
    """The brief of a run as a model; with `department` its issues alone.

    Nothing is written: a run that no brief was made of yet gets no number, and is a draft.
    """
    with reading(workspace.engine).connect() as connection:
        row = brief_of(connection, run)
        same = row is not None and (row.run_id, row.results_hash) == (run.id, results_hash(run))
        facts = _read(workspace, connection, run, row, approved=same)
    return _compose(workspace, run, facts, department)


def compose_within(workspace: Workspace, connection: Connection, run: Row[Any]) -> Brief:
    """The brief inside a transaction, which sees what it has changed itself."""
    return _compose(workspace, run, _claim(workspace, connection, run), None)


@dataclass(frozen=True)
class _Facts:
    """What the store says of a brief."""

    brief_id: int
    cover: Cover
    gone: Gone


def _claim(workspace: Workspace, connection: Connection, run: Row[Any]) -> _Facts:
    """The brief of the run's days is of this run from now on."""
    row = save_brief(connection, run, datetime.now(UTC))
    return _read(workspace, connection, run, row, approved=True)


def _read(
    workspace: Workspace, connection: Connection, run: Row[Any], row: Row[Any] | None, *, approved: bool
) -> _Facts:
    """The cover with what staff added; an approval counts only for the results it was given to."""
    office, gone = workspace.config.office, gone_ids(connection)
    plain = Cover(
        office=office.name,
        number=0,
        year=run.last_day.year,
        state="draft",
        made_at=run.made_at,
        topic=run.topic or None,
    )
    if row is None:
        return _Facts(0, plain, gone)
    notes = [_signed(note, office.zone) for note in notes_of(connection, row.id)]
    left_out = omissions_of(connection, row.id)
    cover = replace(
        plain,
        number=row.number,
        state=row.state if approved else "draft",
        made_at=row.made_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        note="　".join(notes) or None,
        omissions=tuple(Omission(issue_id=left.issue_id, reason=left.reason) for left in left_out),
    )
    return _Facts(row.id, cover, gone)


def _signed(note: Row[Any], zone: ZoneInfo) -> str:
    return f"{note.text}（{note.staff}，{moment(note.written_at, zone)}）"


def _compose(workspace: Workspace, run: Row[Any], facts: _Facts, department: str | None) -> Brief:
    config = workspace.config
    layout = Layout(
        circulation=config.brief.cover_line,
        department=department,
        titles=config.brief.titles,
        hidden=frozenset(config.brief.hidden),
    )
    result = without_gone(result_of(run), facts.gone)
    return build_brief(result, facts.cover, focus=config.thresholds.focus_issues, layout=layout)
