//! Error branches: how a route can fail, found by running its dependencies and handler, on an unknown request or on a test's.
//!
//! `raise HTTPException(404)` in a service that the handler calls is a branch of the route with status 404; an exception that an
//! `exception_handler` turns into an answer has the status of that answer; one that nothing handles is a 500.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::facts::program::FunctionId;
use crate::links::degraded;
use crate::links::paths;
use crate::links::provoked::TELLING;
use crate::links::redirects::{self, Redirect};
use crate::project::routes::{Entry, EntryKind};
use crate::project::symbols::Symbol;
use crate::project::values::blocking::BlockingCall;
use crate::project::values::calls::Args;
use crate::project::values::heap::{DictObject, Object};
use crate::project::values::infrastructure::Used;
use crate::project::values::log::{Log, Request};
use crate::project::values::machine::{Exploring, Machine, Raise, Raised};
use crate::project::values::urls::split_url;
use crate::project::values::value::{HOLE, Reason, Value};
use crate::project::world::{CodePlace, ModuleId, ModuleKind};

/// Steps that one route may take.
const STEPS_OF_A_ROUTE: u64 = 30_000;
/// Steps that the handler of an exception may take.
const STEPS_OF_AN_ANSWER: u64 = 3_000;

/// What the model of a route that checks its parameters makes of a request that does not fit them.
const REFUSAL: &str = "covgap_refusal_of_parameters";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BranchKind {
    Raise,
    Response,
    Validation,
    Close,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    pub kind: BranchKind,
    /// None for an answer that the framework gives by itself.
    pub place: Option<CodePlace>,
    pub status: Option<u16>,
    pub exception: Option<String>,
    /// Nothing turns it into an answer.
    pub is_unhandled: bool,
    /// The texts that its exception carries, some of which the answer holds.
    pub texts: Vec<Arc<str>>,
    /// All words of the answer are among the texts: a handler of the application gave it.
    pub is_worded: bool,
}

impl Branch {
    fn is_same(&self, other: &Branch) -> bool {
        self.kind == other.kind
            && self.place == other.place
            && self.status == other.status
            && self.exception == other.exception
    }
}

/// How a route can fail, and the project's functions behind it.
#[derive(Debug, Default, Clone)]
pub struct Explored {
    pub branches: Vec<Branch>,
    pub visited: FxHashSet<(ModuleId, FunctionId)>,
    pub blocking: Vec<BlockingCall>,
    /// What it does with infrastructure.
    pub used: Vec<Used>,
    /// It may answer with a redirect.
    pub redirects: bool,
    pub cut_off: bool,
    /// Statuses that code of libraries ends it with; None: one that is not known.
    pub of_libraries: Vec<Option<u16>>,
}

/// A middleware answers by itself, in any case: no route sees the request.
#[derive(Debug, Clone, Copy)]
pub struct TurnedAway {
    /// What it answers with, as far as that is known.
    pub status: Option<u16>,
}

/// What running a route gave.
struct Ran {
    /// In the order of execution.
    branches: Vec<Reached>,
    /// The answers that are redirects, and the statuses of the others, as far as they are known.
    redirects: Vec<Redirect>,
    others: Vec<Option<u16>>,
    /// Statuses of the redirects that are no exceptions.
    returned: Vec<u16>,
    turned_away: Option<TurnedAway>,
    cut_off: bool,
    log: Log,
}

/// What is known of a request to a route.
pub struct Known<'a> {
    pub request: &'a Request,
    /// Values of the path's parameters.
    pub path: Vec<(Arc<str>, Arc<str>)>,
    /// No middleware has answered it, whatever seems certain.
    pub gets_past: bool,
}

