"""Tables for spreadsheet programs: nothing in them ever runs."""

import csv
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minyi.errors import InputError
from minyi.tables import write_sheets

HOSTILE = (
    "=cmd|'/C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "＝1+1",
    "http://x.example/",
    "=" * 40_000,
)


def test_what_looks_like_a_formula_stays_text_in_xlsx(tmp_path: Path) -> None:
    write_sheets(tmp_path / "a.xlsx", {"事项": (("标题", "数"), [(text, 3) for text in HOSTILE])})
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["事项"]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells] == [text[:32_767] for text in HOSTILE]
    assert not any(cell.hyperlink for cell in cells)
    assert sheet["B2"].value == 3


def test_a_csv_holds_the_first_table_with_formulas_defused(tmp_path: Path) -> None:
    write_sheets(
        tmp_path / "a.csv", {"事项": (("标题",), [(text,) for text in HOSTILE]), "原帖": (("x",), [])}
    )
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        [heading, *rows] = csv.reader(file)
    assert heading == ["标题"]
    assert [row[0].lstrip("'") for row in rows] == list(HOSTILE)
    assert all(row[0].startswith("'") for row in rows if not row[0].startswith("http"))


@given(st.lists(st.tuples(st.text(), st.none() | st.integers(-9, 9) | st.floats(0, 1)), max_size=5))
def test_any_text_can_be_written_and_opened(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, object]]
) -> None:
    file = tmp_path_factory.mktemp("any") / "a.xlsx"
    write_sheets(file, {"表": (("字", "数"), rows)})
    assert openpyxl.load_workbook(file)["表"].max_row == len(rows) + 1


def test_another_kind_of_file_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="xlsx"):
        write_sheets(tmp_path / "a.ods", {"表": (("a",), [])})
