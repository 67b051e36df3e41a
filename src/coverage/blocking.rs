//! Blocking calls as gaps: one for each function and what it calls, with the way from a route or from the start-up.
//!
//! `requests.get` in `async def fetch`, which `GET /report` awaits, is a `blocking-call` of priority P1 that can stall that route and
//! every other one that the same event loop serves.

use std::collections::BTreeMap;

use crate::coverage::audit::{Audit, Confidence, Evidence, Gap, Place, Priority, Route};
use crate::coverage::gaps::gap;
use crate::coverage::judge::{Case, place};
use crate::links::blocking::Blocked;
use crate::project::values::machine::Activation;
use crate::project::world::CodePlace;

/// Of the routes that can be stalled, so many are named.
const MOST_ROUTES: usize = 3;

pub fn gaps(case: &Case<'_>, audit: &Audit) -> Vec<Gap> {
    // Several lines of one function that call the same are one finding.
    let mut groups: BTreeMap<(String, String, &str, &str), Vec<&Blocked>> = BTreeMap::new();
    for blocked in &case.links.blocked {
        let at = place(case.world, blocked.place);
        let client = &case.world.rules.blocking.blocking[blocked.rule].client;
        let last = blocked.path.rsplit('.').next().unwrap_or(&blocked.path);
        let key = (
            at.file,
            name_of(case, blocked.caller),
            client.as_str(),
            last,
        );
        groups.entry(key).or_default().push(blocked);
    }
    groups
        .into_iter()
        .filter_map(|((file, function, client, last), calls)| {
            let key = format!("{file}:{function}:{client}:{last}");
            of_group(case, audit, &key, &function, &calls)
        })
        .collect()
}

fn of_group(
    case: &Case<'_>,
    audit: &Audit,
    key: &str,
    function: &str,
    calls: &[&Blocked],
) -> Option<Gap> {
    let mut routes: Vec<usize> = calls
        .iter()
        .flat_map(|call| &call.routes)
        .map(|position| case.route_at[*position])
        .collect();
    routes.sort_unstable();
    routes.dedup();
    let is_at_start = calls.iter().any(|call| call.is_at_start);
    let seen_from = |call: &&&Blocked| !call.routes.is_empty() || call.is_at_start;
    let first = calls.iter().find(seen_from).or(calls.first())?;
    let rule = &case.world.rules.blocking.blocking[first.rule];
    let has_timeout = calls.iter().all(|call| call.has_timeout);
    let shown = first.path.replace("()", "");
    let title = format!(
        "{shown} in {function} waits for {}{} while the event loop stands still{}",
        rule.waits_for,
        if has_timeout {
            ""
        } else {
            ", without a timeout,"
        },
        match (is_at_start, routes.len()) {
            (true, 0) => ": at the start".to_string(),
            (true, _) => ": at the start, and of requests".to_string(),
            (false, 0) => String::new(),
            (false, 1) => format!(": {}", name(&audit.routes[routes[0]])),
            (false, more) => format!(": {more} routes"),
        }
    );
    let mut gap = gap(
        "blocking-call",
        key,
        if rule.priority == "P2" {
            Priority::P2
        } else {
            Priority::P1
        },
        title,
        evidence(case, audit, first, calls, &routes),
        "await an asynchronous client, or hand the call to a thread: `await asyncio.to_thread(…)`",
        None,
    );
    if routes.is_empty() && !is_at_start {
        gap.confidence = Confidence::Likely;
    }
    Some(gap)
}

fn evidence(
    case: &Case<'_>,
    audit: &Audit,
    first: &Blocked,
    calls: &[&Blocked],
    routes: &[usize],
) -> Vec<Evidence> {
    let says = |place: Place, says: String| Evidence {
        place,
        says,
        rule: None,
    };
    let mut evidence = vec![Evidence {
        place: place(case.world, first.place),
        says: format!("calls {}", first.path),
        rule: Some("asyncio/blocking-call".into()),
    }];
    let step = |frame: &Activation| {
        let at = CodePlace {
            module: frame.module,
            line: frame.line,
        };
        let name = name_of(case, (frame.module, frame.function));
        says(place(case.world, at), format!("{name} leads there"))
    };
    // The call itself is said already.
    let way = first.way.iter().chain(&first.inside);
    let mut way: Vec<Evidence> = way.map(step).collect();
    way.pop();
    // From the call outwards, and then the routes: as a traceback, read from its end.
    evidence.extend(way.into_iter().rev());
    for route in routes.iter().take(MOST_ROUTES) {
        let route = &audit.routes[*route];
        let at = Place {
            file: route.handler.file.clone().unwrap_or_default(),
            line: route.handler.line,
        };
        evidence.push(says(at, format!("{} waits with it", name(route))));
    }
    for other in calls {
        if other.place != first.place {
            let at = place(case.world, other.place);
            evidence.push(says(at, format!("calls {}, too", other.path)));
        }
    }
    evidence
}

fn name(route: &Route) -> String {
    format!("{} {}", route.method, route.path)
        .trim()
        .to_string()
}

fn name_of(case: &Case<'_>, (module, function): crate::links::startup::Code) -> String {
    case.world.loaded(module).map_or_else(String::new, |unit| {
        unit.facts
            .name(unit.facts.function(function).qualified_name)
            .to_string()
    })
}
