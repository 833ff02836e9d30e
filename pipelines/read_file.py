"""`minyi read FILE --out OUT.csv`: an office's own table, read row by row."""

import csv
import itertools
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from pipelines.classify import ANYWHERE
from pipelines.mask import mask_text
from pipelines.reader import Document, Reader
from pipelines.reading import Reading
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
_CHUNK = 1000


def read_file(
    path: Path, out: Path, reader: Reader, advance: Callable[[int], None] = lambda rows: None
) -> dict[str, object]:
    """Write the same rows in the same order with their readings; what was done, for the person who asked.

    Identifying columns are left out, every other text is masked.  The result appears under
    its name only when it is complete.
    """
    table = open_table(path)
    if "text" not in table.columns:
        raise TableError(
            f"{path.name}：没有名为 text 的列，请把正文那一列的表头改为 text（标题列可叫 title）"
        )
    if out.resolve() == path.resolve():
        raise TableError(f"结果不能写回原表 {path.name}，请用 --out 另起一个文件名")
    if out.is_dir():
        raise TableError(f"结果不能写成文件夹 {out}，请用 --out 写一个文件名")
    kept = [column for column in table.columns if column not in COLUMNS]
    unfinished = out.with_name(out.name + ".part")
    done = 0
    try:
        with unfinished.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*map(defused, kept), *COLUMNS])
            for rows in _chunks(table):
                writer.writerows(_read_rows(rows, kept, reader))
                done += len(rows)
                advance(len(rows))
        unfinished.replace(out)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()
    return {"read": done, "model": reader.version, "dropped": list(table.dropped), "out": str(out)}


def _chunks(table: Table) -> Iterator[list[dict[str, str]]]:
    rows = table.rows(empty=True)
    while chunk := list(itertools.islice(rows, _CHUNK)):
        yield chunk


def _read_rows(rows: list[dict[str, str]], kept: list[str], reader: Reader) -> Iterator[list[object]]:
    texts = [column for column in kept if not _OWN_NUMBER.search(column)]
    masked = [row | {column: mask_text(row[column]) for column in texts} for row in rows]
    documents = [Document(title=row.get("title", ""), text=row["text"]) for row in masked]
    for row, reading in zip(masked, reader.read(documents, residents=ANYWHERE), strict=True):
        yield [*(defused(_plain(row[column])) for column in kept), *_answers(reading)]


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
        reading.category,
        reading.category_detail or "",
        json.dumps([_plain(place) for place in reading.places], ensure_ascii=False),
        str(reading.spam).lower(),
    ]
