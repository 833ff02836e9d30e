"""minyi.toml: what is accepted, and how a mistake is said."""

from importlib import resources
from pathlib import Path
from typing import get_args

import pytest

from minyi import config as package
from minyi.config import Config, load_config
from minyi.errors import ConfigError

OFFICE = '[office]\nname = "海平县"\ncontact = "minyi@example.org"\n'
FORUM = '[[sources]]\nname = "bbs"\ntitle = "海平在线"\nengine = "discuz"\nurl = "https://bbs.example.org/"\n'


def load(tmp_path: Path, text: str, **environ: str):  # type: ignore[no-untyped-def]
    file = tmp_path / "minyi.toml"
    file.write_text(text, encoding="utf-8")
    return load_config(file, environ)


def test_the_documented_example_is_valid(tmp_path: Path) -> None:
    config = load(
        tmp_path, resources.files("minyi").joinpath("minyi.example.toml").read_text(encoding="utf-8")
    )
    assert config.gazetteer["后洋村"] == config.gazetteer["东浦街道"] == "东浦街道"
    assert config.accounts == {"海平城管": "海平县城市管理局"}
    assert config.source("hotline").engine == "file"


def test_the_package_says_where_each_table_is_read() -> None:
    places = dict(
        line[2:].split(": ", 1) for line in str(package.__doc__).splitlines() if line.startswith("- ")
    )
    for name, field in Config.model_fields.items():
        held = [field.annotation, *get_args(field.annotation)]
        modules = [kind.__module__ for kind in held if hasattr(kind, "model_fields")]
        for module in modules:
            assert f"[{name}]" in places[f"{module.rpartition('.')[2]}.py"]


def test_little_is_needed(tmp_path: Path) -> None:
    config = load(tmp_path, OFFICE)
    assert config.office.timezone == "Asia/Shanghai"
    assert config.thresholds.answer_hours == 48
    assert config.database.startswith("sqlite:///")


def test_divisions_below_the_office_are_districts_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    config = load(tmp_path, OFFICE + 'adcode = "430100"\n[[districts]]\nname = "河西"\nplaces = ["岳麓区"]\n')
    assert config.gazetteer["长沙县"] == "长沙县"
    assert config.gazetteer["岳麓区"] == "河西"


def test_working_days_that_are_not_set_stay_as_they_are(tmp_path: Path) -> None:
    config = load(tmp_path, OFFICE + '[deadlines]\n"投诉" = 7\n')
    assert config.working_days == {"咨询": 3, "求助": 5, "投诉": 7, "建议": 10}


