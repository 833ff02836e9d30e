import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean import clean_text
from pipelines.features import NGrams, plain_text, words_again, words_in, words_of
from pipelines.segment import Segmenter

WORDS = st.lists(st.text(min_size=1, max_size=5), max_size=12)


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
