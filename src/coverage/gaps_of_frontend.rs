//! Gaps of the frontend: calls and WebSockets that no route takes, and consumers whose provider is not mounted.
//!
//! A page's `fetch("/api/item")` beside `@app.get("/api/items")` is a `call-without-route`.

use std::collections::BTreeSet;

use crate::coverage::audit::{
    Audit, Confidence, Evidence, Exercise, Gap, Interface, Priority, RouteKind,
};
use crate::coverage::bars_of_frontend::{evidence, name_of};
use crate::coverage::frontend::{self, Judged, Served, Width, place};
use crate::coverage::gaps::gap;
use crate::coverage::judge::Case;
use crate::project::frontend::effects::RequestKind;
use crate::project::frontend::look::{FoundContext, State};
use crate::project::frontend::value::ScriptId;
use crate::project::routes::shown;
use crate::project::values::urls::split_url;
use crate::project::values::value::HOLE;

/// As many served calls show that the frontend asks this app.
const ENOUGH_SERVED: usize = 3;
/// So many calls without a route to one with a route are the app's own mistakes.
const MOST_NOWHERE: usize = 3;

pub fn find(case: &Case<'_>, audit: &Audit) -> Vec<Gap> {
    let frontend = case.frontend;
    if frontend.state != State::Pages || !case.links.routes.iter().any(|route| route.is_served) {
        return Vec::new();
    }
    let judged = frontend::judged(case);
    let trusted = trusted(&judged);
    let served = served_places(&judged);
    let has_sockets = audit
        .routes
        .iter()
        .any(|route| route.served && route.kind == RouteKind::Websocket);
    let mut gaps: Vec<Gap> = judged
        .iter()
        .filter_map(|one| {
            let call = &one.found.call;
            // What one line asks for in several ways may never be sent in this one.
            let is_alone = !call.places.iter().any(|place| served.contains(place));
            // An application without WebSockets leaves them to another server.
            let is_ours = call.kind == RequestKind::Http || has_sockets;
            let is_trusted = !case.links.beyond.is_open
                && trusted.contains(one.found.package.as_str())
                && is_alone
                && is_ours;
            of_call(case, audit, one, is_trusted)
        })
        .collect();
    for context in &frontend.contexts {
        gaps.extend(of_context(context));
    }
    gaps
}

