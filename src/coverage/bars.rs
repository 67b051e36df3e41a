//! Bars: covered and total of each dimension, and how the suite touches the system.
//!
//! Four live routes of which a test reaches three through a client make an HTTP bar of 3/4.

use std::collections::{BTreeMap, BTreeSet};

use crate::coverage::audit::{
    Audit, Bar, BarId, BarItem, BarState, Confidence, Interface, Place, RouteKind, Side, Touch,
    Verdict,
};
use crate::coverage::judge::{Case, place};
use crate::coverage::reaches::Reach;
use crate::coverage::{bars_of_frontend, contexts, infrastructure, settings, startup};
use crate::links::services::Service;
use crate::project::world::ModuleId;

pub fn draw(case: &Case<'_>, audit: &mut Audit, reaches: &[Reach<'_>]) {
    let mut bars = services(case);
    bars.push(routes(audit, RouteKind::Http));
    bars.push(routes(audit, RouteKind::Websocket));
    let [frontend, providers] = bars_of_frontend::bars(case, audit);
    audit.contexts = contexts::trees(case, &providers);
    bars.extend([frontend, providers]);
    bars.push(startup::bar(case, audit));
    bars.push(errors(audit));
    bars.push(infrastructure::bar(case, reaches));
    bars.push(settings::bar(case, audit));
    audit.infrastructure = infrastructure::by_test(case, audit, reaches);
    audit.bars = bars;
    audit.touch = touch(audit);
}

pub(super) fn not_analyzed(id: BarId, why: &str) -> Bar {
    Bar {
        id,
        side: Side::Behavior,
        state: BarState::NotAnalyzed,
        covered: 0,
        doubled: 0,
        setup: 0,
        total: 0,
        why: why.into(),
        items: Vec::new(),
    }
}

pub(super) fn measured(
    id: BarId,
    side: Side,
    items: Vec<BarItem>,
    counts: &str,
    absent: &str,
) -> Bar {
    let total = items.len();
    Bar {
        id,
        side,
        state: if total == 0 {
            BarState::NotApplicable
        } else {
            BarState::Measured
        },
        covered: items.iter().filter(|item| item.covered).count(),
        doubled: 0,
        setup: 0,
        total,
        why: if total == 0 {
            absent.into()
        } else {
            counts.into()
        },
        items,
    }
}

/// Routes that count: registered in a served app, not hidden by another, with a handler of the project.
fn routes(audit: &Audit, kind: RouteKind) -> Bar {
    let counted: Vec<_> = audit
        .routes
        .iter()
        .filter(|route| {
            route.kind == kind && route.served && route.shadowed_by.is_none() && !route.external
        })
        .collect();
    let items = counted
        .iter()
        .map(|route| BarItem {
            name: format!("{} {}", route.method, route.path)
                .trim()
                .to_string(),
            place: route.handler.file.as_ref().map(|file| Place {
                file: file.clone(),
                line: route.handler.line,
            }),
            covered: route.verdict == Verdict::Behavior,
            evidence: Vec::new(),
        })
        .collect();
    let (id, absent) = match kind {
        RouteKind::Http => (BarId::HttpEndpoints, "no HTTP route is served"),
        RouteKind::Websocket => (BarId::WebsocketEndpoints, "no WebSocket route is served"),
    };
    let mut bar = measured(
        id,
        Side::Behavior,
        items,
        "served routes that a running test reaches with nothing replaced behind them",
        absent,
    );
    bar.doubled = counted
        .iter()
        .filter(|route| route.verdict == Verdict::Doubled)
        .count();
    bar.setup = counted
        .iter()
        .filter(|route| route.verdict == Verdict::Setup)
        .count();
    bar
}

