"""A project of 2,000 routes and 15,000 tests, and what its page weighs and what a browser makes of it.

    python3 tests/page/large.py target/debug/covgap

The project is made here: 100 routers of 20 routes with an error branch each, and 100 test files of 150 tests through the same client.
Needs what use.py needs. How long it takes says more of the machine than of the page: benches/page.py measures it beside a rival.
"""

import argparse
import pathlib
import subprocess
import tempfile

from playwright.sync_api import expect, sync_playwright
from use import COUNTED, Person, chromium

FILES, ROUTES, TESTS = 100, 20, 150
MOST_BYTES = 3_000_000
# So many a route: whatever else a page costs, it costs by these.
MOST_ELEMENTS = 20 * FILES * ROUTES
# Until the table is there; a table that is laid out row by row has thousands.
MOST_LAYOUTS = 10

ROUTER = '''from fastapi import APIRouter, HTTPException

router = APIRouter(prefix="/section_{file}")
'''
ROUTE = '''

@router.{method}("/things_{route}/{{thing_id}}")
def {method}_thing_{route}(thing_id: int):
    if thing_id > {route}:
        raise HTTPException(404)
    return {{"id": thing_id}}
'''
TEST = '''

def test_{number}(client):
    assert client.{method}("/section_{file}/things_{route}/{value}").status_code == {status}
'''
CONFTEST = '''import pytest
from fastapi.testclient import TestClient
from app.main import app


@pytest.fixture
def client():
    return TestClient(app)
'''


def write(folder):
    """Tests reach three routes of four; every tenth asserts the error."""
    methods = ("get", "post", "put", "delete")
    (folder / "app").mkdir()
    (folder / "tests").mkdir()
    (folder / "app" / "__init__.py").write_text("")
    names = [f"section_{file}" for file in range(FILES)]
    imports = "".join(f"from app import {name}\n" for name in names)
    includes = "".join(f"app.include_router({name}.router)\n" for name in names)
    (folder / "app" / "main.py").write_text(f"from fastapi import FastAPI\n{imports}\napp = FastAPI()\n{includes}")
    (folder / "tests" / "conftest.py").write_text(CONFTEST)
    for file, name in enumerate(names):
        routes = "".join(ROUTE.format(route=route, method=methods[route % 4]) for route in range(ROUTES))
        (folder / "app" / f"{name}.py").write_text(ROUTER.format(file=file) + routes)
        tests = ""
        for number in range(TESTS):
            route = number % (ROUTES * 3 // 4)
            is_error = number % 10 == 0
            value, status = (99, 404) if is_error else (0, 200)
            tests += TEST.format(number=number, file=file, route=route, method=methods[route % 4], value=value, status=status)
        (folder / "tests" / f"test_{name}.py").write_text(tests.lstrip("\n"))


def report_of(covgap, folder):
    """The page of the project, which is made in the folder."""
    project = folder / "large"
    project.mkdir()
    write(project)
    report = folder / "index.html"
    run = [covgap.resolve(), "report", project, "--output", report, "--no-cache"]
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("covgap", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = report_of(arguments.covgap, pathlib.Path(folder))
        with sync_playwright() as playwright:
            browser = chromium(playwright)
            person = Person(browser, report)
            session = person.context.new_cdp_session(person.page)
            session.send("Performance.enable")
            person.open("#routes")
            person.sees(COUNTED)
            metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
            rows = person.page.locator(COUNTED.removesuffix(":visible")).count()
            elements = person.page.locator("*").count()
            person.page.fill("#routes input[type=search]", "section_7/things_3")
            expect(person.page.locator(COUNTED)).to_have_count(1)
            person.done()
            browser.close()
        size = report.stat().st_size
    layouts = metrics["LayoutCount"]
    print(f"{FILES * ROUTES} routes, {FILES * TESTS} tests: {size / 1e6:.2f} MB, {elements} elements, {layouts:.0f} layouts")
    assert size <= MOST_BYTES, size
    assert elements <= MOST_ELEMENTS, elements
    assert layouts <= MOST_LAYOUTS, layouts
    assert rows == FILES * ROUTES, rows


if __name__ == "__main__":
    main()
