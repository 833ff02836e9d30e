"""Tables are read on any machine: no configuration, and nothing left behind but the result."""

from collections.abc import Callable
from pathlib import Path

import pytest

Minyi = Callable[..., int]


@pytest.fixture
def desk(office: Path) -> Path:
    """A folder with a table of messages and one of replies, and without a minyi.toml."""
    (office / "minyi.toml").unlink()
    messages = (
        "message_id,title,text,posted_at\n1,春晖苑烧烤摊油烟扰民,烧烤摊没有烟道，油烟直排。,2026-03-01\n"
    )
    (office / "messages.csv").write_text(messages, encoding="utf-8")
    (office / "replies.csv").write_text("reply_id,text,replied_at\na,烧烤摊已停业。,2026-03-05\n", "utf-8")
    return office


@pytest.mark.parametrize(
    "command",
    [("read", "messages.csv"), ("issues", "messages.csv"), ("match", "messages.csv", "replies.csv")],
)
def test_a_table_needs_no_configuration(minyi: Minyi, desk: Path, command: tuple[str, ...]) -> None:
    before = set(desk.iterdir())
    assert minyi(*command, "--out", "out.csv") == 0
    assert set(desk.iterdir()) - before == {desk / "out.csv"}


@pytest.mark.parametrize("out", [".", "out.csv"])
@pytest.mark.parametrize(
    "command",
    [("read", "messages.csv"), ("issues", "messages.csv"), ("match", "messages.csv", "replies.csv")],
)
def test_a_folder_is_no_file_to_write(
    minyi: Minyi, desk: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...], out: str
) -> None:
    (desk / "out.csv").mkdir()
    before = set(desk.iterdir())
    assert minyi(*command, "--out", out) != 0
    said = capsys.readouterr().err.strip()
    assert f" {out}" in said
    assert "文件夹" in said
    assert said.endswith("一个文件名")
    assert "\n" not in said
    assert set(desk.iterdir()) == before


@pytest.mark.parametrize("command", ["read", "issues"])
def test_without_a_table_an_office_is_needed(
    minyi: Minyi, desk: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert minyi(command) == 2
    assert "找不到配置文件 minyi.toml" in capsys.readouterr().err


def test_a_configuration_that_was_named_must_be_there(
    minyi: Minyi, desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MINYI_CONFIG", str(desk / "elsewhere.toml"))
    assert minyi("read", "messages.csv", "--out", "out.csv") == 2
    assert "elsewhere.toml" in capsys.readouterr().err
    assert not (desk / "out.csv").exists()
