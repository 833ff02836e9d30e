"""Draw pictures of the portal: python docs/gallery/draw_portal.py minyi.toml

The office of that configuration (the demo after `make run`) is opened on loopback and looked at
in Chromium: portal.png, portal-issue.png, portal-topic.png and portal-phone.png beside this file.
"""

import secrets
import shutil
import sys
import threading
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from minyi.portal.alone import app_alone, listen
from minyi.portal.jobs import CommandJobs
from minyi.portal.office import office_opener

HERE = Path(__file__).parent
DESK = {"width": 1180, "height": 900}
PHONE = {"width": 390, "height": 844}
QUERY = "橘春堂 (重建 或 拆)"


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    file = Path(arguments[0])
    listener = listen("127.0.0.1", 0)
    jobs = CommandJobs(file, file.parent / "jobs")
    app = app_alone(office_opener(file)(), jobs, secrets.token_bytes(32))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        draw(f"http://127.0.0.1:{listener.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join()
    return 0


def draw(address: str) -> None:
    """Every picture, of the portal at that address."""
    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = _open(browser, DESK)
        page.goto(f"{address}/")
        _save(page, "portal")
        page.locator(".issues a").first.click()
        _save(page, "portal-issue")
        page.goto(f"{address}/topics")
        page.get_by_label("查什么").fill(QUERY)
        page.locator(".found .count").wait_for()
        _save(page, "portal-topic")
        phone = _open(browser, PHONE)
        phone.goto(f"{address}/")
        _save(phone, "portal-phone")
        browser.close()


def _open(browser: Browser, size: dict[str, int]) -> Page:
    return browser.new_context(viewport=size, locale="zh-CN").new_page()  # type: ignore[arg-type]


def _save(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=HERE / f"{name}.png")
    sys.stdout.write(f"{HERE / name}.png\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
