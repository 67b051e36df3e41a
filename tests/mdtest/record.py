#!/usr/bin/env python3
"""Runs the pages' projects under the run-time oracle, and records what really happened.

    record.py [PAGE ...]             write recorded/PAGE.json (every page, or those named)
    record.py --check [PAGE ...]     run them, and fail where a committed recording differs
    record.py --files DIR [PAGE ...] only write the scenarios' projects below DIR, to try things by hand
    record.py --projects [--check]   the same for the whole projects that ../corpus/*.meta.json name
    record.py --which                print the Python that runs them

Python environments are made below target/ from requirements.txt and requirements-old.txt, unless --python and
--old-python name some.  README.md, beside this file, says how a page is written and what a recording holds.
"""

import argparse
import concurrent.futures
import difflib
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CORPUS = os.path.join(os.path.dirname(HERE), "corpus")
ORACLE = os.path.join(os.path.dirname(HERE), "oracle")
RECORDED = os.path.join(HERE, "recorded")
TEST_SECONDS = 90
PROCESS_SECONDS = 300
sys.path.insert(0, ORACLE)
sys.dont_write_bytecode = True

import score  # noqa: E402


@dataclass
class Scenario:
    name: str
    files: dict = field(default_factory=dict)
    served: list = field(default_factory=list)
    uncollectable: list = field(default_factory=list)
    environment: str = "new"


def scenarios_of(text):
    """The scenarios of a page; blocks above the first heading belong to all of them."""
    shared, found, fence, title, block = Scenario("shared"), [], None, None, []
    for line in text.splitlines():
        current = found[-1] if found else shared
        opened = re.match(r"(`{3,})\s*\w*\s*(?:title=\"([^\"]+)\")?", line)
        if fence is not None:
            if line.strip() == fence:
                if title:
                    current.files[title] = "\n".join(block) + "\n" if block else ""
                fence = None
            else:
                block.append(line)
        elif opened:
            fence, title, block = opened.group(1), opened.group(2), []
        elif line.startswith("## "):
            found.append(Scenario(line[3:].strip(), dict(shared.files)))
        elif named := re.match(r"(?:- )?(served|uncollectable|environment): `?([^`]+)`?$", line):
            what, value = named.group(1), named.group(2).strip()
            if what == "environment":
                current.environment = value
            else:
                getattr(current, what).append(value)
    for scenario in found:
        scenario.served = scenario.served or shared.served or ["app.main:app"]
    return found


def write(scenario, folder):
    for name, text in scenario.files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)


class Hung(Exception):
    """A test did not end in time: the text says where each thread stood."""


def run(scenario, pythons):
    """What happened when pytest ran the scenario, as record() writes it.

    A scenario that hangs is run a second time, and what it hung on is printed: the free port that a test finds for its server may be
    another program's by the time it is bound. Who hangs twice is wrong.
    """
    for is_last in (False, True):
        with tempfile.TemporaryDirectory(prefix="mdtest-") as folder:
            folder = os.path.realpath(folder)
            write(scenario, folder)
            try:
                return record(*run_in(folder, scenario, pythons[scenario.environment], {}))
            except Hung as hung:
                if is_last:
                    raise SystemExit(f"{scenario.name}: {hung}") from None
                print(f"{scenario.name} is run again: {hung}", file=sys.stderr)


def ended(command, folder, env):
    """The process of a command that has ended, or Hung."""
    try:
        return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=PROCESS_SECONDS)
    except subprocess.TimeoutExpired as late:
        said = b"".join(part or b"" for part in (late.stdout, late.stderr)).decode(errors="replace")
        raise Hung(f"{' '.join(command)} did not end in {PROCESS_SECONDS} s\n{said}") from None


def plugins_of(folder, paths):
    """The modules that hold the tests' fixtures: `pytest_plugins = "shop.fixtures"` names them, or a conftest imports from them."""
    files = {}
    for path in paths:
        if path.endswith(".py"):
            with open(os.path.join(folder, path), encoding="utf-8", errors="replace") as file:
                files[path] = file.read()
    named = {name for text in files.values() for line in re.findall(r"^pytest_plugins = (.+)$", text, re.MULTILINE) for name in re.findall(r'"([\w.]+)"', line)}
    conftests = [text for path, text in files.items() if path.endswith("conftest.py")]
    imported = {name for text in conftests for name in re.findall(r"^from ([\w.]+) import", text, re.MULTILINE)}
    paths = {name.replace(".", "/") + ".py" for name in imported}
    return {name.replace(".", "/") + ".py" for name in named} | {path for path in paths if "fixture" in files.get(path, "")}


