#!/usr/bin/env bash
# Draw docs/gallery's daily and weekly from the demo that `make run` has just filled.
set -euo pipefail
cd "$(dirname "$0")/.."
demo=$PWD/var/demo
today=$(TZ=CST-8 date +%F)

export PATH=$PWD/.venv/bin:$PATH
export MINYI_CONFIG=$demo/minyi.toml MINYI_DATA_DIR=$demo
unset MINYI_DATABASE_URL MINYI_AUTHOR_KEY_FILE

minyi brief --from "$(date -d "$today - 7 days" +%F)" --to "$(date -d "$today - 1 day" +%F)" >"$demo/weekly.log"
python docs/gallery/draw.py "$demo"/briefs/*.pdf
