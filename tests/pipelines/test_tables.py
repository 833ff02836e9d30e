"""Tables as offices have them: any encoding, any format, without who wrote them."""

import csv
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from pipelines.tables import TableError, open_table

ROWS = [{"编号": "1", "内容": "路灯不亮"}, {"编号": "2", "内容": "联通，信号差\n第二行"}]


def csv_bytes(encoding: str, newline: str = "\r\n") -> bytes:
    lines = ["编号,内容", "1,路灯不亮", '2,"联通，信号差\n第二行"', ""]
    return newline.join(lines).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(csv_bytes(encoding))
    assert list(open_table(file).rows()) == ROWS


def test_half_a_character_of_utf16_is_replaced_as_in_other_encodings(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    cells = (text.encode("utf-16-le") for text in ("\ufeff编号,内容\n1,路灯", "不亮\n"))
    file.write_bytes(b"\x00\xd8".join(cells))
    assert [row["内容"] for row in open_table(file).rows()] == ["路灯\ufffd不亮"]


def test_a_file_glued_from_two_encodings_is_read_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("编号,内容\n1,路灯不亮\n".encode() + "2,又黑了好几天\n".encode("gb18030"))
    assert [row["内容"] for row in open_table(file).rows()] == ["路灯不亮", "又黑了好几天"]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(delimiter.join(["编号", "内容"]) + "\n" + delimiter.join(["1", "灯"]) + "\n")
    assert list(open_table(file).rows()) == [{"编号": "1", "内容": "灯"}]


def test_xlsx_numbers_stay_whole_and_empty_cells_are_empty(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["编号", "内容", "备注"], [188809.0, "搅拌站噪音", None], [None, None, None]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    assert list(open_table(tmp_path / "a.xlsx").rows()) == [
        {"编号": "188809", "内容": "搅拌站噪音", "备注": ""}
    ]


def test_json_lines(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"id": 3, "text": "灯", "places": ["望海路"]}, ensure_ascii=False) + "\n\n")
    assert list(open_table(file).rows()) == [{"id": "3", "text": "灯", "places": '["望海路"]'}]


def test_identifying_columns_never_come_out(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("编号,姓名,联系电话,家庭住址,内容,author\n1,王小明,13812345678,望海路,灯坏了,u1\n")
    table = open_table(file)
    assert table.dropped == ("姓名", "联系电话", "家庭住址", "author")
    assert list(table.rows()) == [{"编号": "1", "内容": "灯坏了"}]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xls", b"x", "只认"),
        ("a.csv", b"", "没有数据行"),
        ("a.csv", "编号,内容\n".encode(), "没有数据行"),
        ("a.csv", b",".join(b"%d" % n for n in range(1_000_000)) + b"\n1\n", "1000000 列，最多 16384"),
        ("a.csv", "text,区,区\n灯,东,西\n".encode(), "两列的表头都是 区"),
        ("a.xlsx", b"not a zip", "改回 .csv"),
        ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1"), "加了密码，或是旧的 .xls"),
        ("a.csv", b"PK\x03\x04" + bytes(range(256)), "改成 .xlsx"),
        ("a.csv", bytes(range(256)) * 9, "不是文本"),
        ("a.csv", "编号,内容\n1,灯,坏了\n".encode(), "第 2 行的第 3 格没有表头"),
        ("a.jsonl", b'{"a": ' * 200 + b"1" + b"}" * 200, "一百层"),
        ("a.jsonl", b"[1,\n", "第 1 行不是 JSON"),
        ("a.jsonl", b"[1]\n", "不是 {…} 对象"),
    ],
)
def test_what_is_no_table_is_one_clear_line(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TableError, match=words) as error:
        list(open_table(tmp_path / name).rows())
    assert "\n" not in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="找不到文件"):
        open_table(tmp_path / "none.csv")


QUOTED = "编号,内容,区\n1,路灯不亮,东\n{}\n" + "".join(f'{row},"积水，没人管",西\n' for row in range(3, 40))


@pytest.mark.parametrize("broken", ['2,"井盖坏了,东', '2,"井盖坏了\n第二行,东', '"2,井盖坏了,东'])
def test_a_quote_that_is_not_closed_is_named_by_its_line(tmp_path: Path, broken: str) -> None:
    for name, text in (("a.csv", QUOTED.format(broken)), ("b.csv", QUOTED.replace('"', "").format(broken))):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(TableError, match="第 3 行"):
            list(open_table(tmp_path / name).rows())


def test_long_cells_and_quotes_inside_are_no_fault(tmp_path: Path) -> None:
    petition = "\n".join(f"{number}、请求修路，装灯" for number in range(400))
    file = tmp_path / "a.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerows([["编号", "内容", "区"], ["1", petition, "东"], ["2", '他说"马上修"，没有修', "西"]])
    rows = list(open_table(file).rows())
    assert [row["编号"] for row in rows] == ["1", "2"]
    assert rows[0]["内容"] == petition
    assert rows[1]["内容"] == '他说"马上修"，没有修'


