#!/usr/bin/env python3
"""Holds a covgap JSON report against run-time truth, and prints precision, recall and F1.

    score.py REPORT.json TRUTH.json [--routes ROUTES.json] [--rootdir backend] [--show links-missed|links-wrong|...] [--json]

TRUTH.json is what behavior_oracle.py wrote while the project's own suite ran; ROUTES.json is the production
app's real route table.  --rootdir is pytest's rootdir below the repo root, put before every test's file.

What is compared (all of it as sets; a test's [parameters] and a path parameter's name do not count):
  routes      (kind, method, path, handler's file) of the production app's route table, endpoints inside the repo only
  links       (test, route): the body of this passed test reached this route through a real interface
              (requests from fixtures are left out: a shared fixture runs for one test and serves many)
  covered     (route): some passed test, or one of its fixtures, reached this route
  statuses    (test, route, status) of the links, for 4xx/5xx answers only: the error answers that tests provoked
  branches    (file, line) of what ended a request of a passed test in an error answer: `raise`s and `assert`s, and
              error responses that a handler or a dependency made itself; the response that an exception handler
              makes of a raised error, and a WebSocket's close, are neither asked for nor held against you, nor is
              any response with an old recording, which does not say where the answers were made
  direct      (file, function): app functions that some passed test (or a fixture) called outside any request;
              what a library called on a test's behalf (a validator, a hook) is neither asked for nor held against you.
              A constructor is its `__init__`, where the project's code defines one (a `__new__` is neutral)
"""

import argparse
import gzip
import json
import re
import sys


CONFIDENCES = ["possible", "likely", "certain"]


def load(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt") as text:
        return json.load(text)


def template(path):
    return re.sub(r"\{[^}]*\}", "{}", path)


def bare(test):
    return re.sub(r"\[.*\]$", "", test or "", flags=re.S)


def scores(truth, predicted):
    hit = len(truth & predicted)
    precision = hit / len(predicted) if predicted else (1.0 if not truth else 0.0)
    recall = hit / len(truth) if truth else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"truth": len(truth), "predicted": len(predicted), "precision": precision, "recall": recall, "f1": f1}


def handler(endpoint):
    """(file, name) of the function that a handler is, under decorators that hide it."""
    while (endpoint or {}).get("wraps"):
        endpoint = endpoint["wraps"]
    return (endpoint or {}).get("file"), ((endpoint or {}).get("name") or "").split(".")[-1]


def handler_file(endpoint):
    return handler(endpoint)[0]


def raised_lines(requests):
    """(file, line) of each `raise` and `assert` that ended a request; one in a test's own double ends no app's branch."""
    for r in requests:
        raised = r["raised"]
        if raised and raised["file"] and raised.get("statement", "raise") != "other":
            if not is_test(raised["file"]) or is_test(handler_file(r["endpoint"])):
                yield raised["file"], raised["line"]


def answered_lines(requests, after_raise):
    """(file, line) of each error response that code of the project made: as an exception's handler, or by itself."""
    for r in requests:
        answered = r.get("answered")
        if answered and bool(r["raised"] or r["kind"] == "websocket") == after_raise:
            if not is_test(answered["file"]) or is_test(handler_file(r["endpoint"])):
                yield answered["file"], answered["line"]


def is_test(file):
    *folders, name = file.split("/")
    return "tests" in folders or name == "conftest.py" or name.startswith("test_") or name.endswith("_test.py")


def truth_sets(truth, routes, rootdir):
    prefix = rootdir.strip("/") + "/" if rootdir.strip("/.") else ""
    passed = {t for t, o in truth["outcomes"].items() if o == "passed"}
    named = lambda t: prefix + bare(t)
    own = [r for r in truth["requests"] if r["test"] in passed and handler_file(r["endpoint"])]
    key = lambda r: (r["kind"], r["method"] or "", template(r["path"]), handler_file(r["endpoint"]))
    call = lambda c: (c["file"], c["name"].split(".")[-1])
    calls = [c for c in truth["calls"] if c["test"] in passed]
    sets = {
        "links": {(named(r["test"]), *key(r)) for r in own if r["phase"] == "call"},
        "covered": {key(r) for r in own},
        "statuses": {(named(r["test"]), *key(r), r["status"]) for r in own if r["phase"] == "call" and (r["status"] or 0) >= 400},
        "branches": {*raised_lines(own), *answered_lines(own, after_raise=False)},
        "direct": {call(c) for c in calls if not c.get("hops", c.get("via", 0)) and call(c)[1] != "__new__"},
    }
    neutral = {
        "direct": {call(c) for c in calls} - sets["direct"],
        "branches": set(answered_lines(own, after_raise=True)) - sets["branches"],
    }
    reached = {}
    for r in own:
        reached.setdefault((r["kind"], r["method"] or "", *handler(r["endpoint"])), set()).add(template(r["path"]))
    if routes is not None:
        table = [r for r in routes if not r.get("external") and handler_file(r.get("endpoint")) and r["kind"] != "mount"]
        sets["routes"] = {(r["kind"], m, template(r["path"]), handler_file(r["endpoint"])) for r in table for m in ([m for m in r["methods"] if m != "HEAD" or len(r["methods"]) == 1] or [""])}
    return sets, neutral, reached, {named(t) for t in passed}


