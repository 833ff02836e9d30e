"""Forum text is shown, never obeyed: not by a terminal, and not by a spreadsheet program."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from minyi.cli.console import note, say

Minyi = Callable[..., int]

EVIL = "\x1b[31m红\x1b]0;t\x07 \u202e反\u2066 [bold]粗[/bold] \x9b2J\udc80"
ROWS = (
    "message_id,title,text,posted_at\n"
    "=1+1,=HYPERLINK(1),@望海路的路灯坏了,2026-11-20 10:00\n"
    "-2,+路灯,-望海路的路灯坏了半个月,2026-11-20 11:00\n"
)


@pytest.mark.parametrize("show", [say, note])
def test_what_a_terminal_would_obey_is_not_printed(
    show: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    show(EVIL)
    said = "".join(capsys.readouterr())
    assert not set("\x1b\x07\x9b\u202e\u2066\udc80") & set(said)
    assert "[bold]粗[/bold]" in said


def test_no_table_holds_a_formula(minyi: Minyi, office: Path) -> None:
    (office / "in.csv").write_text(ROWS, encoding="utf-8")
    answers = "reply_id,text,replied_at\n=9,已修好,2026-11-21 10:00\n"
    (office / "answers.csv").write_text(answers, encoding="utf-8")
    assert minyi("read", "in.csv", "--out", "read.csv") == 0
    assert minyi("issues", "in.csv", "--out", "issues.csv") == 0
    assert minyi("match", "in.csv", "answers.csv", "--out", "match.csv") == 0
    for name in ("read", "issues", "match"):
        with (office / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert "'=1+1" in cells
        assert not [cell for cell in cells if cell[:1] in tuple("=+-@") and cell != "-2"]
