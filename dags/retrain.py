"""
### 本地修正

每周日北京时间 **03:00**，用本单位积累的人工校正训练一层**本地修正**，让判断更贴近本地的说法。

| 步骤 | 命令 | 做什么 |
|---|---|---|
| `train` | `minyi train --local` | 校正满 30 条才训练，不满就跳过；在没见过的校正上不比原来准的，不采用 |
| `read` | `minyi read` | 修正变了，把帖子重读一遍，今后的分析才前后一致 |

量得的本地准确率和样本数写在日报的“方法”栏。校正在门户“校正”页里做，最没把握的帖子排在前面。

**红了怎么办**：日志最后一行写着原因；不影响当天的简报，仍用原来的判断。
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, CronTriggerTimetable

NOTHING_TO_LEARN = 4

with DAG(
    dag_id="retrain",
    dag_display_name="本地修正",
    description="用人工校正训练本地修正层",
    doc_md=__doc__,
    tags=["维护"],
    schedule=CronTriggerTimetable("0 3 * * 0", timezone="Asia/Shanghai"),
    start_date=datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")),
    catchup=False,
    max_active_runs=1,
    default_args={
        "append_env": True,
        "do_xcom_push": False,
        "retries": 1,
        "retry_delay": timedelta(minutes=5),
        "execution_timeout": timedelta(hours=6),
    },
):
    train = BashOperator(
        task_id="train",
        task_display_name="训练",
        bash_command="minyi train --local",
        skip_on_exit_code=NOTHING_TO_LEARN,
    )
    read = BashOperator(task_id="read", task_display_name="重读", bash_command="minyi read")
    train >> read
