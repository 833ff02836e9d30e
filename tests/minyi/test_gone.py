"""A thread that goes after a run was frozen is still counted there, and no longer quoted."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import create_engine, text

Minyi = Callable[..., int]

WORDS = "望海路的路灯坏了半个月，晚上漆黑一片，请尽快维修"


def test_a_gone_thread_is_not_quoted_by_a_brief_made_again(minyi: Minyi, office: Path) -> None:
    rows = [f"{n},望海路路灯为何不亮,{WORDS}{'！' * n},2026-11-20 1{n}:00" for n in range(3)]
    (office / "in.csv").write_text("\n".join(["id,title,text,posted_at", *rows]), encoding="utf-8")
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    assert minyi("read") == 0
    assert minyi("brief", "--day", "2026-11-20") == 0
    pages = [office / f"var/briefs/daily-2026-11-20.{form}" for form in ("html", "json")]
    assert all(WORDS in page.read_text(encoding="utf-8") for page in pages)
    store = create_engine(f"sqlite:///{office / 'var/minyi.db'}")
    with store.begin() as connection:
        connection.execute(text("UPDATE threads SET gone_at = '2026-11-21 00:00:00.000000'"))
    store.dispose()
    assert minyi("brief", "--day", "2026-11-20") == 0
    for page in pages:
        said = page.read_text(encoding="utf-8")
        assert WORDS not in said
        assert "望海路路灯为何不亮" not in said
        assert "原帖已不在论坛" in said
    for what in ("posts", "threads"):
        assert minyi("export", what, "--source", "hotline", "--out", f"{what}.jsonl") == 0
        assert "路灯" not in (office / f"{what}.jsonl").read_text(encoding="utf-8")
