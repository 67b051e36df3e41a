//! Gaps: what the bars count as uncovered, and what in the suite proves little. Each has a stable id, evidence, and what to do.
//!
//! `POST /orders` that no test touches is an `untested-route` of priority P0.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::coverage::audit::{
    Audit, BranchKind, Confidence, Evidence, Gap, Interface, Place, Priority, Route, RouteKind,
    Verdict,
};
use crate::coverage::gaps_of_frontend;
use crate::coverage::judge::Case;
use crate::coverage::reaches::Reach;
use crate::coverage::{
    blocking, degraded, gateways, hazards, infrastructure, networks, settings, skips, startup,
    unincluded, unmade,
};
use crate::project::routes::{Converters, unnamed};
use crate::project::world::CodePlace;

/// Of branches that are answered alike, so many are named.
const MOST_LIKE_IT: usize = 12;

pub fn find(case: &Case<'_>, audit: &mut Audit, reaches: &[Reach<'_>]) {
    let mut gaps = Vec::new();
    let keys = keys(&audit.routes);
    for (number, route) in audit
        .routes
        .iter()
        .enumerate()
        .filter(|(_, route)| route.served && !route.external)
    {
        gaps.extend(of_route(audit, number, route, &keys[number]));
        if route.shadowed_by.is_none() {
            gaps.extend(of_errors(audit, number, route, &keys[number]));
        }
    }
    gaps.extend(gaps_of_frontend::find(case, audit));
    for uncollectable in &case.links.uncollectable {
        let at = crate::coverage::judge::place(
            case.world,
            CodePlace {
                module: uncollectable.module,
                line: uncollectable.line,
            },
        );
        let found = gap(
            "uncollectable-tests",
            &at.file,
            Priority::P1,
            format!("{} can't be collected: {}", at.file, uncollectable.says),
            vec![Evidence {
                place: at.clone(),
                says: uncollectable.says.clone(),
                rule: Some("pytest/collection".into()),
            }],
            "make the file importable, or delete it",
            None,
        );
        gaps.push(if uncollectable.is_clash {
            found.only_possible()
        } else {
            found
        });
    }
    gaps.extend(hazards::assert_nothing(case, audit));
    gaps.extend(unbound(case, audit));
    for exercise in &audit.exercises {
        gaps.extend(gaps_of_frontend::of_test(audit, exercise));
        let is_unserved = exercise.route.is_none() && exercise.confidence == Confidence::Possible;
        if is_unserved
            && exercise.interface == Interface::Http
            && is_known_request(&exercise.method, &exercise.url)
            && exercise.statuses.iter().any(|status| *status < 400)
        {
            let Some(evidence) = exercise.evidence.last() else {
                continue;
            };
            let mut unserved = gap(
                "call-without-route",
                &format!(
                    "{}:{}:{}",
                    audit.tests[exercise.test].id, exercise.method, exercise.url
                ),
                Priority::P0,
                format!(
                    "{} {} is requested and no route serves it",
                    exercise.method, exercise.url
                ),
                vec![evidence.clone()],
                "add the route, or correct the URL",
                None,
            );
            // A suite that passes asks for nothing that is not there: a route is as likely not known, or another server's.
            unserved.confidence = Confidence::Possible;
            gaps.push(unserved);
        }
    }
    let mut gaps = once_for_each_place(gaps);
    gaps.extend(startup::gaps(case, audit));
    gaps.extend(settings::gaps(case));
    gaps.extend(networks::gaps(case));
    gaps.extend(gateways::gaps(case, audit));
    gaps.extend(unincluded::gaps(case));
    gaps.extend(unmade::gaps(case));
    gaps.extend(degraded::gaps(case, audit));
    gaps.extend(infrastructure::gaps(case, reaches));
    gaps.extend(skips::gaps(case, audit));
    gaps.extend(blocking::gaps(case, audit));
    gaps.extend(hazards::gaps(case, audit));
    gaps.sort_by(|one, two| {
        (one.priority, &one.kind, &one.title, &one.id).cmp(&(
            two.priority,
            &two.kind,
            &two.title,
            &two.id,
        ))
    });
    gaps.dedup_by(|one, two| one.id == two.id);
    audit.gaps = gaps;
}

