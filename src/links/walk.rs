//! Walking a test: its fixtures, its set-up, its body, for every row of its parameters; then which routes its requests reached.
//!
//! `def test_read(client): assert client.get("/items/1").status_code == 200` gives one contact with `GET /items/{item_id}` whose
//! status is claimed to be 200.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use crate::facts::program::{ClassId, FunctionId};
use crate::links::branches::Branch;
use crate::links::clients::{self, ClientFixture};
use crate::links::collect::{Passing, Row, TestItem, multiply, rows};
use crate::links::fixtures::{Cache, Lookup, Namespace, Use, parameter_names};
use crate::links::paths::Sureness;
use crate::links::redirects::{self, Redirect};
use crate::links::{absence, arrivals, xunit};
use crate::project::routes::{Entry, EntryKind, Handler};
use crate::project::values::answers::note_claim;
use crate::project::values::calls::Args;
use crate::project::values::heap::Object;
use crate::project::values::infrastructure::{Probe, Used};
use crate::project::values::log::{DoubleSeen, Log, Request, Skip, Unresolved};
use crate::project::values::machine::{Eval, Machine, Raise};
use crate::project::values::urls::split_url;
use crate::project::values::value::{Claim, HOLE, Reason, RequestId, Value};
use crate::project::world::{CodePlace, ModuleId};

/// Steps that one row of a test may take, and all of them together.
const STEPS_OF_A_ROW: u64 = 120_000;
const STEPS_OF_A_TEST: u64 = 400_000;

/// What makes a route the same route for everyone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RouteKey {
    pub is_websocket: bool,
    pub method: Arc<str>,
    pub path: Arc<str>,
    pub handler: Option<Handler>,
}

impl RouteKey {
    pub fn but_for_its_path(&self) -> (bool, Arc<str>, Option<Handler>) {
        (self.is_websocket, self.method.clone(), self.handler.clone())
    }
}

/// A request, and the routes that take it.
#[derive(Debug, Clone)]
pub struct Contact {
    pub request: Request,
    pub routes: Vec<(RouteKey, Sureness, Vec<CodePlace>, bool)>,
    /// The error branches that it was seen to end in, of those of its routes that run on it.
    pub provoked: Vec<(RouteKey, Vec<Branch>)>,
    /// It may have ended in others, too: a run was cut off, or the status of a branch is not known.
    pub is_open: bool,
    /// A middleware answers it by itself: the routes that would take it don't see it.
    pub is_turned_away: bool,
    /// Nothing in the URL says which route it is.
    pub is_blank: bool,
    /// Only other hosts than the project's could take it.
    pub is_foreign: bool,
    /// A mount takes it that can't be looked into: static files, an application of another library.
    pub is_beyond: bool,
    /// The clauses of its handlers that are seen to catch what goes wrong on it.
    pub caught: Vec<CodePlace>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    Setup,
    Call,
}

/// A direct call of the project's code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DirectCall {
    pub module: ModuleId,
    pub function: FunctionId,
    pub from: CodePlace,
    pub phase: Phase,
    /// The class of the receiver.
    pub class: Option<(ModuleId, ClassId)>,
}

/// All that one test does.
#[derive(Debug, Default)]
pub struct Walked {
    pub contacts: Vec<(Phase, Arc<Contact>)>,
    pub calls: Vec<DirectCall>,
    pub constructed: Vec<(ModuleId, ClassId)>,
    pub doubles: Vec<DoubleSeen>,
    pub skips: Vec<Skip>,
    pub unresolved: Vec<Unresolved>,
    pub asserts: bool,
    /// Its own code asserts something, not only its fixtures'.
    pub asserts_itself: bool,
    pub runs: bool,
    pub skip: Option<String>,
    pub cut_off: bool,
    /// The functions of the start-up that it runs.
    pub ran: Vec<(ModuleId, FunctionId)>,
    /// Where clients of apps were made whose start-up it never runs.
    pub bare_clients: Vec<CodePlace>,
    /// Those of its fixtures that are clients.
    pub clients: Vec<ClientFixture>,
    /// Those of its fixtures that a test of another file would find, too.
    pub shared: Vec<Arc<str>>,
    /// Its marks without arguments, those left out that keep it from running.
    pub marks: Vec<Arc<str>>,
    /// What it does with infrastructure itself, not through a request.
    pub used: Vec<Used>,
    pub probes: Vec<Probe>,
}

