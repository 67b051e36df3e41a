#!/usr/bin/env bash
# Makes docs/report.png, the picture in the README, from the report of the example project.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v chromium >/dev/null || { echo 'missing: chromium (on Debian: apt-get install chromium)' >&2; exit 1; }
cargo build --locked --release --bin covgap
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
target/release/covgap report tests/corpus/shop --output "$work/index.html"
mkdir -p docs
chromium --headless --no-sandbox --disable-gpu --disable-background-networking --hide-scrollbars \
  --user-data-dir="$work/profile" --window-size=1200,1180 --screenshot="$work/report.png" "file://$work/index.html" 2>/dev/null
mv "$work/report.png" docs/report.png
echo 'wrote docs/report.png'
