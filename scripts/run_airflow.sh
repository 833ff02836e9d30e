#!/usr/bin/env bash
# run_airflow.sh [FOLDER]: a whole Airflow on this machine until Ctrl-C: LocalExecutor, SQLite, roles, the portal.
# With MINYI_CONFIG set it works for that office, else for the demo town, whose forums it starts.
# Its home lies in FOLDER (var); everything listens on loopback alone.
set -euo pipefail
cd "$(dirname "$0")/.."
demo=${1:-$PWD/var}/demo
export AIRFLOW_HOME=${1:-$PWD/var}/airflow-server
port=${MINYI_AIRFLOW_PORT:-8080}
address=http://127.0.0.1:$port
mkdir -p "$AIRFLOW_HOME"

export PATH=$PWD/.venv/bin:$PATH
export AIRFLOW__CORE__DAGS_FOLDER=$PWD/dags
export AIRFLOW__CORE__DEFAULT_TIMEZONE=Asia/Shanghai
export AIRFLOW__CORE__EXECUTOR=LocalExecutor
export AIRFLOW__CORE__PARALLELISM=4
export AIRFLOW__CORE__LOAD_EXAMPLES=False
export AIRFLOW__CORE__AUTH_MANAGER=airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager
export AIRFLOW__CORE__EXECUTION_API_SERVER_URL=$address/execution/
export AIRFLOW__API__HOST=127.0.0.1
export AIRFLOW__API__PORT=$port
export AIRFLOW__API__WORKERS=1
export AIRFLOW__API__BASE_URL=$address
export AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT=60 # a busy machine is waited for
export AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=sqlite:///$AIRFLOW_HOME/airflow.db
export AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC=2
export AIRFLOW__USAGE_DATA_COLLECTION__ENABLED=False

children=()
patience=20

descendants() { # descendants PID: its children, and theirs
    local child
    for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do
        descendants "$child"
        echo "$child"
    done
}

# What does not end in good time is killed: tasks save their work, and are taken up again.
stop() {
    trap - EXIT
    trap '' INT TERM HUP
    local child all=() end=$((SECONDS + patience))
    for child in "${children[@]}"; do
        mapfile -t -O "${#all[@]}" all < <(descendants "$child")
    done
    ((${#children[@]})) && kill "${children[@]}" 2>/dev/null
    while ((SECONDS < end)) && ((${#children[@]})) && kill -0 "${children[@]}" 2>/dev/null; do
        sleep 0.2
    done
    ((${#children[@]})) && kill -KILL "${children[@]}" "${all[@]}" 2>/dev/null
    wait
    rm -f "$AIRFLOW_HOME"/*.pid
}
trap stop EXIT
trap 'exit 0' INT TERM HUP

fail() { # fail MESSAGE LOG
    printf '%s：%s；完整记录在 %s\n' "$1" "$(tail -n 1 "$2")" "$2" >&2
    exit 1
}

start() { # start NAME COMMAND…
    local name=$1
    shift
    # In a session of its own: Ctrl-C reaches this script alone.  A scheduler that is told twice to stop hangs.
    setsid "$@" >"$AIRFLOW_HOME/$name.log" 2>&1 &
    children+=($!)
}

check_port() {
    ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return
    echo "端口 $port 已被占用；请先停掉占用它的程序，或用 MINYI_AIRFLOW_PORT=8081 make airflow 换一个" >&2
    exit 1
}

# Made once and kept: logins and the portal's forms outlive a restart.
load_secrets() {
    local file=$AIRFLOW_HOME/secrets.env
    if [[ ! -s $file ]]; then
        (umask 077 && python - >"$file" <<'PYTHON')
import base64, secrets
print(f"export AIRFLOW__API__SECRET_KEY={secrets.token_hex(64)}")
print(f"export AIRFLOW__API_AUTH__JWT_SECRET={secrets.token_hex(64)}")
print(f"export AIRFLOW__CORE__FERNET_KEY={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}")
PYTHON
    fi
    # shellcheck source=/dev/null
    source "$file"
}

start_demo() {
    export MINYI_CONFIG=$demo/minyi.toml MINYI_DATA_DIR=$demo
    unset MINYI_DATABASE_URL MINYI_AUTHOR_KEY_FILE # the demo never touches an office's store
    mkdir -p "$demo"
    rm -f "$MINYI_CONFIG"
    start forums minyi demo --config-out "$MINYI_CONFIG" --date "$(TZ=CST-8 date +%F)"
}

await_demo() {
    until [[ -s $MINYI_CONFIG ]]; do
        kill -0 "${children[0]}" 2>/dev/null || fail "演示论坛没有启动" "$AIRFLOW_HOME/forums.log"
        sleep 0.1
    done
}

migrate() {
    [[ $AIRFLOW_HOME/migrated -nt requirements/run.txt ]] && return
    airflow db migrate >"$AIRFLOW_HOME/migrate.log" 2>&1 || fail "Airflow 的数据库没有建成" "$AIRFLOW_HOME/migrate.log"
    touch "$AIRFLOW_HOME/migrated"
}

is_healthy() {
    curl --silent --max-time 2 "$address/api/v2/monitor/health" | python -c '
import json, sys
parts = json.load(sys.stdin)
needed = ("metadatabase", "scheduler", "dag_processor")
sys.exit(any(parts[part]["status"] != "healthy" for part in needed))' 2>/dev/null
}

await_health() {
    until is_healthy; do
        for child in "${children[@]}"; do
            kill -0 "$child" 2>/dev/null || fail "Airflow 没有启动" "$AIRFLOW_HOME/api-server.log"
        done
        sleep 0.5
    done
}

check_port
load_secrets
[[ -n ${MINYI_CONFIG-} ]] || start_demo
migrate
# Logs are read from the disk: no log server is started, which would listen to all the world.
start scheduler airflow scheduler --skip-serve-logs
start dag-processor airflow dag-processor
# Before the API server: both write the roles' permissions, and whoever comes second would stumble.
users=$(python scripts/create_demo_users.py 2>"$AIRFLOW_HOME/users.log") || fail "没有建成用户" "$AIRFLOW_HOME/users.log"
start api-server airflow api-server
[[ $MINYI_CONFIG != "$demo/minyi.toml" ]] || await_demo
await_health
cat <<END
Airflow 已启动：$address （登录后左边“民意”就是门户；整页是 $address/minyi/）
用户、密码（只显示这一次，下次启动会换）、角色：
$users
定时的流程默认停着，在“Dags”页里启用 crawl_forums、daily_brief 等。按 Ctrl-C 全部停下。
END
wait -n "${children[@]}" || true
echo "有一个进程停了，全部停下；记录在 $AIRFLOW_HOME" >&2
exit 1
