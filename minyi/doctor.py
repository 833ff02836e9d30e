"""What is well and what is not on this machine, each with the remedy.  A check that fails is a finding."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from shutil import disk_usage
from typing import TYPE_CHECKING, Any

from minyi.config import reveal
from minyi.errors import MinyiError
from minyi.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Engine

LEAST_FREE = 1_000_000_000
MOST_SKEW = 60.0
PATIENCE_SECONDS = 5
AIRFLOW_SECONDS = 90
SAMPLE = "民意简报：龘㙍𠮷路口〇七号，路灯不亮"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, whether it is well, what was found, and what to do."""

    name: str
    well: bool
    words: str
    remedy: str = ""


Check = Callable[[], Iterator[Finding]]


def examine(opened: Callable[[], Workspace], environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """Look at everything; nothing that is wrong here is raised."""
    found: list[Finding] = []
    workspace = _open(opened, found)
    checks: list[tuple[str, Check]] = [("模型", _models)]
    if workspace is None:
        checks.append(("字体", lambda: _fonts(None)))
    else:
        config = workspace.config
        checks += [
            ("字体", lambda: _fonts(config.brief.fonts)),
            ("时间", lambda: _clock(workspace)),
            ("磁盘", lambda: _disk(workspace)),
            ("发送", lambda: _delivery(workspace)),
            ("数据库", lambda: _database(workspace)),
        ]
    checks.append(("Airflow", lambda: _airflow(environ)))
    for name, check in checks:
        found += _safely(name, check)
    if workspace is not None:
        workspace.close()
    return found


def _open(opened: Callable[[], Workspace], found: list[Finding]) -> Workspace | None:
    try:
        workspace = opened()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the file is what we are here to say
        found.append(Finding("配置", False, str(error), "改正后再运行；还没有配置时先运行 minyi init"))
        return None
    forums = [source for source in workspace.config.sources if source.engine != "file"]
    words = f"{workspace.file.absolute()}，论坛 {len(forums)} 个"
    found.append(Finding("配置", True, words))
    return workspace


def _safely(name: str, check: Check) -> list[Finding]:
    """What a check found; its own failure, whatever it is, is one more finding."""
    found = []
    try:
        for finding in check():
            found.append(finding)  # noqa: PERF402 - what was found before a failure counts
    except MinyiError as error:
        found.append(Finding(name, False, str(error)))
    except Exception as error:  # noqa: BLE001 - a doctor that falls ill helps nobody
        words = str(error).strip().splitlines()
        said = words[0] if words else type(error).__name__
        found.append(
            Finding(name, False, f"{said}（{type(error).__name__}）", "请按说明处理，或把这一行交给维护人员")
        )
    return found


def _models() -> Iterator[Finding]:
    from pipelines.classify import SHIPPED, load_models

    yield Finding("模型", True, f"校验和无误，版本 {load_models(SHIPPED).version}")


def _fonts(folder: Path | None) -> Iterator[Finding]:
    from reports.fonts import REMEDY, FontError, find_fonts

    try:
        fonts = find_fonts(folder)
    except FontError as error:
        yield Finding("字体", False, str(error), REMEDY)
        return
    missing = _missing_glyphs(fonts)
    words = f"{fonts.sans}、{fonts.serif}" + ("" if fonts.fangsong else "；没有仿宋，正文用宋体代替")
    if missing:
        yield Finding("字体", False, f"{words}；缺少字形：{missing}", "安装完整的 fonts-noto-cjk")
    else:
        yield Finding("字体", True, words)


def _missing_glyphs(fonts: Any) -> str:
    from fontTools.ttLib import TTFont

    face = fonts.face(fonts.sans)
    with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
        known = font.getBestCmap()
    return "".join(letter for letter in SAMPLE if ord(letter) not in known)


def _clock(workspace: Workspace) -> Iterator[Finding]:
    now = datetime.now(UTC)
    here, host = now.astimezone(workspace.config.office.zone), now.astimezone()
    words = f"单位所在时区现在是 {here:%Y-%m-%d %H:%M}（{workspace.config.office.timezone}）"
    if here.utcoffset() != host.utcoffset():
        words += f"；主机时区是 {host.tzname()}（{host:%H:%M}），不影响：日期都按单位所在时区算"
    yield Finding("时间", True, words)


def _disk(workspace: Workspace) -> Iterator[Finding]:
    folder = workspace.config.data_dir
    present = folder
    while not present.exists():
        present = present.parent
    free = disk_usage(present).free
    words = f"{folder} 还有 {free / 1e9:.1f} GB"
    if not os.access(present, os.W_OK):
        yield Finding("磁盘", False, f"{folder} 不能写", "请改权限：chown 给运行 minyi 的用户，或改 data_dir")
    elif free < LEAST_FREE:
        yield Finding(
            "磁盘", False, words, "请腾出空间，或把 data_dir 移到大一些的盘；minyi housekeep 可清理过期内容"
        )
    else:
        yield Finding("磁盘", True, words)


def _delivery(workspace: Workspace) -> Iterator[Finding]:
    config = workspace.config
    if not config.recipients:
        yield Finding("发送", True, "没有配置收件人")
        return
    secrets = [config.mail.password] if config.mail and config.mail.password else []
    for who in config.recipients:
        if who.chat is not None:
            secrets += [who.chat.webhook, *([who.chat.secret] if who.chat.secret else [])]
        if who.folder is not None and who.folder.exists() and not os.access(who.folder, os.W_OK):
            yield Finding("发送", False, f"{who.name} 的文件夹 {who.folder} 不能写", "请改文件夹的权限")
        if not who.ways:
            yield Finding("发送", False, f"{who.name} 没有写怎么送", "请写 folder、email 或 chat")
    for secret in secrets:
        reveal(secret)
    yield Finding("发送", True, f"收件人 {len(config.recipients)} 个，密码和地址都取得到（没有试发）")


def _database(workspace: Workspace) -> Iterator[Finding]:
    from sqlalchemy import make_url

    from pipelines.store import StoreError, open_database

    url = make_url(workspace.config.database)
    if url.get_backend_name() == "postgresql" and "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": str(PATIENCE_SECONDS)})
    try:
        engine = open_database(url.render_as_string(hide_password=False))
    except StoreError as error:
        yield Finding("数据库", False, str(error), "数据库没有启动就启动它；要升级程序就先升级")
        return
    try:
        yield from _store(workspace, engine)
    finally:
        engine.dispose()


