"""What speed is measured with: posts as long as real ones, and hardly a sentence twice."""

import importlib.util
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

FILE = Path(__file__).parents[2] / "bench" / "invented.py"


@pytest.fixture(scope="module")
def invented() -> Any:
    """The module: benchmarks are not installed."""
    spec = importlib.util.spec_from_file_location("invented", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def posts(invented: Any) -> list[str]:
    return list(islice(invented.invented_posts(), 2000))


def test_posts_have_350_characters_and_no_slot_is_left(posts: list[str]) -> None:
    assert {len(post) for post in posts} == {350}
    assert not [post for post in posts if set(post) & set("{}|=")]
    assert not [post for post in posts if any(letter.isascii() and letter.isalpha() for letter in post)]


def test_hardly_a_sentence_comes_twice(invented: Any, posts: list[str]) -> None:
    sentences = invented.sentences_of(posts)
    assert len(sentences) > 8 * len(posts)
    assert len(set(sentences)) > 0.97 * len(sentences)


def test_the_same_seed_gives_the_same_posts(invented: Any, posts: list[str]) -> None:
    assert list(islice(invented.invented_posts(), 20)) == posts[:20]
    assert set(islice(invented.invented_posts(1), 20)).isdisjoint(posts)
