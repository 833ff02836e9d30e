"""`minyi init` writes a file that works at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from minyi.cli.app import run
from minyi.config import load_config

ANSWERS = ["--office", "清河县", "--contact", "office@example.org"]


def test_with_a_forum(tmp_path: Path) -> None:
    file = tmp_path / "minyi.toml"
    assert run(["init", *ANSWERS, "--url", "https://bbs.example.org/", "--out", str(file)]) == 0
    config = load_config(file, {})
    assert config.office.name == "清河县"
    assert [(source.name, source.url) for source in config.sources] == [
        ("bbs-example-org", "https://bbs.example.org/"),
        ("hotline", None),
    ]
    assert config.districts == config.agencies == config.topics == ()


def test_without_a_forum(tmp_path: Path) -> None:
    file = tmp_path / "minyi.toml"
    assert run(["init", *ANSWERS, "--url", "", "--out", str(file)]) == 0
    assert [source.engine for source in load_config(file, {}).sources] == ["file"]


def test_an_existing_file_is_not_overwritten(minyi: Callable[..., int], office: Path) -> None:
    before = (office / "minyi.toml").read_bytes()
    assert minyi("init", *ANSWERS, "--url", "") == 2
    assert (office / "minyi.toml").read_bytes() == before
    assert minyi("init", *ANSWERS, "--url", "", "--force") == 0
    assert (office / "minyi.toml").read_bytes() != before


def test_a_wrong_address_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "minyi.toml"
    assert run(["init", *ANSWERS, "--url", "ftp://x", "--out", str(file)]) == 2
    assert "http://" in capsys.readouterr().err
    assert not file.exists()
