"""Text as files of offices hold it: in UTF-8, in GB18030, or in UTF-16 with a mark ("Unicode 文本")."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Nearly any two bytes are a character of UTF-16: what never is one tells other data from text.
_NO_CHARACTER = re.compile("[\ufffe\uffff]")
_PEEK_BYTES = 64 * 1024


def decode_text(data: bytes) -> str:
    """The text of a whole file; UnicodeError when it is no text, or its encoding none of these."""
    if data.startswith(_UTF16):
        return _decode_utf16(data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _decode_utf16(data: bytes) -> str:
    text = data.decode("utf-16")
    if _NO_CHARACTER.search(text):
        raise UnicodeError("what looks like UTF-16 is none")
    return text


def decode_lines(file: BinaryIO, path: Path) -> Iterator[str]:
    """The lines of a file, however large; what cannot be decoded is replaced.

    Files glued together from both encodings exist, so each line falls back on its own.
    """
    start = file.read(2)
    file.seek(0)
    if start in _UTF16:
        yield from codecs.getreader("utf-16")(file, "replace")
        return
    guesses = ("utf-8", "gb18030") if _is_mostly_utf8(path) else ("gb18030", "utf-8")
    for number, line in enumerate(file):
        if number == 0:
            line = line.removeprefix(codecs.BOM_UTF8)
        yield _decode(line.replace(b"\x00", b""), guesses)


def _is_mostly_utf8(path: Path) -> bool:
    """Of the first lines that are not plain ASCII, are most valid UTF-8?  (GBK lines rarely are.)"""
    with path.open("rb") as file:
        lines = [line for line in file.readlines(_PEEK_BYTES) if not line.isascii()]
    valid = sum(_is_utf8(line) for line in lines)
    return valid * 2 >= len(lines)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode(line: bytes, guesses: tuple[str, ...]) -> str:
    for encoding in guesses:
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode(guesses[0], errors="replace")
