//! Where the report's bars and gaps differ from what a scenario says of them.
//!
//! Of a kind of gap that a scenario names, in a comment or in its prose, the report has those that are named and no other:
//! `gap: untested-error at app/main.py:7 is not expected`.

use std::collections::{BTreeMap, BTreeSet};

use super::expect::{Expectation, What};
use super::report::{Bar, Report};

/// By file and line.
type Places = BTreeSet<(String, u32)>;

pub fn differences(report: &Report, expected: &[Expectation]) -> Vec<String> {
    let mut found = Vec::new();
    let mut named: BTreeMap<&str, Places> = BTreeMap::new();
    for one in expected {
        match &one.what {
            What::Bar { id, shows } => found.extend(bar_problem(report, id, shows)),
            What::NamedKind { kind } => {
                named.entry(kind).or_default();
            }
            What::Gap { kind } => {
                let places = named.entry(kind).or_default();
                places.insert((one.file.clone(), one.line));
            }
            What::Route { .. }
            | What::Shadowed { .. }
            | What::Branch { .. }
            | What::Test { .. }
            | What::Asserts { .. }
            | What::AnyStatus { .. }
            | What::Unknown { .. }
            | What::Exercise { .. } => {}
        }
    }
    for (kind, wanted) in named {
        let said = places_of(report, kind);
        let missing = wanted.difference(&said);
        found
            .extend(missing.map(|(file, line)| format!("gap: {kind} at {file}:{line} is missing")));
        let more = said.difference(&wanted);
        found.extend(
            more.map(|(file, line)| format!("gap: {kind} at {file}:{line} is not expected")),
        );
    }
    found
}

/// Where the gaps of a kind begin: at their first piece of evidence.
fn places_of(report: &Report, kind: &str) -> Places {
    let gaps = report.gaps.iter().filter(|gap| gap.kind == kind);
    gaps.map(|gap| match gap.evidence.first() {
        Some(place) => (place.file.clone(), place.line),
        None => ("nowhere".to_owned(), 0),
    })
    .collect()
}

fn bar_problem(report: &Report, id: &str, wanted: &str) -> Option<String> {
    let Some(bar) = report.bars.iter().find(|bar| bar.id == id) else {
        return Some(format!("bar: there is no {id}"));
    };
    let shows = shown(bar);
    (shows != wanted).then(|| format!("bar: {id} is {shows}, not {wanted}"))
}

fn shown(bar: &Bar) -> String {
    match bar.state.as_str() {
        "measured" => format!("{}/{}", bar.covered, bar.total),
        other => other.replace('-', " "),
    }
}
