//! Verdicts: what all exercises of one route amount to.
//!
//! A route that one test reaches through a client with nothing replaced is *behavior*, whatever else calls its handler directly.

use crate::coverage::audit::{Audit, Confidence, Interface, Phase, Verdict};
use crate::coverage::judge::Case;
use crate::links::paths;
use crate::project::routes::{Entry, EntryKind, Table};
use crate::project::values::value::{ObjectId, Value};

pub fn decide(case: &Case<'_>, audit: &mut Audit) {
    for (position, traced) in case.links.routes.iter().enumerate() {
        let number = case.route_at[position];
        let mut contacts = crate::coverage::audit::Contacts::default();
        let (mut interface, mut doubled, mut setup, mut direct) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (mut succeeds, mut only_errors) = (false, false);
        for &exercise in &audit.routes[number].exercises {
            let exercise = &audit.exercises[exercise];
            if !audit.tests[exercise.test].runs || exercise.confidence < Confidence::Likely {
                continue;
            }
            if exercise.phase == Phase::Call {
                let is_error = !exercise.statuses.is_empty()
                    && exercise.statuses.iter().all(|status| *status >= 400);
                succeeds |= !is_error;
                only_errors |= is_error;
            }
            match (exercise.phase, exercise.doubles.is_empty()) {
                (Phase::Setup, _) => setup.push(exercise.test),
                (Phase::Call, true) => interface.push(exercise.test),
                (Phase::Call, false) => doubled.push(exercise.test),
            }
        }
        let mut called: Vec<usize> = Vec::new();
        for (index, exercise) in audit.exercises.iter().enumerate() {
            if exercise.interface != Interface::Direct || !audit.tests[exercise.test].runs {
                continue;
            }
            let Some(target) = &exercise.target else {
                continue;
            };
            if traced.explored.visited.is_empty() {
                break;
            }
            let is_behind = behind(case, position, target);
            if is_behind {
                direct.push(exercise.test);
                called.push(index);
            }
        }
        for list in [&mut interface, &mut doubled, &mut setup, &mut direct] {
            list.sort_unstable();
            list.dedup();
        }
        contacts.interface = interface.len();
        contacts.doubled = doubled.len();
        contacts.setup = setup.len();
        contacts.direct = direct.len();
        let route = &mut audit.routes[number];
        route.verdict = if !interface.is_empty() {
            Verdict::Behavior
        } else if !doubled.is_empty() {
            Verdict::Doubled
        } else if !setup.is_empty() {
            Verdict::Setup
        } else if may_be_reached(case, position) {
            Verdict::Unknown
        } else if !direct.is_empty() {
            Verdict::Implementation
        } else {
            Verdict::Untested
        };
        if only_errors && !succeeds {
            route
                .remarks
                .push("only ever answered with an error: reached, but not shown to work".into());
        }
        route.contacts = contacts;
        if route.served {
            route.exercises.extend(called);
        }
    }
}

fn behind(case: &Case<'_>, position: usize, target: &crate::coverage::audit::Target) -> bool {
    case.links.routes[position]
        .explored
        .visited
        .iter()
        .any(|(module, function)| {
            case.world.loaded(*module).is_some_and(|unit| {
                let facts = unit.facts.function(*function);
                facts.line == target.line && target.file.as_deref() == Some(&*unit.path)
            })
        })
}

/// Might a call on something unknown be a request to this route?
fn may_be_reached(case: &Case<'_>, position: usize) -> bool {
    let key = &case.links.routes[position].key;
    let entry = Entry {
        kind: if key.is_websocket {
            EntryKind::Websocket
        } else {
            EntryKind::Http
        },
        methods: vec![key.method.clone()],
        path: key.path.clone(),
        name: "".into(),
        endpoint: Value::None,
        route: ObjectId(0),
        handler: None,
        places: Vec::new(),
        is_conditional: false,
        dependencies: Vec::new(),
        app: Value::None,
    };
    let table = Table {
        holders: 1,
        entries: vec![entry],
        is_open: false,
    };
    case.links
        .tests
        .iter()
        .filter(|traced| traced.walked.runs)
        .any(|traced| {
            traced.walked.unresolved.iter().any(|unresolved| {
                let (_, _, path, _) =
                    crate::project::values::operations::split_url(&unresolved.url);
                unresolved.method.is_empty() == key.is_websocket
                    && !paths::take(&table, key.is_websocket, &unresolved.method, path, false)
                        .routes
                        .is_empty()
            })
        })
}
