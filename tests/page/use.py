"""Uses the HTML report of a project as a person would, in headless Chromium: filters, sorts, follows links, presses keys, prints,
reads in the dark, without a script, and with a program that looks for what keeps people out.

    python3 tests/page/use.py REPORT.html [--pictures FOLDER]

With `--pictures` it takes pictures of every view instead, wide and narrow, light and dark, for somebody to look at.

Needs the packages of requirements.txt, beside this file (scripts/test.sh installs them below target/), and the system's chromium.
The report must have routes with different verdicts, one of them `behavior`, and findings, as that of tests/corpus/shop has.

A link or a key changes the address, and the page follows a moment later: what comes after one waits for what it shows.
"""

import argparse
import base64
import itertools
import pathlib
import re
import shutil
import sys

from axe_core_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}
ROUTES = "table.routes tbody tr[id]:visible"
COUNTED = "table.routes tbody:not(.uncounted) tr[id]:visible"
ROUTE_PAGE = "#detail h2.route-name"
TEST_PAGE = "#detail h2:not(.route-name)"
VIEWS = ("#overview", "#routes", "#findings", "#tests", "#unknown")


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
        """As somebody who was sent the address."""
        self.page.goto("about:blank")
        self.page.goto(self.url + fragment)

    def sees(self, selector):
        self.page.wait_for_selector(selector)

    def press(self, key, then):
        self.page.keyboard.press(key)
        self.sees(then)

    def follow(self, selector, then):
        self.page.locator(selector).first.click()
        self.sees(then)

    def visible_routes(self):
        return self.page.locator(ROUTES).count()

    def paths(self):
        return self.page.locator(f"{COUNTED} .path").all_inner_texts()

    def title(self):
        return self.page.inner_text("#detail h2 code")

    def done(self):
        assert self.said == [], self.said
        self.context.close()


def filters_routes(person):
    page = person.page
    person.press("/", "#routes input[type=search]:focus")
    everything = person.visible_routes()
    assert everything > 1
    page.keyboard.type("zzz-no-such-route")
    assert person.visible_routes() == 0
    assert "0 of" in page.inner_text(".shown")
    page.fill("#routes input[type=search]", "")
    assert person.visible_routes() == everything
    verdict = page.locator("#routes .filter button[aria-pressed]").first
    verdict.click()
    assert verdict.get_attribute("aria-pressed") == "true"
    some = person.visible_routes()
    assert 0 < some < everything, (some, everything)
    assert "verdict=" in page.url, page.url
    page.reload()
    assert person.visible_routes() == some, "the fragment keeps the filter"
    page.click("text=reset")
    assert person.visible_routes() == everything
    for choice, value in (("any kind", "websocket"), ("any priority", "P0"), ("any tag", "admin"), ("any dependency", "get_token"), ("any router", "shop/routes/items.py")):
        page.select_option(f"select[aria-label='{choice}']", value)
        assert 0 < person.visible_routes() < everything, choice
        assert " of " in page.inner_text(".shown"), "the totals are of what is shown"
        page.click("text=reset")


def sorts_and_groups(person):
    page = person.page
    person.open("")
    person.follow("nav a[href='#routes']", "#routes")
    assert len(set(person.paths())) > 1
    table = page.locator("#routes .scroll")
    assert table.evaluate("table => table.scrollWidth <= table.clientWidth"), "the whole table is seen on a wide screen"
    page.click("table.routes th button:text('Path')")
    assert page.get_attribute("table.routes th:has-text('Path')", "aria-sort") == "ascending"
    assert person.paths() == sorted(person.paths())
    page.click("table.routes th button:text('Path')")
    assert page.get_attribute("table.routes th:has-text('Path')", "aria-sort") == "descending"
    assert person.paths() == sorted(person.paths(), reverse=True)
    page.select_option("select[aria-label='no groups']", "router")
    assert page.locator("tr.group").count() > 1
    page.click("text=reset")
    assert page.locator("tr.group").count() == 0
    page.click("table.routes th button:text('Errors')")
    person.open("#routes")
    assert page.get_attribute("table.routes th:has-text('Errors')", "aria-sort") == "ascending", "the order is remembered"
    asserted = page.locator(f"{COUNTED} td:nth-child(9)").all_inner_texts()
    shares = [int(part) / int(whole) for part, whole in (text.split("/") for text in asserted if text)]
    assert shares == sorted(shares) and len(shares) > 3, "of its error branches so many are asserted"
    page.click("text=reset")


