"""`minyi brief`: turns a run's frozen results into documents, as a draft; `brief approve` ends that."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from minyi.cli.analyse import Day, First, Last
from minyi.cli.console import say, say_json
from minyi.errors import InputError
from minyi.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Row

app = typer.Typer(help="简报：由分析结果写成 HTML 和 PDF，先是待审稿。", invoke_without_command=True)


@app.callback()
def brief(
    context: typer.Context,
    day: Day = None,
    first: First = None,
    last: Last = None,
    out: Annotated[Path | None, typer.Option("--out", help="写到哪个文件夹；默认数据目录下的 briefs")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")] = False,
) -> None:
    """把这一天（或这几天）的分析结果写成简报；还没分析过的会先分析。"""
    if context.invoked_subcommand is not None:
        return
    workspace: Workspace = context.obj()
    answer = make_brief(workspace, *workspace.window(day, first, last), out)
    if as_json:
        say_json(answer)
        return
    say(f"HTML：{answer['html']}")
    say(f"PDF： {answer['pdf']}")
    for line in answer["headline"]:
        say(line)


@app.command("approve")
def approve(context: typer.Context, day: Day = None, first: First = None, last: Last = None) -> None:
    """审定一期简报：去掉“待审”，之后才会发送。"""
    from minyi.runs import kind_of
    from pipelines.store.runs import approve_brief, find_brief

    workspace: Workspace = context.obj()
    start, end = workspace.window(day, first, last)
    with workspace.engine.begin() as connection:
        found = find_brief(connection, kind_of(start, end), start, end)
        if found is None:
            raise InputError(f"{start} 还没有简报，请先运行 minyi brief")
        approve_brief(connection, found.id)
    say(f"已审定：{make_brief(workspace, start, end, None)['pdf']}")


def make_brief(workspace: Workspace, first: date, last: date, out: Path | None) -> dict[str, Any]:
    """Write the documents of these days; their paths and the three lines of the overview."""
    from minyi.runs import frozen_run, result_of, run_analysis
    from pipelines.store.runs import save_brief
    from reports.brief import Cover, build_brief
    from reports.fonts import find_fonts
    from reports.html import render_html
    from reports.pdf import render_pdf
    from reports.write import write_atomically

    fonts = find_fonts()
    run = frozen_run(workspace, first, last) or run_analysis(workspace, first, last)
    now = datetime.now(UTC)
    with workspace.engine.begin() as connection:
        row = save_brief(connection, run, now)
    cover = Cover(
        office=workspace.config.office.name,
        number=row.number,
        year=row.year,
        state=row.state,
        made_at=row.made_at,
    )
    model = build_brief(result_of(run), cover)
    stem = brief_stem(workspace, run, out)
    paths = {"html": stem.with_suffix(".html"), "pdf": stem.with_suffix(".pdf")}
    write_atomically(paths["html"], render_html(model, fonts).encode())
    write_atomically(paths["pdf"], render_pdf(model, fonts))
    found = ["".join(span.text for span in line) for line in (*model.headlines, model.sources)]
    return {name: str(path) for name, path in paths.items()} | {"headline": found}


def brief_stem(workspace: Workspace, run: "Row[Any]", out: Path | None = None) -> Path:
    """Where a run's documents lie, without the ending."""
    days = str(run.first_day) if run.first_day == run.last_day else f"{run.first_day}_{run.last_day}"
    return (out or workspace.config.data_dir / "briefs") / f"{run.kind}-{days}"
