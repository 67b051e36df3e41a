//! What covgap could not see, with the reasons.
//!
//! ```python
//! client.get(compute_url())                              # a URL of which nothing is known
//! httpx.get("https://staging.example.org/orders/7")      # who answers there? `/orders/{id}` would
//! ```

use crate::coverage::audit::Unknown;
use crate::coverage::judge::{Case, place};
use crate::coverage::{frontend, networks, unread};
use crate::links::paths;
use crate::links::trace::Traced;
use crate::links::walk::Contact;
use crate::project::routes::shown;
use crate::project::values::urls::split_url;
use crate::project::values::value::HOLE;
use crate::project::world::CodePlace;

/// Sorted, each once.
pub fn find(case: &Case<'_>) -> Vec<Unknown> {
    let mut found = networks::unknowns(case);
    for traced in &case.links.tests {
        of_test(case, traced, &mut found);
    }
    bounds(case, &mut found);
    for unnamed in &case.links.settings.unnamed {
        found.push(Unknown {
            reason: "setting",
            place: place(case.world, *unnamed),
            says: "a setting whose name is not known".into(),
        });
    }
    found.extend(unread::find(case.world));
    found.extend(frontend::unknowns(case.frontend));
    found.sort();
    found.dedup();
    found
}

fn of_test(case: &Case<'_>, traced: &Traced, found: &mut Vec<Unknown>) {
    for unresolved in &traced.walked.unresolved {
        let url = shown(&unresolved.url);
        found.push(Unknown {
            reason: unresolved.reason.id(),
            place: place(case.world, unresolved.place),
            says: format!(
                "{} {url} on something that is not known to be a client",
                unresolved.method
            ),
        });
    }
    for (_, contact) in &traced.walked.contacts {
        let Some(at) = contact.request.trail.last() else {
            continue;
        };
        if let Some((reason, says)) = of_contact(case, contact) {
            found.push(Unknown {
                reason,
                place: place(case.world, *at),
                says,
            });
        }
    }
    if traced.walked.cut_off {
        found.push(bound(case, traced.place, &traced.id));
    }
}

/// Why nobody knows which route takes the request.
fn of_contact(case: &Case<'_>, contact: &Contact) -> Option<(&'static str, String)> {
    let request = &contact.request;
    let (method, url) = (&request.method, shown(&request.url));
    if contact.is_blank {
        return Some(("url", format!("{method} of a URL that is not known")));
    }
    if contact.is_foreign && could_be_ours(case, contact) {
        let says = format!(
            "{method} {url}: a route has this path, and nothing says who answers at this host"
        );
        return Some(("host", says));
    }
    is_answered_by_nobody(contact).then(|| {
        let says =
            format!("{method} {url}, which no known route serves, is asserted to be answered");
        ("url", says)
    })
}

/// Would a route of the project take the request, if only the host were its own? A catch-all says nothing about that.
fn could_be_ours(case: &Case<'_>, contact: &Contact) -> bool {
    let request = &contact.request;
    let (_, _, path, _) = split_url(&request.url);
    if path == "/" || path.contains(HOLE) {
        return false;
    }
    case.links.routes.iter().any(|route| {
        let key = &route.key;
        route.is_served
            && key.is_websocket == request.is_websocket
            && (key.is_websocket || key.method == request.method)
            && key
                .path
                .contains(|letter: char| letter.is_ascii_alphabetic())
            && !key.path.contains(":path}")
            && paths::fits(&key.path, path).is_some()
    })
}

/// No route takes it, and the test says that something did: covgap has not seen the route, or not the URL.
fn is_answered_by_nobody(contact: &Contact) -> bool {
    let request = &contact.request;
    contact.routes.is_empty()
        && !contact.is_foreign
        && !contact.is_blank
        && !contact.is_beyond
        && !request.is_undecided
        && request.app.is_some()
        && !request.claims.is_empty()
        && !request.may_have(404)
        && !request.may_have(405)
}

/// Functions that were not run to their ends.
fn bounds(case: &Case<'_>, found: &mut Vec<Unknown>) {
    for route in &case.links.routes {
        if let Some(handler) = route
            .key
            .handler
            .as_ref()
            .filter(|_| route.explored.cut_off)
        {
            let at = CodePlace {
                module: handler.module,
                line: handler.line,
            };
            found.push(bound(case, at, &handler.name));
        }
    }
    for (module, function) in &case.links.cut_off {
        if let Some(unit) = case.world.loaded(*module) {
            let function = unit.facts.function(*function);
            let at = CodePlace {
                module: *module,
                line: function.line,
            };
            let name = unit.facts.name(function.qualified_name);
            found.push(bound(case, at, name));
        }
    }
}

fn bound(case: &Case<'_>, at: CodePlace, what: &str) -> Unknown {
    Unknown {
        reason: "bound-reached",
        place: place(case.world, at),
        says: format!("{what} takes more steps than the bound"),
    }
}
