#!/usr/bin/env bash
# run_demo.sh [FOLDER]: run the real DAGs crawl_forums and daily_brief over the demo forums, and show yesterday's brief.
# The demo's data and Airflow's home lie in FOLDER (var); the data begins anew each time.
set -euo pipefail
cd "$(dirname "$0")/.."
demo=${1:-$PWD/var}/demo
airflow=${1:-$PWD/var}/airflow
today=$(TZ=CST-8 date +%F) # Shanghai, also where no time zones are installed

export PATH=$PWD/.venv/bin:$PATH
export MINYI_CONFIG=$demo/minyi.toml MINYI_DATA_DIR=$demo
unset MINYI_DATABASE_URL MINYI_AUTHOR_KEY_FILE # the demo never touches an office's store
export AIRFLOW_HOME=$airflow
export AIRFLOW__CORE__DAGS_FOLDER=$PWD/dags
export AIRFLOW__CORE__DEFAULT_TIMEZONE=Asia/Shanghai
export AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY=1
export AIRFLOW__CORE__LOAD_EXAMPLES=False
export AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=sqlite:///$airflow/airflow.db
export AIRFLOW__USAGE_DATA_COLLECTION__ENABLED=False

fail() { # fail MESSAGE LOG
    printf '%s；完整记录在 %s\n' "$1" "$2" >&2
    exit 1
}

start_forums() {
    minyi demo --config-out "$MINYI_CONFIG" --date "$today" >"$demo/forums.log" 2>&1 &
    forums=$!
    trap 'kill "$forums" 2>/dev/null || true; wait "$forums" || true' EXIT
    until [[ -s $MINYI_CONFIG ]]; do
        kill -0 "$forums" 2>/dev/null || fail "演示论坛没有启动：$(tail -n 1 "$demo/forums.log")" "$demo/forums.log"
        sleep 0.1
    done
}

migrate_airflow() {
    [[ $airflow/migrated -nt requirements/run.txt ]] && return
    airflow db migrate >"$airflow/migrate.log" 2>&1 || fail "Airflow 的数据库没有建成" "$airflow/migrate.log"
    touch "$airflow/migrated"
}

# What the commands of the tasks wrote, out of Airflow's log: "command<TAB>code<TAB>line", last try only.
task_output() {
    sed -n 's/^[^ ]* \[[a-z ]*\] \(.*[^ ]\) *\[airflow\.task\.hooks\..*/\1/p' "$1" | awk '
        /^Running command: / { command = $0; count = 0; next }
        /^Output:$/ { next }
        /^Command exited with return code / {
            for (i = 1; i <= count; i++) last[command, i] = command "\t" $NF "\t" lines[i]
            total[command] = count
            next
        }
        { lines[++count] = $0 }
        END { for (command in total) for (i = 1; i <= total[command]; i++) print last[command, i] }'
}

failed_output() {
    task_output "$1" | awk -F '\t' '$2 != 0 { if ($1 != shown) print $1; shown = $1; print $3 }'
}

run_dag() { # run_dag DAG [LOGICAL_DATE]
    local log=$airflow/$1.log
    airflow dags test "$@" >"$log" 2>&1 && return
    failed_output "$log" >&2
    fail "流程 $1 没有全部成功" "$log"
}

show_brief() {
    task_output "$airflow/daily_brief.log" | awk -F '\t' '$1 ~ /minyi brief / { print $3 }'
}

rm -rf "$demo"
mkdir -p "$demo" "$airflow"
start_forums
echo "演示论坛已启动，Airflow 正在采集并生成每日简报 …"
migrate_airflow
run_dag crawl_forums
run_dag daily_brief "${today}T06:30:00+08:00"
show_brief
