"""The DAG daily_brief, run by a real Airflow: order, days, and what a failure stops."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.airflow

Play = Callable[..., Any]
AFTER_MIDNIGHT_IN_SHANGHAI = "2026-03-01T16:30:00+00:00"  # 00:30 on 2 March
BEFORE_MIDNIGHT_IN_SHANGHAI = "2026-03-01T15:59:00+00:00"  # 23:59 on 1 March


def test_runs_at_half_past_six_for_the_day_before(described: dict[str, Any], ask_airflow: Play) -> None:
    run = ask_airflow("first_scheduled", dag_id="daily_brief", after="2026-03-01T00:00:00+00:00")
    assert run == {"run_after": "2026-03-01T22:30:00+00:00", "day": "2026-03-01"}
    dag = described["dags"]["daily_brief"]
    assert dag["timetable"] == "CronTriggerTimetable"
    assert dag["catchup"] is False
    assert dag["max_active_runs"] == 1


def test_runs_every_command_in_order_for_every_source(play: Play, tmp_path: Path) -> None:
    hostile = f'$(touch {tmp_path / "here"}); `touch {tmp_path / "there"}` " {{{{ 1 + 1 }}}}'
    played = play(AFTER_MIDNIGHT_IN_SHANGHAI, sources=("town", hostile))

    assert played.state == "success"
    assert set(played.tasks.values()) == {"success"}
    assert {"crawl town", f"crawl {hostile}"} <= set(played.tasks)
    day = ["--day", "2026-03-01"]
    assert played.calls[0] == ["source", "list", "--json"]
    assert sorted(played.calls[1:3]) == sorted([["crawl", "town", *day], ["crawl", hostile, *day]])
    assert played.calls[3:] == [
        ["read"],
        ["analyse", *day],
        ["brief", *day],
        ["deliver", *day],
        ["source", "health", *day],
    ]
    assert not (tmp_path / "here").exists()
    assert not (tmp_path / "there").exists()


def test_before_midnight_in_shanghai_the_day_before_is_another(play: Play) -> None:
    assert play(BEFORE_MIDNIGHT_IN_SHANGHAI).days == {"2026-02-28"}


def test_does_the_day_that_was_asked_for(play: Play) -> None:
    played = play(None, {"day": "2026-02-14"})
    assert played.state == "success"
    assert played.days == {"2026-02-14"}


def test_a_failed_source_is_tried_again_and_the_brief_comes_out_before_the_run_turns_red(play: Play) -> None:
    played = play(
        AFTER_MIDNIGHT_IN_SHANGHAI, sources=("blind", "town"), fails=("crawl blind", "source health")
    )
    assert [call[1] for call in played.calls if call[0] == "crawl"].count("blind") == 2
    assert played.commands[-5:] == ["read", "analyse", "brief", "deliver", "source"]
    assert played.tasks["crawl blind"] == "failed"
    assert played.tasks["crawl town"] == "success"
    assert played.tasks["deliver"] == "success"
    assert played.tasks["sources_check"] == "failed"
    assert played.state == "failed"


def test_without_sources_there_is_a_brief_all_the_same(play: Play) -> None:
    played = play(AFTER_MIDNIGHT_IN_SHANGHAI, sources=())
    assert played.tasks["crawl"] == "skipped"
    assert played.tasks["deliver"] == "success"


def test_without_a_list_of_sources_nothing_is_read(play: Play) -> None:
    played = play(AFTER_MIDNIGHT_IN_SHANGHAI, fails=("source list",))
    assert set(played.commands) == {"source"}
    assert played.state == "failed"


def test_a_brief_that_failed_is_not_sent_and_the_run_is_red(play: Play) -> None:
    played = play(AFTER_MIDNIGHT_IN_SHANGHAI, fails=("brief",))
    assert "deliver" not in set(played.commands)
    assert played.tasks["brief"] == "failed"
    assert played.tasks["sources_check"] == "upstream_failed"
    assert played.state == "failed"


@pytest.mark.parametrize("day", ["2026-02-30", "14.2.2026", "2026-02-14; rm -rf ~", "昨天"])
def test_refuses_what_is_no_date(play: Play, day: str) -> None:
    played = play(None, {"day": day})
    assert played.state == "refused"
    assert played.calls == []
