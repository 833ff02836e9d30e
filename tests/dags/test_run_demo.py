"""What `make run` does, for real: demo forums, Airflow, every command, a brief."""

import re
import subprocess
from pathlib import Path

import pytest

RUN_DEMO = Path(__file__).parents[2] / "scripts" / "run_demo.sh"


@pytest.mark.slow
@pytest.mark.airflow
@pytest.mark.timeout(900)
def test_ends_with_a_brief_and_leaves_nothing_running(tmp_path: Path) -> None:
    for _again in range(2):
        done = subprocess.run([RUN_DEMO, tmp_path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        html, pdf = map(Path, re.findall(r"/\S+\.(?:html|pdf)", done.stdout))
        assert "日报" in html.read_text(encoding="utf-8")
        assert pdf.read_bytes().startswith(b"%PDF-")
        assert done.stdout.rstrip().count("\n") >= 4  # the forums' start, two paths, what was found
        assert not _running(tmp_path)


def _running(folder: Path) -> list[str]:
    commands = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            commands.append(process.read_text(errors="replace"))
        except OSError:  # it has ended
            continue
    return [command for command in commands if str(folder) in command]
