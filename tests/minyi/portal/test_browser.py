"""The portal as people use it: in Chromium, with and without script, on a phone, by keyboard."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from minyi.portal.alone import listen

PAGES = (
    *(
        "/",
        "/briefs",
        "/briefs/2",
        "/issues",
        "/issues/all",
        "/topics",
        "/sources",
        "/approval",
        "/approval/2",
    ),
    *("/instructions", "/corrections", "/method", "/runs", "/runs/diff?left=1&right=2"),
)


# On a busy machine a page that draws a brief anew may take half a minute.
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def address(office: Any) -> Iterator[str]:
    """The portal, served on loopback."""
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(office.app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page on which nothing may be refused by the policy, and no script may open a dialog."""
    made = context.new_page()
    made.set_default_timeout(PATIENCE)
    made.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    return made


def complaints_of(page: Page) -> list[str]:
    """What the browser complains of on this page from now on."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def test_staff_set_a_state(page: Page, address: str, office: Any) -> None:
    page.goto(f"{address}/issues")
    page.locator(".issues a").first.click()
    page.get_by_label("改为").select_option("转办")
    page.get_by_label("转给哪个单位").fill("市住建局")
    page.get_by_label("说明（可空）").fill("请三日内回复")
    page.get_by_role("button", name="记下", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已记下这件事的状态")
    expect(page.locator("#state")).to_contain_text("转办：市住建局")
    expect(page.locator(".story")).to_contain_text("请三日内回复")


def test_a_query_shows_its_count_while_it_is_written(page: Page, address: str, office: Any) -> None:
    complaints = complaints_of(page)
    page.goto(f"{address}/topics")
    page.get_by_label("查什么").press_sequentially("橘春堂 重建")
    expect(page.locator(".found .count")).to_contain_text("个主题帖")
    expect(page.locator(".found .posts li")).not_to_have_count(0)
    page.get_by_label("查什么").fill("(橘春堂")
    expect(page.locator(".found")).to_contain_text("括号")
    page.get_by_label("查什么").fill("橘春堂 或 路灯")
    page.get_by_label("名称").fill("两件事")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("h1")).to_contain_text("两件事")
    expect(page.locator(".found .count")).to_be_visible()
    page.get_by_role("button", name="做专报").click()
    expect(page.locator("main")).to_contain_text("做完了")
    assert office.jobs.started[-1][0].params["topic"] == "两件事"
    # The refusal of the half-written query is the one thing the console may note.
    assert all("400" in text for text in complaints), complaints


def test_posts_are_labelled_by_keys(page: Page, address: str, office: Any) -> None:
    page.goto(f"{address}/corrections")
    first = page.locator(".doubtful > li").first
    expect(first).to_have_class("now")
    number = int((first.get_attribute("id") or "").removeprefix("post-"))
    page.keyboard.press("1")
    expect(page.locator("[data-corrections-said]")).to_have_text("已记下 1 帖。")
    expect(page.locator(".doubtful > li").nth(1)).to_have_class("now")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("3")
    expect(page.locator("[data-corrections-said]")).to_have_text("已记下 2 帖。")
    labels = {row["post_id"]: row["label"] for row in office.rows("corrections")}
    assert len(labels) == 2
    assert labels[number] == "neg"


def test_a_draft_is_read_noted_and_approved(page: Page, address: str, office: Any) -> None:
    page.goto(f"{address}/")
    page.get_by_role("link", name="去审定").click()
    page.locator("main .rows a").first.click()
    frame = page.frame_locator("iframe")
    expect(frame.locator("h1")).to_contain_text("民意日报")
    page.get_by_label("写一条批注").fill("请重点看第一项")
    page.get_by_role("button", name="写进简报").click()
    expect(frame.locator("body")).to_contain_text("请重点看第一项")
    page.get_by_role("button", name="审定，可以送出").click()
    expect(page.get_by_role("status")).to_contain_text("已审定")
    expect(page.frame_locator("iframe").locator("svg").first).to_be_visible()


def test_a_number_of_today_opens_its_posts(page: Page, address: str, office: Any) -> None:
    page.goto(f"{address}/")
    number = page.locator(".cards a.n").first
    evidence = (number.get_attribute("href") or "").split("e=")[1]
    number.click()
    expect(page.frame_locator("iframe").locator(f"#e{evidence}")).to_be_in_viewport()


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_scrolls_sideways_and_the_policy_refuses_nothing(
    browser: Browser, address: str, office: Any, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="zh-CN")
    page = context.new_page()
    complaints = complaints_of(page)
    for path in (*PAGES, f"/issues/{office.issue()}"):
        page.goto(address + path)
        for summary in page.locator("summary:visible").all():
            summary.click()
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, (path, wide)
        assert complaints == [], path
    context.close()


# A control, or the label that it stands in, less than a fingertip high.
SMALL = """() => [...document.querySelectorAll("button, select, summary, input:not([type=hidden])")]
  .filter((used) => used.checkVisibility())
  .map((used) => used.closest("label.check") || used)
  .filter((used) => used.getBoundingClientRect().height < 30)
  .map((used) => used.outerHTML.slice(0, 80))"""


def test_on_a_phone_a_finger_hits_every_control(browser: Browser, address: str, office: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    for path in ("/issues", "/topics", "/sources", "/instructions", "/runs", f"/issues/{office.issue()}"):
        page.goto(address + path)
        assert page.evaluate(SMALL) == [], path
    context.close()


# What a screen reader needs: a language, one main heading, no level left out, names for all that is used.
AUDIT = """() => {
  const wrong = [];
  if (document.documentElement.lang !== "zh-CN") wrong.push("lang");
  if (document.querySelectorAll("h1").length !== 1) wrong.push("h1");
  if (document.querySelectorAll("main").length !== 1) wrong.push("main");
  let level = 1;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
    const now = Number(heading.tagName[1]);
    if (now > level + 1) wrong.push("heading " + heading.textContent);
    level = now;
    if (!heading.textContent.trim()) wrong.push("empty heading");
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (!field.labels.length || !field.labels[0].textContent.trim()) wrong.push("label " + field.name);
  for (const used of document.querySelectorAll("a[href], button, summary"))
    if (!(used.textContent.trim() || used.getAttribute("aria-label"))) wrong.push("name " + used.outerHTML);
  for (const frame of document.querySelectorAll("iframe")) if (!frame.title) wrong.push("frame");
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  if (new Set(ids).size !== ids.length) wrong.push("id twice");
  for (const element of document.querySelectorAll("[aria-labelledby], [aria-describedby]"))
    for (const name of ["aria-labelledby", "aria-describedby"])
      for (const id of (element.getAttribute(name) || "").split(" ").filter(Boolean))
        if (!document.getElementById(id)) wrong.push(name + " " + id);
  return wrong;
}"""


def test_pages_have_names_headings_and_labels(page: Page, address: str, office: Any) -> None:
    for path in (*PAGES, f"/issues/{office.issue()}"):
        page.goto(address + path)
        assert page.evaluate(AUDIT) == [], path


def test_the_keyboard_reaches_everything_and_shows_where_it_is(page: Page, address: str, office: Any) -> None:
    page.goto(f"{address}/issues")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_have_text("跳到正文")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_everything_works_without_script(browser: Browser, address: str, office: Any) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/topics")
    page.get_by_label("查什么").fill("橘春堂 重建")
    page.get_by_role("button", name="先数一数").click()
    expect(page.locator(".found .count")).to_contain_text("个主题帖")
    expect(page.get_by_label("查什么")).to_have_value("橘春堂 重建")
    page.goto(f"{address}/corrections")
    page.locator(".labels button").first.click()
    expect(page.get_by_role("status").first).to_contain_text("已记下")
    page.goto(f"{address}/issues")
    page.get_by_label("答复").select_option("overdue")
    page.get_by_role("button", name="筛选").click()
    assert "answer=overdue" in page.url
    context.close()


def test_the_legend_of_sources_has_the_colours_of_the_days(page: Page, address: str, office: Any) -> None:
    page.goto(f"{address}/sources")
    colour = "([selector, part]) => getComputedStyle(document.querySelector(selector), part).backgroundColor"
    shown = {
        state: page.evaluate(colour, [f".legend .{state}", "::before"])
        for state in ("ok", "partial", "failed", "none")
    }
    assert shown["ok"] == page.evaluate(colour, [".strip .ok", None])
    assert len(set(shown.values())) == 4, shown


def test_dark_and_light_follow_the_reader(browser: Browser, address: str, office: Any) -> None:
    seen = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{address}/")
        seen[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        context.close()
    assert seen["light"] == "rgb(255, 255, 255)"
    assert seen["dark"] != seen["light"]


def test_hostile_text_runs_nowhere_not_even_where_it_escapes(
    page: Page, address: str, office: Any, folder: Path
) -> None:
    """Also were a page to forget to escape, its policy would run nothing: planted into the brief's own file."""
    (thread,) = (row["id"] for row in office.rows("threads") if row["thread_key"] == "evil-0")
    issue = next(row["issue_id"] for row in office.rows("issue_threads") if row["thread_id"] == thread)
    page.goto(f"{address}/issues/{issue}")
    page.locator("summary", has_text="最新的").click()
    assert page.title() != "owned"
    brief = sorted(folder.rglob("daily-*.html"))[-1]
    script = "<script>document.title='owned';top.document.title='owned'</script><img src=x onerror=alert(1)>"
    brief.write_text(
        brief.read_text(encoding="utf-8").replace("</h1>", f"</h1>{script}", 1), encoding="utf-8"
    )
    page.goto(f"{address}/briefs/2")
    expect(page.frame_locator("iframe").locator("h1")).to_be_visible()
    assert "owned" not in page.title()
    page.goto(f"{address}/briefs/2/html?frame=1")
    expect(page.locator("h1")).to_be_visible()
    assert "owned" not in page.title()
