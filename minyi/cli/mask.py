"""`minyi mask`: shows what masking takes out of a text, and why."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from minyi.cli.console import say, say_json
from minyi.errors import InputError


def mask(
    file: Annotated[Path, typer.Argument(help="文本文件；写 - 则读标准输入", metavar="文件")],
    as_json: Annotated[bool, typer.Option("--json", help="结果写成一行 JSON")] = False,
) -> None:
    """看一段文字里哪些个人信息会被遮盖、为什么；不保存任何内容。"""
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
