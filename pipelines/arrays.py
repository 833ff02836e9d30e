"""Files of named arrays (.npz): all that a trained model is, read by numpy alone.

Objects are neither written nor read, so that a model file brings no code along.
"""

import io
import zlib
from collections.abc import Mapping
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from numpy.lib.npyio import NpzFile

Array = npt.NDArray[Any]

_SIGNS_OF_DAMAGE: Final = (
    BadZipFile,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    ValueError,
    zlib.error,
)


class ArraysError(ValueError):
    """A file is damaged, or holds something else than arrays of numbers, flags and texts."""


def pack_arrays(stored: Mapping[str, Any]) -> bytes:
    """A file of arrays, and of what makes one: numbers, lists of texts; equal content gives equal bytes."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **stored)
    return file.getvalue()


def unpack_arrays(content: bytes) -> dict[str, Array]:
    """The arrays of a file by name (a single number has no dimensions); ArraysError when anything is amiss."""
    try:
        archive = np.load(io.BytesIO(content), allow_pickle=False)
        arrays = {name: archive[name] for name in archive} if isinstance(archive, NpzFile) else None
    except _SIGNS_OF_DAMAGE as error:
        raise ArraysError("文件已损坏，或含有不可信的类型") from error
    if arrays is None:
        raise ArraysError("文件不是一组数组")
    return arrays
