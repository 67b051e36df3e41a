"""The reports of two small projects, used as a person would: one of two apps with a frontend, and one with the gaps that are about no route.

    python3 tests/page/projects.py target/debug/covgap

The projects are made here. Needs what use.py needs.
"""

import argparse
import pathlib
import subprocess
import tempfile

from playwright.sync_api import expect, sync_playwright
from use import ROUTE_PAGE, ROUTES, TEST_PAGE, Person, chromium

TWO_APPS = {
    "compose.yaml": """services:
  public:
    build: .
    command: uvicorn shop.public:app --port 8000
  staff:
    build: .
    command: uvicorn shop.staff:app --port 8001
""",
    "shop/__init__.py": "",
    "shop/items.py": """from fastapi import APIRouter

router = APIRouter(prefix="/api/items", tags=["items"])


@router.get("")
def list_items():
    return []


@router.post("")
def create_item():
    return {"id": 1}
""",
    "shop/orders.py": """from fastapi import APIRouter

router = APIRouter(prefix="/api/orders", tags=["orders"])


@router.get("/{number}")
def read_order(number: int):
    return {"number": number}
""",
    "shop/public.py": """from fastapi import FastAPI

from shop import items, orders

app = FastAPI()
app.include_router(items.router)
app.include_router(orders.router)
""",
    "shop/staff.py": """from fastapi import FastAPI

from shop import items

app = FastAPI()
app.include_router(items.router)


@app.get("/stock")
def stock():
    return {}
""",
    "tests/conftest.py": """import pytest
from fastapi.testclient import TestClient

from shop.public import app


@pytest.fixture
def client():
    return TestClient(app)
""",
    "tests/test_shop.py": """from fastapi.testclient import TestClient

from shop.staff import app


def test_items(client):
    assert client.get("/api/items").json() == []


def test_stock():
    assert TestClient(app).get("/stock").status_code == 200
""",
    "web/package.json": """{ "name": "web", "dependencies": { "react": "^18" }, "devDependencies": { "vite": "^5.0.0" } }
""",
    "web/index.html": """<script type="module" src="/src/main.tsx"></script>
""",
    "web/src/session.tsx": """import { createContext, useContext } from "react";

const Session = createContext<string | null>(null);

export function SessionProvider({ children }) {
  return <Session.Provider value="ada">{children}</Session.Provider>;
}

export function useSession() {
  const session = useContext(Session);
  if (!session) throw new Error("useSession outside of SessionProvider");
  return session;
}
""",
    "web/src/main.tsx": """import { createRoot } from "react-dom/client";
import { SessionProvider, useSession } from "./session";

function Name() {
  return <b>{useSession()}</b>;
}

createRoot(document.body).render(<SessionProvider><Name /></SessionProvider>);
fetch("/api/items");
fetch("/api/items", { method: "POST", body: "{}" });
fetch("/api/orders/1");
fetch("/api/items/featured/today");
""",
}
ONE_APP = {
    "Dockerfile": """FROM python:3.12
COPY . .
CMD ["uvicorn", "app.main:app"]
""",
    "app/__init__.py": "",
    "app/main.py": """import smtplib
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, HTTPException, WebSocket


def create_tables():
    return None


@asynccontextmanager
async def lifespan(app):
    create_tables()
    yield


def member(token: str = ""):
    if not token:
        raise HTTPException(403)
    return token


app = FastAPI(lifespan=lifespan)


@app.get("/alive")
def alive():
    return True


@app.post("/mails")
def send():
    with smtplib.SMTP("mail.example.org", 25) as server:
        server.sendmail("shop@example.org", ["you@example.org"], "hello")
    return True


@app.websocket("/feed")
async def feed(websocket: WebSocket, name: str = Depends(member)):
    await websocket.accept()
    await websocket.send_json({"name": name})
""",
    "tests/conftest.py": """import pytest
from fastapi.testclient import TestClient

from app.main import app


@pytest.fixture
def client():
    return TestClient(app)
""",
    "tests/test_app.py": """from unittest.mock import patch


def test_alive(client):
    assert client.get("/alive").status_code == 200


def test_mail(client):
    with patch("app.main.smtplib.SMTP"):
        assert client.post("/mails").status_code == 200


def test_feed(client):
    with client.websocket_connect("/feed?token=ada") as websocket:
        assert websocket.receive_json() == {"name": "ada"}


def test_anything(client):
    assert client.get("/alive").status_code in (200, 500)
""",
}


