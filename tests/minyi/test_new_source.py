"""A recognised forum is written into the configuration without disturbing the rest."""

from importlib import resources
from pathlib import Path

import pytest

from minyi.config import load_config
from minyi.errors import ConfigError
from minyi.new_source import append_source

SOURCE = {
    "name": "new",
    "title": "新论坛",
    "engine": "xiuno",
    "url": "https://new.example.org/",
    "delay": 2.0,
}
OFFICE = '[office]\nname = "海平县"\ncontact = "minyi@example.org"\n'


def test_it_stands_behind_the_last_source_and_the_rest_is_untouched(tmp_path: Path) -> None:
    file = tmp_path / "minyi.toml"
    before = resources.files("minyi").joinpath("minyi.example.toml").read_text(encoding="utf-8")
    file.write_text(before, encoding="utf-8")
    append_source(file, SOURCE)
    after = file.read_text(encoding="utf-8")
    assert [source.name for source in load_config(file, {}).sources] == ["haiping-bbs", "hotline", "new"]
    written = after.index('[[sources]]\nname = "new"')
    assert after.index('name = "hotline"') < written < after.index("# 区域和其中的地名")
    written_end = after.index("\n\n", written)
    rest = after[:written] + after[written_end:]
    assert [line for line in rest.splitlines() if line] == [line for line in before.splitlines() if line]


def test_the_line_ends_of_the_file_stay(tmp_path: Path) -> None:
    file = tmp_path / "minyi.toml"
    older = (
        '[[sources]]\nname = "old"\ntitle = "旧"\nengine = "file"\n\n# 区域\n[[districts]]\nname = "东区"\n'
    )
    before = (OFFICE + older).replace("\n", "\r\n").encode()
    file.write_bytes(before)
    append_source(file, SOURCE)
    after = file.read_bytes()
    assert after.count(b"\n") == after.count(b"\r\n") > before.count(b"\n")
    start, end = before.index("# 区域".encode()), after.index("# 区域".encode())
    assert after[end:] == before[start:]
    assert after.startswith(before[:start].rstrip())
    assert [source.name for source in load_config(file, {}).sources] == ["old", "new"]


def test_the_first_source_goes_to_the_end(tmp_path: Path) -> None:
    file = tmp_path / "minyi.toml"
    file.write_text(OFFICE, encoding="utf-8")
    append_source(file, SOURCE)
    assert file.read_text(encoding="utf-8").startswith(OFFICE)
    assert load_config(file, {}).source("new").title == "新论坛"


def test_a_source_that_would_break_the_file_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "minyi.toml"
    file.write_text(OFFICE, encoding="utf-8")
    with pytest.raises(ConfigError):
        append_source(file, SOURCE | {"url": "ftp://new.example.org/"})
    assert file.read_text(encoding="utf-8") == OFFICE
