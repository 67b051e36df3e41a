"""What tests/mdtest/record.py does with a scenario that hangs. Run: python -m pytest tests/python"""

import os
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "mdtest"))

import record  # noqa: E402

APP = "from fastapi import FastAPI\n\napp = FastAPI()\n"
WAITS = "import time\n\n\ndef test_waits():\n    time.sleep(60)\n"
WAITS_ONCE = """
import pathlib
import time


def test_waits_once():
    mark = pathlib.Path({mark!r})
    if not mark.exists():
        mark.touch()
        time.sleep(60)
"""


def scenario(test):
    return record.Scenario("a server", {"app/main.py": APP, "tests/test_it.py": test}, served=["app.main:app"])


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(record, "TEST_SECONDS", 1)


def test_who_hangs_twice_is_wrong(capsys):
    with pytest.raises(SystemExit, match="(?s)a server: a test did not end in 1 s.*test_it.py.*test_waits"):
        record.run(scenario(WAITS), {"new": sys.executable})
    assert "a server is run again" in capsys.readouterr().err


def test_who_hangs_once_is_recorded(tmp_path, capsys):
    recorded = record.run(scenario(WAITS_ONCE.format(mark=str(tmp_path / "mark"))), {"new": sys.executable})
    assert recorded["passed"] == ["tests/test_it.py::test_waits_once"]
    assert "test_waits_once" in capsys.readouterr().err


def test_a_process_that_never_ends_is_told_like_a_test(monkeypatch):
    monkeypatch.setattr(record, "TEST_SECONDS", 600)
    monkeypatch.setattr(record, "PROCESS_SECONDS", 8)
    with pytest.raises(SystemExit, match="a server: .* -m pytest .* did not end in 8 s"):
        record.run(scenario(WAITS), {"new": sys.executable})
