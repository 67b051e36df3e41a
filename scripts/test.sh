#!/usr/bin/env bash
# Runs everything that must hold before a change is merged. Python packages go into environments below target/; a tool that is
# missing is named, and the run fails.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$1"; }

missing=()
for tool in cargo chromium git python3; do
  command -v "$tool" >/dev/null || missing+=("$tool")
done
if ((${#missing[@]})); then
  echo "missing: ${missing[*]} (on Debian: apt-get install ${missing[*]}; cargo: https://rustup.rs)" >&2
  exit 1
fi

step 'format';      cargo fmt --check
step 'lints';       cargo clippy --locked --all-targets -- -D warnings
step 'tests';       cargo test --locked
step 'browser';     cargo test --locked --test browser
step 'browser, as a person uses it'
[[ -x target/page-venv/bin/python ]] || python3 -m venv target/page-venv
target/page-venv/bin/pip install -q -r tests/page/requirements.txt
target/debug/covgap report tests/corpus/shop --output target/page/index.html
target/page-venv/bin/python tests/page/use.py target/page/index.html
target/page-venv/bin/python tests/page/projects.py target/debug/covgap
target/page-venv/bin/python tests/page/history.py target/debug/covgap
target/page-venv/bin/python tests/page/large.py target/debug/covgap
step 'pages, run by pytest';     python3 tests/mdtest/record.py --check
step 'projects, run by pytest';  python3 tests/mdtest/record.py --projects --check
step 'the score, the comment, the scaffold'; "$(python3 tests/mdtest/record.py --which)" -m pytest -q -p no:cacheprovider tests/python
step 'formats, read by others';    python3 tests/formats/consumers.py --covgap target/debug/covgap
step 'packages';                   python3 tests/packaging/packages.py
step 'conformance with FastAPI'; python3 tests/conformance/fastapi.py --covgap target/debug/covgap
echo
echo 'all tests passed'
