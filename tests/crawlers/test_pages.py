"""Every saved page beside the JSON of what it says."""

import json
from pathlib import Path

import pytest

from .shown import show_case

PAGES = Path(__file__).parent.parent / "pages"
CASES = sorted(PAGES.glob("*/*.html"))


@pytest.mark.parametrize("file", CASES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_page_says_what_its_json_says(file: Path) -> None:
    case = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    assert show_case(file.parent.name, case, file.read_text(encoding="utf-8")) == case["expect"]


def test_every_page_has_its_json() -> None:
    assert {file.with_suffix("") for file in CASES} == {
        file.with_suffix("") for file in PAGES.glob("*/*.json")
    }
    assert len(CASES) > 50
