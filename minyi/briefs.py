"""One brief: a frozen run, numbered, written down in every form the office wants."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from minyi.brief_paths import brief_paths
from minyi.gone import without_gone
from minyi.runs import frozen_run, result_of, run_analysis
from minyi.workspace import Workspace
from pipelines.store.briefs import save_brief
from pipelines.store.crawled import gone_thread_ids
from reports.as_json import render_json
from reports.brief import build_brief
from reports.docx import render_docx
from reports.fonts import Fonts, find_fonts
from reports.html import render_html
from reports.model import Brief, Cover, Layout, Line, Span
from reports.pdf import render_pdf
from reports.write import write_atomically

_RENDER: dict[str, Callable[[Brief, Fonts, Path | None], bytes]] = {
    "html": lambda brief, fonts, templates: render_html(brief, fonts, templates).encode(),
    "pdf": render_pdf,
    "docx": lambda brief, fonts, _: render_docx(brief, fonts),
    "json": lambda brief, *_: render_json(brief).encode(),
}


def make_brief(workspace: Workspace, first: date, last: date, out: Path | None = None) -> dict[str, Any]:
    """Write the brief of these days: the path of each form, and what it found in a few lines.

    Results are those of the frozen run; where there is none yet, the days are analysed first.
    """
    run = frozen_run(workspace, first, last) or run_analysis(workspace, first, last)
    model = compose_brief(workspace, run)
    paths = brief_paths(workspace, run, out)
    for form, data in render_forms(workspace, model).items():
        write_atomically(paths[form], data)
    return {form: str(path) for form, path in paths.items()} | {"headline": _three_lines(model)}


def _three_lines(brief: Brief) -> list[str]:
    """What stands out, the totals, the sources."""
    first, sources = (_plain(line) for line in ((*brief.headlines, _NOTHING)[0], brief.sources))
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


_NOTHING: Line = (Span(text="没有需要上报的事项。"),)


def _plain(line: Line) -> str:
    return "".join(span.text for span in line)


def render_forms(workspace: Workspace, brief: Brief) -> dict[str, bytes]:
    """The brief in every form the office wants."""
    fonts, templates = find_fonts(workspace.config.brief.fonts), workspace.config.brief.templates
    return {form: _RENDER[form](brief, fonts, templates) for form in workspace.config.brief.forms}


def compose_brief(workspace: Workspace, run: Row[Any], *, department: str | None = None) -> Brief:
    """The brief of a run as a model, numbered; with `department` its issues alone."""
    config = workspace.config
    with workspace.engine.begin() as connection:
        row = save_brief(connection, run, datetime.now(UTC))
        gone = gone_thread_ids(connection)
    cover = Cover(
        office=config.office.name, number=row.number, year=row.year, state=row.state, made_at=row.made_at
    )
    layout = Layout(
        circulation=config.brief.cover_line,
        department=department,
        titles=config.brief.titles,
        hidden=frozenset(config.brief.hidden),
    )
    return build_brief(
        without_gone(result_of(run), gone), cover, focus=config.thresholds.focus_issues, layout=layout
    )
