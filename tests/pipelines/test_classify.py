import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.classify import ANYWHERE, ON_A_FORUM, TASKS, Models

WORDS = st.lists(st.text(min_size=1, max_size=5), max_size=12)


@given(st.lists(WORDS, max_size=6))
def test_probabilities_are_probabilities(models: Models, texts: list[list[str]]) -> None:
    for task, shares in models.answer(texts).items():
        assert shares.shape == (len(texts), len(models.labels(task)))
        assert np.isfinite(shares).all()
        assert ((shares >= 0) & (shares <= 1.00001)).all()
        np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-4)


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_a_text_is_read_alike_alone_and_in_company(models: Models, texts: list[list[str]]) -> None:
    together = models.answer(texts)
    for task in TASKS:
        alone = np.concatenate([models.answer([words])[task] for words in texts])
        np.testing.assert_allclose(together[task], alone, atol=1e-4)


@pytest.mark.parametrize("residents", [0.01, ANYWHERE, ON_A_FORUM, 1e6])
def test_where_a_text_is_from_moves_its_sentiment_only(models: Models, residents: float) -> None:
    texts = [["路灯", "坏", "了"], ["很好", ",", "推荐"]]
    usual, moved = models.answer(texts), models.answer(texts, residents)
    np.testing.assert_allclose(moved["sentiment"].sum(axis=1), 1, atol=1e-4)
    np.testing.assert_array_equal(moved["intent"], usual["intent"])
    np.testing.assert_array_equal(moved["category"], usual["category"])
    assert np.allclose(moved["sentiment"], usual["sentiment"]) == (residents == ANYWHERE)
