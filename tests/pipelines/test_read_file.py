import csv
import json
from pathlib import Path

import openpyxl
import pytest

from pipelines.read_file import COLUMNS, open_readable, read_table
from pipelines.reader import Reader
from pipelines.tables import TableError

ROWS = [
    {"id": "3", "title": "路灯坏了", "text": "人民路的路灯坏了没人修，电话13812345678", "姓名": "张三丰"},
    {"id": "1", "title": "", "text": "已经修好，点赞", "姓名": "李四光"},
    {"id": "2", "title": "", "text": "", "姓名": "王五"},
]


def _read(table: Path, out: Path, reader: Reader, shard: tuple[int, int] = (1, 1)) -> int:
    with out.open("wb") as file:
        return read_table(open_readable(table), file, reader, shard=shard)


def _write_csv(path: Path, encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        table = csv.DictWriter(file, ROWS[0].keys())
        table.writeheader()
        table.writerows(ROWS)


def _write_jsonl(path: Path) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), encoding="utf-8")


def _write_xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(ROWS[0]))
    for row in ROWS:
        sheet.append(list(row.values()))
    book.save(path)


def _read_back(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("name", "write"), [("in.csv", _write_csv), ("in.jsonl", _write_jsonl), ("in.xlsx", _write_xlsx)]
)
def test_same_rows_same_order_with_readings(tmp_path: Path, reader: Reader, name: str, write: object) -> None:
    assert callable(write)
    write(tmp_path / name)
    assert _read(tmp_path / name, tmp_path / "out.csv", reader) == 3
    rows = _read_back(tmp_path / "out.csv")
    assert [row["id"] for row in rows] == ["3", "1", "2"]
    assert list(rows[0]) == ["id", "title", "text", *COLUMNS]
    assert rows[1]["sentiment"] == "pos"
    assert any("人民路" in place for place in json.loads(rows[0]["places"]))
    assert {row["spam"] for row in rows} == {"false"}


def test_what_is_personal_does_not_come_out(tmp_path: Path, reader: Reader) -> None:
    _write_csv(tmp_path / "in.csv", "gb18030")
    _read(tmp_path / "in.csv", tmp_path / "out.csv", reader)
    content = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert "13812345678" not in content
    assert "张三丰" not in content


def test_a_table_without_text_is_refused_and_says_what_it_has(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,说明\n1,路灯\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"没有名为 text 的列.*现有：id、说明"):
        open_readable(tmp_path / "in.csv")


def test_texts_are_found_under_usual_headings(tmp_path: Path, reader: Reader) -> None:
    (tmp_path / "in.csv").write_text("编号,留言主题,正文\n1,路灯,黑了三天\n", encoding="utf-8")
    source = open_readable(tmp_path / "in.csv")
    assert (source.text, source.title) == ("正文", "留言主题")
    _read(tmp_path / "in.csv", tmp_path / "out.csv", reader)
    (row,) = _read_back(tmp_path / "out.csv")
    assert row["正文"] == "黑了三天"
    assert row["category_detail"] == "照明"


