//! The JSON report, version 1: the public schema of DESIGN.md §7, for programs.
//!
//! A test that asserts `client.get("/items/1").status_code == 200` is one line of the list `exercises`:
//! `{"test": "tests/test_items.py::test_read", "method": "GET", "url": "/items/1", "statuses": [200], …}`.
//!
//! A field is never renamed or removed within a version. Each item of a list stands on a line of its own.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::item_per_line;
use super::words;
use crate::coverage::audit::{self, Audit, BarId};
use crate::history::Trend;

/// The keys of the lists of what bars count, as they are written. Routes and error branches have lists of their own.
pub(super) const COUNTED: [(BarId, &str); 8] = [
    (BarId::BackendServices, "services"),
    (BarId::ServiceInitialization, "service_initializations"),
    (BarId::DirectServiceCalls, "service_calls"),
    (BarId::ProductionConfig, "settings"),
    (BarId::FrontendIntegration, "frontend_calls"),
    (BarId::ReactProviderTree, "contexts"),
    (BarId::FullInitialization, "startup_steps"),
    (BarId::InfrastructureConfig, "infrastructure"),
];

/// Writes the whole report. Same audit, same bytes.
pub fn render(audit: &Audit, past: Option<&Trend>, out: &mut dyn Write) -> io::Result<()> {
    item_per_line::write(&report(audit, past, Extent::Whole), out)
}

/// Writes what a comparison with another run reads, which is a small part.
pub(super) fn render_compared(audit: &Audit, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(out, &report(audit, None, Extent::Compared))?;
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Whole,
    /// The long lists that no comparison reads are empty.
    Compared,
}

impl Extent {
    fn of<T>(self, all: &[T]) -> &[T] {
        match self {
            Extent::Whole => all,
            Extent::Compared => &[],
        }
    }
}

#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    tool: Tool,
    project: Project<'a>,
    bars: Vec<Bar<'a>>,
    totals: Totals,
    routes: Vec<Route<'a>>,
    tests: Vec<Test<'a>>,
    exercises: Exercises<'a>,
    error_branches: Vec<ErrorBranch<'a>>,
    library_branches: Vec<LibraryBranch<'a>>,
    doubles: Vec<Double<'a>>,
    skips: Vec<Skip<'a>>,
    #[serde(flatten)]
    counted: Lists<'a>,
    gaps: Vec<Gap<'a>>,
    unknowns: Vec<Unknown<'a>>,
    gates: Vec<Gate<'a>>,
    left_out: Vec<LeftOut<'a>>,
}

#[derive(Serialize)]
struct LeftOut<'a> {
    path: &'a str,
    why: &'a str,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Project<'a> {
    name: &'a str,
    revision: Option<&'a str>,
    files: usize,
    lines: usize,
    tests: usize,
}

#[derive(Serialize)]
struct Bar<'a> {
    id: &'static str,
    label: &'static str,
    side: &'static str,
    covered: usize,
    total: usize,
    percent: Option<f64>,
    state: &'static str,
    why: &'a str,
}

#[derive(Serialize)]
struct Totals {
    implementation: Option<f64>,
    behavior: Option<f64>,
    overall: Option<f64>,
}

#[derive(Serialize)]
struct Route<'a> {
    id: &'a str,
    kind: &'static str,
    method: &'a str,
    path: &'a str,
    app: &'a str,
    served: bool,
    handler: Target<'a>,
    registered_by: Vec<Place<'a>>,
    conditional: bool,
    shadowed_by: Option<&'a str>,
    external: bool,
    verdict: &'static str,
    contacts: Contacts,
    error_branches: Vec<&'a str>,
}

#[derive(Serialize)]
struct Contacts {
    interface: usize,
    doubled: usize,
    setup: usize,
    direct: usize,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Target<'a> {
    file: Option<&'a str>,
    line: u32,
    name: &'a str,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Place<'a> {
    file: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct Test<'a> {
    id: &'a str,
    file: &'a str,
    line: u32,
    runs: bool,
    skip: Option<&'a str>,
}

/// They are many: each is made when it is written.
struct Exercises<'a> {
    audit: &'a Audit,
    sorted: Vec<&'a audit::Exercise>,
}

