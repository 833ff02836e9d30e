"""Texts of one thread are masked in one view; a stored text that was masked further is told from another."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.mask import is_masked_from, mask_known, mask_together


def test_who_is_named_in_the_text_is_masked_in_the_title() -> None:
    title, text = mask_together(["罗明的事一直没人管", "你好，我叫罗明，电话13800000000，小区停水三天。"])
    assert title == "〔姓名〕的事一直没人管"
    assert "罗明" not in text


def test_a_number_told_in_full_is_masked_where_it_stands_without_its_cue() -> None:
    _, reply = mask_together(["QQ：928374651，有消息请加我", "928374651 已经加了"])
    assert "928374651" not in reply


@pytest.mark.parametrize("word", ["孙子", "许可"])
def test_a_name_that_is_a_word_is_masked_only_where_it_is_a_name(word: str) -> None:
    _, other = mask_together([f"我叫{word}，住在附近。", f"老人的{word}上学难，{word}证也办不下来"])
    assert other == f"老人的{word}上学难，{word}证也办不下来"


@pytest.mark.parametrize(
    ("masked", "text", "same"),
    [
        ("〔姓名〕的事", "罗明的事", True),
        ("罗明的事", "罗明的事", False),
        ("〔姓名〕的事", "的事", False),
        ("〔姓名〕的事", "罗明的车", False),
        ("找〔姓名〕和〔姓名〕", "找罗明和赵婷", True),
        ("找〔姓名〕〔手机号〕", "找罗明13800000000", True),
        ("找〔姓名〕〔手机号〕", "找罗", False),
        ("停水，找〔姓名〕", "停电，找罗明", False),
        ("没有遮盖", "另一段话", False),
        ("见〔2024〕15号文件", "见〔2025〕15号文件", False),
        ("见〔2024〕15号，找〔姓名〕", "见〔2024〕15号，找罗明", True),
        ("找〔姓名〕，谢谢", "找人来修，已经黑了" + "一个月" * 30 + "，谢谢", False),
    ],
)
def test_masked_further_or_another_text(masked: str, text: str, same: bool) -> None:
    assert is_masked_from(masked, text) is same


@given(
    st.lists(st.text("ab〔", max_size=3), min_size=2, max_size=6),
    st.lists(st.text("ab", min_size=1, max_size=64), min_size=5),
)
def test_whatever_stood_under_the_masks(parts: list[str], secrets: list[str]) -> None:
    whole = parts[0] + "".join(f"{secret}{part}" for part, secret in zip(parts[1:], secrets, strict=False))
    assert is_masked_from("〔姓名〕".join(parts), whole)


def test_a_thread_full_of_numbers_is_masked_in_no_time() -> None:
    numbers = {f"1{number:010d}": "手机号" for number in range(0, 10**9, 2000)} | {"王建国": "姓名"}
    text = "灯坏了，" * 4000 + "王建国10000010000，王建国"
    began = time.process_time()
    assert mask_known(text, numbers).endswith("，〔姓名〕〔手机号〕，〔姓名〕")
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("masked", "text"),
    [
        ("〔姓名〕a" * 3000 + "b", "a" * 20_000),  # a pattern would not end
        ("〔" * 20_000, "〔" * 20_001),  # a search for the bracket that closes would begin 20,000 times
        ("".join(f"〔姓名〕{'a' * size}" for size in range(100)), "a" * 10_000 + "b"),
    ],
)
def test_brackets_without_end_of_a_resident_take_no_time(masked: str, text: str) -> None:
    began = time.process_time()
    assert not is_masked_from(masked, text)
    assert time.process_time() - began < 2
