"""The page: one file, nothing loaded, nothing interpreted, every number a link."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from lxml import html as lxml_html
from lxml.html import HtmlElement

from analysis.results import RunResult
from reports.brief import Brief, Cover, build_brief
from reports.fonts import Fonts
from reports.html import render_html
from reports.template_files import shade_level

RUNS = ("rich", "empty", "one_post", "hostile", "many")
LOADING = {"src", "srcset", "data", "poster", "background", "action", "formaction"}


@pytest.fixture(params=RUNS, scope="module")
def brief(request: pytest.FixtureRequest, cover: Cover) -> Brief:
    result: RunResult = request.getfixturevalue(request.param)
    return build_brief(result, cover)


@pytest.fixture(scope="module")
def text(brief: Brief, fonts: Fonts) -> str:
    return render_html(brief, fonts)


@pytest.fixture(scope="module")
def page(text: str) -> HtmlElement:
    return lxml_html.document_fromstring(text)


def test_nothing_is_loaded_and_nothing_runs(text: str, page: HtmlElement) -> None:
    assert not page.xpath("//script | //link | //iframe | //img | //object | //embed | //form | //base")
    for element in page.iter():
        if isinstance(element.tag, str):
            assert not LOADING & set(element.attrib)
            assert not [name for name in element.attrib if name.startswith("on")]
    style = "".join(page.xpath("//style/text()"))
    assert "url(" not in style
    assert "@import" not in style
    assert not re.search(r"url\((?!#)", text)
    assert "default-src 'none'" in text


def test_every_address_is_only_a_link(page: HtmlElement) -> None:
    addresses = set(page.xpath("//a/@href"))
    assert all(address.startswith(("#", "https://bbs.qingshi.example/")) for address in addresses)
    for link in page.xpath("//a[starts-with(@href, 'http')]"):
        assert "noreferrer" in link.get("rel")


def test_identifiers_are_unique_and_links_inside_resolve(page: HtmlElement) -> None:
    identifiers = page.xpath("//@id")
    assert len(identifiers) == len(set(identifiers))
    inside = {address[1:] for address in page.xpath("//a/@href") if address.startswith("#")}
    assert inside <= set(identifiers)


def test_each_number_leads_to_its_posts(brief: Brief, page: HtmlElement) -> None:
    numbers = {int(link.get("href")[2:]) for link in page.xpath("//a[@class and contains(@class, 'n ')]")}
    assert numbers == {entry.number for entry in brief.evidence}
    register = {post.number: post for post in brief.register}
    for entry in brief.evidence:
        (article,) = page.xpath(f"//article[@id='e{entry.number}']")
        rows = article.xpath("./ol/li")
        assert len(rows) == len(entry.shown)
        links = [link for row in rows for link in row.xpath("./a/@href")]
        assert links == [register[number].url for number in entry.shown if register[number].url]
        left = len(entry.posts) - len(entry.shown)
        assert (f"另有{left}帖未列" in article.text_content()) == (left > 0)


def test_headings_and_regions_speak_to_a_screen_reader(page: HtmlElement) -> None:
    assert page.get("lang") == "zh-CN"
    assert len(page.xpath("//h1")) == 1
    assert len(page.xpath("//main")) == 1
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1 | //h2 | //h3")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.xpath("//meta[@name='viewport']")
    for table in page.xpath("//table"):
        assert table.xpath("./caption")
        assert table.xpath("./tbody/tr/th[@scope='row']")
    for drawing in page.xpath("//*[local-name()='svg']"):
        assert drawing.get("aria-hidden") == "true"
        assert not drawing.xpath(".//*[local-name()='text']")


def test_markup_in_texts_stays_text(hostile: RunResult, cover: Cover, fonts: Fonts) -> None:
    page = lxml_html.document_fromstring(render_html(build_brief(hostile, cover), fonts))
    assert "<script>alert(1)</s" in page.xpath("//div[@class='headlines']")[0].text_content()
    assert not page.xpath("//article//b[text()='#板块']")
    assert '#import "x" \\input{x} $x^2$ *粗*' in page.text_content()


def test_two_renderings_are_the_same(rich: RunResult, cover: Cover, fonts: Fonts) -> None:
    brief = build_brief(rich, cover)
    assert render_html(brief, fonts) == render_html(brief, fonts)


def test_the_note_of_whoever_approved_it_is_shown(empty: RunResult, cover: Cover, fonts: Fonts) -> None:
    text = render_html(build_brief(empty, replace(cover, note="请<b>城管局</b>跟进。——办公室")), fonts)
    assert "请&lt;b&gt;城管局&lt;/b&gt;跟进。" in text


@pytest.mark.parametrize(("shade", "level"), [(0.0, 1), (0.1, 1), (0.5, 3), (1.0, 5)])
def test_shades_have_five_levels(shade: float, level: int) -> None:
    assert shade_level(shade) == level


def test_unanswered_questions_stand_on_a_line_of_their_own(
    rich: RunResult, cover: Cover, fonts: Fonts
) -> None:
    page = lxml_html.document_fromstring(render_html(build_brief(rich, cover), fonts))
    asked = [line.text_content() for line in page.find_class("asked")]
    assert len(asked) == 2
    assert all(line.startswith("仍在问：") for line in asked)


def test_the_clock_of_a_listed_issue_is_a_word_of_its_own(
    rich: RunResult, cover: Cover, fonts: Fonts
) -> None:
    """So that a narrow column breaks before it, not inside."""
    page = lxml_html.document_fromstring(render_html(build_brief(rich, cover), fonts))
    states = page.xpath("//table[contains(@class, 'others')]//td[last()]")
    assert states[0].xpath("./span[@class='quiet']/text()") == ["已9小时"]


@pytest.mark.parametrize("run", ["rich", "weekly", "special"])
@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file://evil/share", "JavaScript:x", "data:text/html,x"]
)
def test_what_is_no_page_of_the_web_is_no_link(
    request: pytest.FixtureRequest, cover: Cover, fonts: Fonts, run: str, address: str
) -> None:
    result: RunResult = request.getfixturevalue(run)
    evidence = {number: replace(post, url=address) for number, post in result.evidence.items()}
    text = render_html(build_brief(replace(result, evidence=evidence), cover), fonts)
    assert address.lower() not in text.lower()
