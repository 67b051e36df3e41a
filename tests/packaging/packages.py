#!/usr/bin/env python3
"""Checks the files that install covgap for somebody, and the wheel; README.md, beside this file, says how."""

import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
WORK = os.path.join(ROOT, "target", "packaging")
TOOLS = os.path.join(WORK, "venv", "bin")
SHOP = os.path.join(ROOT, "tests", "corpus", "shop")


def run(*command, **options):
    return subprocess.run(command, check=True, **options)


def tools():
    complete = os.path.join(WORK, "complete")
    requirements = os.path.join(HERE, "requirements.txt")
    wanted = open(requirements).read()
    if not os.path.exists(complete) or open(complete).read() != wanted:
        venv.create(os.path.join(WORK, "venv"), with_pip=True, clear=True)
        run(os.path.join(TOOLS, "python"), "-m", "pip", "--disable-pip-version-check", "install", "-q", "-r", requirements)
        with open(complete, "w") as file:
            file.write(wanted)


def check_files():
    check = os.path.join(TOOLS, "check-jsonschema")
    for schema, path, *more in (
        ("vendor.github-actions", "action.yml"),
        ("vendor.github-workflows", ".github/workflows/ci.yml"),
        ("vendor.gitlab-ci", ".gitlab/covgap.gitlab-ci.yml", "--data-transform", "gitlab-ci"),
    ):
        run(check, "--builtin-schema", schema, *more, os.path.join(ROOT, path))
    run(os.path.join(TOOLS, "pre-commit"), "validate-manifest", os.path.join(ROOT, ".pre-commit-hooks.yaml"))


def version():
    with open(os.path.join(ROOT, "Cargo.toml"), "rb") as manifest:
        return tomllib.load(manifest)["package"]["version"]


def check_versions():
    """A file that installs covgap installs the version that it came with."""
    for path, pattern in (
        ("action.yml", r"\n  version:\n    description: [^\n]*\n    default: '([^']*)'\n"),
        (".gitlab/covgap.gitlab-ci.yml", r"pip install -q covgap==(\S+)\n"),
        ("README.md", r"covgap@v(\S+)"),
    ):
        with open(os.path.join(ROOT, path)) as file:
            found = re.findall(pattern, file.read())
        assert found == [version()], f"{path}: {found}, and Cargo.toml says {version()}"


def check_wheel():
    wheels = os.path.join(WORK, "wheels")
    shutil.rmtree(wheels, ignore_errors=True)
    # The profile of the tests: only how fast the binary is differs.
    run(os.path.join(TOOLS, "maturin"), "build", "--profile", "dev", "--locked", "--out", wheels, "--quiet", cwd=ROOT)
    (wheel,) = glob.glob(os.path.join(wheels, "*.whl"))
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = os.path.join(folder, "bin", "python")
        run(python, "-m", "pip", "--disable-pip-version-check", "install", "-q", "--no-index", wheel)
        covgap = os.path.join(folder, "bin", "covgap")
        assert run(covgap, "--version", capture_output=True, text=True).stdout == f"covgap {version()}\n"
        reports = os.path.join(folder, "reports")
        run(covgap, "report", SHOP, "--output", reports, "--format", "html,json", stdout=subprocess.DEVNULL)
        with open(os.path.join(reports, "covgap.json")) as file:
            report = json.load(file)
        assert report["routes"] and report["tests"] and report["tool"]["version"] == version()
        # The hook's command, as pre-commit runs it: its gates fail on this project, and say so.
        hook = subprocess.run([covgap, "check"], cwd=SHOP, capture_output=True, text=True)
        assert hook.returncode == 1 and "HTTP Endpoints" in hook.stdout, hook


def main():
    tools()
    check_files()
    check_versions()
    check_wheel()
    print("the files of each package are valid, and the wheel runs")


if __name__ == "__main__":
    sys.exit(main())
