//! Tracing: from sources to links. Runs the project's modules once, then every test over that ground, in parallel.
//!
//! The modules of tests and the app run one after the other on one heap, as one Python process would run them; that heap is then
//! frozen, and each test file is walked on a copy-on-write view of it, so the order of threads can't be seen.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::facts::program::Stmt;
use crate::links::asked::Asked;
use crate::links::beyond::{self, Beyond};
use crate::links::blocking::{self, Blocked, Origin};
use crate::links::branches::{Explored, explore};
use crate::links::collect::{TestItem, Uncollectable, collect};
use crate::links::fixtures::{Cache, namespace};
use crate::links::given::{around, of_suite, watch_names};
use crate::links::infrastructure::{self, Infrastructure};
use crate::links::libraries::Offered;
use crate::links::paths::Shape;
use crate::links::registered::{self, Registered};
use crate::links::reuse::Reuse;
use crate::links::services::{self, Service};
use crate::links::settings::{self, Settings};
use crate::links::startup::{self, Code, Startup};
use crate::links::sums::Sums;
use crate::links::unbound::{self, Unbound};
use crate::links::unmade::{self, Unmade};
use crate::links::walk::{Around, RouteKey, Walked, key_of, walk};
use crate::links::{clashes, generated, libraries, live};
use crate::project::kept::sum_of;
use crate::project::routes::{EntryKind, Table};
use crate::project::served::{self, Served, Target};
use crate::project::values::heap::{ModuleState, Object};
use crate::project::values::machine::{KnownTable, Machine, NO_MODULES};
use crate::project::values::summaries::Summaries;
use crate::project::values::value::{ObjectId, Value};
use crate::project::world::{CodePlace, Import, ModuleId, ModuleKind, World, absolute};
use crate::source::{FileId, Suite, paths};

/// Everything that was found out.
#[derive(Debug, Default)]
pub struct Links {
    pub routes: Vec<Route>,
    pub tests: Vec<Traced>,
    pub uncollectable: Vec<Uncollectable>,
    pub apps: Vec<(String, Option<CodePlace>)>,
    /// The classes of live modules that do the project's work.
    pub services: Vec<Service>,
    pub startup: Startup,
    pub beyond: Beyond,
    pub settings: Settings,
    pub blocked: Vec<Blocked>,
    /// Functions that were looked at by themselves, and not to their end.
    pub cut_off: Vec<Code>,
    pub infrastructure: Infrastructure,
    pub unbound: Vec<Unbound>,
    pub unmade: Vec<Unmade>,
}

/// A route of an app.
#[derive(Debug, Clone)]
pub struct Route {
    pub key: RouteKey,
    pub app: String,
    pub is_served: bool,
    pub places: Vec<CodePlace>,
    pub is_conditional: bool,
    /// Position of the route that takes its requests.
    pub shadowed_by: Option<usize>,
    pub registered: Registered,
    pub explored: Explored,
}

#[derive(Debug)]
pub struct Traced {
    pub id: String,
    pub place: CodePlace,
    pub walked: Walked,
}

/// What one test file gives.
pub struct Unit {
    pub tests: Vec<Traced>,
    pub uncollectable: Option<Uncollectable>,
    /// Routes of apps that the tests built, with how they can fail.
    pub found: Vec<(RouteKey, Vec<CodePlace>, bool)>,
    pub explored: Vec<(RouteKey, Explored)>,
}

impl Unit {
    /// Another file keeps it from being imported.
    fn lost(module: ModuleId, says: &str) -> Unit {
        Unit {
            tests: Vec::new(),
            uncollectable: Some(Uncollectable {
                module,
                line: 1,
                says: says.to_string(),
                is_clash: true,
            }),
            found: Vec::new(),
            explored: Vec::new(),
        }
    }
}

/// Runs the project's modules, and finds what production serves: the ground on which tests are walked.
pub fn ground<'w>(world: &'w World<'w>, targets: &[Target]) -> (Machine<'w>, Vec<Served>) {
    let (makers, starters) = candidates(world);
    preload(world, &makers);
    let mut machine = Machine::new(world, &[], &NO_MODULES);
    for &module in makers.iter().filter(|module| {
        targets
            .iter()
            .any(|target| names_module(world, target, **module))
    }) {
        machine.import_module(module);
    }
    for suite in &world.sources.suites {
        for &file in suite.conftests.iter().chain(&suite.tests) {
            machine.import_module(world.module_of(file));
        }
    }
    for plugin in world
        .rules
        .plugins
        .iter()
        .filter_map(|name| world.model(name))
    {
        machine.import_module(plugin);
    }
    let served = served::find(&mut machine, targets, &makers, &starters);
    (machine, served)
}