/// A URL with holes may be another host's; a preflight is answered by a middleware.
fn is_known_request(method: &str, url: &str) -> bool {
    method != "OPTIONS" && !url.is_empty() && !url.contains("{}")
}

/// As titles name it: `GET /items`, `WebSocket /events`.
pub(super) fn what(route: &Route) -> String {
    let method = match route.kind {
        RouteKind::Http => &route.method,
        RouteKind::Websocket => "WebSocket",
    };
    format!("{method} {}", route.path)
}

pub(super) fn handler(route: &Route) -> Evidence {
    let place = Place {
        file: route.handler.file.clone().unwrap_or_default(),
        line: route.handler.line,
    };
    Evidence {
        place,
        says: format!(
            "{} handles {} {}",
            route.handler.name, route.method, route.path
        ),
        rule: None,
    }
}

/// Where the route was put before the others.
fn registered(route: &Route) -> impl Iterator<Item = Evidence> {
    let places = route.registered_by.iter();
    places.map(|place| Evidence {
        place: place.clone(),
        says: "registers the earlier one".into(),
        rule: None,
    })
}

/// What the id of a gap about each route is made of: what a client says, so that a file or a function can be called otherwise
/// tomorrow. Where several routes are the same to a client, their handlers' names tell them apart, then their files.
fn keys(routes: &[Route]) -> Vec<String> {
    let said = |route: &Route| {
        let path = unnamed(&route.path, Converters::Kept);
        format!("{:?} {} {path}", route.kind, route.method)
    };
    let named = |route: &Route| format!("{} {}", said(route), route.handler.name);
    let mut counts: FxHashMap<String, usize> = FxHashMap::default();
    for route in routes
        .iter()
        .filter(|route| route.served && !route.external)
    {
        *counts.entry(said(route)).or_default() += 1;
        *counts.entry(named(route)).or_default() += 1;
    }
    let is_sole = |key: &String| counts.get(key).is_none_or(|count| *count < 2);
    routes
        .iter()
        .map(|route| {
            let candidates = [said(route), named(route)];
            let sole = candidates.into_iter().find(is_sole);
            sole.unwrap_or_else(|| route.id.clone())
        })
        .collect()
}

fn of_route(audit: &Audit, number: usize, route: &Route, key: &str) -> Option<Gap> {
    let what = what(route);
    if let Some(other) = route.shadowed_by {
        let other = &audit.routes[other];
        // The same code answers, by whichever of them it is reached.
        if other.handler == route.handler {
            return None;
        }
        let (kind, title) = if hazards::is_catch_all(&other.path) {
            let title = format!("{what} is never reached: {} takes any path", other.path);
            ("route-behind-catch-all", title)
        } else {
            let title = format!("{what} is never reached: an earlier route takes its requests");
            ("shadowed-route", title)
        };
        return Some(gap(
            kind,
            key,
            Priority::P2,
            title,
            [handler(route), handler(other)]
                .into_iter()
                .chain(registered(other))
                .collect(),
            "remove it, or register it before the other",
            Some(number),
        ));
    }
    let (kind, priority, title, fix) = match (route.verdict, route.kind) {
        (Verdict::Untested | Verdict::Setup, RouteKind::Http) => (
            "untested-route",
            Priority::P0,
            format!("no test is about {what}"),
            "send the request in a test and assert its status and answer",
        ),
        (Verdict::Untested | Verdict::Setup, RouteKind::Websocket) => (
            "untested-websocket",
            Priority::P0,
            format!("no test connects to {what}"),
            "connect to it in a test and assert a message",
        ),
        (Verdict::Implementation, RouteKind::Http) => (
            "implementation-only-route",
            Priority::P0,
            format!("tests call the code behind {what}, none sends the request"),
            "send the request in a test, through a client",
        ),
        (Verdict::Implementation, RouteKind::Websocket) => (
            "untested-websocket",
            Priority::P0,
            format!("tests call the code behind {what}, none connects to it"),
            "connect to it in a test and assert a message",
        ),
        (Verdict::Doubled, _) => (
            "doubled-route",
            Priority::P1,
            format!("{what} is only reached with its own code or infrastructure replaced"),
            "add a test with the real thing",
        ),
        (Verdict::Behavior | Verdict::Unknown, _) => return None,
    };
    Some(gap(
        kind,
        key,
        priority,
        title,
        vec![handler(route)],
        fix,
        Some(number),
    ))
}

