"""The action's comment, against a server that answers as GitHub's API does."""

import http.server
import json
import os
import re
import subprocess
import sys
import threading

import pytest

SCRIPT = os.path.join(os.path.dirname(__file__), "..", "..", ".github", "action", "comment.py")


class Api(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do(self):
        state = self.server.state
        length = int(self.headers.get("Content-Length", 0))
        sent = json.loads(self.rfile.read(length)) if length else None
        state["calls"].append(self.command)
        if self.headers["Authorization"] != "Bearer secret":
            return self.answer(401, {})
        if self.command == "GET" and (page := re.fullmatch(r"/repos/o/n/issues/7/comments\?per_page=100&page=(\d+)", self.path)):
            first = (int(page[1]) - 1) * 100
            return self.answer(200, state["comments"][first : first + 100])
        if self.command == "POST" and self.path == "/repos/o/n/issues/7/comments":
            state["comments"].append({"id": len(state["comments"]), "user": {"type": "Bot"}, **sent})
            return self.answer(201, {})
        if self.command == "PATCH" and (which := re.fullmatch(r"/repos/o/n/issues/comments/(\d+)", self.path)):
            state["comments"][int(which[1])].update(sent)
            return self.answer(200, {})
        return self.answer(404, {})

    do_GET = do_POST = do_PATCH = do


@pytest.fixture
def api():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
    server.state = {"comments": [], "calls": []}
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def comment(api, tmp_path):
    def run(text, token="secret"):
        report = tmp_path / "covgap.md"
        report.write_text(text)
        environment = {
            "PATH": os.environ["PATH"],
            "GITHUB_API_URL": f"http://127.0.0.1:{api.server_port}",
            "GITHUB_REPOSITORY": "o/n",
            "GITHUB_TOKEN": token,
            "PULL_REQUEST": "7",
        }
        api.state["calls"].clear()
        return subprocess.run([sys.executable, SCRIPT, str(report)], env=environment, check=True, capture_output=True, text=True).stdout

    return run


def bodies(api):
    return [comment["body"] for comment in api.state["comments"]]


def test_creates_once_and_updates(api, comment):
    comment("one")
    assert bodies(api) == ["<!-- covgap -->\none"]
    comment("two")
    assert bodies(api) == ["<!-- covgap -->\ntwo"]
    assert api.state["calls"] == ["GET", "PATCH"]


def test_says_nothing_twice(api, comment):
    comment("one")
    comment("one")
    assert api.state["calls"] == ["GET"]


def test_finds_its_comment_behind_many_and_leaves_those_of_people(api, comment):
    quoting = {"id": 0, "user": {"type": "User"}, "body": "<!-- covgap -->\nlook at this"}
    others = [{"id": number, "user": {"type": "Bot"}, "body": "other"} for number in range(1, 120)]
    api.state["comments"] = [quoting, *others, {"id": 120, "user": {"type": "Bot"}, "body": "<!-- covgap -->\nold"}]
    comment("new")
    assert bodies(api)[0] == "<!-- covgap -->\nlook at this"
    assert bodies(api)[120] == "<!-- covgap -->\nnew"
    assert len(bodies(api)) == 121


def test_a_long_report_is_cut(api, comment):
    comment("é" * 70_000)
    (body,) = bodies(api)
    assert len(body) == 65_536
    assert body.endswith("in the summary of the run)\n")


def test_without_the_right_to_write(api, comment):
    assert comment("one", token="read-only").startswith("::notice title=covgap::")
    assert bodies(api) == []
