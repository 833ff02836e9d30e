"""What the command line says of itself, and of wrong calls."""

import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from minyi.cli.app import FLOW, app, run
from minyi.errors import InputError

ROOT = Path(__file__).parents[3]
CHINESE = "一龥"


def commands() -> Iterator[tuple[str, Any]]:
    """Every command and subcommand with its full name."""
    program: Any = typer.main.get_command(app)
    for name, command in program.commands.items():
        yield name, command
        for sub, subcommand in getattr(command, "commands", {}).items():
            yield f"{name} {sub}", subcommand


COMMANDS = dict(commands())


def test_the_flow_names_every_command() -> None:
    assert sorted(FLOW) == sorted(name for name in COMMANDS if " " not in name)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_has_help_in_chinese(name: str) -> None:
    command = COMMANDS[name]
    words = [command.help, *(option.help for option in command.params if option.name != "help")]
    for text in words:
        assert text, f"{name}: a command or an option without help"
        assert any(CHINESE[0] <= letter <= CHINESE[1] for letter in text), text


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_what_the_library_adds_to_help_is_in_chinese(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*name.split(), "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"用法：minyi {name} " in shown
    assert "显示这段说明" in shown
    assert not re.search(r"Usage|Arguments|Options|default|required|<(?!daily)[a-z]|Show this", shown)


@pytest.mark.parametrize(
    "name", sorted(name for name, command in COMMANDS.items() if not hasattr(command, "commands"))
)
@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_every_command_is_in_both_readmes(name: str, readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert name.split()[0] in text
    assert name.split()[-1] in text


def test_help_lists_the_commands_in_the_order_of_the_flow(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    places = [shown.index(f"│ {name} ") for name in FLOW]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        (["--help"], {"sqlalchemy", "numpy", "email_validator", "minyi.config"}),
        (["mask", "none.txt"], {"sqlalchemy", "pandas", "rich.markdown"}),
        (["source", "list"], {"alembic", "scrapy", "numpy", "pandas", "matplotlib", "rich.markdown"}),
        (["issues"], {"alembic", "scrapy", "pandas", "matplotlib"}),
        (["evidence", "1", "1"], {"scrapy", "pandas", "openpyxl", "matplotlib", "docx"}),
        (["deliver"], {"scrapy", "pandas", "matplotlib", "docx"}),
        (["read"], {"sklearn", "pandas", "scrapy", "matplotlib"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_command_loads_only_what_it_uses(office: Path, arguments: list[str], unneeded: set[str]) -> None:
    """Each takes from a tenth of a second to two, in every call of every crawl."""
    program = "import sys; from minyi.cli.app import run; run(sys.argv[1:]); print(); print(*sys.modules, sep='\\n')"
    said = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    assert unneeded.isdisjoint(said.stdout.splitlines())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nope"], "没有 nope 这个命令"),
        (["crawl", "--nope"], "没有 --nope 这个选项"),
        (["import"], "缺少 文件"),
        (["mask", "a", "b"], "多出了"),
        (["import", "a.csv", "--source"], "--source 后面要写值"),
        (["demo", "--seed", "x"], "--seed"),
    ],
)
def test_a_wrong_call_is_one_chinese_line(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    said = capsys.readouterr().err.strip()
    assert words in said
    assert "\n" not in said


@pytest.mark.parametrize("name", [".", "a.csv"])
@pytest.mark.parametrize(
    "command",
    [
        ["read"],
        ["read", "--out", "b.csv"],
        ["import", "--source", "hotline"],
        ["issues", "--out", "b.csv"],
        ["mask"],
    ],
)
def test_a_folder_instead_of_a_file_is_named_with_the_remedy(
    command: list[str], name: str, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (office / "a.csv").mkdir()
    assert run([command[0], name, *command[1:]]) == 2
    said = capsys.readouterr().err.strip()
    assert re.fullmatch(rf"minyi：{re.escape(name)}\W?.{{,4}}是文件夹，不是文件；请写.+文件", said)


@pytest.mark.parametrize("command", [["mask", "a.csv"], ["read", "a.csv", "--out", "b.csv"]])
def test_a_file_one_may_not_read_is_said_in_chinese(
    command: list[str], office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (office / "a.csv").write_text("text\n灯\n", encoding="utf-8")
    monkeypatch.setattr("os.access", lambda *_, **__: False)
    assert run(command) == 2
    assert capsys.readouterr().err == "minyi：没有权限读 a.csv；请检查文件的权限\n"


def test_a_missing_configuration_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MINYI_CONFIG", raising=False)
    assert run(["source", "list"]) == 2
    assert "minyi init" in capsys.readouterr().err


def test_interruption_has_its_own_exit_code(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("minyi.config.load_config", interrupted)
    assert run(["source", "list"]) == 130
    assert "已中断" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["serve", "--port", "99999"], "--port 最大 65535"),
        (["schedule", "--weekly-day", "0"], "--weekly-day 最小 1"),
        (["issue", "show", "abc"], "编号 应为数字"),
        (["alert", "ack", "abc"], "编号 应为数字"),
        (["issue", "split", "1"], "缺少 --threads（要拆出的主题帖编号，用逗号隔开）"),
    ],
)
def test_a_wrong_number_is_said_in_chinese(
    call: list[str], words: str, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(call) == 2
    assert capsys.readouterr().err == f"minyi：{words}；加 --help 查看说明\n"


def test_no_for_an_answer_is_no_interruption(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert run(["purge", "--source", "hotline", "--reason", "网站要求"]) == 1
    assert capsys.readouterr().err.endswith("minyi：没有得到回答或同意，没有做\n")


def test_a_user_without_a_name_works_all_the_same(
    minyi: Callable[..., int], office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container may run under any number."""

    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 1234567")

    monkeypatch.setattr("getpass.getuser", nameless)
    assert minyi("topic", "add", "路灯", "路灯") == 0


def test_an_unforeseen_error_is_one_line_and_a_trace_without_values(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "13812345678"

    def broken(*_: object) -> None:
        raise RuntimeError(secret)

    monkeypatch.setattr("tempfile.tempdir", str(office))
    monkeypatch.setattr("minyi.config.load_config", broken)
    assert run(["source", "list"]) == 1
    said = capsys.readouterr().err.strip()
    [trace] = office.glob("*.trace")
    assert str(trace) in said
    assert "\n" not in said
    assert "test_calls.py" in trace.read_text(encoding="utf-8")
    assert secret not in said + trace.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["mask", "nowhere.txt"], 2, "没有这个文件"),
        (["mask", "."], 2, "这是文件夹"),
        (["export", "posts", "--source", "hotline", "--out", "minyi.toml/x"], 1, "已有同名的文件"),
        (["export", "posts", "--source", "hotline", "--out", "no/such/x.jsonl"], 2, "没有文件夹 no，"),
        (["evidence", "1", "overview.threads", "--out", "no/such/x.csv"], 2, "没有文件夹 no，"),
    ],
)
def test_the_systems_reasons_are_told_in_chinese(
    office: Path, arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == code
    said = capsys.readouterr().err.strip()
    assert words in said
    assert "\n" not in said
    assert not re.search("[A-Z][a-z]+ [a-z]+", said)
    assert not (office / "no").exists()


def test_a_message_of_many_lines_is_one(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise InputError("第一行\n\x1b[31m第二行")

    monkeypatch.setattr("minyi.config.load_config", broken)
    assert run(["source", "list"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "\x1b" not in said


def test_adding_a_forum_of_the_office_network_names_the_option(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (office / "minyi.toml").read_bytes()
    assert run(["source", "add", "http://127.0.0.1:9/"]) == 1
    said = capsys.readouterr().err
    assert "--allow-private" in said
    assert "allow_private" not in said
    assert (office / "minyi.toml").read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["file:///etc/passwd"],
        ["javascript:x"],
        ["http://me:secret@bbs.example.org/"],
        ["http://a.example/", "--delay", "-1"],
    ],
)
def test_an_address_no_crawl_may_take_is_a_wrong_call(
    office: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["source", "add", *arguments]) == 2
    said = capsys.readouterr().err.strip()
    assert "\n" not in said
    assert "secret" not in said