impl<'a> Exercises<'a> {
    fn of(audit: &'a Audit, all: &'a [audit::Exercise]) -> Exercises<'a> {
        let mut sorted: Vec<&audit::Exercise> = all.iter().collect();
        sorted.sort_by(|a, b| exercise_order(audit, a, b));
        Exercises { audit, sorted }
    }
}

impl Serialize for Exercises<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let exercises = self.sorted.iter();
        serializer.collect_seq(exercises.map(|one| exercise(self.audit, one)))
    }
}

/// The least close code of a WebSocket (RFC 6455, §7.4.1). Statuses of HTTP have three digits.
const NORMAL_CLOSURE: u16 = 1000;

/// The order of the fields is also the order of the list, evidence apart, which comes after the phase.
#[derive(Serialize)]
struct Exercise<'a> {
    test: &'a str,
    phase: &'static str,
    interface: &'static str,
    transport: &'static str,
    method: &'a str,
    url: &'a str,
    route: Option<&'a str>,
    target: Option<Target<'a>>,
    /// Of HTTP.
    statuses: Vec<u16>,
    /// Of a WebSocket that was accepted (RFC 6455, §7.4).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    close_codes: Vec<u16>,
    asserts: bool,
    confidence: &'static str,
    doubles: Vec<&'a str>,
    evidence: Vec<Evidence<'a>>,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Evidence<'a> {
    file: &'a str,
    line: u32,
    says: &'a str,
    rule: Option<&'a str>,
}

#[derive(Serialize)]
struct ErrorBranch<'a> {
    id: &'a str,
    file: &'a str,
    line: u32,
    #[serde(flatten)]
    end: End<'a>,
}

/// What the framework or another library answers by itself, as a 422: no line of the project does.
#[derive(Serialize)]
struct LibraryBranch<'a> {
    id: &'a str,
    #[serde(flatten)]
    end: End<'a>,
}

/// How requests end, and who has made them end so.
#[derive(Serialize)]
struct End<'a> {
    kind: &'static str,
    status: Option<u16>,
    exception: Option<&'a str>,
    routes: Vec<&'a str>,
    exercised_by: Vec<&'a str>,
    confidence: &'static str,
}

#[derive(Serialize)]
struct Double<'a> {
    id: &'a str,
    replaces: &'a str,
    evidence: [Evidence<'a>; 1],
}

#[derive(Serialize)]
struct Skip<'a> {
    tests: Vec<&'a str>,
    says: &'a str,
    evidence: Vec<Evidence<'a>>,
}

/// By the keys of [`COUNTED`].
struct Lists<'a> {
    lists: Vec<(&'static str, Vec<Item<'a>>)>,
}

impl Serialize for Lists<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.lists.iter().map(|(key, items)| (key, items)))
    }
}

/// One thing that a bar counts.
#[derive(Serialize)]
struct Item<'a> {
    name: &'a str,
    place: Option<Place<'a>>,
    covered: bool,
    evidence: Vec<Evidence<'a>>,
    /// Of infrastructure.
    #[serde(flatten)]
    by_test: Option<ByTest<'a>>,
}

/// Tests that speak to the real one, that replace it, and that are skipped without it.
#[derive(Serialize)]
struct ByTest<'a> {
    real: Vec<&'a str>,
    replaced: Vec<Replaced<'a>>,
    skipped: Vec<&'a str>,
}

#[derive(Serialize)]
struct Replaced<'a> {
    file: &'a str,
    line: u32,
    says: &'a str,
    rule: Option<&'a str>,
    tests: Vec<&'a str>,
}

#[derive(Serialize)]
struct Gap<'a> {
    id: &'a str,
    kind: &'a str,
    priority: &'static str,
    confidence: &'static str,
    title: &'a str,
    evidence: Vec<Evidence<'a>>,
    fix: &'a str,
    route: Option<&'a str>,
    /// `null` where the history was not asked for, and for a gap that no commit has yet.
    since: Option<Since<'a>>,
    waiver: Option<Waiver<'a>>,
}

/// The first revision that was looked at and had the gap; it may be older where that was the very first.
#[derive(Serialize)]
struct Since<'a> {
    revision: &'a str,
    date: &'a str,
    at_least: bool,
}

