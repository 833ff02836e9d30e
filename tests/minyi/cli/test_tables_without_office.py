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


COMMANDS = [("read", "messages.csv"), ("issues", "messages.csv"), ("match", "messages.csv", "replies.csv")]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("out", ["messages.csv", "linked.csv"])
def test_a_table_is_never_written_over(
    minyi: Minyi, desk: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...], out: str
) -> None:
    (desk / "linked.csv").symlink_to(desk / "messages.csv")
    before = (desk / "messages.csv").read_bytes()
    assert minyi(*command, "--out", out) == 2
    assert "不能写回原表 messages.csv" in capsys.readouterr().err
    assert (desk / out).read_bytes() == before


@pytest.mark.parametrize("command", COMMANDS)
def test_a_result_has_no_name_of_another_kind_of_table(
    minyi: Minyi, desk: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    assert minyi(*command, "--out", "out.xlsx") == 2
    assert "结果是 CSV" in capsys.readouterr().err
    assert not (desk / "out.xlsx").exists()


def test_usual_headings_are_found_and_unread_times_are_counted(
    minyi: Minyi, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = "留言编号,留言主题,留言详情,留言时间\n1,油烟,油烟直排。,昨天\n2,路灯,路灯坏了,2026-03-01\n"
    (desk / "messages.csv").write_text(table, encoding="utf-8")
    for command in COMMANDS[1:]:
        assert minyi(*command, "--out", "out.csv") == 0
        assert "posted_at 列有 1 行的时间看不懂" in capsys.readouterr().err


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
