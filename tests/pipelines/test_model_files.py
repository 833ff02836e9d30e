import hashlib
import json
import pickle
import shutil
from pathlib import Path

import pytest

from pipelines.classify import Models
from pipelines.model_files import FORMAT, MANIFEST, ModelError, load_models
from pipelines.scores import Scores

Trained = tuple[Path, Scores]


@pytest.fixture
def folder(trained: Trained, tmp_path: Path) -> Path:
    """A copy of the trained models, to be damaged."""
    return Path(shutil.copytree(trained[0], tmp_path / "models"))


def _change_manifest(folder: Path, **changes: object) -> None:
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    (folder / MANIFEST).write_text(json.dumps(manifest | changes), encoding="utf-8")


def test_missing_models_are_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"找不到模型清单.*minyi train"):
        load_models(tmp_path)


@pytest.mark.parametrize("name", ["registers.npz", "sentiment.npz", "intent.npz", "category.npz"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError, match=f"找不到模型文件.*{name}"):
        load_models(folder)


def test_a_truncated_file_is_not_loaded(folder: Path) -> None:
    content = (folder / "intent.npz").read_bytes()
    (folder / "intent.npz").write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelError, match=r"intent.npz 与清单不符"):
        load_models(folder)


def test_a_file_of_another_training_is_not_loaded(folder: Path) -> None:
    shutil.copy(folder / "sentiment.npz", folder / "intent.npz")
    with pytest.raises(ModelError, match=r"intent.npz 与清单不符"):
        load_models(folder)


def test_another_format_is_refused(folder: Path) -> None:
    _change_manifest(folder, format=FORMAT + 1)
    with pytest.raises(ModelError, match=f"模型格式是 {FORMAT + 1}，本程序需要 {FORMAT}"):
        load_models(folder)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"format": 1}', '{"format": 1, "version": 3, "files": []}']
)
def test_a_damaged_manifest_is_refused(folder: Path, content: str) -> None:
    (folder / MANIFEST).write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=r"manifest.json|与清单不符"):
        load_models(folder)


def test_an_untrusted_type_is_refused(folder: Path) -> None:
    content = pickle.dumps({"labels": Path("/tmp"), "surprise": Surprise()})
    (folder / "intent.npz").write_bytes(content)
    files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    _change_manifest(folder, files=files | {"intent.npz": hashlib.sha256(content).hexdigest()})
    with pytest.raises(ModelError, match="不可信的类型"):
        load_models(folder)


class Surprise:
    """A type that no model file may hold."""


def test_error_messages_are_one_line(folder: Path) -> None:
    (folder / "intent.npz").unlink()
    with pytest.raises(ModelError) as caught:
        load_models(folder)
    assert "\n" not in str(caught.value)


def test_the_version_names_the_content(trained: Trained, models: Models) -> None:
    assert load_models(trained[0]).version == models.version
    assert 8 <= len(models.version) <= 16
