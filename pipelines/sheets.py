"""The rows of an XLSX workbook's first sheet that has any."""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from pipelines.rows import UNCALCULATED, TableError, fit_row, name_columns
from pipelines.workbook import Book, Sheet, open_book, sheet_rows

_PEEK_ROWS = 100
# As many as any spreadsheet program has; a row that says it is the two billionth would be read for hours.
_MOST_ROWS = 1_048_576

_Row = Mapping[int, object]


def read_xlsx(path: Path) -> Iterator[dict[str, object]]:
    """The rows below the heading, which is the first row that is not blank, of the first sheet with any."""
    with open_book(path) as book:
        sheets = _filled(book)
        if not sheets:
            return
        heading: list[str] = []
        last = 0
        for number, row in sheet_rows(book, sheets[0]):
            if number > _MOST_ROWS:
                raise TableError(f"{path.name} 里有行号超过 {_MOST_ROWS} 的行，没有读；请用表格软件重新另存")
            if _is_blank(row):
                continue
            if heading:
                # Sheets end in any number of blank rows; only those between others are rows.
                yield from (fit_row(path, heading, [], number) for _ in range(last + 1, number))
                yield fit_row(path, heading, _cells(row), number)
            else:
                heading = name_columns(path, ["" if cell is None else str(cell) for cell in _cells(row)])
            last = number


def other_sheets(path: Path) -> tuple[str, ...]:
    """The names of the sheets that also have rows, and are not read."""
    with open_book(path) as book:
        return tuple(sheet.title for sheet in _filled(book)[1:])


def _filled(book: Book) -> list[Sheet]:
    """The sheets that people see and that have a heading and a row; the only one is taken to have them."""
    seen = list(book.sheets)
    return seen if len(seen) == 1 else [sheet for sheet in seen if _has_rows(book, sheet)]


def _has_rows(book: Book, sheet: Sheet) -> bool:
    start = islice(sheet_rows(book, sheet), _PEEK_ROWS)
    return sum(not _is_blank(row) for _, row in start) > 1


def _cells(row: _Row) -> list[object]:
    """The cells in their order, up to the last that holds something."""
    filled = [place for place, cell in row.items() if not _is_empty(cell)]
    return [row.get(place) for place in range(max(filled) + 1)]


def _is_blank(row: _Row) -> bool:
    return all(map(_is_empty, row.values()))


def _is_empty(cell: object) -> bool:
    return cell is None or (cell is not UNCALCULATED and not str(cell).strip())
