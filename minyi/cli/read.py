"""`minyi read`: gives every post a reading, or reads a table into a new one."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from minyi.cli.about_tables import about_formulas
from minyi.cli.console import note, progress, say, say_json
from minyi.cli.out_file import check_folder
from minyi.errors import InputError, MinyiError
from minyi.journal import note_event
from minyi.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from pipelines.reading import Reading

BATCH = 1000


def read(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(help="要读的表（CSV、XLSX、JSONL）；不写则读库中还没读过的帖子", metavar="文件"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="读表时结果写到哪个 CSV", callback=check_folder)
    ] = None,
    shard: Annotated[
        str, typer.Option("--shard", help="几个进程分着读，如 3/8：八份中的第三份；表的各份首尾相接就是全表")
    ] = "1/1",
    as_json: Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")] = False,
) -> None:
    """清洗、分词，判断情感、意图、类别，找出地点；每帖每个模型版本读一次。"""
    part = parse_shard(shard)
    workspace: Workspace = context.obj(for_table=file is not None)
    answer = _read_table(workspace, file, out, part) if file else _read_store(workspace, part)
    if as_json:
        say_json(answer)
        return
    say(f"读了 {answer['read']} 条，模型 {answer['model']}。")
    for line in _about_table(answer):
        say(line)


def _about_table(answer: dict[str, Any]) -> Iterator[str]:
    """What somebody who compares the result with the table should know."""
    if "out" not in answer:
        return
    yield f"结果写到 {answer['out']}。"
    if columns := answer["dropped"]:
        yield f"丢弃个人信息列 {len(columns)} 个：{'、'.join(columns)}。"
    if columns := answer["replaced"]:
        yield f"原表的 {'、'.join(columns)} 换成了这次的判断。"
    if answer["text"] != "text":
        title = f"，标题取自“{answer['title']}”" if answer["title"] else ""
        yield f"正文取自“{answer['text']}”列{title}。"
    yield from about_formulas(answer["uncalculated"])
    if sheets := answer["unread_sheets"]:
        yield f"只读了有数据的第一张工作表；没有读：{'、'.join(sheets)}。要读请另存为单独的文件。"


def _read_store(workspace: Workspace, shard: tuple[int, int]) -> dict[str, object]:
    from pipelines.reader import Document
    from pipelines.store.patience import patiently
    from pipelines.store.readings import unread_posts

    reader, done = workspace.reader, 0
    number, of = shard
    with _turn(workspace, f"minyi read {number}/{of}") as keep, progress("正在阅读") as advance:
        for rows in unread_posts(workspace.engine, reader.version, size=BATCH, shard=(number, of)):
            keep()
            # A reply carries its thread's title on the page, but says nothing of it.
            documents = [Document(title=row.title if row.is_first else "", text=row.text) for row in rows]
            results = reader.read(documents)
            patiently(partial(_save, workspace, rows, results))
            done += len(rows)
            advance(len(rows))
    note_event("read", read=done)
    return {"read": done, "model": reader.version}


@contextmanager
def _turn(workspace: Workspace, work: str) -> Iterator[Callable[[], object]]:
    """Wait until nobody else does this work; what is yielded, called from time to time, keeps others waiting.

    A killed reader of this machine makes room at once, one of another machine when its lease ends.
    """
    from pipelines.store.leases import StoreLease

    lease = StoreLease(workspace.engine)
    if lease.acquire(work, 0.0):
        note("另一个 minyi read 正在读，等它读完再看还有没有没读的……")
        while wait := lease.acquire(work, 0.0):
            time.sleep(wait)
    try:
        yield lambda: lease.acquire(work, 0.0)
    finally:
        lease.release(work)


def _save(workspace: Workspace, rows: "Sequence[Row[Any]]", results: "Sequence[Reading]") -> None:
    from pipelines.store.readings import save_readings

    with workspace.engine.begin() as connection:
        save_readings(connection, rows, results, workspace.reader.version, datetime.now(UTC))


def _read_table(
    workspace: Workspace, file: Path, out: Path | None, shard: tuple[int, int]
) -> dict[str, object]:
    from minyi.tables import check_result
    from pipelines.read_file import open_readable, read_table, shard_size
    from reports.write import open_atomically

    if out is not None:
        check_result(out, file)
    source = open_readable(file)
    if out is None:  # what is no table needs another file first
        raise InputError("读表时请用 --out 指明结果写到哪里")
    begin, end = shard_size(source.table.size, shard)
    try:
        reader = workspace.reader
        with progress("正在阅读", total=end - begin) as advance, open_atomically(out) as result:
            done = read_table(source, result, reader, advance, shard)
    except KeyboardInterrupt as error:
        raise InterruptedTableError(f"已中断；没有写出 {out}，再次运行会从头读起") from error
    return {
        "read": done,
        "model": reader.version,
        "dropped": list(source.table.dropped),
        "replaced": list(source.replaced),
        "text": source.text,
        "title": source.title,
        "unread_sheets": list(source.table.unread),
        "uncalculated": dict(source.table.uncalculated),
        "out": str(out),
    }


class InterruptedTableError(MinyiError):
    """The reading of a table was interrupted; nothing of it is kept."""

    exit_code = 130


def parse_shard(text: str) -> tuple[int, int]:
    """(k, n) of "k/n"; InputError unless 1 <= k <= n."""
    match = re.fullmatch(r"(\d+)/(\d+)", text)
    if match and 1 <= int(match[1]) <= int(match[2]):
        return int(match[1]), int(match[2])
    raise InputError(f"看不懂 --shard {text}，请写成 3/8 的样子（第 3 份，共 8 份）")
