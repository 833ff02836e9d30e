from hypothesis import given
from hypothesis import strategies as st

from pipelines.lexicons import any_of


@given(st.sets(st.text("路灯.[]-", min_size=1, max_size=4), max_size=30), st.text("路灯.[]-", max_size=40))
def test_the_longest_word_is_found_wherever_one_begins(words: set[str], text: str) -> None:
    expected, start = [], 0
    while start < len(text):
        longest = max((word for word in words if text.startswith(word, start)), key=len, default="")
        expected += [longest] if longest else []
        start += len(longest) or 1
    assert any_of(words).findall(text) == expected
