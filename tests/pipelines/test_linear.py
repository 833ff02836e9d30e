from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.linear import Bag, Vocabulary


@given(st.lists(st.tuples(st.sampled_from([0, 3, 70_000]), st.integers(0, 5) | st.integers(0, 2**32 - 1))))
def test_a_bag_counts_each_ngram_of_each_text(pairs: list[tuple[int, int]]) -> None:
    rows = np.array([row for row, _ in pairs], np.int32)
    keys = np.array([key for _, key in pairs], np.uint32)
    bag = Bag.of(rows, keys, size=70_001)
    found = dict(zip(zip(bag.rows.tolist(), bag.keys.tolist(), strict=True), bag.counts, strict=True))
    assert found == Counter(pairs)
    assert list(found) == sorted(found)


def test_known_ngrams_are_weighted_and_rows_have_length_one() -> None:
    rows = np.array([2, 0, 0, 0], np.int32)
    keys = np.array([5 << 28, 7 << 28, 3 << 28, 7 << 28], np.uint32)
    bag = Bag.of(rows, keys, size=3)
    known, weights = np.array([3 << 28, 7 << 28], np.uint32), np.array([3, 4], np.float32)
    once = Vocabulary(known, weights).matrix(bag).toarray()
    np.testing.assert_allclose(once, [[0.6, 0.8], [0.0, 0.0], [0.0, 0.0]], atol=1e-6)
    often = Vocabulary(known, weights, counted=True).matrix(bag).toarray()
    assert often[0, 1] / often[0, 0] == pytest.approx(4 * (1 + np.log(2)) / 3)
    np.testing.assert_allclose(np.linalg.norm(often, axis=1), [1, 0, 0], atol=1e-6)
