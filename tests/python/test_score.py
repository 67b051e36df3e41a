"""The rules of tests/oracle/score.py, on a recording that fits on a screen. Run: python -m pytest tests/python"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "oracle"))

import score  # noqa: E402

TEST = "tests/test_a.py::test_a"


def request(path, file="app/main.py", name="a", **other):
    endpoint = {"file": file, "line": 1, "name": name}
    defaults = {"test": TEST + "[one]", "phase": "call", "kind": "http", "method": "GET", "status": 200, "raised": None, "answered": None}
    return {**defaults, "path": path, "endpoint": endpoint, **other}


def truth(*requests, calls=()):
    return {"outcomes": {TEST + "[one]": "passed", "tests/test_a.py::test_b": "failed"}, "requests": list(requests), "calls": list(calls)}


def route(id, path, method="GET", file="app/main.py", name="a"):
    return {"id": id, "kind": "http", "method": method, "path": path, "served": True, "handler": {"file": file, "line": 1, "name": name}}


def branch(line, kind="raise", file="app/main.py"):
    return {"kind": kind, "file": file, "line": line, "exercised_by": [TEST]}


def report(routes, exercises=(), branches=()):
    defaults = {"test": TEST, "phase": "call", "interface": "http", "target": None, "statuses": [], "confidence": "certain"}
    return {"routes": routes, "exercises": [{**defaults, **e} for e in exercises], "error_branches": list(branches)}


def judged(recorded, said, confidences=("likely", "certain")):
    sets, neutral, reached, tests = score.truth_sets(recorded, None, "")
    found = score.report_sets(said, tests, reached, confidences, score.knows_answers(recorded))
    found = {name: rows - neutral.get(name, set()) for name, rows in found.items() if name in sets}
    return {name: (len(sets[name] - found[name]), len(found[name] - sets[name])) for name in sets}


def test_parameters_and_names_of_path_parameters_do_not_count():
    said = report([route("r", "/a/{other}")], [{"route": "r"}])
    assert judged(truth(request("/a/{x}")), said)["links"] == (0, 0)


def test_a_mounted_app_is_compared_by_its_handler():
    said = report([route("r", "/v1/a")], [{"route": "r"}])
    assert judged(truth(request("/a")), said)["links"] == (0, 0)


def test_possible_links_and_external_routes_do_not_count():
    routes = [route("r", "/a"), route("docs", "/docs", file=None)]
    said = report(routes, [{"route": "r", "confidence": "possible"}, {"route": "docs"}])
    assert judged(truth(request("/a")), said)["links"] == (1, 0)


def test_requests_of_fixtures_cover_and_do_not_link():
    said = report([route("r", "/a")], [{"route": "r", "phase": "setup"}])
    found = judged(truth(request("/a", phase="setup")), said)
    assert (found["links"], found["covered"]) == ((0, 0), (0, 0))


def test_what_ends_a_request():
    raised = {"type": "HTTPException", "status": 404, "file": "app/main.py", "line": 7, "statement": "raise"}
    library = {**raised, "line": 8, "statement": "other"}
    double = {**raised, "file": "tests/test_a.py"}
    answered = {"file": "app/main.py", "line": 9, "status": 409}
    recorded = truth(
        request("/a", status=404, raised=raised),
        request("/b", status=500, raised=library),
        request("/c", status=404, raised=double),
        request("/d", status=409, answered=answered),
        request("/e", status=404, raised=raised, answered={**answered, "line": 10}),
    )
    branches = [branch(7), branch(9, "response"), branch(10, "response"), branch(0, file="")]
    assert judged(recorded, report([], branches=branches))["branches"] == (0, 0)


def test_an_old_recording_does_not_say_where_answers_were_made():
    old = truth(request("/d", status=409))
    for recorded in old["requests"]:
        del recorded["answered"]
    assert judged(old, report([], branches=[branch(9, "response"), branch(7)]))["branches"] == (0, 1)


def test_direct_calls():
    calls = [
        {"test": TEST + "[one]", "file": "app/main.py", "line": 1, "name": "Service.pay", "hops": 0},
        {"test": TEST + "[one]", "file": "app/main.py", "line": 9, "name": "validator", "hops": 2},
        {"test": TEST + "[one]", "file": "app/main.py", "line": 20, "name": "Service.__new__", "hops": 0},
    ]
    targets = [{"file": "app/main.py", "name": name} for name in ("Service.pay", "validator")]
    said = report([], [{"interface": "direct", "route": None, "target": target} for target in targets])
    assert judged(truth(calls=calls), said)["direct"] == (0, 0)


def test_starlette_adds_head_to_get():
    said = report([route("r", "/a"), route("h", "/a", method="HEAD")])
    endpoint = {"file": "app/main.py", "line": 1, "name": "a"}
    table = [{"kind": "http", "methods": ["GET", "HEAD"], "path": "/a", "endpoint": endpoint}]
    sets, _, reached, tests = score.truth_sets(truth(), table, "")
    assert score.report_sets(said, tests, reached, (), True)["routes"] == sets["routes"]
