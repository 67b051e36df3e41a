//! What the bar of the frontend counts: requests of its pages that a route serves, and the test that sends the same.
//!
//! A page's `fetch("/api/items")` is covered when a test sends `client.get("/api/items")`.

use std::collections::BTreeMap;

use crate::coverage::audit::{
    Audit, Bar, BarId, BarItem, Confidence, Evidence, Interface, Place, Side,
};
use crate::coverage::bars::{measured, not_analyzed};
use crate::coverage::contexts;
use crate::coverage::frontend::{Judged, Served, Width, judged, place};
use crate::coverage::judge::Case;
use crate::project::frontend::effects::RequestKind;
use crate::project::frontend::look::{FoundCall, State};
use crate::project::routes::shown;
use crate::project::values::urls::split_url;
use crate::project::values::value::HOLE;

/// Bars 6 and 7.
pub fn bars(case: &Case<'_>, audit: &Audit) -> [Bar; 2] {
    let frontend = case.frontend;
    match &frontend.state {
        State::Pages => {}
        State::None => {
            return [
                empty(BarId::FrontendIntegration, "the project has no frontend"),
                empty(BarId::ReactProviderTree, "the project has no React code"),
            ];
        }
        State::Unknown => {
            let why = format!(
                "no page and no beginning was found in {}",
                frontend.without.join(", ")
            );
            return [
                not_analyzed(BarId::FrontendIntegration, &why),
                not_analyzed(BarId::ReactProviderTree, &why),
            ];
        }
    }
    [requests(case, audit), contexts::bar(case, audit)]
}

fn empty(id: BarId, why: &str) -> Bar {
    measured(id, Side::Behavior, Vec::new(), "", why)
}

fn requests(case: &Case<'_>, audit: &Audit) -> Bar {
    let id = BarId::FrontendIntegration;
    if !case.links.routes.iter().any(|route| route.is_served) {
        return not_analyzed(id, "no served app was found to ask");
    }
    let mut items: BTreeMap<(String, String), BarItem> = BTreeMap::new();
    for one in judged(case) {
        let call = &one.found.call;
        let counts = match &one.served {
            Served::Itself | Served::Otherwise => false,
            Served::By(..)
            | Served::Opaque
            | Served::Unincluded
            | Served::OtherMethod(_)
            | Served::Nowhere => true,
        };
        if !one.found.is_reachable || !counts {
            continue;
        }
        let path = shown(&call.path);
        let covered_by = covered_by(&one, audit);
        let item = items
            .entry((path, method_of(one.found).to_string()))
            .or_insert_with(|| BarItem {
                name: name_of(one.found),
                place: one.found.places.first().map(place),
                covered: false,
                evidence: evidence(&one, audit),
            });
        if let Some(evidence) = covered_by {
            item.covered = true;
            item.evidence.push(evidence);
        }
    }
    let mut counts = String::from("requests of its pages that a route serves and a test sends");
    if !case.frontend.missing.is_empty() {
        counts = format!(
            "{counts}; {} of its imports lead to files that are not here",
            case.frontend.missing.len()
        );
    }
    measured(
        id,
        Side::Behavior,
        items.into_values().collect(),
        &counts,
        "no page of the frontend sends a request",
    )
}

pub fn method_of(found: &FoundCall) -> &str {
    match (found.call.kind, &*found.call.method) {
        (RequestKind::Websocket, _) => "WebSocket",
        (RequestKind::Http, "") => "any method of",
        (RequestKind::Http, method) => method,
    }
}

pub fn name_of(found: &FoundCall) -> String {
    format!("{} {}", method_of(found), shown(&found.call.path))
}

/// Where it is asked for, from which pages, and who serves it.
pub fn evidence(one: &Judged<'_>, audit: &Audit) -> Vec<Evidence> {
    let found = one.found;
    let mut evidence = Vec::new();
    for at in found.places.iter().take(3) {
        evidence.push(Evidence {
            place: place(at),
            says: format!("asks for {}", name_of(found)),
            rule: Some(found.call.rule.to_string()).filter(|rule| !rule.is_empty()),
        });
    }
    if let (Some(at), Some(page)) = (found.places.first(), found.pages.first()) {
        let more = match found.page_count {
            0 | 1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        evidence.push(Evidence {
            place: place(at),
            says: format!("the module is loaded by the page {}{more}", shown(page)),
            rule: None,
        });
    }
    if let Served::By(_, Width::Assumed) = one.served
        && let Some(at) = found.places.first()
    {
        evidence.push(Evidence {
            place: place(at),
            says: format!(
                "calls that begin with {} are served without it; what takes it away is not here",
                one.beginning()
            ),
            rule: None,
        });
    }
    let routes = one.served.routes().iter();
    for route in routes.filter_map(|route| audit.routes.get(*route)).take(2) {
        evidence.push(Evidence {
            place: Place {
                file: route.handler.file.clone().unwrap_or_default(),
                line: route.handler.line,
            },
            says: format!("{} {} has this path", route.method, route.path),
            rule: None,
        });
    }
    evidence
}

/// The test that sends the same request. Of several routes that it may be for, each has one.
fn covered_by(one: &Judged<'_>, audit: &Audit) -> Option<Evidence> {
    let Served::By(routes, width) = one.served else {
        return None;
    };
    let sent: Option<Vec<usize>> = routes
        .iter()
        .map(|route| sent_to(one.found, *route, *width, audit))
        .collect();
    let test = audit.tests.get(*sent?.first()?)?;
    let supposed = match width {
        Width::Own | Width::CatchAll => String::new(),
        Width::Assumed => format!(", if {} is taken away on the way", one.beginning()),
    };
    Some(Evidence {
        place: test.place.clone(),
        says: format!("{} sends it{supposed}", test.id),
        rule: None,
    })
}

/// A test that sends the call to the route.
fn sent_to(found: &FoundCall, route: usize, width: Width, audit: &Audit) -> Option<usize> {
    let exercises = audit.routes.get(route)?.exercises.iter();
    let mut exercises = exercises.filter_map(|exercise| audit.exercises.get(*exercise));
    let exercise = exercises.find(|exercise| {
        let is_same = match found.call.kind {
            RequestKind::Websocket => exercise.interface == Interface::Websocket,
            RequestKind::Http => {
                matches!(exercise.interface, Interface::Http | Interface::Browser)
                    && (found.call.method.is_empty() || exercise.method == *found.call.method)
            }
        };
        is_same
            && (width != Width::CatchAll || is_same_path(&exercise.url, &found.call.path))
            && exercise.confidence >= Confidence::Likely
            && audit.tests.get(exercise.test).is_some_and(|test| test.runs)
    })?;
    Some(exercise.test)
}

/// Do a test's URL and a call's path agree where both are known?
fn is_same_path(url: &str, path: &str) -> bool {
    let (_, host, asked, _) = split_url(url);
    let url = format!("{host}{asked}");
    let ours: Vec<&str> = path.trim_matches('/').split('/').collect();
    let theirs: Vec<&str> = url.trim_matches('/').split('/').collect();
    // A host or a base may stand before.
    let Some(skip) = theirs.len().checked_sub(ours.len()) else {
        return false;
    };
    if skip > 1 {
        return false;
    }
    ours.iter()
        .zip(theirs.iter().skip(skip))
        .all(|(one, two)| one == two || one.contains(HOLE) || two.contains("{}"))
}
