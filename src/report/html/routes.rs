//! Routes, and the error branches behind them, as rows of the page.
//!
//! `GET /items/{item_id}` with the verdict *behavior* is a row with the number of its tests, and below it each test with evidence.

use std::collections::BTreeSet;

use crate::coverage::Audit;
use crate::coverage::audit::{ErrorBranch, Evidence, Route, Verdict};
use crate::report::{sentences, text, words};

/// Exercises that one route lists without the script; the rest is in the data, and in the JSON report.
const MOST_EXERCISES: usize = 2;
/// Characters of a path that fit in a column of the table.
const MOST_IN_LINE: usize = 30;
/// Tests that one error branch lists.
const MOST_OF_BRANCH: usize = 3;

pub(super) struct RouteRow<'a> {
    /// The fragment that links name.
    pub anchor: String,
    pub route: &'a Route,
    pub method: &'a str,
    /// Do the bars count it?
    pub is_counted: bool,
    /// Why not, or what else is special.
    pub notes: Vec<String>,
    pub why: String,
    /// All, real, doubled, setup, direct; empty for none.
    pub tests: [String; 5],
    /// `2/5`; empty when it has none.
    pub errors: String,
    /// In parts, after each of which a line may end.
    pub path: Vec<&'a str>,
    pub place: Vec<String>,
    pub handler: String,
    pub exercises: Vec<ExerciseRow<'a>>,
    pub more_exercises: usize,
    pub branches: Vec<BranchRow<'a>>,
}

pub(super) struct ExerciseRow<'a> {
    pub test: &'a str,
    pub contact: &'static str,
    pub class: &'static str,
    pub says: String,
    pub doubles: Vec<String>,
    pub evidence: &'a [Evidence],
}

pub(super) struct BranchRow<'a> {
    pub branch: &'a ErrorBranch,
    pub says: String,
    pub tests: Vec<&'a str>,
    pub more_tests: usize,
    pub confidence: &'static str,
}

pub(super) struct VerdictCount {
    pub verdict: Verdict,
    pub number: usize,
    pub meaning: &'static str,
}

pub(super) fn anchor(route: usize) -> String {
    format!("route-{}", route + 1)
}

/// All routes, in the audit's order.
pub(super) fn route_rows(audit: &Audit) -> Vec<RouteRow<'_>> {
    audit
        .routes
        .iter()
        .enumerate()
        .map(|(at, route)| route_row(audit, at, route))
        .collect()
}

fn route_row<'a>(audit: &'a Audit, at: usize, route: &'a Route) -> RouteRow<'a> {
    let exercises = sentences::by_contact(audit, &route.exercises);
    let more_exercises = exercises.len().saturating_sub(MOST_EXERCISES);
    RouteRow {
        anchor: anchor(at),
        route,
        method: words::route_method(route),
        is_counted: words::is_counted(route),
        notes: notes(audit, route),
        why: sentences::why(audit, route),
        tests: tests(audit, route),
        errors: errors(audit, route),
        path: in_parts(&route.path),
        place: match words::target_place(&route.handler) {
            Some(place) => in_parts(&place).into_iter().map(str::to_owned).collect(),
            None => vec!["outside the project".to_owned()],
        },
        handler: match words::target_place(&route.handler) {
            Some(place) => format!("{}  {place}", route.handler.name),
            None => format!("{}  outside the project", route.handler.name),
        },
        exercises: exercises
            .into_iter()
            .take(MOST_EXERCISES)
            .map(|at| {
                let exercise = &audit.exercises[at];
                let contact = words::contact_of(audit, exercise);
                ExerciseRow {
                    test: &audit.tests[exercise.test].id,
                    contact: words::contact(contact),
                    class: words::contact_class(contact),
                    says: sentences::exercise_says(audit, exercise),
                    doubles: exercise
                        .doubles
                        .iter()
                        .map(|&double| {
                            let double = &audit.doubles[double];
                            format!("{}, replaced at {}", double.replaces, double.place)
                        })
                        .collect(),
                    evidence: &exercise.evidence,
                }
            })
            .collect(),
        more_exercises,
        branches: route
            .error_branches
            .iter()
            .map(|&branch| branch_row(audit, &audit.error_branches[branch]))
            .collect(),
    }
}

/// A long path, in parts that end with a slash.
fn in_parts(path: &str) -> Vec<&str> {
    if path.len() <= MOST_IN_LINE {
        return vec![path];
    }
    path.split_inclusive('/').collect()
}

pub(super) fn notes(audit: &Audit, route: &Route) -> Vec<String> {
    let mut notes = route.remarks.clone();
    if !route.served {
        notes.push("no app that production runs holds it, so no bar counts it".to_owned());
    }
    if let Some(other) = route.shadowed_by {
        let other = words::route_name(&audit.routes[other]);
        notes.push(format!("{other} takes its requests, so no bar counts it"));
    }
    if route.conditional {
        notes.push("it is registered under a condition that could not be decided".to_owned());
    }
    if route.external {
        notes.push("its handler is not code of this project, so no bar counts it".to_owned());
    }
    notes
}

fn tests(audit: &Audit, route: &Route) -> [String; 5] {
    let contacts = &route.contacts;
    let exercises = route.exercises.iter();
    let all: BTreeSet<usize> = exercises.map(|&at| audit.exercises[at].test).collect();
    [
        all.len(),
        contacts.interface,
        contacts.doubled,
        contacts.setup,
        contacts.direct,
    ]
    .map(|number| match number {
        0 => String::new(),
        number => text::grouped(number),
    })
}

/// Error branches that some test asserts, of all.
fn errors(audit: &Audit, route: &Route) -> String {
    let asserted = route
        .error_branches
        .iter()
        .filter(|&&branch| !audit.error_branches[branch].exercised_by.is_empty())
        .count();
    match route.error_branches.len() {
        0 => String::new(),
        all => format!("{asserted}/{all}"),
    }
}

fn branch_row<'a>(audit: &'a Audit, branch: &'a ErrorBranch) -> BranchRow<'a> {
    BranchRow {
        branch,
        says: sentences::branch_says(branch),
        tests: branch
            .exercised_by
            .iter()
            .take(MOST_OF_BRANCH)
            .map(|&test| audit.tests[test].id.as_str())
            .collect(),
        more_tests: branch.exercised_by.len().saturating_sub(MOST_OF_BRANCH),
        confidence: words::confidence(branch.confidence),
    }
}

/// Every verdict with its number, the best first.
pub(super) fn verdict_counts(rows: &[RouteRow<'_>]) -> Vec<VerdictCount> {
    Verdict::ALL
        .into_iter()
        .map(|verdict| VerdictCount {
            verdict,
            number: rows
                .iter()
                .filter(|row| row.route.verdict == verdict)
                .count(),
            meaning: meaning(verdict),
        })
        .collect()
}

fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Behavior => {
            "a test that runs reaches it through a real interface, and nothing behind it is replaced"
        }
        Verdict::Doubled => "reached through an interface, but a double stands behind it",
        Verdict::Setup => "reached only from fixtures; no test is about it",
        Verdict::Implementation => {
            "its handler, or a service that it calls, is only called directly"
        }
        Verdict::Unknown => "some request that could not be resolved may be to it",
        Verdict::Untested => "nothing touches it",
    }
}
