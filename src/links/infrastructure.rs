//! Infrastructure of live code: where it makes clients of it, and what of it lies behind a function that tests replace.
//!
//! ```python
//! cache = redis.Redis()            # live code stands on Redis
//!
//! def get_cache():                 # whoever replaces this replaces Redis
//!     return cache.client()
//! ```

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::facts::program::{Expr, ExprId, FunctionId};
use crate::links::blocking::run_function;
use crate::links::names::Names;
use crate::links::startup::Code;
use crate::links::trace::Traced;
use crate::project::values::heap::Object;
use crate::project::values::infrastructure::Used;
use crate::project::values::machine::Machine;
use crate::project::values::value::{ObjectId, Value};
use crate::project::world::{CodePlace, ModuleId, ModuleKind, Unit, World};
use crate::rules::infrastructure::Use;

/// The methods of one class that are run, at most.
const MOST_METHODS: usize = 200;
/// Objects in objects are looked into so deep.
const DEEPEST: usize = 3;

/// Kinds are positions in the rules.
#[derive(Debug, Default)]
pub struct Infrastructure {
    /// Where live code makes a client of each kind, or speaks to it.
    pub adapters: BTreeMap<usize, Vec<CodePlace>>,
    /// What the start-up speaks to.
    pub at_start: BTreeSet<usize>,
    /// What the modules of tests make when they are imported.
    pub of_tests: BTreeSet<usize>,
    /// What modules make, when they are imported, of what runs inside of the process.
    pub embedded: BTreeSet<(usize, CodePlace)>,
    /// What lies behind the code that tests put something in the place of, and behind what they put there.
    pub behind: FxHashMap<Code, Behind>,
}

#[derive(Debug, Default)]
pub struct Behind {
    /// Kinds of which it gives its caller a client.
    pub gives: BTreeSet<usize>,
    /// Where it uses which kind itself, and what it calls, too.
    pub places: BTreeSet<(usize, CodePlace)>,
}

/// What live code and imports say. `seen` was noted while modules were imported and the apps were started.
pub fn find(world: &World<'_>, live: &FxHashSet<ModuleId>, seen: &[Used]) -> Infrastructure {
    let is_of = |used: &&Used, kind: ModuleKind| world.kind(used.place.module) == kind;
    let at_start = seen.iter().filter(|used| is_of(used, ModuleKind::App));
    let of_tests = seen.iter().filter(|used| is_of(used, ModuleKind::Test));
    Infrastructure {
        adapters: adapters(world, live),
        at_start: at_start
            .filter(|used| used.what == Use::Contacted)
            .map(|used| used.kind)
            .collect(),
        of_tests: of_tests
            .filter(|used| !matches!(used.what, Use::Faked | Use::Embedded))
            .map(|used| used.kind)
            .collect(),
        embedded: seen
            .iter()
            .filter(|used| used.what == Use::Embedded)
            .map(|used| (used.kind, used.place))
            .collect(),
        behind: FxHashMap::default(),
    }
}

fn adapters(world: &World<'_>, live: &FxHashSet<ModuleId>) -> BTreeMap<usize, Vec<CodePlace>> {
    let rules = &world.rules.infrastructure;
    let names = Names::new(world);
    let mut found: BTreeMap<usize, Vec<CodePlace>> = BTreeMap::new();
    for unit in live.iter().filter_map(|module| world.loaded(*module)) {
        let facts = &unit.facts;
        if world.rules.names.is_aside(&unit.path) {
            continue;
        }
        for position in 0..facts.exprs.len() {
            let expr = ExprId(position as u32);
            let Expr::Call { function, .. } = facts.expr(expr) else {
                continue;
            };
            let path = names.path(unit, function);
            if let Some((kind, what)) = path.and_then(|path| rules.find(&path))
                && what != Use::Faked
            {
                found.entry(kind).or_default().push(CodePlace {
                    module: unit.id,
                    line: facts.expr_line(expr),
                });
            }
        }
    }
    for places in found.values_mut() {
        places.sort_by_cached_key(|place| (world.path(place.module), place.line));
        places.dedup();
    }
    found
}

