"""What the reports say of infrastructure: which tests use the real one, which replace it and how, which are skipped without it."""

import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
COVGAP = os.environ.get("COVGAP", ROOT / "target" / "debug" / "covgap")

MAIL = '''import smtplib


def send(text):
    with smtplib.SMTP("localhost", 25, timeout=5) as server:
        server.sendmail("a@example.org", ["b@example.org"], text)
'''
MAIN = '''from fastapi import FastAPI

from app import mail

app = FastAPI()


@app.post("/orders")
def order():
    mail.send("ordered")
    return {}
'''
TESTS = '''import smtplib
import socket

import pytest
from fastapi.testclient import TestClient

from app import mail
from app.main import app

client = TestClient(app)


def test_with_the_real_one():
    assert client.post("/orders").status_code == 200


def test_without(monkeypatch):
    monkeypatch.setattr(mail, "send", lambda text: None)
    assert client.post("/orders").status_code == 200


def is_there():
    with socket.socket() as probe:
        return probe.connect_ex(("localhost", 25)) == 0


def test_where_it_is_there():
    if not is_there():
        pytest.skip("the mail server is not available")
    assert client.post("/orders").status_code == 200
'''


@pytest.fixture
def project(tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "app" / "__init__.py").touch()
    (tmp_path / "app" / "mail.py").write_text(MAIL)
    (tmp_path / "app" / "main.py").write_text(MAIN)
    (tmp_path / "tests" / "test_orders.py").write_text(TESTS)
    return tmp_path


def report(project, form):
    words = [COVGAP, "report", "--app", "app.main:app", "--format", form, "-o", "-"]
    run = subprocess.run(words, cwd=project, capture_output=True, text=True, env={**os.environ, "COVGAP_CACHE": "off"}, check=True)
    return run.stdout


def test_each_test_stands_where_it_belongs(project):
    (one,) = json.loads(report(project, "json"))["infrastructure"]
    assert one["covered"]
    assert one["real"] == ["tests/test_orders.py::test_with_the_real_one"]
    assert one["skipped"] == ["tests/test_orders.py::test_where_it_is_there"]
    (replaced,) = one["replaced"]
    assert replaced["tests"] == ["tests/test_orders.py::test_without"]
    assert (replaced["file"], replaced["says"], replaced["rule"]) == ("tests/test_orders.py", "replaces app.mail.send", "pytest/monkeypatch")


def test_the_page_shows_them_without_a_script(project):
    page = report(project, "html")
    table = page[page.index('class="grid infrastructure"') :]
    table = table[: table.index("</table>")]
    assert table.index("test_with_the_real_one") < table.index("replaces app.mail.send") < table.index("test_where_it_is_there")
