//! Holds covgap against every scenario of `tests/mdtest/`: what Python recorded of it, and what the comments in its code say.
//!
//! `MDTEST=routers` runs one page, `MDTEST=routers/twice` the scenarios of it whose name has that text.
//! `MDTEST_PIN=1` writes the differences that are left into the pages, as `known-wrong` lines, instead of failing.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rayon::prelude::*;
use support::page::{Page, Scenario};
use support::recording::Recording;
use support::{compare, expect, page, pin, recording, report};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/mdtest")
}

/// The pages, with only those scenarios that the environment's filter names.
fn wanted() -> Vec<Page> {
    let mut pages = page::load(&folder());
    let filter = std::env::var("MDTEST").unwrap_or_default();
    if let Some((page, scenario)) = filter.split_once('/') {
        pages.retain(|one| one.name == page);
        for page in &mut pages {
            page.scenarios
                .retain(|one| one.name.to_lowercase().contains(&scenario.to_lowercase()));
        }
    } else if !filter.is_empty() {
        pages.retain(|one| one.name == filter);
    }
    assert!(
        pages.iter().any(|page| !page.scenarios.is_empty()),
        "no scenario is named {filter}"
    );
    pages
}

/// What is different in one scenario, whether or not it is known.
fn judge(scenario: &Scenario, recording: Option<&Recording>) -> BTreeSet<String> {
    let expected = match expect::expectations(scenario) {
        Ok(expected) => expected,
        Err(problem) => return BTreeSet::from([format!("page: {problem}")]),
    };
    let Some(recording) = recording else {
        return BTreeSet::from(["page: not recorded, run tests/mdtest/record.py".to_owned()]);
    };
    let project = tempfile::tempdir().unwrap();
    scenario.write(project.path());
    match report::analyze(project.path()) {
        Ok(report) => compare::differences(&report, recording, &expected),
        Err(problem) => BTreeSet::from([format!("run: {problem}")]),
    }
}

#[test]
fn pages() {
    let pages = wanted();
    let recordings: BTreeMap<&str, BTreeMap<String, Recording>> = pages
        .iter()
        .map(|page| {
            (
                page.name.as_str(),
                recording::load(&folder().join("recorded"), &page.name),
            )
        })
        .collect();
    let scenarios: Vec<(&Page, &Scenario)> = pages
        .iter()
        .flat_map(|page| page.scenarios.iter().map(move |scenario| (page, scenario)))
        .collect();
    let judged: Vec<(&Page, &Scenario, BTreeSet<String>)> = scenarios
        .par_iter()
        .map(|&(page, scenario)| {
            (
                page,
                scenario,
                judge(scenario, recordings[page.name.as_str()].get(&scenario.name)),
            )
        })
        .collect();
    if std::env::var_os("MDTEST_PIN").is_some() {
        pin_all(&pages, &judged);
        return;
    }
    let mut wrong = 0;
    for (page, scenario, differences) in &judged {
        let known: BTreeSet<String> = scenario.known_wrong.iter().cloned().collect();
        wrong += usize::from(!agrees(
            &format!("{}.md: {}", page.name, scenario.name),
            differences,
            &known,
        ));
    }
    eprintln!("{}", summary(&judged));
    assert_eq!(
        wrong,
        0,
        "of {} scenarios, {wrong} are not what their page says",
        judged.len()
    );
}

/// Whether the differences are exactly those that are known; prints the others.
fn agrees(name: &str, differences: &BTreeSet<String>, known: &BTreeSet<String>) -> bool {
    if differences == known {
        return true;
    }
    eprintln!("\n{name}");
    for difference in differences.difference(known) {
        eprintln!("    {difference}");
    }
    for gone in known.difference(differences) {
        eprintln!("    no longer wrong, to be taken out: {gone}");
    }
    false
}

fn summary(judged: &[(&Page, &Scenario, BTreeSet<String>)]) -> String {
    let right = judged
        .iter()
        .filter(|(_, _, differences)| differences.is_empty())
        .count();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for difference in judged.iter().flat_map(|(_, _, differences)| differences) {
        *kinds
            .entry(difference.split(':').next().unwrap_or_default())
            .or_default() += 1;
    }
    let kinds: Vec<String> = kinds
        .iter()
        .map(|(kind, count)| format!("{kind} {count}"))
        .collect();
    format!(
        "\n{right} of {} scenarios agree. Differences, known ones too: {}",
        judged.len(),
        kinds.join(", ")
    )
}