/// What the tests do. With the pieces of the run before, if there may be any, also those of this run, if they are others.
pub fn trace(
    world: &World<'_>,
    targets: &[Target],
    before: Option<&[u8]>,
) -> (Links, Option<Vec<u8>>) {
    let (mut machine, served) = ground(world, targets);
    machine.served = served
        .iter()
        .map(|served| Value::Object(served.app))
        .collect();
    let (routes, tables) = served_routes(&mut machine, &served);
    let at_start = std::mem::take(&mut machine.log.blocking);
    let dropped = machine.log.dropped.take();
    let used = std::mem::take(&mut machine.log.used);
    let startup = startup::find(&mut machine, &served);
    let watched = std::sync::Arc::new(startup.watched());
    let beyond = beyond::find(
        &mut machine,
        &served,
        routes.iter().map(|(route, ..)| route),
    );
    let live = live::find(&machine, &served, routes.iter().map(|(route, ..)| route));
    let apps = served
        .iter()
        .map(|served| (served.label.clone(), served.said_by))
        .collect();
    let clashes: FxHashMap<FileId, String> = world
        .sources
        .suites
        .iter()
        .flat_map(|suite| clashes::find(world, suite, |file| fails(&machine, file)))
        .collect();
    let served_values = machine.served.clone();
    let changes = machine.route_changes;
    let known_tables = served.iter().enumerate().filter_map(|(turn, served)| {
        Some((served.app, machine.table_with_reads(turn, served.app)?))
    });
    let known_tables: FxHashMap<ObjectId, KnownTable> = known_tables.collect();
    let known_tables = Arc::new(known_tables);
    let modules = std::mem::take(&mut machine.modules);
    let makers = std::mem::take(&mut machine.makers);
    let mut base = machine.heap.freeze();
    if before.is_some() {
        watch_names(world, &mut base);
    }
    let base = base;
    let reuse = before.map(|before| {
        let sums = Sums::of(world, &base, &modules, &makers);
        let around = around(world, &sums, &served, &watched);
        let asked = Asked::of(&known_tables);
        Reuse::new(sums, asked, around, before)
    });
    let entries = tables.iter().flat_map(|table| &table.entries);
    let handlers = entries.map(|entry| (entry.route, entry.handler.clone()));
    let known_handlers = std::sync::Arc::new(handlers.collect());
    let services = services::find(&mut Machine::new(world, &base, &modules), &live);

    let summaries = Summaries::default();
    let watch = |machine: &mut Machine<'_>| {
        if reuse.is_some() {
            machine.heap.watch_base();
        }
    };
    let explore_routes = |routes: &[Prepared]| -> Vec<Explored> {
        // A route more changes only what the others of its module share.
        let home = |(route, ..): &Prepared| route.key.handler.as_ref().map(|one| one.module);
        let of_one_module = routes.chunk_by(|one, other| home(one) == home(other));
        let chunks: Vec<&[Prepared]> = of_one_module.flat_map(|some| some.chunks(16)).collect();
        let mut turns: FxHashMap<Option<ModuleId>, usize> = FxHashMap::default();
        let named = chunks.into_iter().map(|chunk| {
            let module = chunk.first().and_then(home);
            let turn = turns.entry(module).or_default();
            *turn += 1;
            let path = module.map(|module| world.path(module));
            (
                format!("routes {turn} of {}", path.unwrap_or_default()),
                chunk,
            )
        });
        let named: Vec<(String, &[Prepared])> = named.collect();
        named
            .par_iter()
            .flat_map_iter(|(name, chunk)| {
                let work = || {
                    let mut machine = Machine::new(world, &base, &modules);
                    watch(&mut machine);
                    machine.shared_summaries = Some(&summaries);
                    machine.route_changes = changes;
                    let explored = chunk
                        .iter()
                        .map(|(_, entry, app)| explore(&mut machine, entry, app));
                    let explored = explored.collect::<Vec<_>>();
                    (explored, machine.heap.looked_at())
                };
                match &reuse {
                    Some(reuse) => {
                        let given = chunk.iter().map(|(_, entry, app)| {
                            (reuse.sums().of_entry(entry), reuse.sums().of_app(app))
                        });
                        let given = sum_of(given.collect::<Vec<_>>());
                        reuse.piece(name, given, work)
                    }
                    None => work().0,
                }
            })
            .collect()
    };

    let files: Vec<(&Suite, FileId)> = world
        .sources
        .suites
        .iter()
        .flat_map(|suite| suite.tests.iter().map(move |&file| (suite, file)))
        .collect();
    let is_guess = served.iter().all(|served| served.is_guess);
    let walk_tests = |routes: &[Route]| -> Vec<Unit> {
        let redirecting: FxHashMap<RouteKey, bool> = routes
            .iter()
            .map(|route| (route.key.clone(), route.explored.redirects))
            .collect();
        let redirecting = Arc::new(redirecting);
        if let Some(reuse) = &reuse {
            reuse.asked.explored(Arc::clone(&redirecting));
        }
        files
            .par_iter()
            .with_max_len(1)
            .map(|(suite, file)| {
                let work = || {
                    let mut machine = Machine::new(world, &base, &modules);
                    machine.shared_summaries = Some(&summaries);
                    machine.served.clone_from(&served_values);
                    machine.watched = watched.clone();
                    machine.route_changes = changes;
                    machine.known_handlers = Arc::clone(&known_handlers);
                    machine.known_tables = Arc::clone(&known_tables);
                    watch(&mut machine);
                    let unit = walk_file(&mut machine, suite, *file, &redirecting, is_guess);
                    (unit, machine.heap.looked_at())
                };
                match (clashes.get(file), &reuse) {
                    (Some(says), _) => Unit::lost(world.module_of(*file), says),
                    (None, None) => work().0,
                    (None, Some(reuse)) => {
                        let name = format!("{} {}", suite.root, world.sources.path(*file));
                        let given = of_suite(world, suite, *file);
                        reuse.piece(&name, given, work)
                    }
                }
            })
            .collect()
    };
    // What has one thread to itself runs beside what all share.
    let beside = || {
        (
            settings::find(world, &live),
            unmade::find(world, &live, &services),
            infrastructure::find(world, &live, &used),
            blocking::sweep(world, &live, &base, &modules),
        )
    };
    let walked = || {
        let explored = explore_routes(&routes);
        let routes = routes.into_iter().zip(explored);
        let routes = routes.map(|((route, _, _), explored)| Route { explored, ..route });
        let routes: Vec<Route> = routes.collect();
        let units = walk_tests(&routes);
        (routes, units)
    };
    let ((settings, unmade, mut infrastructure, swept), (mut routes, units)) =
        rayon::join(beside, walked);
    let of_routes = routes.iter().enumerate().flat_map(|(position, route)| {
        let calls = route.explored.blocking.iter();
        calls.map(move |call| (Origin::Route(position), call))
    });
    let calls = at_start
        .iter()
        .map(|call| (Origin::Start, call))
        .chain(of_routes);
    let alone = swept.calls.iter().map(|call| (Origin::Alone, call));
    let blocked = blocking::gather(world, calls.chain(alone));
    let mut cut_off = swept.cut_off;
    cut_off.extend(dropped.map(|frame| (frame.module, frame.function)));

    let mut known: FxHashMap<RouteKey, usize> = routes
        .iter()
        .enumerate()
        .map(|(position, route)| (route.key.clone(), position))
        .collect();
    let mut tests = Vec::new();
    let mut uncollectable = Vec::new();
    let mut seen = FxHashSet::default();
    for unit in units {
        uncollectable.extend(unit.uncollectable);
        for (key, places, is_conditional) in unit.found {
            known.entry(key.clone()).or_insert_with(|| {
                routes.push(Route {
                    key,
                    app: "test".into(),
                    is_served: false,
                    places,
                    is_conditional,
                    shadowed_by: None,
                    registered: Registered::default(),
                    explored: Explored::default(),
                });
                routes.len() - 1
            });
        }
        for (key, explored) in unit.explored {
            if let Some(&position) = known.get(&key) {
                let route = &mut routes[position].explored;
                for branch in explored.branches {
                    if !route.branches.contains(&branch) {
                        route.branches.push(branch);
                    }
                }
                route.visited.extend(explored.visited);
                route.of_libraries.extend(explored.of_libraries);
                route.cut_off |= explored.cut_off;
            }
        }
        for test in unit.tests {
            if seen.insert(test.id.clone()) {
                tests.push(test);
            }
        }
    }
    let is_library = is_guess && libraries::serve(world, &mut routes, &tests);
    let apps = if is_library { Vec::new() } else { apps };
    infrastructure.behind = infrastructure::behind(world, &tests, &base, &modules);
    let served = routes.iter().filter(|route| route.is_served);
    let visited = served.flat_map(|route| route.explored.visited.iter().copied());
    let unbound = unbound::find(world, visited);
    let links = Links {
        routes,
        tests,
        uncollectable,
        apps,
        services,
        startup,
        beyond,
        settings,
        blocked,
        cut_off,
        infrastructure,
        unbound,
        unmade,
    };
    let pieces = reuse.and_then(Reuse::bytes);
    // Much of what summaries hold nobody needs for what comes now, and that may take as much.
    drop(summaries);
    world.next.let_go((base, modules));
    (links, pieces)
}