@pytest.mark.parametrize(
    ("text", "key", "remedy"),
    [
        (OFFICE + "colour = 1\n", "office.colour", "不认识这个键"),
        (OFFICE + 'adcode = "999999"\n', "office.adcode", "没有代码为 999999 的行政区划"),
        (OFFICE + '[deadlines]\n"咨询" = 0\n', "deadlines.咨询", "数值太小"),
        (OFFICE + '[deadlines]\n"表扬" = 3\n', "deadlines.表扬", "不在允许的取值中"),
        (OFFICE + '[thresholds]\nburst = "loud"\n', "thresholds.burst", "不在允许的取值中"),
        (OFFICE + '[thresholds]\nanswer_hours = "two"\n', "thresholds.answer_hours", "应为整数"),
        (OFFICE + "[thresholds]\nanswer_hours = 0\n", "thresholds.answer_hours", "太小"),
        ('[office]\nname = "海平县"\n', "office.contact", "请补上"),
        (OFFICE.replace("海平县", ""), "office.name", "不能为空"),
        (OFFICE + 'timezone = "Mars/Base"\n', "office.timezone", "Asia/Shanghai"),
        (OFFICE + FORUM + FORUM, "bbs", "写了两次"),
        (OFFICE + FORUM.replace("https:", "ftp:"), "sources[1].url", "http://"),
        (OFFICE + FORUM.replace('"https://bbs.example.org/"', '"bbs"'), "sources[1].url", "http://"),
        (OFFICE + FORUM.replace("discuz", "vbulletin"), "sources[1].engine", "允许的取值"),
        (OFFICE + FORUM.replace('"bbs"', '"海平 论坛"'), "sources[1].name", "小写字母"),
        (OFFICE + FORUM.replace("https://", "https://me:secret@"), "sources[1].url", "不要写用户名和密码"),
        (OFFICE + FORUM + 'encoding = "klingon"\n', "sources[1].encoding", "gbk"),
        (OFFICE + FORUM + "delay = inf\n", "sources[1].delay", "太大"),
        (OFFICE + "[thresholds]\nfirst_crawl_days = 99999999999\n", "first_crawl_days", "太大"),
        (OFFICE + FORUM + 'boards = "37"\n', "sources[1].boards", "方括号"),
        (OFFICE + FORUM + 'district = "月球"\n', "月球", "不在 districts 中"),
        (
            OFFICE + '[[departments]]\nname = "局"\ncategory = "天文"\n',
            "departments[1].category",
            "允许的取值",
        ),
        (OFFICE + '[brief]\nhidden = ["weather"]\n', "weather", "可用"),
        (OFFICE + '[mail]\nhost = "h"\nsender = "office"\n', "mail.sender", "不是邮箱地址"),
        (OFFICE + '[[recipients]]\nname = "局"\nemail = "局"\n', "recipients[1].email[1]", "不是邮箱地址"),
        (OFFICE + "[alerts]\nquiet_hours = [22, 7, 8]\n", "alerts.quiet_hours", "项数太多"),
        (OFFICE + "[delivery]\ntimeout_seconds = 0\n", "delivery.timeout_seconds", "数值太小"),
        (OFFICE + FORUM + "every = 1.5\n", "sources[1].every", "应为整数"),
        (OFFICE + '[holidays]\n"春节" = "rest"\n', "holidays.春节：", "应为日期"),
        (OFFICE + '[holidays]\n"2027-02-06" = "off"\n', "holidays.2027-02-06", "'work'、'rest'"),
        ("data_dir = 5\n" + OFFICE, "data_dir", "应为带引号的路径"),
        (f'staff = "{"长" * 65}"\n' + OFFICE, "staff", "太长"),
        ("[office\n", "minyi.toml", "TOML"),
    ],
)
def test_a_mistake_is_one_line_with_file_key_and_remedy(
    tmp_path: Path, text: str, key: str, remedy: str
) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, text)
    line = str(error.value)
    assert "minyi.toml" in line
    assert key in line
    assert remedy in line
    assert "\n" not in line
    assert error.value.exit_code == 2


def test_the_environment_overrides(tmp_path: Path) -> None:
    url = "postgresql://minyi@127.0.0.1/minyi"
    config = load(
        tmp_path, OFFICE, MINYI_DATABASE_URL=url, MINYI_DATA_DIR="/data", MINYI_AUTHOR_KEY_FILE="/key"
    )
    assert (config.database, config.data_dir, config.author_key) == (url, Path("/data"), Path("/key"))


def test_relative_paths_begin_where_the_file_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")  # as a task of Airflow, which runs in a folder of its own
    recipient = '[[recipients]]\nname = "值班室"\nfolder = "outbox"\n'
    config = load(tmp_path, f'author_key_file = "keys/author"\n{OFFICE}{recipient}')
    assert config.data_dir == tmp_path / "var"
    assert config.author_key == tmp_path / "keys/author"
    assert config.recipients[0].folder == tmp_path / "outbox"


def test_a_missing_file_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="minyi init"):
        load_config(tmp_path / "none.toml", {})


def test_the_fingerprint_follows_settings_that_change_results_only(tmp_path: Path) -> None:
    base = load(tmp_path, OFFICE).fingerprint()
    assert load(tmp_path, OFFICE, MINYI_DATA_DIR="/elsewhere").fingerprint() == base
    assert load(tmp_path, OFFICE + "[thresholds]\nanswer_hours = 24\n").fingerprint() != base


def test_a_setting_left_alone_is_not_in_the_fingerprint_as_if_the_program_did_not_know_it(
    tmp_path: Path,
) -> None:
    class Later(Config):
        novelty: str | None = None

    config = load(tmp_path, OFFICE + FORUM)
    later = Later.model_validate(config.model_dump(exclude_unset=True))
    assert later.fingerprint() == config.fingerprint()
    assert later.model_copy(update={"novelty": "on"}).fingerprint() != config.fingerprint()
    said = load(tmp_path, OFFICE + FORUM + "[thresholds]\nanswer_hours = 48\n")
    assert said.fingerprint() == config.fingerprint()