/// What the walk of one test needs to know of its surroundings.
pub struct Around<'a> {
    pub cache: Rc<RefCell<Cache>>,
    /// From the nearest conftest to the plugins.
    pub outer: Vec<Namespace>,
    pub usefixtures: &'a [String],
    /// Functions that add parameters to tests, farthest first.
    pub hooks: Vec<Value>,
}

pub fn walk<'w>(machine: &mut Machine<'w>, item: &TestItem, around: &Around<'_>) -> Walked {
    let mut walked = Walked {
        runs: true,
        ..Walked::default()
    };
    judge_marks(machine, item, &mut walked);
    walked.marks = clients::marks(item);
    if !walked.runs {
        return walked;
    }
    let limit = machine.limit;
    machine.limit = machine.steps + STEPS_OF_A_TEST;
    if walk_rows(machine, item, around, &mut walked).is_err() {
        walked.cut_off = true;
    }
    machine.limit = limit;
    machine.fixtures = None;
    walked
}

fn judge_marks(machine: &mut Machine<'_>, item: &TestItem, walked: &mut Walked) {
    for mark in &item.marks {
        let reason = |machine: &Machine<'_>, position: usize| {
            let named = mark
                .named
                .iter()
                .find(|(name, _)| &**name == "reason")
                .map(|(_, value)| value);
            named.or_else(|| mark.args.get(position)).map_or_else(
                || "no reason given".to_string(),
                |value| machine.describe(value).to_string(),
            )
        };
        match &*mark.name {
            "skip" => {
                walked.runs = false;
                walked.skip = Some(reason(machine, 0));
            }
            "skipif" => {
                let condition = mark
                    .args
                    .first()
                    .or_else(|| {
                        mark.named
                            .iter()
                            .find(|(name, _)| &**name == "condition")
                            .map(|(_, value)| value)
                    })
                    .cloned();
                let truth = match condition {
                    Some(Value::Text(_)) | None => None,
                    Some(value) => machine.truth(&value).ok().flatten(),
                };
                match truth {
                    Some(true) => {
                        walked.runs = false;
                        walked.skip = Some(reason(machine, 1));
                    }
                    Some(false) => {}
                    None => walked.skip = Some(format!("may be skipped: {}", reason(machine, 1))),
                }
            }
            "xfail" => {
                let is_off = mark
                    .named
                    .iter()
                    .any(|(name, value)| &**name == "run" && *value == Value::Bool(false));
                if is_off {
                    walked.runs = false;
                    walked.skip = Some("xfail(run=False)".into());
                }
            }
            _ => {}
        }
    }
}

