"""`make airflow` for real, as staff, analysts and leaders use it: in Chromium, and by Airflow's own interface."""

import json
import os
import re
import socket
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.airflow.running import ROOT, SHANGHAI, Airflow, await_run, today, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.airflow, pytest.mark.timeout(3600)]

QUERY = "橘春堂 与（重建 或 拆）"
PATIENCE_MS = 180_000
Enter = Callable[[str], Page]


@pytest.fixture(scope="module")
def town(airflow: Airflow) -> Airflow:
    """The Airflow with the demo town crawled, read, and its daily brief written."""
    for command in ("crawl", "read", "brief"):
        airflow.run(command)
    return airflow


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def enter(airflow: Airflow, browser: Browser) -> Iterator[Enter]:
    """A new page in the browser of a user who has logged in."""
    contexts: dict[str, BrowserContext] = {}
    expect.set_options(timeout=PATIENCE_MS)

    def page_of(name: str) -> Page:
        if name not in contexts:
            contexts[name] = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
            contexts[name].set_default_timeout(PATIENCE_MS)
            _log_in(contexts[name].new_page(), airflow, name)
        return contexts[name].new_page()

    yield page_of
    for context in contexts.values():
        context.close()


def _log_in(page: Page, airflow: Airflow, name: str) -> None:
    page.goto(airflow.address)
    page.locator("#username").fill(name)
    page.locator("#password").fill(airflow.passwords[name])
    page.locator("input[type=submit]").click()
    page.wait_for_url(f"{airflow.address}/")
    page.close()


def test_is_healthy_soon_and_prints_four_passwords(airflow: Airflow, record_property: Any) -> None:
    cpu = sum(sum(process.cpu_times()[:4]) for process in airflow.processes())
    print(f"healthy in {airflow.seconds:.0f} s, {cpu:.0f} s of CPU, load {os.getloadavg()[0]:.0f}")
    record_property("seconds", airflow.seconds)
    assert set(airflow.passwords) == {"leader", "staff", "analyst", "admin"}
    assert len(set(airflow.passwords.values())) == 4


def test_nothing_listens_but_on_loopback(airflow: Airflow) -> None:
    listening = [
        connection.laddr.ip
        for process in airflow.processes()
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= 3  # the API server and the two forums
    assert set(listening) == {"127.0.0.1"}


def test_secrets_are_for_their_owner_alone(airflow: Airflow) -> None:
    assert (airflow.folder / "airflow-server" / "secrets.env").stat().st_mode & 0o777 == 0o600


def test_strangers_get_nothing(airflow: Airflow) -> None:
    with httpx.Client(base_url=airflow.address, timeout=120) as stranger:
        assert stranger.get("/minyi/").status_code == 303
        assert stranger.post("/minyi/issues/1/state", data={"state": "办结"}).status_code == 401
        assert stranger.get("/api/v2/dags").status_code == 401


def test_an_analyst_fills_the_form_in_chinese_and_sees_the_brief(town: Airflow, enter: Enter) -> None:
    page = enter("analyst")
    page.goto(town.address)
    page.get_by_role("link", name="民意", exact=True).click()
    inside = page.frame_locator("iframe").first
    expect(inside.get_by_role("heading", level=1)).to_contain_text("今日")
    expect(inside.get_by_text("analyst（分析员）")).to_be_visible()

    run_id = _trigger(page, town)
    with town.enter("analyst") as api:
        assert await_run(api, "topic_brief", run_id) == "success"

    page.goto(f"{town.address}/minyi/briefs")
    page.get_by_role("link", name="专报").first.click()
    brief = page.frame_locator("iframe.document")
    expect(brief.get_by_role("heading", level=1)).to_contain_text(QUERY)
    expect(brief.locator("figure svg").first).to_be_visible()
    assert brief.locator("figure svg").first.locator("path").count() > 5


def _trigger(page: Page, town: Airflow) -> str:
    """Fill the form that Airflow makes of the DAG's parameters; the id of the run."""
    page.goto(f"{town.address}/dags/topic_brief/")
    page.get_by_role("button", name="触发 Dag").click()
    form = page.get_by_role("dialog")
    form.get_by_text("检索式", exact=True).wait_for()
    form.locator("#element_query").fill(QUERY)
    yesterday = today() - timedelta(days=1)
    form.locator("#element_first_day").fill(str(yesterday - timedelta(days=40)))
    form.locator("#element_last_day").fill(str(yesterday))
    form.locator("#element_last_day").press("Tab")
    form.get_by_role("button", name="触发", exact=True).click()
    page.wait_for_url(re.compile("/dags/topic_brief/runs/"))
    return page.url.split("/runs/")[1].split("/")[0].split("?")[0]


@pytest.mark.parametrize(
    ("conf", "line"),
    [
        ({"query": "路灯", "first_day": "2026-03-02", "last_day": "2026-03-01"}, "对调"),
        ({"first_day": "2026-03-01", "last_day": "2026-03-02"}, "请写一样"),
    ],
    ids=["wrong order", "nothing asked"],
)
def test_a_form_filled_wrongly_says_so_in_one_line(town: Airflow, conf: dict[str, str], line: str) -> None:
    with town.enter("analyst") as api:
        run_id = _start(api, "topic_brief", conf)
        log = wait_for(lambda: _log_of(api, "topic_brief", run_id, "run_topic"), "a failed try")
    assert line in log
    assert "Traceback" not in log.split("Command exited")[0]


def _start(api: httpx.Client, dag_id: str, conf: dict[str, str]) -> str:
    answer = api.post(f"/dags/{dag_id}/dagRuns", json={"logical_date": None, "conf": conf})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["dag_run_id"])