fn of_errors(audit: &Audit, number: usize, route: &Route, route_key: &str) -> Vec<Gap> {
    let asserted: Vec<u16> = route
        .exercises
        .iter()
        .map(|exercise| &audit.exercises[*exercise])
        .filter(|exercise| {
            exercise.confidence >= Confidence::Likely
                && exercise.interface != Interface::Direct
                && audit.tests[exercise.test].runs
        })
        .flat_map(|exercise| exercise.statuses.iter().copied())
        .collect();
    let mut gaps: Vec<Gap> = Vec::new();
    for branch in &route.error_branches {
        let branch = &audit.error_branches[*branch];
        let Some(status) = branch.status.filter(|status| *status >= 400) else {
            continue;
        };
        if asserted.contains(&status) {
            continue;
        }
        let what = what(route);
        let is_unhandled = branch.is_unhandled && branch.kind == BranchKind::Raise;
        let kind = if is_unhandled {
            "unhandled-exception"
        } else {
            "untested-error"
        };
        let priority = match status {
            401 | 403 => Priority::P0,
            422 => Priority::P2,
            _ => Priority::P1,
        };
        let key = format!("{route_key}:{status}");
        if gaps.iter().any(|known| known.id == id(kind, &key)) {
            continue;
        }
        let exception = branch
            .exception
            .clone()
            .unwrap_or_else(|| "an error answer".into());
        let place = if branch.place.file.is_empty() {
            handler(route).place
        } else {
            branch.place.clone()
        };
        let (title, fix) = if is_unhandled {
            (
                format!("{exception} behind {what} becomes a 500"),
                "turn it into an answer, and test that",
            )
        } else {
            (
                format!("no test asserts {status} of {what}"),
                "provoke it in a test and assert the status",
            )
        };
        let found = gap(
            kind,
            &key,
            priority,
            title,
            vec![Evidence {
                place,
                says: format!("{exception}, answered {status}"),
                rule: None,
            }],
            fix,
            Some(number),
        );
        // What guards the line elsewhere is not seen, and a check of the program against itself never fails.
        let found = if is_unhandled {
            found.only_possible()
        } else {
            found
        };
        gaps.push(Gap {
            status: Some(status),
            ..found
        });
    }
    for gap in &mut gaps {
        let others = others_like(audit, route, &gap.evidence);
        gap.evidence.extend(others);
    }
    gaps
}

/// A name that nothing binds, in code that a route runs.
fn unbound(case: &Case<'_>, audit: &Audit) -> Vec<Gap> {
    let found = case.links.unbound.iter().map(|one| {
        let at = crate::coverage::judge::place(case.world, one.place);
        let (module, function) = one.function;
        let function = case.world.loaded(module).map_or("", |unit| {
            let facts = unit.facts.function(function);
            unit.facts.name(facts.qualified_name)
        });
        let links = case.links.routes.iter().enumerate();
        let behind = links
            .filter(|(_, route)| route.is_served && route.explored.visited.contains(&one.function));
        let behind = behind.map(|(position, _)| &audit.routes[case.route_at[position]]);
        let mut evidence = vec![Evidence {
            place: at.clone(),
            says: format!("NameError: name '{}' is not defined", one.name),
            rule: None,
        }];
        evidence.extend(behind.take(MOST_LIKE_IT).map(handler));
        gap(
            "unhandled-exception",
            &format!("{}:{function}:{}", at.file, one.name),
            Priority::P1,
            format!(
                "{function} uses {}, which nothing binds: a NameError",
                one.name
            ),
            evidence,
            "bind the name, and let a test run the line",
            None,
        )
    });
    found.collect()
}