def run_in(folder, scenario, python, variables):
    """The oracle's truth and the served apps' route table, of a project that is on the disk."""
    with tempfile.TemporaryDirectory(prefix="mdtest-truth-") as elsewhere:
        out = os.path.join(elsewhere, "truth.json")
        plugins = plugins_of(folder, scenario.files)
        tests = [f for f in scenario.files if f.endswith(".py") and (score.is_test(f) or f in plugins)]
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "PYTHON"))}
        env.update(
            PYTHONPATH=ORACLE, PYTHONHASHSEED="0", ORACLE_OUT=out, ORACLE_ROOT=folder,
            ORACLE_APP=".", ORACLE_TESTS=":".join(tests) or "tests",
        )
        command = [python, "-m", "pytest", "-p", "behavior_oracle", "-p", "no:cacheprovider", "-q", "--continue-on-collection-errors", "--tb=short"]
        command += ["-o", f"faulthandler_timeout={TEST_SECONDS}", "-o", "faulthandler_exit_on_timeout=true"]
        ran = ended(command, folder, env)
        if not os.path.exists(out) and "Timeout (" in ran.stderr:
            raise Hung(f"a test did not end in {TEST_SECONDS} s\n{ran.stdout}{ran.stderr}")
        if not os.path.exists(out):
            raise SystemExit(f"{scenario.name}: pytest ended with {ran.returncode}\n{ran.stdout}{ran.stderr}")
        truth = score.load(out)
        broken = [t for t, outcome in truth["outcomes"].items() if outcome in ("failed", "error")]
        if broken:
            raise SystemExit(f"{scenario.name}: {len(broken)} tests failed\n{ran.stdout}{ran.stderr}")
        surprises = {t for t, how in truth["uncollected"].items() if how == "error"} ^ set(scenario.uncollectable)
        if surprises:
            raise SystemExit(f"{scenario.name}: collection errors differ: {surprises}\n{ran.stdout}{ran.stderr}")
        table = []
        for app in scenario.served:
            if app == "none":
                continue
            dump = [python, os.path.join(ORACLE, "dump_routes.py"), app, "--lifespan"]
            dumped = ended(dump, folder, {**env, **variables})
            if dumped.returncode:
                raise SystemExit(f"{scenario.name}: no route table of {app}\n{dumped.stderr}")
            table += json.loads(dumped.stdout)
        return truth, table


