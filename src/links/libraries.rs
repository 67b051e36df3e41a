//! Libraries: projects in which nothing is served. Their routes are those that their code brings to the apps that tests make.
//!
//! `Admin(app)` of a library registers `/admin/{identity}/list`; its tests make `app = Starlette()` and request `/admin/user/list`.
//! Where another test gives it another prefix, it is the same route: it is listed once unless requests reach both.

use rustc_hash::FxHashSet;

use crate::links::trace::{Route, Traced};
use crate::links::walk::{RouteKey, key_of};
use crate::project::routes::{EntryKind, Table};
use crate::project::values::machine::Machine;
use crate::project::world::{CodePlace, ModuleKind, World};

/// A route of the project's code in an app to which some request was sent.
pub type Offer = (RouteKey, Vec<CodePlace>, bool);

/// Such routes in the order in which they were seen, each once.
#[derive(Default)]
pub struct Offered {
    pub routes: Vec<Offer>,
    seen: FxHashSet<RouteKey>,
}

impl Offered {
    pub fn note(&mut self, machine: &Machine<'_>, table: &Table) {
        for entry in &table.entries {
            if entry.kind == EntryKind::Opaque {
                continue;
            }
            for method in &entry.methods {
                let key = key_of(entry, method);
                if is_own(machine.world, &key) && self.seen.insert(key.clone()) {
                    let places = entry.places.clone();
                    self.routes.push((key, places, entry.is_conditional));
                }
            }
        }
    }
}

/// Serves the routes that tests were offered, if none of those that are taken for served is reached by any.
pub fn serve(world: &World<'_>, routes: &mut [Route], tests: &[Traced]) -> bool {
    let contacts = tests.iter().flat_map(|test| &test.walked.contacts);
    let keys = contacts.flat_map(|(_, contact)| contact.routes.iter().map(|(key, ..)| key));
    let reached: FxHashSet<&RouteKey> = keys.collect();
    let is_reached = |route: &Route| reached.contains(&route.key);
    if routes
        .iter()
        .any(|route| route.is_served && is_reached(route))
    {
        return false;
    }
    let mut offered = routes.iter().filter(|route| !route.is_served);
    if !offered.any(|route| is_own(world, &route.key) && is_reached(route)) {
        return false;
    }
    let mut origins: FxHashSet<Origin> = routes
        .iter()
        .filter(|route| is_reached(route))
        .map(|route| origin(&route.key, &route.places))
        .collect();
    let is_there: Vec<bool> = routes
        .iter()
        .map(|route| {
            !route.is_served
                && is_own(world, &route.key)
                && (is_reached(route) || origins.insert(origin(&route.key, &route.places)))
        })
        .collect();
    for (route, is_there) in routes.iter_mut().zip(is_there) {
        route.is_served = is_there;
    }
    true
}

/// What a route is whatever prefix a test gives to it: its method, its handler, the place that registers it, its last segment.
type Origin = (RouteKey, Option<CodePlace>);

fn origin(key: &RouteKey, places: &[CodePlace]) -> Origin {
    let last = key.path.rsplit('/').next().unwrap_or(&key.path);
    let key = RouteKey {
        path: last.into(),
        ..key.clone()
    };
    (key, places.first().copied())
}

/// Is its handler the project's own, and no test's?
fn is_own(world: &World<'_>, key: &RouteKey) -> bool {
    let handler = key.handler.as_ref();
    handler.is_some_and(|handler| world.kind(handler.module) == ModuleKind::App)
}
