#!/usr/bin/env bash
# Create .venv with the machine's Python (PYTHON=…), which must be new enough.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "需要 Python 3.11 或更新的版本；装好后用 PYTHON=/路径/python3 make … 指明" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    scripts/install_by_apt.sh python3-venv "Python 缺少 venv 模块"
fi
"$python" -m venv .venv
