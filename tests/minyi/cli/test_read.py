"""`minyi read`: every post once per model version; tables in, tables out; shards."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from minyi.cli.read import parse_shard
from minyi.errors import InputError
from pipelines.store import open_database
from pipelines.store.leases import StoreLease

Minyi = Callable[..., int]
TEXTS = (
    "望海路的路灯不亮，请尽快维修！",
    "后洋村旁工厂夜里机器吵得睡不着",
    "红袖章志愿者真好，为他们点赞",
    "请问社保怎么转移？",
)


@pytest.fixture
def imported(minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    file = office / "in.csv"
    lines = ["id,text,posted_at", *(f"{n},{text},2026-11-20" for n, text in enumerate(TEXTS, start=1))]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert minyi("import", file, "--source", "hotline") == 0
    capsys.readouterr()
    return file


def count(minyi: Minyi, capsys: pytest.CaptureFixture[str], *arguments: str) -> int:
    assert minyi("read", "--json", *arguments) == 0
    answer: dict[str, int] = json.loads(capsys.readouterr().out)
    return answer["read"]


def test_every_post_is_read_once(minyi: Minyi, imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert count(minyi, capsys) == len(TEXTS)
    assert count(minyi, capsys) == 0


def test_a_changed_text_is_read_again(
    minyi: Minyi, imported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    count(minyi, capsys)
    imported.write_text(
        imported.read_text(encoding="utf-8").replace("路灯不亮", "路灯又黑了"), encoding="utf-8"
    )
    assert minyi("import", imported, "--source", "hotline") == 0
    capsys.readouterr()
    assert count(minyi, capsys) == 1


def test_two_readers_at_once_do_not_read_the_same_twice(
    minyi: Minyi, imported: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second waits for the first, which ends while it sleeps; a killed one keeps nobody waiting."""
    engine = open_database(f"sqlite:///{imported.parent / 'var' / 'minyi.db'}")
    first = StoreLease(engine)
    assert first.acquire("minyi read 1/1", 0.0) == 0
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        first.release("minyi read 1/1")

    monkeypatch.setattr("minyi.cli.read.time.sleep", nap)
    assert count(minyi, capsys) == len(TEXTS)
    assert len(naps) == 1
    first.holder = re.sub(r"/\d+/", "/999999999/", first.holder)
    assert first.acquire("minyi read 1/1", 0.0) == 0
    assert count(minyi, capsys) == 0
    assert len(naps) == 1
    engine.dispose()


def test_shards_share_the_work_without_overlap(
    minyi: Minyi, imported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = [count(minyi, capsys, "--shard", f"{number}/3") for number in (1, 2, 3)]
    assert sum(done) == len(TEXTS)
    assert count(minyi, capsys) == 0


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "a/b", "1/0"])
def test_a_wrong_shard_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_shard(text)


def test_a_table_keeps_its_rows_and_their_order(minyi: Minyi, office: Path) -> None:
    file, out = office / "in.csv", office / "out.csv"
    lines = ["no,姓名,title,text", *(f"{n},王小明,,{text}" for n, text in enumerate(TEXTS))]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert minyi("read", file, "--out", out) == 0
    with out.open(encoding="utf-8-sig", newline="") as found:
        rows = list(csv.DictReader(found))
    assert [row["no"] for row in rows] == ["0", "1", "2", "3"]
    assert "姓名" not in rows[0]
    assert rows[0]["sentiment"] == "neg"
    assert "望海路" in json.loads(rows[0]["places"])[0]
    assert rows[3]["intent"] == "咨询"


def test_a_table_without_out_says_what_is_missing(
    minyi: Minyi, imported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert minyi("read", imported) == 2
    assert "--out" in capsys.readouterr().err


def table_of(folder: Path, heading: str = "text", rows: tuple[str, ...] = TEXTS) -> Path:
    file = folder / "in.csv"
    file.write_text("\n".join([heading, *rows]), encoding="utf-8")
    return file


def test_what_differs_from_the_table_is_said(
    minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = table_of(office, "姓名,正文,intent", ("王小明,路灯坏了,甲",))
    assert minyi("read", file, "--out", office / "out.csv") == 0
    said = capsys.readouterr().out
    assert "丢弃个人信息列 1 个：姓名" in said
    assert "正文取自“正文”列" in said
    assert "原表的 intent" in said
    assert "out.csv" in said
    assert "王小明" not in (office / "out.csv").read_text(encoding="utf-8")


def test_shards_of_a_table_share_its_rows(minyi: Minyi, office: Path) -> None:
    file = table_of(office)
    texts: list[str] = []
    for number in (1, 2, 3):
        assert minyi("read", file, "--out", office / "out.csv", "--shard", f"{number}/3") == 0
        with (office / "out.csv").open(encoding="utf-8-sig", newline="") as found:
            texts += [row["text"] for row in csv.DictReader(found)]
    assert texts == list(TEXTS)


@pytest.mark.parametrize("shard", ["0/8", "9/8", "x"])
def test_a_wrong_shard_of_a_table_is_refused(minyi: Minyi, office: Path, shard: str) -> None:
    assert minyi("read", table_of(office), "--out", office / "out.csv", "--shard", shard) == 2
    assert not (office / "out.csv").exists()


def test_an_interrupted_table_is_said_to_begin_again(
    minyi: Minyi, office: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipelines.read_file.read_table", interrupt)
    (office / "out.csv").write_text("old")
    left = {file.name for file in office.iterdir()}
    assert minyi("read", table_of(office), "--out", office / "out.csv") == 130
    assert "从头读起" in capsys.readouterr().err
    assert (office / "out.csv").read_text() == "old"
    assert {file.name for file in office.iterdir()} == {"in.csv", *left}


def test_a_folder_for_the_result_is_made(minyi: Minyi, office: Path) -> None:
    assert minyi("read", table_of(office), "--out", office / "new" / "out.csv") == 0
    assert [file.name for file in (office / "new").iterdir()] == ["out.csv"]


def test_who_is_named_in_one_cell_of_a_row_is_named_in_none(minyi: Minyi, office: Path) -> None:
    lines = [
        "编号,标题,内容",
        "1,王建国家违建,我叫王建国，家住望海路",
        "2,路灯,联系电话87654321",
        "87654321,灯,灯",
    ]
    (office / "a.csv").write_text("\n".join(lines).replace("国，", "国 "), encoding="utf-8")
    assert minyi("read", "a.csv", "--out", "b.csv") == 0
    said = (office / "b.csv").read_text(encoding="utf-8-sig")
    assert "王建国" not in said
    assert said.count("87654321") == 1  # the office's own number


def test_a_title_cut_from_a_text_shows_no_half_of_a_number(minyi: Minyi, office: Path) -> None:
    text = "望海路的路灯坏了半个月没有人修，晚上看不见路。电话13812345678"
    (office / "a.csv").write_text(f"编号,内容,时间\n1,{text},2026-11-20\n", encoding="utf-8")
    assert minyi("import", "a.csv", "--source", "hotline") == 0
    assert minyi("export", "posts", "--source", "hotline", "--out", "posts.jsonl") == 0
    assert "1381" not in (office / "posts.jsonl").read_text(encoding="utf-8")
