"""
### 日常维护

每天北京时间 **02:30**，删去过了保留期的内容，整理数据库。

| 步骤 | 命令 | 做什么 |
|---|---|---|
| `housekeep` | `minyi housekeep` | 按配置 `[retention]` 的期限清理；论坛上已消失满 7 天的帖子删去文字；整理数据库 |

**只想看看会删什么**：点“触发”，勾选 `dry_run`，日志里列出每张表会删多少，什么也不删。
**备份**：`minyi backup`；怎样定时备份、怎样恢复，见运维说明（docs/operations.md）。

**红了怎么办**：日志最后一行写着原因和处理办法。它是一步步提交的，再运行一次会接着做完。
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, CronTriggerTimetable, Param

with DAG(
    dag_id="housekeep",
    dag_display_name="日常维护",
    description="清理过期内容，整理数据库",
    doc_md=__doc__,
    tags=["维护"],
    schedule=CronTriggerTimetable("30 2 * * *", timezone="Asia/Shanghai"),
    start_date=datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")),
    catchup=False,
    max_active_runs=1,
    params={
        "dry_run": Param(False, type="boolean", title="只看不删", description="列出会删多少，什么也不删")
    },
    default_args={
        "append_env": True,
        "do_xcom_push": False,
        "retries": 1,
        "retry_delay": timedelta(minutes=5),
        "execution_timeout": timedelta(hours=3),
    },
):
    BashOperator(
        task_id="housekeep",
        task_display_name="清理和整理",
        bash_command="minyi housekeep{{ ' --dry-run' if params.dry_run else '' }}",
    )
