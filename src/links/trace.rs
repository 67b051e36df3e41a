//! Tracing: from sources to links. Runs the project's modules once, then every test over that ground, in parallel.
//!
//! The modules run as a [`ground`](grounds): one heap, which is then frozen. Each test file is walked on a copy-on-write view of it, so
//! the order of threads can't be seen.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::links::asked::Asked;
use crate::links::beyond::{self, Beyond};
use crate::links::blocking::{self, Blocked, Origin};
use crate::links::branches::{Explored, explore};
use crate::links::collect::{TestItem, Uncollectable, collect};
use crate::links::fixtures::{Cache, namespace};
use crate::links::given::{around, of_suite};
use crate::links::grounds::{self, Ground, Processes};
use crate::links::infrastructure::{self, Infrastructure};
use crate::links::libraries::Offered;
use crate::links::paths::Shape;
use crate::links::registered::{self, Registered};
use crate::links::reuse::Reuse;
use crate::links::services::{self, Service};
use crate::links::settings::{self, Settings};
use crate::links::startup::{self, Code, Startup};
use crate::links::sums::Sums;
use crate::links::tables::Halves;
use crate::links::unbound::{self, Unbound};
use crate::links::unmade::{self, Unmade};
use crate::links::walk::{Around, RouteKey, Walked, key_of, walk};
use crate::links::{clashes, generated, libraries, live};
use crate::project::kept::sum_of;
use crate::project::routes::{Entry, EntryKind};
use crate::project::served::{Served, Target};
use crate::project::values::heap::{ModuleState, Object};
use crate::project::values::machine::Machine;
use crate::project::values::operations::places_of;
use crate::project::values::value::{ObjectId, Value};
use crate::project::world::{CodePlace, ModuleId, ModuleKind, World};
use crate::source::{FileId, Suite};

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
    /// Position of the served route that this one is in the tests' app, or in the app that production mounts.
    pub twin_of: Option<usize>,
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
    /// Routes that requests came to: where each was registered, whether it is conditional, and whether no application has it but
    /// those that tests make.
    pub found: Vec<(RouteKey, Vec<CodePlace>, bool, bool)>,
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