#[derive(Serialize)]
struct Waiver<'a> {
    reason: &'a str,
    owner: &'a str,
    expires: &'a str,
    expired: bool,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Unknown<'a> {
    reason: &'a str,
    file: &'a str,
    line: u32,
    says: &'a str,
}

#[derive(Serialize)]
struct Gate<'a> {
    id: &'a str,
    stage: &'a str,
    passed: bool,
    says: &'a str,
}

fn report<'a>(audit: &'a Audit, past: Option<&'a Trend>, extent: Extent) -> Report<'a> {
    let items = |id: BarId| match extent {
        Extent::Whole => items(audit, id),
        Extent::Compared => Vec::new(),
    };
    Report {
        schema: 1,
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        project: Project {
            name: &audit.project.name,
            revision: audit.project.revision.as_deref(),
            files: audit.project.files,
            lines: audit.project.lines,
            tests: audit.project.tests,
        },
        bars: audit.bars.iter().map(bar).collect(),
        totals: Totals {
            implementation: audit.totals.implementation,
            behavior: audit.totals.behavior,
            overall: audit.totals.overall,
        },
        routes: sorted(
            &audit.routes,
            |one| route(audit, one),
            |a, b| (a.path, a.method, a.id).cmp(&(b.path, b.method, b.id)),
        ),
        tests: sorted(extent.of(&audit.tests), test, |a, b| a.id.cmp(b.id)),
        exercises: Exercises::of(audit, extent.of(&audit.exercises)),
        error_branches: error_branches(audit, extent.of(&audit.error_branches)),
        library_branches: library_branches(audit, extent.of(&audit.error_branches)),
        doubles: sorted(extent.of(&audit.doubles), double, |a, b| a.id.cmp(b.id)),
        skips: sorted(
            extent.of(&audit.skips),
            |one| skip(audit, one),
            |a, b| (&a.evidence, a.says).cmp(&(&b.evidence, b.says)),
        ),
        counted: Lists {
            lists: COUNTED.map(|(id, key)| (key, items(id))).into(),
        },
        gaps: sorted(
            &audit.gaps,
            |one| gap(audit, past, one),
            |a, b| (a.priority, a.kind, a.id).cmp(&(b.priority, b.kind, b.id)),
        ),
        unknowns: sorted(extent.of(&audit.unknowns), unknown, Ord::cmp),
        gates: audit.gates.iter().map(gate).collect(),
        left_out: audit.left_out.iter().map(left_out).collect(),
    }
}

fn sorted<'a, T, Public>(
    all: &'a [T],
    publish: impl Fn(&'a T) -> Public,
    order: impl Fn(&Public, &Public) -> std::cmp::Ordering,
) -> Vec<Public> {
    let mut published: Vec<Public> = all.iter().map(publish).collect();
    published.sort_by(order);
    published
}

fn bar(bar: &audit::Bar) -> Bar<'_> {
    Bar {
        id: bar.id.id(),
        label: bar.id.label(),
        side: words::side(bar.side),
        covered: bar.covered,
        total: bar.total,
        percent: bar.percent(),
        state: words::bar_state(&bar.state),
        why: &bar.why,
    }
}

fn route<'a>(audit: &'a Audit, route: &'a audit::Route) -> Route<'a> {
    let mut error_branches: Vec<&str> = route
        .error_branches
        .iter()
        .map(|&branch| audit.error_branches[branch].id.as_str())
        .collect();
    error_branches.sort_unstable();
    Route {
        id: &route.id,
        kind: words::route_kind(route.kind),
        method: &route.method,
        path: &route.path,
        app: &route.app,
        served: route.served,
        handler: target(&route.handler),
        // The order is the chain from the handler outwards.
        registered_by: route.registered_by.iter().map(place).collect(),
        conditional: route.conditional,
        shadowed_by: route
            .shadowed_by
            .map(|other| audit.routes[other].id.as_str()),
        external: route.external,
        verdict: route.verdict.id(),
        contacts: Contacts {
            interface: route.contacts.interface,
            doubled: route.contacts.doubled,
            setup: route.contacts.setup,
            direct: route.contacts.direct,
        },
        error_branches,
    }
}

fn target(target: &audit::Target) -> Target<'_> {
    Target {
        file: target.file.as_deref(),
        line: target.line,
        name: &target.name,
    }
}

