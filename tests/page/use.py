"""Uses the HTML report of a project as a person would, in headless Chromium, and makes the pictures for the README.

    python3 tests/page/use.py REPORT.html [--pictures FOLDER]

Needs `playwright` and `axe-core-python` (scripts/test.sh installs both below target/), and the system's chromium.
"""

import argparse
import pathlib
import shutil
import sys
import time

from axe_core_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}


class Person:
    """A browser with one report, that keeps what the console says."""

    def __init__(self, browser, report, script=True, scheme="light", size=WIDE):
        self.context = browser.new_context(java_script_enabled=script, color_scheme=scheme, viewport=size, reduced_motion="reduce")
        self.page = self.context.new_page()
        self.said = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: None if request.url.startswith("file:") else self.said.append(request.url))
        self.url = report.resolve().as_uri()
        self.open("")

    def open(self, fragment):
        self.page.goto("about:blank")
        self.page.goto(self.url + fragment)

    def visible_routes(self):
        return self.page.locator("table.routes tbody tr[id]:visible").count()

    def done(self):
        assert self.said == [], self.said
        self.context.close()


def filters_routes(person):
    page = person.page
    page.click("nav a[href='#routes']")
    everything = person.visible_routes()
    page.keyboard.press("/")
    page.keyboard.type("zzz-no-such-route")
    assert person.visible_routes() == 0
    assert "0 of" in page.inner_text(".shown")
    page.fill("#routes input[type=search]", "")
    assert person.visible_routes() == everything
    verdict = page.locator("#routes .filter button[aria-pressed]").first
    verdict.click()
    assert verdict.get_attribute("aria-pressed") == "true"
    some = person.visible_routes()
    assert 0 < some <= everything
    assert "verdict=" in page.url, page.url
    page.reload()
    assert person.visible_routes() == some, "the fragment keeps the filter"
    page.click("text=reset")
    assert person.visible_routes() == everything


def sorts_and_groups(person):
    page = person.page
    person.open("#routes")
    first = lambda: page.locator("table.routes tbody tr[id]:visible .path").first.inner_text()
    page.click("th button:text('Path')")
    ascending = first()
    page.click("th button:text('Path')")
    assert page.get_attribute("th:has-text('Path')", "aria-sort") == "descending"
    assert first() >= ascending
    page.select_option("select[aria-label='no groups']", "file")
    assert page.locator("tr.group").count() > 0
    page.click("text=reset")
    assert page.locator("tr.group").count() == 0


def opens_a_route_and_a_test(person):
    page = person.page
    person.open("#routes")
    name = page.locator("table.routes tbody tr[id]:visible .path").first.inner_text()
    page.locator("table.routes tbody tr[id]:visible .path a").first.click()
    assert name in page.inner_text("#detail h2")
    assert page.url.count("#route="), page.url
    there = page.url
    page.keyboard.press("]")
    page.keyboard.press("[")
    assert page.url == there
    page.keyboard.press("u")
    assert page.is_visible("table.routes")
    page.goto("about:blank")
    page.goto(there)
    assert name in page.inner_text("#detail h2"), "a link from another page"
    person.open("#routes?verdict=behavior")
    if person.visible_routes():
        page.locator("table.routes tbody tr[id]:visible .path a").first.click()
        page.locator("#detail .exercises a").first.click()
        assert page.url.count("#test=")
        page.locator("#detail .exercises a").first.click()
        assert page.url.count("#route="), "and back from the test"
        page.go_back()
        assert page.url.count("#test=")


def by_keyboard_only(person):
    page = person.page
    person.open("")
    page.keyboard.press("r")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#detail h2")
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    assert page.is_visible("#findings h2")
    page.keyboard.press("?")
    assert page.is_visible("dialog.keys")
    page.keyboard.press("Escape")
    assert not page.is_visible("dialog.keys")


def colors(person):
    page = person.page
    person.open("")
    background = lambda: page.evaluate("getComputedStyle(document.body).backgroundColor")
    light = background()
    page.click("button.theme >> nth=0")
    page.click("button.theme >> nth=0")
    assert background() != light, "dark is asked for"
    page.reload()
    assert background() != light, "and remembered"
    page.click("button.theme >> nth=0")


def without_a_script(browser, report):
    person = Person(browser, report, script=False)
    page = person.page
    for section in ["#overview", "#routes", "#findings", "#tests", "#unknown"]:
        assert page.is_visible(section), section
    assert page.locator("table.routes tbody tr[id]:visible").count() > 0
    page.locator("table.routes .path a").first.click()
    person.done()


def printed(browser, report):
    person = Person(browser, report)
    person.page.emulate_media(media="print")
    assert len(person.page.pdf()) > 10_000
    person.done()


def accessible(person):
    axe = Axe()
    for fragment in ["", "#routes", "#findings", "#tests", "#unknown", "#bar=errors"]:
        person.open(fragment)
        serious = [
            f"{fragment} {finding['id']}: {node['target']} {node['html'][:120]}"
            for finding in axe.run(person.page)["violations"]
            if finding["impact"] in ("serious", "critical")
            for node in finding["nodes"][:3]
        ]
        assert serious == [], "\n".join(serious)


def fast(browser, report):
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    began = time.monotonic()
    page.goto(report.resolve().as_uri(), wait_until="load")
    page.wait_for_selector(".theme")
    took = time.monotonic() - began
    print(f"interactive after {took * 1000:.0f} ms, {report.stat().st_size / 1e6:.1f} MB")
    context.close()


def pictures(browser, report, folder):
    folder.mkdir(parents=True, exist_ok=True)
    shots = {"overview": "", "routes": "#routes", "findings": "#findings", "tests": "#tests", "unknown": "#unknown", "bar": "#bar=errors"}
    for scheme in ("light", "dark"):
        for kind, size in (("wide", WIDE), ("narrow", NARROW)):
            person = Person(browser, report, scheme=scheme, size=size)
            for name, fragment in shots.items():
                person.open(fragment)
                person.page.screenshot(path=folder / f"{name}-{scheme}-{kind}.png", full_page=name == "overview")
            person.open("#routes?sort=errors")
            person.page.locator("table.routes tbody tr[id]:visible .path a").first.click()
            person.page.screenshot(path=folder / f"route-{scheme}-{kind}.png")
            person.context.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", type=pathlib.Path)
    parser.add_argument("--pictures", type=pathlib.Path)
    arguments = parser.parse_args()
    chromium = shutil.which("chromium")
    if not chromium:
        sys.exit("missing: chromium (on Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        if arguments.pictures:
            pictures(browser, arguments.report, arguments.pictures)
            return
        person = Person(browser, arguments.report)
        for use in (filters_routes, sorts_and_groups, opens_a_route_and_a_test, by_keyboard_only, colors, accessible):
            use(person)
            print(f"ok: {use.__name__}")
        person.done()
        for use in (without_a_script, printed, fast):
            use(browser, arguments.report)
            print(f"ok: {use.__name__}")
        browser.close()


main()
