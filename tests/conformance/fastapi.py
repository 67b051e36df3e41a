#!/usr/bin/env python3
"""Holds covgap against FastAPI's own suite: downloads its source distribution, runs the suite under the oracle, and scores.

Exit status 1 when a score is lower than fastapi.ratchet.json says. README.md, beside this file, has the commands.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
ORACLE = os.path.join(ROOT, "tests", "oracle")
RATCHET = os.path.join(HERE, "fastapi.ratchet.json")
WORK = os.path.join(ROOT, "target", "conformance")
# What is analyzed, and run: the suite and the apps under test. The framework itself is installed, not a part of the project.
KEPT = ("tests", "docs_src", "scripts", "docs", "pyproject.toml", "LICENSE", "README.md")
# These measure, and assert nothing about answers.
LEFT_OUT = ("tests/benchmarks", "tests/memory_benchmarks")
DECIMALS = 3
# A test of timing that fails on a slow machine is left out of the truth, and moves a ratio by as much.
TOLERANCE = 0.002

sys.path.insert(0, ORACLE)
sys.dont_write_bytecode = True

import score  # noqa: E402


def run(*command, **options):
    print("$", *(os.path.relpath(c, ROOT) if c.startswith(ROOT) else os.path.basename(c) if os.path.isabs(c) else c for c in command), flush=True)
    return subprocess.run(command, check=True, **options)


def prepare(version):
    """An environment with this FastAPI, and the project's files without the framework: (python, project)."""
    folder = os.path.join(WORK, f"fastapi-{version}")
    python, project = os.path.join(folder, "venv", "bin", "python"), os.path.join(folder, "project")
    if os.path.exists(os.path.join(folder, "complete")):
        return python, project
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(project)
    run(sys.executable, "-m", "venv", os.path.join(folder, "venv"))
    pip = (python, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "download", "-q", "--no-binary", ":all:", "--no-deps", "-d", folder, f"fastapi=={version}")
    archive = os.path.join(folder, f"fastapi-{version}.tar.gz")
    run(*pip, "install", "-q", "-r", os.path.join(HERE, "fastapi-requirements.txt"))
    run(*pip, "install", "-q", "--no-deps", archive)
    with tarfile.open(archive) as packed:
        for member in packed.getmembers():
            member.name = member.name.partition("/")[2]
            if member.name.split("/")[0] in KEPT and not member.name.startswith(LEFT_OUT):
                packed.extract(member, project, filter="data")
    open(os.path.join(folder, "complete"), "w").close()
    return python, project


def record(python, project, truth):
    """Runs the suite; a few failures are left out by the score, many mean that something is wrong here."""
    settings = os.path.join(os.path.dirname(project), "pytest.ini")
    with open(settings, "w") as file:
        file.write("[pytest]\nmarkers = xdist_group\n")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "PYTHON"))}
    env.update(PYTHONPATH=ORACLE, ORACLE_OUT=truth, ORACLE_ROOT=project, ORACLE_APP="docs_src:tests:scripts", ORACLE_TESTS="tests")
    # the suite of FastAPI calls the commands of its environment
    env["PATH"] = os.pathsep.join([os.path.dirname(python), env.get("PATH", "")])
    command = [python, "-m", "pytest", "-c", settings, "--rootdir", project, "-p", "behavior_oracle", "-p", "no:cacheprovider", "-q", "--tb=line", "tests"]
    print("$ python -m pytest -p behavior_oracle tests", flush=True)
    ran = subprocess.run(command, cwd=project, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print("\n".join(ran.stdout.splitlines()[-12:]))
    outcomes = score.load(truth)["outcomes"]
    broken = [t for t, outcome in outcomes.items() if outcome in ("failed", "error")]
    if not outcomes or len(broken) > len(outcomes) / 100:
        raise SystemExit(f"{len(broken)} of {len(outcomes)} tests failed: this environment does not run the suite")


def judge(covgap, project, truth_path, report_path):
    """(score, missed and wrong rows) of each set."""
    with open(report_path, "w") as out:
        ran = subprocess.run([covgap, "report", project, "--tests", os.path.join(project, "tests"), "--format", "json", "-o", "-"], stdout=out)
    if ran.returncode not in (0, 1):
        raise SystemExit(f"covgap ended with {ran.returncode}")
    recording = score.load(truth_path)
    truth, neutral, reached, tests = score.truth_sets(recording, None, "")
    said = score.report_sets(score.load(report_path), tests, reached, ["likely", "certain"], score.knows_answers(recording))
    said = {name: found - neutral.get(name, set()) for name, found in said.items() if name in truth}
    scores = {name: score.scores(truth[name], said[name]) for name in truth}
    return scores, {name: (truth[name] - said[name], said[name] - truth[name]) for name in truth}


def raised(found, kept):
    """The better of both: what is lower within the tolerance is passed, and never kept."""
    return {side: max(round(found[side], DECIMALS), kept.get(side, 0)) for side in ("precision", "recall")}


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--covgap", default=os.path.join(ROOT, "target", "release", "covgap"))
    args.add_argument("--reuse", action="store_true", help="take the recording that is there")
    args.add_argument("--raise", dest="lift", action="store_true", help="write better scores into the ratchet")
    args.add_argument("--show", default="", help="SET-missed or SET-wrong, e.g. links-missed: list those")
    args.add_argument("--most", type=int, default=40)
    args = args.parse_args()
    with open(RATCHET) as file:
        ratchet = json.load(file)
    python, project = prepare(ratchet["fastapi"])
    truth = os.path.join(os.path.dirname(project), "truth.json")
    if not (args.reuse and os.path.exists(truth)):
        record(python, project, truth)
    scores, rows = judge(os.path.abspath(args.covgap), project, truth, os.path.join(os.path.dirname(project), "report.json"))
    lower, higher = [], []
    print(f"{'':<12}{'truth':>8}{'found':>8}{'precision':>18}{'recall':>18}")
    for name, found in scores.items():
        cells = []
        for side in ("precision", "recall"):
            now, kept = round(found[side], DECIMALS), ratchet["scores"].get(name, {}).get(side, 0)
            cells.append(f"{now:.{DECIMALS}f} (≥ {kept:.{DECIMALS}f})")
            (lower if now < kept - TOLERANCE else higher if now > kept else []).append(f"{name} {side}: {kept} → {now}")
        print(f"{name:<12}{found['truth']:>8}{found['predicted']:>8}" + "".join(f"{c:>18}" for c in cells))
    if args.show:
        name, _, what = args.show.rpartition("-")
        listed = sorted(rows[name][what == "wrong"], key=str)
        for row in listed[: args.most]:
            print("  ", *row)
        if len(listed) > args.most:
            print(f"   … and {len(listed) - args.most} more")
    if higher and args.lift and not lower:
        ratchet["scores"] = {name: raised(found, ratchet["scores"].get(name, {})) for name, found in scores.items()}
        with open(RATCHET, "w") as file:
            file.write(json.dumps(ratchet, indent=1) + "\n")
        print("the ratchet was raised: " + "; ".join(higher))
    elif higher:
        print("the ratchet can be raised (--raise): " + "; ".join(higher))
    if lower:
        print("LOWER than the ratchet: " + "; ".join(lower))
    return 1 if lower else 0


if __name__ == "__main__":
    sys.exit(main())
