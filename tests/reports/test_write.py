"""A file appears whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from reports.write import WriteError, write_atomically


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    file = tmp_path / "新" / "日报.html"
    write_atomically(file, "第一版")
    write_atomically(file, b"2")
    assert file.read_bytes() == b"2"
    assert list(file.parent.iterdir()) == [file]


def test_a_full_disk_leaves_the_old_file_and_no_half_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "brief.pdf"
    write_atomically(file, b"old")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="没有留下半个文件") as caught:
        write_atomically(file, b"new")
    assert "\n" not in str(caught.value)
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match="写不了"):
        write_atomically(tmp_path / "file" / "brief.pdf", b"")


def test_what_is_no_file_is_written_to_as_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_atomically(pipe, b"new")
    assert os.read(reading, 10) == b"new"
    os.close(reading)
    assert list(tmp_path.iterdir()) == [pipe]
    assert pipe.is_fifo()
