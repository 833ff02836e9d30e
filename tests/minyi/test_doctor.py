"""The doctor says what is wrong and what to do, and never falls ill itself."""

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from minyi.config import load_config
from minyi.doctor import examine
from minyi.finding import Finding
from minyi.workspace import Workspace

Minyi = Callable[..., int]


def findings(office: Path, **environ: str) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for each in examine(lambda: Workspace(load_config(), office / "minyi.toml"), environ):
        found.setdefault(each.name, []).append(each)
    return found


def sick(found: dict[str, list[Finding]]) -> list[str]:
    return [name for name, each in found.items() if not all(finding.well for finding in each)]


def test_a_healthy_office_is_well(minyi: Minyi, capfd: pytest.CaptureFixture[str]) -> None:
    assert minyi("doctor") == 0
    said = capfd.readouterr().out
    for name in ("配置", "数据库", "字体", "模型", "时间", "磁盘", "作者密钥", "发送"):
        assert f"✓ {name}" in said
    assert "✗" not in said


def test_json_is_for_programs(minyi: Minyi, capfd: pytest.CaptureFixture[str]) -> None:
    assert minyi("doctor", "--json") == 0
    rows = json.loads(capfd.readouterr().out)
    assert {"name", "well", "words", "remedy"} == set(rows[0])


@pytest.mark.parametrize("text", ["[office", "", "[office]\nname = 1\n", "\x00\xff"])
def test_a_broken_configuration_is_a_line_and_the_rest_is_looked_at(
    office: Path, minyi: Minyi, capfd: pytest.CaptureFixture[str], text: str
) -> None:
    (office / "minyi.toml").write_text(text, encoding="latin-1")
    assert minyi("doctor") == 1
    said = capfd.readouterr()
    assert "✗ 配置" in said.out
    assert "✓ 模型" in said.out
    assert "Traceback" not in said.err


def test_a_dead_database_is_named_with_the_remedy_and_without_the_password(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
    monkeypatch.setenv("MINYI_DATABASE_URL", f"postgresql://minyi:geheim@{address}/minyi")
    found = findings(office)
    assert sick(found) == ["数据库"]
    assert "geheim" not in str(found)
    assert found["数据库"][0].remedy


def test_a_living_postgresql_is_well(
    office: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    monkeypatch.setenv("MINYI_DATABASE_URL", postgres_url)
    assert sick(findings(office)) == []


def test_a_damaged_database_is_named(office: Path, minyi: Minyi) -> None:
    assert minyi("db", "upgrade") == 0
    (office / "var/minyi.db").write_bytes(b"this is no database" * 999)
    assert sick(findings(office)) == ["数据库"]


def test_a_missing_font_is_named_with_what_to_install(office: Path) -> None:
    (office / "empty").mkdir()
    config = office / "minyi.toml"
    config.write_text(config.read_text(encoding="utf-8") + '\n[brief]\nfonts = "empty"\n', encoding="utf-8")
    found = findings(office)
    assert sick(found) == ["字体"]
    assert "fonts-noto-cjk" in found["字体"][0].remedy


def test_an_open_author_key_is_named(office: Path, minyi: Minyi) -> None:
    (office / "in.csv").write_text(
        "id,title,text,posted_at\n1,灯坏了,灯坏了,2026-11-20 10:00", encoding="utf-8"
    )
    assert minyi("import", "in.csv", "--source", "hotline") == 0
    assert sick(findings(office)) == []
    (office / "var/author.key").chmod(0o644)
    assert sick(findings(office)) == ["作者密钥"]
    (office / "var/author.key").unlink()
    assert sick(findings(office)) == ["作者密钥"]


def test_a_folder_nobody_may_write_to_is_named(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("minyi.doctor.os.access", lambda *_: False)
    assert "磁盘" in sick(findings(office))


def test_words_that_do_nothing_are_named(office: Path) -> None:
    file = office / "minyi.toml"
    file.write_text('lexicon = ["红 星"]\n' + file.read_text(encoding="utf-8"), encoding="utf-8")
    (found,) = findings(office)["词典"]
    assert "1 个词分词时不起作用：红 星" in found.words


def test_a_recipient_of_an_unknown_department_is_named(office: Path) -> None:
    with (office / "minyi.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[[recipients]]\nname = "住建"\ndepartment = "住建局"\nfolder = "{office}/a"\n')
    said = [found.words for found in findings(office)["发送"]]
    assert any("“住建局”不在 departments 中" in words for words in said)


def test_a_nearly_full_disk_is_named(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("minyi.doctor.LEAST_FREE", 10**18)
    assert sick(findings(office)) == ["磁盘"]


@pytest.mark.parametrize(
    "check", ["_models", "_fonts", "_lexicon", "_clock", "_disk", "_delivery", "_database", "look_at_airflow"]
)
def test_a_check_that_breaks_is_a_finding(office: Path, monkeypatch: pytest.MonkeyPatch, check: str) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(f"minyi.doctor.{check}", broken)
    assert len(sick(findings(office))) == 1


def test_another_time_zone_of_the_host_is_said_and_harms_nothing(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    try:
        [clock] = findings(office)["时间"]
    finally:
        monkeypatch.undo()
        time.tzset()
    assert clock.well
    assert "主机时区是 UTC" in clock.words


def test_airflow_without_our_dags_is_named(office: Path, tmp_path: Path) -> None:
    from minyi.doctor_airflow import _airflow_settings

    answer = {"dags": str(tmp_path), "zone": "utc"}
    found = list(_airflow_settings(answer, {"MINYI_CONFIG": "minyi.toml"}))
    assert [each.well for each in found] == [False, True, False]
    assert all(each.remedy for each in found if not each.well)