/// Runs by itself what tests replace, and what they replace it with.
pub fn behind<'w>(
    world: &'w World<'w>,
    tests: &[Traced],
    base: &'w [Object],
    modules: &'w FxHashMap<ModuleId, ObjectId>,
) -> FxHashMap<Code, Behind> {
    let doubles = tests.iter().flat_map(|traced| &traced.walked.doubles);
    let mut wanted: Vec<Code> = doubles
        .flat_map(|double| [double.function, double.by])
        .flatten()
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted
        .into_par_iter()
        .with_max_len(1)
        .map(|code| (code, of_code(world, code, base, modules)))
        .collect()
}

fn of_code<'w>(
    world: &'w World<'w>,
    code: Code,
    base: &'w [Object],
    modules: &'w FxHashMap<ModuleId, ObjectId>,
) -> Behind {
    let mut machine = Machine::new(world, base, modules);
    let mut behind = Behind::default();
    let mut waiting = vec![code];
    let mut known: FxHashSet<Code> = FxHashSet::default();
    while let Some((module, function)) = waiting.pop() {
        let (Some(unit), Some(object)) = (world.loaded(module), machine.import_module(module))
        else {
            continue;
        };
        for (function, qualified) in functions(unit, function) {
            if !known.insert((module, function)) {
                continue;
            }
            machine.begin_trial();
            let given = run_function(&mut machine, object, qualified, (module, function))
                .unwrap_or(Value::None);
            let given = Given::of(&machine, &given, 0);
            machine.end_trial();
            // Whoever gives an object gives what its methods speak to.
            if (module, function) == code {
                behind.gives.extend(given.kinds);
                waiting.extend(given.constructors);
            }
        }
    }
    let used = machine.log.used.iter();
    let used = used.filter(|used| used.what != Use::Faked);
    behind.places = used.map(|used| (used.kind, used.place)).collect();
    behind
}

/// What a function returns or yields.
#[derive(Default)]
struct Given {
    /// Clients of these kinds.
    kinds: Vec<usize>,
    /// How the classes of its objects begin.
    constructors: Vec<Code>,
}

impl Given {
    fn of(machine: &Machine<'_>, value: &Value, depth: usize) -> Given {
        let mut given = Given::default();
        if depth > DEEPEST {
            return given;
        }
        let mut inside: Vec<Value> = Vec::new();
        for one in value.alternatives() {
            match one {
                Value::External(path) => {
                    let path = machine.spelled(*path);
                    let made = path.strip_suffix("()").unwrap_or(&path);
                    let found = machine.world.rules.infrastructure.find(made);
                    let real = found.filter(|(_, what)| *what != Use::Faked);
                    given.kinds.extend(real.map(|(kind, _)| kind));
                }
                Value::Tuple(items) => inside.extend(items.iter().cloned()),
                Value::Object(id) => match machine.heap.get(*id) {
                    Object::List(list) => inside.extend(list.items.iter().cloned()),
                    Object::Instance(instance) => given
                        .constructors
                        .extend(machine.code_of(&Value::Object(instance.class))),
                    _ => {}
                },
                _ => {}
            }
        }
        for one in &inside {
            let more = Given::of(machine, one, depth + 1);
            given.kinds.extend(more.kinds);
            given.constructors.extend(more.constructors);
        }
        given
    }
}

/// The function; of a class, which is known by how it begins, all methods. What is made inside of a function can't be run alone.
fn functions(unit: &Unit, function: FunctionId) -> Vec<(FunctionId, &str)> {
    let facts = &unit.facts;
    let qualified = |function: FunctionId| facts.name(facts.function(function).qualified_name);
    let name = qualified(function);
    if name.contains("<locals>") {
        return Vec::new();
    }
    let Some(class) = name.strip_suffix("__init__") else {
        return vec![(function, name)];
    };
    let all = (0..facts.functions.len() as u32).map(FunctionId);
    let all = all.map(|function| (function, qualified(function)));
    all.filter(|(_, name)| {
        let method = name.strip_prefix(class);
        method.is_some_and(|method| !method.contains('.'))
    })
    .take(MOST_METHODS)
    .collect()
}
