"""How long the portal's pages take on a big store: `python -m bench.portal [POSTS] [DATABASE_URL]`.

The demo town's posts are written again over three years (see bench.analyse), with a reading each,
an analysed day and its brief, two years of other briefs, forty sources crawled eight times a
day, and what staff did.  Every page is asked for once cold and then ten times; the store is a new
SQLite file in a temporary folder, or the empty database of the address.
"""

import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from fastapi.testclient import TestClient
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, func, insert, select
from starlette.requests import Request

from bench import analyse
from minyi.briefs import make_brief
from minyi.config import load_config
from minyi.portal.app import create_app
from minyi.portal.charts import warm_up
from minyi.portal.desk import Portal
from minyi.portal.jobs import CommandJobs
from minyi.portal.office import office_opener
from minyi.portal.security import make_token
from minyi.portal.visitors import Role, Visitor
from minyi.runs import run_analysis
from minyi.workspace import Workspace
from pipelines.schema import (
    audit,
    briefs,
    crawls,
    instruction_states,
    instructions,
    issue_states,
    posts,
    runs,
)
from pipelines.store.search import index_all

POSTS = 1_000_000
DAYS = 1_000
SOURCES = 40
OTHER_BRIEFS = 700
DEEDS = 50_000
REPEATS = 10
VISITOR = Visitor("测速", Role.ADMIN)
SECRET = b"s" * 32


