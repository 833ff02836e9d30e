"""The register says of every crawled site by what leave, how fast and how much."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from minyi.config import load_config
from minyi.register import COLUMNS
from minyi.workspace import Workspace
from pipelines.store.crawls import finish_crawl, start_crawl

Minyi = Callable[..., int]

FORUM = """
[[sources]]
name = "bbs"
title = "=海平在线"
engine = "discuz"
url = "https://bbs.example.org/"
"""


@pytest.fixture
def crawled(office: Path) -> Path:
    config = office / "minyi.toml"
    config.write_text(config.read_text(encoding="utf-8") + FORUM, encoding="utf-8")
    workspace = Workspace(load_config(), config)
    for day, size in ((20, 1_500_000), (21, 2_500_000)):
        at = datetime(2026, 11, day, 22, tzinfo=UTC)
        with workspace.engine.begin() as connection:
            number = start_crawl(connection, "bbs", at, "here/1/x")
            stats = {
                "requests": 12,
                "bytes": size,
                "robots_hash": "ab",
                "crawl_delay": 10.0,
                "code": "finished",
            }
            finish_crawl(
                connection,
                number,
                state="ok",
                message="采集完成",
                threads=1,
                posts=2,
                stats=stats,
                finished_at=at + timedelta(minutes=1),
            )
    workspace.close()
    return office


def test_the_table_shows_leave_pace_and_amount(
    crawled: Path, minyi: Minyi, capfd: pytest.CaptureFixture[str]
) -> None:
    assert minyi("register") == 0
    said = capfd.readouterr().out
    for words in (
        "https://bbs.example.org/",
        "海平县; minyi@example.org",
        "允许",
        "10.0",
        "24",
        "4.0",
        "2026-11-21 06:00",
        "2026-11-22 06:00",
    ):
        assert words in said
    assert "12345" not in said, "a channel of files is not crawled"


@pytest.mark.usefixtures("crawled")
def test_a_dry_run_says_that_nothing_is_stored_of_an_address(
    minyi: Minyi, capfd: pytest.CaptureFixture[str]
) -> None:
    assert minyi("purge", "https://bbs.example.org/thread-9-1-1.html", "--dry-run") == 0
    assert "库中没有这个网址的内容，请核对网址" in capfd.readouterr().out


def test_it_is_written_as_a_spreadsheet_that_runs_nothing(crawled: Path, minyi: Minyi) -> None:
    assert minyi("register", "--out", "r.csv") == 0
    with (crawled / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        head, row = csv.reader(file)
    assert head == list(COLUMNS.values())
    assert row[1] == "'=海平在线"
    assert minyi("register", "--out", "r.xlsx") == 0
    sheet = openpyxl.load_workbook(crawled / "r.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in next(sheet.iter_rows())] == list(COLUMNS.values())
    assert minyi("register", "--out", "r.pdf") == 2


def test_an_import_belongs_to_a_channel_of_files(
    crawled: Path, minyi: Minyi, capfd: pytest.CaptureFixture[str]
) -> None:
    (crawled / "in.csv").write_text("id,title,text,posted_at\n1,灯,灯坏了,2026-11-20", encoding="utf-8")
    assert minyi("import", "in.csv", "--source", "bbs") == 2
    assert 'engine = "file"' in capfd.readouterr().err