/// An exception that nothing handles is one gap, however many routes lead to it.
fn once_for_each_place(gaps: Vec<Gap>) -> Vec<Gap> {
    let mut kept: Vec<Gap> = Vec::new();
    let mut counts: BTreeMap<(String, u32), (usize, usize)> = BTreeMap::new();
    for gap in gaps {
        let place = gap.evidence.first().map(|first| &first.place);
        let Some(place) = place.filter(|_| gap.kind == "unhandled-exception") else {
            kept.push(gap);
            continue;
        };
        let key = (place.file.clone(), place.line);
        match counts.get_mut(&key) {
            Some((_, more)) => *more += 1,
            None => {
                counts.insert(key, (kept.len(), 0));
                kept.push(gap);
            }
        }
    }
    for (position, more) in counts.into_values().filter(|(_, more)| *more > 0) {
        let gap = &mut kept[position];
        gap.title = format!("{}, and behind {more} other routes", gap.title);
    }
    kept
}

/// The other branches of the route that are answered alike.
fn others_like(audit: &Audit, route: &Route, first: &[Evidence]) -> Vec<Evidence> {
    let Some(first) = first.first() else {
        return Vec::new();
    };
    let branches = route.error_branches.iter();
    let branches = branches.map(|branch| &audit.error_branches[*branch]);
    let own = branches.clone().find(|branch| {
        branch.place == first.place && first.says.ends_with(&answered(branch.status))
    });
    let Some(own) = own else { return Vec::new() };
    branches
        .filter(|branch| branch.status == own.status && branch.is_unhandled == own.is_unhandled)
        .filter(|branch| !branch.place.file.is_empty() && branch.place != own.place)
        .take(MOST_LIKE_IT)
        .map(|branch| Evidence {
            place: branch.place.clone(),
            says: format!("{}, too", answered(branch.status)),
            rule: None,
        })
        .collect()
}

fn answered(status: Option<u16>) -> String {
    status.map_or_else(String::new, |status| format!("answered {status}"))
}

/// A gap that is certain. `key` says what it is about, and never holds a line.
pub(super) fn gap(
    kind: &str,
    key: &str,
    priority: Priority,
    title: String,
    evidence: Vec<Evidence>,
    fix: &str,
    route: Option<usize>,
) -> Gap {
    Gap {
        id: id(kind, key),
        kind: kind.into(),
        priority,
        confidence: Confidence::Certain,
        title,
        evidence,
        fix: fix.into(),
        route,
        status: None,
        about: None,
        waiver: None,
    }
}

impl Gap {
    /// For what nobody has shown yet to be right often enough.
    pub(super) fn only_possible(self) -> Gap {
        Gap {
            confidence: Confidence::Possible,
            ..self
        }
    }

    /// For what has no route: its name.
    pub(super) fn about(self, name: &str) -> Gap {
        Gap {
            about: Some(name.to_string()),
            ..self
        }
    }

    /// For what is right nine times in ten, and rests on a guess.
    pub(super) fn only_likely(self) -> Gap {
        Gap {
            confidence: Confidence::Likely,
            ..self
        }
    }
}

/// Stable when lines move: made of the kind and what it is about (FNV-1a, 64 bits).
fn id(kind: &str, key: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in key.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{kind}-{:010x}", hash & 0xff_ffff_ffff)
}
