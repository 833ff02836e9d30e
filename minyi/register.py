"""The register of crawled sites: what is fetched, by what leave, how fast, how much, since when."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sqlalchemy import Row

from minyi.crawl import agent_of
from minyi.errors import InputError
from minyi.source_settings import EffectiveSource, effective_sources
from minyi.workspace import Workspace
from pipelines.store.crawls import crawl_totals, last_crawls
from pipelines.store.database import reading
from pipelines.tables import defused
from reports.write import write_atomically

COLUMNS: Mapping[str, str] = {
    "name": "来源名",
    "title": "网站",
    "url": "地址",
    "engine": "论坛程序",
    "user_agent": "采集时的自称与联系方式",
    "robots": "robots.txt",
    "crawl_delay": "robots 要求的间隔（秒）",
    "delay": "实际间隔（秒，不少于）",
    "times": "采集时间",
    "crawls": "采集次数",
    "pages": "取过的页面",
    "megabytes": "流量（MB）",
    "first": "首次采集",
    "last": "最近采集",
    "last_result": "最近结果",
    "state": "状态",
}


def crawl_register(workspace: Workspace) -> list[dict[str, Any]]:
    """One entry a forum, in the order of the configuration; its keys are those of COLUMNS."""
    agent = agent_of(workspace)
    found = [each for each in effective_sources(workspace) if each.source.engine != "file"]
    return [_entry(workspace, each, agent) for each in found]


def _entry(workspace: Workspace, found: EffectiveSource, agent: str) -> dict[str, Any]:
    source, zone = found.source, workspace.config.office.zone
    with reading(workspace.engine).connect() as connection:
        totals = crawl_totals(connection, source.name)
        last = next(iter(last_crawls(connection, source.name, 1)), None)
    delay = last.stats.get("crawl_delay") if last else None
    day = "%Y-%m-%d %H:%M"
    return {
        "name": source.name,
        "title": source.title,
        "url": source.url,
        "engine": source.engine,
        "user_agent": unquote(agent),  # a header holds no Chinese; the register is for people
        "robots": _robots(last),
        "crawl_delay": delay,
        "delay": max(source.delay, delay or 0),
        "times": found.schedule.words(),
        "crawls": totals.crawls,
        "pages": totals.pages,
        "megabytes": round(totals.bytes / 1e6, 1),
        "first": f"{totals.first.astimezone(zone):{day}}" if totals.first else None,
        "last": f"{last.started_at.astimezone(zone):{day}}" if last else None,
        "last_result": last.message if last else None,
        "state": "启用" if source.enabled else "停用",
    }


def _robots(last: Row[Any] | None) -> str:
    if last is None or last.finished_at is None:
        return "还没有读过"
    code = last.stats.get("code")
    if code == "robots_forbidden":
        return "不允许采集，已停"
    if last.stats.get("robots_hash") is None:
        return "没有读到，按规矩不采集" if code == "robots_unavailable" else "这次没有读到"
    skipped = last.stats.get("skipped", {}).get("robots", 0)
    return f"允许；按其要求跳过 {skipped} 页" if skipped else "允许"


def write_register(file: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """Write a CSV or XLSX that runs nothing; InputError for another ending."""
    rows = [list(COLUMNS.values()), *([_cell(entry[name]) for name in COLUMNS] for entry in entries)]
    match file.suffix.lower():
        case ".csv":
            text = io.StringIO(newline="")
            csv.writer(text).writerows(rows)
            write_atomically(file, text.getvalue().encode("utf-8-sig", "replace"))
        case ".xlsx":
            write_atomically(file, _workbook(rows))
        case _:
            raise InputError(f"{file.name}：只能写成 .csv 或 .xlsx")


def _cell(value: Any) -> Any:
    return defused(value) if isinstance(value, str) else value


def _workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("采集登记")
    for row in rows:
        sheet.append(list(row))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()
