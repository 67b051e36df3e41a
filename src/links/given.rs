//! What pieces of work are given: the ground that all of them depend on, and the files around a test file.
//!
//! ```text
//! every piece     which apps are served, the rules, which functions start them, …
//! a test file     its conftests, and the options of its suite
//! ```

use rustc_hash::FxHashSet;

use crate::links::startup::Code;
use crate::links::sums::Sums;
use crate::project::kept::{Sum, sum_of, sum_of_text};
use crate::project::served::Served;
use crate::project::values::heap::Object;
use crate::project::values::value::ObjectId;
use crate::project::world::{FIRST, ModuleId, ModuleKind, World};
use crate::source::{FileId, Suite};

/// From here on, it is noted which names of the project's modules and classes are looked at.
pub(super) fn watch_names(world: &World<'_>, base: &mut [Object]) {
    let is_own = |module: ModuleId| world.kind(module) != ModuleKind::Model;
    for (number, object) in (0..).zip(base) {
        match object {
            Object::Module(module) if is_own(module.module) => module.names.watch(ObjectId(number)),
            Object::Class(class) if is_own(class.module) => class.names.watch(ObjectId(number)),
            _ => {}
        }
    }
}

/// What every piece of work depends on.
pub(super) fn around(
    world: &World<'_>,
    sums: &Sums<'_>,
    served: &[Served],
    watched: &FxHashSet<Code>,
) -> Sum {
    let mut watched: Vec<Sum> = watched
        .iter()
        .map(|(module, function)| sums.of_code((*module, *function)))
        .collect();
    watched.sort_unstable();
    let served: Vec<_> = served
        .iter()
        .map(|served| (&served.label, served.is_guess, sums.name_of(served.app)))
        .collect();
    let rules = sum_of_text(&world.rules.names);
    let sources = sum_of_text(&world.sources.around());
    let first = sums.spelled(FIRST);
    sum_of((watched, served, rules, sources, first))
}

/// What the tests of a file are given by the files around it.
pub(super) fn of_suite(world: &World<'_>, suite: &Suite, file: FileId) -> Sum {
    let conftests = world.sources.conftests_of(suite, file).into_iter();
    let conftests = conftests.map(|conftest| world.spelled(world.module_of(conftest)));
    let config = sum_of_text(&suite.config);
    sum_of((config, conftests.collect::<Vec<Sum>>()))
}
