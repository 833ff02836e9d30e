#!/usr/bin/env bash
# install_by_apt.sh PACKAGE REASON: install it where we may; else say in one line what to install.
set -euo pipefail
package=$1 reason=$2

if [[ $EUID -ne 0 ]] || ! command -v apt-get >/dev/null; then
    echo "$reason；请安装 $package（Debian：apt-get install $package）后重试" >&2
    exit 1
fi
echo "$reason，正在安装 $package"
export DEBIAN_FRONTEND=noninteractive
if ! log=$(apt-get update -qq 2>&1 && apt-get install -y -qq --no-install-recommends "$package" 2>&1); then
    echo "$reason，而 apt-get 安装 $package 失败：$(tail -n 1 <<<"$log")" >&2
    exit 1
fi