fn pin_all(pages: &[Page], judged: &[(&Page, &Scenario, BTreeSet<String>)]) {
    for page in pages {
        let differences: BTreeMap<String, BTreeSet<String>> = judged
            .iter()
            .filter(|(judged, _, _)| judged.name == page.name)
            .map(|(_, scenario, differences)| (scenario.name.clone(), differences.clone()))
            .collect();
        let before = std::fs::read_to_string(&page.path).unwrap();
        let after = pin::pinned(&before, &differences);
        if before != after {
            std::fs::write(&page.path, after).unwrap();
        }
    }
}

/// The whole projects of `tests/corpus/`, with the differences that `NAME.known-wrong` knows of.
#[test]
fn projects() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let corpus = root.join("tests/corpus");
    let mut wrong = 0;
    for entry in std::fs::read_dir(&corpus).unwrap() {
        let file = entry.unwrap().file_name().to_string_lossy().into_owned();
        let Some(name) = file.strip_suffix(".meta.json") else {
            continue;
        };
        for (project, recording) in recording::load(&corpus, name) {
            let differences = match report::analyze(&root.join(&project)) {
                Ok(report) => compare::differences(&report, &recording, &[]),
                Err(problem) => BTreeSet::from([format!("run: {problem}")]),
            };
            let pins = corpus.join(format!("{name}.known-wrong"));
            if std::env::var_os("MDTEST_PIN").is_some() {
                let lines: String = differences.iter().map(|one| format!("{one}\n")).collect();
                std::fs::write(&pins, lines).unwrap();
                continue;
            }
            let known = std::fs::read_to_string(&pins).unwrap_or_default();
            let known: BTreeSet<String> = known.lines().map(str::to_owned).collect();
            wrong += usize::from(!agrees(&project, &differences, &known));
        }
    }
    assert_eq!(wrong, 0, "{wrong} projects are not what was recorded");
}

#[test]
fn every_page_can_be_read() {
    for page in page::load(&folder()) {
        let recorded = recording::load(&folder().join("recorded"), &page.name);
        let names: BTreeSet<&str> = page
            .scenarios
            .iter()
            .map(|scenario| scenario.name.as_str())
            .collect();
        assert_eq!(
            names.len(),
            page.scenarios.len(),
            "{}: a heading repeats",
            page.name
        );
        for scenario in &page.scenarios {
            if let Err(problem) = expect::expectations(scenario) {
                panic!("{}.md: {}: {problem}", page.name, scenario.name);
            }
        }
        let known: BTreeSet<&str> = recorded.keys().map(String::as_str).collect();
        assert_eq!(
            names, known,
            "{}.md and its recording differ: run tests/mdtest/record.py",
            page.name
        );
    }
}

#[test]
fn a_page_is_taken_apart() {
    let text = "# T\n\n## One\n\nProse.\n\n- known-wrong: links missed: x\n\n```python title=\"a.py\"\ndef f():  # covgap: route GET /a b untested; shadowed\n    pass\n```\n\n```sh\nnot a file\n```\n";
    let scenarios = page::parse(text);
    assert_eq!(scenarios[0].known_wrong, ["links missed: x"]);
    assert_eq!(scenarios[0].files.keys().collect::<Vec<_>>(), ["a.py"]);
    let expected = expect::expectations(&scenarios[0]).unwrap();
    let route = expect::What::Route {
        method: "GET".to_owned(),
        path: "/a b".to_owned(),
        handler: Some("f".to_owned()),
        verdict: "untested".to_owned(),
    };
    let shadowed = expect::What::Shadowed {
        handler: "f".to_owned(),
    };
    assert_eq!((expected[0].line, &expected[0].what), (1, &route));
    assert_eq!(expected[1].what, shadowed);
    let known = BTreeMap::from([("One".to_owned(), BTreeSet::from(["new".to_owned()]))]);
    let repinned = page::parse(&pin::pinned(text, &known));
    assert_eq!(repinned[0].known_wrong, ["new"]);
    assert_eq!(repinned[0].files, scenarios[0].files);
}

