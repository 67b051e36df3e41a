//! Verdicts: what all exercises of one route amount to.
//!
//! A route that one test reaches through a client with nothing replaced is *behavior*, whatever else calls its handler directly.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::coverage::audit::{Audit, Confidence, Interface, Phase, Verdict};
use crate::coverage::judge::Case;
use crate::links::paths;
use crate::project::routes::{Entry, EntryKind, Table};
use crate::project::values::value::{ObjectId, Value};

pub fn decide(case: &Case<'_>, audit: &mut Audit) {
    let direct_calls = direct_calls(audit);
    let unresolved = unresolved(case);
    for position in 0..case.links.routes.len() {
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
        let called = called_behind(case, position, &direct_calls);
        direct.extend(called.iter().map(|call| audit.exercises[*call].test));
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
        } else if may_be_reached(case, position, &unresolved) {
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

/// Exercises by the function that they call, as file and line.
type DirectCalls = FxHashMap<(String, u32), Vec<usize>>;

fn direct_calls(audit: &Audit) -> DirectCalls {
    let mut calls = DirectCalls::default();
    for (index, exercise) in audit.exercises.iter().enumerate() {
        if exercise.interface == Interface::Direct
            && audit.tests[exercise.test].runs
            && let Some(target) = &exercise.target
            && let Some(file) = &target.file
        {
            calls
                .entry((file.clone(), target.line))
                .or_default()
                .push(index);
        }
    }
    calls
}

/// The direct calls of functions that the route leads to, in order.
fn called_behind(case: &Case<'_>, position: usize, direct_calls: &DirectCalls) -> Vec<usize> {
    let mut called = Vec::new();
    for (module, function) in &case.links.routes[position].explored.visited {
        if let Some(unit) = case.world.loaded(*module) {
            let line = unit.facts.function(*function).line;
            let calls = direct_calls.get(&(unit.path.to_string(), line));
            called.extend(calls.into_iter().flatten());
        }
    }
    called.sort_unstable();
    called.dedup();
    called
}

/// Requests on something unknown: is it a WebSocket's, the method, the path; each once.
fn unresolved(case: &Case<'_>) -> Vec<(bool, Arc<str>, String)> {
    let mut found: Vec<(bool, Arc<str>, String)> = case
        .links
        .tests
        .iter()
        .filter(|traced| traced.walked.runs)
        .flat_map(|traced| &traced.walked.unresolved)
        .map(|one| {
            let (_, _, path, _) = crate::project::values::urls::split_url(&one.url);
            (one.method.is_empty(), one.method.clone(), path.to_string())
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Might a call on something unknown be a request to this route?
fn may_be_reached(
    case: &Case<'_>,
    position: usize,
    unresolved: &[(bool, Arc<str>, String)],
) -> bool {
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
        tags: Vec::new(),
        app: Value::None,
        redirects_slashes: false,
    };
    let table = Table {
        holders: 1,
        entries: vec![entry],
        is_open: false,
    };
    unresolved.iter().any(|(is_websocket, method, path)| {
        *is_websocket == key.is_websocket
            && !paths::take(&table, key.is_websocket, method, path, false)
                .routes
                .is_empty()
    })
}
