"""Tables as offices have them: any encoding, any format, without who wrote them."""

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from pipelines.tables import TableError, is_identifying, open_table

ROWS = [{"编号": "1", "内容": "路灯不亮"}, {"编号": "2", "内容": "联通，信号差\n第二行"}]


def csv_bytes(encoding: str, newline: str = "\r\n") -> bytes:
    lines = ["编号,内容", "1,路灯不亮", '2,"联通，信号差\n第二行"', ""]
    return newline.join(lines).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
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


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
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
    "column", ["姓名", "来电人", "手机号码", "Email", "user_id", "身份证号", "微信号", "留言用户"]
)
def test_what_identifies(column: str) -> None:
    assert is_identifying(column)


@pytest.mark.parametrize(
    "column", ["标题", "留言详情", "编号", "时间", "小区", "答复单位", "message_id", "text", "places"]
)
def test_what_does_not_identify(column: str) -> None:
    assert not is_identifying(column)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xls", b"x", "只认"),
        ("a.csv", b"", "没有数据行"),
        ("a.csv", "编号,内容\n".encode(), "没有数据行"),
        ("a.csv", "text,区,区\n灯,东,西\n".encode(), "两列的表头都是 区"),
        ("a.xlsx", b"not a zip", "不是完好的 XLSX"),
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