/// What the tests do. With the pieces of the run before, if there may be any, also those of this run, if they are others.
pub fn trace(
    world: &World<'_>,
    targets: &[Target],
    before: Option<&[u8]>,
) -> (Links, Option<Vec<u8>>) {
    let Processes {
        mut live,
        tests: mut pytest,
    } = grounds::start(world, targets);
    let (machine, served) = (&mut live.machine, &live.served);
    let routes = served_routes(machine, served);
    let of_tests = pytest
        .as_mut()
        .map(|pytest| served_routes(&mut pytest.machine, &pytest.served));
    let mut twins = twins(&routes, &of_tests.unwrap_or_default());
    for (key, position) in mounted_twins(machine, &routes) {
        twins.entry(key).or_insert(position);
    }
    let at_start = std::mem::take(&mut machine.log.blocking);
    let dropped = machine.log.dropped.take();
    let used = std::mem::take(&mut machine.log.used);
    let startup = startup::find(machine, served);
    let watched = Arc::new(startup.watched());
    let beyond = beyond::find(machine, served, routes.iter().map(|(route, ..)| route));
    let code = live::find(machine, served, routes.iter().map(|(route, ..)| route));
    let apps = served
        .iter()
        .map(|served| (served.label.clone(), served.said_by))
        .collect();
    let collecting = pytest.as_ref().unwrap_or(&live);
    let clashes: FxHashMap<FileId, String> = world
        .sources
        .suites
        .iter()
        .flat_map(|suite| clashes::find(world, suite, |file| fails(&collecting.machine, file)))
        .collect();
    let is_kept = before.is_some();
    let live = Ground::of(live, is_kept);
    let of_pytest = pytest.map(|pytest| Ground::of(pytest, is_kept));
    let stood_on = of_pytest.as_ref().unwrap_or(&live);
    let before = before.map(|before| Halves::of(before, of_pytest.is_some()));
    let reuse_of_live = before.as_ref();
    let reuse_of_live = reuse_of_live.map(|before| reuse_on(world, &live, &watched, before.first));
    let reuse_of_tests = before.as_ref().zip(of_pytest.as_ref());
    let reuse_of_tests =
        reuse_of_tests.map(|(before, ground)| reuse_on(world, ground, &watched, before.second));
    let services = services::find(&mut live.machine(world), &code);

    let watch = |machine: &mut Machine<'_>| {
        if is_kept {
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
                    let mut machine = live.machine_of_handlers(world);
                    watch(&mut machine);
                    let explored = chunk
                        .iter()
                        .map(|(_, entry, app)| explore(&mut machine, entry, app));
                    let explored = explored.collect::<Vec<_>>();
                    (explored, machine.heap.looked_at())
                };
                match &reuse_of_live {
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
    let reuse = reuse_of_tests.as_ref().or(reuse_of_live.as_ref());
    let is_guess = stood_on.served.iter().all(|served| served.is_guess);
    let walk_tests = |routes: &[Route]| -> Vec<Unit> {
        let redirecting: FxHashMap<RouteKey, bool> = routes
            .iter()
            .map(|route| (route.key.clone(), route.explored.redirects))
            .collect();
        let redirecting = Arc::new(redirecting);
        if let Some(reuse) = reuse {
            reuse.asked.explored(Arc::clone(&redirecting));
        }
        files
            .par_iter()
            .with_max_len(1)
            .map(|(suite, file)| {
                let work = || {
                    let mut machine = stood_on.machine_of_tests(world);
                    machine.watched = watched.clone();
                    watch(&mut machine);
                    let unit = walk_file(&mut machine, suite, *file, &redirecting, is_guess);
                    (unit, machine.heap.looked_at())
                };
                match (clashes.get(file), reuse) {
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
            settings::find(world, &code),
            unmade::find(world, &code, &services),
            infrastructure::find(world, &code, &used),
            blocking::sweep(world, &code, &live.base, &live.modules),
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
        for (key, places, is_conditional, is_of_tests) in unit.found {
            // An application that a test puts together of production's routers is another one.
            let twin = twins.get(&key).copied().filter(|_| !is_of_tests);
            if let Some(&position) = known.get(&key)
                && !routes[position].is_served
            {
                routes[position].twin_of = routes[position].twin_of.or(twin);
            }
            known.entry(key.clone()).or_insert_with(|| {
                routes.push(Route {
                    twin_of: twin,
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
    infrastructure.behind =
        infrastructure::behind(world, &tests, &stood_on.base, &stood_on.modules);
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
    let of_live = reuse_of_live.and_then(Reuse::bytes);
    let of_tests = reuse_of_tests.and_then(Reuse::bytes);
    let pieces = before.and_then(|before| match &of_pytest {
        Some(_) => before.changed(of_live, of_tests),
        None => of_live,
    });
    for ground in std::iter::once(live).chain(of_pytest) {
        ground.let_go(world.next);
    }
    (links, pieces)
}

/// The pieces of the run before that stand on a ground.
fn reuse_on<'w>(
    world: &'w World<'w>,
    ground: &'w Ground,
    watched: &FxHashSet<Code>,
    before: &[u8],
) -> Reuse<'w> {
    let sums = Sums::of(world, &ground.base, &ground.modules, &ground.makers);
    let around = around(world, &sums, &ground.served, watched);
    Reuse::new(sums, Asked::of(&ground.tables), around, before)
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

type Prepared = (Route, Entry, Value);

/// The routes of the served apps, in the order of their tables.
fn served_routes(machine: &mut Machine<'_>, served: &[Served]) -> Vec<Prepared> {
    let mut routes: Vec<Prepared> = Vec::new();
    let mut known: FxHashMap<RouteKey, usize> = FxHashMap::default();
    for app in served {
        let Ok(table) = machine.cached_table(app.app) else {
            continue;
        };
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
                    twin_of: None,
                    registered: registered.clone(),
                    explored: Explored::default(),
                };
                routes.push((route, entry.clone(), Value::Object(app.app)));
            }
        }
    }
    routes
}

/// Routes that only the tests' app has, by what they are: the served route with that handler, which tests don't see by its own path,
/// because a prefix is a setting.
fn twins(routes: &[Prepared], of_tests: &[Prepared]) -> FxHashMap<RouteKey, usize> {
    let keys = |routes: &'_ [Prepared]| -> FxHashSet<RouteKey> {
        routes.iter().map(|(route, ..)| route.key.clone()).collect()
    };
    let (live, tested) = (keys(routes), keys(of_tests));
    let mut unseen: FxHashMap<_, Vec<usize>> = FxHashMap::default();
    for (position, (route, ..)) in routes.iter().enumerate() {
        if route.key.handler.is_some() && !tested.contains(&route.key) {
            let same = unseen.entry(route.key.but_for_its_path());
            same.or_default().push(position);
        }
    }
    let others = tested.into_iter().filter(|key| !live.contains(key));
    let twins = others.filter_map(|key| match unseen.get(&key.but_for_its_path())?[..] {
        [only] => Some((key, only)),
        _ => None,
    });
    twins.collect()
}

/// What the routes of mounted apps are to a client that drives such an app itself: the same ones, without the mount's prefix.
fn mounted_twins(machine: &mut Machine<'_>, routes: &[Prepared]) -> FxHashMap<RouteKey, usize> {
    let mut of_apps: BTreeMap<ObjectId, Vec<usize>> = BTreeMap::new();
    for (position, (_, entry, served)) in routes.iter().enumerate() {
        if let Value::Object(app) = entry.app
            && entry.app != *served
        {
            of_apps.entry(app).or_default().push(position);
        }
    }
    let served: FxHashSet<&RouteKey> = routes.iter().map(|(route, ..)| &route.key).collect();
    let mut twins = FxHashMap::default();
    for (app, positions) in of_apps {
        let Ok(table) = machine.cached_table(app) else {
            continue;
        };
        for position in positions {
            let (route, entry, _) = &routes[position];
            let is_same = |own: &&Entry| {
                own.route == entry.route
                    && own.kind == entry.kind
                    && entry.path.ends_with(&*own.path)
            };
            let Some(own) = table.entries.iter().find(is_same) else {
                continue;
            };
            let key = RouteKey {
                path: own.path.clone(),
                ..route.key.clone()
            };
            if !served.contains(&key) {
                twins.entry(key).or_insert(position);
            }
        }
    }
    twins
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
    let named = suite.config.plugins.iter().map(|name| &**name);
    for name in named.chain(world.sources.pytest_plugins(suite)) {
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
            let is_of_tests = is_made_by_tests(machine, contact.request.app.as_ref());
            for (key, _, places, is_conditional) in &contact.routes {
                let mut found = unit.found.iter_mut();
                match found.find(|(known, ..)| known == key) {
                    Some((.., of_tests)) => *of_tests &= is_of_tests,
                    None => {
                        let places = places.clone();
                        let found = (key.clone(), places, *is_conditional, is_of_tests);
                        unit.found.push(found);
                    }
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
    let offered = offered.routes.into_iter();
    unit.found
        .extend(offered.map(|(key, places, is_conditional)| (key, places, is_conditional, false)));
    unit
}

/// Does a test's own line make the application, and not a function of production that it calls?
fn is_made_by_tests(machine: &Machine<'_>, app: Option<&Value>) -> bool {
    let Some(Value::Object(app)) = app else {
        return false;
    };
    let Some(app) = machine.heap.instance(*app) else {
        return false;
    };
    let made = places_of(&app.attributes, machine.symbol("covgap_places"));
    made.first()
        .is_some_and(|place| machine.world.kind(place.module) == ModuleKind::Test)
}

/// Modules named by `pytest_plugins`.
pub(super) fn plugins_of(
    machine: &mut Machine<'_>,
    module: ModuleId,
    object: ObjectId,
) -> Vec<ObjectId> {
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
