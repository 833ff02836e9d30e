"""The program `minyi`: its commands, its language, and what it does with errors."""

import errno
import os
import signal
import sys
import tempfile
import time
import traceback
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.main import get_command

from minyi import DEFAULT_FILE
from minyi.cli import (
    alert,
    analyse,
    backup,
    brief,
    correct,
    crawl,
    db,
    deliver,
    demo,
    doctor,
    evidence,
    export,
    housekeep,
    import_file,
    init,
    issue,
    issues,
    mask,
    match,
    purge,
    read,
    register,
    runs,
    schedule,
    serve,
    source,
    topic,
    train,
)
from minyi.cli.console import note
from minyi.cli.help import Command, Group
from minyi.cli.usage import in_chinese, usage_words
from minyi.errors import MinyiError
from minyi.journal import close_journal, note_event, open_journal
from minyi.workspace import Workspace

INTERRUPTED = 130

FLOW = (
    *("init", "source", "schedule", "demo", "crawl", "import", "read", "analyse", "issues", "issue", "match"),
    *("topic", "runs", "brief", "evidence", "deliver", "alert", "export", "correct", "train", "mask"),
    *("purge", "register", "serve", "doctor", "housekeep", "backup", "restore", "db"),
)


class Program(Group):
    """The program itself; its commands are listed in the order of the flow."""

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted(self.commands, key=FLOW.index)


app = typer.Typer(
    cls=Program,
    help="Minyi 民意：读本地论坛上居民反映的事，写成可以逐条核对的简报。只看事，不看人。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


@app.callback()
def _open(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", help="配置文件；默认 $MINYI_CONFIG，再默认 ./minyi.toml", show_default=False
        ),
    ] = None,
) -> None:
    """Remember which configuration file commands should read; the store is closed after them."""

    def workspace(*, for_table: bool = False) -> Workspace:
        """With `for_table` no configuration is needed: a table is read on any machine, in any folder."""
        from minyi.config import config_file, load_config, plain_config

        file = config_file(config)
        if for_table and file == Path(DEFAULT_FILE) and not file.exists():
            return Workspace(plain_config(), file)
        opened = Workspace(load_config(config), file)
        open_journal(opened.config.data_dir / "logs", command=context.invoked_subcommand, **_task())
        context.call_on_close(opened.close)
        return opened

    context.obj = workspace


def _task() -> dict[str, str]:
    """Which Airflow task this is; nothing outside of one."""
    names = {"dag": "DAG_ID", "dag_run": "DAG_RUN_ID", "task": "TASK_ID"}
    found = {key: os.environ.get(f"AIRFLOW_CTX_{name}") for key, name in names.items()}
    return {key: value for key, value in found.items() if value}


def _add(name: str, command: Any) -> None:
    app.command(name, cls=Command)(command)


def _add_group(name: str, group: typer.Typer) -> None:
    for command in group.registered_commands:
        command.cls = Command
    app.add_typer(group, name=name, cls=Group)


_add("init", init.init)
_add_group("source", source.app)
_add("schedule", schedule.schedule)
_add("demo", demo.demo)
_add("crawl", crawl.crawl)
_add("import", import_file.import_file)
_add("read", read.read)
_add("analyse", analyse.analyse)
_add("issues", issues.issues)
_add_group("issue", issue.app)
_add("match", match.match)
_add_group("topic", topic.app)
_add_group("runs", runs.app)
_add_group("brief", brief.app)
_add("evidence", evidence.evidence)
_add("deliver", deliver.deliver)
_add_group("alert", alert.app)
_add_group("export", export.app)
_add("correct", correct.correct)
_add("train", train.train)
_add("mask", mask.mask)
_add("purge", purge.purge)
_add("register", register.register)
_add("serve", serve.serve)
_add("doctor", doctor.doctor)
_add("housekeep", housekeep.housekeep)
_add("backup", backup.backup)
_add("restore", backup.restore)
_add_group("db", db.app)


@cache
def _program() -> Any:
    """All commands with their options, put together once: fifty of them take a twentieth of a second."""
    return get_command(app)


def main() -> None:
    """Run a command; whatever goes wrong is one clear line and an exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run a command and return its exit code."""
    began, error = time.monotonic(), None
    try:
        code = _program().main(arguments, standalone_mode=False, prog_name="minyi") or 0
        # Typer turns an interruption into its exit code by itself.
        code = _explain(KeyboardInterrupt()) if code == INTERRUPTED else code
    except (Exception, KeyboardInterrupt) as raised:  # noqa: BLE001 - the last place to make it a clear line
        error, code = type(raised).__name__, _explain(raised)
    note_event("command", exit=code, error=error, seconds=round(time.monotonic() - began, 3))
    close_journal()
    return int(code)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _explain(error: BaseException) -> int:
    match error:
        case MinyiError():
            return _fail(str(error), error.exit_code)
        case KeyboardInterrupt():
            return _fail("已中断；已保存的不会丢，再次运行会接着做完", INTERRUPTED)
        case typer.Abort():
            return _fail("没有得到回答或同意，没有做", 1)
        case BrokenPipeError():
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        case OSError(errno=errno.ENOSPC):
            return _fail(f"磁盘已满，没有写完{error.filename or ''}；请腾出空间后重新运行", 1)
        case OSError():
            words = f"{error.filename}：{error.strerror}；请检查路径和权限" if error.filename else str(error)
            return _fail(words, 1)
        case MemoryError():
            return _fail("内存不够，没有做完；请关掉别的程序，或把文件分成几份", 1)
    return _explain_by_origin(error)


def _explain_by_origin(error: BaseException) -> int:
    """What is known of an error by who raised it: the command line, our own modules, the database, nobody."""
    if (words := usage_words(error)) is not None:
        return _fail(words, 2) if words else 2
    if type(error).__module__.split(".")[0] in _OURS:
        return _fail(str(error), 2 if isinstance(error, ValueError) else 1)
    if type(error).__module__.startswith("sqlalchemy"):
        return _fail(f"数据库出错：{_reason(error)}；已提交的不会丢，请检查数据库和磁盘空间后重新运行", 1)
    return _fail(f"程序自己出了错（{type(error).__name__}），请把 {_keep_trace(error)} 交给维护人员", 1)


def _keep_trace(error: BaseException) -> str:
    """Write where the error arose to a file of its own: calls only, no values."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="minyi-", suffix=".trace", delete=False, encoding="utf-8"
    ) as file:
        file.writelines(traceback.format_tb(error.__traceback__))
        file.write(f"{type(error).__name__}\n")
    return file.name


_OURS = {"crawlers", "pipelines", "analysis", "reports", "minyi"}


def _reason(error: BaseException) -> str:
    """What the database itself said, on one line; never the rows of the statement."""
    said = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()
    return said[0] if said else type(error).__name__


def _fail(words: str, code: int) -> int:
    if words:
        note(f"minyi：{' '.join(in_chinese(words).split())}")
    return code
