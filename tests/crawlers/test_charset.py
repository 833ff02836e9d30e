"""A page is read in the charset its bytes are in."""

import pytest
from scrapy.http import HtmlResponse

from crawlers.charset import decode_page

WORDS = "市民论坛：路灯不亮，垃圾没人清，希望有关部门尽快处理。"


def decoded(body: bytes, header: str | None = None, override: str | None = None) -> tuple[str, str, int]:
    headers = {"Content-Type": f"text/html; charset={header}"} if header else {}
    response = HtmlResponse("http://x/", body=body, headers=headers)
    encoding, errors = decode_page(response, override)
    return body.decode(encoding, "replace"), encoding, errors


@pytest.mark.parametrize("header", [None, "gbk", "utf-8", "iso-8859-1", "nonsense"])
@pytest.mark.parametrize("meta", ["", '<meta charset="gb2312">', '<meta charset="utf-8">'])
@pytest.mark.parametrize("truth", ["utf-8", "gb18030"])
def test_whatever_is_claimed(header: str | None, meta: str, truth: str) -> None:
    text, encoding, errors = decoded(f"<html>{meta}{WORDS}</html>".encode(truth), header)
    assert WORDS in text
    assert encoding == truth
    assert errors == 0


def test_characters_beyond_gbk_are_read_from_gb18030() -> None:
    text, _, _ = decoded("镕𠮷😀的路".encode("gb18030"), "gbk")
    assert text == "镕𠮷😀的路"


def test_a_word_that_looks_like_utf8_by_chance() -> None:
    text, _, _ = decoded("联通".encode("gbk"), "gbk")
    assert text == "联通"


def test_a_cut_character_is_counted_and_does_not_change_the_charset() -> None:
    text, encoding, errors = decoded(WORDS.encode() + "灯".encode()[:2] + WORDS.encode(), "utf-8")
    assert encoding == "utf-8"
    assert errors == 1
    assert text.count(WORDS) == 2


def test_the_configuration_has_the_last_word() -> None:
    _, encoding, _ = decoded(WORDS.encode("gbk"), "utf-8", override="gb2312")
    assert encoding == "gb18030"