def knows_answers(truth):
    """Does the recording say where answers were made? An old one does not."""
    return any("answered" in request for request in truth["requests"])


def report_sets(report, tests, reached, confidences, has_answers):
    routes = {r["id"]: r for r in report["routes"]}
    key = lambda r: (r["kind"], r.get("method") or "", template(r["path"]), r["handler"]["file"])

    def reached_key(r):
        """A suite that drives a sub-app directly sees its paths without the mount's prefix: the same handler, then a suffix will do."""
        path = template(r["path"])
        seen = reached.get((r["kind"], r.get("method") or "", r["handler"]["file"], (r["handler"].get("name") or "").split(".")[-1]), set())
        near = [p for p in seen if path.endswith(p) or p.endswith(path)]
        return (r["kind"], r.get("method") or "", path if path in seen or len(near) != 1 else near[0], r["handler"]["file"])

    real = [e for e in report["exercises"] if e["interface"] in ("http", "websocket", "browser") and e.get("route") is not None and e.get("confidence", "certain") in confidences]
    # a route whose handler is not the project's (the schema, the documentation pages) is in no recording
    real = [(e, reached_key(routes[e["route"]])) for e in real if e["test"] in tests and routes[e["route"]]["handler"].get("file")]
    served = {key(r) for r in routes.values() if r["handler"].get("file") and r.get("served", True)}
    return {
        "routes": {r for r in served if r[1] != "HEAD" or (r[0], "GET", *r[2:]) not in served},  # Starlette adds HEAD to GET
        "links": {(e["test"], *k) for e, k in real if e.get("phase", "call") == "call"},
        "covered": {k for _, k in real},
        "statuses": {(e["test"], *k, s) for e, k in real if e.get("phase", "call") == "call" for s in e.get("statuses", []) if s >= 400},
        "branches": {(b["file"], b["line"]) for b in report["error_branches"]
                     if any(t in tests for t in b.get("exercised_by", ())) and b["file"]
                     and (has_answers or b["kind"] not in ("response", "close"))},
        "direct": {(e["target"]["file"], e["target"]["name"].split(".")[-1]) for e in report["exercises"]
                   if e["interface"] == "direct" and e["test"] in tests and e.get("target")},
    }


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("report")
    args.add_argument("truth")
    args.add_argument("--routes")
    args.add_argument("--rootdir", default="")
    args.add_argument("--show", default="", help="SET-missed or SET-wrong, e.g. links-missed: list those")
    args.add_argument("--most", type=int, default=40)
    args.add_argument("--least", choices=CONFIDENCES, default="likely", help="links of at least this confidence count (default: likely)")
    args.add_argument("--json", action="store_true")
    args = args.parse_args()
    routes = load(args.routes) if args.routes else None
    recording = load(args.truth)
    truth, neutral, reached, tests = truth_sets(recording, routes, args.rootdir)
    predicted = report_sets(load(args.report), tests, reached, CONFIDENCES[CONFIDENCES.index(args.least):], knows_answers(recording))
    predicted = {name: found - neutral.get(name, set()) for name, found in predicted.items()}
    result = {name: scores(truth[name], predicted[name]) for name in truth}
    if args.json:
        print(json.dumps(result))
    else:
        print(f"{'':<12}{'truth':>8}{'found':>8}{'prec.':>8}{'recall':>8}{'F1':>8}")
        for name, s in result.items():
            print(f"{name:<12}{s['truth']:>8}{s['predicted']:>8}{s['precision']:>8.3f}{s['recall']:>8.3f}{s['f1']:>8.3f}")
    if args.show:
        name, what = args.show.rsplit("-", 1)
        rows = truth[name] - predicted[name] if what == "missed" else predicted[name] - truth[name]
        for row in sorted(rows, key=str)[: args.most]:
            print("  ", *row)
        if len(rows) > args.most:
            print(f"   … and {len(rows) - args.most} more")


if __name__ == "__main__":
    sys.exit(main())
