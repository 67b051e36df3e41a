"""The tests that `covgap scaffold` writes, under pytest: it collects them, they assert, and covgap finds their gaps closed."""

import ast
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
COVGAP = os.environ.get("COVGAP", ROOT / "target" / "debug" / "covgap")


def run(*words, cwd):
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True, env={**os.environ, "COVGAP_CACHE": "off"})


def covgap(*words, cwd):
    return run(COVGAP, *words, cwd=cwd)


def gaps(project):
    report = covgap("report", "--format", "json", "-o", "-", cwd=project)
    assert report.returncode == 0, report.stderr
    return {gap["id"] for gap in json.loads(report.stdout)["gaps"]}


@pytest.fixture
def project(tmp_path):
    shutil.copytree(ROOT / "tests" / "corpus" / "shop", tmp_path / "shop")
    return tmp_path / "shop"


def written(project):
    return sorted(project.rglob("test_gaps_*.py"))


def functions(file):
    """The tests of a file, without its fixture."""
    nodes = ast.walk(ast.parse(file.read_text()))
    return [node for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_")]


def test_every_written_test_is_collected_and_asserts(project):
    answer = covgap("scaffold", cwd=project)
    assert answer.returncode == 0, answer.stderr
    files = written(project)
    said = [int(number) for number in re.findall(r"with (\d+) tests?$", answer.stdout, re.MULTILINE)]
    assert len(files) == len(said) > 3
    tests = [test for file in files for test in functions(file)]
    assert len(tests) == sum(said)
    assert all(any(isinstance(node, ast.Assert) for node in ast.walk(test)) for test in tests)
    collected = run(sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files, cwd=project)
    assert collected.returncode == 0, collected.stdout
    assert f"{len(tests)} tests collected" in collected.stdout


def test_their_gaps_are_closed(project):
    before = gaps(project)
    covgap("scaffold", cwd=project)
    meant = {gap for file in written(project) for gap in re.findall(r"covgap explain (\S+)$", file.read_text(), re.MULTILINE)}
    assert meant and meant <= before
    assert meant & gaps(project) == set()


def test_those_that_need_nothing_filled_in_pass(project):
    """The suite's own client is not logged in: what it is refused is what these assert."""
    covgap("scaffold", "untested-error", cwd=project)
    outcome = run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "answers_401", *written(project), cwd=project)
    assert outcome.returncode == 0, outcome.stdout


def test_a_login_that_the_suite_gives_its_requests_is_given_to_new_ones(project):
    (project / "tests" / "conftest.py").write_text((project / "tests" / "conftest.py").read_text() + LOGIN)
    (project / "tests" / "api" / "test_stock.py").write_text(BESIDE)
    covgap("scaffold", "POST /api/v1/admin/stock/{sku}/refill", cwd=project)
    (file,) = written(project)
    sent = {node.name: ast.unparse(node) for node in functions(file)}
    refill = sent["test_post_api_v1_admin_stock_sku_refill"]
    assert "(client, admin)" in refill and "headers=admin.token" in refill
    refused = sent["test_post_api_v1_admin_stock_sku_refill_answers_401"]
    assert "(client)" in refused and "admin.token" not in refused, "who is to be refused brings no login"


def test_it_says_why_for_others_no_test_is_written(project):
    said = covgap("scaffold", cwd=project).stdout
    assert "blocking-call: the code must change" in said
    assert "accepts-anything: tests that are there must change" in said


LOGIN = """

class Admin:
    token = {"Authorization": "Bearer x"}


@pytest.fixture
def admin():
    return Admin()
"""
BESIDE = "".join(
    f"""
def test_{number}(client, admin):
    response = client.get(
        "/api/v1/admin/stock", headers=admin.token
    )
    assert response.status_code == 200

"""
    for number in range(9)
)


def test_nothing_is_written_over(project):
    covgap("scaffold", "P0", cwd=project)
    for file in written(project):
        file.write_text("# mine\n")
    again = covgap("scaffold", cwd=project)
    assert again.returncode == 2 and "there is such a file already" in again.stderr
    assert {file.read_text() for file in written(project)} == {"# mine\n"}
