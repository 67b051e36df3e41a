//! Grounds: the modules run once, as a process runs them when it starts.
//!
//! The modules of tests and the app run one after the other on one heap, in the order in which pytest imports them. Where the app
//! took what only tests set (`os.environ["ADMIN"] = "1"` in a conftest, a double that is in place while it is imported), what
//! production serves is found on a ground of its own, without tests.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::facts::program::Stmt;
use crate::links::given::watch_names;
use crate::links::late;
use crate::project::routes::Handler;
use crate::project::served::{self, Served, Target};
use crate::project::values::calls::Args;
use crate::project::values::heap::Object;
use crate::project::values::machine::{KnownTable, Machine, NO_MODULES, Raise};
use crate::project::values::summaries::Summaries;
use crate::project::values::value::{ObjectId, Reason, Value};
use crate::project::world::{FIRST, Import, ModuleId, ModuleKind, Next, Unit, World, absolute};
use crate::source::{FileId, Suite, paths};

/// Steps that one hook of pytest may take.
const STEPS_OF_A_HOOK: u64 = 100_000;

/// A process that has started: its modules have run.
pub struct Process<'w> {
    pub machine: Machine<'w>,
    /// The apps that production serves, as this process made them.
    pub served: Vec<Served>,
}

pub struct Processes<'w> {
    /// What production runs.
    pub live: Process<'w>,
    /// That of pytest, where it is another.
    pub tests: Option<Process<'w>>,
}

/// Runs the project's modules, and finds what production serves.
pub fn start<'w>(world: &'w World<'w>, targets: &[Target]) -> Processes<'w> {
    let (makers, starters) = candidates(world);
    preload(world, &makers);
    let serve = |mut machine: Machine<'w>| {
        let named = |module: &&ModuleId| {
            let mut targets = targets.iter();
            targets.any(|target| names_module(world, target, **module))
        };
        for &module in makers.iter().filter(named) {
            machine.import_module(module);
        }
        let served = served::find(&mut machine, targets, &makers, &starters);
        Process { machine, served }
    };
    let tests = serve(of_pytest(world, &makers));
    if !tests.machine.log.leans_on_tests {
        return Processes {
            live: tests,
            tests: None,
        };
    }
    Processes {
        live: serve(Machine::new(world, &[], &NO_MODULES).live()),
        tests: Some(tests),
    }
}

/// The modules of tests, with what they import.
fn of_pytest<'w>(world: &'w World<'w>, makers: &[ModuleId]) -> Machine<'w> {
    let mut machine = Machine::new(world, &[], &NO_MODULES);
    for suite in &world.sources.suites {
        set_environment(&mut machine, suite);
        for &file in &suite.conftests {
            let module = world.module_of(file);
            machine.import_module(module);
            configure(&mut machine, module);
        }
        for &file in &suite.tests {
            machine.import_module(world.module_of(file));
        }
    }
    let plugins = world.rules.plugins.iter();
    for plugin in plugins.filter_map(|name| world.model(name)) {
        machine.import_module(plugin);
    }
    for suite in &world.sources.suites {
        late::import(&mut machine, suite, makers);
    }
    machine
}

/// What pytest's configuration says that the environment holds.
fn set_environment(machine: &mut Machine<'_>, suite: &Suite) {
    let config = &suite.config;
    let files = config.env_files.iter().filter_map(|path| {
        let path = paths::join(&suite.root, path)?;
        machine.world.variables(FIRST, &format!("/{path}"))
    });
    let of_files: Vec<(String, String)> = files.flat_map(|file| file.to_vec()).collect();
    let mut variables = of_files.iter().chain(&config.env).peekable();
    if variables.peek().is_none() {
        return;
    }
    let Some(environment) = environment(machine) else {
        return;
    };
    for (name, value) in variables {
        let value = match value.contains(['{', '$']) {
            true => Value::Unknown(Reason::Runtime),
            false => Value::text(value),
        };
        // An object of the model refuses nothing.
        let _ = machine.set_item(&environment, Value::text(name), value);
    }
}

