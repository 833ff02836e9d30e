"""Reading tables that offices have: CSV in any encoding, XLSX, JSON lines; streamed.

Identifying columns (names, telephones, addresses, accounts) are dropped here, before
anything else sees them.
"""

import csv
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from pipelines.encodings import decode_lines
from pipelines.identifying import is_identifying

# A cell may hold a whole petition; the default limit of 128 KiB would stop the file.
csv.field_size_limit(16 * 1024 * 1024)

_MOST_LINES, _MOST_ROWS = 3000, 20  # in one cell: of text, and of what looks like rows
_PEEK_ROWS = 100  # an object of JSON lines may leave out what is empty


class TableError(ValueError):
    """The file cannot be read as a table; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """An opened table: its remaining columns, those dropped as identifying, and its rows."""

    path: Path
    columns: tuple[str, ...]
    dropped: tuple[str, ...]

    def rows(self, *, empty: bool = False) -> Iterator[dict[str, str]]:
        """One dict a row, without the dropped columns; every value is text, empty when absent.

        Rows of empty cells are passed over unless `empty`.
        """
        for row in _READERS[self.path.suffix.lower()](self.path):
            if empty or any(row.values()):
                yield {column: row.get(column, "") for column in self.columns}


def open_table(path: Path) -> Table:
    """Look at a file's heading; TableError when it is no table that can be read."""
    if path.is_dir():
        raise TableError(f"{path} 是文件夹，不是文件；请写其中一个 .csv、.xlsx 或 .jsonl 文件")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise TableError(f"{path.name}：只认 .csv、.xlsx、.jsonl 文件，请另存为其中一种")
    try:
        first = list(itertools.islice(reader(path), _PEEK_ROWS))
    except FileNotFoundError as error:
        raise TableError(f"找不到文件 {path}") from error
    except OSError as error:
        raise TableError(f"读不了文件 {path}：{error.strerror}") from error
    if not first:
        raise TableError(f"{path.name}：没有数据行")
    columns = tuple(dict.fromkeys(column for row in first for column in row))
    dropped = tuple(column for column in columns if is_identifying(column))
    return Table(path=path, columns=tuple(c for c in columns if c not in dropped), dropped=dropped)


def _read_csv(path: Path) -> Iterator[dict[str, str]]:
    with path.open("rb") as file:
        lines = decode_lines(file, path)
        peeked = list(itertools.islice(lines, 50))
        delimiter = _delimiter(peeked)
        # Strict: a quote that nobody closes would swallow the rest of the file without a word.
        rows = csv.reader(itertools.chain(peeked, lines), delimiter=delimiter, strict=True)
        begins = 1
        try:
            heading = _heading(path, next(rows, []))
            begins = rows.line_num + 1
            for row in rows:
                _refuse_swallowed(path, begins, heading, row, delimiter)
                begins = rows.line_num + 1
                if row:
                    yield _row(heading, row)
        except csv.Error as error:
            raise _unclosed(path, begins) from error


def _refuse_swallowed(
    path: Path, line: int, heading: Sequence[str], row: Sequence[str], delimiter: str
) -> None:
    """TableError when a cell of the row, which begins on that line, holds what must be other rows."""
    for cell in row:
        if "\n" not in cell:
            continue
        within = cell.split("\n")[1:]
        like_rows = (
            sum(text.count(delimiter) >= len(heading) - 1 for text in within) if len(heading) > 2 else 0
        )
        if len(within) > _MOST_LINES or (like_rows >= _MOST_ROWS and like_rows * 2 > len(within)):
            raise _unclosed(path, line)


def _unclosed(path: Path, line: int) -> TableError:
    return TableError(f"{path.name}：从第 {line} 行起有引号没有成对，后面的行会被当成同一格；请改好引号再读")


def _delimiter(lines: Sequence[str]) -> str:
    heading = lines[0] if lines else ""
    return max(",\t;", key=heading.count)


def _read_xlsx(path: Path) -> Iterator[dict[str, str]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except OSError:
        raise
    except Exception as error:  # openpyxl lets zipfile, XML and its own errors through
        raise TableError(f"{path.name} 不是完好的 XLSX 文件，请用表格软件重新另存") from error
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        heading = _heading(path, [_cell(value) for value in next(rows, ())])
        blank = 0
        for row in rows:
            if all(value is None for value in row):
                blank += 1
                continue
            # Sheets end in any number of blank rows; only those between others are rows.
            yield from (_row(heading, []) for _ in range(blank))
            blank = 0
            yield _row(heading, [_cell(value) for value in row])
    finally:
        book.close()


def _heading(path: Path, cells: Sequence[str]) -> list[str]:
    """The columns' names; TableError when two that would be kept have the same: one would hide the other."""
    heading = [cell.strip() for cell in cells]
    for column in heading:
        if column and heading.count(column) > 1 and not is_identifying(column):
            raise TableError(f"{path.name}：有两列的表头都是 {column}，请改成不同的名字")
    return heading


def _row(heading: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Heading -> cell; a short row is as if filled with empty cells."""
    return dict(zip(heading, [*cells, *[""] * (len(heading) - len(cells))], strict=False))


def _cell(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _read_jsonl(path: Path) -> Iterator[dict[str, str]]:
    with path.open("rb") as file:
        for number, line in enumerate(decode_lines(file, path), start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise TableError(f"{path.name}：第 {number} 行不是 JSON") from error
            if not isinstance(row, dict):
                raise TableError(f"{path.name}：第 {number} 行不是 {{…}} 对象")
            yield {str(key): _json_cell(value) for key, value in row.items()}


def _json_cell(value: object) -> str:
    return (
        _cell(value)
        if value is None or isinstance(value, str | int | float)
        else json.dumps(value, ensure_ascii=False)
    )


def defused(cell: object) -> object:
    """The cell as it may stand in a CSV: a spreadsheet program must not take its text for a formula."""
    if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")

_READERS = {
    ".csv": _read_csv,
    ".txt": _read_csv,
    ".tsv": _read_csv,
    ".xlsx": _read_xlsx,
    ".jsonl": _read_jsonl,
}