def opens_a_route_and_a_test(person):
    page = person.page
    person.open("#routes")
    name = page.locator(f"{ROUTES} .path").first.inner_text()
    person.follow(f"{ROUTES} .path a", ROUTE_PAGE)
    assert person.title() == name
    assert page.url.count("#route="), page.url
    there, heading = page.url, page.inner_text(ROUTE_PAGE)
    page.keyboard.press("]")
    expect(page.locator(ROUTE_PAGE)).not_to_have_text(heading)
    assert page.url != there, "the next route has an address of its own"
    page.keyboard.press("[")
    expect(page.locator(ROUTE_PAGE)).to_have_text(heading)
    assert page.url == there
    person.press("u", "#routes")
    person.open(there.removeprefix(person.url))
    assert person.title() == name, "a link from another page"
    person.open("#routes?verdict=behavior")
    assert person.visible_routes() > 0
    person.follow(f"{ROUTES} .path a", ROUTE_PAGE)
    place = page.locator("#detail dd .at").first
    place.hover()
    place.locator(".copy").click()
    expect(place.locator(".copy")).to_have_text("copied")
    person.follow("#detail .exercises a", TEST_PAGE)
    assert page.url.count("#test=")
    assert page.locator("#detail dt").all_inner_texts() == ["Reaches", "Asserts", "Replaces", "Skips"]
    person.follow("#detail .exercises a", ROUTE_PAGE)
    assert page.url.count("#route="), "and back from the test"
    page.go_back()
    person.sees(TEST_PAGE)
    assert page.url.count("#test=")


def reads_a_whole_story(person):
    """Of a route: how it came to be, what it runs, how it fails, who tests it and how."""
    page = person.page
    person.open("#routes?verdict=behavior")
    some_asserted = page.locator(ROUTES).filter(has=page.locator("td:nth-child(9)", has_text=re.compile("^[1-9]")))
    some_asserted.first.locator(".path a").click()
    person.sees(ROUTE_PAGE)
    facts = page.locator("#detail dl").first.inner_text()
    for word in ("Handler", "Registered", "App", "Tests"):
        assert word in facts, word
    assert page.locator("#detail .steps .quote").count() > 0, "each place that registers it, with its line"
    assert "def " in page.inner_text("#detail .source >> nth=0"), "the handler"
    branches = page.locator("#detail .branches > li")
    asserted = branches.filter(has=page.locator(".chip.behavior")).first
    assert re.search(r"\b[45]\d\d\b", asserted.inner_text()), "a branch with its status"
    exercise = page.locator("#detail .exercises > li").first
    says = exercise.inner_text()
    assert "in process" in says and "certain" in says and ".py:" in says, says
    assert exercise.locator(".evidence .quote").count() > 0, "the line of the test"
    asserted.locator(".by a").first.click()
    person.sees(TEST_PAGE)
    assert page.url.count("#test="), "who asserts it"
    person.open("#routes?verdict=doubled")
    person.follow(f"{ROUTES} .path a", ROUTE_PAGE)
    assert "double for" in page.inner_text("#detail .exercises"), "what stands in its way"


def reads_what_is_unknown(person):
    page = person.page
    person.open("")
    person.follow("#first a[href='#unknown']", "#unknown h2")
    rows = page.locator("#unknown details.row")
    numbers = [int(text) for text in rows.locator("summary .count").all_inner_texts()]
    assert numbers and sum(numbers) == int(page.inner_text("nav a[href='#unknown'] b")), numbers
    rows.first.locator("summary").click()
    assert rows.first.locator("li .place").first.is_visible()


def reads_the_pages_of_bars(person):
    page = person.page
    person.open("#bar=configuration")
    heads = page.locator("#detail .grid thead th").all_inner_texts()
    assert heads[:3] == ["Setting", "Live code", "production"], heads
    assert page.locator("#detail .grid tbody tr").count() > 1
    assert page.locator("#detail .grid .provided").count() > 1
    person.open("#bar=http")
    person.follow("#detail .items a[href^='#route=']", ROUTE_PAGE)
    person.open("#bar=errors")
    person.follow("#detail .items a[href^='#route=']", ROUTE_PAGE)
    person.open("#bar=initialization")
    person.follow("#detail .grid td a[href^='#test=']", TEST_PAGE)
    page.go_back()
    person.sees("#detail .grid")
    person.open("#bar=infrastructure")
    heads = page.locator("#detail .grid.infrastructure thead th").all_inner_texts()
    assert heads[2:] == ["Real one used by", "Replaced", "Skipped without it"], heads
    assert "for 1 test" in page.inner_text("#detail .grid.infrastructure")
    person.follow("#detail .grid td a[href^='#route=']", ROUTE_PAGE)


