"""The letter: no style sheet, no SVG, pictures by content id."""

import pytest
from lxml import html as lxml_html

from analysis.results import RunResult
from reports.brief import Cover, build_brief
from reports.email import render_email
from reports.fonts import Fonts


@pytest.mark.parametrize("run", ["rich", "weekly", "special", "alert", "empty", "hostile"])
def test_a_letter_needs_nothing_a_mail_client_drops(
    run: str, cover: Cover, fonts: Fonts, request: pytest.FixtureRequest
) -> None:
    letter = render_email(build_brief(request.getfixturevalue(run), cover), fonts)
    page = lxml_html.document_fromstring(letter.html)
    assert not page.xpath("//style | //script | //link | //*[local-name()='svg'] | //*[@class]")
    assert {image.get("src") for image in page.xpath("//img")} == {f"cid:{name}" for name in letter.images}
    assert all(image.get("alt") for image in page.xpath("//img"))
    assert all(data.startswith(b"\x89PNG") for data in letter.images.values())
    assert "\n" not in letter.subject
    assert "<" not in letter.text or run == "hostile"


def test_subject_and_text_say_what_matters(rich: RunResult, cover: Cover, fonts: Fonts) -> None:
    letter = render_email(build_brief(rich, cover), fonts)
    assert letter.subject.startswith(
        "【来源异常】民意日报 2026年第326期 11月22日（周日）0:00–24:00 中山街老药铺"
    )
    assert "“海平在线”：当日0帖，平时约40帖" in letter.text
    assert "1. 中山街老药铺拆除与重建（已答复）" in letter.text
    assert sum(len(data) for data in letter.images.values()) < 300_000
