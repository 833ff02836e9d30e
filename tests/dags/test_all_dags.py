"""Every DAG file: loads, is one DAG of the file's name, explains itself in Chinese, runs commands."""

import re
from pathlib import Path
from typing import Any

import pytest

DAG_FILES = sorted((Path(__file__).parents[2] / "dags").glob("*.py"))

pytestmark = pytest.mark.airflow


def test_all_load(described: dict[str, Any]) -> None:
    assert described["import_errors"] == {}


def test_one_dag_per_file_of_the_same_name(described: dict[str, Any]) -> None:
    assert sorted(described["dags"]) == [file.stem for file in DAG_FILES]
    assert all(dag["file"] == dag_id for dag_id, dag in described["dags"].items())


@pytest.mark.parametrize("file", DAG_FILES, ids=lambda file: file.stem)
def test_explains_itself_in_chinese(file: Path, described: dict[str, Any]) -> None:
    dag = described["dags"][file.stem]
    assert len(re.findall(r"[\u4e00-\u9fff]", dag["doc_md"])) > 100
    for task in dag["tasks"]:
        assert f"`{task}`" in dag["doc_md"]


@pytest.mark.parametrize("file", DAG_FILES, ids=lambda file: file.stem)
def test_a_task_is_a_command(file: Path, described: dict[str, Any]) -> None:
    kinds = set(described["dags"][file.stem]["tasks"].values())
    assert kinds <= {"BashOperator", "BashSensor", "MappedOperator", "EmptyOperator"}


@pytest.mark.parametrize("file", DAG_FILES, ids=lambda file: file.stem)
def test_imports_nothing_of_ours_and_never_asks_for_the_time(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"^\s*(?:from|import) (?:analysis|crawlers|minyi|pipelines|reports)\b", text, re.M)
    assert not re.search(r"\b(?:now|utcnow|today)\(", text)
