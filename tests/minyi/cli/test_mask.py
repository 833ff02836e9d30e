"""`minyi mask`: what would be masked in a text, and why."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Minyi = Callable[..., int]
TEXT = "路灯坏了半个月，请打13812345678，订单号20260101，身高175"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_what_is_masked_and_why(
    minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    (office / "a.txt").write_text(TEXT, encoding=encoding)
    assert minyi("mask", office / "a.txt") == 0
    shown = capsys.readouterr().out
    assert TEXT.replace("13812345678", "〔手机号〕") in shown
    assert "遮盖 1 处" in shown
    assert "13812345678" not in shown
    assert minyi("mask", office / "a.txt", "--json") == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["kind"], TEXT[found["start"] : found["end"]]) == ("手机号", "13812345678")


def test_nothing_to_mask_is_said(minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (office / "a.txt").write_text("😀", encoding="utf-8")
    assert minyi("mask", office / "a.txt") == 0
    assert "遮盖 0 处。" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["none.txt", ".", "b.bin"])
def test_what_cannot_be_read_is_one_line(
    minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (office / "b.bin").write_bytes(b"\xff\xfe\xff\xff")
    assert minyi("mask", office / name) != 0
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.parametrize("data", [b"\xff\xfe\xff\xff", b"\xff\xfe\x00", b"\x81"])
def test_what_is_no_text_is_told_with_the_remedy(
    minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str], data: bytes
) -> None:
    (office / "b.txt").write_bytes(data)
    assert minyi("mask", office / "b.txt") == 2
    told = capsys.readouterr().err
    assert "b.txt 不是文本文件" in told
    assert "请另存为 UTF-8" in told