impl<'a> Known<'a> {
    /// What the request tells the route.
    pub fn of(request: &'a Request, entry: &Entry) -> Known<'a> {
        let (_, _, path, _) = split_url(&request.url);
        Known {
            request,
            path: paths::parameters(&entry.path, path),
            gets_past: false,
        }
    }
}

/// A branch that a run came to.
#[derive(Debug, Clone)]
pub struct Reached {
    pub branch: Branch,
    /// The test expects its exception to come out of the request.
    pub is_expected: bool,
    /// The run can't go on behind it.
    pub is_certain: bool,
}

/// Every branch of the route, whatever the request.
pub fn explore<'w>(machine: &mut Machine<'w>, entry: &Entry, app: &Value) -> Explored {
    let outer = machine.visited.replace(FxHashSet::default());
    let notes_blocking = std::mem::replace(&mut machine.notes_blocking, true);
    let handler = entry.handler.as_ref();
    machine.exploring.handler = handler.and_then(|one| Some((one.module, one.function?)));
    let mut ran = run(machine, entry, app, None);
    machine.notes_blocking = notes_blocking;
    ran.cut_off |= machine.exploring.is_cut_off;
    if ran.cut_off {
        // What it calls has taken all steps: the statements behind are looked at with less of it.
        machine.exploring.is_brief = true;
        let brief = run(machine, entry, app, None);
        for reached in brief.branches {
            push(&mut ran.branches, reached);
        }
    }
    machine.exploring = Exploring::default();
    let (own, foreign): (Vec<Reached>, Vec<Reached>) = ran
        .branches
        .into_iter()
        .partition(|reached| reached.branch.place.is_some());
    let mut explored = Explored {
        branches: own.into_iter().map(|reached| reached.branch).collect(),
        visited: std::mem::replace(&mut machine.visited, outer).unwrap_or_default(),
        blocking: ran.log.blocking,
        used: ran.log.used,
        redirects: !ran.redirects.is_empty(),
        cut_off: ran.cut_off,
        of_libraries: foreign.iter().map(|one| one.branch.status).collect(),
    };
    if validates(machine, entry) {
        explored.branches.extend(refusals(machine, entry, app));
    }
    explored
}

/// What the application answers when the framework refuses a request that does not fit the route's parameters.
fn refusals<'w>(machine: &mut Machine<'w>, entry: &Entry, app: &Value) -> Vec<Branch> {
    let name = machine.symbol(REFUSAL);
    let log = std::mem::take(&mut machine.log);
    machine.begin_trial();
    let refusal = machine.bounded(STEPS_OF_AN_ANSWER, |machine| {
        machine.call_attribute(&Value::Object(entry.route), name, Args::default())
    });
    let nowhere = CodePlace {
        module: ModuleId(0),
        line: 0,
    };
    let answers = match refusal {
        Ok(exception) => answers(machine, &exception, nowhere, &entry.app, app, false),
        Err(_) => Vec::new(),
    };
    machine.end_trial();
    machine.log = log;
    let refusals = answers.into_iter().map(|answer| Branch {
        kind: BranchKind::Validation,
        place: None,
        exception: None,
        is_unhandled: false,
        ..answer
    });
    refusals.collect()
}

/// How a request may end.
pub struct Followed {
    /// The branches, in the order of execution.
    pub reached: Vec<Reached>,
    /// A bound cut the run off.
    pub cut_off: bool,
    pub turned_away: Option<TurnedAway>,
    /// Statuses of the redirects that its handler answers with where nothing is raised.
    pub returned: Vec<u16>,
    /// The clauses of its handler that catch what goes wrong on it, see [`degraded`].
    pub caught: Vec<CodePlace>,
}

/// The branches that this request may end in.
pub fn follow<'w>(
    machine: &mut Machine<'w>,
    entry: &Entry,
    app: &Value,
    known: &Known<'_>,
) -> Followed {
    let outer = machine.visited.take();
    let doubts = std::mem::replace(&mut machine.doubts_types, true);
    machine.observed = degraded::watched(machine, entry.handler.as_ref());
    let ran = run(machine, entry, app, Some(known));
    machine.observed = None;
    machine.doubts_types = doubts;
    machine.visited = outer;
    Followed {
        reached: ran.branches,
        cut_off: ran.cut_off,
        turned_away: ran.turned_away,
        returned: ran.returned,
        caught: ran.log.caught,
    }
}

/// The redirect that the request is answered with, if nothing else can be, or nothing else that the test asserts; and the branches
/// that it may come from.
pub fn redirect<'w>(
    machine: &mut Machine<'w>,
    entry: &Entry,
    app: &Value,
    known: &Known<'_>,
) -> Option<(Redirect, Vec<Branch>)> {
    let outer = machine.visited.take();
    let ran = run(machine, entry, app, Some(known));
    machine.visited = outer;
    let mut found = ran.redirects.into_iter();
    let only = found.next()?;
    let may_be = |status: &Option<u16>| status.is_none_or(|status| known.request.may_have(status));
    // An error that the test asserts is more likely this route's than that of where it redirects to.
    let claims = !known.request.claims.is_empty();
    let fails = |reached: &Reached| {
        let status = reached.branch.status.filter(|status| *status >= 400);
        claims && status.is_some_and(|status| known.request.may_have(status))
    };
    let is_only = found.all(|other| other == only)
        && !ran.others.iter().any(may_be)
        && !ran.branches.iter().any(fails);
    if !is_only || ran.cut_off {
        return None;
    }
    let branches = ran.branches.into_iter().map(|reached| reached.branch);
    let ends_so = |branch: &Branch| branch.status == Some(only.status);
    let branches = branches.filter(ends_so).collect();
    Some((only, branches))
}

