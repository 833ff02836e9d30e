"""The key that turns an author into a voice: one 0600 file, shared by workers, never backed up."""

import contextlib
import hashlib
import os
import secrets
import tempfile
from pathlib import Path

from sqlalchemy import Engine

from minyi.errors import MinyiError
from pipelines.store.settings import read_setting, write_setting_once

_SETTING = "author_key"
_KEY_BYTES = 32


class AuthorKeyError(MinyiError):
    """The key is lost, readable by others, or not the one the store was filled with."""


def load_author_key(path: Path, engine: Engine) -> bytes:
    """The key in `path`; made on the first crawl of an empty store, and never again after."""
    stored = read_setting(engine, _SETTING)
    if not path.exists():
        if stored is not None:
            raise AuthorKeyError(
                f"作者密钥 {path} 不见了，采集已停止。请从保管处放回原文件；"
                f"确实找不回来时，删去旧数据后重新采集（MINYI_AUTHOR_KEY_FILE 可指明位置）"
            )
        _create(path)
    key = _read(path)
    if write_setting_once(engine, _SETTING, _fingerprint(key)) != _fingerprint(key):
        raise AuthorKeyError(
            f"作者密钥 {path} 与数据库建立时用的不是同一个，采集已停止。请放回原来的密钥文件"
        )
    return key


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".author-key-", dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(_KEY_BYTES))
    # Linked when it is complete: another worker, if it was first, is neither overwritten nor read half.
    with contextlib.suppress(FileExistsError):
        os.link(name, path)
    Path(name).unlink()


def _read(path: Path) -> bytes:
    if path.stat().st_mode & 0o077:
        raise AuthorKeyError(f"作者密钥 {path} 别人也能读，请运行：chmod 600 {path}")
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise AuthorKeyError(f"作者密钥 {path} 不完整（应为 {_KEY_BYTES} 字节），请放回原文件")
    return key


def _fingerprint(key: bytes) -> str:
    return hashlib.sha256(b"minyi author key" + key).hexdigest()[:16]
