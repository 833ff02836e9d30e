"""A process with Airflow in it, which answers the tests' questions: one JSON line in, one out.

Importing Airflow changes logging and more for good, and takes seconds: so it is done once, and elsewhere.
"""

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # Airflow logs to standard output

from airflow.dag_processing.dagbag import DagBag  # noqa: E402
from airflow.sdk.definitions.dag import DAG  # noqa: E402
from airflow.sdk.definitions.mappedoperator import MappedOperator  # noqa: E402
from airflow.sdk.exceptions import ParamValidationError  # noqa: E402
from airflow.serialization.encoders import coerce_to_core_timetable  # noqa: E402
from airflow.timetables.base import TimeRestriction  # noqa: E402
from pendulum import instance  # noqa: E402


def describe(bag: DagBag) -> dict[str, Any]:
    """What the tests look at in every DAG file."""
    return {
        "import_errors": bag.import_errors,
        "dags": {dag_id: _describe_dag(dag) for dag_id, dag in bag.dags.items()},
    }


def _describe_dag(dag: DAG) -> dict[str, Any]:
    return {
        "file": Path(dag.fileloc).stem,
        "doc_md": dag.doc_md,
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "timetable": type(dag.timetable).__name__,
        "tasks": {task.task_id: type(task).__name__ for task in dag.tasks},
    }


def first_scheduled(bag: DagBag, dag_id: str, after: str) -> dict[str, str]:
    """The first run that the timetable makes from `after` on, and the days its brief is for."""
    dag = bag.dags[dag_id]
    restriction = TimeRestriction(earliest=instance(datetime.fromisoformat(after)), latest=None, catchup=True)
    timetable = coerce_to_core_timetable(dag.timetable)
    info = timetable.next_dagrun_info(last_automated_data_interval=None, restriction=restriction)
    assert info
    assert info.data_interval
    run = SimpleNamespace(
        data_interval_start=info.data_interval.start,
        data_interval_end=info.data_interval.end,
        run_after=info.run_after,
    )
    nothing_typed = dict.fromkeys(dag.params)
    days = {name: macro(run, nothing_typed) for name, macro in (dag.user_defined_macros or {}).items()}
    return {"run_after": info.run_after.astimezone(UTC).isoformat()} | days


def backfilled(bag: DagBag, dag_id: str, first: str, last: str) -> list[str]:
    """The days whose briefs a backfill between two moments makes."""
    dag = bag.dags[dag_id]
    timetable = coerce_to_core_timetable(dag.timetable)
    earliest, latest = (instance(datetime.fromisoformat(moment)) for moment in (first, last))
    restriction = TimeRestriction(earliest=earliest, latest=latest, catchup=True)
    days, interval = [], None
    while info := timetable.next_dagrun_info(last_automated_data_interval=interval, restriction=restriction):
        interval = info.data_interval
        assert interval
        run = SimpleNamespace(data_interval_start=interval.start, run_after=info.run_after)
        days.append((dag.user_defined_macros or {})["brief_day"](run, dict.fromkeys(dag.params)))
    return days


def play(bag: DagBag, dag_id: str, logical_date: str | None, conf: Any, environment: Any) -> dict[str, Any]:
    """Run a DAG to its end: its state, and the state of each task."""
    os.environ.update(environment)
    dag = bag.dags[dag_id]
    for task in dag.tasks:  # a test does not wait
        settings = task.partial_kwargs if isinstance(task, MappedOperator) else vars(task)
        settings["retry_delay"] = timedelta(0)
    date = datetime.fromisoformat(logical_date) if logical_date else None
    try:
        run = dag.test(logical_date=date, run_conf=conf)
    except ParamValidationError:
        return {"state": "refused", "tasks": {}}
    instances = run.get_task_instances()
    return {"state": run.state, "tasks": {_name(instance): instance.state for instance in instances}}


def _name(task_instance: Any) -> str:
    if task_instance.map_index < 0:
        return str(task_instance.task_id)
    return f"{task_instance.task_id} {task_instance.rendered_map_index}"


bag = DagBag()
questions: dict[str, Callable[..., Any]] = {
    "describe": describe,
    "first_scheduled": first_scheduled,
    "backfilled": backfilled,
    "play": play,
}
for line in sys.stdin:
    question = json.loads(line)
    answer = questions[question.pop("question")](bag, **question)
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