fn walk_rows<'w>(
    machine: &mut Machine<'w>,
    item: &TestItem,
    around: &Around<'_>,
    walked: &mut Walked,
) -> Result<(), Raise> {
    let instance = match item.class {
        Some(class) => {
            let known = around.cache.borrow().instances.get(&class).cloned();
            match known {
                Some(instance) => instance,
                None => {
                    let instance = machine.new_instance(class, &Args::default());
                    around
                        .cache
                        .borrow_mut()
                        .instances
                        .insert(class, instance.clone());
                    instance
                }
            }
        }
        None => Value::None,
    };
    let mut namespaces = Vec::new();
    if let Some(class) = item.class {
        namespaces.push(crate::links::fixtures::namespace(
            machine,
            &around.cache,
            class,
        ));
    }
    if let Some(module) = machine.module_object(item.module) {
        namespaces.push(crate::links::fixtures::namespace(
            machine,
            &around.cache,
            module,
        ));
    }
    namespaces.extend(around.outer.iter().cloned());

    let patches = patches_of(machine, item);
    let given = patches.iter().filter(|(_, gives)| *gives).count();
    let mut names = parameter_names(machine, &item.function)?;
    let is_bound = item.class.is_some() && !is_static(machine, &item.function);
    if is_bound && !names.is_empty() {
        names.remove(0);
    }
    let names: Vec<Arc<str>> = names.into_iter().skip(given).collect();

    let marks = item.marks.iter().map(|mark| mark.object.clone());
    let marks = Value::tuple(marks.collect());
    let make = |row: Row| Use {
        cache: around.cache.clone(),
        lookup: Lookup {
            namespaces: namespaces.clone(),
            module: item.module,
            class: item.class,
            instance: instance.clone(),
            marks: marks.clone(),
        },
        row,
        active: RefCell::new(Vec::new()),
        used: RefCell::new(Vec::new()),
        asking: RefCell::new(Vec::new()),
    };
    let probe = make(Row::default());
    let mut wanted = probe.autouse();
    wanted.extend(
        around
            .usefixtures
            .iter()
            .map(|name| Arc::from(name.as_str())),
    );
    for mark in item
        .marks
        .iter()
        .filter(|mark| &*mark.name == "usefixtures")
    {
        wanted.extend(
            mark.args
                .iter()
                .filter_map(|name| name.literal().map(Arc::from)),
        );
    }
    let needed: Vec<Arc<str>> = wanted.iter().chain(&names).cloned().collect();
    let asked = probe.closure(machine, &needed)?;
    let added = crate::links::generated::marks(machine, item, &around.hooks, &asked)?;
    let mut all_rows = rows(machine, &[item.marks.clone(), added].concat())?;
    let taken: Vec<Arc<str>> = all_rows
        .first()
        .map(|row| row.values.iter().map(|(name, _, _)| name.clone()).collect())
        .unwrap_or_default();
    for (name, values) in probe.fixture_rows(machine, &needed, &taken)? {
        let more = values
            .into_iter()
            .map(|value| Row {
                values: vec![(name.clone(), value, Passing::Indirect)],
                is_skipped: false,
            })
            .collect();
        all_rows = multiply(all_rows, more);
    }
    for row in all_rows {
        if row.is_skipped {
            continue;
        }
        let fixtures = Rc::new(make(row));
        machine.fixtures = Some(fixtures.clone());
        walk_row(
            machine, item, &fixtures, &wanted, &names, is_bound, &patches, walked,
        )?;
    }
    Ok(())
}

#[allow(clippy::too_many_arguments)]
fn walk_row<'w>(
    machine: &mut Machine<'w>,
    item: &TestItem,
    fixtures: &Use,
    wanted: &[Arc<str>],
    names: &[Arc<str>],
    is_bound: bool,
    patches: &[(Value, bool)],
    walked: &mut Walked,
) -> Result<(), Raise> {
    machine.log = Log {
        next_request: machine.log.next_request,
        lifespans: std::mem::take(&mut machine.log.lifespans),
        ..Log::default()
    };
    let depth = machine.stack.len();
    let autouse = fixtures.autouse().len();
    let mut unasked = 0;
    for (position, name) in wanted.iter().enumerate() {
        if fixtures.is_defined(name) {
            fixtures.get(machine, name)?;
        }
        if position < autouse {
            unasked = fixtures.used.borrow().len();
        }
    }
    let mut args = Args::default();
    for name in names {
        let value = if &**name == "request" {
            fixtures.request(machine, None)?
        } else {
            fixtures.get(machine, name)?
        };
        if matches!(value, Value::Unknown(Reason::Parameter)) && !fixtures.is_defined(name) {
            continue;
        }
        let client = clients::of_argument(machine, fixtures, name, &value)?;
        if let Some(client) = client.filter(|client| !walked.clients.contains(client)) {
            walked.clients.push(client);
        }
        if fixtures.defined_for_others(machine, name).is_some() && !walked.shared.contains(name) {
            walked.shared.push(name.clone());
        }
        let symbol = machine.symbol(name);
        args.named.push((symbol, value));
    }
    machine.prepare_tables();
    let body = Body {
        item,
        fixtures,
        is_bound,
        patches,
        args,
    };
    machine.begin_trial();
    let outcome = machine.bounded(STEPS_OF_A_ROW, |machine| {
        body.enter(machine)?;
        Ok(Value::None)
    });
    let before_body = machine.log.requests.len();
    let calls_before_body = machine.log.calls.len();
    let outcome = match outcome {
        Err(Raise::Exhausted) => Err(Raise::Exhausted),
        _ => machine.bounded(STEPS_OF_A_ROW, |machine| match body.run(machine) {
            Err(Raise::Exhausted) => Err(Raise::Exhausted),
            _ => Ok(Value::None),
        }),
    };
    if matches!(outcome, Ok(Value::Unknown(Reason::Bound))) {
        walked.cut_off = true;
    }
    let contacts = harvest(machine, &fixtures.served_here(), &fixtures.cache);
    let bare = bare_clients(machine, fixtures, contacts.as_deref().unwrap_or_default());
    let log = Log {
        next_request: machine.log.next_request,
        lifespans: machine.log.lifespans.clone(),
        ..Log::default()
    };
    let log = std::mem::replace(&mut machine.log, log);
    let position = |id: RequestId| {
        log.requests
            .iter()
            .position(|request| request.id == id)
            .unwrap_or(0)
    };
    for contact in contacts.unwrap_or_default() {
        let phase = if position(contact.request.id) < before_body {
            Phase::Setup
        } else {
            Phase::Call
        };
        walked.contacts.push((phase, Arc::new(contact)));
    }
    absorb(machine, walked, &log, calls_before_body);
    let used = fixtures.used.borrow();
    let logs = used.iter().map(|outcome| &outcome.log).chain([&log]);
    let late: Vec<_> = logs.flat_map(|log| &log.late).collect();
    for (position, outcome) in used.iter().enumerate() {
        // A look round before all tests is no test's.
        if position >= unasked {
            add_probes(walked, &outcome.log, false);
        }
        let contacts = outcome.contacts.iter().map(|one| told_late(one, &late));
        walked
            .contacts
            .extend(contacts.map(|contact| (Phase::Setup, contact)));
        absorb(machine, walked, &outcome.log, usize::MAX);
    }
    for client in bare {
        if !walked.bare_clients.contains(&client) {
            walked.bare_clients.push(client);
        }
    }
    machine.end_trial();
    machine.stack.truncate(depth);
    let passes_without = !log.probes.is_empty() && absence::passes_without(machine, &body);
    add_probes(walked, &log, passes_without);
    match outcome {
        Err(Raise::Exhausted) => Err(Raise::Exhausted),
        _ => Ok(()),
    }
}

