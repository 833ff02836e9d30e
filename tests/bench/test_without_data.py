"""`make bench` runs every benchmark without arguments: those that need data from elsewhere say which, and end well."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("name", ["burst", "match"])
def test_a_benchmark_without_its_data_says_what_it_needs(name: str) -> None:
    said = subprocess.run(
        [sys.executable, "-m", f"bench.{name}"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.startswith(f"bench.{name}：需要")
