"""How soon the report of 2,000 routes and 15,000 tests answers, beside the HTML report of coverage.py on 2,000 files.

    target/page-venv/bin/pip install -r tests/page/requirements.txt coverage
    target/page-venv/bin/python benches/page.py target/release/covgap

Both are opened by turns in one browser; the table shows medians of the time until they answer and of the work in it, and
covgap / coverage.py pair by pair.
"""

import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests/page"))

from large import FILES, ROUTES, report_of
from use import WIDE, chromium

PAIRS = 7
# The browser's own clock, from the address on: the script has run, and something is painted.
INTERACTIVE = """() => new Promise(done => {
    const look = () => {
        const paint = performance.getEntriesByName("first-contentful-paint")[0];
        const { domInteractive } = performance.getEntriesByType("navigation")[0];
        if (paint) done(Math.max(paint.startTime, domInteractive)); else requestAnimationFrame(look);
    };
    look();
})"""


def interactive_after(browser, address):
    """Milliseconds until a page answers, and those of them in which it was at work itself."""
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address)
    took = page.evaluate(INTERACTIVE)
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    context.close()
    return took, 1000 * metrics["TaskDuration"]


def rival_of(folder):
    """The report of coverage.py on as many files as covgap's has routes."""
    package = folder / "modules"
    package.mkdir()
    names = [f"module_{number}" for number in range(FILES * ROUTES)]
    for name in names:
        (package / f"{name}.py").write_text("def double(number):\n    return number * 2\n")
    (package / "every.py").write_text("".join(f"import {name}\n" for name in names))
    coverage = [sys.executable, "-m", "coverage"]
    subprocess.run([*coverage, "run", "every.py"], cwd=package, check=True)
    subprocess.run([*coverage, "html", "--quiet"], cwd=package, check=True)
    return package / "htmlcov" / "index.html"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("covgap", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        folder = pathlib.Path(folder)
        pages = {
            "covgap": report_of(arguments.covgap, folder).resolve().as_uri() + "#routes",
            "coverage.py": rival_of(folder).resolve().as_uri(),
        }
        browser = chromium(playwright)
        taken = {name: [] for name in pages}
        for _ in range(PAIRS):
            for name, address in pages.items():
                taken[name].append(interactive_after(browser, address))
        browser.close()
    print(f"{'':12} {'answers ms':>10} {'work ms':>8}")
    for name, pairs in taken.items():
        took, work = (statistics.median(column) for column in zip(*pairs))
        print(f"{name:12} {took:10.0f} {work:8.0f}")
    ratios = zip(*([one / other for one, other in zip(*pair)] for pair in zip(taken["covgap"], taken["coverage.py"])))
    took, work = (statistics.median(column) for column in ratios)
    print(f"{'ratio':12} {took:10.2f} {work:8.2f}")


if __name__ == "__main__":
    main()
