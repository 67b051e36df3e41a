"""The report of a project that is a folder of a repository with a history, waivers, owners and a forge, used as a person would.

    python3 tests/page/history.py target/debug/covgap

The repository is made here, of tests/corpus/shop: five commits, of which one takes tests away. Needs what use.py needs, and git.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from playwright.sync_api import expect, sync_playwright
from use import NARROW, ROUTE_PAGE, ROUTES, Person, chromium

SHOP = pathlib.Path(__file__).parents[1] / "corpus" / "shop"
DAY = 24 * 60 * 60
WAIVER = """
[[waivers]]
gap = "{gap}"
reason = "goes with the next release"
owner = "payments"
expires = "2999-12-31"
"""


class Repository:
    def __init__(self, folder):
        self.folder = folder
        self.git("init", "-q", "-b", "main")
        self.git("remote", "add", "origin", "https://github.com/acme/shop.git")
        self.days = 0

    def git(self, *words, **environment):
        run = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", *words]
        subprocess.run(run, cwd=self.folder, check=True, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)

    def commit(self, subject):
        self.days += 14
        date = f"{1_700_000_000 + self.days * DAY} +0000"
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", subject, GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date)


def made(folder, covgap):
    """The report, and the id of the gap that is waived."""
    repository = Repository(folder)
    project = folder / "backend"
    shutil.copytree(SHOP, project)
    (folder / ".github").mkdir()
    (folder / ".github" / "CODEOWNERS").write_text("* @acme/all\n/backend/shop/routes/admin.py @acme/admins\n")
    repository.commit("the shop")
    repository.commit("nothing")
    (project / "tests" / "api" / "test_orders.py").unlink()
    repository.commit("orders are tested by hand")
    repository.commit("nothing more")
    said = subprocess.run([covgap, "--format", "full", "--no-cache", project], capture_output=True, text=True).stdout
    waived = re.search(r"implementation-only-route-[0-9a-f]{10}", said).group()
    (project / "covgap.toml").write_text(WAIVER.format(gap=waived))
    repository.commit("who answers for it")
    report = folder.parent / "index.html"
    run = [covgap, "report", project, "--since", "beginning", "--every", "week", "--output", report, "--no-cache"]
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
    return report, waived


def sees_the_history(person):
    page = person.page
    assert page.locator("#past svg circle").count() > 10, "the first screen has the curve"
    with_title = page.locator("#past svg a").first
    target = with_title.get_attribute("href")
    with_title.click()
    person.sees(f"#history {target}")
    expect(page.locator(target)).to_be_in_viewport()
    assert re.search(r"\d+%", page.inner_text(target)), "a point leads to the figures of its revision"
    assert page.locator("#history table tbody tr").count() == 5


def reads_since_when(person, waived):
    page = person.page
    person.open(f"#gap={waived}")
    expect(page.locator("#detail .lead")).to_contain_text(re.compile(r"open since 20\d\d-\d\d-\d\d at least"))
    expect(page.locator("#detail .note").first).to_have_text("waived by payments until 2999-12-31: goes with the next release")
    person.open("#findings")
    page.fill("#findings input[type=search]", waived)
    expect(page.locator("#findings details.waived .name small")).to_contain_text("until 2999-12-31: goes with the next release")
    person.open("#routes?q=orders&verdict=implementation")
    person.follow(f"{ROUTES} .path a", ROUTE_PAGE)
    expect(page.locator("#detail .gaps .story").first).to_contain_text(re.compile(r"open since 20\d\d-\d\d-\d\d ·")), "it was covered before"


def knows_owners_and_the_forge(person):
    page = person.page
    person.open("#routes")
    page.select_option("select[aria-label='any owner']", "@acme/admins")
    paths = page.locator(f"{ROUTES} .path").all_inner_texts()
    assert paths and all("/admin/" in path for path in paths), paths
    person.follow(f"{ROUTES} .path a", ROUTE_PAGE)
    link = page.locator("#detail dd a[href^='https://']").first.get_attribute("href")
    assert re.fullmatch(r"https://github\.com/acme/shop/blob/[0-9a-f]{40}/backend/shop/routes/admin\.py#L\d+", link), link


def without_a_script(browser, report, waived):
    person = Person(browser, report, script=False)
    page = person.page
    assert page.is_visible("#past svg") and page.is_visible("#history svg")
    person.open(f"#gap={waived}")
    expect(page.locator(f"[id='gap={waived}'] small")).to_contain_text("until 2999-12-31")
    person.done()
    narrow = Person(browser, report, size=NARROW)
    narrow.open("#history")
    assert narrow.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    narrow.done()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("covgap", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        repository = pathlib.Path(folder) / "shop"
        repository.mkdir()
        report, waived = made(repository, arguments.covgap.resolve())
        browser = chromium(playwright)
        person = Person(browser, report)
        sees_the_history(person)
        reads_since_when(person, waived)
        knows_owners_and_the_forge(person)
        person.done()
        without_a_script(browser, report, waived)
        browser.close()
    print("ok: history, waivers, owners, forge")


if __name__ == "__main__":
    main()
