"""Reads files of arrays that skops wrote, without skops.

A model is dicts and lists of texts, numbers and arrays.  Importing skops brings all of scikit-learn,
scipy.stats and pandas: two seconds of every `minyi read`, for what zip, JSON and numpy can do.
Whatever else a file holds is refused, so that a model brings no code along.
"""

import io
import json
import zlib
from collections.abc import Callable
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

import numpy as np

_PROTOCOL: Final = 2
_SIGNS_OF_DAMAGE: Final = (
    *(AttributeError, BadZipFile, EOFError, LookupError, RuntimeError, TypeError, ValueError),
    zlib.error,
)


class ArraysError(ValueError):
    """The file is damaged, of another protocol, or holds a type that no model has; the message says which."""


def read_arrays(content: bytes) -> Any:
    """What `skops.io.dumps` was given; ArraysError when it was more than arrays, lists, dicts and JSON's values."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            return _whole(archive)
    except ArraysError:
        raise
    except _SIGNS_OF_DAMAGE as error:
        raise ArraysError("文件已损坏") from error


def _whole(archive: ZipFile) -> Any:
    schema = json.loads(archive.read("schema.json"))
    if schema["protocol"] != _PROTOCOL:
        raise ArraysError(f"第 {schema['protocol']} 版格式")
    return _value(schema, archive)


def _value(node: dict[str, Any], archive: ZipFile) -> Any:
    kind = f"{node['__module__']}.{node['__class__']}"
    read = _READERS.get((node["__loader__"], kind))
    if read is None:
        raise ArraysError(f"不可信的类型 {kind}")
    return read(node, archive)


def _dict(node: dict[str, Any], archive: ZipFile) -> dict[str, Any]:
    if any(key["__class__"] != "str" for key in node["key_types"]["content"]):
        raise ArraysError("不可信的键")
    return {key: _value(value, archive) for key, value in node["content"].items()}


def _list(node: dict[str, Any], archive: ZipFile) -> list[Any]:
    return [_value(value, archive) for value in node["content"]]


def _json(node: dict[str, Any], _archive: ZipFile) -> Any:
    return json.loads(node["content"])


def _array(node: dict[str, Any], archive: ZipFile) -> Any:
    if node["type"] != "numpy":
        raise ArraysError("不可信的类型 object")
    return np.load(io.BytesIO(archive.read(node["file"])), allow_pickle=False)


_READERS: Final[dict[tuple[str, str], Callable[[dict[str, Any], ZipFile], Any]]] = {
    ("DictNode", "builtins.dict"): _dict,
    ("ListNode", "builtins.list"): _list,
    ("JsonNode", "builtins.str"): _json,
    ("NdArrayNode", "numpy.ndarray"): _array,
}
