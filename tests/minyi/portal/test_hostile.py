"""Forum text, staff's text and addresses are text: nothing becomes markup, and headers say so twice."""

import json
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest

PAGES = (
    "/",
    "/issues",
    "/issues/all",
    "/topics",
    "/corrections",
    "/approval/2",
    "/briefs/2",
    "/instructions",
)


class Elements(HTMLParser):
    """The elements of a page and their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def check_clean(page: str, where: str) -> None:
    """No element and no attribute that our templates do not write."""
    for tag, attributes in Elements(page).found:
        assert tag not in {"object", "embed", "base", "math", "style", "i"}, (where, tag)
        if tag == "script":
            assert (attributes.get("src") or "").startswith("/static/"), where
        if tag == "iframe":
            assert (attributes["src"] or "").startswith("/briefs/"), where
            assert "allow-scripts" not in (attributes["sandbox"] or "allow-scripts"), where
        for name, value in attributes.items():
            assert not name.startswith("on"), (where, tag, name)
            assert name != "style", (where, tag)
            if name in {"href", "src", "action", "formaction"}:
                assert re.match(r"(/|https?://|#|\?)", value or ""), (where, tag, value)
        if tag == "a" and (attributes.get("href") or "").startswith("http"):
            assert attributes["rel"] == "noopener noreferrer nofollow", where


def hostile_issue(office: Any) -> int:
    (thread,) = (row["id"] for row in office.rows("threads") if row["thread_key"] == "evil-0")
    return next(row["issue_id"] for row in office.rows("issue_threads") if row["thread_id"] == thread)


def test_hostile_titles_and_texts_stay_text(office: Any) -> None:
    issue = hostile_issue(office)
    for path in (*PAGES, f"/issues/{issue}"):
        page = office.page(path)
        check_clean(page, path)
        assert "<script>document" not in page, path
        assert "<svg onload" not in page, path
        assert "49" not in re.findall(r"路灯坏了没人修。[^<]*", page), path
    assert "&lt;script&gt;" in office.page(f"/issues/{issue}")
    found = office.client.post("/topics/count", data={"csrf": office.token(), "query": "镜河街道路灯"})
    assert "&lt;script&gt;" in found.text
    check_clean(found.text, "count")


@pytest.mark.parametrize("words", ["<img src=x onerror=alert(1)>", "{{7*7}}", "'\"><b>", "\u202etxt.exe"])
def test_what_staff_write_stays_text(office: Any, words: str) -> None:
    issue = hostile_issue(office)
    office.post(f"/issues/{issue}/title", title=words)
    office.post(f"/issues/{issue}/state", state="转办", department=words, note=words)
    office.post(f"/issues/{issue}/instruction", text=words, department=words)
    office.post("/topics/save", name=words, query='"路灯"')
    office.post("/approval/2/note", text=words)
    for path in (*PAGES, f"/issues/{issue}"):
        check_clean(office.page(path), path)
    page = office.client.get("/issues", params={"state": words, "district": words}).text
    check_clean(page, "filters")
    check_clean(office.client.get("/issues/all", params={"q": words}).text, "search")
    answer = office.client.post("/topics/try", data={"csrf": office.token(), "query": words, "name": words})
    check_clean(answer.text, "try")


def test_an_address_that_is_not_of_the_web_is_no_link(office: Any) -> None:
    issue = hostile_issue(office)
    with office.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE threads SET url = 'javascript:alert(1)'")
        connection.exec_driver_sql("UPDATE posts SET url = ' javascript:alert(1)'")
    page = office.page(f"/issues/{issue}")
    check_clean(page, "issue")
    assert not re.search(r'="\s*javascript:', page)
    check_clean(office.page("/corrections"), "corrections")


@pytest.mark.parametrize(
    "path", ["/", "/issues", "/nowhere", "/static/portal.js", "/issues/x", "/briefs/2/pdf", "/jobs/7"]
)
def test_every_answer_carries_the_headers(office: Any, path: str) -> None:
    headers = office.client.get(path).headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert policy["base-uri"] == "'none'"
    if path != "/briefs/2/pdf":
        assert policy["script-src"] == "'self'"
        assert policy["style-src"] == "'self'"
        assert policy["form-action"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "no-store" in headers["cache-control"] or path.startswith("/static/")


def test_a_fault_is_said_in_words_with_the_headers_and_shows_nothing(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fastapi.testclient import TestClient

    from minyi.portal.routes import today

    def broken(*_: object) -> None:
        raise KeyError("13800001111")

    monkeypatch.setattr(today, "open_alerts", broken)
    answer = TestClient(office.app, raise_server_exceptions=False).get("/")
    assert answer.status_code == 500
    assert "程序出错" in answer.text
    assert "13800001111" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_pages_know_no_other_server(office: Any) -> None:
    for path in PAGES:
        for tag, attributes in Elements(office.page(path)).found:
            if tag in {"script", "link", "img", "iframe", "form"}:
                address = attributes.get("src") or attributes.get("href") or attributes.get("action") or "/"
                assert address.startswith("/"), (path, tag, address)
    for name in ("portal.css", "tokens.css", "portal.js"):
        assert "//" not in re.sub(r"^\s*//.*$", "", office.page(f"/static/{name}"), flags=re.MULTILINE)


def test_no_page_and_no_parameter_knows_an_author(office: Any) -> None:
    for path in (*PAGES, f"/issues/{hostile_issue(office)}"):
        page = office.page(path)
        assert "路人" not in page
        assert "author" not in page
    names = {
        parameter.name
        for route in office.app.routes
        if hasattr(route, "dependant")
        for parameter in (*route.dependant.query_params, *route.dependant.body_params)
    }
    assert not {name for name in names if re.search(r"author|voice|user|poster", name)}


def test_a_job_is_told_nothing_but_its_own_parameters(office: Any) -> None:
    evil = '--config=/etc/passwd"; rm -rf /'
    assert office.post("/topics/run", query=f'"{"路灯"}"', name=evil, district="", source="") == 303
    job, _ = office.jobs.started[-1]
    assert job.params["topic"] == ""
    assert evil not in json.dumps(dict(job.params))


@pytest.mark.parametrize(
    "odd", ["\x00", "路\x00灯", "\ud800", "1e308", "NaN", "-1", "9" * 400, "0001-01-01", "9999-12-31"]
)
def test_odd_values_of_a_topic_are_refused_or_read_but_never_a_fault(office: Any, odd: str) -> None:
    usual = {
        "query": "绝无此词",
        "first_day": "",
        "last_day": "",
        "source": "",
        "district": "",
        "forms": "html",
    }
    for path in ("/topics/count", "/topics/try", "/topics/run"):
        for field in usual:
            data = urlencode({**usual, "csrf": office.token(), field: odd}, errors="surrogatepass")
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            answer = office.client.post(path, content=data, headers=form)
            assert answer.status_code in (200, 303, 400, 422), (path, field)
    assert all("\x00" not in value for job, _ in office.jobs.started for value in job.params.values())
    assert {job.params["forms"] for job, _ in office.jobs.started} <= {"html"}


def test_a_form_that_is_too_long_is_refused_in_words(office: Any) -> None:
    for data in ({"query": "路" * 1_000_000}, {f"f{n}": "1" for n in range(2000)}):
        answer = office.client.post("/topics/count", data={"csrf": office.token(), **data})
        assert answer.status_code == 400
        assert "太长" in answer.text
