#!/usr/bin/env bash
# make_secrets.sh [FOLDER]: new passwords and keys in FOLDER (secrets), for their owner alone.  Existing ones are kept.
set -euo pipefail
folder=${1:-$(dirname "$0")/secrets}
if [[ -e $folder ]]; then
    echo "$folder 已经有了，没有改动；换了密码，原来的数据库就进不去了" >&2
    exit 1
fi
umask 077
mkdir -p "$folder"

random() { head -c "$1" /dev/urandom | base64 -w0 | tr '+/' '-_'; }
postgres=$(random 24) airflow=$(random 24) minyi=$(random 24) redis=$(random 24)

cat >"$folder/postgres.env" <<END
POSTGRES_PASSWORD=$postgres
AIRFLOW_PASSWORD=$airflow
MINYI_PASSWORD=$minyi
END
cat >"$folder/redis.conf" <<END
requirepass $redis
END
chmod 0644 "$folder/redis.conf" # read by the user redis in its container; the folder is closed
cat >"$folder/minyi.env" <<END
AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=postgresql+psycopg2://airflow:$airflow@postgres/airflow
AIRFLOW__CELERY__RESULT_BACKEND=db+postgresql+psycopg2://airflow:$airflow@postgres/airflow
AIRFLOW__CELERY__BROKER_URL=redis://:$redis@redis:6379/0
AIRFLOW__API__SECRET_KEY=$(random 64)
AIRFLOW__API_AUTH__JWT_SECRET=$(random 64)
AIRFLOW__CORE__FERNET_KEY=$(random 32)
MINYI_DATABASE_URL=postgresql://minyi:$minyi@postgres/minyi
END
echo "已写好 $folder；请另存一份到保管处"
