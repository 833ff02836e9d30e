#!/usr/bin/env bash
# draw_gallery.sh [FOLDER]: draw every kind of brief into docs/gallery by the real commands, from the demo
# that run_demo.sh has filled in FOLDER (var).
set -euo pipefail
cd "$(dirname "$0")/.."
demo=${1:-$PWD/var}/demo
gallery=$demo/gallery
today=$(TZ=CST-8 date +%F)
yesterday=$(date -d "$today - 1 day" +%F)

export PATH=$PWD/.venv/bin:$PATH
export MINYI_CONFIG=$demo/gallery.toml MINYI_DATA_DIR=$demo
unset MINYI_DATABASE_URL MINYI_AUTHOR_KEY_FILE

# An hour of reports on a burst pipe: what an alert is about.
burst_pipe() {
    local texts=("路面全是水，车开不过去" "整条街都停水了" "水漫到车轮了，有没有人来修" "什么时候能修好？")
    echo "id,title,text,posted_at"
    for n in {0..25}; do
        echo "pipe-$n,望潮路水管爆裂,望潮路水管爆裂，${texts[n % 4]}第$((n + 1))次打来,$(TZ=CST-8 date -d "-$((2 * n + 1)) minutes" +%FT%T+08:00)"
    done
}

rm -rf "$gallery"
mkdir -p "$gallery"
cp "$demo/minyi.toml" "$MINYI_CONFIG"
printf '\n[[sources]]\nname = "hotline"\ntitle = "热线记录"\nengine = "file"\n' >>"$MINYI_CONFIG"
{
    minyi brief --day "$yesterday" --out "$gallery"
    minyi brief --from "$(date -d "$today - 7 days" +%F)" --to "$yesterday" --out "$gallery"
    minyi topic run 老药号拆迁与重建
    burst_pipe >"$gallery/hotline.csv"
    minyi import "$gallery/hotline.csv" --source hotline
    minyi read
    minyi alert check
} >"$gallery/commands.log"
cp "$demo"/briefs/special-* "$demo"/briefs/alert-* "$gallery/"
python docs/gallery/draw.py "$gallery"/{daily,weekly}-*.pdf "$(ls -t "$gallery"/special-*.pdf | head -n 1)" "$(ls -t "$gallery"/alert-*.pdf | head -n 1)"
