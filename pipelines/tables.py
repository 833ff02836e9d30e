"""Reading tables that offices have: CSV in any encoding, XLSX, JSON lines; streamed.

Identifying columns (names, telephones, addresses, accounts) are dropped here, before
anything else sees them.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.identifying import is_identifying
from pipelines.rows import UNCALCULATED, TableError, read_csv, read_jsonl
from pipelines.sheets import other_sheets, read_xlsx

__all__ = ["SAVE_ONCE", "Table", "TableError", "defused", "open_table"]

# What to do about formulas whose results are not in the file.
SAVE_ONCE = "请用 Excel 或 WPS 打开这个文件，保存一次，再来读"

_LARGEST_WHOLE = 10**21  # an identity number kept as a float must not hide in a power of ten


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """An opened table: its remaining columns, those dropped as identifying, and its rows.

    `size` counts the rows, empty ones too; `unread` names sheets that also have rows; `uncalculated`
    counts, by column, the formulas whose result the file does not hold: they are read as empty.
    """

    path: Path
    columns: tuple[str, ...]
    dropped: tuple[str, ...]
    size: int
    unread: tuple[str, ...] = ()
    uncalculated: Mapping[str, int] = field(default_factory=dict)

    def refuse_uncalculated(self, column: str) -> None:
        """TableError when the column, which the table is read for, has formulas without their results."""
        if count := self.uncalculated.get(column):
            raise TableError(
                f"{self.path.name}：“{column}”列有 {count} 格是公式，文件里没有算出的结果；{SAVE_ONCE}"
            )

    def rows(self, *, empty: bool = False) -> Iterator[dict[str, str]]:
        """One dict a row, without the dropped columns; every value is text, empty when absent.

        Rows of empty cells are passed over unless `empty`.
        """
        try:
            for row in _READERS[self.path.suffix.lower()](self.path):
                cells = {column: _text(row.get(column)) for column in self.columns}
                if empty or any(cells.values()):
                    yield cells
        except OSError as error:
            raise _unreadable(self.path, error) from error


def open_table(path: Path) -> Table:
    """Look through a file once; TableError when it is no table that can be read to its end.

    A fault in the last row is so told before the work, not after an hour of it; and objects of
    JSON lines may leave out what is empty, so that only the last one completes the columns.
    """
    reader = _READERS.get(path.suffix.lower())
    if path.is_dir():
        raise TableError(f"{path} 是文件夹，不是文件；请写其中一个 .csv、.xlsx 或 .jsonl 文件")
    if path.exists() and not path.is_file():
        raise TableError(f"{path} 不是普通文件，读不了两遍；请先存成 .csv、.xlsx 或 .jsonl 文件")
    if reader is None:
        raise TableError(f"{path.name}：只认 .csv、.xlsx、.jsonl 文件，请另存为其中一种")
    columns: dict[str, None] = {}
    within: dict[str, None] = {}
    uncalculated: Counter[str] = Counter()
    size = 0
    try:
        for row in reader(path):
            size += 1
            columns |= dict.fromkeys(row)
            within |= dict.fromkeys(name for value in row.values() for name in _identifying_within(value))
            uncalculated.update(name for name, value in row.items() if value is UNCALCULATED)
        unread = other_sheets(path) if reader is read_xlsx else ()
    except RecursionError as error:
        raise TableError(f"{path.name}：第 {size} 条里的 JSON 套了一百层以上，读不了；请先展开") from error
    except FileNotFoundError as error:
        raise TableError(f"找不到文件 {path}") from error
    except OSError as error:
        raise _unreadable(path, error) from error
    if not size:
        raise TableError(f"{path.name}：没有数据行；第一行要是表头，从第二行起是数据")
    kept = tuple(column for column in columns if not is_identifying(column))
    dropped = tuple(column for column in columns | within if is_identifying(column))
    counts = {column: uncalculated[column] for column in kept if column in uncalculated}
    return Table(path=path, columns=kept, dropped=dropped, size=size, unread=unread, uncalculated=counts)


def _unreadable(path: Path, error: OSError) -> TableError:
    return TableError(f"读不了文件 {path}：{error.strerror or error}")


def _identifying_within(value: object, deep: int = 0) -> Iterator[str]:
    """The identifying names inside a nested value; RecursionError when it is nested too deep to be data."""
    if deep > _DEEPEST:
        raise RecursionError
    if isinstance(value, dict):
        for name, inner in value.items():
            if is_identifying(name):
                yield name
            else:
                yield from _identifying_within(inner, deep + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _identifying_within(inner, deep + 1)


_DEEPEST = 100


def _without_identifying(value: object) -> object:
    if isinstance(value, dict):
        return {
            name: _without_identifying(inner) for name, inner in value.items() if not is_identifying(name)
        }
    return [_without_identifying(inner) for inner in value] if isinstance(value, list) else value


def _text(value: object) -> str:
    """A cell as text: whole numbers without a point, what is nested as JSON, no number as nothing."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, float) and math.isnan(value):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_WHOLE:
        return str(int(value))
    if isinstance(value, bool | dict | list):
        return json.dumps(_without_identifying(value), ensure_ascii=False)
    return str(value)


def defused(cell: object) -> object:
    """The cell as it may stand in a CSV: a spreadsheet program must not take its text for a formula."""
    if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")

_READERS = {
    ".csv": read_csv,
    ".txt": read_csv,
    ".tsv": read_csv,
    ".xlsx": read_xlsx,
    ".jsonl": read_jsonl,
}
