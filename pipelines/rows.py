"""The rows of a CSV or JSON lines file, one after another: heading -> cell."""

import csv
import itertools
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipelines.encodings import decode_lines, is_text
from pipelines.identifying import is_identifying
from pipelines.mask import mask_text

# A cell may hold a whole petition; the default limit of 128 KiB would stop the file.
csv.field_size_limit(16 * 1024 * 1024)

_MOST_COLUMNS = 16_384  # as many as any spreadsheet program has
_MOST_ROWS = {2: 3000}  # of what looks like rows in one cell; sentences look like rows of two columns
_MOST_ROWS_USUALLY = 20


class TableError(ValueError):
    """The file cannot be read as a table; the message says why and what to do."""


class _Uncalculated:
    """What a cell holds whose formula no program has worked out: nothing, and yet not nothing."""

    def __str__(self) -> str:
        return ""


UNCALCULATED = _Uncalculated()


def read_csv(path: Path) -> Iterator[dict[str, object]]:
    """The rows below the heading, which is the first line that is not blank."""
    _refuse_other_data(path)
    with path.open("rb") as file:
        lines = decode_lines(file, path)
        above, first = 0, ""
        for first in lines:
            if first.strip():
                break
            above += 1
        delimiter = max(",\t;|", key=first.count)
        # Strict: a quote that nobody closes would swallow the rest of the file without a word.
        rows = csv.reader(itertools.chain([first], lines), delimiter=delimiter, strict=True)
        begins = 1
        try:
            heading = name_columns(path, next(rows, []))
            begins = rows.line_num + 1
            for row in rows:
                _refuse_swallowed(path, above + begins, heading, row, delimiter)
                if row:
                    yield fit_row(path, heading, row, above + begins)
                begins = rows.line_num + 1
        except csv.Error as error:
            raise _unclosed(path, above + begins) from error


def _refuse_other_data(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(4) == b"PK\x03\x04":
            raise TableError(f"{path.name} 其实是 XLSX 或压缩文件；是 XLSX 就请把文件名的结尾改成 .xlsx")
    if not is_text(path):
        raise TableError(f"{path.name} 不是文本；请用表格软件打开，另存为 .xlsx 或 .csv")


def _refuse_swallowed(
    path: Path, line: int, heading: Sequence[str], row: Sequence[str], delimiter: str
) -> None:
    """TableError when a cell of the row, which begins on that line, holds what must be other rows."""
    if len(heading) < 2:
        return
    for cell in row:
        if "\n" not in cell:
            continue
        within = cell.split("\n")[1:]
        like_rows = sum(text.count(delimiter) >= len(heading) - 1 for text in within)
        most = _MOST_ROWS.get(len(heading), _MOST_ROWS_USUALLY)
        if like_rows >= most and like_rows * 2 > len(within):
            raise _unclosed(path, line)


def _unclosed(path: Path, line: int) -> TableError:
    return TableError(f"{path.name}：从第 {line} 行起有引号没有成对，后面的行会被当成同一格；请改好引号再读")


def name_columns(path: Path, cells: Sequence[str]) -> list[str]:
    """The columns' names; TableError when two that would be kept have the same: one would hide the other.

    Columns without a name are named by their place where there are several; the last ones,
    which spreadsheet programs leave behind, are none.
    """
    heading = [_without_halves(cell.strip()) for cell in cells]
    while heading and not heading[-1]:
        heading.pop()
    if len(heading) > _MOST_COLUMNS:
        raise TableError(
            f"{path.name} 的表头有 {len(heading)} 列，最多 {_MOST_COLUMNS} 列；请确认第一行是表头、换行没有丢"
        )
    if heading.count("") > 1:
        heading = [column or f"第{place}列" for place, column in enumerate(heading, start=1)]
    for column, times in Counter(heading).items():
        if times > 1 and not is_identifying(column):
            raise TableError(f"{path.name}：有两列的表头都是 {column}，请改成不同的名字")
    return heading


def fit_row(path: Path, heading: Sequence[str], cells: Sequence[object], line: int) -> dict[str, object]:
    """Heading -> cell; a short row is as if filled with empty cells, a longer one is refused."""
    for place, cell in enumerate(cells[len(heading) :], start=len(heading) + 1):
        if cell is not None and str(cell).strip():
            raise TableError(
                f"{path.name}：第 {line} 行的第 {place} 格没有表头（现有：{shown(heading)}）；请写上表头，"
                "删去表头上面的说明，或把正文里的逗号连同正文放进引号"
            )
    return dict(zip(heading, [*cells, *[None] * (len(heading) - len(cells))], strict=False))


def shown(columns: Sequence[str]) -> str:
    """The first columns' names for a message; a table without a heading has texts in their place."""
    names = [mask_text(column[:_SHOWN_CHARACTERS]) for column in columns[:_SHOWN]]
    return "、".join(names) + ("……" if len(columns) > _SHOWN else "")


_SHOWN, _SHOWN_CHARACTERS = 8, 20


def read_jsonl(path: Path) -> Iterator[dict[str, object]]:
    """The objects, one a line."""
    _refuse_other_data(path)
    with path.open("rb") as file:
        for number, line in enumerate(decode_lines(file, path), start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise TableError(f"{path.name}：第 {number} 行不是 JSON；{_ONE_A_LINE}") from error
            if not isinstance(row, dict):
                raise TableError(f"{path.name}：第 {number} 行不是 {{…}} 对象；{_ONE_A_LINE}")
            yield {_without_halves(key): value for key, value in row.items()}


_ONE_A_LINE = "每行要是一个完整的 {…}，整个文件外面不加方括号。请改好，或用表格软件另存为 CSV"


def _without_halves(name: str) -> str:
    """The name in characters that any file can hold: JSON can write half of one."""
    return name.encode("utf-8", "replace").decode("utf-8")
