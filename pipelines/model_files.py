"""A folder of models: arrays in .npz files, and a manifest with the format, the library versions it was
made with and a checksum of every file.  Nothing in it needs to be trusted: arrays, lists and text only.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from pipelines.arrays import Array, ArraysError, unpack_arrays
from pipelines.classify import TASKS, Models, Registers
from pipelines.features import NGrams
from pipelines.linear import Linear, Vocabulary

FORMAT: Final = 3
MANIFEST: Final = "manifest.json"
SHIPPED: Final = Path(__file__).parent / "models"
FILES: Final = ("registers", *TASKS)

_REMEDY = "请重新安装 minyi，或运行 minyi train 重新训练"


class ModelError(ValueError):
    """The models cannot be used; the message says which file, why, and the remedy."""


@dataclass(frozen=True)
class _Manifest:
    """What a folder of models says of itself."""

    version: str
    checksums: dict[str, str]

    def checksum_of(self, path: Path) -> str:
        """What it says of a file; "", which is no file's, of one it does not know."""
        return self.checksums.get(path.name, "")


def load_models(folder: Path | None = None) -> Models:
    """The models of a folder; ModelError when anything is amiss.

    Without a folder those that are shipped, read once in a process: they take a third of a second.
    """
    return _load(folder) if folder else _shipped()


@cache
def _shipped() -> Models:
    return _load(SHIPPED)


def _load(folder: Path) -> Models:
    manifest = _read_manifest(folder / MANIFEST)
    stored = {
        name: read_arrays(folder / f"{name}.npz", "模型文件", manifest.checksum_of, _REMEDY)[0]
        for name in FILES
    }
    return assemble(manifest.version, stored)


def shipped_version(folder: Path | None = None) -> str:
    """The version of a folder's models, without loading them."""
    return _read_manifest((folder or SHIPPED) / MANIFEST).version


def _read_manifest(path: Path) -> _Manifest:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        found = stored["format"]
        manifest = _Manifest(version=str(stored["version"]), checksums=dict(stored["files"]))
    except FileNotFoundError as error:
        raise ModelError(f"找不到模型清单 {path}；{_REMEDY}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"模型清单 {path} 读不出来；{_REMEDY}") from error
    if found != FORMAT:
        raise ModelError(f"模型格式是 {found}，本程序需要 {FORMAT}（{path}）；{_REMEDY}")
    return manifest


def read_arrays(
    path: Path, name: str, known: Callable[[Path], str | None], remedy: str
) -> tuple[dict[str, Array], str]:
    """The arrays of a model's file and its checksum, which must be the one `known` unless that is None.

    ModelError, in one line with the file's name for people and the remedy, when it cannot be used.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"找不到{name} {path}；{remedy}") from error
    checksum = hashlib.sha256(content).hexdigest()
    if known(path) not in (None, checksum):
        raise ModelError(f"{name} {path} 与清单不符（不完整，或属于另一版本）；{remedy}")
    try:
        return unpack_arrays(content), checksum
    except ArraysError as error:
        raise ModelError(f"{name} {path} 未载入：{error}；{remedy}") from error


def assemble(version: str, stored: Mapping[str, Mapping[str, Array]]) -> Models:
    """Models from what their files hold."""
    shared = stored["registers"]
    return Models(
        version=version,
        ngrams=NGrams(tuple(shared["words"].tolist()), tuple(shared["characters"].tolist())),
        ignored=frozenset(stored["category"]["ignored"].tolist()),
        registers=registers_of(shared),
        **{task: _linear(stored[task]) for task in TASKS},
    )


def registers_of(stored: Mapping[str, Array]) -> Registers:
    """Registers from what their file holds."""
    return Registers(_linear(stored))


def _linear(stored: Mapping[str, Array]) -> Linear:
    # Coefficients are kept as square roots in 8 bits: most are small, few are large.
    roots = stored["coefficients"].astype(np.float32) / 127
    return Linear(
        labels=tuple(stored["labels"].tolist()),
        vocabulary=Vocabulary(stored["keys"], stored["weights"].astype(np.float32), bool(stored["counted"])),
        coefficients=np.square(roots) * np.sign(roots) * stored["scales"],
        extras=stored["extras"],
        intercepts=stored["intercepts"],
        temperature=float(stored["temperature"]),
    )
