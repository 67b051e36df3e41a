//! Which routes of an app take a request: with the path that it has when it arrives at them, behind middleware of the project.
//!
//! `request.scope["path"] = "/v1" + request.url.path` in a `dispatch` brings `client.get("/items")` to `@app.get("/v1/items")`.
//!
//! A middleware that answers by itself is run with the rest of what a request meets, see [`branches`].

use std::cell::RefCell;

use crate::facts::program::Expr;
use crate::links::asked;
use crate::links::branches::{self, Branch, explore};
use crate::links::degraded;
use crate::links::fixtures::Cache;
use crate::links::paths::{self, Sureness};
use crate::links::provoked;
use crate::links::redirects::Redirect;
use crate::links::walk::{RouteKey, key_of};
use crate::project::values::calls::Args;
use crate::project::values::heap::Object;
use crate::project::values::log::Request;
use crate::project::values::machine::{Machine, Raise};
use crate::project::values::value::{HOLE, ObjectId, Value};
use crate::project::world::{Asking, CodePlace, ModuleKind};

/// Steps that all middleware of an app may take with one request.
const STEPS_OF_MIDDLEWARE: u64 = 6_000;

/// The routes that take the request, whatever the path with which it arrives.
pub fn take<'w>(
    machine: &mut Machine<'w>,
    app: ObjectId,
    request: &Request,
    path: &str,
    most: Sureness,
    cache: &RefCell<Cache>,
) -> Result<Reached, Raise> {
    let mut arrived = arrivals(machine, app, request, path);
    let holes = |path: &str| path.matches(HOLE).count();
    // Those that are known come first.
    arrived.sort_by_key(|rewritten| holes(rewritten));
    let most = match arrived.len() {
        0 | 1 => most,
        _ => most.min(Sureness::Likely),
    };
    let mut found: Vec<Reached> = Vec::new();
    for rewritten in &arrived {
        // A rewritten path with parts that nobody knows says little beside one that is known to arrive somewhere.
        let is_vague = holes(rewritten) > holes(path);
        if is_vague && found.iter().any(|known| !known.routes.is_empty()) {
            continue;
        }
        let reached = at(machine, app, request, rewritten, most, cache)?;
        if !found.iter().any(|known| known.has_same_routes(&reached)) {
            found.push(reached);
        }
    }
    found.sort_by_key(|reached| reached.routes.is_empty());
    let mut found = found.into_iter();
    let mut first = found.next().unwrap_or_default();
    for other in found {
        first.is_blank |= other.is_blank;
        first.is_beyond |= other.is_beyond;
        if !other.routes.is_empty() {
            // With which of the paths it arrives is not known.
            first.routes.extend(other.routes);
            first.provoked.clear();
            first.redirect = None;
            for (_, sureness, ..) in &mut first.routes {
                *sureness = Sureness::Possible;
            }
        }
    }
    Ok(first)
}

impl Reached {
    fn has_same_routes(&self, other: &Reached) -> bool {
        let keys = |reached: &Reached| {
            let routes = reached.routes.iter();
            routes.map(|(key, ..)| key.clone()).collect::<Vec<_>>()
        };
        keys(self) == keys(other)
    }
}

/// The paths with which the request may arrive at the routes.
fn arrivals<'w>(
    machine: &mut Machine<'w>,
    app: ObjectId,
    request: &Request,
    path: &str,
) -> Vec<String> {
    let own = own_middleware(machine, app);
    if own.is_empty() {
        return vec![path.to_string()];
    }
    let kind = if request.is_websocket {
        "websocket"
    } else {
        "http"
    };
    let mut arrived: Vec<String> = machine.in_trial(|machine| {
        let own = machine.new_list(own, false);
        let method = Value::Text(request.method.clone());
        let args = Args::of([own, Value::text(kind), method, Value::text(path)]);
        let name = machine.symbol("covgap_arrivals");
        let paths = machine.bounded(STEPS_OF_MIDDLEWARE, |machine| {
            machine.call_attribute(&Value::Object(app), name, args)
        });
        let paths = paths.and_then(|paths| machine.iterate(&paths));
        let (paths, _) = paths.unwrap_or_default();
        let alternatives = paths.iter().flat_map(Value::alternatives);
        alternatives
            .filter_map(|path| match path {
                Value::Text(path) => Some(path.to_string()),
                _ => None,
            })
            .collect()
    });
    // A path of which nothing is known says no more than that something may be rewritten.
    arrived.retain(|path| !path.contains(HOLE) || path.chars().any(|c| c != HOLE && c != '/'));
    if arrived.is_empty() {
        arrived.push(path.to_string());
    }
    let mut seen = Vec::new();
    arrived.retain(|path| {
        let is_new = !seen.contains(path);
        seen.push(path.clone());
        is_new
    });
    arrived
}

