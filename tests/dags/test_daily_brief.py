"""The DAG daily_brief, run by a real Airflow: order, days, and what a failure stops."""

import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.airflow

Play = Callable[..., Any]
AFTER_MIDNIGHT_IN_SHANGHAI = "2026-03-01T16:30:00+00:00"  # 00:30 on 2 March
BEFORE_MIDNIGHT_IN_SHANGHAI = "2026-03-01T15:59:00+00:00"  # 23:59 on 1 March


def test_begins_after_midnight_for_the_day_before(described: dict[str, Any], ask_airflow: Play) -> None:
    run = ask_airflow("first_scheduled", dag_id="daily_brief", after="2026-03-01T00:00:00+00:00")
    assert run == {"run_after": "2026-03-01T16:05:00+00:00", "brief_day": "2026-03-01"}
    dag = described["dags"]["daily_brief"]
    assert dag["timetable"] == "CronTriggerTimetable"
    assert dag["catchup"] is False
    assert dag["max_active_runs"] > 1, "a waiting run must not hold up one that somebody asks for"


def test_the_backfill_on_its_page_makes_the_days_that_the_page_says(
    described: dict[str, Any], ask_airflow: Play
) -> None:
    page = described["dags"]["daily_brief"]["doc_md"]
    found = re.search(r"--from-date (\S+) --to-date (\S+)", page)
    assert found
    first, last = (f"{day}T00:00:00+08:00" for day in found.groups())
    days = ask_airflow("backfilled", dag_id="daily_brief", first=first, last=last)
    assert "补 3 月 1 日至 7 日" in page
    assert days == [f"2026-03-0{day}" for day in range(1, 8)]


def test_runs_every_command_in_order(play: Play) -> None:
    played = play("daily_brief", AFTER_MIDNIGHT_IN_SHANGHAI)
    assert played.state == "success"
    assert set(played.tasks.values()) == {"success"}
    day = ["--day", "2026-03-01"]
    assert played.calls == [
        ["read"],
        ["analyse", *day],
        ["brief", *day],
        ["deliver", *day],
        ["source", "health", *day],
    ]


def test_before_midnight_in_shanghai_the_day_before_is_another(play: Play) -> None:
    assert play("daily_brief", BEFORE_MIDNIGHT_IN_SHANGHAI).days == {"2026-02-28"}


def test_does_the_day_that_was_asked_for(play: Play) -> None:
    played = play("daily_brief", None, {"day": "2026-02-14"})
    assert played.state == "success"
    assert played.days == {"2026-02-14"}


def test_the_brief_comes_out_before_a_blind_source_turns_the_run_red(play: Play) -> None:
    played = play("daily_brief", AFTER_MIDNIGHT_IN_SHANGHAI, fails=("source health",))
    assert played.tasks["deliver"] == "success"
    assert played.tasks["sources_check"] == "failed"
    assert played.state == "failed"


def test_a_brief_that_failed_is_tried_again_not_sent_and_the_run_is_red(play: Play) -> None:
    played = play("daily_brief", AFTER_MIDNIGHT_IN_SHANGHAI, fails=("brief",))
    assert played.commands.count("brief") == 3
    assert "deliver" not in set(played.commands)
    assert played.tasks["brief"] == "failed"
    assert played.tasks["sources_check"] == "upstream_failed"
    assert played.state == "failed"


@pytest.mark.parametrize("day", ["2026-02-30", "14.2.2026", "2026-02-14; rm -rf ~", "昨天"])
def test_refuses_what_is_no_date(play: Play, day: str) -> None:
    played = play("daily_brief", None, {"day": day})
    assert played.state == "refused"
    assert played.calls == []
