"""What `covgap` prints to a terminal, to a pipe, and to who wants no color."""

import os
import pathlib
import pty
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
COVGAP = os.environ.get("COVGAP", ROOT / "target" / "debug" / "covgap")
SHOP = ROOT / "tests" / "corpus" / "shop"
ESCAPE = "\x1b["
DECIDING = ("NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI", "COLUMNS", "TERM")
"""What speaks for or against colors and widths where these tests run: a CI's environment has `CI`, with which a dumb terminal gets colors too."""


def around(**environment):
    """This process's environment without what decides on colors, and with what is given."""
    kept = {name: value for name, value in os.environ.items() if name not in DECIDING}
    return {**kept, "COVGAP_CACHE": "off", **environment}


def on_a_terminal(*words, **environment):
    """All that comes out of a terminal that the program takes for a person's."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([COVGAP, *words, SHOP], stdout=theirs, stderr=subprocess.DEVNULL, stdin=theirs, env=around(**{"TERM": "xterm", **environment}))
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        said += part
    os.close(ours)
    assert process.wait() == 1, "a gate failed"
    return said.decode()


def test_a_terminal_has_colors_and_one_screen():
    said = on_a_terminal(COLUMNS="80")
    assert ESCAPE in said
    assert len(said.splitlines()) <= 24


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_who_wants_no_color_gets_none(environment):
    assert ESCAPE not in on_a_terminal(**environment)


def test_the_log_of_a_ci_shows_colors_though_its_terminal_is_dumb():
    assert ESCAPE in on_a_terminal(TERM="dumb", CI="true")


def test_a_pipe_has_none_but_when_it_is_asked_for():
    plain = subprocess.run([COVGAP, SHOP], capture_output=True, text=True, env=around())
    assert ESCAPE not in plain.stdout and "HTTP Endpoints" in plain.stdout
    asked = subprocess.run([COVGAP, "--color", "always", SHOP], capture_output=True, text=True, env=around())
    assert ESCAPE in asked.stdout


@pytest.mark.parametrize("columns", [60, 100])
def test_lines_are_as_wide_as_is_said(columns):
    said = subprocess.run([COVGAP, SHOP], capture_output=True, text=True, env=around(COLUMNS=str(columns))).stdout
    widest = max(len(line) for line in said.splitlines())
    assert columns - 20 <= widest <= columns