def _store(workspace: Workspace, engine: "Engine") -> Iterator[Finding]:
    from minyi.author_key import AuthorKeyError, load_author_key
    from pipelines.store.settings import read_setting
    from pipelines.store.upkeep import is_whole, server_time, try_to_write

    where = engine.url.set(query={}).render_as_string()
    try_to_write(engine)
    if is_whole(engine):
        yield Finding("数据库", True, f"{where}，能读能写，结构是最新的")
    else:
        yield Finding("数据库", False, f"{where} 已损坏", "请从备份恢复：minyi restore 文件")
    skew = abs((server_time(engine) - datetime.now(UTC)).total_seconds())
    if skew > MOST_SKEW:
        yield Finding(
            "时间", False, f"本机和数据库服务器的钟差 {skew:.0f} 秒", "请在两台机器上都开启对时（NTP）"
        )
    path = workspace.config.author_key
    try:
        if read_setting(engine, "author_key") is not None:
            load_author_key(path, engine)
        made = path.exists()
        yield Finding("作者密钥", True, f"{path} 无误" if made else "还没有，第一次采集时会生成")
    except AuthorKeyError as error:
        yield Finding("作者密钥", False, str(error))
    yield from _crawls(workspace, engine)


def _crawls(workspace: Workspace, engine: "Engine") -> Iterator[Finding]:
    from minyi.source_settings import forums
    from pipelines.store.crawls import last_crawls

    zone = workspace.config.office.zone
    for source in forums(workspace):
        with engine.connect() as connection:
            last = next(iter(last_crawls(connection, source.name, 1)), None)
        if last is None:
            yield Finding("采集", True, f"{source.title}：还没有采集过")
            continue
        words = (
            f"{source.title}：{last.started_at.astimezone(zone):%m月%d日 %H:%M} {last.message or '正在采集'}"
        )
        well = last.state not in ("failed", "blocked")
        yield Finding("采集", well, words, "" if well else f"请运行 minyi source check {source.name}")


_ASK_AIRFLOW = """
import json
from airflow.configuration import conf
print(json.dumps({
    "dags": conf.get("core", "dags_folder"), "zone": conf.get("core", "default_timezone"),
}))
"""


def _airflow(environ: Mapping[str, str]) -> Iterator[Finding]:
    if find_spec("airflow") is None:
        yield Finding("Airflow", True, "没有安装；只用命令行时不需要")
        return
    if "AIRFLOW_HOME" not in environ:
        yield Finding("Airflow", True, "已安装；这里没有设 AIRFLOW_HOME，没有再查。用 make airflow 启动")
        return
    plugins = {point.name for point in entry_points(group="airflow.plugins")}
    if "minyi" not in plugins:
        yield Finding("Airflow", False, "没有登记 Minyi 的网页插件", "请重新安装：pip install --editable .")
    asked = subprocess.run(
        [sys.executable, "-c", _ASK_AIRFLOW],
        capture_output=True,
        text=True,
        timeout=AIRFLOW_SECONDS,
        check=False,
    )
    if asked.returncode:
        said = (asked.stderr.strip().splitlines() or ["没有说原因"])[-1]
        yield Finding("Airflow", False, f"装了，但打不开：{said}", "请按 docs/operations.md 重装 Airflow")
        return
    answer = json.loads(asked.stdout.strip().splitlines()[-1])
    yield from _airflow_settings(answer, environ)


def _airflow_settings(answer: Mapping[str, str], environ: Mapping[str, str]) -> Iterator[Finding]:
    folder = Path(answer["dags"])
    if not (folder / "daily_brief.py").exists():
        yield Finding(
            "Airflow",
            False,
            f"dags_folder 是 {folder}，里面没有 Minyi 的 DAG",
            "请设 AIRFLOW__CORE__DAGS_FOLDER 为本项目的 dags 文件夹",
        )
    if answer["zone"] != "Asia/Shanghai":
        yield Finding(
            "Airflow",
            True,
            f"界面时区是 {answer['zone']}；要显示北京时间，请设 AIRFLOW__CORE__DEFAULT_TIMEZONE",
        )
    if "MINYI_CONFIG" not in environ:
        yield Finding(
            "Airflow",
            False,
            "没有环境变量 MINYI_CONFIG，任务会找不到配置文件",
            "请在启动 Airflow 的环境里设 MINYI_CONFIG 为 minyi.toml 的完整路径",
        )
    elif not Path(environ["MINYI_CONFIG"]).is_absolute():
        yield Finding("Airflow", False, "MINYI_CONFIG 不是完整路径", "任务在别的文件夹里运行，请写完整路径")
    else:
        yield Finding("Airflow", True, f"DAG 文件夹 {folder}，MINYI_CONFIG 已设")
