"""The page in a real browser: fits a phone, loads nothing, stays readable in the dark."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from analysis.results import RunResult
from reports.brief import Cover, build_brief
from reports.fonts import Fonts
from reports.html import render_html

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]

CONTRAST = """
() => {
  const light = text => {
    const parts = text.match(/[0-9.]+/g).slice(0, 3).map(Number).map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const behind = element => {
    for (let node = element; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (!colour.includes(', 0)')) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const shown = [...document.querySelectorAll('h1, h2, h3, p, li, td, th, a, span')]
    .filter(element => element.textContent.trim() && element.offsetParent && element.clientWidth > 2);
  return Math.min(...shown.map(element => {
    const one = light(getComputedStyle(element).color), two = light(behind(element));
    return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
  }));
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(params=["rich", "weekly", "special", "alert", "empty", "hostile"], scope="module")
def file(
    request: pytest.FixtureRequest, cover: Cover, fonts: Fonts, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    result: RunResult = request.getfixturevalue(request.param)
    file = tmp_path_factory.mktemp("page") / "brief.html"
    file.write_text(render_html(build_brief(result, cover), fonts), encoding="utf-8")
    return file


def open_page(browser: Browser, file: Path, width: int, scheme: str) -> tuple[Page, list[str]]:
    page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(file.as_uri())
    return page, requests


@pytest.mark.parametrize("width", [360, 390, 1200])
def test_nothing_is_wider_than_the_screen(browser: Browser, file: Path, width: int) -> None:
    page, requests = open_page(browser, file, width, "light")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert requests == [file.as_uri()]
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Browser, file: Path, scheme: str) -> None:
    page, _ = open_page(browser, file, 390, scheme)
    assert page.evaluate(CONTRAST) >= 4.5
    page.close()


def test_a_phone_shows_the_state_above_the_words_and_whole_tables(
    browser: Browser, weekly_file: Path
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(weekly_file.as_uri())
    state = page.locator(".issue .clock").first.bounding_box()
    facts = page.locator(".issue .facts").first.bounding_box()
    assert state
    assert facts
    assert state["y"] + state["height"] <= facts["y"]
    hidden = "tables => tables.filter(table => table.scrollWidth > table.parentElement.clientWidth).length"
    assert page.locator("table.stacked").count() >= 2
    assert page.locator("table.stacked").evaluate_all(hidden) == 0
    page.close()


def test_a_number_keeps_its_unit_on_its_line(browser: Browser, weekly_file: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(weekly_file.as_uri())
    torn = "links => links.filter(link => link.getClientRects().length > 1).map(link => link.textContent)"
    assert page.locator("a.n").evaluate_all(torn) == []
    page.close()


@pytest.fixture(scope="module")
def weekly_file(
    weekly: RunResult, cover: Cover, fonts: Fonts, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    file = tmp_path_factory.mktemp("weekly") / "brief.html"
    file.write_text(render_html(build_brief(weekly, cover), fonts), encoding="utf-8")
    return file
