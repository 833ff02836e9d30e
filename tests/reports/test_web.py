"""What may become a link: the web's own addresses, whoever wrote them."""

from dataclasses import replace

import pytest

from analysis.results import RunResult
from minyi.portal import words
from reports.brief import Cover, build_brief
from reports.model import Span
from reports.web import is_web

PLAIN = (
    "http://bbs.qingshi.example/thread-1-1-1.html",
    "https://bbs.qingshi.example/forum.php?mod=viewthread&tid=1&extra=page%3D1#pid7",
    "HTTPS://BBS.Qingshi.example/",
    "hTTp://10.0.0.8:8080/bbs",
    "http://[::1]:8000/",
    "https://论坛.example/主题-1",
    "https://bbs.qingshi.example/u/a@b",
)
HOSTILE = (
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>", "vbscript:x", "file:///etc/passwd"),
    *("blob:https://bbs.qingshi.example/1", "ftp://bbs.qingshi.example/", "mailto:a@b.example", "tel:110"),
    *(" https://bbs.qingshi.example/", "\thttps://bbs.qingshi.example/", "https://bbs.qingshi.example/ "),
    *("java\nscript:alert(1)", "\x01javascript:alert(1)", "https://bbs.qingshi.example/\x00", "ht\ttp://x.example"),
    *("\ufeffhttps://bbs.qingshi.example/", "https://bbs.qingshi.example/\u202egpj.exe", "https://x\u00a0.example/"),
    *("//bbs.qingshi.example/", "/thread-1", "thread-1-1-1.html", "#e1", "", "https"),
    *("http:", "https:", "http://", "https:///x", "https:bbs.qingshi.example", "https:/bbs.qingshi.example"),
    *("https:\\\\evil.example", "https://bbs.qingshi.example\\@evil.example/", "\\\\evil.example\\share"),
    *("https://bbs.qingshi.example@evil.example/", "http://user:secret@bbs.qingshi.example/", "http://@x.example/"),
    *("https://x.example:port/", "https://x.example:99999/", "https://[::1", "https://:443/", "http://?q", "http://#a"),
    *("view-source:https://x.example/", "javascript://x.example/%0aalert(1)", "https://x.example/\ud800"),
)  # fmt: skip


@pytest.mark.parametrize("url", PLAIN)
def test_an_address_of_the_web_is_a_link(url: str) -> None:
    assert is_web(url)
    assert words.is_web(url)
    assert Span(text="原帖", url=url).url == url


@pytest.mark.parametrize("url", HOSTILE)
def test_whatever_else_is_none(url: str) -> None:
    assert not is_web(url)
    assert not words.is_web(url)
    assert Span(text="原帖", url=url).url is None


def test_no_address_is_no_link() -> None:
    assert not is_web(None)


@pytest.mark.parametrize("url", ["HTTPS://bbs.qingshi.example/1", "https://a@bbs.qingshi.example/1"])
def test_text_and_annex_judge_alike(one_post: RunResult, cover: Cover, url: str) -> None:
    evidence = {number: replace(post, url=url) for number, post in one_post.evidence.items()}
    brief = build_brief(replace(one_post, evidence=evidence), cover)
    assert {post.url for post in brief.register} == {url if is_web(url) else None}