def reads_findings(person):
    page = person.page
    person.open("")
    title = page.locator(".first a").nth(1).inner_text()
    person.follow(".first li:nth-child(2) a", TEST_PAGE)
    assert page.inner_text(TEST_PAGE) == title, "what to fix first has a page"
    assert "def test_" in page.inner_text("#detail .written pre"), "with the test that closes it"
    page.click("#detail .written .copy")
    expect(page.locator("#detail .written .copy")).to_have_text("copied")
    person.open("#findings")
    person.follow("#findings a[href='#kind=blocking-call']", "#detail .grid")
    person.follow("#detail .grid td a[href^='#route=']", ROUTE_PAGE)
    person.open("#routes?verdict=implementation")
    person.follow(f"{ROUTES} .path a", ROUTE_PAGE)
    assert page.is_visible("#detail .gaps .written pre"), "a route shows the test that it lacks"


def by_keyboard_only(person):
    page = person.page
    person.open("")
    person.press("r", "#routes")
    second = page.locator(f"{ROUTES} .path").nth(1).inner_text()
    page.keyboard.press("j")
    page.keyboard.press("j")
    person.press("Enter", ROUTE_PAGE)
    assert person.title() == second
    person.press("Escape", "#routes")
    person.press("f", "#findings h2")
    person.press("?", "dialog.keys")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.keys")).to_be_hidden()


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
    assert background() == light, "as the system again"


# What a color is, with what stands on it, as so many numbers: the luminance of each pixel, between 0 and 1.
LUMINANCES = """async png => {
    const bytes = Uint8Array.from(atob(png), letter => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const linear = value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    return Array.from({ length: data.length / 4 }, (_, at) =>
        0.2126 * linear(data[4 * at] / 255) + 0.7152 * linear(data[4 * at + 1] / 255) + 0.0722 * linear(data[4 * at + 2] / 255));
}"""
# Without blue, without green, without red; and without any color, as paper from most printers.
DEFICIENCIES = ("tritanopia", "deuteranopia", "protanopia", "achromatopsia")
# Of what is drawn and is no text, from WCAG 2.2, 1.4.11.
LEAST_CONTRAST = 3
# Of patterns, from pixel to pixel.
LEAST_DIFFERENCE = 0.05


