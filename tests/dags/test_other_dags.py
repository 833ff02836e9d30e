"""weekly_brief, topic_brief, watch, retrain, housekeep: their days, their commands, what a failure stops."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.airflow

Play = Callable[..., Any]
NOON = "2026-03-02T04:00:00+00:00"
NOTHING_TO_LEARN = 4


def test_the_week_ends_on_the_sunday_before_the_monday_it_runs_on(ask_airflow: Play) -> None:
    run = ask_airflow("first_scheduled", dag_id="weekly_brief", after="2026-03-03T00:00:00+00:00")
    assert run == {
        "run_after": "2026-03-08T16:05:00+00:00",
        "first_day": "2026-03-02",
        "last_day": "2026-03-08",
    }


def test_a_week_is_read_analysed_written_and_sent(play: Play) -> None:
    played = play("weekly_brief", None, {"last_day": "2026-03-01"})
    assert played.state == "success"
    days = ["--from", "2026-02-23", "--to", "2026-03-01"]
    assert played.calls == [["read"], ["analyse", *days], ["brief", *days], ["deliver", *days]]


def test_a_week_asked_for_by_hand_is_the_last_whole_one(play: Play) -> None:
    played = play("weekly_brief")
    [last] = played.given("--to")
    assert played.state == "success"
    assert date.fromisoformat(last).isoweekday() == 7


@pytest.mark.parametrize("day", ["2026-02-30", "2026-02-14; rm -rf ~"])
def test_a_week_that_ends_on_no_date_is_refused(play: Play, day: str) -> None:
    assert play("weekly_brief", None, {"last_day": day}).state == "refused"


def test_a_topic_s_words_reach_the_command_as_they_were_typed(play: Play, tmp_path: Path) -> None:
    query = f'路灯 "$(touch {tmp_path / "here"})" {{{{ 1 }}}} \'; rm -rf ~'
    conf = {"query": query, "first_day": "2026-02-01", "last_day": "2026-02-14", "forms": ["pdf", "html"]}
    played = play("topic_brief", None, conf)
    assert played.state == "success"
    days = ["--from", "2026-02-01", "--to", "2026-02-14"]
    assert played.calls == [["topic", "run", "--query", query, *days, "--forms", "pdf,html"]]
    assert not (tmp_path / "here").exists()


def test_a_saved_topic_may_be_narrowed(play: Play) -> None:
    conf = {"topic": "老药铺", "source": "town", "district": "古城街道", "first_day": "2026-02-01"}
    [call] = play("topic_brief", None, conf).calls
    assert call[:4] == ["topic", "run", "--topic", "老药铺"]
    assert call[call.index("--source") + 1] == "town"
    assert call[call.index("--district") + 1] == "古城街道"
    assert call[call.index("--to") + 1] > "2026-02-01"


@pytest.mark.parametrize(
    "conf", [{"first_day": "昨天"}, {"forms": ["exe"]}, {"forms": []}, {"query": "灯" * 2001}, {"source": 7}]
)
def test_a_topic_form_filled_wrongly_is_refused(play: Play, conf: dict[str, Any]) -> None:
    played = play("topic_brief", None, {"topic": "老药铺"} | conf)
    assert played.state == "refused"
    assert played.calls == []


@pytest.mark.parametrize(("code", "tries"), [(2, 1), (1, 2)])
def test_a_mistake_in_a_topic_is_not_tried_again_and_a_fault_is(play: Play, code: int, tries: int) -> None:
    played = play("topic_brief", None, {"query": "路灯 与"}, fails=("topic run",), code=code)
    assert (played.state, played.commands) == ("failed", ["topic"] * tries)


def test_two_analysts_may_run_topics_at_once(described: dict[str, Any]) -> None:
    assert described["dags"]["topic_brief"]["max_active_runs"] > 1


def test_after_a_crawl_new_posts_are_read_before_they_are_watched(
    play: Play, described: dict[str, Any]
) -> None:
    assert play("watch").calls == [["read"], ["alert", "check"]]
    assert described["dags"]["watch"]["timetable"] == "AssetTriggeredTimetable"
    assert play("watch", fails=("read",)).state == "failed"


def test_without_corrections_the_training_is_skipped_and_not_red(play: Play) -> None:
    played = play("retrain", NOON, fails=("train --local",), code=NOTHING_TO_LEARN)
    assert played.state == "success"
    assert set(played.tasks.values()) == {"skipped"}


def test_what_was_trained_reads_the_posts_anew(play: Play) -> None:
    assert play("retrain", NOON).calls == [["train", "--local"], ["read"]]


@pytest.mark.parametrize(("conf", "options"), [(None, []), ({"dry_run": True}, ["--dry-run"])])
def test_housekeeping_may_only_look(play: Play, conf: dict[str, bool] | None, options: list[str]) -> None:
    assert play("housekeep", NOON, conf).calls == [["housekeep", *options]]