/// `os.environ`.
pub(super) fn environment(machine: &mut Machine<'_>) -> Option<Value> {
    let os = machine.import_module(machine.world.model("os")?)?;
    let name = machine.symbol("environ");
    machine.attribute(&Value::Object(os), name).ok()
}

/// Calls the hooks of a conftest that pytest calls before it collects tests.
///
/// Source: <https://docs.pytest.org/en/stable/reference/reference.html#initialization-hooks>
fn configure(machine: &mut Machine<'_>, conftest: ModuleId) {
    for hook in ["pytest_configure", "pytest_sessionstart"] {
        let hook = machine.symbol(hook);
        let Some(object) = machine.module_object(conftest) else {
            return;
        };
        let Object::Module(module) = machine.heap.get(object) else {
            return;
        };
        let Some(hook) = module.names.get(&hook).cloned() else {
            continue;
        };
        machine.enter_test(conftest);
        let _ = machine.bounded(STEPS_OF_A_HOOK, |machine| {
            match machine.call(&hook, Args::of([Value::Unknown(Reason::Parameter)])) {
                Err(Raise::Exhausted) => Err(Raise::Exhausted),
                // Hooks work, or no test would run.
                _ => Ok(Value::None),
            }
        });
        machine.leave_test();
    }
}

/// The ground on which pieces of work stand: the heap of a process, frozen.
pub struct Ground {
    pub base: Vec<Object>,
    pub modules: FxHashMap<ModuleId, ObjectId>,
    /// For which module objects were made, from which on.
    pub makers: Vec<(u32, Option<ModuleId>)>,
    pub served: Vec<Served>,
    route_changes: u32,
    pub tables: Arc<FxHashMap<ObjectId, KnownTable>>,
    handlers: Arc<FxHashMap<ObjectId, Option<Handler>>>,
    summaries: Summaries,
}

impl Ground {
    /// With whether it is to be noted what pieces of work look at.
    pub fn of(process: Process<'_>, is_watched: bool) -> Ground {
        let Process {
            mut machine,
            served,
        } = process;
        let apps = served.iter().enumerate();
        let tables = apps.filter_map(|(turn, served)| {
            Some((served.app, machine.table_with_reads(turn, served.app)?))
        });
        let tables: FxHashMap<ObjectId, KnownTable> = tables.collect();
        let entries = tables.values().flat_map(|known| &known.table.entries);
        let handlers = entries.map(|entry| (entry.route, entry.handler.clone()));
        let handlers = Arc::new(handlers.collect());
        let route_changes = machine.route_changes;
        let modules = std::mem::take(&mut machine.modules);
        let makers = std::mem::take(&mut machine.makers);
        let world = machine.world;
        let mut base = machine.heap.freeze();
        if is_watched {
            watch_names(world, &mut base);
        }
        Ground {
            base,
            modules,
            makers,
            served,
            route_changes,
            tables: Arc::new(tables),
            handlers,
            summaries: Summaries::default(),
        }
    }

    /// Nobody needs it any more.
    pub fn let_go(self, next: Next) {
        let Ground {
            base,
            modules,
            summaries,
            ..
        } = self;
        // Much of what summaries hold nobody needs for what comes now, and that may take as much.
        drop(summaries);
        next.let_go((base, modules));
    }

    /// For work that knows nothing of routes.
    pub fn machine<'w>(&'w self, world: &'w World<'w>) -> Machine<'w> {
        Machine::new(world, &self.base, &self.modules).live()
    }

    /// For work on a handler.
    pub fn machine_of_handlers<'w>(&'w self, world: &'w World<'w>) -> Machine<'w> {
        let mut machine = self.machine(world);
        machine.shared_summaries = Some(&self.summaries);
        machine.route_changes = self.route_changes;
        machine
    }

    /// For the tests of a file.
    pub fn machine_of_tests<'w>(&'w self, world: &'w World<'w>) -> Machine<'w> {
        let mut machine = self.machine_of_handlers(world);
        machine.is_live = false;
        let apps = self.served.iter().map(|served| Value::Object(served.app));
        machine.served = apps.collect();
        machine.known_handlers = Arc::clone(&self.handlers);
        machine.known_tables = Arc::clone(&self.tables);
        machine
    }
}

