"""`minyi read FILE --out OUT.csv`: an office's own table, read row by row."""

import codecs
import csv
import itertools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipelines.classify import ANYWHERE
from pipelines.headings import usual_columns
from pipelines.mask import mask_together
from pipelines.reader import Document, Reader
from pipelines.reading import Reading
from pipelines.rows import shown
from pipelines.tables import Table, TableError, defused, open_table

COLUMNS = (
    "sentiment", "p_neg", "p_neu", "p_pos", "intent", "category", "category_detail", "places", "spam",
)  # fmt: skip
# Numbers of the office's own, which a mask would take for telephone or card numbers.
_OWN_NUMBER = re.compile(
    r"(?:^|[_\s-])(?:id|no|key|code|number|url|link|date|time)$|(?-i:[a-z](?:Id|ID|No|Url|URL|Date|Time)$)|_at$"
    r"|编号|序号|单号|工单|流水号|链接|网址|时间|日期",
    re.IGNORECASE,
)
_ONE_NUMBER = re.compile(r"[!-~]*(?: \d\d?:[\d:.]+)?(?: ?[+-]\d\d:?\d\d)?")  # or a time
_CHUNK, _CHUNK_CHARACTERS = 1000, 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadableTable:
    """A table whose texts are in the column `text`, their titles in `title` where it has any.

    `kept` are the columns that come out again, `replaced` those that readings take the place of.
    """

    table: Table
    text: str
    title: str | None
    kept: tuple[str, ...]
    replaced: tuple[str, ...]


def open_readable(path: Path) -> ReadableTable:
    """Find the texts of a table; TableError when it has none.

    A table with a column `text` is taken at its word; in others the usual headings are looked for.
    """
    table = open_table(path)
    named = {name: name for name in ("text", "title") if name in table.columns}
    found = named if "text" in named else usual_columns(table.columns)
    if "text" not in found:
        raise TableError(
            f"{path.name}：没有名为 text 的列，请把正文那一列的表头改为 text（标题列可叫 title）；"
            f"CSV 和 XLSX 的表头要在第一行。现有：{shown(table.columns) or '没有能用的列'}"
        )
    table.refuse_uncalculated(found["text"])
    kept = tuple(column for column in table.columns if column not in COLUMNS)
    replaced = tuple(column for column in table.columns if column in COLUMNS)
    return ReadableTable(
        table=table, text=found["text"], title=found.get("title"), kept=kept, replaced=replaced
    )


def read_table(
    source: ReadableTable,
    out: BinaryIO,
    reader: Reader,
    advance: Callable[[int], None] = lambda rows: None,
    shard: tuple[int, int] = (1, 1),
) -> int:
    """Write the same rows in the same order with their readings, as CSV; how many there were.

    Identifying columns are left out, every other text is masked.  Shard (k, n) is the k-th of n
    stretches of rows: the n results, one after another, are that of the whole table.
    """
    writer = csv.writer(codecs.getwriter("utf-8-sig")(out))
    writer.writerow([*map(defused, source.kept), *COLUMNS])
    done = 0
    for rows in _chunks(source.table, shard):
        writer.writerows(_read_rows(rows, source, reader))
        done += len(rows)
        advance(len(rows))
    return done


def shard_size(size: int, shard: tuple[int, int]) -> tuple[int, int]:
    """Where the shard's rows begin and end."""
    number, of = shard
    return size * (number - 1) // of, size * number // of


def _chunks(table: Table, shard: tuple[int, int]) -> Iterator[list[dict[str, str]]]:
    chunk: list[dict[str, str]] = []
    characters = 0
    for row in itertools.islice(table.rows(empty=True), *shard_size(table.size, shard)):
        chunk.append(row)
        characters += sum(map(len, row.values()))
        if len(chunk) >= _CHUNK or characters >= _CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


def _read_rows(rows: list[dict[str, str]], source: ReadableTable, reader: Reader) -> Iterator[list[object]]:
    masked = [_masked({column: row[column] for column in source.kept}) for row in rows]
    documents = [
        Document(title=row[source.title] if source.title else "", text=row[source.text]) for row in masked
    ]
    for row, reading in zip(masked, reader.read(documents, residents=ANYWHERE), strict=True):
        yield [*(defused(_plain(cell)) for cell in row.values()), *_answers(reading)]


def _masked(row: dict[str, str]) -> dict[str, str]:
    """The row without what is personal; a number of the office's own stays, as long as it is one."""
    said = [column for column, cell in row.items() if not _is_own_number(column, cell)]
    return row | dict(zip(said, mask_together([row[column] for column in said]), strict=True))


def _is_own_number(column: str, cell: str) -> bool:
    return bool(_OWN_NUMBER.search(column) and _ONE_NUMBER.fullmatch(cell))


def _plain(value: str) -> str:
    """Text that UTF-8 can hold."""
    return value.encode("utf-8", "replace").decode("utf-8")


def _answers(reading: Reading) -> list[object]:
    return [
        reading.sentiment,
        reading.p_neg,
        reading.p_neu,
        reading.p_pos,
        reading.intent,
        reading.category if reading.p_category else "",
        reading.category_detail or "",
        json.dumps([_plain(place) for place in reading.places], ensure_ascii=False),
        str(reading.spam).lower(),
    ]
