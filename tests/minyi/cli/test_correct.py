"""Corrections: a person's word stands, is never overwritten, and measures the models here."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from minyi.config import load_config
from minyi.runs import result_of, run_analysis
from minyi.workspace import Workspace

Minyi = Callable[..., int]
DAY = "2026-11-20"


@pytest.fixture
def read(minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Forty complaints of one day, imported and read."""
    with (office / "in.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "title", "text", "posted_at", "url"])
        for n in range(40):
            text = f"望海路{n}号附近的路灯不亮，漆黑一片，太危险了，请尽快维修！"
            rows.writerow([n, "路灯不亮", text, f"{DAY}T10:00:{n:02}", f"https://bbs.example.org/t{n}"])
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    assert minyi("read") == 0
    capsys.readouterr()
    return office


def negative(office: Path) -> int:
    workspace = Workspace(load_config(), office / "minyi.toml")
    result = result_of(run_analysis(workspace, *workspace.window(DAY)))
    workspace.close()
    return result.negative.part


def test_a_correction_outranks_the_model_also_after_reading_again(minyi: Minyi, read: Path) -> None:
    before = negative(read)
    assert before > 0
    assert minyi("correct", "https://bbs.example.org/t3", "--sentiment", "pos") == 0
    assert negative(read) == before - 1
    assert minyi("read") == 0
    assert negative(read) == before - 1


def test_a_correction_of_a_text_that_was_edited_since_no_longer_counts(minyi: Minyi, read: Path) -> None:
    before = negative(read)
    assert minyi("correct", "https://bbs.example.org/t3", "--sentiment", "pos") == 0
    table = read / "in.csv"
    edited = table.read_text(encoding="utf-8").replace("望海路3号", "望海路3号南边")
    table.write_text(edited, encoding="utf-8")
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    assert minyi("read") == 0
    assert negative(read) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["https://bbs.example.org/t3"], "至少写一项"),
        (["https://bbs.example.org/t3", "--intent", "骂人"], "没有“骂人”"),
        (["https://bbs.example.org/none", "--sentiment", "neu"], "库中没有"),
        (["99999", "--sentiment", "neu"], "库中没有"),
        (["9" * 30, "--sentiment", "neu"], "库中没有"),
    ],
)
def test_what_cannot_be_corrected_is_one_line(
    minyi: Minyi, read: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert minyi("correct", *arguments) == 2
    assert words in capsys.readouterr().err


def test_few_corrections_are_not_learned_from(
    minyi: Minyi, read: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert minyi("correct", "https://bbs.example.org/t3", "--sentiment", "neu") == 0
    assert minyi("train", "--local") == 4
    assert "不到 30 条" in capsys.readouterr().err


def test_local_accuracy_is_measured_and_printed_in_the_brief(
    minyi: Minyi, read: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for n in range(36):
        label = "neu" if n % 3 == 0 else "neg"
        assert minyi("correct", f"https://bbs.example.org/t{n}", "--sentiment", label) == 0
    capsys.readouterr()
    (read / "var" / "local_layers.json").write_text("{", encoding="utf-8")
    assert minyi("read") == 2
    assert "minyi train --local" in capsys.readouterr().err
    assert minyi("train", "--local") == 0
    assert "n=36" in capsys.readouterr().out
    assert minyi("read") == 0
    capsys.readouterr()
    assert minyi("brief", "--day", DAY, "--json") == 0
    made = json.loads(capsys.readouterr().out)
    page = re.sub(r"\s", "", Path(made["html"]).read_text(encoding="utf-8"))
    assert "本地抽样36帖" in page
