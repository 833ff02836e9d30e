"""The letter: no style sheet, no SVG, pictures by content id."""

import re
from dataclasses import replace

import pytest
from lxml import html as lxml_html

from analysis.results import RunResult
from reports.brief import Cover, build_brief
from reports.chat import render_chat
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
    assert "1. 中山街老药铺拆除与重建（已答复，历时7天6小时）" in letter.text
    assert "主题帖104（较前一日少6 · 共214帖）；负面占比38%" in letter.text
    assert not re.search("】\n\n|】\n【", letter.text)  # no heading over nothing
    assert sum(len(data) for data in letter.images.values()) < 300_000


def test_the_subject_of_a_special_says_its_core(special: RunResult, cover: Cover, fonts: Fonts) -> None:
    letter = render_email(build_brief(special, replace(cover, topic="老药铺")), fonts)
    assert letter.subject.endswith("中山街老药铺拆除与重建：答复后好转，负面占比净降25个百分点。")


def test_a_chat_message_says_the_matter_of_every_kind(
    rich: RunResult, special: RunResult, alert: RunResult, empty: RunResult, cover: Cover
) -> None:
    said = render_chat(build_brief(rich, cover))
    assert "在办事项11（新增3 · 答复2）；超过答复时限2（最长5天11小时）。" in said
    assert "2. 后洋村旁厂房工地夜间施工噪声（超时未答复，已5天11小时）" in said
    said = render_chat(build_brief(special, cover))
    assert "中山街老药铺拆除与重建：答复后好转，负面占比净降25个百分点。11月9日至11月22日" in said
    said = render_chat(build_brief(alert, cover), "https://minyi.example/briefs/4")
    assert "地点与类别：东浦街道，后洋村，环境保护（噪声）。" in said
    assert "应知：生态环境分局；超时未答复" in said
    assert said.endswith("全文：https://minyi.example/briefs/4")
    assert "当日各来源没有新帖。" in render_chat(build_brief(empty, cover))
