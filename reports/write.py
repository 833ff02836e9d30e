"""Files appear whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


class WriteError(OSError):
    """A file could not be written; nothing is left under its name."""


def write_atomically(path: Path, data: bytes | str) -> None:
    """Write a whole file.

    Raises:
        WriteError: with one line for people (full disk, no permission, …).
    """
    with open_atomically(path) as file:
        file.write(data.encode() if isinstance(data, str) else data)


@contextlib.contextmanager
def open_atomically(path: Path) -> Iterator[BinaryIO]:
    """A file to write beside the final name; flushed to the disk and renamed at the end.

    Whatever goes wrong, nothing new is left under the final name, nor beside it.  What is no
    file (a terminal, a pipe, /dev/null) is written to as it is: a file must not take its place.

    Raises:
        WriteError: with one line for people (full disk, no permission, …).
    """
    if path.is_dir():
        raise WriteError(f"写不了 {path}：这是文件夹，不是文件；请写一个文件名")
    part: Path | None = None
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
        part = Path(name)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o640)
        part.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise WriteError(f"写不了 {path}：{reason}。请检查磁盘空间和权限；没有留下半个文件。") from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