fn run<'w>(
    machine: &mut Machine<'w>,
    entry: &Entry,
    app: &Value,
    known: Option<&Known<'_>>,
) -> Ran {
    machine.in_trial(|machine| run_here(machine, entry, app, known))
}

fn run_here<'w>(
    machine: &mut Machine<'w>,
    entry: &Entry,
    app: &Value,
    known: Option<&Known<'_>>,
) -> Ran {
    let name = machine.symbol("covgap_handle");
    let route = Value::Object(entry.route);
    let dependencies = machine.new_list(entry.dependencies.clone(), false);
    let mut args = Args::of([entry.app.clone(), dependencies]);
    if let Some(known) = known {
        machine.heap.go_back(known.request.moment);
        for effect in &known.request.effects {
            let _ = machine.apply(effect);
        }
        let overrides = match &known.request.kept {
            Value::None => machine.new_dict(Vec::new()),
            kept => kept.clone(),
        };
        args.positional.push(overrides);
        args.positional.push(sent(machine, known, app));
    }
    let mut certain = None;
    let bound_reached = machine.bound_reached;
    let result = machine.bounded(STEPS_OF_A_ROUTE, |machine| {
        match machine.call_attribute(&route, name, args) {
            Err(Raise::Exception(raised)) => {
                certain = Some(*raised);
                Ok(Value::None)
            }
            other => other,
        }
    });
    let is_cut_off = matches!(result, Ok(Value::Unknown(Reason::Bound)))
        || known.is_some() && machine.bound_reached != bound_reached;
    let turned_away = result
        .as_ref()
        .ok()
        .filter(|answer| machine.is_marked(answer, "covgap_turned_away"))
        .cloned();
    let turned_away = turned_away.map(|answer| TurnedAway {
        status: status_of(machine, &answer),
    });
    let (mut redirects, mut others) = match result {
        Ok(answer) if certain.is_none() => redirects::among(machine, &answer),
        _ => (Vec::new(), Vec::new()),
    };
    let returned = redirects.iter().map(|one| one.status).collect();
    let mut raised: Vec<Raised> = std::mem::take(&mut machine.pending);
    let certain_from = if certain.is_some() {
        raised.len()
    } else {
        usize::MAX
    };
    raised.extend(certain);
    let mut branches = Vec::new();
    let mut ran = std::mem::take(&mut machine.log);
    machine.log.next_request = ran.next_request;
    for answer in std::mem::take(&mut ran.answers) {
        let kind = if answer.is_close {
            BranchKind::Close
        } else {
            BranchKind::Response
        };
        if machine.world.kind(answer.place.module) == ModuleKind::Model {
            continue;
        }
        let branch = Branch {
            kind,
            // A middleware of a library stands on no line of the project.
            place: (answer.place.line > 0).then_some(answer.place),
            status: answer.status,
            exception: None,
            is_unhandled: false,
            texts: Vec::new(),
            is_worded: false,
        };
        let reached = Reached {
            branch,
            is_expected: false,
            is_certain: false,
        };
        push(&mut branches, reached);
    }
    for (position, one) in raised.into_iter().enumerate() {
        let is_own = machine.world.kind(one.place.module) != ModuleKind::Model;
        for exception in one.exception.alternatives().to_vec() {
            let is_expected =
                known.is_some_and(|known| is_expected(machine, known.request, &exception));
            let answers = answers(
                machine,
                &exception,
                one.place,
                &entry.app,
                app,
                entry.kind == EntryKind::Websocket,
            );
            if answers
                .iter()
                .any(|one| one.status.is_some_and(redirects::is_one))
            {
                let carries_status = machine.is_marked(&exception, "covgap_carries_status");
                let answer = handled(machine, &exception, &entry.app, app, carries_status);
                // Without a handler the framework's answer has the status and the headers that the exception carries.
                let answer = answer.as_ref().unwrap_or(&exception);
                let (carried, more) = redirects::among(machine, answer);
                others.extend(more);
                redirects.extend(carried);
            }
            let is_single = answers.len() == 1 && !matches!(one.exception, Value::Union(_));
            let texts = machine.texts_of(&exception);
            for mut branch in answers {
                for text in &texts {
                    if !branch.texts.contains(text) {
                        branch.texts.push(text.clone());
                    }
                }
                if !is_own {
                    branch.place = None;
                }
                let reached = Reached {
                    branch,
                    is_expected,
                    is_certain: position >= certain_from && is_single,
                };
                push(&mut branches, reached);
            }
        }
    }
    Ran {
        branches,
        redirects,
        others,
        returned,
        turned_away,
        cut_off: is_cut_off || ran.dropped.is_some(),
        log: ran,
    }
}

