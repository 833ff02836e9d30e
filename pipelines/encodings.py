"""Text as files of offices hold it: in UTF-8, in GB18030, or in UTF-16 ("Unicode 文本")."""

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Nearly any two bytes are a character of UTF-16: what never is one tells other data from text.
_NO_CHARACTER = re.compile("[\ufffe\uffff]")
# What is in no text of UTF-16, but in nearly any other data that is taken for it.
_OTHER_DATA = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ue000-\uf8ff\ufffe\uffff]")
_CONTROLS = bytes([*range(1, 9), *range(14, 32)])
_MOST_CONTROLS = 0.05
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_PEEK_BYTES = 64 * 1024


def decode_text(data: bytes) -> str:
    """The text of a whole file; UnicodeError when it is no text, or its encoding none of these."""
    if encoding := _utf16(data):
        return _decode_utf16(data, encoding)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _decode_utf16(data: bytes, encoding: str) -> str:
    text = data.decode(encoding)
    if _NO_CHARACTER.search(text):
        raise UnicodeError("what looks like UTF-16 is none")
    return text


def _utf16(data: bytes) -> str | None:
    """The kind of UTF-16 that a file is in, by how it begins; None when it is in none.

    Some programs leave the mark out: then its line breaks, of one byte elsewhere, have two.
    """
    if data.startswith(_UTF16):
        return "utf-16"
    if b"\x00" not in data[:_PEEK_BYTES]:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        start = data[:_PEEK_BYTES].decode(encoding, "ignore")
        if re.search(r"[\r\n]", start) and not _OTHER_DATA.search(start):
            return encoding
    return None


def is_text(path: Path) -> bool:
    """Could this file be text?  Pictures, archives and the like are full of control characters."""
    with path.open("rb") as file:
        start = file.read(_PEEK_BYTES)
    controls = len(start) - len(start.translate(None, _CONTROLS))
    return bool(_utf16(start)) or controls <= len(start) * _MOST_CONTROLS


def decode_lines(file: BinaryIO, path: Path) -> Iterator[str]:
    """The lines of a file, however large, with their ends; what cannot be decoded is replaced.

    Files glued together from both encodings exist, so each line falls back on its own.
    """
    start = file.read(_PEEK_BYTES)
    file.seek(0)
    if encoding := _utf16(start):
        with io.TextIOWrapper(file, encoding, "replace", newline="") as text:
            yield from text
        return
    guesses = ("utf-8", "gb18030") if _is_mostly_utf8(path) else ("gb18030", "utf-8")
    for number, line in enumerate(file):
        if number == 0:
            line = line.removeprefix(codecs.BOM_UTF8)
        decoded = _decode(line.replace(b"\x00", b""), guesses)
        # Old Macs end lines with a carriage return alone.
        yield from _LINE.findall(decoded) if "\r" in decoded[:-2] else (decoded,)


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