def test_a_table_with_text_is_taken_at_its_word(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("主题,正文,text,intent\n天气,别的,路灯坏了,甲\n", encoding="utf-8")
    source = open_readable(tmp_path / "in.csv")
    assert (source.text, source.title) == ("text", None)
    assert source.replaced == ("intent",)


def test_a_fault_in_the_last_row_is_told_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "路灯坏了"}\n' * 500 + '{"text": \n', encoding="utf-8")
    with pytest.raises(TableError, match="第 501 行"):
        open_readable(tmp_path / "in.jsonl")


@pytest.mark.parametrize("of", [1, 3, 8])
def test_shards_one_after_another_are_the_whole_table(tmp_path: Path, reader: Reader, of: int) -> None:
    table = tmp_path / "in.csv"
    table.write_text("id,text\n" + "".join(f"{n},路灯坏了{n}天\n" for n in range(5)), encoding="utf-8")
    _read(table, tmp_path / "whole.csv", reader)
    rows = []
    for number in range(1, of + 1):
        _read(table, tmp_path / "part.csv", reader, (number, of))
        rows += _read_back(tmp_path / "part.csv")
    assert rows == _read_back(tmp_path / "whole.csv")


def test_only_numbers_of_the_office_are_left_unmasked(tmp_path: Path, reader: Reader) -> None:
    row = {
        "受理时间": "2026-10-01 08:30:00",
        "工单编号": "张三来电 13812345678",
        "order_no": "call 13812345678",
    }
    (tmp_path / "in.jsonl").write_text(json.dumps(row | {"text": "灯"}, ensure_ascii=False))
    _read(tmp_path / "in.jsonl", tmp_path / "out.csv", reader)
    (read,) = _read_back(tmp_path / "out.csv")
    assert read["受理时间"] == row["受理时间"]
    assert "13812345678" not in read["工单编号"] + read["order_no"]


def test_own_numbers_stay_and_personal_ones_in_texts_go(tmp_path: Path, reader: Reader) -> None:
    row = {"message_id": "13812345678", "工单编号": "110101199003070000", "order_no": "6222020200112233"}
    text = "路灯坏了，请打13812345678"
    (tmp_path / "in.jsonl").write_text(json.dumps(row | {"text": text, "备注": text}, ensure_ascii=False))
    _read(tmp_path / "in.jsonl", tmp_path / "out.csv", reader)
    (read,) = _read_back(tmp_path / "out.csv")
    assert {name: read[name] for name in row} == row
    assert "13812345678" not in read["text"] + read["备注"]
    assert "路灯坏了" in read["text"]


@pytest.mark.parametrize("name", ["in.csv", "in.xlsx", "in.jsonl"])
def test_empty_rows_keep_their_place(tmp_path: Path, reader: Reader, name: str) -> None:
    texts = ["路灯坏了", "", "😀", "12345"]
    if name.endswith("csv"):
        lines = [f"{row},{text}" for row, text in enumerate(texts)]
        lines.insert(2, ",")
        (tmp_path / name).write_text("\n".join(["id,text", *lines]), encoding="utf-8")
    elif name.endswith("jsonl"):
        rows = [{"id": str(row), "text": text} for row, text in enumerate(texts)]
        rows.insert(2, {})
        (tmp_path / name).write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for cells in (
            ["id", "text"],
            ["0", texts[0]],
            ["1", None],
            [None, None],
            ["2", "😀"],
            ["3", "12345"],
        ):
            sheet.append(cells)
        book.save(tmp_path / name)
    _read(tmp_path / name, tmp_path / "out.csv", reader)
    rows_out = _read_back(tmp_path / "out.csv")
    assert [row["id"] for row in rows_out] == ["0", "1", "", "2", "3"]
    assert [row["text"] for row in rows_out] == ["路灯坏了", "", "", "😀", "12345"]


ODD = [
    "",
    "😀",
    "1234567",
    "路灯坏了，没人修。\n" * 100_000,
    "ئۇيغۇرچە mixed English 唔該晒",
    "\ud800路灯\udfff",
    "路\x00灯坏了",
    "=cmd|' /C calc'!A0",
    '他说"马上修"，\r\n没有修',
]


def test_odd_texts_keep_their_rows(tmp_path: Path, reader: Reader) -> None:
    rows = [{"id": str(number), "text": text} for number, text in enumerate(ODD)]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert _read(tmp_path / "in.jsonl", tmp_path / "out.csv", reader) == len(ODD)
    csv.field_size_limit(16 * 1024 * 1024)
    found = _read_back(tmp_path / "out.csv")
    assert [row["id"] for row in found] == [row["id"] for row in rows]
    assert found[3]["text"] == ODD[3]
    assert found[7]["text"].startswith("'=")
    assert all(row["sentiment"] in {"neg", "neu", "pos"} for row in found)


def test_nul_bytes_in_a_csv_are_no_fault(tmp_path: Path, reader: Reader) -> None:
    (tmp_path / "in.csv").write_bytes("id,text\r\n1,路\x00灯坏了\r\n2,没人修\r\n".encode())
    _read(tmp_path / "in.csv", tmp_path / "out.csv", reader)
    assert [row["text"] for row in _read_back(tmp_path / "out.csv")] == ["路灯坏了", "没人修"]


def test_a_row_that_says_nothing_has_no_category(tmp_path: Path, reader: Reader) -> None:
    rows = [{"text": float("nan")}, {"text": "。。。"}, {"text": "人民路的路灯坏了没人修"}]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    _read(tmp_path / "in.jsonl", tmp_path / "out.csv", reader)
    read = _read_back(tmp_path / "out.csv")
    assert [row["text"] for row in read] == ["", "。。。", "人民路的路灯坏了没人修"]
    assert [row["sentiment"] for row in read[:2]] == ["neu", "neu"]
    assert [row["category"] for row in read[:2]] == ["", ""]
    assert read[2]["category"]


def test_a_long_number_kept_as_a_float_has_no_power_of_ten(tmp_path: Path, reader: Reader) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "路灯坏了", "数": 123456789012345678.0}', encoding="utf-8")
    _read(tmp_path / "in.jsonl", tmp_path / "out.csv", reader)
    assert "e+17" not in _read_back(tmp_path / "out.csv")[0]["数"]
