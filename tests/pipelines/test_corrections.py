from pathlib import Path

import numpy as np
import pytest

from pipelines.classify import Models
from pipelines.corrections import LEAST, LocalLayer, fit_layer, load_layers, save_layers
from pipelines.linear import Floats
from pipelines.model_files import ModelError
from pipelines.places import PlaceFinder
from pipelines.reader import Document, Reader
from pipelines.segment import Segmenter

LABELS = ("neg", "neu", "pos")


def _shares(count: int) -> Floats:
    """A model that leans to neg: what is neutral it calls negative, by a little."""
    draw = np.random.default_rng(3)
    shares = np.array([[0.5, 0.45, 0.05], [0.8, 0.15, 0.05], [0.1, 0.1, 0.8]])[np.arange(count) % 3]
    shares = shares + draw.uniform(0, 0.02, shares.shape)
    return (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)


def _truth(count: int) -> list[str]:
    return [("neu", "neg", "pos")[number % 3] for number in range(count)]


def test_a_layer_learns_what_the_model_says_too_seldom() -> None:
    layer = fit_layer(LABELS, _shares(120), _truth(120))
    assert layer.shipped == pytest.approx(2 / 3)
    assert layer.accuracy > 0.95
    assert (
        layer.apply(_shares(30)).argmax(axis=1) == [LABELS.index(label) for label in _truth(30)]
    ).mean() > 0.95
    assert str(layer) == "本地抽样准确率 100%，n=120"


def test_a_layer_that_does_not_help_changes_nothing() -> None:
    shares = _shares(90)
    said = [LABELS[index] for index in shares.argmax(axis=1)]
    layer = fit_layer(LABELS, shares, said)
    assert layer.accuracy == layer.shipped == 1
    np.testing.assert_allclose(layer.apply(shares), shares, atol=1e-4)


def test_few_corrections_train_nothing() -> None:
    with pytest.raises(ValueError, match=f"至少要 {LEAST} 条"):
        fit_layer(LABELS, _shares(LEAST - 1), _truth(LEAST - 1))


def test_corrections_of_one_label_only_are_enough() -> None:
    layer = fit_layer(LABELS, _shares(LEAST), ["neu"] * LEAST)
    assert 0 <= layer.shipped <= layer.accuracy <= 1


@pytest.mark.filterwarnings("error")
def test_a_label_corrected_once_is_learned_from_without_a_warning() -> None:
    layer = fit_layer(LABELS, _shares(LEAST), [*["neu"] * (LEAST - 1), "pos"])
    assert layer.count == LEAST


def test_layers_survive_a_file(tmp_path: Path) -> None:
    layers = {"sentiment": fit_layer(LABELS, _shares(60), _truth(60))}
    save_layers(tmp_path / "local.json", layers)
    assert load_layers(tmp_path / "local.json") == layers
    assert load_layers(tmp_path / "none.json") == {}


@pytest.mark.parametrize(
    "content", ["", "[1]", '{"sentiment": {"labels": ["neg"], "leanings": []}}', "\udcff"]
)
def test_a_damaged_file_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "local.json").write_text(content, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(ModelError, match=r"本地修正层.*--local"):
        load_layers(tmp_path / "local.json")


def test_a_reader_with_a_layer_reads_otherwise_and_says_so(models: Models) -> None:
    layer = LocalLayer(models.labels("sentiment"), 1.0, (0.0, 0.0, 20.0), 0.9, 0.8, 40)
    plain = Reader(models, Segmenter(), PlaceFinder({}), unsure=0.5)
    local = Reader(models, Segmenter(), PlaceFinder({}), unsure=0.5, layers={"sentiment": layer})
    document = Document(title="", text="单位拖欠工资，太气人了，投诉")
    assert plain.read([document])[0].sentiment == "neg"
    assert local.read([document])[0].sentiment == models.labels("sentiment")[2]
    assert local.version != plain.version
    assert len(local.version) <= 32
