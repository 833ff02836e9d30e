"""A real Airflow with an empty home, and a `minyi` that only notes how it was called."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
DAGS = HERE.parents[1] / "dags"


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What a run came to: its state, the state of each task, the calls of `minyi` in order."""

    state: str
    tasks: dict[str, str]
    calls: list[list[str]]

    @property
    def commands(self) -> list[str]:
        return [call[0] for call in self.calls]

    @property
    def days(self) -> set[str]:
        """The days that the commands were given."""
        return self.given("--day")

    def given(self, option: str) -> set[str]:
        """What the commands were given for an option."""
        return {call[call.index(option) + 1] for call in self.calls if option in call}


@pytest.fixture(scope="session")
def airflow_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an Airflow whose database is ready; its home is a folder of the test run."""
    home = tmp_path_factory.mktemp("airflow")
    environment = os.environ | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "0",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "UTC",  # no setting of the host may change a brief's day
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "TZ": "UTC",
    }
    command = [sys.executable, "-m", "airflow", "db", "migrate"]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return environment


@pytest.fixture(scope="session")
def ask_airflow(
    airflow_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Any]]:
    """Put a question of answer.py to a process that has Airflow in it."""
    log = tmp_path_factory.mktemp("answer") / "log"
    with (
        log.open("w") as log_file,
        subprocess.Popen(
            [sys.executable, HERE / "answer.py"],
            env=airflow_environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log_file,
            text=True,
        ) as process,
    ):
        questions, answers = process.stdin, process.stdout
        assert questions
        assert answers

        def ask(question: str, **details: Any) -> Any:
            questions.write(json.dumps({"question": question, **details}) + "\n")
            questions.flush()
            answer = answers.readline()
            assert answer, log.read_text()
            return json.loads(answer)

        yield ask
        questions.close()


@pytest.fixture(scope="session")
def described(ask_airflow: Callable[..., Any]) -> dict[str, Any]:
    """What Airflow sees in our folder of DAGs."""
    found: dict[str, Any] = ask_airflow("describe")
    return found


@pytest.fixture
def play(ask_airflow: Callable[..., Any], tmp_path: Path) -> Callable[..., Played]:
    """Run a DAG to its end with a `minyi` that notes its calls.

    `sources` is what `source list` answers; the commands in `fails` (as `crawl town`) exit with `code`.
    """
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "minyi").symlink_to(HERE / "note_calls.sh")
    calls = tmp_path / "calls"
    calls.touch()

    def run(
        dag_id: str,
        logical_date: str | None = None,
        conf: dict[str, Any] | None = None,
        *,
        sources: tuple[str, ...] = ("town",),
        fails: tuple[str, ...] = (),
        code: int = 1,
    ) -> Played:
        environment = {
            "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
            "NOTED_CALLS": str(calls),
            "NOTED_SOURCES": json.dumps(sources),
            "NOTED_FAILS": "\n".join(fails),
            "NOTED_CODE": str(code),
        }
        outcome = ask_airflow(
            "play", dag_id=dag_id, logical_date=logical_date, conf=conf, environment=environment
        )
        return Played(**outcome, calls=[line.split("\t") for line in calls.read_text().splitlines()])

    return run