/// The app's middleware that is the project's own, and whose module speaks of paths: others leave them as they are.
fn own_middleware(machine: &Machine<'_>, app: ObjectId) -> Vec<Value> {
    let symbol = |name: &str| machine.world.symbols.intern(name);
    let attribute = |value: &Value, name: &str| match value {
        Value::Object(id) => {
            let instance = machine.heap.instance(*id)?;
            instance.attributes.get(symbol(name)).cloned()
        }
        _ => None,
    };
    let Some(Value::Object(list)) = attribute(&Value::Object(app), "user_middleware") else {
        return Vec::new();
    };
    let Some(list) = machine.heap.list(list) else {
        return Vec::new();
    };
    let speaks_of_paths = |made: &Value| {
        let module = match made {
            Value::Object(id) => machine.heap.class(*id).map(|class| class.module),
            _ => None,
        };
        let module = module.or_else(|| Some(machine.code_of(made)?.0));
        let Some(unit) = module.and_then(|module| machine.world.loaded(module)) else {
            return false;
        };
        let mut exprs = unit.facts.exprs.iter();
        unit.kind != ModuleKind::Model
            && exprs
                .any(|expr| matches!(expr, Expr::Text(text) if unit.facts.text(*text) == "path"))
    };
    let is_own = |middleware: &&Value| {
        let options = attribute(middleware, "kwargs");
        let dispatch = match options {
            Some(Value::Object(id)) => match machine.heap.get(id) {
                Object::Dict(dict) => {
                    let mut items = dict.items.iter();
                    items.find(|(key, _)| key.literal() == Some("dispatch"))
                }
                _ => None,
            },
            _ => None,
        };
        attribute(middleware, "cls").is_some_and(|class| speaks_of_paths(&class))
            || dispatch.is_some_and(|(_, function)| speaks_of_paths(function))
    };
    list.items.iter().filter(is_own).cloned().collect()
}

/// The routes that take a request, and where it ended.
#[derive(Default)]
pub struct Reached {
    pub routes: Vec<(RouteKey, Sureness, Vec<CodePlace>, bool)>,
    pub provoked: Vec<(RouteKey, Vec<Branch>)>,
    pub is_open: bool,
    /// A middleware answers it by itself.
    pub is_turned_away: bool,
    pub is_blank: bool,
    /// Where the answer sends the client on to, if it follows.
    pub redirect: Option<Redirect>,
    /// A mount takes the request that can't be looked into.
    pub is_beyond: bool,
    pub caught: Vec<CodePlace>,
}

fn at<'w>(
    machine: &mut Machine<'w>,
    app: ObjectId,
    request: &Request,
    path: &str,
    most: Sureness,
    cache: &RefCell<Cache>,
) -> Result<Reached, Raise> {
    let table = machine.cached_table(app)?;
    if let Some(offered) = &mut cache.borrow_mut().offered {
        machine.note_asked(app, &table, Asking::Table, "");
        offered.note(machine, &table);
    }
    let root = machine.heap.instance(app).and_then(|instance| {
        instance
            .attributes
            .get(machine.symbol("root_path"))
            .cloned()
    });
    let mut candidates = vec![path.to_string()];
    if let Some(Value::Text(root)) = root
        && !root.is_empty()
        && let Some(rest) = path.strip_prefix(root.trim_end_matches('/'))
        && rest.starts_with('/')
    {
        candidates.push(rest.to_string());
    }
    let mut reached = Reached::default();
    let wanted = provoked::wanted(request);
    for path in candidates {
        let asked = asked::spelled(request, &path);
        machine.note_asked(app, &table, Asking::Taken, &asked);
        let taken = paths::take(
            &table,
            request.is_websocket,
            &request.method,
            &path,
            request.follows_redirects,
        );
        reached.is_blank |= taken.is_blank;
        if taken.routes.is_empty() {
            if taken.opaque {
                reached.is_beyond = true;
                break;
            }
            continue;
        }
        for (position, sureness) in &taken.routes {
            let entry = &table.entries[*position];
            let key = key_of(entry, &request.method);
            let explored_before = cache.borrow().redirects(&key);
            let redirects = match explored_before {
                Some(redirects) => redirects,
                None if key.handler.is_none() => false,
                None => {
                    let explored = explore(machine, entry, &Value::Object(app));
                    let redirects = explored.redirects;
                    cache.borrow_mut().explored.push((key.clone(), explored));
                    redirects
                }
            };
            if redirects
                && request.follows_redirects
                && taken.routes.len() == 1
                && *sureness >= Sureness::Likely
            {
                let known = branches::Known::of(request, entry);
                let app = Value::Object(app);
                if let Some((redirect, by)) = branches::redirect(machine, entry, &app, &known) {
                    reached.redirect = Some(redirect);
                    reached.provoked.push((key, by));
                    // What the test says of the answer, it says of the last one.
                    continue;
                }
            }
            if let Some(wanted) = &wanted
                && key.handler.is_some()
                && *sureness >= Sureness::Likely
            {
                let app = Value::Object(app);
                let seen = provoked::provoked(machine, entry, &app, request, wanted);
                reached.is_open |= seen.is_open;
                reached.is_turned_away |= seen.is_turned_away && taken.routes.len() == 1;
                reached.caught.extend(seen.caught);
                reached
                    .provoked
                    .extend(seen.branches.map(|branches| (key, branches)));
            } else if *sureness >= Sureness::Likely
                && degraded::watched(machine, key.handler.as_ref()).is_some()
            {
                let known = branches::Known::of(request, entry);
                let followed = branches::follow(machine, entry, &Value::Object(app), &known);
                reached.caught.extend(followed.caught);
            }
        }
        reached.routes = taken
            .routes
            .into_iter()
            .map(|(position, sureness)| {
                let entry = &table.entries[position];
                (
                    key_of(entry, &request.method),
                    sureness.min(most),
                    entry.places.clone(),
                    entry.is_conditional,
                )
            })
            .collect();
        return Ok(reached);
    }
    Ok(reached)
}
