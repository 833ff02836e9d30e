#!/usr/bin/env bash
# Briefs need a Chinese font: use the machine's, else install Debian's.
set -euo pipefail
cd "$(dirname "$0")/.."

found=$(.venv/bin/python -c '
from reports.fonts import FontError, find_fonts
try:
    find_fonts()
    print("yes")
except FontError:
    print("no")')
[[ $found == yes ]] || scripts/install_by_apt.sh fonts-noto-cjk "找不到中文字体"