fn status_of(machine: &mut Machine<'_>, turned_away: &Value) -> Option<u16> {
    let name = machine.symbol("status");
    match machine.attribute(turned_away, name) {
        Ok(Value::Int(status)) => u16::try_from(status).ok(),
        _ => None,
    }
}

/// Is it one of those that the test expects to come out of the request?
fn is_expected(machine: &mut Machine<'_>, request: &Request, exception: &Value) -> bool {
    // A client that is refused sees another exception than the one that refuses it.
    let refuses = machine.is_marked(exception, "covgap_close");
    // What the framework answers does not come out of a request: who expects any exception does not expect it.
    let is_answered = machine.is_marked(exception, "covgap_carries_status");
    let carries_status = machine.symbol("covgap_carries_status");
    request.raises.iter().any(|class| match class {
        Value::Object(id)
            if is_answered && machine.class_attribute(*id, carries_status).is_none() =>
        {
            false
        }
        Value::Object(id) if refuses => {
            let mark = machine.symbol("covgap_disconnect");
            machine.class_attribute(*id, mark).is_some()
        }
        _ => machine.is_instance(exception, class) == Some(true),
    })
}

/// What the route's model is told about the request.
fn sent<'w>(machine: &mut Machine<'w>, known: &Known<'_>, root: &Value) -> Value {
    let mut parts = match &known.request.sent {
        Value::Object(id) => match machine.heap.get(*id) {
            Object::Dict(dict) => dict.clone(),
            _ => DictObject::default(),
        },
        _ => DictObject::default(),
    };
    let path = known
        .path
        .iter()
        .map(|(name, value)| (Value::Text(name.clone()), Value::Text(value.clone())))
        .collect();
    let path = machine.new_dict(path);
    let query = query_of(machine, &known.request.url, &parts);
    for name in ["headers", "cookies", "form"] {
        let value = machine.dict_get(&parts, &Value::text(name));
        let value = mapping_of(machine, value.unwrap_or(Value::Unknown(Reason::Runtime)));
        machine.dict_put(&mut parts, Value::text(name), value);
    }
    let no_files = machine.new_dict(Vec::new());
    for (name, value) in [
        ("json", Value::Unknown(Reason::Runtime)),
        ("has_other_body", Value::Unknown(Reason::Runtime)),
        ("files", no_files),
    ] {
        if machine.dict_get(&parts, &Value::text(name)).is_none() {
            parts.items.push((Value::text(name), value));
        }
    }
    let method = Value::Text(known.request.method.clone());
    let url = Value::Text(known.request.url.clone());
    let parts_of_url = [
        ("path", path),
        ("query", query),
        ("method", method),
        ("url", url),
    ];
    let told = [
        ("root", root.clone()),
        ("gets_past", Value::Bool(known.gets_past)),
    ];
    for (name, value) in parts_of_url.into_iter().chain(told) {
        machine.dict_put(&mut parts, Value::text(name), value);
    }
    Value::Object(machine.heap.add(Object::Dict(parts)))
}

/// The query of the URL and of the client's options together.
fn query_of<'w>(machine: &mut Machine<'w>, url: &str, parts: &DictObject) -> Value {
    let mut query = DictObject::default();
    let (_, _, _, text) = split_url(url);
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if name.contains(HOLE) {
            query.is_open = true;
        } else {
            machine.dict_put(&mut query, Value::text(name), Value::text(value));
        }
    }
    match machine.dict_get(parts, &Value::text("query")) {
        Some(more) => machine.dict_merge(&mut query, &more),
        None => query.is_open = true,
    }
    Value::Object(machine.heap.add(Object::Dict(query)))
}

