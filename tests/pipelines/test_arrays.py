import contextlib
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED

import numpy as np
import pytest
from skops.io import dumps, loads

from pipelines.arrays import ArraysError, read_arrays
from pipelines.classify import SHIPPED

STORED = {
    "labels": ["neg", "pos"],
    "nested": {"edges": [np.arange(3.0), np.array([], dtype=np.uint32)]},
    "weights": np.array([[1, -127]], dtype=np.int8),
    "values": [1, 2.5, None, True, "路"],
}


class Stranger:
    """A type that no model may bring along."""


@pytest.mark.parametrize("options", [{}, {"compression": ZIP_DEFLATED, "compresslevel": 9}])
def test_what_skops_wrote_is_read(options: dict[str, int]) -> None:
    np.testing.assert_equal(read_arrays(dumps(STORED, **options)), STORED)


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.skops")), ids=lambda file: file.name)
def test_shipped_models_are_read_as_skops_reads_them(file: Path) -> None:
    content = file.read_bytes()
    np.testing.assert_equal(read_arrays(content), loads(content))


@pytest.mark.parametrize(
    ("stored", "kind"),
    [
        (Stranger(), "Stranger"),
        ({"deep": [Stranger()]}, "Stranger"),
        ([print], "print|function"),
        ([len], "builtin"),
        (np.array([Stranger()], dtype=object), "object"),
        ({1: "a number for a key"}, "键"),
    ],
)
def test_anything_but_arrays_is_refused(stored: Any, kind: str) -> None:
    with pytest.raises(ArraysError, match=f"不可信的.*({kind})"):
        read_arrays(dumps(stored))


def test_a_cut_file_is_refused() -> None:
    whole = dumps(STORED, compression=ZIP_DEFLATED)
    for end in range(0, len(whole), 97):
        with pytest.raises(ArraysError, match="损坏"):
            read_arrays(whole[:end])


def test_a_changed_byte_is_never_another_error() -> None:
    whole = dumps(STORED, compression=ZIP_DEFLATED)
    for place in range(0, len(whole), 13):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        with contextlib.suppress(ArraysError):
            read_arrays(bytes(damaged))


def test_reading_models_does_not_load_what_trained_them() -> None:
    program = (
        "import sys; from pipelines.places import PlaceFinder; from pipelines.reader import load_models;"
        "load_models(); PlaceFinder({});"
        "print([name for name in ('skops', 'sklearn', 'pandas', 'scipy.stats') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
