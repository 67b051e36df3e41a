//! What lies beyond the tables of the served apps: mounts that can't be looked into, and routes of routers that no app includes.
//!
//! `if settings.debug: app.include_router(private.router)`, which production does not run: a request to one of its routes is not to
//! a path that nobody wrote.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::links::trace::Route;
use crate::project::routes::{EntryKind, Handler};
use crate::project::served::Served;
use crate::project::values::heap::Object;
use crate::project::values::machine::Machine;
use crate::project::values::value::{ObjectId, Value};
use crate::project::world::{CodePlace, ModuleId, ModuleKind};

/// A route that is not served. Its path lacks the beginnings that an app would put before it.
#[derive(Debug, Clone)]
pub struct Unincluded {
    pub is_websocket: bool,
    /// Empty: any.
    pub methods: Vec<Arc<str>>,
    pub path: Arc<str>,
    /// Of its handler.
    pub place: CodePlace,
    /// Another app has it, which nothing is known to serve.
    pub is_of_another_app: bool,
}

#[derive(Debug, Default)]
pub struct Beyond {
    /// Paths below which something answers that covgap can't look into.
    pub mounts: Vec<String>,
    /// May there be served routes that are not known?
    pub is_open: bool,
    pub unincluded: Vec<Unincluded>,
}

pub fn find<'r>(
    machine: &mut Machine<'_>,
    served: &[Served],
    routes: impl Iterator<Item = &'r Route>,
) -> Beyond {
    let mut beyond = Beyond {
        unincluded: unincluded(machine, routes),
        ..Beyond::default()
    };
    for app in served {
        let Ok(table) = machine.cached_table(app.app) else {
            beyond.is_open = true;
            continue;
        };
        beyond.is_open |= table.is_open;
        let opaque = table
            .entries
            .iter()
            .filter(|entry| entry.kind == EntryKind::Opaque);
        beyond
            .mounts
            .extend(opaque.map(|entry| entry.path.to_string()));
    }
    beyond.mounts.sort();
    beyond.mounts.dedup();
    beyond
}

fn unincluded<'r>(
    machine: &mut Machine<'_>,
    served: impl Iterator<Item = &'r Route>,
) -> Vec<Unincluded> {
    // An app has copies of the routes of its routers: only their handlers say which they are.
    let known: FxHashSet<Handler> = served
        .filter_map(|route| route.key.handler.clone())
        .collect();
    let files = u32::try_from(machine.world.sources.files.len()).unwrap_or(u32::MAX);
    let modules = (0..files).map(ModuleId);
    let modules: Vec<ModuleId> = modules
        .filter(|module| {
            machine.world.kind(*module) == ModuleKind::App
                && machine.world.loaded(*module).is_some()
        })
        .collect();
    let mut of_apps: FxHashSet<Handler> = FxHashSet::default();
    for &module in &modules {
        for app in bound_to(machine, module, "covgap_app") {
            let Ok(table) = machine.table(&app) else {
                continue;
            };
            of_apps.extend(table.entries.into_iter().filter_map(|entry| entry.handler));
        }
    }
    let mut found = Vec::new();
    for &module in &modules {
        for value in bound_to(machine, module, "covgap_router") {
            let Ok(table) = machine.table(&value) else {
                continue;
            };
            for entry in table.entries {
                let Some(handler) = &entry.handler else {
                    continue;
                };
                let is_own = machine.world.kind(handler.module) == ModuleKind::App;
                if entry.kind == EntryKind::Opaque || !is_own || known.contains(handler) {
                    continue;
                }
                found.push(Unincluded {
                    is_websocket: entry.kind == EntryKind::Websocket,
                    methods: entry.methods.clone(),
                    path: entry.path.clone(),
                    place: CodePlace {
                        module: handler.module,
                        line: handler.line,
                    },
                    is_of_another_app: of_apps.contains(handler),
                });
            }
        }
    }
    found
}

/// Objects that a module's names are bound to, of classes with this mark.
fn bound_to(machine: &mut Machine<'_>, module: ModuleId, mark: &str) -> Vec<Value> {
    let marker = machine.symbol(mark);
    let Some(object) = machine.module_object(module) else {
        return Vec::new();
    };
    let Object::Module(found) = machine.heap.get(object) else {
        return Vec::new();
    };
    let mut values: Vec<ObjectId> = found
        .names
        .values()
        .filter_map(|value| match value {
            Value::Object(id) => Some(*id),
            _ => None,
        })
        .collect();
    values.sort_unstable();
    values.dedup();
    let is_marked = |id: &ObjectId| {
        machine
            .heap
            .instance(*id)
            .is_some_and(|instance| machine.class_attribute(instance.class, marker).is_some())
    };
    values
        .into_iter()
        .filter(is_marked)
        .map(Value::Object)
        .collect()
}