#[test]
fn bars_and_gaps_are_compared() {
    let text = "## One\nbar http: 1/2\n- bar websocket: not applicable\n- gaps untested-error: none\ngaps call-without-route: package.json:3\n\
        ```env title=\".env\"\n# covgap below: gap missing-setting\nA=1\n```\n\
        ```tsx title=\"a.tsx\"\n<A/> {/* covgap: gap missing-provider */}\nb() // covgap: gap missing-provider\n```\n";
    let scenario = &page::parse(text)[0];
    let expected = expect::expectations(scenario).unwrap();
    let gap = |kind: &str, file: &str, line: u32| serde_json::json!({"kind": kind, "evidence": [{"file": file, "line": line}, {"file": "x", "line": 9}]});
    let report = |covered: usize, gaps: Vec<serde_json::Value>| -> report::Report {
        serde_json::from_value(serde_json::json!({
            "routes": [], "tests": [], "exercises": [], "error_branches": [], "unknowns": [], "gaps": gaps,
            "bars": [{"id": "http", "state": "measured", "covered": covered, "total": 2},
                {"id": "websocket", "state": "not-applicable", "covered": 0, "total": 0}],
        }))
        .unwrap()
    };
    let recording = Recording::default();
    let right = vec![
        gap("missing-setting", ".env", 2),
        gap("missing-provider", "a.tsx", 1),
        gap("missing-provider", "a.tsx", 2),
        gap("call-without-route", "package.json", 3),
        gap("not-named", "a.tsx", 2),
    ];
    let differences = |report: report::Report| compare::differences(&report, &recording, &expected);
    assert_eq!(differences(report(1, right)), BTreeSet::new());
    let wrong = differences(report(
        0,
        vec![
            gap("missing-provider", "a.tsx", 1),
            gap("missing-setting", ".env", 2),
            gap("untested-error", "a.py", 7),
        ],
    ));
    let wrong: Vec<&str> = wrong.iter().map(String::as_str).collect();
    assert_eq!(
        wrong,
        [
            "bar: http is 0/2, not 1/2",
            "gap: call-without-route at package.json:3 is missing",
            "gap: missing-provider at a.tsx:2 is missing",
            "gap: untested-error at a.py:7 is not expected",
        ]
    );
}

#[test]
fn two_accounts_are_compared() {
    let scenario = &page::parse(
        "## One\n```python title=\"app/main.py\"\n@app.get('/a/{x}')\ndef a():  # covgap: route GET /a/{} doubled\n    raise E  # covgap: branch 404 covered\n```\n",
    )[0];
    let expected = expect::expectations(scenario).unwrap();
    let recording: Recording = serde_json::from_value(serde_json::json!({
        "passed": ["tests/t.py::test_a"], "skipped": [],
        "routes": ["GET /a/{} -> app/main.py:a"],
        "links": [["tests/t.py::test_a", "GET /a/{} -> app/main.py:a"]],
        "covered": ["GET /a/{} -> app/main.py:a"],
        "statuses": [["tests/t.py::test_a", "GET /a/{} -> app/main.py:a", 404]],
        "branches": ["app/main.py:3"], "neutral_branches": [],
        "direct": ["app/main.py:helper"], "neutral_direct": ["app/main.py:hook"],
    }))
    .unwrap();
    let report = |path: &str, verdict: &str| -> report::Report {
        serde_json::from_value(serde_json::json!({
            "routes": [{"id": "r", "kind": "http", "method": "GET", "path": path, "served": true, "external": false,
                "handler": {"file": "app/main.py", "line": 1, "name": "make.a"}, "shadowed_by": null, "verdict": verdict}],
            "tests": [{"id": "tests/t.py::test_a", "runs": true}],
            "exercises": [
                {"test": "tests/t.py::test_a", "phase": "call", "interface": "http", "method": "GET", "url": "/a/{}", "route": "r",
                    "target": null, "statuses": [404, 200], "asserts": true, "confidence": "likely", "evidence": []},
                {"test": "tests/t.py::test_a", "phase": "call", "interface": "direct", "method": "", "url": "", "route": null,
                    "target": {"file": "app/main.py", "name": "K.helper"}, "statuses": [], "asserts": false, "confidence": "certain", "evidence": []},
                {"test": "tests/t.py::test_a", "phase": "call", "interface": "direct", "method": "", "url": "", "route": null,
                    "target": {"file": "app/main.py", "name": "hook"}, "statuses": [], "asserts": false, "confidence": "certain", "evidence": []},
            ],
            "error_branches": [{"file": "app/main.py", "line": 3, "status": 404, "exercised_by": ["tests/t.py::test_a"], "confidence": "certain"}],
            "unknowns": [],
        }))
        .unwrap()
    };
    assert_eq!(
        compare::differences(&report("/a/{x:int}", "doubled"), &recording, &expected),
        BTreeSet::new()
    );
    // The mount's prefix is missing from what the suite saw: the same route. Its verdict is wrong.
    let mounted = compare::differences(&report("/v1/a/{y}", "behavior"), &recording, &expected);
    assert!(mounted.contains("routes wrong: GET /v1/a/{} -> app/main.py:a"));
    assert!(
        !mounted
            .iter()
            .any(|difference| difference.starts_with("links"))
    );
    assert!(mounted.contains("route: GET /a/{} at app/main.py:2 is missing"));
}
