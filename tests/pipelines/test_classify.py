import hashlib
import json
import pickle
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.classify import (
    ANYWHERE,
    FORMAT,
    MANIFEST,
    ON_A_FORUM,
    TASKS,
    Bag,
    ModelError,
    Models,
    Vocabulary,
    load_models,
)
from pipelines.clean import clean_text
from pipelines.features import NGrams, plain_text, words_again, words_in, words_of
from pipelines.scores import Scores
from pipelines.segment import Segmenter

Trained = tuple[Path, Scores]
WORDS = st.lists(st.text(min_size=1, max_size=5), max_size=12)


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


@given(st.text(st.characters()))
def test_plain_text_is_plain(text: str) -> None:
    plain = plain_text(text)
    assert plain == " ".join(plain.split())
    assert not any("\ud800" <= character <= "\udfff" for character in plain)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ＡＢＣ　１２３", "abc 123"),
        ("轉發微博，謝謝！", "转发微博,谢谢!"),
        ("//@小明:说得对 http://t.cn/AbC 真的", "//@:说得对 http 真的"),
        ("路灯\u200b坏了\ud800", "路灯坏了\ufffd"),
        ("蟹蟹@{uin:1,nick:某某,who:1}哈", "蟹蟹@哈"),
    ],
)
def test_names_and_links_leave_their_sign_only(text: str, plain: str) -> None:
    assert plain_text(text) == plain


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter(["中建（一期）", "80-90", "a.b"])


@given(st.text("路灯坏了谢Aa019-.…，！：（）()， \u3000\r\n") | st.text(st.characters()))
def test_words_are_the_same_with_the_help_of_the_cleaned_text(segmenter: Segmenter, text: str) -> None:
    lowered = clean_text(text).lower()
    known = words_in(lowered, segmenter.cut)
    assert words_again(text, segmenter.cut, lowered, known) == words_of(text, segmenter.cut)


def test_a_text_that_differs_in_width_is_not_cut_again() -> None:
    assert words_again(
        "灯坏了，\n修！", _cut_nothing, "灯坏了，\n修！", ["灯", "坏", "了", "，", "修", "！"]
    ) == [*("灯", "坏", "了", ",", "修", "!")]


def _cut_nothing(text: str) -> list[str]:
    raise AssertionError(text)


@given(st.lists(WORDS, min_size=1, max_size=5))
def test_equal_texts_have_equal_ngrams(texts: list[list[str]]) -> None:
    rows, keys = NGrams().extract([*texts, *texts])
    for row in range(len(texts)):
        assert sorted(keys[rows == row]) == sorted(keys[rows == row + len(texts)])


def test_ngrams_are_those_of_the_words_and_characters() -> None:
    rows, keys = NGrams(words=(1,), characters=()).extract([["路灯", "坏"], ["坏", "路灯"], ["路", "灯坏"]])
    assert set(keys[rows == 0]) == set(keys[rows == 1])
    assert len(set(keys[rows == 0]) & set(keys[rows == 2])) == 3  # both marks and the length
    rows, keys = NGrams(words=(), characters=(1, 2)).extract([["路灯", "坏"], ["路", "灯坏"]])
    assert set(keys[rows == 0]) == set(keys[rows == 1])


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
