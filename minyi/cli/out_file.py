"""A file that a person names for a result."""

from pathlib import Path

from minyi.errors import InputError


def check_folder(out: Path | None) -> Path | None:
    """The file as named; its own folder is made if need be, one further up that is missing is a slip.

    Said before the work begins.  InputError names the folder that is not there.
    """
    if out is not None and not out.parent.exists() and not out.parent.parent.is_dir():
        raise InputError(f"没有文件夹 {out.parent.parent}，写不了 {out}；请检查 --out 的路径")
    return out