def projects(pythons, check):
    """Records the whole projects, each from what its .meta.json says."""
    failed = 0
    for meta_path in sorted(os.path.join(CORPUS, f) for f in os.listdir(CORPUS) if f.endswith(".meta.json")):
        with open(meta_path) as file:
            meta = json.load(file)
        folder, files = os.path.join(ROOT, meta["project"]), {}
        for where, folders, names in os.walk(folder):
            folders[:] = sorted(f for f in folders if not f.startswith((".", "__")))
            files.update({os.path.relpath(os.path.join(where, n), folder): None for n in sorted(names)})
        project = Scenario(meta["project"], files, meta["served"], meta["uncollectable"])
        truth, table = run_in(os.path.realpath(folder), project, pythons["new"], meta["environment"])
        path = meta_path.removesuffix(".meta.json")
        now = rendered({meta["project"]: record(truth, table)})
        if check:
            with open(path + ".json") as file:
                before = file.read()
            if before != now:
                failed += 1
                print("\n".join(difflib.unified_diff(before.splitlines(), now.splitlines(), "recorded", "now", lineterm="")))
            continue
        with open(path + ".json", "w") as file:
            file.write(now)
        for name, content in (("truth", truth), ("routes", table)):
            with open(f"{path}.{name}.json.gz", "wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                packed.write(json.dumps(content, indent=1, sort_keys=True).encode())
    return failed


def route(kind, method, path, endpoint):
    file, name = score.handler(endpoint)
    return f"{'WS' if kind == 'websocket' else method or '*'} {score.template(path)} -> {file}:{name}"


def record(truth, table):
    """The normalized sets: score.py's, with the handler's name, as text."""
    sets, neutral, _, passed = score.truth_sets(truth, None, "")
    ran = {t for t, outcome in truth["outcomes"].items() if outcome == "passed"}
    own = [r for r in truth["requests"] if r["test"] in ran and score.handler_file(r["endpoint"])]
    named = lambda r: route(r["kind"], r["method"], r["path"], r["endpoint"])
    links = [r for r in own if r["phase"] == "call"]
    served = set()
    for row in table:
        if not row.get("external") and row["kind"] != "mount":
            methods = [m for m in row["methods"] if m != "HEAD" or len(row["methods"]) == 1] or [""]
            served |= {route(row["kind"], method, row["path"], row["endpoint"]) for method in methods}
    place = lambda pair: f"{pair[0]}:{pair[1]}"
    return {
        "passed": sorted(passed),
        "skipped": sorted({score.bare(t) for t, o in truth["outcomes"].items() if o == "skipped"} - passed),
        "uncollected": sorted(truth["uncollected"]),
        "routes": sorted(served),
        "links": sorted({(score.bare(r["test"]), named(r)) for r in links}),
        "covered": sorted({named(r) for r in own}),
        "statuses": sorted({(score.bare(r["test"]), named(r), r["status"]) for r in links if (r["status"] or 0) >= 400}),
        "branches": sorted(map(place, sets["branches"])),
        "neutral_branches": sorted(map(place, neutral["branches"])),
        "direct": sorted(map(place, sets["direct"])),
        "neutral_direct": sorted(map(place, neutral["direct"])),
    }


def rendered(recording):
    """JSON with one fact on a line, so that a change of a recording can be read."""
    lines = ["{"]
    for s, (name, sets) in enumerate(recording.items()):
        lines.append(f" {json.dumps(name)}: {{")
        for k, (key, rows) in enumerate(sets.items()):
            end = "," if k + 1 < len(sets) else ""
            if isinstance(rows, str):
                lines.append(f"  {json.dumps(key)}: {json.dumps(rows)}{end}")
                continue
            if not rows:
                lines.append(f"  {json.dumps(key)}: []{end}")
                continue
            lines.append(f"  {json.dumps(key)}: [")
            lines += [f"   {json.dumps(row)}{',' if r + 1 < len(rows) else ''}" for r, row in enumerate(rows)]
            lines.append(f"  ]{end}")
        lines.append(" }" + ("," if s + 1 < len(recording) else ""))
    return "\n".join([*lines, "}"]) + "\n"


def environment(name, requirements):
    """A Python with the packages of a requirements file, made once for each content of it."""
    with open(os.path.join(HERE, requirements), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()[:12]
    folder = os.path.join(ROOT, "target", f"mdtest-{name}-{digest}")
    python = os.path.join(folder, "bin", "python")
    if not os.path.exists(os.path.join(folder, "complete")):
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", os.path.join(HERE, requirements)], check=True)
        open(os.path.join(folder, "complete"), "w").close()
    return python


def named_python(path):
    """Scenarios run in folders of their own, so a relative path would not do."""
    return os.path.abspath(path) if path and os.sep in path else path


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("pages", nargs="*")
    args.add_argument("--check", action="store_true")
    args.add_argument("--files", metavar="DIR")
    args.add_argument("--projects", action="store_true")
    args.add_argument("--which", action="store_true")
    args.add_argument("--python")
    args.add_argument("--old-python")
    args = args.parse_args()
    if args.which:
        print(environment("new", "requirements.txt"))
        return 0
    if args.projects:
        failed = projects({"new": named_python(args.python) or environment("new", "requirements.txt")}, args.check)
        print(f"{failed} projects differ from what is recorded" if args.check else "recorded")
        return 1 if failed else 0
    known = sorted(f[:-3] for f in os.listdir(HERE) if f.endswith(".md") and f != "README.md")
    named = [os.path.basename(p).removesuffix(".md") for p in args.pages] or known
    if missing := set(named) - set(known):
        raise SystemExit(f"no such page: {', '.join(sorted(missing))}")
    pages = {name: scenarios_of(open(os.path.join(HERE, name + ".md")).read()) for name in named}
    for name, scenarios in pages.items():
        twice = {s.name for s in scenarios if [o.name for o in scenarios].count(s.name) > 1}
        if twice or not scenarios:
            raise SystemExit(f"{name}: {'headings that repeat: ' + ', '.join(twice) if twice else 'no scenario'}")
    if args.files:
        for name, scenarios in pages.items():
            for scenario in scenarios:
                write(scenario, os.path.join(args.files, name, re.sub(r"\W+", "-", scenario.name).strip("-").lower()))
        return 0
    wanted = {s.environment for scenarios in pages.values() for s in scenarios}
    pythons = {}
    if "new" in wanted:
        pythons["new"] = named_python(args.python) or environment("new", "requirements.txt")
    if "old" in wanted:
        pythons["old"] = named_python(args.old_python) or environment("old", "requirements-old.txt")
    os.makedirs(RECORDED, exist_ok=True)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = {name: [(s.name, pool.submit(run, s, pythons)) for s in scenarios] for name, scenarios in pages.items()}
        for name, running in jobs.items():
            recording = {}
            for scenario, job in running:
                try:
                    recording[scenario] = job.result()
                except SystemExit as problem:
                    failed += 1
                    print(f"{name}.md: {problem}", file=sys.stderr)
            path = os.path.join(RECORDED, name + ".json")
            now = rendered(recording)
            if not args.check:
                if len(recording) == len(running):
                    with open(path, "w") as file:
                        file.write(now)
                continue
            before = open(path).read() if os.path.exists(path) else ""
            if before != now:
                failed += 1
                print(f"{name}.md is not what recorded/{name}.json says:")
                print("\n".join(difflib.unified_diff(before.splitlines(), now.splitlines(), "recorded", "now", lineterm="")))
    print(f"{sum(map(len, pages.values()))} scenarios on {len(pages)} pages, {failed} wrong")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
