"""Tables an analyst hands over, as frames: masked, and without identifying columns."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from minyi.errors import InputError
from pipelines.headings import usual_columns
from pipelines.imports import parse_time
from pipelines.mask import mask_together
from pipelines.tables import defused, open_table
from reports.write import open_atomically, write_atomically


def check_result(out: Path, *tables: Path) -> None:
    """InputError unless a result can be written to `out`: a CSV, and none of the tables it is made from."""
    if out.is_dir():
        raise InputError(f"结果不能写成文件夹 {out}，请用 --out 写一个文件名")
    for table in tables:
        if out.exists() and table.exists() and out.samefile(table):
            raise InputError(f"结果不能写回原表 {table.name}，请用 --out 另起一个文件名")
    if out.suffix.lower() in _OTHER_TABLES:
        raise InputError(f"结果是 CSV，不能叫 {out.name}；请用 --out 写一个 .csv 结尾的文件名")


_OTHER_TABLES = {".xlsx", ".xls", ".et", ".ods", ".json", ".jsonl", ".tsv"}


def read_frame(
    file: Path, needed: Sequence[str], times: str, texts: Sequence[str], zone: ZoneInfo
) -> pd.DataFrame:
    """The table with columns `needed`; `times` parsed as aware times, `texts` masked, all else text.

    A column that is missing is looked for under its usual headings.  Rows whose time cannot be
    read have NaT.  InputError when a column is nowhere.
    """
    table = open_table(file)
    columns = [_column(table.columns, name) for name in needed]
    if missing := [name for name, column in zip(needed, columns, strict=True) if column is None]:
        raise InputError(f"{file.name}：缺少列 {'、'.join(missing)}；现有：{'、'.join(table.columns)}")
    for column in columns:
        table.refuse_uncalculated(column or "")
    frame = pd.DataFrame(([row[c] for c in columns if c] for row in table.rows()), columns=list(needed))
    said = [mask_together(row) for row in frame[list(texts)].to_numpy().tolist()]
    frame[list(texts)] = pd.DataFrame(said, columns=list(texts), index=frame.index)
    parsed = pd.Series([parse_time(cell, zone) for cell in frame[times]], index=frame.index, dtype=object)
    frame[times] = pd.to_datetime(parsed, utc=True).dt.tz_convert(zone)
    return frame


def _column(columns: Sequence[str], name: str) -> str | None:
    return name if name in columns else usual_columns(columns).get(_FIELDS.get(name, name))


_FIELDS = {"message_id": "key"}


def write_frame(file: Path, frame: pd.DataFrame) -> None:
    """Write a CSV that spreadsheet programs open in the right encoding and without running anything."""
    write_atomically(file, frame.map(defused).to_csv(index=False).encode("utf-8-sig", "replace"))


Sheet = tuple[Sequence[str], Iterable[Sequence[object]]]
_WIDEST = 48  # characters
_XLSX_CELL = 32_767


def write_sheets(file: Path, sheets: Mapping[str, Sheet]) -> None:
    """Write tables, each of headings and rows: an XLSX with a sheet each, or a CSV of the first.

    No cell is ever taken for a formula, whatever residents wrote.
    """
    match file.suffix.lower():
        case ".xlsx":
            with open_atomically(file) as stream:
                _workbook(sheets).save(stream)
        case ".csv":
            write_atomically(file, _csv(next(iter(sheets.values()))))
        case _:
            raise InputError(f"{file.name}：只写 .xlsx 或 .csv，请改文件名")


def _csv(sheet: Sheet) -> bytes:
    headings, rows = sheet
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def _workbook(sheets: Mapping[str, Sheet]) -> Workbook:
    book = Workbook(write_only=True)
    for title, (headings, rows) in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for number, heading in enumerate(headings, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = _width(heading)
        sheet.append([_heading(sheet, heading) for heading in headings])
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    return book


def _width(heading: str) -> int:
    return _WIDEST if heading in _LONG else max(10, 2 * len(heading) + 2)


_LONG = {"事项", "标题", "摘录", "网址", "依据", "未见回应的问题"}


def _heading(sheet: Any, heading: str) -> object:
    cell = WriteOnlyCell(sheet, heading)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: object) -> object:
    """Text as text: openpyxl would make a formula of what begins with "=" and a link of nothing."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:_XLSX_CELL])
    cell.data_type = "s"
    cell.alignment = Alignment(vertical="top", wrap_text=len(value) > _WIDEST)
    return cell