/// A mapping as it is; nothing as an empty one; else one of which nothing is known.
fn mapping_of<'w>(machine: &mut Machine<'w>, value: Value) -> Value {
    let mut mapping = DictObject::default();
    machine.dict_merge(&mut mapping, &value);
    Value::Object(machine.heap.add(Object::Dict(mapping)))
}

fn push(branches: &mut Vec<Reached>, reached: Reached) {
    match branches
        .iter_mut()
        .find(|known| known.branch.is_same(&reached.branch))
    {
        Some(known) => {
            known.is_expected |= reached.is_expected;
            known.is_certain |= reached.is_certain;
            for text in reached.branch.texts {
                if !known.branch.texts.contains(&text) {
                    known.branch.texts.push(text);
                }
            }
        }
        None => branches.push(reached),
    }
}

/// What the application may answer to an exception: one branch for each status.
fn answers<'w>(
    machine: &mut Machine<'w>,
    exception: &Value,
    place: CodePlace,
    app: &Value,
    outer: &Value,
    is_websocket: bool,
) -> Vec<Branch> {
    let class = machine.class_value(exception);
    let name = (class.is_opaque() || matches!(class, Value::Object(_)))
        .then(|| machine.describe(&class).to_string());
    let branch = |kind: BranchKind, status: Option<u16>| Branch {
        kind,
        place: Some(place),
        status,
        exception: name.clone(),
        is_unhandled: false,
        texts: Vec::new(),
        is_worded: false,
    };
    let all = |kind: BranchKind, statuses: Vec<Option<u16>>| {
        let branches = statuses.into_iter();
        branches.map(|status| branch(kind, status)).collect()
    };
    if machine.is_marked(exception, "covgap_close") {
        let code = machine.symbol("code");
        return all(BranchKind::Close, statuses_of(machine, exception, code));
    }
    let status_name = machine.symbol("status_code");
    let carries_status = machine.is_marked(exception, "covgap_carries_status");
    if let Some(response) = handled(machine, exception, app, outer, carries_status) {
        let statuses = statuses_of(machine, &response, status_name);
        let body = machine.attribute(&response, machine.symbol("body"));
        let body = body.unwrap_or(Value::Unknown(Reason::Raised));
        let mut branches = all(BranchKind::Raise, statuses);
        let (is_worded, texts) = (is_worded(machine, &body), machine.texts_of(&body));
        for branch in &mut branches {
            branch.is_worded = is_worded;
            branch.texts.clone_from(&texts);
        }
        return branches;
    }
    // An exception of which not even the class is known, or what its class inherits, may carry a status.
    let is_foreign = match &class {
        Value::Object(id) => machine.has_foreign_base(*id),
        _ => true,
    };
    if carries_status || is_foreign {
        let statuses = statuses_of(machine, exception, status_name);
        if carries_status || is_websocket || statuses.iter().any(Option::is_some) {
            return all(BranchKind::Raise, statuses);
        }
    }
    let is_unhandled = !is_websocket && matches!(exception, Value::Object(_));
    vec![Branch {
        is_unhandled,
        ..branch(BranchKind::Raise, is_unhandled.then_some(500))
    }]
}

/// Are all words of the body of an answer known: `{"code": 7, "detail": "no such item"}`?
fn is_worded(machine: &Machine<'_>, body: &Value) -> bool {
    let is_told = |value: &Value| match value {
        Value::Text(text) => text.chars().filter(|c| *c != HOLE).count() >= TELLING,
        other => machine.number(other).is_some() || matches!(other, Value::None | Value::Bool(_)),
    };
    match body {
        Value::Text(_) => is_told(body),
        Value::Object(id) => match machine.heap.get(*id) {
            Object::Dict(dict) => {
                !dict.is_open && dict.items.iter().all(|(_, value)| is_told(value))
            }
            _ => false,
        },
        _ => false,
    }
}