/// Distinct (route, error status), covered when a test of that route asserts exactly that status.
fn errors(audit: &Audit) -> Bar {
    let mut items = Vec::new();
    for route in audit
        .routes
        .iter()
        .filter(|route| route.served && route.shadowed_by.is_none() && !route.external)
    {
        let mut statuses: BTreeMap<u16, Option<Place>> = BTreeMap::new();
        for branch in &route.error_branches {
            let branch = &audit.error_branches[*branch];
            if let Some(status) = branch.status.filter(|status| *status >= 400) {
                let place = (!branch.place.file.is_empty()).then(|| branch.place.clone());
                statuses.entry(status).or_insert(place);
            }
        }
        let asserted: BTreeSet<u16> = route
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
        for (status, place) in statuses {
            items.push(BarItem {
                name: format!("{status} of {} {}", route.method, route.path),
                place,
                covered: asserted.contains(&status),
                evidence: Vec::new(),
            });
        }
    }
    measured(
        BarId::ErrorHandling,
        Side::Behavior,
        items,
        "error answers of served routes that a test asserts",
        "no route can answer with an error",
    )
}

fn services(case: &Case<'_>) -> Vec<Bar> {
    let found = &case.links.services;
    let mut constructed: BTreeSet<(ModuleId, u32)> = BTreeSet::new();
    let mut called: BTreeSet<(ModuleId, u32)> = BTreeSet::new();
    let mut started: BTreeSet<(ModuleId, u32)> = BTreeSet::new();
    for traced in case.links.tests.iter().filter(|traced| traced.walked.runs) {
        constructed.extend(
            traced
                .walked
                .constructed
                .iter()
                .map(|(module, class)| (*module, class.0)),
        );
        for call in &traced.walked.calls {
            called.insert((call.module, call.function.0));
            if let Some((module, class)) = call.class {
                let is_lifecycle = case.world.loaded(call.module).is_some_and(|unit| {
                    let name = unit.facts.name(unit.facts.function(call.function).name);
                    case.world
                        .rules
                        .names
                        .lifecycle
                        .iter()
                        .any(|known| known == name)
                });
                if is_lifecycle {
                    started.insert((module, class.0));
                }
            }
        }
    }
    let item = |service: &Service, covered: bool| BarItem {
        name: service.name.clone(),
        place: Some(place(case.world, service.place)),
        covered,
        evidence: Vec::new(),
    };
    let made = found
        .iter()
        .map(|service| {
            item(
                service,
                constructed.contains(&(service.module, service.class.0)),
            )
        })
        .collect();
    let begun = found
        .iter()
        .filter(|service| !service.lifecycle.is_empty())
        .map(|service| {
            item(
                service,
                started.contains(&(service.module, service.class.0)),
            )
        })
        .collect();
    let mut methods = Vec::new();
    for service in found {
        for (function, name) in &service.methods {
            methods.push(BarItem {
                name: format!("{}.{name}", service.name),
                place: Some(place(case.world, service.place)),
                covered: called.contains(&(service.module, *function)),
                evidence: Vec::new(),
            });
        }
    }
    vec![
        measured(
            BarId::BackendServices,
            Side::Implementation,
            made,
            "live service classes that a running test constructs",
            "no live class is named like a service",
        ),
        measured(
            BarId::ServiceInitialization,
            Side::Implementation,
            begun,
            "those with a life cycle that a test starts",
            "no service has a life cycle of its own",
        ),
        measured(
            BarId::DirectServiceCalls,
            Side::Implementation,
            methods,
            "their public methods that a test calls directly",
            "no service has a public method",
        ),
    ]
}

fn touch(audit: &Audit) -> Touch {
    let mut touch = Touch::default();
    for test in audit.tests.iter().filter(|test| test.runs) {
        let exercises = || {
            test.exercises
                .iter()
                .map(|exercise| &audit.exercises[*exercise])
        };
        let through = |doubled: bool| {
            exercises().any(|exercise| {
                exercise.interface != Interface::Direct
                    && exercise.route.is_some()
                    && exercise.doubles.is_empty() != doubled
            })
        };
        if through(false) {
            touch.interface += 1;
        } else if through(true) {
            touch.doubled += 1;
        } else if exercises().any(|exercise| exercise.interface == Interface::Direct) {
            touch.direct += 1;
        } else {
            touch.none += 1;
        }
    }
    touch
}