fn names_module(world: &World<'_>, target: &Target, module: ModuleId) -> bool {
    let Some(file) = world.file_of(module) else {
        return false;
    };
    let name = world.sources.modules.module_name(file);
    target
        .text
        .split(':')
        .next()
        .is_some_and(|wanted| wanted == name)
}

/// Modules that may make an app, and those that may give one to a server: by their text, only to know where to look.
fn candidates(world: &World<'_>) -> (Vec<ModuleId>, Vec<ModuleId>) {
    let names = &world.rules.names;
    let found: Vec<(ModuleId, bool, bool)> = (0..world.sources.files.len() as u32)
        .into_par_iter()
        .map(|position| {
            let module = ModuleId(position);
            if world.kind(module) != ModuleKind::App {
                return (module, false, false);
            }
            let Ok(text) = world.sources.read(FileId(position)) else {
                return (module, false, false);
            };
            let has =
                |needles: &[String]| needles.iter().any(|needle| text.contains(needle.as_str()));
            (module, has(&names.apps), has(&names.servers))
        })
        .collect();
    let is_aside = |module: &ModuleId| {
        let path = world.path(*module);
        names.is_aside(&path) || paths::is_of_tests(&path)
    };
    let found = if found
        .iter()
        .any(|(module, maker, _)| *maker && !is_aside(module))
    {
        found
            .into_iter()
            .filter(|(module, _, _)| !is_aside(module))
            .collect()
    } else {
        found
    };
    let makers = found
        .iter()
        .filter(|(_, maker, _)| *maker)
        .map(|(module, _, _)| *module)
        .collect();
    let starters = found
        .iter()
        .filter(|(_, _, starter)| *starter)
        .map(|(module, _, _)| *module)
        .collect();
    (makers, starters)
}

/// Parses in parallel what will be imported: wave after wave of import statements.
fn preload(world: &World<'_>, makers: &[ModuleId]) {
    let mut seen: FxHashSet<ModuleId> = FxHashSet::default();
    let mut wave: Vec<ModuleId> = world
        .sources
        .suites
        .iter()
        .flat_map(|suite| suite.conftests.iter().chain(&suite.tests))
        .map(|&file| world.module_of(file))
        .collect();
    wave.extend(makers);
    wave.extend(
        world
            .rules
            .plugins
            .iter()
            .chain(["builtins".to_string()].iter())
            .filter_map(|name| world.model(name)),
    );
    while !wave.is_empty() {
        wave.sort_unstable();
        wave.dedup();
        wave.retain(|module| seen.insert(*module));
        let mut next: Vec<ModuleId> = wave
            .par_iter()
            .flat_map_iter(|&module| imports_of(world, module))
            .collect();
        next.sort_unstable();
        next.dedup();
        wave = next;
    }
}

/// The absolute names of what a statement imports, those that may be no modules, too.
pub(super) fn imported(unit: &Unit, statement: &Stmt) -> Vec<String> {
    let facts = &unit.facts;
    match statement {
        Stmt::Import(aliases) => facts.aliases[aliases.range()]
            .iter()
            .map(|alias| facts.name(alias.name).to_string())
            .collect(),
        Stmt::ImportFrom {
            module,
            level,
            aliases,
        } => {
            let path = absolute(unit, *level, module.map(|module| facts.name(module)));
            let aliases = facts.aliases[aliases.range()].iter();
            let inside = aliases.map(|alias| format!("{path}.{}", facts.name(alias.name)));
            inside.chain([path.clone()]).collect()
        }
        _ => Vec::new(),
    }
}

pub(super) fn imports_of(world: &World<'_>, module: ModuleId) -> Vec<ModuleId> {
    let Some(unit) = world.unit(module) else {
        return Vec::new();
    };
    let statements = unit.facts.stmts.iter();
    let mut names: Vec<String> = statements.flat_map(|one| imported(unit, one)).collect();
    names.sort_unstable();
    names.dedup();
    let mut found = Vec::new();
    for name in names {
        if let Import::Module(target) = world.resolve(module, &name) {
            found.push(target);
        }
    }
    found
}
