//! Full Initialization: the steps of the start-up, which of them tests run, and the clients that never start their app.
//!
//! ```python
//! client = TestClient(app)            # lifespan-not-run: nothing enters it
//!
//! with TestClient(app) as client:     # runs every step that is not replaced
//! ```

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::coverage::audit::{Audit, Bar, BarId, BarItem, Evidence, Gap, Place, Priority, Side};
use crate::coverage::bars::measured;
use crate::coverage::gaps::gap;
use crate::coverage::judge::{Case, place};
use crate::links::startup::{Code, Step};

/// Of the tests that run a step, so many are named as evidence.
const MOST_TESTS: usize = 3;

pub fn bar(case: &Case<'_>, audit: &Audit) -> Bar {
    let runs = runs(case, audit);
    let items = case.links.startup.steps.iter().map(|step| BarItem {
        name: step.name.clone(),
        place: Some(place(case.world, step.place)),
        covered: runs.iter().any(|run| run.reaches(step)),
        evidence: evidence(case, audit, step, &runs),
    });
    let items: Vec<BarItem> = items.collect();
    let has_hook = !case.links.startup.hooks.is_empty();
    measured(
        BarId::FullInitialization,
        Side::Behavior,
        items,
        "steps of the start-up that a running test runs with nothing replaced",
        if has_hook {
            "the start-up does nothing"
        } else {
            "no lifespan and no start-up hook"
        },
    )
}

/// What one test runs of the start-up.
struct Run {
    /// Into [`Audit::tests`].
    test: usize,
    ran: FxHashSet<Code>,
    replaced: FxHashSet<Code>,
}

impl Run {
    fn reaches(&self, step: &Step) -> bool {
        step.is_run(&self.ran, &self.replaced)
    }
}

fn runs(case: &Case<'_>, audit: &Audit) -> Vec<Run> {
    let watched = case.links.startup.watched();
    let numbers = audit.numbers_of_tests();
    let mut runs: Vec<Run> = case
        .links
        .tests
        .iter()
        .filter(|traced| traced.walked.runs && !traced.walked.ran.is_empty())
        .filter_map(|traced| {
            Some(Run {
                test: *numbers.get(traced.id.as_str())?,
                ran: traced.walked.ran.iter().copied().collect(),
                replaced: traced
                    .walked
                    .doubles
                    .iter()
                    .filter_map(|double| double.function)
                    .filter(|function| watched.contains(function))
                    .collect(),
            })
        })
        .collect();
    runs.sort_by_key(|run| run.test);
    runs
}

fn evidence(case: &Case<'_>, audit: &Audit, step: &Step, runs: &[Run]) -> Vec<Evidence> {
    let mut found = around(case, step);
    let tests = runs.iter().filter(|run| run.reaches(step)).take(MOST_TESTS);
    found.extend(tests.map(|run| Evidence {
        place: audit.tests[run.test].place.clone(),
        says: format!("{} runs it", audit.tests[run.test].id),
        rule: None,
    }));
    found
}

/// The functions that lead to the step, outermost first.
fn around(case: &Case<'_>, step: &Step) -> Vec<Evidence> {
    let functions = step.around.iter().filter_map(|(module, function)| {
        let unit = case.world.loaded(*module)?;
        let facts = unit.facts.function(*function);
        Some(Evidence {
            place: Place {
                file: unit.path.to_string(),
                line: facts.line,
            },
            says: format!(
                "{} runs at the start",
                unit.facts.name(facts.qualified_name)
            ),
            rule: Some("asgi/start-up".into()),
        })
    });
    functions.collect()
}

pub fn gaps(case: &Case<'_>, audit: &Audit) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let runs = runs(case, audit);
    for step in &case.links.startup.steps {
        if runs.iter().any(|run| run.reaches(step)) {
            continue;
        }
        let at = place(case.world, step.place);
        let around = around(case, step);
        let inside = around.last().map_or("", |last| last.says.as_str());
        let key = format!("{}:{inside}:{}", at.file, step.name);
        let mut evidence = vec![Evidence {
            place: at.clone(),
            says: format!("{} is a step of the start-up", step.name),
            rule: Some("asgi/start-up".into()),
        }];
        evidence.extend(around);
        gaps.push(gap(
            "partial-initialization",
            &key,
            Priority::P1,
            format!("no test runs {} of the start-up", step.name),
            evidence,
            "run the whole start-up in a test: `with TestClient(app)`, or a lifespan manager",
            None,
        ));
    }
    gaps.extend(bare_clients(case));
    gaps
}

/// One gap for each place that makes a client, however many tests use it.
fn bare_clients(case: &Case<'_>) -> Vec<Gap> {
    let steps = case.links.startup.steps.len();
    if steps == 0 {
        return Vec::new();
    }
    let mut clients: BTreeMap<Place, usize> = BTreeMap::new();
    for traced in case.links.tests.iter().filter(|one| one.walked.runs) {
        for client in &traced.walked.bare_clients {
            *clients.entry(place(case.world, *client)).or_default() += 1;
        }
    }
    let mut ordinals: BTreeMap<String, usize> = BTreeMap::new();
    let hook = case
        .links
        .startup
        .steps
        .first()
        .map(|step| around(case, step));
    let mut gaps = Vec::new();
    for (at, tests) in clients {
        let ordinal = ordinals.entry(at.file.clone()).or_default();
        *ordinal += 1;
        let mut evidence = vec![Evidence {
            place: at.clone(),
            says: "makes a client, and nothing enters the lifespan".into(),
            rule: Some("asgi/start-up".into()),
        }];
        evidence.extend(hook.iter().flatten().cloned());
        let users = match tests {
            1 => "1 test uses".to_string(),
            _ => format!("{tests} tests use"),
        };
        let what = match steps {
            1 => "the one step of the start-up".to_string(),
            _ => format!("any of the {steps} steps of the start-up"),
        };
        gaps.push(gap(
            "lifespan-not-run",
            &format!("{}:{ordinal}", at.file),
            Priority::P1,
            format!("{users} a client that does not run {what}"),
            evidence,
            "enter the client: `with TestClient(app) as client`; around an ASGI transport, a lifespan manager",
            None,
        ));
    }
    gaps
}
