#!/usr/bin/env bash
# Builds covgap, analyzes the example project, and opens the report in a browser (on a machine without one, names the file).
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --locked --release --bin covgap
target/release/covgap report tests/corpus/shop --output covgap-report --format html,json
# The bars say that a gate failed by the exit code 1; for an example that is fine.
target/release/covgap tests/corpus/shop || [[ $? == 1 ]]
page="$PWD/covgap-report/index.html"
for opener in xdg-open open; do
  if command -v "$opener" >/dev/null && "$opener" "$page" >/dev/null 2>&1; then
    exit
  fi
done
echo "The report: $page"