/// A fixture's request, with what was asserted of its answer when the fixture was done.
fn told_late(contact: &Arc<Contact>, late: &[&(Arc<Claim>, CodePlace)]) -> Arc<Contact> {
    let id = contact.request.id;
    let mut own = late
        .iter()
        .filter(|(claim, _)| claim.request == id)
        .peekable();
    if own.peek().is_none() {
        return Arc::clone(contact);
    }
    let mut contact = Contact::clone(contact);
    for (claim, place) in own {
        note_claim(&mut contact.request, claim, *place);
    }
    Arc::new(contact)
}

/// The body of one row of a test, with what it needs to run.
pub(super) struct Body<'a> {
    item: &'a TestItem,
    fixtures: &'a Use,
    is_bound: bool,
    /// Decorators that replace something while it runs, and whether they hand it over.
    patches: &'a [(Value, bool)],
    args: Args,
}

impl Body<'_> {
    /// What its fixtures left behind, and what its class sets up.
    pub(super) fn enter(&self, machine: &mut Machine<'_>) -> Result<(), Raise> {
        machine.enter_test(self.item.module);
        for outcome in self.fixtures.used.borrow().iter() {
            for effect in &outcome.log.effects {
                machine.apply(effect)?;
            }
        }
        xunit::set_up(machine, self.item, &self.fixtures.lookup.instance)
    }

    pub(super) fn run(&self, machine: &mut Machine<'_>) -> Eval {
        let start = machine.symbol("start");
        let mut args = self.args.clone();
        // Decorators run where the test is defined.
        machine.set_line(self.item.place.line);
        for (patch, gives) in self.patches {
            let double = machine.call_attribute(patch, start, Args::default())?;
            if *gives {
                args.positional.push(double);
            }
        }
        machine.set_line(0);
        if self.is_bound {
            machine.call_bound(&self.fixtures.lookup.instance, &self.item.function, args)
        } else {
            machine.call(&self.item.function, args)
        }
    }
}

