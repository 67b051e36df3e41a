//! Services: the live classes that do the project's work, with their methods, their own and inherited ones.
//!
//! ```python
//! class Base:
//!     async def initialize(self): ...      # inherited: a life cycle of the service
//!
//! class OrderService(Base):                # by the ending of its name
//!     async def place(self, order): ...    # a call of it
//! ```
//! Which endings, which methods start and which end a service is data: `rules/names.toml`.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use crate::facts::program::{ClassId, FunctionId};
use crate::project::symbols::Symbol;
use crate::project::values::heap::{ModuleState, Object};
use crate::project::values::machine::Machine;
use crate::project::values::value::{ObjectId, Value};
use crate::project::world::{CodePlace, ModuleId, ModuleKind};

/// A live class that does the project's work.
#[derive(Debug, Clone)]
pub struct Service {
    pub module: ModuleId,
    pub class: ClassId,
    pub name: String,
    pub place: CodePlace,
    /// Names of the methods that start it, its own or inherited from the project's classes.
    pub lifecycle: BTreeSet<String>,
    /// Its own public methods, by their place in the module.
    pub methods: BTreeMap<u32, String>,
}

/// Reads them off the classes that running the modules makes.
pub fn find(machine: &mut Machine<'_>, live: &FxHashSet<ModuleId>) -> Vec<Service> {
    let mut modules: Vec<ModuleId> = live.iter().copied().collect();
    modules.sort_unstable();
    let mut found = Vec::new();
    for module in modules {
        let Some(object) = machine.import_module(module) else {
            continue;
        };
        // A module that cannot be imported has nothing that could run.
        if matches!(
            machine.module_state(object),
            Some(ModuleState::Broken { .. })
        ) {
            continue;
        }
        let Object::Module(names) = machine.heap.get(object) else {
            continue;
        };
        let mut classes: Vec<ObjectId> = names
            .names
            .order()
            .iter()
            .filter_map(|name| names.names.get(name))
            .flat_map(|value| value.alternatives().to_vec())
            .filter_map(|value| match value {
                Value::Object(id) => Some(id),
                _ => None,
            })
            .filter(|id| {
                let class = machine.heap.class(*id);
                class.is_some_and(|class| class.module == module)
            })
            .collect();
        classes.sort_unstable();
        classes.dedup();
        found.extend(
            classes
                .into_iter()
                .filter_map(|class| service(machine, class)),
        );
    }
    found
}

fn service(machine: &Machine<'_>, id: ObjectId) -> Option<Service> {
    let rules = &machine.world.rules.names;
    let class = machine.heap.class(id)?;
    let unit = machine.world.loaded(class.module)?;
    let name = machine.spelled(class.name);
    let is_named = rules
        .services
        .iter()
        .any(|suffix| name.ends_with(suffix.as_str()) && *name != **suffix);
    if !is_named || is_abstract(machine, id) {
        return None;
    }
    let number = class.class?;
    let mut service = Service {
        module: class.module,
        class: number,
        name: name.to_string(),
        place: CodePlace {
            module: class.module,
            line: unit.facts.class(number).line,
        },
        lifecycle: BTreeSet::new(),
        methods: BTreeMap::new(),
    };
    for parent in parents(machine, id) {
        for (method, _) in functions(machine, parent) {
            let spelled = machine.spelled(method);
            if rules.lifecycle.iter().any(|known| **known == *spelled) {
                service.lifecycle.insert(spelled.to_string());
            }
        }
    }
    for (method, function) in functions(machine, id) {
        let spelled = machine.spelled(method);
        let is_other = rules
            .lifecycle
            .iter()
            .chain(&rules.ending)
            .any(|known| **known == *spelled);
        if !spelled.starts_with('_') && !is_other {
            service.methods.insert(function.0, spelled.to_string());
        }
    }
    Some(service)
}

/// The class and those of the project that it inherits from.
fn parents(machine: &Machine<'_>, id: ObjectId) -> Vec<ObjectId> {
    let Some(class) = machine.heap.class(id) else {
        return Vec::new();
    };
    let parents = class.mro.iter().filter_map(|one| match one {
        Value::Object(parent) => Some(*parent),
        _ => None,
    });
    parents
        .filter(|parent| {
            let class = machine.heap.class(*parent);
            class.is_some_and(|class| machine.world.kind(class.module) == ModuleKind::App)
        })
        .collect()
}

/// The functions that the body of a class defines.
fn functions(machine: &Machine<'_>, id: ObjectId) -> Vec<(Symbol, FunctionId)> {
    let Some(class) = machine.heap.class(id) else {
        return Vec::new();
    };
    let entries = class.names.entries().iter();
    let code = entries.filter_map(|(name, value)| Some((*name, machine.code_of(value)?)));
    code.filter(|(_, (module, _))| *module == class.module)
        .map(|(name, (_, function))| (name, function))
        .collect()
}

/// A type, an interface, or a class with methods that are only declared.
fn is_abstract(machine: &Machine<'_>, id: ObjectId) -> bool {
    let Some(class) = machine.heap.class(id) else {
        return true;
    };
    let names = &machine.world.rules.names;
    let is_interface = class.bases.iter().any(|base| {
        let spelled = match base {
            Value::Object(base) => machine
                .heap
                .class(*base)
                .map(|class| machine.spelled(class.name)),
            Value::External(path) => Some(machine.spelled(*path)),
            _ => None,
        };
        spelled.is_some_and(|spelled| {
            let last = spelled.rsplit('.').next().unwrap_or(&spelled);
            names.abstract_bases.iter().any(|known| known == last)
        })
    });
    if is_interface {
        return true;
    }
    let mark = machine.world.symbols.intern("__isabstractmethod__");
    let mut seen = FxHashSet::default();
    for parent in parents(machine, id) {
        let Some(parent) = machine.heap.class(parent) else {
            continue;
        };
        for (name, value) in parent.names.entries() {
            if !seen.insert(*name) {
                continue;
            }
            let function = match value {
                Value::Object(object) => machine.heap.function(*object),
                _ => None,
            };
            if function.is_some_and(|function| function.attributes.get(mark).is_some()) {
                return true;
            }
        }
    }
    false
}
