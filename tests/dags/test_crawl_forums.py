"""The DAG crawl_forums: what is due, each in a task of its own, and nobody held up by a bad one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.airflow

Play = Callable[..., Any]
TICK = "2026-03-01T16:30:00+00:00"


def test_ticks_every_ten_minutes_and_a_slow_run_holds_up_no_other(
    described: dict[str, Any], ask_airflow: Play
) -> None:
    run = ask_airflow("first_scheduled", dag_id="crawl_forums", after="2026-03-01T00:01:00+00:00")
    assert run == {"run_after": "2026-03-01T00:10:00+00:00"}
    dag = described["dags"]["crawl_forums"]
    assert dag["catchup"] is False
    assert dag["max_active_runs"] > 1


def test_crawls_what_is_due_and_no_name_reaches_the_shell(play: Play, tmp_path: Path) -> None:
    hostile = f'$(touch {tmp_path / "here"}); `touch {tmp_path / "there"}` " {{{{ 1 + 1 }}}}'
    played = play("crawl_forums", TICK, sources=("town", hostile))
    assert played.state == "success"
    assert {"crawl town", f"crawl {hostile}"} <= set(played.tasks)
    assert played.calls[0] == ["source", "list", "--due", "--json"]
    assert sorted(played.calls[1:]) == sorted([["crawl", "town", "--due"], ["crawl", hostile, "--due"]])
    assert not (tmp_path / "here").exists()
    assert not (tmp_path / "there").exists()


def test_one_failed_source_is_tried_again_and_the_others_are_watched_all_the_same(play: Play) -> None:
    played = play("crawl_forums", TICK, sources=("blind", "town"), fails=("crawl blind",))
    assert [call[1] for call in played.calls if call[0] == "crawl"].count("blind") == 2
    assert played.tasks["crawl blind"] == "failed"
    assert played.tasks["crawl town"] == "success"
    assert played.tasks["crawled"] == "success"


def test_where_nothing_is_due_or_nothing_came_nobody_is_told(play: Play) -> None:
    assert play("crawl_forums", TICK, sources=()).tasks["crawled"] == "skipped"
    failed = play("crawl_forums", TICK, sources=("blind",), fails=("crawl blind",))
    assert failed.tasks["crawled"] == "upstream_failed"
    assert failed.state == "failed"


def test_without_a_list_of_sources_nothing_is_crawled(play: Play) -> None:
    played = play("crawl_forums", TICK, fails=("source list",))
    assert set(played.commands) == {"source"}
    assert played.state == "failed"


def test_one_source_is_crawled_at_once_when_asked_for_by_its_name(play: Play) -> None:
    played = play("crawl_forums", TICK, {"source": "town"}, sources=("other",))
    assert played.calls == [["crawl", "town"]]
    assert played.tasks["crawled"] == "success"
