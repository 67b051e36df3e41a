//! Routers that no app includes: their routes look alive, and no request comes to them.
//!
//! ```python
//! router = APIRouter()              # app/orders.py
//!
//! @router.get("/orders")            # route-not-included: main.py has no `include_router(orders.router)`
//! def list_orders(): ...
//! ```

use std::collections::BTreeMap;

use crate::coverage::audit::{Evidence, Gap, Place, Priority};
use crate::coverage::gaps::gap;
use crate::coverage::judge::{Case, is_dead, place};
use crate::links::beyond::Unincluded;
use crate::project::routes::shown;

/// Of the routes of one file, so many are named.
const MOST_ROUTES: usize = 12;
/// So many stand in the title.
const MOST_IN_TITLE: usize = 2;

/// One gap for each file with such routes.
pub fn gaps(case: &Case<'_>) -> Vec<Gap> {
    let is_anything_served = case.links.routes.iter().any(|route| route.is_served);
    // Where not all that is served is known, what is not among it is no finding.
    if case.links.beyond.is_open || !is_anything_served {
        return Vec::new();
    }
    let mut files: BTreeMap<String, BTreeMap<Place, String>> = BTreeMap::new();
    let lost = case.links.beyond.unincluded.iter();
    for one in lost.filter(|one| !one.is_of_another_app) {
        let at = place(case.world, one.place);
        if !is_dead(case, &at.file) {
            let routes = files.entry(at.file.clone()).or_default();
            routes.insert(at, name_of(one));
        }
    }
    // A setting may include it, and so may an app that somebody makes of a library's parts.
    let found = files
        .into_iter()
        .map(|(file, routes)| of_file(&file, &routes).only_possible());
    found.collect()
}

fn name_of(one: &Unincluded) -> String {
    let path = shown(&one.path);
    match (one.is_websocket, one.methods.first()) {
        (true, _) => format!("WebSocket {path}"),
        (false, Some(method)) => format!("{method} {path}"),
        (false, None) => path.to_string(),
    }
}

fn of_file(file: &str, routes: &BTreeMap<Place, String>) -> Gap {
    let named: Vec<&str> = routes.values().map(String::as_str).collect();
    let first = named.iter().take(MOST_IN_TITLE);
    let first = first.copied().collect::<Vec<&str>>().join(", ");
    let title = match named.len() {
        1 => format!("{first} of {file} is in no app that is served"),
        count if count > MOST_IN_TITLE => {
            format!("{count} routes of {file} are in no app that is served: {first}, …")
        }
        _ => format!("{first} of {file} are in no app that is served"),
    };
    let evidence = routes.iter().take(MOST_ROUTES).map(|(at, name)| Evidence {
        place: at.clone(),
        says: format!("{name} is put on a router that no app includes"),
        rule: None,
    });
    gap(
        "route-not-included",
        file,
        Priority::P2,
        title,
        evidence.collect(),
        "include the router, or delete it",
        None,
    )
}
