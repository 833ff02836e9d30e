"""An Airflow that a test started, and what the tests ask of it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import psutil
import pytest

ROOT = Path(__file__).parents[2]
SHANGHAI = ZoneInfo("Asia/Shanghai")
RUN_WITHIN = 900.0


def today() -> date:
    """The day in the demo town."""
    return datetime.now(SHANGHAI).date()


@dataclass
class Airflow:
    """One that runs: where, who may enter by which password, how long it took, and its process."""

    folder: Path
    address: str
    process: "subprocess.Popen[str]"
    passwords: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def run(self, *arguments: str) -> str:
        """A `minyi` command over the demo town."""
        environment = os.environ | {
            "MINYI_CONFIG": str(self.folder / "demo" / "minyi.toml"),
            "MINYI_DATA_DIR": str(self.folder / "demo"),
        }
        done = subprocess.run(
            [ROOT / ".venv/bin/minyi", *arguments], env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def enter(self, name: str) -> httpx.Client:
        """Airflow's interface for programs, with this user's rights."""
        login = {"username": name, "password": self.passwords[name]}
        answer = httpx.post(f"{self.address}/auth/token", json=login, timeout=120)
        answer.raise_for_status()
        bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        return httpx.Client(base_url=f"{self.address}/api/v2", headers=bearer, timeout=120)

    def processes(self) -> list[psutil.Process]:
        """The script and everything it started."""
        script = psutil.Process(self.process.pid)
        return [script, *script.children(recursive=True)]

    def stop(self) -> None:
        """Ctrl-C: the terminal sends it to every process of the script."""
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(120)


def wait_for(look: Callable[[], Any], what: str, seconds: float = RUN_WITHIN) -> Any:
    """What `look` finds as soon as it finds something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(1)
    pytest.fail(f"{what}: not within {seconds:.0f} s")


def await_run(api: httpx.Client, dag_id: str, run_id: str) -> str:
    """The state in which a run ended."""

    def ended() -> str | None:
        state: str = api.get(f"/dags/{dag_id}/dagRuns/{run_id}").json()["state"]
        return state if state in ("success", "failed") else None

    return str(wait_for(ended, f"{dag_id} {run_id}"))
