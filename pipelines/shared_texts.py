"""The texts that a workbook's cells share: of a million petitions, kept packed in a fraction of their size."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from openpyxl.xml.constants import SHEET_MAIN_NS

_TOGETHER, _UNPACKED = 32, 256  # texts packed together; how many such packs are kept unpacked
_ITEM, _RUN, _TEXT = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "r", "t"))
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def read_elements(archive: zipfile.ZipFile, part: str, tag: str) -> Iterator[Any]:
    """The elements of that name in a part; each is forgotten when the next is asked for."""
    with archive.open(part) as file:
        for _, element in etree.iterparse(file, tag=tag, resolve_entities=False):
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def text_of(element: Any) -> str:
    """The text of a shared or a cell's own text: of all its runs, without how they are pronounced."""
    runs = (
        run for child in element for run in (child.iterchildren(_TEXT) if child.tag == _RUN else (child,))
    )
    text = "".join(run.text or "" for run in runs if run.tag == _TEXT)
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(escaped: re.Match[str]) -> str:
    """What XML cannot hold, _x000D_, is written by its number; what no reader sees is left out."""
    character = chr(int(escaped[1], 16))
    return character if character.isprintable() or character in "\t\n\r" else ""


class SharedTexts:
    """Text by its number; all are read when the first is asked for."""

    def __init__(self, archive: zipfile.ZipFile, part: str | None) -> None:
        self._archive, self._part = archive, part
        self._packs: list[bytes] = []
        self._unpacked = lru_cache(_UNPACKED)(self._unpack)

    def __getitem__(self, number: int) -> str:
        pack, place = divmod(number, _TOGETHER)
        return self._unpacked(pack)[place]

    def _unpack(self, pack: int) -> list[str]:
        if not self._packs and self._part is not None:
            self._packs = list(_packed(map(text_of, read_elements(self._archive, self._part, _ITEM))))
        return zlib.decompress(self._packs[pack]).decode("utf-8").split(_END)


def _packed(texts: Iterator[str]) -> Iterator[bytes]:
    while some := list(islice(texts, _TOGETHER)):
        yield zlib.compress(_END.join(some).encode("utf-8", "replace"), 1)


_END = "\x00"  # XML holds no such character
