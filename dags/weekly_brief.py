"""
### 每周简报

每周在门户“来源”页设的时间（默认周一北京时间 **07:00**）把**上周一 0 时至上周日 24 时**的网上民意做成一份周报。

| 步骤 | 命令 | 做什么 |
|---|---|---|
| `wait` | `minyi schedule` | 等到做周报的时间，最多晚 5 分钟；手动触发的不等 |
| `read` | `minyi read` | 读还没读过的帖子 |
| `analyse` | `minyi analyse` | 归并事项，与前一周比较 |
| `brief` | `minyi brief` | 生成周报 |
| `deliver` | `minyi deliver` | 送出；尚未审定的只送给愿收待审稿的人 |

**补做某一周**：点“触发”，在 `last_day` 中填那一周的最后一天（例如 2026-03-01，周日）。
留空则做触发时刻之前的一整周。同一周做多少次，期号不变，结果有变时要重新审定。

**红了怎么办**：日志最后一行写着原因和处理办法；处理后选中红色任务，点“清除”，从这一步接着做，送过的不会重送。
"""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.sensors.bash import BashSensor
from airflow.sdk import DAG, CronTriggerTimetable, Param

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_WEEK = timedelta(days=7)
DAYS = "--from {{ first_day(dag_run, params) }} --to {{ last_day(dag_run, params) }}"


# Staff change the time in the portal.  What somebody asks for by hand is done at once.
WAIT = """{{ 'true' if dag_run.run_type == 'manual' else
    'minyi schedule --reached weekly --day ' ~ last_day(dag_run, params) }}"""
NOT_YET = 75


def last_day(dag_run: Any, params: dict[str, str | None]) -> str:
    """The day asked for, else the Sunday before the Monday on which the run's interval ends.

    What comes out is always YYYY-MM-DD, whatever was typed: it goes into a shell command.
    A run triggered by hand has no interval, and is for the last whole week.
    """
    if params["last_day"]:
        return date.fromisoformat(params["last_day"]).isoformat()
    end: datetime = dag_run.data_interval_end or dag_run.run_after
    day = end.astimezone(SHANGHAI).date()
    return (day - timedelta(days=day.isoweekday())).isoformat()


def first_day(dag_run: Any, params: dict[str, str | None]) -> str:
    """Six days before the last one."""
    return (date.fromisoformat(last_day(dag_run, params)) - timedelta(days=6)).isoformat()


with DAG(
    dag_id="weekly_brief",
    dag_display_name="每周简报",
    description="分析上一周的民意，生成并送出周报",
    doc_md=__doc__,
    tags=["周报"],
    schedule=CronTriggerTimetable("5 0 * * 1", timezone="Asia/Shanghai", interval=ONE_WEEK),
    start_date=datetime(2026, 1, 1, tzinfo=SHANGHAI),
    catchup=False,
    # A run that waits for its time must not hold up one that somebody asks for.
    max_active_runs=3,
    params={
        "last_day": Param(
            None,
            type=["null", "string"],
            format="date",
            title="最后一天",
            description="做到哪一天为止的七天；留空为上一周",
        )
    },
    user_defined_macros={"first_day": first_day, "last_day": last_day},
    default_args={
        "append_env": True,
        "do_xcom_push": False,
        "retries": 2,
        "retry_delay": timedelta(minutes=1),
        "execution_timeout": timedelta(minutes=40),
    },
):
    wait = BashSensor(
        task_id="wait",
        task_display_name="等到时间",
        bash_command=WAIT,
        retry_exit_code=NOT_YET,
        mode="reschedule",
        poke_interval=timedelta(minutes=5),
        timeout=timedelta(days=7),
    )
    read = BashOperator(task_id="read", task_display_name="阅读", bash_command="minyi read")
    analyse = BashOperator(task_id="analyse", task_display_name="分析", bash_command=f"minyi analyse {DAYS}")
    brief = BashOperator(task_id="brief", task_display_name="生成周报", bash_command=f"minyi brief {DAYS}")
    deliver = BashOperator(task_id="deliver", task_display_name="送出", bash_command=f"minyi deliver {DAYS}")
    wait >> read >> analyse >> brief >> deliver
