"""`minyi init` writes a file that works at once."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from minyi.cli.app import run
from minyi.config import load_config

ANSWERS = ["--office", "清河县", "--contact", "office@example.org"]


def test_with_a_forum(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "minyi.toml"
    assert run(["init", *ANSWERS, "--url", "https://bbs.example.org/", "--out", str(file)]) == 0
    assert "接着可以：minyi crawl，" in capsys.readouterr().out
    config = load_config(file, {})
    assert config.office.name == "清河县"
    assert [(source.name, source.url) for source in config.sources] == [
        ("bbs-example-org", "https://bbs.example.org/"),
        ("hotline", None),
    ]
    assert config.districts == config.agencies == config.topics == ()


def test_without_a_forum(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "minyi.toml"
    assert run(["init", *ANSWERS, "--url", "", "--out", str(file)]) == 0
    assert "minyi source add" in capsys.readouterr().out, "there is nothing to crawl yet"
    assert [source.engine for source in load_config(file, {}).sources] == ["file"]


def test_an_existing_file_is_not_overwritten(minyi: Callable[..., int], office: Path) -> None:
    before = (office / "minyi.toml").read_bytes()
    assert minyi("init", *ANSWERS, "--url", "") == 2
    assert (office / "minyi.toml").read_bytes() == before
    assert minyi("init", *ANSWERS, "--url", "", "--force") == 0
    assert (office / "minyi.toml").read_bytes() != before


def test_what_would_be_refused_is_not_asked_for_first(
    minyi: Callable[..., int], office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert minyi("init") == 2
    assert capsys.readouterr().err == "minyi：minyi.toml 已经存在；要重写请加 --force\n"


def test_what_is_not_given_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(" 清河县 \noffice@example.org\n\n"))
    file = tmp_path / "minyi.toml"
    assert run(["init", "--out", str(file)]) == 0
    config = load_config(file, {})
    assert (config.office.name, config.office.contact) == ("清河县", "office@example.org")
    assert [source.engine for source in config.sources] == ["file"]


@pytest.mark.parametrize(
    ("url", "name"),
    [("http://论坛.中国/bbs/", "forum"), ("http://BBS.example.org:8080/", "bbs-example-org-8080")],
)
def test_any_address_gives_a_name(url: str, name: str, tmp_path: Path) -> None:
    file = tmp_path / "minyi.toml"
    assert run(["init", *ANSWERS, "--url", url, "--out", str(file)]) == 0
    assert load_config(file, {}).sources[0].name == name


def test_a_wrong_address_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "minyi.toml"
    assert run(["init", *ANSWERS, "--url", "ftp://x", "--out", str(file)]) == 2
    assert "http://" in capsys.readouterr().err
    assert not file.exists()
