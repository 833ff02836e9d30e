"""A whole Airflow as `make airflow` starts it: servers, roles, the portal, the demo town."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.airflow.running import ROOT, Airflow


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airflow]:
    """An Airflow by scripts/run_airflow.sh, healthy, with an empty store and the demo's forums."""
    folder, port = tmp_path_factory.mktemp("airflow"), _free_port()
    environment = os.environ | {"MINYI_AIRFLOW_PORT": str(port), "TZ": "UTC"}
    environment.pop("MINYI_CONFIG", None)
    begun = time.monotonic()
    process = subprocess.Popen(
        [ROOT / "scripts/run_airflow.sh", folder],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    running = Airflow(folder, f"http://127.0.0.1:{port}", process)
    try:
        _read_start(running)
        running.seconds = time.monotonic() - begun
        yield running
    finally:
        if process.poll() is None:
            running.stop()
        assert process.stdout
        process.stdout.close()


def _read_start(running: Airflow) -> None:
    """What the script says, up to its last line; it says nothing before all is healthy."""
    assert running.process.stdout
    said = []
    for line in running.process.stdout:
        said.append(line)
        if found := re.match(r"(leader|staff|analyst|admin)\s+(\S+)", line):
            running.passwords[found[1]] = found[2]
        if "Ctrl-C" in line:
            return
    pytest.fail("Airflow did not start:\n" + "".join(said))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