def contrast(one, other):
    light, dark = sorted((sum(one) / len(one), sum(other) / len(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def difference(one, other):
    return (sum((a - b) ** 2 for a, b in zip(one, other)) / len(one)) ** 0.5


def without_colors(browser, report):
    """Who sees no red, no green or no blue tells apart what bars and verdicts say."""
    eye = browser.new_context().new_page()
    for scheme in ("light", "dark"):
        person = Person(browser, report, scheme=scheme)
        page = person.page
        session = person.context.new_cdp_session(page)
        for deficiency in DEFICIENCIES:
            session.send("Emulation.setEmulatedVisionDeficiency", {"type": deficiency})
            keys = {}
            for kind in ("covered", "doubled", "setup", "empty"):
                key = page.locator(f".legend .key.{kind}")
                key.scroll_into_view_if_needed()
                box = key.bounding_box()
                shot = page.screenshot(clip={"x": round(box["x"]) + 1, "y": round(box["y"]) + 1, "width": 13, "height": 7})
                keys[kind] = eye.evaluate(LUMINANCES, base64.b64encode(shot).decode())
            what = f"{scheme} {deficiency}"
            assert contrast(keys["covered"], keys["empty"]) >= LEAST_CONTRAST, (what, contrast(keys["covered"], keys["empty"]))
            for one, other in itertools.combinations(keys, 2):
                assert difference(keys[one], keys[other]) >= LEAST_DIFFERENCE, (what, one, other, difference(keys[one], keys[other]))
        person.open("#routes")
        chips = page.locator("table.routes .chip").evaluate_all("chips => chips.map(chip => [chip.innerText, getComputedStyle(chip, '::before').content])")
        assert len({sign for _, sign in chips}) == len({words for words, _ in chips}) > 2, "each verdict has a word and a sign"
        person.open("")
        signs = page.locator(".gates > li").evaluate_all("gates => gates.map(gate => [gate.className, gate.querySelector('b').innerText])")
        assert len({sign for _, sign in signs}) == len({kind for kind, _ in signs}) == 2, "and what passed and failed"
        person.done()
    eye.context.close()


def without_a_script(browser, report):
    person = Person(browser, report, script=False)
    page = person.page
    for section in VIEWS:
        assert page.is_visible(section), section
    assert person.visible_routes() > 0
    for bar, table in (("configuration", "settings"), ("infrastructure", "infrastructure")):
        page.click(f"#bar-{bar} > summary")
        assert page.locator(f"#bar-{bar} table.{table} tbody tr:visible").count() > 1, table
    story = page.locator(f"{ROUTES} .path a").first.get_attribute("href")
    assert not page.locator(story).evaluate("story => story.matches(':target')")
    page.locator(f"{ROUTES} .path a").first.click()
    expect(page.locator(story)).to_be_in_viewport()
    page.locator(f"{story} > summary").click()
    expect(page.locator(f"{story} .story")).to_be_visible()
    person.done()


def printed(browser, report):
    person = Person(browser, report)
    page = person.page
    assert [view for view in VIEWS if page.is_visible(view)] == ["#overview"]
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert [view for view in VIEWS if page.is_visible(view)] == list(VIEWS)
    assert not page.is_visible("nav")
    assert page.is_visible("#findings .kind-group") and page.is_visible("#tests .row"), "what is drawn when it is asked for, too"
    assert page.locator(".bar .story").first.is_visible(), "what is folded, too"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert [view for view in VIEWS if page.is_visible(view)] == ["#overview"]
    assert page.pdf().startswith(b"%PDF-")
    person.done()


def accessible(browser, report):
    axe = Axe()
    for scheme in ("light", "dark"):
        person = Person(browser, report, scheme=scheme)
        person.open("#routes?verdict=behavior")
        person.follow(f"{ROUTES} .path a", ROUTE_PAGE)
        route = person.page.url
        person.follow("#detail .exercises a", TEST_PAGE)
        test = person.page.url
        pages = [route, test, *("#routes", "#findings", "#tests", "#unknown", "#bar=errors", "#bar=configuration", "#bar=initialization", "#bar=infrastructure", "#kind=blocking-call", "")]
        pages.insert(0, person.page.locator(".first a").first.get_attribute("href"))
        for fragment in (one.removeprefix(person.url) for one in pages):
            person.open(fragment)
            serious = [
                f"{scheme} {fragment} {finding['id']}: {node['target']} {node['html'][:120]}"
                for finding in axe.run(person.page)["violations"]
                if finding["impact"] in ("serious", "critical")
                for node in finding["nodes"][:3]
            ]
            assert serious == [], "\n".join(serious)
        person.done()


def pictures(browser, report, folder):
    folder.mkdir(parents=True, exist_ok=True)
    shots = {"overview": "", "routes": "#routes", "findings": "#findings", "tests": "#tests", "unknown": "#unknown", "bar": "#bar=errors", "settings": "#bar=configuration", "startup": "#bar=initialization", "infrastructure": "#bar=infrastructure", "frontend": "#bar=frontend"}
    for scheme in ("light", "dark"):
        for kind, size in (("wide", WIDE), ("narrow", NARROW)):
            person = Person(browser, report, scheme=scheme, size=size)
            for name, fragment in shots.items():
                person.open(fragment)
                person.page.screenshot(path=folder / f"{name}-{scheme}-{kind}.png", full_page=name == "overview")
            person.open("#routes?sort=errors")
            person.follow(f"{ROUTES} .path a", ROUTE_PAGE)
            person.page.screenshot(path=folder / f"route-{scheme}-{kind}.png", full_page=True)
            person.open("")
            person.follow(".first li:nth-child(2) a", TEST_PAGE)
            person.page.screenshot(path=folder / f"finding-{scheme}-{kind}.png", full_page=True)
            person.context.close()
    for deficiency in DEFICIENCIES:
        person = Person(browser, report)
        person.context.new_cdp_session(person.page).send("Emulation.setEmulatedVisionDeficiency", {"type": deficiency})
        for name, fragment in (("overview", ""), ("routes", "#routes")):
            person.open(fragment)
            person.page.screenshot(path=folder / f"{name}-{deficiency}.png")
        person.context.close()


def chromium(playwright):
    path = shutil.which("chromium")
    if not path:
        sys.exit("missing: chromium (on Debian: apt-get install chromium)")
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", type=pathlib.Path)
    parser.add_argument("--pictures", type=pathlib.Path)
    arguments = parser.parse_args()
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        if arguments.pictures:
            pictures(browser, arguments.report, arguments.pictures)
            return
        person = Person(browser, arguments.report)
        for use in (filters_routes, sorts_and_groups, opens_a_route_and_a_test, reads_a_whole_story, reads_what_is_unknown, reads_the_pages_of_bars, reads_findings, by_keyboard_only, colors):
            use(person)
            print(f"ok: {use.__name__}")
        person.done()
        for use in (without_colors, without_a_script, printed, accessible):
            use(browser, arguments.report)
            print(f"ok: {use.__name__}")
        browser.close()


if __name__ == "__main__":
    main()
