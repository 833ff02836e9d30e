"""What `minyi doctor` finds out about Airflow, by asking it in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from minyi.finding import Finding

AIRFLOW_SECONDS = 90

_ASK_AIRFLOW = """
import json
from airflow.configuration import conf
print(json.dumps({
    "dags": conf.get("core", "dags_folder"), "zone": conf.get("core", "default_timezone"),
}))
"""


def look_at_airflow(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Is it installed, does it open, does it find our DAGs, plugin and configuration?"""
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
