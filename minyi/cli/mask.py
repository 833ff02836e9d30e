"""`minyi mask`: shows what masking takes out of a text, and why; masks again what is stored."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from minyi.cli.console import say, say_json
from minyi.errors import InputError
from minyi.workspace import Workspace


def mask(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="文本文件；写 - 则读标准输入", metavar="文件")] = None,
    stored: Annotated[bool, typer.Option("--stored", help="库里已有的文字按现在的规则再遮盖一遍")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="配合 --stored：只数会改多少，什么也不改")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")] = False,
) -> None:
    """看一段文字里哪些个人信息会被遮盖、为什么，不保存任何内容；--stored 把库里的旧文字再遮盖一遍。"""
    if (file is None) != stored or (dry_run and not stored):
        raise InputError("请写一个文本文件；要遮盖库里的文字，请写 --stored（--dry-run 只和它合用）")
    if file is None:
        _mask_stored(context.obj(), dry_run, as_json)
    else:
        _show(file, as_json)


def _mask_stored(workspace: Workspace, dry_run: bool, as_json: bool) -> None:
    from minyi.remask import remask

    done = remask(workspace, staff=workspace.staff, dry_run=dry_run)
    if as_json:
        say_json(asdict(done) | {"dry_run": dry_run})
        return
    verb = "会重新遮盖" if dry_run else "已重新遮盖"
    say(
        f"{verb}帖子 {done.posts} 条、标题 {done.titles} 个、工作记录 {done.notes} 处、"
        f"版块、单位、地点和专题的名称 {done.names} 个。"
    )
    if dry_run:
        say("引用它们的分析结果、事项标题和简报文件会一并改写。")
        return
    say(f"一并改写分析结果 {done.runs} 次、事项标题 {done.issues} 个、简报文件 {done.files} 个。")
    if done.posts or done.titles:
        say("改过的帖子要重新判读，请运行 minyi read（每天的任务也会做）。")


def _show(file: Path, as_json: bool) -> None:
    from pipelines.mask import find_personal, mask_text

    text = _read(file)
    found = find_personal(text)
    if as_json:
        say_json(
            [
                {"kind": item.kind, "start": item.start, "end": item.end, "reason": item.reason}
                for item in found
            ]
        )
        return
    say(mask_text(text))
    say(f"—— 遮盖 {len(found)} 处" + ("：" if found else "。"))
    for item in found:
        say(f"   第 {item.start + 1} 字起：{item.reason}")


def _read(file: Path) -> str:
    from pipelines.encodings import decode_text

    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except (FileNotFoundError, IsADirectoryError) as error:
        raise InputError(f"{file}：{error.strerror}；请写一个文本文件") from error
    try:
        return decode_text(data)
    except UnicodeError as error:
        raise InputError(f"{file} 不是文本文件，或编码不明；请另存为 UTF-8 的文本文件") from error
