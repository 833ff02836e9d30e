"""`minyi import`: hotline exports and comments under an office's own account."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from minyi.cli.about_tables import about_formulas
from minyi.cli.console import progress, say, say_json
from minyi.errors import InputError
from minyi.workspace import Workspace

if TYPE_CHECKING:
    from pipelines.imports import RowReader
    from pipelines.item_pipelines import Intake
    from pipelines.tables import Table


def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV、XLSX 或 JSONL 文件；编码自动识别", metavar="文件")],
    source: Annotated[
        str, typer.Option("--source", help='记在哪个来源名下（配置里 engine = "file" 的来源）')
    ],
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help="字段=列名，如 title=留言主题；可写多次。常见列名会自己认"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")] = False,
) -> None:
    """导入热线导出表或本单位账号下的留言；姓名、电话等列一律丢弃。"""
    from minyi.remask import mask_found_late
    from pipelines.imports import RowReader, guess_mapping
    from pipelines.item_pipelines import Intake
    from pipelines.tables import open_table

    workspace: Workspace = context.obj()
    if workspace.config.source(source).engine != "file":
        raise InputError(
            f'“{source}”是要采集的论坛，文件只能导入 engine = "file" 的来源，请在配置文件里另加一个'
        )
    table = open_table(file)
    rows = RowReader(source, guess_mapping(table, _pairs(mapping or [])), workspace.config.office.zone)
    intake = Intake(workspace.engine, source, workspace.config.accounts, workspace.author_key())
    posts, undated = _take_in(rows, table, intake)
    mask_found_late(workspace, intake.found_late)
    answer = {
        "posts": posts,
        "skipped": dict(rows.skipped),
        "undated_replies": undated,
        "replies_by_day": rows.bare_days,
        "dropped_columns": list(table.dropped),
        "unused_columns": [name for name in table.columns if name not in rows.mapping.values()],
        "unread_sheets": list(table.unread),
        "uncalculated": dict(table.uncalculated),
    }
    if as_json:
        say_json(answer)
        return
    say("\n".join(_about(answer)))


def _take_in(rows: "RowReader", table: "Table", intake: "Intake") -> tuple[int, int]:
    """Store every usable row; how many posts came of them, and how many of these are answers without a time."""
    from crawlers.items import Post
    from pipelines.item_pipelines import InvalidItemError

    posts = undated = 0
    with progress("正在导入") as advance:
        for item in rows.items(table):
            try:
                intake.take(item)
            except InvalidItemError as error:
                if str(error) != "no_thread":  # its thread was counted
                    rows.skipped[_REASONS.get(str(error), str(error))] += 1
                continue
            if isinstance(item, Post):
                posts += 1
                undated += item.posted_at is None
                advance()
        intake.flush()
    return posts, undated


def _about(answer: dict[str, Any]) -> Iterator[str]:
    """What came in, and what of the table did not."""
    yield f"导入 {answer['posts']} 条。"
    if columns := answer["dropped_columns"]:
        yield f"丢弃个人信息列 {len(columns)} 个：{'、'.join(columns)}。"
    if columns := answer["unused_columns"]:
        yield f"没有用到的列：{'、'.join(columns)}。要用请写 --map 字段=列名。"
    if sheets := answer["unread_sheets"]:
        yield f"只导入了有数据的第一张工作表；没有导入：{'、'.join(sheets)}。"
    yield from about_formulas(answer["uncalculated"])
    if count := answer["undated_replies"]:
        yield (
            f"{count} 条答复的时间没有写、看不懂或不晚于留言：算已答复，不计入答复用时；"
            "时间在别的列时用 --map replied_at=列名 再导入一次。"
        )
    if count := answer["replies_by_day"]:
        yield f"{count} 条答复只写了日期：从当天零点算，答复用时最多少算一天；表里有时刻时请一并写上。"
    for reason, count in sorted(answer["skipped"].items(), key=lambda each: -each[1]):
        yield f"略过 {count} 行：{reason}。"


_REASONS = {
    "impossible_time": "时间不可能（太早或在将来）",
    "no_title": "标题为空",
    "bad_key": "编号太长或含有不能保存的字符",
    "refused": "按要求删去过，不再收进来",
}


def _pairs(mapping: list[str]) -> dict[str, str]:
    pairs = dict(part.partition("=")[::2] for part in mapping)
    if wrong := [name for name, column in pairs.items() if not column]:
        raise InputError(f"--map {wrong[0]}：请写成 字段=列名，如 title=留言主题")
    return pairs
