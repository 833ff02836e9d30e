"""
### 专题分析

分析员按一个专题重新分析任意一段日子，出一份**专报**。点“触发”，填表即可；
在门户“专题”页里先看条数、再点“分析”，也是运行它。

| 步骤 | 命令 | 做什么 |
|---|---|---|
| `run_topic` | `minyi topic run` | 找出合于检索式的帖子，分析，写成专报 |

**怎么填**：`topic` 填已存专题的名称，或者 `query` 写检索式，例如 `药铺 与（拆 或 重建）`，两样填一样；
`first_day`、`last_day` 是起止日期（含）；`source`、`district` 不填就是全部；`forms` 是要哪几种文件。

专题分析不改动日报、周报的任何结果，两个人可以同时做。做完后在门户“简报”页可以看到；
与上一次的差别，用 `minyi runs diff` 或门户“专题”页查看。

**红了怎么办**：日志最后一行写着原因，多半是检索式写错（会指出第几个字）、日期前后颠倒或没有相符的帖子；
填错的不会自动重试，改好后再触发一次。数据库一时连不上之类的，会隔 30 秒自动再试一次。
"""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Param, RetryDecision, RetryPolicy

SHANGHAI = ZoneInfo("Asia/Shanghai")


def day(typed: str | None, dag_run: Any, ago: int) -> str:
    """The day typed, else so many days before the run was asked for."""
    if typed:
        return date.fromisoformat(typed).isoformat()
    asked: datetime = dag_run.run_after
    return (asked.astimezone(SHANGHAI).date() - timedelta(days=ago)).isoformat()


class OnlyWhatMayPass(RetryPolicy):
    """What was typed wrongly (exit code 2) is as wrong the second time."""

    def evaluate(self, exception: BaseException, *_: Any, **__: Any) -> RetryDecision:
        """Fail at once for a mistake, else as the task's retries say."""
        wrong = str(exception).endswith("exit code 2.")
        return RetryDecision.fail("填写有误，不再重试") if wrong else RetryDecision.default()


# What people typed reaches the shell as variables, never as part of the command.
COMMAND = """
minyi topic run ${TOPIC:+--topic "$TOPIC"} ${QUERY:+--query "$QUERY"} --from "$FIRST_DAY" --to "$LAST_DAY" \\
    ${SOURCE:+--source "$SOURCE"} ${DISTRICT:+--district "$DISTRICT"} ${FORMS:+--forms "$FORMS"}
"""

with DAG(
    dag_id="topic_brief",
    dag_display_name="专题分析",
    description="按专题分析一段日子，生成专报",
    doc_md=__doc__,
    tags=["专报"],
    schedule=None,
    catchup=False,
    is_paused_upon_creation=False,  # a paused DAG starts nothing, also not what somebody asks for
    max_active_runs=4,
    params={
        "topic": Param(
            None,
            type=["null", "string"],
            maxLength=128,
            title="专题",
            description="已存专题的名称；与检索式填一样",
        ),
        "query": Param(
            None,
            type=["null", "string"],
            maxLength=2000,
            title="检索式",
            description="例如：药铺 与（拆 或 重建）",
        ),
        "first_day": Param(
            None,
            type=["null", "string"],
            format="date",
            title="从哪天起",
            description="含这一天；留空为三十天前",
        ),
        "last_day": Param(
            None,
            type=["null", "string"],
            format="date",
            title="到哪天止",
            description="含这一天；留空为昨天",
        ),
        "source": Param(
            None,
            type=["null", "string"],
            maxLength=64,
            title="来源",
            description="来源名；留空为全部来源",
        ),
        "district": Param(
            None,
            type=["null", "string"],
            maxLength=64,
            title="区域",
            description="留空为全部区域",
        ),
        "forms": Param(
            ["html", "pdf", "docx", "json"],
            type="array",
            items={"type": "string", "enum": ["html", "pdf", "docx", "json"]},
            minItems=1,
            uniqueItems=True,
            examples=["html", "pdf", "docx", "json"],
            title="文件",
            description="要哪几种文件",
        ),
    },
    user_defined_macros={"day": day},
    default_args={
        "append_env": True,
        "do_xcom_push": False,
        "retries": 1,
        "retry_delay": timedelta(seconds=30),
        "retry_policy": OnlyWhatMayPass(),
        "execution_timeout": timedelta(minutes=40),
    },
):
    BashOperator(
        task_id="run_topic",
        task_display_name="分析专题",
        bash_command=COMMAND,
        env={
            # Every query stands in the audit under the name of who asked.
            "MINYI_STAFF": "{{ (dag_run.triggering_user_name or '')[:64] }}",
            "TOPIC": "{{ params.topic or '' }}",
            "QUERY": "{{ params.query or '' }}",
            "FIRST_DAY": "{{ day(params.first_day, dag_run, 30) }}",
            "LAST_DAY": "{{ day(params.last_day, dag_run, 1) }}",
            "SOURCE": "{{ params.source or '' }}",
            "DISTRICT": "{{ params.district or '' }}",
            "FORMS": "{{ params.forms | join(',') }}",
        },
    )