def main() -> None:
    """Fill a store and print a table."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else POSTS
    with tempfile.TemporaryDirectory(prefix="minyi-bench-") as folder:
        file = _write_config(Path(folder), sys.argv[2] if len(sys.argv) > 2 else None)
        workspace = Workspace(load_config(file, {}), file)
        started = time.monotonic()
        fill(workspace, size)
        filled = time.monotonic() - started
        title = f"{workspace.engine.dialect.name}, {size:,} posts over {DAYS} days, filled in {filled:.0f} s"
        workspace.close()
        Console(width=110).print(measure(file, title))


def _write_config(folder: Path, url: str | None) -> Path:
    sources = "".join(
        f'[[sources]]\nname = "{name}"\ntitle = "论坛{name}"\nengine = "discuz"\nurl = "https://{name}.example.org/"\n'
        for name in _names()
    )
    store = f'database_url = "{url}"\n' if url else ""
    file = folder / "minyi.toml"
    office = '[office]\nname = "测速"\ncontact = "x@example.org"\n'
    file.write_text(f'data_dir = "{folder}/var"\n{store}{office}{sources}', encoding="utf-8")
    return file


def _names() -> list[str]:
    return ["bench", *(f"forum{number}" for number in range(1, SOURCES))]


def fill(workspace: Workspace, size: int) -> None:
    """Three years of posts, and what surrounds them."""
    analyse.DAYS = DAYS
    analyse.fill(workspace, size, size // DAYS)
    with workspace.engine.begin() as connection:
        index_all(connection)
    run = run_analysis(workspace, analyse.LAST, analyse.LAST)
    make_brief(workspace, run)
    with workspace.engine.begin() as connection:
        _add_briefs(connection, run)
        _add_crawls(connection)
        _add_deeds(connection, [issue["id"] for issue in run.results["issues"]])
    with workspace.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _add_briefs(connection: Connection, run: Any) -> None:
    """Earlier days: every tenth with results as large as the newest."""
    for back in range(1, OTHER_BRIEFS + 1):
        day = run.last_day - timedelta(days=back)
        row = {name: getattr(run, name) for name in ("kind", "config_hash", "lexicon_hash", "model_version")}
        results = run.results if back % 10 == 0 else {}
        row |= {"first_day": day, "last_day": day, "results": results, "labels": {}, "made_at": run.made_at}
        run_id = connection.execute(insert(runs).values(row).returning(runs.c.id)).scalar_one()
        brief = {"run_id": run_id, "kind": "daily", "year": 2025, "number": back, "made_at": run.made_at}
        brief |= {"state": "approved", "results_hash": ""}
        connection.execute(insert(briefs).values(brief))


def _add_crawls(connection: Connection) -> None:
    now, dice = datetime.now(UTC), Random(1)
    rows = [
        {
            "source": name,
            "state": dice.choice(("ok", "ok", "ok", "partial", "failed")),
            "message": "网站打不开（超时）",
            "posts": dice.randrange(200),
            "stats": {"pages": {str(n): n for n in range(40)}},
            "started_at": now - timedelta(hours=3 * back),
            "finished_at": now - timedelta(hours=3 * back - 1),
        }
        for name in _names()
        for back in range(1, 8 * 365)
    ]
    connection.execute(insert(crawls), rows)


def _add_deeds(connection: Connection, issues: list[int]) -> None:
    now, dice = datetime.now(UTC), Random(2)
    deeds = [
        {"staff": "甲", "action": "issue.state", "subject": f"issue {n}", "details": {}, "done_at": now}
        for n in (dice.randrange(1, 100_000) for _ in range(DEEDS))
    ]
    connection.execute(insert(audit), deeds)
    states = [
        {"issue_id": dice.choice(issues), "state": "办理中", "staff": "甲", "set_at": now}
        for _ in range(5_000)
    ]
    connection.execute(insert(issue_states), states)
    for number in range(1, 301):
        row = {
            "id": number,
            "issue_id": dice.choice(issues),
            "text": "请核实",
            "department": "乙",
            "staff": "甲",
        }
        connection.execute(insert(instructions).values(row | {"given_at": now}))
        state = {"instruction_id": number, "state": "已交办", "staff": "甲", "set_at": now}
        connection.execute(insert(instruction_states).values(state))


def measure(file: Path, title: str) -> Table:
    """Milliseconds a page: the first time, and the middle and the slowest of ten times."""
    office = office_opener(file)
    app = create_app(office, _identify, jobs=CommandJobs(file, file.parent / "jobs"), secret=SECRET)
    client = TestClient(app)
    warm_up()  # as both front doors do when they start
    table = Table("page", "first", "middle", "slowest", "KB", title=title)
    for page in _pages(client, app.state.portal):
        took, length = zip(*(_ask(client, page) for _ in range(REPEATS + 1)), strict=True)
        again = took[1:]
        table.add_row(
            page,
            *(f"{value:.0f} ms" for value in (took[0], median(again), max(again))),
            f"{length[0] / 1024:.0f}",
        )
    office().close()
    return table


async def _identify(_: Request) -> Visitor:
    return VISITOR


def _pages(client: TestClient, portal: Portal) -> list[str]:
    """Every page, with the store's largest issue and newest brief."""
    with portal.open_workspace().engine.connect() as connection:
        brief = connection.execute(select(briefs.c.id).order_by(briefs.c.id)).scalars().first()
        last = connection.execute(select(func.max(posts.c.thread_id))).scalar_one()
    hottest = client.get("/issues").text.split('href="/issues/')[2].split('"')[0]
    return [
        *("/", "/briefs", f"/briefs/{brief}", "/issues", "/issues?answer=overdue", "/issues/all"),
        *(f"/issues/all?q={last}", f"/issues/{hottest}", "/topics", "POST /topics/count", "/sources"),
        *("/approval", f"/approval/{brief}", "/instructions", "/corrections", "/method"),
    ]


def _ask(client: TestClient, page: str) -> tuple[float, int]:
    started = time.perf_counter()
    if page.startswith("POST "):
        fields = {"csrf": make_token(SECRET, VISITOR), "query": "药铺 (拆 或 重建)"}
        answer = client.post(page.removeprefix("POST "), data=fields)
    else:
        answer = client.get(page)
    took = (time.perf_counter() - started) * 1000
    if answer.status_code != 200:
        sys.exit(f"{page}: {answer.status_code} {answer.text}")
    return took, len(answer.content)


if __name__ == "__main__":
    main()
