#!/usr/bin/env bash
# Stands in for `minyi`: notes its arguments, answers `source list`, fails where it is told to.
(IFS=$'\t'; echo "$*") >>"$NOTED_CALLS"
if grep -qxF -e "$1" -e "$1 ${2-}" <<<"$NOTED_FAILS"; then
    exit "$NOTED_CODE"
fi
[[ "$1 ${2-}" != "source list" ]] || echo "$NOTED_SOURCES"