fn place(place: &audit::Place) -> Place<'_> {
    Place {
        file: &place.file,
        line: place.line,
    }
}

fn test(test: &audit::Test) -> Test<'_> {
    Test {
        id: &test.id,
        file: &test.place.file,
        line: test.place.line,
        runs: test.runs,
        skip: test.skip.as_deref(),
    }
}

fn exercise<'a>(audit: &'a Audit, exercise: &'a audit::Exercise) -> Exercise<'a> {
    let mut asserted = exercise.statuses.clone();
    asserted.sort_unstable();
    asserted.dedup();
    let (statuses, close_codes) = asserted
        .into_iter()
        .partition(|&code| code < NORMAL_CLOSURE);
    let mut doubles: Vec<&str> = exercise
        .doubles
        .iter()
        .map(|&double| audit.doubles[double].id.as_str())
        .collect();
    doubles.sort_unstable();
    Exercise {
        test: &audit.tests[exercise.test].id,
        phase: words::phase(exercise.phase),
        interface: words::interface(exercise.interface),
        transport: words::transport(exercise.transport),
        method: &exercise.method,
        url: &exercise.url,
        route: exercise.route.map(|route| audit.routes[route].id.as_str()),
        target: exercise.target.as_deref().map(target),
        statuses,
        close_codes,
        asserts: exercise.asserts,
        confidence: words::confidence(exercise.confidence),
        doubles,
        evidence: evidence(&exercise.evidence),
    }
}

/// By test, then as the test goes: fixtures first, then by place.
fn exercise_order(audit: &Audit, a: &audit::Exercise, b: &audit::Exercise) -> std::cmp::Ordering {
    let test = |one: &audit::Exercise| &audit.tests[one.test].id;
    let (first, second) = (test(a), test(b));
    first
        .cmp(second)
        .then_with(|| words::phase(b.phase).cmp(words::phase(a.phase)))
        .then_with(|| a.evidence.cmp(&b.evidence))
        .then_with(|| {
            let (a, b) = (exercise(audit, a), exercise(audit, b));
            published_order(&a, &b)
        })
}

/// Of exercises of one test at one place.
fn published_order(a: &Exercise<'_>, b: &Exercise<'_>) -> std::cmp::Ordering {
    (a.interface, a.transport, a.method, a.url)
        .cmp(&(b.interface, b.transport, b.method, b.url))
        .then_with(|| (a.route, &a.target).cmp(&(b.route, &b.target)))
        .then_with(|| {
            (&a.statuses, &a.close_codes, a.asserts, a.confidence).cmp(&(
                &b.statuses,
                &b.close_codes,
                b.asserts,
                b.confidence,
            ))
        })
        .then_with(|| a.doubles.cmp(&b.doubles))
}

/// A chain: its order is the story.
fn evidence(chain: &[audit::Evidence]) -> Vec<Evidence<'_>> {
    chain
        .iter()
        .map(|link| Evidence {
            file: &link.place.file,
            line: link.place.line,
            says: &link.says,
            rule: link.rule.as_deref(),
        })
        .collect()
}

fn error_branches<'a>(audit: &'a Audit, all: &'a [audit::ErrorBranch]) -> Vec<ErrorBranch<'a>> {
    let own = all.iter().filter(|branch| !branch.place.file.is_empty());
    let mut published: Vec<ErrorBranch> = own
        .map(|branch| ErrorBranch {
            id: &branch.id,
            file: &branch.place.file,
            line: branch.place.line,
            end: end(audit, branch),
        })
        .collect();
    published.sort_by(|a, b| (a.file, a.line, a.id).cmp(&(b.file, b.line, b.id)));
    published
}

fn library_branches<'a>(audit: &'a Audit, all: &'a [audit::ErrorBranch]) -> Vec<LibraryBranch<'a>> {
    let foreign = all.iter().filter(|branch| branch.place.file.is_empty());
    let mut published: Vec<LibraryBranch> = foreign
        .map(|branch| LibraryBranch {
            id: &branch.id,
            end: end(audit, branch),
        })
        .collect();
    published.sort_by(|a, b| a.id.cmp(b.id));
    published
}

