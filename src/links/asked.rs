//! What tables of routes are asked: a piece of work depends on the answers, and not on routes that nobody asked for.
//!
//! ```python
//! client.get("/items/1")      # asks the app's table: which of your routes take `GET /items/1`?
//! ```

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use crate::links::paths;
use crate::links::sums::Sums;
use crate::links::walk::{RouteKey, key_of};
use crate::project::kept::{Sum, sum_of};
use crate::project::routes::Table;
use crate::project::values::log::Request;
use crate::project::values::machine::KnownTable;
use crate::project::values::value::ObjectId;
use crate::project::world::{Asking, Question};

/// The tables of the served apps.
pub struct Asked {
    tables: Arc<FxHashMap<ObjectId, KnownTable>>,
    /// Routes that were explored, and whether they may redirect.
    redirecting: OnceLock<Arc<FxHashMap<RouteKey, bool>>>,
}

/// A request and one of the paths with which it may arrive.
pub fn spelled(request: &Request, path: &str) -> String {
    let method = &*request.method;
    let flags = u8::from(request.is_websocket) + 2 * u8::from(request.follows_redirects);
    format!("{flags} {} {method}{path}", method.len())
}

impl Asked {
    pub fn of(tables: &Arc<FxHashMap<ObjectId, KnownTable>>) -> Asked {
        Asked {
            tables: Arc::clone(tables),
            redirecting: OnceLock::new(),
        }
    }

    /// All routes of the served apps have been explored.
    pub fn explored(&self, redirecting: Arc<FxHashMap<RouteKey, bool>>) {
        let _ = self.redirecting.set(redirecting);
    }

    /// Does the table of an app depend on an object? None: nobody knows what it depends on.
    pub fn reads(&self, app: ObjectId, object: ObjectId) -> Option<bool> {
        let known = self.tables.get(&app)?;
        Some(known.read.binary_search(&object).is_ok())
    }

    /// None: that is no question to a table.
    pub fn answer(&self, sums: &Sums<'_>, question: &Question) -> Option<Sum> {
        let asked = || -> Option<(&Table, &str)> {
            let (turn, rest) = question.name.split_once(' ')?;
            let turn: usize = turn.parse().ok()?;
            let known = self.tables.values().find(|known| known.turn == turn)?;
            Some((&*known.table, rest))
        };
        match question.asking {
            Asking::Taken => {
                Some(sum_of(asked().and_then(|(table, request)| {
                    self.taken(sums, table, request)
                })))
            }
            Asking::Named => Some(sum_of(asked().map(|(table, name)| {
                let named = table.entries.iter().filter(|entry| &*entry.name == name);
                named
                    .map(|entry| sums.of_entry(entry))
                    .collect::<Vec<Sum>>()
            }))),
            Asking::Routed => {
                Some(sum_of(asked().map(|(table, _)| {
                    crate::project::served::routes_in(table) > 0
                })))
            }
            Asking::Table => Some(sum_of(asked().map(|(table, _)| sums.of_table(table)))),
            Asking::Redirecting => Some(self.redirecting(sums)),
            Asking::Import
            | Asking::ImportOfText
            | Asking::Guess
            | Asking::Ignored
            | Asking::Version
            | Asking::ModuleAt
            | Asking::Folder
            | Asking::Variables
            | Asking::Text => None,
        }
    }

    /// Which routes take a request, and what is known of them.
    fn taken(&self, sums: &Sums<'_>, table: &Table, request: &str) -> Option<Sum> {
        let (flags, rest) = request.split_once(' ')?;
        let (length, rest) = rest.split_once(' ')?;
        let (method, path) = rest.split_at_checked(length.parse().ok()?)?;
        let flags: u8 = flags.parse().ok()?;
        let method: Arc<str> = Arc::from(method);
        let taken = paths::take(table, flags & 1 == 1, &method, path, flags & 2 == 2);
        let routes = taken.routes.iter().map(|(position, sureness)| {
            let entry = &table.entries[*position];
            let redirecting = self.redirecting.get();
            let redirects = redirecting.and_then(|known| known.get(&key_of(entry, &method)));
            (sums.of_entry(entry), *sureness as u8, redirects.copied())
        });
        let routes: Vec<(Sum, u8, Option<bool>)> = routes.collect();
        Some(sum_of((routes, taken.opaque, taken.is_blank)))
    }

    fn redirecting(&self, sums: &Sums<'_>) -> Sum {
        let known = self
            .redirecting
            .get()
            .into_iter()
            .flat_map(|known| &**known);
        let known = known.map(|(key, redirects)| (sums.of_route(key), *redirects));
        let mut known: Vec<(Sum, bool)> = known.collect();
        known.sort_unstable();
        sum_of(known)
    }
}
