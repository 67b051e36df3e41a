//! Where covgap's report and the recording of a scenario differ, a line for each difference.
//!
//! The rules are those of `tests/oracle/score.py`: parameters of tests are folded, names of path parameters do not count,
//! a link counts when it is likely or certain. `links missed: tests/test_a.py::test_b | GET /a -> app/main.py:a`

use std::collections::{BTreeMap, BTreeSet};

use super::expect::{BranchState, Expectation, What};
use super::findings;
use super::recording::Recording;
use super::report::{ErrorBranch, Report, Route};

/// All differences, sorted; none means that the two accounts agree.
pub fn differences(
    report: &Report,
    recording: &Recording,
    expected: &[Expectation],
) -> BTreeSet<String> {
    let mut found = Differences(BTreeSet::new());
    let names = Names::new(report, recording);
    routes(report, recording, &names, &mut found);
    tests(report, recording, &mut found);
    links(report, recording, &names, expected, &mut found);
    branches(report, recording, expected, &mut found);
    direct(report, recording, &mut found);
    verdicts(report, recording, &names, expected, &mut found);
    comments(report, expected, &mut found);
    found.0.extend(findings::differences(report, expected));
    found.0
}

struct Differences(BTreeSet<String>);

impl Differences {
    fn sets(&mut self, what: &str, truth: &BTreeSet<String>, said: &BTreeSet<String>) {
        self.0.extend(
            truth
                .difference(said)
                .map(|row| format!("{what} missed: {row}")),
        );
        self.0.extend(
            said.difference(truth)
                .map(|row| format!("{what} wrong: {row}")),
        );
    }

    fn add(&mut self, difference: String) {
        self.0.insert(difference);
    }
}

/// The recording's names of the report's routes, by id.
struct Names<'a> {
    /// As registered.
    own: BTreeMap<&'a str, String>,
    /// As reached: a suite that drives a sub-app directly sees its paths without the mount's prefix.
    reached: BTreeMap<&'a str, String>,
}

