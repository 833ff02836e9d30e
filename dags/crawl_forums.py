"""
### 采集论坛

每 **10 分钟** 看一次：哪些来源到了采集时间，就各开一个任务去采，只取新帖和有变化的帖。
每个来源的采集时间、快慢和开关，在门户“来源”页里改，改完下一个 10 分钟起作用，不用动这里。

| 步骤 | 命令 | 做什么 |
|---|---|---|
| `list_due` | `minyi source list --due` | 列出现在该采的来源；没有就到此为止 |
| `crawl` | `minyi crawl 来源 --due` | 每个来源一个任务；别的任务正在采的不重复采 |
| `crawled` | | 只要有一个来源采成，就通知“突发监测”去看 |

**红了怎么办**：点开红色的 `crawl` 任务，日志最后几行写着原因（网站打不开、不让采、改版了）。
失败的来源 10 分钟后自动再试，最多再试两次；仍不行的，门户“来源”页和日报开头都会写明。
其他来源不受影响。

**现在就采一个来源**：在门户“来源”页点“现在采集一次”；或触发本流程，在“来源”中填它的名称，不管到没到时间。

**暂停采集**：关掉本流程的开关即停；只停一个来源，请在门户“来源”页关掉它。
错过的采集，恢复后补一次，不会一次次地补。
"""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Asset, CronTriggerTimetable, Param, TriggerRule

POSTS = Asset(uri="minyi://posts", name="minyi_posts")
# A source's name is nothing but these letters: it may stand in a command.
NAME = "^[a-z0-9][a-z0-9_-]{0,62}$"
LIST = """{% if params.source %}echo '["{{ params.source }}"]'{% else %}minyi source list --due --json{% endif %}"""


def as_environment(source: str) -> dict[str, str]:
    """A source's name reaches the shell as a variable, never as part of the command."""
    return {"SOURCE": source}


with DAG(
    dag_id="crawl_forums",
    dag_display_name="采集论坛",
    description="到了时间的来源，各采一次",
    doc_md=__doc__,
    tags=["采集"],
    schedule=CronTriggerTimetable("*/10 * * * *", timezone="Asia/Shanghai"),
    start_date=datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")),
    catchup=False,
    # A slow forum must not hold up the others' ticks; no source is crawled twice at once.
    max_active_runs=6,
    max_active_tasks=16,
    params={
        "source": Param(
            None,
            type=["null", "string"],
            pattern=NAME,
            title="来源",
            description="现在就采这一个；留空为到了时间的来源",
        )
    },
    default_args={
        "append_env": True,
        "do_xcom_push": False,
        "retries": 1,
        "retry_delay": timedelta(seconds=30),
        "execution_timeout": timedelta(hours=2),
    },
):
    list_due = BashOperator(
        task_id="list_due",
        task_display_name="列出该采的来源",
        bash_command=LIST,
        do_xcom_push=True,
        output_processor=json.loads,
    )
    crawl = BashOperator.partial(
        task_id="crawl",
        task_display_name="采集",
        bash_command="""minyi crawl "$SOURCE"{{ '' if params.source else ' --due' }}""",
        map_index_template="{{ task.env['SOURCE'] }}",
    ).expand(env=list_due.output.map(as_environment))
    crawled = EmptyOperator(
        task_id="crawled",
        task_display_name="采集完毕",
        trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS,
        outlets=[POSTS],
    )
    crawl >> crawled
