import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cues import COUNT, find_cues, opening_of


def test_one_row_a_text() -> None:
    assert find_cues([]).shape == (0, COUNT)
    assert find_cues(["", "请问何时修好?"]).shape == (2, COUNT)


def test_where_a_cue_stands_matters() -> None:
    body = "路面坑洼,出行不便," * 20
    title, ending = find_cues([f"请求修路。{body}", f"{body}请求修路。"])
    assert not np.array_equal(title, ending)


def test_a_title_or_first_sentence_is_the_opening() -> None:
    assert opening_of("路灯坏了。没人修。") == "路灯坏了。"
    assert opening_of("路" * 100) == "路" * 60


@given(st.lists(st.text(), max_size=4))
def test_cues_are_small_numbers(texts: list[str]) -> None:
    cues = find_cues(texts)
    assert np.isfinite(cues).all()
    assert ((cues >= 0) & (cues <= 3)).all()