/// Where something is asked for that a route serves.
fn served_places<'a>(judged: &'a [Judged<'_>]) -> BTreeSet<&'a (ScriptId, u32)> {
    judged
        .iter()
        .filter(|one| matches!(one.served, Served::By(_, Width::Own)))
        .flat_map(|one| &one.found.call.places)
        .collect()
}

/// The packages whose calls show that they ask this app: most of their calls find a route, or enough of them do.
fn trusted<'a>(judged: &'a [Judged<'_>]) -> BTreeSet<&'a str> {
    let packages: BTreeSet<&str> = judged
        .iter()
        .map(|one| one.found.package.as_str())
        .collect();
    let is_trusted = |package: &&str| {
        let own = || judged.iter().filter(|one| one.found.package == *package);
        let by = |width: Width| {
            own()
                .filter(|one| matches!(one.served, Served::By(_, found) if *found == width))
                .count()
        };
        let nowhere = own()
            .filter(|one| one.found.is_reachable && *one.served == Served::Nowhere)
            .count();
        let served = by(Width::Own);
        let is_asked = served >= ENOUGH_SERVED || served * 2 >= own().count();
        // A frontend of which most calls find no route talks to another server, too.
        is_asked && (served + by(Width::CatchAll)) * MOST_NOWHERE >= nowhere
    };
    packages.into_iter().filter(is_trusted).collect()
}

/// A request of a test that no route takes, and whose answer the test says too little about to be sure that it is meant to succeed.
pub fn of_test(audit: &Audit, exercise: &Exercise) -> Option<Gap> {
    let is_unserved = exercise.route.is_none() && exercise.confidence == Confidence::Possible;
    let is_known =
        !exercise.url.is_empty() && !has_hole(&exercise.url) && exercise.method != "OPTIONS";
    let test = audit.tests.get(exercise.test).filter(|test| test.runs)?;
    let (kind, name) = match exercise.interface {
        Interface::Http => (
            "call-without-route",
            format!("{} {}", exercise.method, exercise.url),
        ),
        Interface::Websocket => (
            "websocket-without-route",
            format!("WebSocket {}", exercise.url),
        ),
        Interface::Browser | Interface::Direct => return None,
    };
    if !is_unserved || !is_known || !exercise.statuses.is_empty() {
        return None;
    }
    let mut gap = gap(
        kind,
        &format!("{}:{name}", test.id),
        Priority::P0,
        format!("{name} is requested by {} and no route serves it", test.id),
        exercise.evidence.last().cloned().into_iter().collect(),
        "add the route, or correct the URL",
        None,
    );
    gap.confidence = Confidence::Possible;
    Some(gap)
}

/// Is a part of the URL before its query not known?
fn has_hole(url: &str) -> bool {
    let (_, host, path, _) = split_url(url);
    host.contains("{}") || path.contains("{}")
}

fn of_call(case: &Case<'_>, audit: &Audit, one: &Judged<'_>, is_trusted: bool) -> Option<Gap> {
    let call = &one.found.call;
    let name = name_of(one.found);
    let (says, is_sure) = match one.served {
        Served::Nowhere => (
            format!("the frontend asks for {name}, and no route serves it"),
            true,
        ),
        Served::OtherMethod(route) => {
            let other = audit
                .routes
                .get(*route)
                .map_or("", |route| route.method.as_str());
            let says =
                format!("the frontend asks for {name}, and the path is served for {other} only");
            (says, true)
        }
        Served::By(routes, Width::CatchAll) => {
            let route = routes.first().and_then(|route| audit.routes.get(*route))?;
            let says = format!(
                "the frontend asks for {name}, which only the catch-all {} takes",
                route.path
            );
            (says, false)
        }
        Served::By(routes, Width::Assumed) => {
            let route = routes.first().and_then(|route| audit.routes.get(*route))?;
            let says = format!(
                "the frontend asks for {name}, which {} takes only behind a proxy that takes {} away, and none is here",
                route.path,
                one.beginning()
            );
            (says, false)
        }
        Served::Unincluded => (
            format!("the frontend asks for {name}, whose router no served app includes"),
            false,
        ),
        Served::By(_, Width::Own) | Served::Itself | Served::Opaque | Served::Otherwise => {
            return None;
        }
    };
    let is_known = is_trusted
        && is_sure
        && one.found.is_reachable
        && has_own_beginning(case, &call.path, call.has_unknown_base);
    let is_vague = call.has_unknown_base || call.is_guess || call.path.contains(HOLE);
    let confidence = match (is_known, is_vague) {
        (false, _) => Confidence::Possible,
        (true, true) => Confidence::Likely,
        (true, false) => Confidence::Certain,
    };
    let kind = match call.kind {
        RequestKind::Http => "call-without-route",
        RequestKind::Websocket => "websocket-without-route",
    };
    let says = if one.found.is_reachable {
        says
    } else {
        format!("{says}; no page loads the module")
    };
    let priority = if one.found.is_reachable {
        Priority::P0
    } else {
        Priority::P2
    };
    let mut gap = gap(
        kind,
        &format!("frontend:{name}"),
        priority,
        says,
        evidence(one, audit),
        "add the route, or correct the URL",
        None,
    )
    .about(&name);
    gap.confidence = confidence;
    Some(gap)
}

/// Does a route begin as the path does? One that begins otherwise may be meant for another server.
fn has_own_beginning(case: &Case<'_>, path: &str, has_unknown_base: bool) -> bool {
    let begin = path.split('/').find(|part| !part.is_empty());
    begin.is_some_and(|begin| !begin.contains(HOLE))
        && (frontend::begins_as_route(case, path) || !has_unknown_base)
}

fn of_context(context: &FoundContext) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let is_mounted = !context.pages.is_empty();
    let is_mounted_somewhere = context.mounted_by.iter().any(|one| one.is_reachable);
    let hook = context
        .hooks
        .first()
        .map_or("its hook", |hook| hook.name.as_str());
    let about = |says: String| Evidence {
        place: place(&context.place),
        says,
        rule: Some("react/context".into()),
    };
    if !is_mounted {
        for consumer in &context.consumers {
            let (priority, confidence) = match (consumer.is_reachable, is_mounted_somewhere) {
                (true, false) => (Priority::P0, Confidence::Likely),
                (true, true) => (Priority::P0, Confidence::Possible),
                (false, _) => (Priority::P2, Confidence::Possible),
            };
            let unloaded = if consumer.is_reachable {
                ""
            } else {
                "; no page loads the module"
            };
            let mut gap = gap(
                "missing-provider",
                &format!("{}:{}:{}", consumer.place.0, consumer.name, context.name),
                priority,
                format!(
                    "{} calls {hook}, and no page mounts the provider of {}{unloaded}",
                    consumer.name, context.name
                ),
                vec![
                    Evidence {
                        place: place(&consumer.place),
                        says: format!("calls {hook}"),
                        rule: Some("react/context".into()),
                    },
                    about(format!(
                        "{} has no value outside of its provider",
                        context.name
                    )),
                ],
                "mount the provider above it, in the root or a layout",
                None,
            );
            gap.confidence = confidence;
            gaps.push(gap);
        }
    }
    for at in &context.bare {
        let mut gap = gap(
            "missing-provider",
            &format!("test:{}:{}", at.0, context.name),
            Priority::P1,
            format!(
                "{} renders a component that needs {} without its provider",
                at.0, context.name
            ),
            vec![
                Evidence {
                    place: place(at),
                    says: "renders it bare".into(),
                    rule: Some("react/render".into()),
                },
                about(format!(
                    "{hook} fails outside of the provider of {}",
                    shown(&context.name)
                )),
            ],
            "render the app's own root, or put the provider around it",
            None,
        );
        gap.confidence = Confidence::Possible;
        gaps.push(gap);
    }
    gaps
}
