"""The fonts a brief is set in: Noto CJK from the system, 仿宋 and 楷体 where installed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst

SYSTEM_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / ".fonts",
    Path("/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
SANS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC")
SERIF = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC")
FANGSONG = ("FangSong_GB2312", "FangSong", "FZFangSong-Z02", "STFangsong")
KAI = ("KaiTi_GB2312", "KaiTi", "FZKai-Z03", "STKaiti")
REMEDY = "找不到中文字体；请运行 apt-get install fonts-noto-cjk，或用 fonts 目录指明字体所在"


class FontError(RuntimeError):
    """No font that can show Chinese; the message says what to install."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One face of a font file."""

    family: str
    path: Path
    index: int
    bold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fonts:
    """Families to set text in, and the files they live in.  `fangsong` and `kai` may be missing."""

    sans: str
    serif: str
    fangsong: str | None
    kai: str | None
    faces: tuple[Face, ...]

    @property
    def folders(self) -> tuple[Path, ...]:
        return tuple(sorted({face.path.parent for face in self.faces}))

    def face(self, family: str, *, bold: bool = False) -> Face:
        """The face of that family; the other weight where this one is missing."""
        own = [face for face in self.faces if face.family == family]
        return next((face for face in own if face.bold == bold), own[0])


def find_fonts(folder: Path | None = None) -> Fonts:
    """Look into `folder` alone, or into the system's usual folders.

    Raises:
        FontError: no Sans or no Serif with Chinese characters.
    """
    return _find((folder,) if folder else SYSTEM_FOLDERS)


@cache
def _find(folders: Sequence[Path]) -> Fonts:
    faces = _faces([folder for folder in folders if folder.is_dir()])
    families = {face.family for face in faces}
    sans, serif, fangsong, kai = (_first(names, families) for names in (SANS, SERIF, FANGSONG, KAI))
    if sans is None and serif is None:
        raise FontError(REMEDY)
    wanted = {sans, serif, fangsong, kai}
    return Fonts(
        sans=sans or serif or "",
        serif=serif or sans or "",
        fangsong=fangsong,
        kai=kai,
        faces=tuple(face for face in faces if face.family in wanted),
    )


def _faces(folders: list[Path]) -> list[Face]:
    """Upright regular and bold faces below the folders, in a stable order."""
    found = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders],
    )
    faces = [
        Face(family=font.family, path=Path(font.path), index=font.index, bold=font.weight >= 600)
        for font in found.fonts()
        if font.path and font.style == "normal" and font.weight in (400, 700)
    ]
    return sorted(faces, key=lambda face: (face.family, face.bold, str(face.path), face.index))


def _first(names: Sequence[str], families: set[str]) -> str | None:
    return next((name for name in names if name in families), None)