/// Does importing the file end in an error?
fn fails(machine: &Machine<'_>, file: FileId) -> bool {
    let object = machine.module_object(machine.world.module_of(file));
    object.is_some_and(|object| {
        matches!(
            machine.module_state(object),
            Some(ModuleState::Broken { .. })
        )
    })
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

pub(super) fn imports_of(world: &World<'_>, module: ModuleId) -> Vec<ModuleId> {
    let Some(unit) = world.unit(module) else {
        return Vec::new();
    };
    let facts = &unit.facts;
    let mut names: Vec<String> = Vec::new();
    for statement in &facts.stmts {
        match statement {
            Stmt::Import(aliases) => names.extend(
                facts.aliases[aliases.range()]
                    .iter()
                    .map(|alias| facts.name(alias.name).to_string()),
            ),
            Stmt::ImportFrom {
                module,
                level,
                aliases,
            } => {
                let path = absolute(unit, *level, module.map(|module| facts.name(module)));
                for alias in &facts.aliases[aliases.range()] {
                    names.push(format!("{path}.{}", facts.name(alias.name)));
                }
                names.push(path);
            }
            _ => {}
        }
    }
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

type Prepared = (Route, crate::project::routes::Entry, Value);

/// The routes of the served apps, in the order of their tables.
fn served_routes(machine: &mut Machine<'_>, served: &[Served]) -> (Vec<Prepared>, Vec<Arc<Table>>) {
    let mut tables = Vec::new();
    let mut routes: Vec<Prepared> = Vec::new();
    let mut known: FxHashMap<RouteKey, usize> = FxHashMap::default();
    for app in served {
        let Ok(table) = machine.cached_table(app.app) else {
            continue;
        };
        tables.push(Arc::clone(&table));
        let mut taken: BTreeMap<(bool, String, String), usize> = BTreeMap::new();
        // Those with parameters take other templates' paths, too.
        let mut wide: Vec<(usize, Shape)> = Vec::new();
        for entry in &table.entries {
            if entry.kind == EntryKind::Opaque {
                continue;
            }
            // A route registered by test code on a production app is no production route.
            if entry
                .places
                .first()
                .is_some_and(|place| machine.world.kind(place.module) == ModuleKind::Test)
            {
                continue;
            }
            let registered = registered::said_of(machine, entry);
            let methods = if entry.kind == EntryKind::Websocket || entry.methods.is_empty() {
                vec![std::sync::Arc::from("")]
            } else {
                entry.methods.clone()
            };
            for method in methods {
                let key = key_of(entry, &method);
                if known.contains_key(&key) {
                    continue;
                }
                let shape = (
                    key.is_websocket,
                    key.method.to_string(),
                    template(&key.path),
                );
                let own = Shape::of(&key.path);
                let shadowed_by = taken.get(&shape).copied().or_else(|| {
                    let earlier = wide.iter().find(|(earlier, wide)| {
                        let other = &routes[*earlier].0.key;
                        other.is_websocket == key.is_websocket
                            && (other.method.is_empty() || other.method == key.method)
                            && wide.covers(&own)
                    });
                    earlier.map(|(earlier, _)| *earlier)
                });
                // What is registered under a condition may not be there.
                if !entry.is_conditional {
                    taken.entry(shape).or_insert(routes.len());
                    if key.path.contains('{') {
                        wide.push((routes.len(), own));
                    }
                }
                known.insert(key.clone(), routes.len());
                let route = Route {
                    key,
                    app: app.label.clone(),
                    is_served: true,
                    places: entry.places.clone(),
                    is_conditional: entry.is_conditional,
                    shadowed_by,
                    registered: registered.clone(),
                    explored: Explored::default(),
                };
                routes.push((route, entry.clone(), Value::Object(app.app)));
            }
        }
    }
    (routes, tables)
}

/// A path template without the names of its parameters.
pub fn template(path: &str) -> String {
    let mut result = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(open) = rest.find('{') {
        result.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('}') else {
            break;
        };
        result.push_str("{}");
        rest = &rest[open + close + 1..];
    }
    result.push_str(rest);
    result
}

fn walk_file<'w>(
    machine: &mut Machine<'w>,
    suite: &Suite,
    file: FileId,
    redirecting: &Arc<FxHashMap<RouteKey, bool>>,
    is_guess: bool,
) -> Unit {
    let world = machine.world;
    let module = world.module_of(file);
    machine.import_module(module);
    let mut unit = Unit {
        tests: Vec::new(),
        uncollectable: None,
        found: Vec::new(),
        explored: Vec::new(),
    };
    for conftest in world.sources.conftests_of(suite, file) {
        let conftest = world.module_of(conftest);
        if let Some(object) = machine.module_object(conftest)
            && let Some(ModuleState::Broken { line, says }) = machine.module_state(object)
        {
            // Its line is another once its text is.
            world.unit(conftest);
            let says = format!("{}:{line}: {says}", world.path(conftest));
            unit.uncollectable = Some(Uncollectable {
                module,
                line: 1,
                says,
                is_clash: false,
            });
            return unit;
        }
    }
    let items: Vec<TestItem> = match collect(machine, module, &suite.config) {
        Ok(items) => items,
        Err(uncollectable) => {
            unit.uncollectable = Some(uncollectable);
            return unit;
        }
    };
    let cache = Rc::new(RefCell::new(Cache {
        known: Arc::clone(redirecting),
        offered: is_guess.then(Offered::default),
        ..Cache::default()
    }));
    let mut outer = Vec::new();
    let mut conftests: Vec<ModuleId> = world
        .sources
        .conftests_of(suite, file)
        .into_iter()
        .map(|file| world.module_of(file))
        .collect();
    conftests.reverse();
    let mut plugins: Vec<ObjectId> = Vec::new();
    for conftest in &conftests {
        if let Some(object) = machine.module_object(*conftest) {
            outer.push(namespace(machine, &cache, object));
            plugins.extend(plugins_of(machine, *conftest, object));
        }
    }
    if let Some(object) = machine.module_object(module) {
        plugins.extend(plugins_of(machine, module, object));
    }
    for name in &suite.config.plugins {
        if let Ok(Value::Object(object)) = machine.import_path(module, name) {
            plugins.push(object);
        }
    }
    for &plugin in &plugins {
        outer.push(namespace(machine, &cache, plugin));
    }
    let hooked = conftests.iter().rev().chain([&module]);
    let hooked: Vec<ObjectId> = hooked
        .filter_map(|module| machine.module_object(*module))
        .collect();
    let hooks = generated::hooks(machine, &[plugins, hooked].concat());
    for plugin in world
        .rules
        .plugins
        .iter()
        .filter_map(|name| world.model(name))
    {
        if let Some(object) = machine.import_module(plugin) {
            outer.push(namespace(machine, &cache, object));
        }
    }
    let around = Around {
        cache: cache.clone(),
        outer,
        usefixtures: &suite.config.usefixtures,
        hooks,
    };
    for item in &items {
        let walked = walk(machine, item, &around);
        for (_, contact) in &walked.contacts {
            for (key, _, places, is_conditional) in &contact.routes {
                if !unit.found.iter().any(|(known, _, _)| known == key) {
                    unit.found
                        .push((key.clone(), places.clone(), *is_conditional));
                }
            }
        }
        unit.tests.push(Traced {
            id: item.id.clone(),
            place: item.place,
            walked,
        });
    }
    let mut cache = cache.borrow_mut();
    unit.explored = std::mem::take(&mut cache.explored);
    let offered = cache.offered.take().unwrap_or_default();
    unit.found.extend(offered.routes);
    unit
}

/// Modules named by `pytest_plugins`.
fn plugins_of(machine: &mut Machine<'_>, module: ModuleId, object: ObjectId) -> Vec<ObjectId> {
    let name = machine.symbol("pytest_plugins");
    let Object::Module(found) = machine.heap.get(object) else {
        return Vec::new();
    };
    let Some(value) = found.names.get(&name).cloned() else {
        return Vec::new();
    };
    let names = match &value {
        Value::Text(_) => vec![value.clone()],
        other => machine
            .iterate(other)
            .map(|(items, _)| items)
            .unwrap_or_default(),
    };
    let mut plugins = Vec::new();
    for name in names {
        if let Some(text) = name.literal()
            && let Ok(Value::Object(object)) = machine.import_path(module, text)
        {
            plugins.push(object);
        }
    }
    plugins
}
