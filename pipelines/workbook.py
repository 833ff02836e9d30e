"""An XLSX workbook, read in little memory: its visible sheets, and the cells of their rows one after another.

openpyxl tells what a cell means.  A file made to unpack without end is refused before it is unpacked.
"""

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import (
    CELL_TAG,
    FORMULA_TAG,
    INLINE_STRING,
    ROW_TAG,
    VALUE_TAG,
    WorkSheetParser,
)
from openpyxl.xml.constants import SHARED_STRINGS

from pipelines.rows import UNCALCULATED, TableError
from pipelines.shared_texts import SharedTexts, read_elements, text_of

_OLD_OR_LOCKED = bytes.fromhex("d0cf11e0a1b11ae1")
# A million rows unpack to 10 or 20 times the file's size, answers from a template to nearly 80 times it;
# what is below the first size takes seconds however it is packed.
_BIG, _MOST_PACKED, _BIGGEST = 150_000_000, 50, 4_000_000_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that people see: its name, and the part of the workbook that holds it."""

    title: str
    part: str


@dataclass(frozen=True, slots=True)
class Book:
    """An open workbook: its visible sheets in order, and what their cells refer to."""

    sheets: tuple[Sheet, ...]
    archive: zipfile.ZipFile
    texts: SharedTexts
    styles: Any


@contextmanager
def open_book(path: Path) -> Iterator[Book]:
    """The workbook; TableError when anything in it cannot be read, whenever that shows."""
    _refuse_other_data(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = ExcelReader(path, read_only=True, data_only=True, keep_links=False)
            with reader.archive:
                yield _book(reader)
    except (TableError, MemoryError):
        raise
    except Exception as error:  # openpyxl lets zipfile, XML and its own errors through
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise _damaged(path) from error


def _book(reader: ExcelReader) -> Book:
    reader.read_manifest()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    sheets = tuple(
        Sheet(sheet.name, link.target)
        for sheet, link in reader.parser.find_sheets()
        if sheet.state == "visible" and link.target in reader.valid_files and "chartsheet" not in link.Type
    )
    shared: Any = reader.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
    texts = SharedTexts(reader.archive, shared.PartName[1:] if shared else None)
    return Book(sheets, reader.archive, texts, reader.wb)


def _damaged(path: Path) -> TableError:
    return TableError(f"{path.name} 不是完好的 XLSX 文件，请用表格软件重新另存")


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
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise _damaged(path) from error
    # Not by each part's own size: parts that lie over one another would be counted many times.
    if size > min(_BIGGEST, max(_BIG, _MOST_PACKED * path.stat().st_size)):
        raise TableError(
            f"{path.name} 展开后有 {size / 1e9:.1f} GB，大得不正常，没有读；请用表格软件打开，另存为 CSV，或分成几个文件"
        )


def sheet_rows(book: Book, sheet: Sheet) -> Iterator[tuple[int, dict[int, object]]]:
    """Every row that the sheet holds: its number, and its cells by the number of their column, from 0.

    A row whose number was there before follows the last.
    """
    styles = book.styles
    cells = _Cells(
        BytesIO(),  # it is given its elements one by one
        book.texts,
        data_only=True,
        epoch=styles.epoch,
        date_formats=styles._date_formats,
        timedelta_formats=styles._timedelta_formats,
    )
    last = 0
    for row in read_elements(book.archive, sheet.part, ROW_TAG):
        last = max(int(float(row.get("r", 0))), last + 1)
        yield last, cells.of_row(row)


class _Cells(WorkSheetParser):
    def of_row(self, row: Any) -> dict[int, object]:
        self.col_counter = 0
        cells = (self.parse_cell(element) for element in row.iterchildren(CELL_TAG))
        return {cell["column"] - 1: cell["value"] for cell in cells}

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """The cell; UNCALCULATED where it is a formula whose result the file does not hold."""
        own = element.find(INLINE_STRING)
        if own is not None:
            element.remove(own)
        cell: dict[str, Any] = super().parse_cell(element)
        if own is not None:
            cell["value"] = text_of(own)
        elif cell["value"] is None and element.find(FORMULA_TAG) is not None:
            # A program that found an empty text as the result says that it is one.
            empty = element.get("t") == "str" and element.find(VALUE_TAG) is not None
            cell["value"] = "" if empty else UNCALCULATED
        return cell