/// Where those clients were made that send requests to an app of which this row has run no start-up hook.
fn bare_clients(machine: &mut Machine<'_>, fixtures: &Use, own: &[Contact]) -> Vec<CodePlace> {
    if machine.watched.is_empty() {
        return Vec::new();
    }
    let used = fixtures.used.borrow();
    let mut ran = machine.log.ran.clone();
    ran.extend(used.iter().flat_map(|outcome| outcome.log.ran.iter()));
    let mut found = Vec::new();
    let contacts = used.iter().flat_map(|outcome| &outcome.contacts);
    let contacts = contacts.map(|contact| &**contact).chain(own);
    for contact in contacts {
        let request = &contact.request;
        if let (Some(Value::Object(app)), Some(client)) = (&request.app, request.client)
            && !request.is_network
            && !contact.routes.is_empty()
            && !found.contains(&client)
        {
            let hooks = crate::project::served::hooks_of(machine, *app);
            let is_watched = hooks.iter().any(|hook| machine.watched.contains(hook));
            if is_watched && !hooks.iter().any(|hook| ran.contains(hook)) {
                found.push(client);
            }
        }
    }
    found
}

fn absorb(machine: &Machine<'_>, walked: &mut Walked, log: &Log, calls_before_body: usize) {
    for (position, call) in log.calls.iter().enumerate() {
        let class = call
            .class
            .and_then(|class| machine.heap.class(class))
            .and_then(|class| Some((class.module, class.class?)));
        let phase = if position < calls_before_body {
            Phase::Setup
        } else {
            Phase::Call
        };
        let call = DirectCall {
            module: call.module,
            function: call.function,
            from: call.from,
            phase,
            class,
        };
        if !walked.calls.contains(&call) {
            walked.calls.push(call);
        }
    }
    for made in &log.constructed {
        if !walked.constructed.contains(made) {
            walked.constructed.push(*made);
        }
    }
    for double in &log.doubles {
        if !walked.doubles.contains(double) {
            walked.doubles.push(double.clone());
        }
    }
    for skip in &log.skips {
        if walked.skip.is_none() {
            walked.skip = Some(format!("may be skipped: {}", skip.reason));
        }
        walked.skips.push(skip.clone());
    }
    for unresolved in &log.unresolved {
        if !walked
            .unresolved
            .iter()
            .any(|known| known.place == unresolved.place)
        {
            walked.unresolved.push(unresolved.clone());
        }
    }
    walked.asserts |= log.asserts > 0;
    walked.asserts_itself |= log.asserts > 0 && calls_before_body != usize::MAX;
    for used in &log.used {
        if !walked.used.contains(used) {
            walked.used.push(*used);
        }
    }
    for code in &log.ran {
        if !walked.ran.contains(code) {
            walked.ran.push(*code);
        }
    }
}

fn add_probes(walked: &mut Walked, log: &Log, passes_without: bool) {
    for probe in &log.probes {
        let probe = Probe {
            passes_without,
            ..probe.clone()
        };
        if !walked.probes.contains(&probe) {
            walked.probes.push(probe);
        }
    }
}

fn patches_of(machine: &mut Machine<'_>, item: &TestItem) -> Vec<(Value, bool)> {
    let name = machine.symbol("covgap_patches");
    let mut values = Vec::new();
    if let Value::Object(id) = &item.function
        && let Object::Function(function) = machine.heap.get(*id)
        && let Some(value) = function.attributes.get(name)
    {
        values.push(value.clone());
    }
    if let Some(class) = item.class
        && let Some((value, _)) = machine.class_attribute(class, name)
    {
        values.push(value);
    }
    let mut patches = Vec::new();
    for value in values {
        let Value::Tuple(pairs) = value else { continue };
        for pair in pairs.iter() {
            if let Value::Tuple(pair) = pair
                && let [patch, gives] = &pair[..]
            {
                patches.push((patch.clone(), *gives == Value::Bool(true)));
            }
        }
    }
    patches
}

fn is_static(machine: &Machine<'_>, function: &Value) -> bool {
    matches!(function, Value::Object(id) if matches!(machine.heap.get(*id), Object::Descriptor { kind: crate::project::values::heap::DescriptorKind::Static, .. }))
}

/// The routes that the requests of the log reached.
pub fn harvest<'w>(
    machine: &mut Machine<'w>,
    served_here: &[Value],
    cache: &RefCell<Cache>,
) -> Result<Vec<Contact>, Raise> {
    let requests = machine.log.requests.clone();
    let mut contacts = Vec::with_capacity(requests.len());
    for request in requests {
        let mut next = Some(request);
        for _ in 0..redirects::MOST {
            let Some(request) = next else { break };
            let (mut contact, redirect) = resolve(machine, request, served_here, cache)?;
            next = redirect.map(|redirect| redirects::follow(&mut contact.request, &redirect));
            contacts.push(contact);
        }
    }
    Ok(contacts)
}

