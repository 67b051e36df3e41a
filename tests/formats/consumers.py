#!/usr/bin/env python3
"""Gives covgap's reports to the programs that read their formats; README.md, beside this file, says which.

Exit status 1 when one of them can't read a report, or reads something else than the JSON report says.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import venv

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
WORK = os.path.join(ROOT, "target", "formats")
PYTHON = os.path.join(WORK, "venv", "bin", "python")
FORMATS = "json,markdown,sarif,cobertura,lcov,junit,github,code-quality,badge"

HOSTILE_FOLDER = 'a "b" & <c>, %:é'
HOSTILE_APP = '''from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/<script>'\\"&]]>\\x1b[31m\\u202e%0A::error::x")
def handler():
    raise HTTPException(status_code=418)
'''
HOSTILE_TEST = '''from fastapi.testclient import TestClient

from main import app


def test_other():
    assert TestClient(app).get("/other").status_code == 404
'''

# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    # Relative, without `./`.
                    "path": {"type": "string", "pattern": "^[^./]"},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}


def environment():
    """The interpreter that has the consumers; starts this script again with it."""
    if os.path.abspath(sys.prefix) == os.path.join(WORK, "venv"):
        return
    complete = os.path.join(WORK, "complete")
    requirements = os.path.join(HERE, "requirements.txt")
    wanted = open(requirements).read()
    if not os.path.exists(complete) or open(complete).read() != wanted:
        shutil.rmtree(os.path.join(WORK, "venv"), ignore_errors=True)
        venv.create(os.path.join(WORK, "venv"), with_pip=True)
        subprocess.run([PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-q", "-r", requirements], check=True)
        with open(complete, "w") as file:
            file.write(wanted)
    sys.exit(subprocess.run([PYTHON, "-B", os.path.abspath(__file__), *sys.argv[1:]]).returncode)


def report(covgap, project, out):
    shutil.rmtree(out, ignore_errors=True)
    subprocess.run([covgap, "report", project, "--format", FORMATS, "--output", out], check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(out, "covgap.json")) as file:
        return json.load(file)


def sarif_schema():
    manifest = os.path.join(HERE, "schemas", "Cargo.toml")
    output = subprocess.run(["cargo", "metadata", "--format-version", "1", "--locked", "--manifest-path", manifest], check=True, capture_output=True).stdout
    (crate,) = [package for package in json.loads(output)["packages"] if package["name"] == "serde-sarif"]
    with open(os.path.join(os.path.dirname(crate["manifest_path"]), "src", "schema.json")) as file:
        return json.load(file)


def check_sarif(out, truth):
    import jsonschema

    path = os.path.join(out, "covgap.sarif")
    with open(path) as file:
        log = json.load(file)
    schema = sarif_schema()
    validator = jsonschema.validators.validator_for(schema)
    validator(schema, format_checker=validator.FORMAT_CHECKER).validate(log)
    (run,) = log["runs"]
    results = run["results"]
    assert {r["partialFingerprints"]["covgapId/v1"] for r in results} == {gap["id"] for gap in truth["gaps"]}
    assert all(run["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] == r["ruleId"] for r in results)
    assert all("help" in rule for rule in run["tool"]["driver"]["rules"]), "a kind without a page"
    counted = os.path.join(out, "summary.txt")
    subprocess.run([os.path.join(WORK, "venv", "bin", "sarif"), "summary", "--output", counted, path], check=True, stdout=subprocess.DEVNULL)
    with open(counted) as file:
        numbers = dict(line.strip().split(": ") for line in file if line.startswith(("error", "warning", "note")))
    for priority, level in (("P0", "error"), ("P1", "warning"), ("P2", "note")):
        assert int(numbers.get(level, 0)) == sum(gap["priority"] == priority for gap in truth["gaps"]), level


def check_cobertura(out):
    from pycobertura import Cobertura

    read = Cobertura(os.path.join(out, "cobertura.xml"))
    lines = {file: (read.hit_statements(file), read.missed_statements(file)) for file in read.files()}
    assert lines == lcov(os.path.join(out, "lcov.info")), "Cobertura and LCOV differ"
    return lines


def lcov(path):
    lines, file = {}, None
    with open(path) as tracefile:
        for line in tracefile:
            key, _, value = line.rstrip("\n").partition(":")
            if key == "SF":
                file = value
                lines[file] = ([], [])
            elif key == "DA":
                number, hits = value.split(",")
                lines[file][int(hits) == 0].append(int(number))
    return lines


def check_junit(out, truth):
    from junitparser import JUnitXml

    suites = JUnitXml.fromfile(os.path.join(out, "junit.xml"))
    cases = {(suite.name, case.name): case.is_passed for suite in suites for case in suite}
    assert cases == {("covgap." + gate["stage"], gate["id"]): gate["passed"] for gate in truth["gates"]}
    assert suites.failures == sum(not gate["passed"] for gate in truth["gates"])


def check_code_quality(out):
    import jsonschema

    with open(os.path.join(out, "gl-code-quality-report.json")) as file:
        issues = json.load(file)
    jsonschema.validate(issues, CODE_QUALITY)
    prints = [issue["fingerprint"] for issue in issues]
    assert len(set(prints)) == len(prints), "a fingerprint twice"
    assert prints


def check_annotations(out):
    with open(os.path.join(out, "annotations.txt"), newline="") as file:
        lines = file.read().split("\n")
    assert lines.pop() == ""
    for level in ("error", "warning", "notice"):
        assert sum(line.startswith(f"::{level} ") for line in lines) <= 10, "GitHub drops more than ten of a level"
    assert lines and all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
    assert not any(ord(c) < 32 or c == "\u202e" for line in lines for c in line)


def check_badge(out):
    from lxml import etree

    root = etree.parse(os.path.join(out, "badge.svg")).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "behavior covered" in root[0].text


def check_diff_cover(covgap, lines):
    """In a repository where one covered and one uncovered line of handlers changed, those two are seen."""
    project = os.path.join(WORK, "changed")
    shutil.rmtree(project, ignore_errors=True)
    shutil.copytree(os.path.join(ROOT, "tests", "corpus", "shop"), project)
    git = ["git", "-C", project, "-c", "user.name=covgap", "-c", "user.email=covgap@example.invalid"]
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "before"], check=True)
    file, (hit, missed) = next((file, of) for file, of in sorted(lines.items()) if of[0] and of[1])
    path = os.path.join(project, file)
    with open(path) as source:
        text = source.read().split("\n")
    for number in (hit[0], missed[0]):
        text[number - 1] += "  # changed"
    with open(path, "w") as source:
        source.write("\n".join(text))
    out = os.path.join(WORK, "changed-reports")
    report(covgap, project, out)
    for name in ("cobertura.xml", "lcov.info"):
        seen = os.path.join(out, "diff.json")
        command = [os.path.join(WORK, "venv", "bin", "diff-cover"), os.path.join(out, name), "--compare-branch", "main", "--format", f"json:{seen}"]
        subprocess.run(command, check=True, cwd=project, stdout=subprocess.DEVNULL)
        with open(seen) as diff:
            stats = json.load(diff)["src_stats"][file]
        assert stats["covered_lines"] == [hit[0]], (name, stats)
        assert stats["violation_lines"] == [missed[0]], (name, stats)


def check_markdown(out, truth):
    """Read as a forge reads it, links found in plain text included: a table of bars, and nothing of the project but text."""
    with open(os.path.join(out, "covgap.md"), encoding="utf-8") as file:
        text = file.read()
    assert len(text) < 65_536, len(text)
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("gfm-like", {"html": True}).parse(text)
    inline = [child for token in tokens for child in token.children or []]
    assert sum(token.type == "tr_open" for token in tokens) == len(truth["bars"]) + 4, "bars, three totals, a head"
    assert not [token for token in inline if token.type in ("link_open", "image")]
    ours = {"<br>"}
    assert {token.content for token in inline if token.type == "html_inline"} <= ours
    blocks = "".join(token.content for token in tokens if token.type == "html_block")
    tags = set(re.findall(r"<[^>]*>", blocks))
    assert tags <= {"<details>", "</details>", "<summary>", "</summary>"}, tags
    shown = "".join(token.content for token in inline)
    urgent = [gap["title"][:150] for gap in truth["gaps"] if gap["priority"] == "P0" and gap["title"].isprintable()]
    assert all(title in shown for title in urgent), "what is urgent is told"


def hostile():
    project = os.path.join(WORK, "hostile")
    shutil.rmtree(project, ignore_errors=True)
    folder = os.path.join(project, HOSTILE_FOLDER)
    os.makedirs(os.path.join(folder, "tests"))
    for name, text in (("main.py", HOSTILE_APP), ("tests/test_main.py", HOSTILE_TEST), ("pytest.ini", "[pytest]\npythonpath = .\n")):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
    return project


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--covgap", default=os.path.join(ROOT, "target", "release", "covgap"))
    args = args.parse_args()
    environment()
    covgap = os.path.abspath(args.covgap)
    for name, project in (("shop", os.path.join(ROOT, "tests", "corpus", "shop")), ("hostile", hostile())):
        out = os.path.join(WORK, "reports", name)
        truth = report(covgap, project, out)
        assert truth["routes"] and truth["gaps"] and truth["gates"], name
        check_sarif(out, truth)
        lines = check_cobertura(out)
        check_junit(out, truth)
        check_code_quality(out)
        check_annotations(out)
        check_badge(out)
        check_markdown(out, truth)
        if name == "shop":
            check_diff_cover(covgap, lines)
        print(f"{name}: every consumer read its report")


if __name__ == "__main__":
    main()
