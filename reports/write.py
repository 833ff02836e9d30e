"""Files appear whole or not at all."""

import contextlib
import os
import tempfile
from pathlib import Path


class WriteError(OSError):
    """A file could not be written; nothing is left under its name."""


def write_atomically(path: Path, data: bytes | str) -> None:
    """Write beside the final name, flush to the disk, then rename.

    Raises:
        WriteError: with one line for people (full disk, no permission, …).
    """
    content = data.encode() if isinstance(data, str) else data
    part: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
        part = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o640)
        part.replace(path)
    except OSError as error:
        if part is not None:
            with contextlib.suppress(OSError):
                part.unlink()
        reason = error.strerror or str(error)
        raise WriteError(f"写不了 {path}：{reason}。请检查磁盘空间和权限；没有留下半个文件。") from error
