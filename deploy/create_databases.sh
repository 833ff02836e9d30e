#!/usr/bin/env bash
# Run once, by PostgreSQL's image in an empty volume: Airflow's database and ours, each with a user of its own.
set -euo pipefail
create() { # create NAME PASSWORD
    psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 --set name="$1" --set password="$2" <<'SQL'
CREATE USER :"name" PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
}
create airflow "$AIRFLOW_PASSWORD"
create minyi "$MINYI_PASSWORD"
