"""Planted names and numbers are looked for in every table, file, log and brief of a whole run."""

import csv
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from minyi.cli.app import run

CONFIG = """
[office]
name = "海平县"
contact = "minyi@example.org"

[[sources]]
name = "hotline"
title = "12345 热线"
engine = "file"

[[districts]]
name = "古城街道"
places = ["望海路"]

[[recipients]]
name = "办公室"
folder = "outbox"
drafts = true
"""

# Four days of a complaint, each told by somebody who says who they are.
TEXTS = (
    "我叫{name}，望海路的路灯坏了半个月，一到晚上漆黑一片，请尽快维修！电话{mobile}。",
    "望海路路灯还是不亮，{teacher}晚上差点摔倒。身份证{id_card}，邮箱{email}，请回复。",
    "望海路的路灯什么时候修？我的车{plate}停在路边被撞了。加微信{wechat}细说。",
    "望海路路灯又坏了，联系人{name}{mobile}。",
)


@pytest.fixture
def folder(own_folder: Path) -> Path:
    (own_folder / "minyi.toml").write_text(CONFIG, encoding="utf-8")
    return own_folder


def table(file: Path, secrets: dict[str, str]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["编号", "留言人", "电话", "家庭住址", "标题", "时间", "内容"])
        for day, text in enumerate(TEXTS, start=17):
            who = [secrets["author"], secrets["mobile"], f"{secrets['name']}家"]
            rows.writerow([day, *who, "望海路路灯不亮", f"2026-11-{day} 20:00", text.format(**secrets)])
    return file


def written(folder: Path, table: Path) -> Iterator[tuple[Path, str]]:
    """Every file left behind, as text; PDF pages as the words a reader can copy."""
    for file in folder.rglob("*"):
        if not file.is_file() or file == table:
            continue
        if file.suffix == ".pdf" and shutil.which("pdftotext"):
            yield (
                file,
                subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True).stdout.decode(),
            )
        for encoding in ("utf-8", "gb18030", "utf-16"):
            yield file, file.read_bytes().decode(encoding, errors="ignore")


def test_a_whole_run_leaves_no_name_and_no_number(
    folder: Path, secrets: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    file = table(folder / "in.csv", secrets)
    for command in (
        ["import", str(file), "--source", "hotline"],
        ["read"],
        ["analyse", "--day", "2026-11-20"],
        ["brief", "--day", "2026-11-20"],
        ["deliver", "--day", "2026-11-20"],
        ["export", "posts", "--source", "hotline", "--out", "posts.jsonl"],
    ):
        assert run(command) == 0, capfd.readouterr().err
    said = capfd.readouterr()
    texts = [*written(folder, file), (Path("stdout"), said.out), (Path("stderr"), said.err)]
    assert any("望海路" in text for path, text in texts if path.suffix == ".html")
    for path, text in texts:
        for kind, secret in secrets.items():
            assert secret not in text, f"{kind} in {path}"
