import contextlib
import io
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipelines.arrays import ArraysError, pack_arrays, unpack_arrays

STORED = {
    "labels": ["neg", "中性"],
    "edges": np.array([], dtype=np.uint32),
    "weights": np.array([[1, -127]], dtype=np.int8),
    "temperature": 2.5,
    "counted": True,
}


class Stranger:
    """A type that no model may bring along."""


def _saved(save: Callable[..., None], *values: Any, **named: Any) -> bytes:
    file = io.BytesIO()
    save(file, *values, **named)
    return file.getvalue()


def test_what_was_packed_is_unpacked() -> None:
    unpacked = unpack_arrays(pack_arrays(STORED))
    assert {name: array.tolist() for name, array in unpacked.items()} == {
        "labels": ["neg", "中性"],
        "edges": [],
        "weights": [[1, -127]],
        "temperature": 2.5,
        "counted": True,
    }
    assert [unpacked[name].dtype for name in ("edges", "weights")] == [np.uint32, np.int8]


def test_equal_content_gives_equal_bytes() -> None:
    assert pack_arrays(STORED) == pack_arrays(dict(STORED))


def test_objects_are_not_packed() -> None:
    with pytest.raises(ValueError, match="Object arrays"):
        pack_arrays({"surprise": [Stranger()]})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        "路灯不亮".encode(),
        pickle.dumps({"labels": ["neg"]}),
        pickle.dumps(Stranger()),
        _saved(np.savez, labels=np.array([Stranger()], dtype=object)),
        _saved(np.save, np.arange(3)),
    ],
    ids=["nothing", "a text", "a pickle", "a pickled object", "an array of objects", "a lone array"],
)
def test_anything_but_named_arrays_is_refused(content: bytes) -> None:
    with pytest.raises(ArraysError, match=r"不可信的类型|不是一组数组"):
        unpack_arrays(content)


def test_a_cut_file_is_refused() -> None:
    whole = pack_arrays(STORED)
    for end in range(0, len(whole), 97):
        with pytest.raises(ArraysError):
            unpack_arrays(whole[:end])


def test_a_changed_byte_is_never_another_error() -> None:
    whole = pack_arrays(STORED)
    for place in range(0, len(whole), 5):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        with contextlib.suppress(ArraysError):
            unpack_arrays(bytes(damaged))


def test_reading_models_does_not_load_what_trained_them() -> None:
    program = (
        "import sys; from pipelines.places import PlaceFinder; from pipelines.reader import load_models;"
        "load_models(); PlaceFinder({});"
        "print([name for name in ('sklearn', 'pandas', 'scipy.stats') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
