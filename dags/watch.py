"""
### 突发监测

每当有来源采集完毕就运行一次：把新帖读一遍，看有没有事项突增、有没有来源忽然取不到内容；有，就出一份**快报**。

| 步骤 | 命令 | 做什么 |
|---|---|---|
| `read` | `minyi read` | 读新采到的帖子 |
| `check` | `minyi alert check` | 对照过去 12 小时、14 天和同一星期几；同一起因只报一次，一件事引起的全部来源突增并入这件事的快报 |

快报和别的简报一样，审定后才送出；收件人配置中写了 `drafts = true` 的，待审稿也马上送。
静默时段（配置 `[alerts]` 的 `quiet_hours`）内只记录，过后再送。
在门户“今日”页点“我来处理”，或运行 `minyi alert ack 编号`，就不再提醒。

**红了怎么办**：日志最后一行写着原因和处理办法；处理后选中红色任务，点“清除”。
不处理也不要紧，下一次采集完毕时会再看。
"""

from datetime import timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Asset

with DAG(
    dag_id="watch",
    dag_display_name="突发监测",
    description="采集之后看有没有突发和来源异常，出快报",
    doc_md=__doc__,
    tags=["快报"],
    schedule=[Asset(uri="minyi://posts", name="minyi_posts")],
    catchup=False,
    is_paused_upon_creation=False,  # it only follows crawl_forums, which has the switch
    # Crawls that end meanwhile are all seen by the next run.
    max_active_runs=1,
    default_args={
        "append_env": True,
        "do_xcom_push": False,
        "retries": 2,
        "retry_delay": timedelta(seconds=30),
        "execution_timeout": timedelta(minutes=30),
    },
):
    read = BashOperator(task_id="read", task_display_name="阅读", bash_command="minyi read")
    check = BashOperator(task_id="check", task_display_name="监测", bash_command="minyi alert check")
    read >> check
