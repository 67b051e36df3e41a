#!/usr/bin/env bash
# Runs everything that must hold before a change is merged. Installs nothing: it names what is missing, and fails.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$1"; }

missing=()
for tool in cargo chromium python3; do
  command -v "$tool" >/dev/null || missing+=("$tool")
done
if ((${#missing[@]})); then
  echo "missing: ${missing[*]} (on Debian: apt-get install ${missing[*]}; cargo: https://rustup.rs)" >&2
  exit 1
fi

step 'format';      cargo fmt --check
step 'lints';       cargo clippy --all-targets -- -D warnings
step 'tests';       cargo test
step 'browser';     cargo test --test browser
if [[ -x tests/conformance/run ]]; then
  step 'conformance'; tests/conformance/run
fi
echo
echo 'all tests passed'
