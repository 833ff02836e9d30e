"""The author key: made once, never readable by others, never silently replaced."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from minyi.author_key import AuthorKeyError, load_author_key
from pipelines.store import open_database


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "author.key"


def test_it_is_made_once_for_an_empty_store(path: Path, engine: Engine) -> None:
    key = load_author_key(path, engine)
    assert len(key) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_author_key(path, engine) == key


def test_a_lost_key_stops_with_the_remedy(path: Path, engine: Engine) -> None:
    load_author_key(path, engine)
    path.unlink()
    with pytest.raises(AuthorKeyError, match="放回原文件"):
        load_author_key(path, engine)
    assert not path.exists()


def test_another_key_is_refused(path: Path, engine: Engine) -> None:
    load_author_key(path, engine)
    path.write_bytes(b"x" * 32)
    with pytest.raises(AuthorKeyError, match="不是同一个"):
        load_author_key(path, engine)


def test_a_key_others_can_read_is_refused(path: Path, engine: Engine) -> None:
    load_author_key(path, engine)
    path.chmod(0o644)
    with pytest.raises(AuthorKeyError, match="chmod 600"):
        load_author_key(path, engine)


def test_a_truncated_key_is_refused(path: Path, engine: Engine) -> None:
    load_author_key(path, engine)
    os.truncate(path, 7)
    with pytest.raises(AuthorKeyError, match="不完整"):
        load_author_key(path, engine)