def made(files, name, folder, covgap):
    project = folder / name
    for path, text in files.items():
        file = project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    report = folder / f"{name}.html"
    subprocess.run([covgap, "report", project, "--output", report, "--no-cache"], check=True, stdout=subprocess.DEVNULL)
    return report


def apps(person):
    """Which app a route is of can be chosen, and routes be put under their apps and routers."""
    page = person.page
    person.open("#routes")
    everything = len(person.paths())
    assert page.get_attribute("table.routes th:has-text('App')", "scope") == "col", "with two apps the table says which"
    app = "select[aria-label='any app']"
    for one in page.locator(f"{app} option").all_inner_texts()[1:]:
        page.select_option(app, one)
        shown = len(person.paths())
        assert 0 < shown < everything, one
        assert page.locator(f"{ROUTES}:has-text('{one}')").count() == person.visible_routes(), "all of this app"
        assert f"{shown} of {everything}" in page.inner_text(".shown")
        page.reload()
        assert len(person.paths()) == shown, "the address has the choice"
    page.click("text=reset")
    assert len(person.paths()) == everything
    groups = "select[aria-label='no groups']"
    for by, names in (("app", {"shop.public:app", "shop.staff:app"}), ("router", {"shop/items.py", "shop/orders.py", "shop/staff.py"})):
        page.select_option(groups, by)
        heads = page.locator("tr.group").all_inner_texts()
        assert {head.split()[0] for head in heads} == names, heads
        assert len(person.paths()) == everything, "each below a head"
        assert f"group={by}" in page.url
    page.click("text=reset")


def frontend(person):
    """From what the frontend asks for to the route that serves it, and to the test that is missing where none does."""
    page = person.page
    person.open("#bar=frontend")
    served = page.locator("#detail tr", has=page.locator("code:text-is('POST /api/items')")).first
    served.locator("td a[href^='#route=']").first.click()
    person.sees(ROUTE_PAGE)
    assert person.title() == "/api/items" and "POST" in page.inner_text(ROUTE_PAGE), page.inner_text(ROUTE_PAGE)
    page.go_back()
    person.sees("#detail .grid")
    item = page.locator("#detail details.row", has_text="/api/items/featured/today").first
    item.locator("summary").click()
    expect(item).to_contain_text("fails until a route serves it")
    item.locator("a:text('its page')").click()
    person.sees(TEST_PAGE)
    assert ".get(\"/api/items/featured/today\")" in page.inner_text("#detail .written pre")


def providers(person):
    """A context, who provides it, and who needs it below."""
    person.open("#bar=react-providers")
    tree = person.page.inner_text("#detail .tree")
    assert "mounted by SessionProvider" in tree and "Name needs it" in tree and "useSession fails outside of it" in tree, tree


def gaps_without_a_route(person):
    """Each says which test closes it, or what else does."""
    page = person.page

    def opened(kind, part=""):
        person.open("#findings")
        item = page.locator("#findings details.row:not(.kind-group)", has=page.locator(f".kind:text-is('{kind}')")).filter(has_text=part).first
        if not item.is_visible():
            page.locator("#findings .kind-group > summary", has_text=kind).first.click()
        if item.get_attribute("open") is None:
            item.locator("summary").click()
        item.locator("a:text('its page')").click()
        person.sees(TEST_PAGE)
        return page.inner_text("#detail")

    assert "with TestClient(app) as client:" in opened("lifespan-not-run")
    assert "closed when that of tests/conftest.py:9 is entered, too" in page.inner_text("#detail .written pre")
    assert "def test_the_start_up_runs(app_client):" in opened("partial-initialization")
    assert 'app_client.post("/mails"' in opened("doubled-infrastructure")
    refused = opened("untested-error", "403")
    assert "pytest.raises(WebSocketDenialResponse)" in refused and "refused.value.status_code == 403" in refused
    assert "No new test closes it: tests that are there must change" in opened("accepts-anything")
    page.click("#detail a[href='#findings']")
    person.sees("#findings h2")
    expect(page.locator("#findings h2")).to_be_visible()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("covgap", type=pathlib.Path)
    covgap = parser.parse_args().covgap.resolve()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = chromium(playwright)
        for files, name, uses in ((TWO_APPS, "two_apps", (apps, frontend, providers)), (ONE_APP, "one_app", (gaps_without_a_route,))):
            person = Person(browser, made(files, name, pathlib.Path(folder), covgap))
            for use in uses:
                use(person)
                print(f"ok: {use.__name__}")
            person.done()
        browser.close()


if __name__ == "__main__":
    main()