fn resolve<'w>(
    machine: &mut Machine<'w>,
    request: Request,
    served_here: &[Value],
    cache: &RefCell<Cache>,
) -> Result<(Contact, Option<Redirect>), Raise> {
    let mut redirect = None;
    let mut contact = Contact {
        request,
        routes: Vec::new(),
        provoked: Vec::new(),
        is_open: false,
        is_turned_away: false,
        is_blank: false,
        is_foreign: false,
        is_beyond: false,
        caught: Vec::new(),
    };
    if contact.request.is_browser {
        return Ok((contact, None));
    }
    let url = contact.request.url.clone();
    let (scheme, host, path, _) = split_url(&url);
    let (apps, sureness) = match &contact.request.app {
        Some(Value::Object(app)) if !is_only_a_type(machine, *app) => {
            (vec![Value::Object(*app)], Sureness::Certain)
        }
        Some(Value::None) | None if contact.request.is_network || contact.request.app.is_none() => {
            if contact.request.from_app && served_here.is_empty()
                || !scheme.is_empty() && !is_local(host) && !is_own(machine, host)
            {
                contact.is_foreign = true;
                return Ok((contact, None));
            }
            if served_here.is_empty() {
                (machine.served.clone(), Sureness::Likely)
            } else {
                (served_here.to_vec(), Sureness::Certain)
            }
        }
        // A client of an app that is not known is most likely a client of the app that is served.
        Some(_) => (machine.served.clone(), Sureness::Likely),
        None => (Vec::new(), Sureness::Likely),
    };
    let mut path = path.to_string();
    if !path.starts_with('/') && !path.starts_with(HOLE) {
        path.insert(0, '/');
    }
    // The host may be a hole that stands for nothing but the host.
    for app in apps {
        let Value::Object(app) = app else { continue };
        let found = arrivals::take(machine, app, &contact.request, &path, sureness, cache)?;
        contact.is_blank |= found.is_blank;
        contact.is_beyond |= found.is_beyond;
        if !found.routes.is_empty() {
            contact.routes = found.routes;
            contact.provoked = found.provoked;
            contact.is_open = found.is_open;
            contact.is_turned_away = found.is_turned_away;
            contact.caught = found.caught;
            redirect = found.redirect;
            break;
        }
    }
    Ok((contact, redirect))
}

/// Nothing made this app: an annotation says that there is one.
fn is_only_a_type(machine: &Machine<'_>, app: crate::project::values::value::ObjectId) -> bool {
    let instance = machine.heap.instance(app);
    instance.is_some_and(|instance| instance.is_expected)
}

/// The key of a route for one of its methods.
pub fn key_of(entry: &Entry, method: &Arc<str>) -> RouteKey {
    let is_websocket = entry.kind == EntryKind::Websocket;
    let method = if is_websocket {
        Arc::from("")
    } else if entry.methods.contains(method) || entry.methods.is_empty() {
        method.clone()
    } else if &**method == "HEAD" {
        Arc::from("HEAD")
    } else {
        entry
            .methods
            .first()
            .cloned()
            .unwrap_or_else(|| Arc::from("GET"))
    };
    RouteKey {
        is_websocket,
        method,
        path: entry.path.clone(),
        handler: entry.handler.clone(),
    }
}

/// A host's name, without user and port.
fn host_name(host: &str) -> &str {
    let name = host.rsplit('@').next().unwrap_or(host);
    name.split(':').next().unwrap_or(name)
}

/// Do the project's own files say that it is reached there?
fn is_own(machine: &Machine<'_>, host: &str) -> bool {
    let own = &machine.world.sources.environments.own_hosts;
    own.iter().any(|own| own == host_name(host))
}

fn is_local(host: &str) -> bool {
    let name = host_name(host);
    name.is_empty()
        || name.contains(HOLE)
        || name.starts_with('[')
        || matches!(
            name,
            "localhost" | "127.0.0.1" | "0.0.0.0" | "testserver" | "test" | "host.docker.internal"
        )
        || !name.contains('.')
        || name.ends_with(".local")
        || name.ends_with(".test")
        || name.ends_with(".localhost")
}
