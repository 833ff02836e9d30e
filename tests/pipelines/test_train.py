from pathlib import Path

import pytest

from pipelines.arrays import unpack_arrays
from pipelines.model_files import load_models
from pipelines.scores import Scores
from pipelines.train import train

Trained = tuple[Path, Scores]


def test_scores_are_figures_with_intervals(trained: Trained) -> None:
    figures = trained[1].figures
    assert any("sentiment" in name for name in figures)
    assert any("intent" in name for name in figures)
    assert any("category" in name for name in figures)
    assert all(0 <= figure.low <= figure.value <= figure.high <= 1 for figure in figures.values())


def test_easy_texts_are_learned(trained: Trained) -> None:
    accuracies = [
        figure.value
        for name, figure in trained[1].figures.items()
        if name.startswith("intent") and "accuracy" in name
    ]
    assert min(accuracies) > 0.8


def test_shipped_files_hold_nothing_to_be_trusted(trained: Trained) -> None:
    files = sorted(trained[0].glob("*.npz"))
    assert files
    assert all(unpack_arrays(path.read_bytes()) for path in files)


def test_the_model_card_says_what_it_is_and_how_good(trained: Trained) -> None:
    card = (trained[0] / "MODEL_CARD.md").read_text(encoding="utf-8")
    for heading in ("## Data", "## Method", "## Scores", "## Limits", "## Intended use"):
        assert heading in card
    assert str(next(iter(trained[1].figures.values()))) in card


@pytest.mark.slow
def test_equal_data_and_seed_make_equal_models(trained: Trained, labelled_data: Path, tmp_path: Path) -> None:
    train(labelled_data, tmp_path, random_state=0)
    assert load_models(tmp_path).version == load_models(trained[0]).version