def _log_of(api: httpx.Client, dag_id: str, run_id: str, task: str) -> str | None:
    """The log of a task's first try, once its command has ended."""
    answer = api.get(f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task}/logs/1")
    if answer.status_code != 200:
        return None
    log = "\n".join(str(row.get("event", row)) for row in answer.json()["content"])
    return log if "Command exited" in log else None


def test_a_leader_reads_and_changes_nothing(town: Airflow, enter: Enter) -> None:
    page = enter("leader")
    page.goto(f"{town.address}/minyi/")
    expect(page.get_by_text("leader（领导）")).to_be_visible()
    page.goto(f"{town.address}/minyi/issues")
    page.locator(".issues a").first.click()
    expect(page.locator("#handle")).to_have_count(0)
    for path in ("issues/1/state", "topics/run", "topics/save", "approval/1/approve", "sources/haiping"):
        answer = page.request.post(f"{town.address}/minyi/{path}", form={"state": "办结"})
        assert answer.status in (403, 404, 405), path
    with town.enter("leader") as api:
        asked = {"logical_date": None, "conf": {"query": QUERY}}
        assert api.get("/dags").status_code == 200
        assert api.post("/dags/topic_brief/dagRuns", json=asked).status_code == 403
        assert api.patch("/dags/crawl_forums", json={"is_paused": False}).status_code == 403


def test_staff_set_a_state(town: Airflow, enter: Enter) -> None:
    page = enter("staff")
    page.goto(f"{town.address}/minyi/issues")
    page.locator(".issues a").first.click()
    page.get_by_label("改为").select_option("转办")
    page.get_by_label("转给哪个单位").fill("市住建局")
    page.get_by_role("button", name="记下", exact=True).click()
    expect(page.locator("#state")).to_contain_text("转办")
    expect(page.locator("#state")).to_contain_text("staff")


def test_a_crawl_starts_the_watch(town: Airflow) -> None:
    town.run("source", "set", "haiping", "--every", "10")
    with town.enter("admin") as api:
        assert api.patch("/dags/crawl_forums", json={"is_paused": False}).status_code == 200
        [run] = wait_for(lambda: api.get("/dags/watch/dagRuns").json()["dag_runs"], "a run of watch")
        assert run["run_type"] == "asset_triggered"
        assert await_run(api, "watch", run["dag_run_id"]) == "success"
        assert api.patch("/dags/crawl_forums", json={"is_paused": True}).status_code == 200


def test_a_backfill_makes_the_briefs_of_its_days_and_a_rerun_replaces_one(town: Airflow) -> None:
    last = today() - timedelta(days=5)
    days = [last - timedelta(days=1), last]
    # As the DAG's page says: from the day after the first, to two days after the last.
    asked = {
        "dag_id": "daily_brief",
        "from_date": f"{days[0] + timedelta(days=1)}T00:00:00+08:00",
        "to_date": f"{days[1] + timedelta(days=2)}T00:00:00+08:00",
        "max_active_runs": 1,
        "reprocess_behavior": "none",
    }
    with town.enter("admin") as api:
        api.patch("/dags/daily_brief", json={"is_paused": False})
        answer = api.post("/backfills", json=asked)
        assert answer.status_code == 200, answer.text
        runs = wait_for(lambda: _ended(api, "daily_brief", "backfill", 2), "the backfill")
        before = _runs(town)
        briefs = [run for run in before if run["first_day"] in map(str, days) and run["kind"] == "daily"]
        assert [run["first_day"] for run in briefs if run["number"]] == [str(days[1]), str(days[0])]
        clear = {"dry_run": False, "dag_run_id": runs[0]["dag_run_id"], "only_failed": False}
        assert api.post("/dags/daily_brief/clearTaskInstances", json=clear).status_code == 200
        wait_for(lambda: _ended(api, "daily_brief", "backfill", 2), "the rerun")
    day = str(datetime.fromisoformat(runs[0]["data_interval_start"]).astimezone(SHANGHAI).date())
    after = _runs(town)
    assert _others(after, day) == _others(before, day)
    assert _numbers(after, day) == _numbers(before, day)


def _ended(api: httpx.Client, dag_id: str, kind: str, count: int) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = api.get(f"/dags/{dag_id}/dagRuns").json()["dag_runs"]
    ended = [run for run in runs if run["run_type"] == kind and run["state"] in ("success", "failed")]
    return ended if len(ended) == count else []


def _runs(town: Airflow) -> list[dict[str, Any]]:
    """The kept runs, newest first."""
    listed: list[dict[str, Any]] = json.loads(town.run("runs", "list", "--json"))["runs"]
    return listed


def _others(runs: list[dict[str, Any]], day: str) -> list[dict[str, Any]]:
    return [run for run in runs if (run["kind"], run["first_day"]) != ("daily", day)]


def _numbers(runs: list[dict[str, Any]], day: str) -> set[int]:
    """The numbers of the briefs of that day."""
    return {run["number"] for run in runs if run["first_day"] == day and run["number"]}


def test_ctrl_c_leaves_nothing_behind(airflow: Airflow) -> None:
    before = airflow.processes()
    airflow.stop()
    assert [process for process in before if process.is_running()] == []
    assert list((airflow.folder / "airflow-server").glob("*.pid")) == []
    again = subprocess.run(["pgrep", "-f", str(airflow.folder)], capture_output=True, text=True)
    assert again.stdout == ""


def test_a_port_in_use_is_one_line_with_the_remedy(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environment = os.environ | {"MINYI_AIRFLOW_PORT": str(taken.getsockname()[1])}
        done = subprocess.run(
            [ROOT / "scripts/run_airflow.sh", tmp_path], env=environment, capture_output=True, text=True
        )
    assert done.returncode == 1
    assert "MINYI_AIRFLOW_PORT" in done.stderr
    assert done.stderr.count("\n") == 1