def test_empty_rows_stay_where_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("编号,内容\n1,灯\n,\n2,井\n,\n", encoding="utf-8")
    table = open_table(tmp_path / "a.csv")
    assert [row["编号"] for row in table.rows()] == ["1", "2"]
    assert [row["编号"] for row in table.rows(empty=True)] == ["1", "", "2", ""]


@pytest.mark.parametrize("text", ["编号,内容\r1,灯\r2,井\r", "\n \r\n编号,内容\n\n1,灯\n2,井\n\n"])
def test_line_ends_of_old_macs_and_blank_lines_are_no_fault(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_bytes(text.encode())
    assert [row["内容"] for row in open_table(tmp_path / "a.csv").rows()] == ["灯", "井"]


def test_an_untidy_line_is_counted_from_the_top(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('\n\n编号,内容\n1,"灯\n坏了"\n2,井,盖\n', encoding="utf-8")
    with pytest.raises(TableError, match="第 6 行"):
        open_table(tmp_path / "a.csv")


def test_a_long_quoted_text_of_many_lines_is_one_cell(tmp_path: Path) -> None:
    text = "路灯坏了，没人修。\n" * 30_000
    (tmp_path / "a.csv").write_text(f'编号,内容\n1,"{text}"\n', encoding="utf-8")
    assert [row["内容"] for row in open_table(tmp_path / "a.csv").rows()] == [text]


def test_columns_without_a_heading_do_not_hide_each_other(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(",,内容,,\n甲,乙,灯,,\n", encoding="utf-8")
    assert list(open_table(tmp_path / "a.csv").rows()) == [{"第1列": "甲", "第2列": "乙", "内容": "灯"}]


def test_every_key_of_json_lines_is_a_column_however_late(tmp_path: Path) -> None:
    rows = [*[{"text": "灯"}] * 500, {"text": "井", "备注": "急", "姓名": "王小明"}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    table = open_table(tmp_path / "a.jsonl")
    assert table.columns == ("text", "备注")
    assert table.dropped == ("姓名",)
    assert table.size == 501


def test_who_somebody_is_goes_from_nested_values_too(tmp_path: Path) -> None:
    post = {"text": "灯", "meta": {"author": "王小明", "from": [{"电话": "1", "floor": 2}]}}
    (tmp_path / "a.jsonl").write_text(json.dumps(post), encoding="utf-8")
    table = open_table(tmp_path / "a.jsonl")
    assert table.dropped == ("author", "电话")
    assert list(table.rows()) == [{"text": "灯", "meta": '{"from": [{"floor": 2}]}'}]


def test_json_values_keep_their_meaning(tmp_path: Path) -> None:
    row = '{"text": "灯", "a": true, "b": null, "c": 1e300, "d": 12345678901234567890, "\\ud83d": 1.50}'
    (tmp_path / "a.jsonl").write_text(row, encoding="utf-8")
    (read,) = open_table(tmp_path / "a.jsonl").rows()
    assert list(read.values()) == ["灯", "true", "", "1e+300", "12345678901234567890", "1.5"]
    assert "".join(read).encode()


def _book(path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.strip("_"))
        sheet.sheet_state = "hidden" if name.startswith("_") else "visible"
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_the_first_sheet_with_rows_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    data: list[list[object]] = [[], ["编号", "内容"], [1, "灯"]]
    file = _book(tmp_path / "a.xlsx", _码表=data, 说明=[["本表由热线导出"]], 十月=data, 空=[], 九月=data)
    table = open_table(file)
    assert list(table.rows()) == [{"编号": "1", "内容": "灯"}]
    assert table.unread == ("九月",)


def _change_sheet(file: Path, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(file) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, change(content) if name.endswith("sheet1.xml") else content)


def test_a_sheet_that_gives_its_size_wrong_is_read_whole(tmp_path: Path) -> None:
    file = _book(tmp_path / "a.xlsx", 表=[["编号", "内容"], [1, "灯"], [2, "井"]])
    _change_sheet(file, lambda content: content.replace(b"A1:B3", b"A1"))
    assert [row["内容"] for row in open_table(file).rows()] == ["灯", "井"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda content: content[: len(content) // 2], "不是完好的 XLSX"),
        (lambda content: content + b" " * 150_000_000, "大得不正常"),
    ],
)
def test_a_damaged_sheet_is_one_clear_line(
    tmp_path: Path, change: Callable[[bytes], bytes], words: str
) -> None:
    file = _book(tmp_path / "a.xlsx", 表=[["编号", "内容"], *([n, "灯"] for n in range(300))])
    _change_sheet(file, change)
    with pytest.raises(TableError, match=words):
        open_table(file)


def test_a_row_of_an_impossible_number_is_refused_at_once(tmp_path: Path) -> None:
    file = _book(tmp_path / "a.xlsx", 表=[["编号", "内容"], [1, "灯"], [2, "井"]])
    _change_sheet(
        file,
        lambda content: content.replace(b'r="3"', b'r="2000000000"').replace(b'"A3"', b'"A2000000000"'),
    )
    with pytest.raises(TableError, match="行号超过"):
        open_table(file)
