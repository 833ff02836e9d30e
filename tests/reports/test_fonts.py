"""Fonts are found, or their absence is one line with the remedy."""

from pathlib import Path

import pytest

from reports.fonts import FontError, Fonts, find_fonts


def test_the_system_has_fonts_for_chinese(fonts: Fonts) -> None:
    assert fonts.sans
    assert fonts.serif
    for family in (fonts.sans, fonts.serif):
        assert fonts.face(family).path.is_file()
        assert fonts.face(family, bold=True).bold
    assert all(folder.is_dir() for folder in fonts.folders)


@pytest.mark.parametrize("name", ["", "missing"])
def test_a_folder_without_fonts_names_the_remedy(tmp_path: Path, name: str) -> None:
    with pytest.raises(FontError, match="apt-get install fonts-noto-cjk") as caught:
        find_fonts(tmp_path / name)
    assert "\n" not in str(caught.value)