fn end<'a>(audit: &'a Audit, branch: &'a audit::ErrorBranch) -> End<'a> {
    let mut routes: Vec<&str> = branch
        .routes
        .iter()
        .map(|&route| audit.routes[route].id.as_str())
        .collect();
    routes.sort_unstable();
    End {
        kind: words::branch_kind(branch.kind),
        status: branch.status,
        exception: branch.exception.as_deref(),
        routes,
        exercised_by: test_ids(audit, &branch.exercised_by),
        confidence: words::confidence(branch.confidence),
    }
}

fn test_ids<'a>(audit: &'a Audit, tests: &[usize]) -> Vec<&'a str> {
    let mut ids: Vec<&str> = tests
        .iter()
        .map(|&test| audit.tests[test].id.as_str())
        .collect();
    ids.sort_unstable();
    ids
}

fn double(double: &audit::Double) -> Double<'_> {
    Double {
        id: &double.id,
        replaces: &double.replaces,
        evidence: [Evidence {
            file: &double.place.file,
            line: double.place.line,
            says: "replaced here",
            rule: Some(&double.how),
        }],
    }
}

fn skip<'a>(audit: &'a Audit, skip: &'a audit::Skip) -> Skip<'a> {
    Skip {
        tests: test_ids(audit, &skip.tests),
        says: &skip.says,
        evidence: evidence(&skip.evidence),
    }
}

fn items(audit: &Audit, id: BarId) -> Vec<Item<'_>> {
    let mut items: Vec<Item<'_>> = audit
        .bars
        .iter()
        .filter(|bar| bar.id == id)
        .flat_map(|bar| &bar.items)
        .map(|item| Item {
            name: &item.name,
            place: item.place.as_ref().map(place),
            covered: item.covered,
            evidence: evidence(&item.evidence),
            by_test: None,
        })
        .collect();
    if id == BarId::InfrastructureConfig {
        for (item, one) in items.iter_mut().zip(&audit.infrastructure) {
            item.by_test = Some(by_test(audit, one));
        }
    }
    items.sort_by(|a, b| {
        (a.name, &a.place, &a.evidence, a.covered).cmp(&(b.name, &b.place, &b.evidence, b.covered))
    });
    items
}

fn by_test<'a>(audit: &'a Audit, one: &'a audit::Infrastructure) -> ByTest<'a> {
    ByTest {
        real: test_ids(audit, &one.real),
        replaced: one
            .replaced
            .iter()
            .map(|replaced| Replaced {
                file: &replaced.place.file,
                line: replaced.place.line,
                says: &replaced.how,
                rule: replaced.rule.as_deref(),
                tests: test_ids(audit, &replaced.tests),
            })
            .collect(),
        skipped: test_ids(audit, &one.skipped),
    }
}

fn gap<'a>(audit: &'a Audit, past: Option<&'a Trend>, gap: &'a audit::Gap) -> Gap<'a> {
    Gap {
        id: &gap.id,
        kind: &gap.kind,
        priority: words::priority(gap.priority),
        confidence: words::confidence(gap.confidence),
        title: &gap.title,
        evidence: evidence(&gap.evidence),
        fix: &gap.fix,
        route: gap.route.map(|route| audit.routes[route].id.as_str()),
        since: past
            .and_then(|past| past.open.get(&gap.id))
            .map(|since| Since {
                revision: &since.revision,
                date: &since.label,
                at_least: since.is_at_least,
            }),
        waiver: gap.waiver.as_ref().map(|waiver| Waiver {
            reason: &waiver.reason,
            owner: &waiver.owner,
            expires: &waiver.expires,
            expired: waiver.is_expired,
        }),
    }
}

fn unknown(unknown: &audit::Unknown) -> Unknown<'_> {
    Unknown {
        reason: unknown.reason,
        file: &unknown.place.file,
        line: unknown.place.line,
        says: &unknown.says,
    }
}

fn left_out(left_out: &audit::LeftOut) -> LeftOut<'_> {
    LeftOut {
        path: &left_out.path,
        why: &left_out.why,
    }
}

fn gate(gate: &audit::Gate) -> Gate<'_> {
    Gate {
        id: &gate.id,
        stage: &gate.stage,
        passed: gate.passed,
        says: &gate.says,
    }
}
