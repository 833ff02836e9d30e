"""Workbooks as programs, and people who mean harm, write them: read in little memory, or refused at once."""

import time
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from pipelines.tables import TableError, open_table

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_SHEET_TYPE}.sharedStrings+xml"/></Types>'
)
_BOOK = f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>'
_LINKS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
HEADING = (
    "<row>" + "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("编号", "内容")) + "</row>"
)


def workbook(file: Path, rows: Iterable[str], texts: Iterable[str] = ()) -> Path:
    """A workbook of one sheet with these <row>s, whose cells share these <si>s."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", _TYPES)
        packed.writestr("xl/workbook.xml", _BOOK)
        packed.writestr("xl/_rels/workbook.xml.rels", _LINKS)
        for name, tag, inside in (
            ("worksheets/sheet1.xml", "worksheet", ("<sheetData>", *rows, "</sheetData>")),
            ("sharedStrings.xml", "sst", texts),
        ):
            with packed.open(f"xl/{name}", "w", force_zip64=True) as part:
                part.write(f"<{tag} {_MAIN}>".encode())
                part.writelines(each.encode() for each in inside)
                part.write(f"</{tag}>".encode())
    return file


def read(file: Path) -> list[dict[str, str]]:
    return list(open_table(file).rows())


def test_what_unpacks_without_end_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    long = f"<si><t>{'路灯坏了没人修' * 20_000}</t></si>"
    file = workbook(tmp_path / "a.xlsx", [HEADING, "<row><c><v>1</v></c></row>"], [long] * 400)
    began = time.process_time()
    with pytest.raises(TableError, match=r"展开后有 0\.2 GB，大得不正常.*另存为 CSV"):
        open_table(file)
    assert time.process_time() - began < 1


def test_shared_texts_come_back_whole_and_in_any_order(tmp_path: Path) -> None:
    size = 1000
    rows = [f'<row><c><v>{n}</v></c><c t="s"><v>{size - 1 - n}</v></c></row>' for n in range(size)]
    texts = [
        f"<si><r><t>第{n}盏</t></r><r><t>路灯</t></r><rPh><t>lù dēng</t></rPh></si>" for n in range(size)
    ]
    found = read(workbook(tmp_path / "a.xlsx", [HEADING, *rows], texts))
    assert [row["内容"] for row in found] == [f"第{size - 1 - n}盏路灯" for n in range(size)]


def test_a_cell_in_the_last_column_does_not_fill_the_memory(tmp_path: Path) -> None:
    rows = [
        f'<row r="{n}"><c r="B{n}" t="str"><v>灯</v></c><c r="XFD{n}" s="1"/></row>' for n in range(2, 3000)
    ]
    began = time.process_time()
    assert len(read(workbook(tmp_path / "a.xlsx", [HEADING, *rows]))) == 2998
    assert time.process_time() - began < 5


def test_a_row_number_that_comes_twice_hides_no_row(tmp_path: Path) -> None:
    rows = [f'<row r="2"><c r="A2"><v>{n}</v></c></row>' for n in (1, 2)]
    assert [row["编号"] for row in read(workbook(tmp_path / "a.xlsx", [HEADING, *rows]))] == ["1", "2"]


def test_a_heading_of_zero_is_a_name(tmp_path: Path) -> None:
    """Years and scores head columns: 0 would have been called by its place."""
    rows = [f"<row>{''.join(f'<c><v>{n}</v></c>' for n in row)}</row>" for row in ((2026, 0), (1, 2))]
    assert read(workbook(tmp_path / "a.xlsx", rows)) == [{"2026": "1", "0": "2"}]


def test_characters_written_by_their_number_are_what_they_mean(tmp_path: Path) -> None:
    row = '<row><c><v>1</v></c><c t="s"><v>0</v></c></row>'
    file = workbook(tmp_path / "a.xlsx", [HEADING, row], ["<si><t>灯_x000D_坏_x0000_了_x005F_x</t></si>"])
    assert read(file)[0]["内容"] == "灯\r坏了_x"


def test_formulas_without_results_are_counted_by_column(tmp_path: Path) -> None:
    rows = [
        "<row><c><f>1+1</f></c><c><f>A1</f><v>0</v></c></row>",
        '<row><c><f>1+1</f><v/></c><c t="str"><f>IF(1,"")</f><v/></c></row>',
    ]
    table = open_table(workbook(tmp_path / "a.xlsx", [HEADING, *rows]))
    assert table.uncalculated == {"编号": 2}
    assert [row["内容"] for row in table.rows(empty=True)] == ["0", ""]


def test_a_text_that_is_a_formula_without_result_is_refused_with_the_remedy(tmp_path: Path) -> None:
    table = open_table(workbook(tmp_path / "a.xlsx", [HEADING, "<row><c><v>1</v></c><c><f>B9</f></c></row>"]))
    with pytest.raises(TableError, match=r"“内容”列有 1 格是公式.*保存一次"):
        table.refuse_uncalculated("内容")


@pytest.mark.parametrize("entity", ["&boom;", "&file;"])
def test_entities_are_not_followed(tmp_path: Path, entity: str) -> None:
    (tmp_path / "secret").write_text("机密", encoding="utf-8")
    file = workbook(
        tmp_path / "a.xlsx", [HEADING, f'<row><c><v>1</v></c><c t="str"><v>{entity}</v></c></row>']
    )
    doctype = f'<!DOCTYPE x [<!ENTITY boom "啊啊啊"><!ENTITY file SYSTEM "{tmp_path}/secret">]>'
    with zipfile.ZipFile(file) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, doctype.encode() + content if name.endswith("sheet1.xml") else content)
    assert "机密" not in str(read(file))