/// What a handler of the application, or of the one that it is mounted on, answers; None: there is no handler, or it fails, too.
fn handled<'w>(
    machine: &mut Machine<'w>,
    exception: &Value,
    app: &Value,
    outer: &Value,
    carries_status: bool,
) -> Option<Value> {
    let handler = machine.symbol("covgap_answer");
    for app in [app, outer] {
        if !machine.has_mark(app, handler) {
            continue;
        }
        // What was raised decides what the handler does, also where the route is explored on all branches.
        let visited = machine.visited.take();
        let answered = machine.bounded(STEPS_OF_AN_ANSWER, |machine| {
            match machine.call_attribute(app, handler, Args::of([Value::None, exception.clone()])) {
                Err(Raise::Exhausted) => Err(Raise::Exhausted),
                Err(Raise::Exception(_)) => Ok(Value::None),
                ok => ok,
            }
        });
        machine.visited = visited;
        if let Ok(response) = answered
            && response != Value::None
        {
            return Some(response);
        }
        if !carries_status && let Some(response) = answered_around(machine, exception, app) {
            return Some(response);
        }
        // The application answers with the status that it carries: it does not come out.
        if carries_status {
            return None;
        }
    }
    None
}

/// What a middleware answers to an exception that comes out of the routes, if it lets it out in no case.
fn answered_around<'w>(machine: &mut Machine<'w>, exception: &Value, app: &Value) -> Option<Value> {
    let name = machine.symbol("covgap_layers");
    if !machine.has_mark(app, name) {
        return None;
    }
    let layers = machine.bounded(STEPS_OF_AN_ANSWER, |machine| {
        machine.call_attribute(app, name, Args::default())
    });
    let (layers, _) = machine.iterate(&layers.ok()?).ok()?;
    for layer in layers {
        let before = machine.pending.len();
        let mut comes_out = false;
        let visited = machine.visited.take();
        let answered = machine.bounded(STEPS_OF_AN_ANSWER, |machine| {
            match machine.call(&layer, Args::of([exception.clone()])) {
                Err(Raise::Exception(_)) => {
                    comes_out = true;
                    Ok(Value::None)
                }
                other => other,
            }
        });
        machine.visited = visited;
        let may_come_out = |raised: &Raised| raised.exception.alternatives().contains(exception);
        comes_out |= machine.pending.iter().skip(before).any(may_come_out);
        machine.pending.truncate(before);
        match answered {
            Ok(response) if !comes_out && !response.is_unknown() && response != Value::None => {
                return Some(response);
            }
            Ok(_) if comes_out => {}
            // Nobody knows whether it comes out.
            _ => return None,
        }
    }
    None
}

/// The statuses that the value may have, each once; None stands for one that is not known.
fn statuses_of<'w>(machine: &mut Machine<'w>, value: &Value, name: Symbol) -> Vec<Option<u16>> {
    let mut statuses = Vec::new();
    for one in value.alternatives().to_vec() {
        if one == Value::None {
            continue;
        }
        let status = machine.attribute(&one, name);
        let status = status.unwrap_or(Value::Unknown(Reason::Attribute));
        for status in status.alternatives() {
            let status = machine.number(status);
            if !statuses.contains(&status) {
                statuses.push(status);
            }
        }
    }
    if statuses.is_empty() {
        statuses.push(None);
    }
    statuses
}

/// Does the framework check parameters of this route itself?
fn validates<'w>(machine: &mut Machine<'w>, entry: &Entry) -> bool {
    if !machine.is_marked(&Value::Object(entry.route), REFUSAL) {
        return false;
    }
    let Ok(parameters) = machine.parameters_of(&entry.endpoint) else {
        return false;
    };
    let connection = machine.symbol("covgap_connection");
    parameters.into_iter().any(|parameter| {
        let is_injected =
            |machine: &Machine<'w>, value: &Value| machine.is_marked(value, "covgap_dependency");
        let default = parameter.default.as_ref();
        if default.is_some_and(|value| is_injected(machine, value)) {
            return false;
        }
        let Some(annotation) = parameter.annotation else {
            return false;
        };
        if let Value::Object(id) = &annotation {
            if machine.class_attribute(*id, connection).is_some() {
                return false;
            }
            if let Object::Alias { arguments, .. } = machine.heap.get(*id)
                && arguments
                    .iter()
                    .any(|argument| is_injected(machine, argument))
            {
                return false;
            }
        }
        let spelled = machine.spelled(parameter.name);
        let in_path = entry.path.contains(&format!("{{{spelled}"));
        !(in_path && annotation == Value::Native(crate::project::values::natives::Native::str))
    })
}
