"""Advertising in its disguises, and residents who use the same words."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from pipelines.clean import clean_text, is_spam, strip_injected


def _lines() -> ModuleType:
    spec = importlib.util.spec_from_file_location("spam_lines", Path(__file__).with_name("spam_lines.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LINES = _lines()


@pytest.mark.parametrize("part", [slice(0, None, 2), slice(1, None, 2)], ids=["seen", "unseen"])
def test_advertising_is_found_and_residents_are_kept(part: slice) -> None:
    missed = [line for line in LINES.SPAM[part] if not is_spam(line)]
    lost = [line for line in LINES.HONEST[part] if is_spam(line)]
    recall = 1 - len(missed) / len(LINES.SPAM[part])
    found = len(LINES.SPAM[part]) - len(missed)
    assert recall >= 0.95, missed
    assert found / (found + len(lost)) >= 0.97, lost


@pytest.mark.parametrize("line", LINES.HONEST)
def test_what_residents_write_is_kept_whole(line: str) -> None:
    assert strip_injected(line) == line


@pytest.mark.parametrize("line", LINES.SPAM[:10])
def test_an_injected_line_goes_and_the_page_stays(line: str) -> None:
    honest = "关于调整公交线路的公告。自下月一日起，八路公交改走新桥路，首班六点，末班二十二点，请市民留意。"
    assert strip_injected(f"{honest}\n{line}").strip() == honest
    assert "公交改走新桥路" in clean_text(f"{line}\n{honest}")
    assert not is_spam(f"{honest}\n{line}")