impl<'a> Names<'a> {
    fn new(report: &'a Report, recording: &Recording) -> Names<'a> {
        let mut names = Names {
            own: BTreeMap::new(),
            reached: BTreeMap::new(),
        };
        for route in report
            .routes
            .iter()
            .filter(|route| route.handler.file.is_some())
        {
            let path = template(&route.path);
            let near: Vec<&String> = recording
                .covered
                .iter()
                .filter(|seen| is_near(seen, route, &path))
                .collect();
            let own = name(route, &path);
            let reached = match near.as_slice() {
                [one] if !near.contains(&&own) => (*one).clone(),
                _ => own.clone(),
            };
            names.own.insert(&route.id, own);
            names.reached.insert(&route.id, reached);
        }
        names
    }
}

/// Whether a recorded route has the same handler, and one of the two paths ends like the other.
fn is_near(seen: &str, route: &Route, path: &str) -> bool {
    let Some((start, handler)) = seen.rsplit_once(" -> ") else {
        return false;
    };
    let Some((method, other)) = start.split_once(' ') else {
        return false;
    };
    method == method_of(route)
        && handler == handler_of(route)
        && (other.ends_with(path) || path.ends_with(other))
}

fn name(route: &Route, path: &str) -> String {
    format!("{} {path} -> {}", method_of(route), handler_of(route))
}

fn method_of(route: &Route) -> &str {
    match (route.kind.as_str(), route.method.as_str()) {
        ("websocket", _) => "WS",
        (_, "") => "*",
        (_, method) => method,
    }
}

fn handler_of(route: &Route) -> String {
    format!(
        "{}:{}",
        route.handler.file.as_deref().unwrap_or("?"),
        last_part(&route.handler.name)
    )
}

fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// A path with its parameters' names left out: `/items/{item_id:int}` is `/items/{}`.
fn template(path: &str) -> String {
    let mut text = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        text.push_str("{}");
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    text + rest
}

fn routes(report: &Report, recording: &Recording, names: &Names, found: &mut Differences) {
    let served: BTreeSet<&String> = report
        .routes
        .iter()
        .filter(|route| route.served)
        .filter_map(|route| names.own.get(route.id.as_str()))
        .collect();
    // Starlette adds HEAD to GET; neither account has to say so.
    let implied = |route: &str| {
        route
            .strip_prefix("HEAD ")
            .is_some_and(|rest| served.contains(&format!("GET {rest}")))
    };
    let said = served
        .iter()
        .filter(|route| !implied(route))
        .map(|&route| route.clone())
        .collect();
    found.sets("routes", &recording.routes, &said);
}

fn tests(report: &Report, recording: &Recording, found: &mut Differences) {
    let runs: BTreeSet<String> = report
        .tests
        .iter()
        .filter(|test| test.runs)
        .map(|test| test.id.clone())
        .collect();
    for missed in recording.passed.difference(&runs) {
        found.add(format!("tests missed: {missed}"));
    }
    for wrong in runs
        .iter()
        .filter(|id| !recording.passed.contains(*id) && !recording.skipped.contains(*id))
    {
        found.add(format!("tests wrong: {wrong}"));
    }
}

fn links(
    report: &Report,
    recording: &Recording,
    names: &Names,
    expected: &[Expectation],
    found: &mut Differences,
) {
    let is_any = |test: &str, status: u16| {
        expected.iter().any(|one| matches!(&one.what, What::AnyStatus { test: id, status: any } if id == test && *any == status))
    };
    let (mut links, mut covered, mut statuses) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for exercise in &report.exercises {
        let real = matches!(
            exercise.interface.as_str(),
            "http" | "websocket" | "browser"
        ) && matches!(exercise.confidence.as_str(), "likely" | "certain")
            && recording.passed.contains(&exercise.test);
        let route = exercise
            .route
            .as_deref()
            .and_then(|id| names.reached.get(id));
        let (true, Some(route)) = (real, route) else {
            continue;
        };
        covered.insert(route.clone());
        if exercise.phase == "call" {
            links.insert(format!("{} | {route}", exercise.test));
            for &status in exercise.statuses.iter().filter(|&&status| status >= 400) {
                if !is_any(&exercise.test, status) {
                    statuses.insert(format!("{} | {route} | {status}", exercise.test));
                }
            }
        }
    }
    let true_links = recording
        .links
        .iter()
        .map(|(test, route)| format!("{test} | {route}"))
        .collect();
    let true_statuses = recording
        .statuses
        .iter()
        .filter(|(test, _, status)| !is_any(test, *status))
        .map(|(test, route, status)| format!("{test} | {route} | {status}"))
        .collect();
    found.sets("links", &true_links, &links);
    found.sets("covered", &recording.covered, &covered);
    found.sets("statuses", &true_statuses, &statuses);
}

fn branches(
    report: &Report,
    recording: &Recording,
    expected: &[Expectation],
    found: &mut Differences,
) {
    let mut neutral = recording.neutral_branches.clone();
    for one in expected {
        if matches!(
            one.what,
            What::Branch {
                state: BranchState::Any | BranchState::Ambiguous,
                ..
            }
        ) {
            neutral.insert(format!("{}:{}", one.file, one.line));
        }
    }
    let branches = report.error_branches.iter();
    let exercised = branches.filter(|branch| !branch.exercised_by.is_empty());
    let said: BTreeSet<String> = exercised
        .map(|branch| format!("{}:{}", branch.file, branch.line))
        .collect();
    found.sets(
        "branches",
        &(&recording.branches - &neutral),
        &(&said - &neutral),
    );
}

fn direct(report: &Report, recording: &Recording, found: &mut Differences) {
    let said: BTreeSet<String> = report
        .exercises
        .iter()
        .filter(|exercise| {
            exercise.interface == "direct" && recording.passed.contains(&exercise.test)
        })
        .filter_map(|exercise| exercise.target.as_ref())
        .map(|target| {
            format!(
                "{}:{}",
                target.file.as_deref().unwrap_or("?"),
                last_part(&target.name)
            )
        })
        .collect();
    found.sets(
        "direct",
        &recording.direct,
        &(&said - &recording.neutral_direct),
    );
}

/// Without a comment, a verdict has to agree with what was recorded: reached, reached in set-up, or not reached.
fn verdicts(
    report: &Report,
    recording: &Recording,
    names: &Names,
    expected: &[Expectation],
    found: &mut Differences,
) {
    for route in report
        .routes
        .iter()
        .filter(|route| route.served && route.shadowed_by.is_none() && !route.external)
    {
        let Some(reached) = names.reached.get(route.id.as_str()) else {
            continue;
        };
        if !recording.routes.contains(&names.own[route.id.as_str()])
            || expected.iter().any(|one| is_about(one, route))
        {
            continue;
        }
        let allowed: &[&str] = if recording.links.iter().any(|(_, linked)| linked == reached) {
            &["behavior", "doubled"]
        } else if recording.covered.contains(reached) {
            &["setup", "doubled"]
        } else {
            &["untested", "implementation", "unknown"]
        };
        if !allowed.contains(&route.verdict.as_str()) {
            found.add(format!(
                "verdict: {reached} is {}, not {}",
                route.verdict,
                allowed.join(" or ")
            ));
        }
    }
}

/// Whether a comment speaks of this route: by method, path, file and, on a definition, by name.
fn is_about(expectation: &Expectation, route: &Route) -> bool {
    match &expectation.what {
        What::Route {
            method,
            path,
            handler,
            ..
        } => {
            method == method_of(route)
                && *path == template(&route.path)
                && route.handler.file.as_deref() == Some(&expectation.file)
                && handler
                    .as_deref()
                    .is_none_or(|name| name == last_part(&route.handler.name))
        }
        What::Shadowed { .. }
        | What::Branch { .. }
        | What::Test { .. }
        | What::Asserts { .. }
        | What::AnyStatus { .. }
        | What::Unknown { .. }
        | What::Exercise { .. }
        | What::Gap { .. }
        | What::NamedKind { .. }
        | What::Bar { .. } => false,
    }
}

fn comments(report: &Report, expected: &[Expectation], found: &mut Differences) {
    for one in expected {
        let place = format!("{}:{}", one.file, one.line);
        match &one.what {
            What::Route {
                method,
                path,
                verdict,
                ..
            } => {
                let mut about: Vec<&Route> = report
                    .routes
                    .iter()
                    .filter(|route| is_about(one, route))
                    .collect();
                about.sort_by_key(|route| (!route.served, route.shadowed_by.is_some()));
                match about.first() {
                    None => found.add(format!("route: {method} {path} at {place} is missing")),
                    Some(route) if verdict != "any" && route.verdict != *verdict => {
                        found.add(format!(
                            "route: {method} {path} at {place} is {}, not {verdict}",
                            route.verdict
                        ));
                    }
                    Some(_) => {}
                }
            }
            What::Shadowed { handler } => {
                let is_here = |route: &Route| {
                    route.handler.file.as_deref() == Some(&one.file)
                        && last_part(&route.handler.name) == handler
                        && route.shadowed_by.is_some()
                };
                if !report.routes.iter().any(is_here) {
                    found.add(format!("shadowed: no route of {handler} at {place} is"));
                }
            }
            What::Branch { status, state } => {
                let is_here = |branch: &&ErrorBranch| {
                    branch.file == one.file
                        && branch.line == one.line
                        && branch.status == Some(*status)
                };
                let branch = report.error_branches.iter().find(is_here);
                if let Some(problem) = branch_problem(branch, *state) {
                    found.add(format!("branch: {status} at {place} is {problem}"));
                }
            }
            What::Test { id, runs } => {
                if report.tests.iter().any(|test| test.id == *id && test.runs) != *runs {
                    found.add(format!(
                        "test: {id} {}",
                        if *runs {
                            "does not run"
                        } else {
                            "is said to run"
                        }
                    ));
                }
            }
            What::Asserts { test, asserts } => {
                let mut requests = report.exercises.iter().filter(|one| {
                    one.test == *test && one.phase == "call" && one.interface != "direct"
                });
                if requests.any(|request| request.asserts != *asserts) {
                    let said = if *asserts { "nothing" } else { "something" };
                    found.add(format!("test: {test} is said to assert {said}"));
                }
            }
            What::AnyStatus { .. }
            | What::Gap { .. }
            | What::NamedKind { .. }
            | What::Bar { .. } => {}
            What::Unknown { is_unknown } => {
                let mut unknowns = report.unknowns.iter();
                let is_there =
                    unknowns.any(|unknown| unknown.file == one.file && unknown.line == one.line);
                if is_there != *is_unknown {
                    let said = if is_there { "something" } else { "nothing" };
                    found.add(format!("unknown: {said} at {place}"));
                }
            }
            What::Exercise {
                confidence,
                method,
                url,
            } => {
                let wanted = confidence.as_deref();
                let is_it = report.exercises.iter().any(|exercise| {
                    exercise.method == *method
                        && wanted.is_none_or(|wanted| exercise.confidence == wanted)
                        && exercise.url == *url
                        && exercise
                            .evidence
                            .iter()
                            .any(|at| at.file == one.file && at.line == one.line)
                });
                if !is_it {
                    let sure = wanted
                        .map(|wanted| format!("{wanted} "))
                        .unwrap_or_default();
                    found.add(format!("exercise: no {sure}{method} {url} at {place}"));
                }
            }
        }
    }
}

fn branch_problem(branch: Option<&ErrorBranch>, state: BranchState) -> Option<&'static str> {
    let is_covered = branch.is_some_and(|branch| !branch.exercised_by.is_empty());
    match (branch, state) {
        (_, BranchState::Any) => None,
        (None, BranchState::Covered | BranchState::Uncovered | BranchState::Ambiguous) => {
            Some("missing")
        }
        (Some(_), BranchState::Covered) => (!is_covered).then_some("uncovered"),
        (Some(_), BranchState::Uncovered) => is_covered.then_some("covered"),
        (Some(branch), BranchState::Ambiguous) => (is_covered && branch.confidence == "certain")
            .then_some("certain, though another gives the same status"),
    }
}
