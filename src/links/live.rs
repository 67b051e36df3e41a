//! Live modules: the code that production runs.
//!
//! ```python
//! # app/main.py, which makes the served app
//! from app.orders import router          # app/orders.py is live
//!
//! def start():
//!     from app.billing import Billing    # so is app/billing.py, although only a call imports it
//! ```
//! A module that only tests import is not live; nor is one that nothing imports.

use rustc_hash::FxHashSet;

use crate::links::grounds::imports_of;
use crate::links::trace::Route;
use crate::project::served::{Served, place_of};
use crate::project::values::machine::Machine;
use crate::project::world::{Import, ModuleId, ModuleKind};

/// The modules reachable by imports from the served apps, and from what registered and answers their routes.
pub fn find<'r>(
    machine: &Machine<'_>,
    served: &[Served],
    routes: impl Iterator<Item = &'r Route>,
) -> FxHashSet<ModuleId> {
    let world = machine.world;
    let mut wave: Vec<ModuleId> = Vec::new();
    for served in served {
        wave.extend(place_of(machine, served.app).map(|place| place.module));
        wave.extend(served.said_by.map(|place| place.module));
    }
    for route in routes {
        wave.extend(route.places.iter().map(|place| place.module));
        wave.extend(route.key.handler.iter().map(|handler| handler.module));
    }
    let mut live = FxHashSet::default();
    while let Some(module) = wave.pop() {
        if world.kind(module) != ModuleKind::App || !live.insert(module) {
            continue;
        }
        wave.extend(imports_of(world, module));
        wave.extend(
            machine
                .named_imports
                .iter()
                .filter(|(importer, _)| *importer == module)
                .map(|(_, imported)| *imported),
        );
        wave.extend(packages_of(machine, module));
    }
    live
}

/// The packages around a module run before it.
fn packages_of(machine: &Machine<'_>, module: ModuleId) -> Vec<ModuleId> {
    let Some(unit) = machine.world.unit(module) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut name = unit.name.as_str();
    while let Some((package, _)) = name.rsplit_once('.') {
        if let Import::Module(package) = machine.world.resolve(module, package) {
            found.push(package);
        }
        name = package;
    }
    found
}
