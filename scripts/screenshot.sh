#!/usr/bin/env bash
# Makes the pictures in the README from the report of the example project: its first screen, and the page of a route.
# COVGAP names a program that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v chromium >/dev/null || { echo 'missing: chromium (on Debian: apt-get install chromium)' >&2; exit 1; }
covgap=${COVGAP:-target/release/covgap}
[[ -n ${COVGAP:-} ]] || cargo build --locked --release --bin covgap
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$covgap" report tests/corpus/shop --output "$work/index.html"
mkdir -p docs
picture() { # NAME SIZE FRAGMENT
  chromium --headless --no-sandbox --disable-gpu --disable-background-networking --hide-scrollbars \
    --user-data-dir="$work/profile" --window-size="$2" --screenshot="$work/$1" "file://$work/index.html$3" 2>/dev/null
  mv "$work/$1" "docs/$1"
  echo "wrote docs/$1"
}
picture report.png 1200,1180 ''
picture route.png 1200,1180 '#route=DELETE%20%2Fapi%2Fv1%2Faccounts%2Flogin'
