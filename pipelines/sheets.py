"""The rows of an XLSX workbook's first sheet that has any."""

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl

from pipelines.rows import TableError, fit_row, name_columns

_OLD_OR_LOCKED = bytes.fromhex("d0cf11e0a1b11ae1")
_PEEK_ROWS = 100
# No text packs like this, but a file made to fill the memory does.
_BIG, _MOST_PACKED = 100_000_000, 200
# As many as any spreadsheet program has; a row that says it is the two billionth would be read for hours.
_MOST_ROWS = 1_048_576


def read_xlsx(path: Path) -> Iterator[dict[str, object]]:
    """The rows below the heading, which is the first row that is not blank, of the first sheet with any."""
    with _open_book(path) as book:
        sheets = _filled(book)
        if not sheets:
            return
        heading: list[str] = []
        blank = 0
        for number, cells in enumerate(sheets[0].iter_rows(values_only=True), start=1):
            if number > _MOST_ROWS:
                raise TableError(f"{path.name} 里有行号超过 {_MOST_ROWS} 的行，没有读；请用表格软件重新另存")
            if _is_blank(cells):
                blank += 1
            elif not heading:
                heading, blank = name_columns(path, ["" if c is None else str(c) for c in cells]), 0
            else:
                # Sheets end in any number of blank rows; only those between others are rows.
                yield from (fit_row(path, heading, [], number) for _ in range(blank))
                blank = 0
                yield fit_row(path, heading, cells, number)


def other_sheets(path: Path) -> tuple[str, ...]:
    """The names of the sheets that also have rows, and are not read."""
    with _open_book(path) as book:
        return tuple(sheet.title for sheet in _filled(book)[1:])


def _filled(book: Any) -> list[Any]:
    """The sheets that people see and that have a heading and a row."""
    filled = []
    for sheet in book.worksheets:
        # Some programs write a wrong size into a sheet: nothing outside of it would be read.
        sheet.reset_dimensions()
        start = sheet.iter_rows(max_row=_PEEK_ROWS, values_only=True)
        if sheet.sheet_state == "visible" and sum(not _is_blank(cells) for cells in start) > 1:
            filled.append(sheet)
    return filled


def _is_blank(cells: tuple[object, ...]) -> bool:
    return all(cell is None or not str(cell).strip() for cell in cells)


@contextmanager
def _open_book(path: Path) -> Iterator[Any]:
    """The workbook; TableError when anything in it cannot be read, whenever that shows."""
    _refuse_other_data(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            yield book
        finally:
            book.close()
    except (OSError, TableError, MemoryError):
        raise
    except Exception as error:  # openpyxl lets zipfile, XML and its own errors through
        raise TableError(f"{path.name} 不是完好的 XLSX 文件，请用表格软件重新另存") from error


def _refuse_other_data(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(8) == _OLD_OR_LOCKED:
            raise TableError(
                f"{path.name} 加了密码，或是旧的 .xls 格式；请用表格软件打开，去掉密码，另存为 .xlsx"
            )
    if not zipfile.is_zipfile(path):
        raise TableError(
            f"{path.name} 不是完好的 XLSX 文件，请用表格软件重新另存；本来是 CSV 的，请把结尾改回 .csv"
        )
    with zipfile.ZipFile(path) as packed:
        for part in packed.infolist():
            if part.file_size > _BIG and part.file_size > _MOST_PACKED * part.compress_size:
                raise TableError(f"{path.name} 展开后大得不正常，没有读；请用表格软件打开，另存为 CSV")
