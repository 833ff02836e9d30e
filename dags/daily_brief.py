"""
### 每日简报

每天在门户“来源”页设的时间（默认北京时间 **06:30**）把**前一天 0 时至 24 时**的网上民意做成一份日报，08:30 前完成。
帖子由“采集论坛”流程早先采好，这里不再采集。

| 步骤 | 命令 | 做什么 |
|---|---|---|
| `wait` | `minyi schedule` | 等到做日报的时间，最多晚 5 分钟；手动触发的不等 |
| `read` | `minyi read` | 分词，判断情感、意图和类别，找出地点 |
| `analyse` | `minyi analyse` | 把说同一件事的帖子归为一个事项，算热度，看有无答复 |
| `brief` | `minyi brief` | 生成日报的各种文件 |
| `deliver` | `minyi deliver` | 送给收件人；尚未审定的只送给愿收待审稿的人 |
| `sources_check` | `minyi source health` | 有来源采集失败或取不到内容时报错 |

**运行变红了怎么办**

- 只有 `sources_check` 是红的：日报已经送出，但缺少一些来源，日报开头会写明。到“采集论坛”流程里看
  那个来源的日志；排除故障、采到以后，按下面的办法补做当天。
- 其他步骤是红的：日报没有送出。日志最后一行写着原因和处理办法；处理后选中该任务，点“清除”，从这一步
  接着做，送过的不会重送。

**补做某一天**：点“触发”，在 `day` 中填日期（例如 2026-03-01）。留空则做触发时刻的前一天。
同一天做多少次，期号不变，不会重复计数；结果有变的，要重新审定。

**补做一段日子**：例如补 3 月 1 日至 7 日的日报，在服务器上运行
`airflow backfill create --dag-id daily_brief --from-date 2026-03-02 --to-date 2026-03-09 --max-active-runs 1`。
日期写的是**出报的日子**，比所做的日子晚一天；`--to-date` 指那天零时，所以再多写一天。
先加 `--dry-run` 看会补哪几次。不要在补做时填 `day`：每天由运行的日期决定。
已经成功过的日子默认跳过；要重做，加 `--reprocess-behavior completed`。

**第一次启用时**会立刻运行一次，补上最近一个应做而未做的日报；更早的日子不会自动补。

每一步就是一条 `minyi` 命令，手工运行的结果相同。运行 Airflow 的环境须能找到 `minyi`
（PATH 中有 `.venv/bin`），并以环境变量 `MINYI_CONFIG` 指明配置文件的完整路径。
"""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.sensors.bash import BashSensor
from airflow.sdk import DAG, CronTriggerTimetable, Param

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
DAY = "{{ brief_day(dag_run, params) }}"


# Staff change the time in the portal.  What somebody asks for by hand is done at once.
WAIT = """{{ 'true' if dag_run.run_type == 'manual' else
    'minyi schedule --reached daily --day ' ~ brief_day(dag_run, params) }}"""
NOT_YET = 75


def brief_day(dag_run: Any, params: dict[str, str | None]) -> str:
    """The day asked for, else the Shanghai day in which the run's interval begins: yesterday.

    What comes out is always YYYY-MM-DD, whatever was typed: it goes into a shell command.
    A run triggered without a logical date has no interval.
    """
    if params["day"]:
        return date.fromisoformat(params["day"]).isoformat()
    start: datetime = dag_run.data_interval_start or dag_run.run_after - ONE_DAY
    return start.astimezone(SHANGHAI).date().isoformat()


with DAG(
    dag_id="daily_brief",
    dag_display_name="每日简报",
    description="阅读、分析前一天的民意，生成并送出日报",
    doc_md=__doc__,
    tags=["日报"],
    schedule=CronTriggerTimetable("5 0 * * *", timezone="Asia/Shanghai", interval=ONE_DAY),
    start_date=datetime(2026, 1, 1, tzinfo=SHANGHAI),
    catchup=False,
    # A run that waits for its time must not hold up one that somebody asks for.
    max_active_runs=3,
    params={
        "day": Param(
            None,
            type=["null", "string"],
            format="date",
            title="日期",
            description="做哪一天的日报；留空为前一天",
        )
    },
    user_defined_macros={"brief_day": brief_day},
    # What residents wrote must not reach XCom.  A database that is away for a moment is waited for.
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
        timeout=timedelta(days=1),
    )
    read = BashOperator(task_id="read", task_display_name="阅读", bash_command="minyi read")
    analyse = BashOperator(
        task_id="analyse", task_display_name="分析", bash_command=f"minyi analyse --day {DAY}"
    )
    brief = BashOperator(
        task_id="brief", task_display_name="生成日报", bash_command=f"minyi brief --day {DAY}"
    )
    deliver = BashOperator(
        task_id="deliver", task_display_name="送出", bash_command=f"minyi deliver --day {DAY}"
    )
    sources_check = BashOperator(
        task_id="sources_check",
        task_display_name="检查来源",
        bash_command=f"minyi source health --day {DAY}",
        retries=0,
    )

    wait >> read >> analyse >> brief >> deliver >> sources_check
