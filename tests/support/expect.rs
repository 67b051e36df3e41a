//! The comments in a scenario's code: what running it cannot show.
//!
//! `def read(name):  # covgap: route GET /items/{} doubled; route GET /old/{} untested`
//!
//! A comment begins as its language wants it: `#`, `//` or `/*`. Where a language has none at the end of a line (a Dockerfile),
//! `# covgap below: gap missing-setting` speaks of the next line.

use std::collections::BTreeMap;

use super::page::Scenario;

/// One expectation, and where it stands.
#[derive(Debug, PartialEq, Eq)]
pub struct Expectation {
    pub file: String,
    pub line: u32,
    pub what: What,
}

#[derive(Debug, PartialEq, Eq)]
pub enum What {
    /// `route METHOD /path VERDICT` on a handler's line; the verdict `any` asks for none.
    Route {
        method: String,
        path: String,
        handler: Option<String>,
        verdict: String,
    },
    /// `shadowed` on a handler's line: a route of it is shadowed by another.
    Shadowed { handler: String },
    /// `branch STATUS …` on the line that ends the request.
    Branch { status: u16, state: BranchState },
    /// `test runs` or `test never-runs` on a test's line.
    Test { id: String, runs: bool },
    /// `test asserts` or `test asserts-nothing` on a test's line: so is said of all of its requests.
    Asserts { test: String, asserts: bool },
    /// `test any STATUS` on a test's line: this status of this test is neither asked for nor held against.
    AnyStatus { test: String, status: u16 },
    /// `unknown` on a line that cannot be decided: the report must say so. `known`: it says nothing of the kind.
    Unknown { is_unknown: bool },
    /// `exercise METHOD URL` on the line of a request: the report has it, with this URL pattern; `exercise likely METHOD URL`: with
    /// this confidence.
    Exercise {
        confidence: Option<String>,
        method: String,
        url: String,
    },
    /// `gap KIND` on the line where a gap's evidence begins. All gaps of a kind that a scenario names are named.
    Gap { kind: String },
    /// `gaps KIND: none` in the prose: the scenario names this kind.
    NamedKind { kind: String },
    /// `bar ID: 3/5` in the prose.
    Bar { id: String, shows: String },
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum BranchState {
    Covered,
    Uncovered,
    /// Two branches give the status: whatever covers it is not certain.
    Ambiguous,
    Any,
}

/// Every expectation of a scenario. An unreadable one is an error that names its line.
pub fn expectations(scenario: &Scenario) -> Result<Vec<Expectation>, String> {
    let mut found = Vec::new();
    for (file, text) in &scenario.files {
        let tests = test_ids(file, text);
        for (line, text) in (1..).zip(text.lines()) {
            let Some((code, comment, below)) = comment(text) else {
                continue;
            };
            for part in comment.split(';') {
                let what = read(part.trim(), code, tests.get(&line))
                    .ok_or_else(|| format!("{file}:{line}: not understood: {part}"))?;
                found.push(Expectation {
                    file: file.clone(),
                    line: line + below,
                    what,
                });
            }
        }
    }
    prose(scenario, &mut found)?;
    Ok(found)
}

/// What the lines of prose say of bars and gaps.
fn prose(scenario: &Scenario, found: &mut Vec<Expectation>) -> Result<(), String> {
    let mut add = |file: &str, line: u32, what: What| {
        found.push(Expectation {
            file: file.to_owned(),
            line,
            what,
        });
    };
    for (id, shows) in scenario.bars.iter().cloned() {
        add("", 0, What::Bar { id, shows });
    }
    for (kind, places) in &scenario.gaps {
        let kind = || kind.clone();
        add("", 0, What::NamedKind { kind: kind() });
        for place in places.split(", ").filter(|place| *place != "none") {
            let (file, line) = place
                .rsplit_once(':')
                .and_then(|(file, line)| Some((file, line.parse().ok()?)))
                .ok_or_else(|| format!("no place of a {}: {place}", kind()))?;
            add(file, line, What::Gap { kind: kind() });
        }
    }
    Ok(())
}

/// The code before a comment for this test, the comment, and how many lines below it the line is that it speaks of.
fn comment(text: &str) -> Option<(&str, &str, u32)> {
    for (word, below) in [("covgap: ", 0), ("covgap below: ", 1)] {
        for begins in ["# ", "// ", "/* "] {
            let begins = format!("{begins}{word}");
            if let Some((code, comment)) = text.split_once(&begins) {
                let comment = comment.split("*/").next().unwrap_or_default();
                return Some((code, comment, below));
            }
        }
    }
    None
}

fn read(part: &str, code: &str, test: Option<&String>) -> Option<What> {
    let words: Vec<&str> = part.split_whitespace().collect();
    Some(match words.as_slice() {
        // A path may have spaces.
        ["route", method, path @ .., verdict] if !path.is_empty() => What::Route {
            method: (*method).to_owned(),
            path: path.join(" "),
            handler: definition(code).map(str::to_owned),
            verdict: (*verdict).to_owned(),
        },
        ["shadowed"] => What::Shadowed {
            handler: definition(code)?.to_owned(),
        },
        ["branch", status, state] => What::Branch {
            status: status.parse().ok()?,
            state: match *state {
                "covered" => BranchState::Covered,
                "uncovered" => BranchState::Uncovered,
                "ambiguous" => BranchState::Ambiguous,
                "any" => BranchState::Any,
                _ => return None,
            },
        },
        ["test", "runs"] => What::Test {
            id: test?.clone(),
            runs: true,
        },
        ["test", "never-runs"] => What::Test {
            id: test?.clone(),
            runs: false,
        },
        ["test", "asserts"] => What::Asserts {
            test: test?.clone(),
            asserts: true,
        },
        ["test", "asserts-nothing"] => What::Asserts {
            test: test?.clone(),
            asserts: false,
        },
        ["test", "any", status] => What::AnyStatus {
            test: test?.clone(),
            status: status.parse().ok()?,
        },
        ["unknown"] => What::Unknown { is_unknown: true },
        ["known"] => What::Unknown { is_unknown: false },
        ["gap", kind] => What::Gap {
            kind: (*kind).to_owned(),
        },
        ["exercise", confidence, method, url] => What::Exercise {
            confidence: Some((*confidence).to_owned()),
            method: (*method).to_owned(),
            url: (*url).to_owned(),
        },
        ["exercise", method, url] => What::Exercise {
            confidence: None,
            method: (*method).to_owned(),
            url: (*url).to_owned(),
        },
        _ => return None,
    })
}

/// The name that a line defines: of a function or a class.
fn definition(code: &str) -> Option<&str> {
    let code = code.trim_start();
    let code = code.strip_prefix("async ").unwrap_or(code);
    let rest = code
        .strip_prefix("def ")
        .or_else(|| code.strip_prefix("class "))?;
    rest.split(['(', ':']).next()
}

/// pytest's node id of the function on each line, from the indentation of the classes above it.
fn test_ids(file: &str, text: &str) -> BTreeMap<u32, String> {
    let mut classes: Vec<(usize, &str)> = Vec::new();
    let mut ids = BTreeMap::new();
    for (line, text) in (1..).zip(text.lines()) {
        let Some(name) = definition(text) else {
            continue;
        };
        let indent = text.len() - text.trim_start().len();
        classes.retain(|&(outer, _)| outer < indent);
        if text.trim_start().starts_with("class ") {
            classes.push((indent, name));
        } else {
            let path: Vec<&str> = classes
                .iter()
                .map(|&(_, class)| class)
                .chain([name])
                .collect();
            ids.insert(line, format!("{file}::{}", path.join("::")));
        }
    }
    ids
}
