//! Error branches: how a route can fail, found by running its dependencies and handler on unknown requests.
//!
//! `raise HTTPException(404)` in a service that the handler calls is a branch of the route with status 404; an exception that an
//! `exception_handler` turns into an answer has the status of that answer; one that nothing handles is a 500.

use rustc_hash::FxHashSet;

use crate::facts::program::FunctionId;
use crate::project::routes::{Entry, EntryKind};
use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::log::Log;
use crate::project::values::machine::{Machine, Raise, Raised};
use crate::project::values::value::Value;
use crate::project::world::{CodePlace, ModuleId, ModuleKind};

/// Steps that one route may take.
const STEPS_OF_A_ROUTE: u64 = 30_000;

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
}

/// How a route can fail, and the project's functions behind it.
#[derive(Debug, Default, Clone)]
pub struct Explored {
    pub branches: Vec<Branch>,
    pub visited: FxHashSet<(ModuleId, FunctionId)>,
    pub cut_off: bool,
}

pub fn explore<'w>(machine: &mut Machine<'w>, entry: &Entry, app: &Value) -> Explored {
    let mut explored = Explored::default();
    let log = std::mem::take(&mut machine.log);
    let outer = machine.visited.replace(FxHashSet::default());
    let nested = machine.trial_is_open();
    if !nested {
        machine.begin_trial();
    }
    let (stack, pending) = (std::mem::take(&mut machine.stack), std::mem::take(&mut machine.pending));
    let (undecided, weak_below) = (std::mem::take(&mut machine.undecided), std::mem::take(&mut machine.weak_below));
    let name = machine.symbol("covgap_handle");
    let route = Value::Object(entry.route);
    let dependencies = machine.new_list(entry.dependencies.clone(), false);
    let mut certain = None;
    let result = machine.bounded(STEPS_OF_A_ROUTE, |machine| match machine.call_attribute(&route, name, Args::of([entry.app.clone(), dependencies])) {
        Err(Raise::Exception(raised)) => {
            certain = Some(*raised);
            Ok(Value::None)
        }
        other => other,
    });
    explored.cut_off = matches!(result, Ok(Value::Unknown(crate::project::values::value::Reason::Bound)));
    let mut raised: Vec<Raised> = std::mem::take(&mut machine.pending);
    raised.extend(certain);
    for answer in std::mem::take(&mut machine.log).answers {
        let kind = if answer.is_close { BranchKind::Close } else { BranchKind::Response };
        if machine.world.kind(answer.place.module) == ModuleKind::Model {
            continue;
        }
        push(&mut explored.branches, Branch { kind, place: Some(answer.place), status: answer.status, exception: None, is_unhandled: false });
    }
    for one in raised {
        if machine.world.kind(one.place.module) == ModuleKind::Model {
            continue;
        }
        for exception in one.exception.alternatives().to_vec() {
            let branch = answer(machine, &exception, one.place, &entry.app, app, entry.kind == EntryKind::Websocket);
            push(&mut explored.branches, branch);
        }
    }
    if validates(machine, entry) {
        push(&mut explored.branches, Branch { kind: BranchKind::Validation, place: None, status: Some(422), exception: None, is_unhandled: false });
    }
    machine.stack = stack;
    machine.pending = pending;
    (machine.undecided, machine.weak_below) = (undecided, weak_below);
    if !nested {
        machine.end_trial();
    }
    let next = machine.log.next_request.max(log.next_request);
    machine.log = Log { next_request: next, ..log };
    explored.visited = std::mem::replace(&mut machine.visited, outer).unwrap_or_default();
    explored
}

fn push(branches: &mut Vec<Branch>, branch: Branch) {
    if !branches.contains(&branch) {
        branches.push(branch);
    }
}

/// What the application answers to an exception.
fn answer<'w>(machine: &mut Machine<'w>, exception: &Value, place: CodePlace, app: &Value, outer: &Value, is_websocket: bool) -> Branch {
    let class = machine.class_value(exception);
    let name = (class.is_opaque() || matches!(class, Value::Object(_))).then(|| machine.describe(&class).to_string());
    let mut branch = Branch { kind: BranchKind::Raise, place: Some(place), status: None, exception: name, is_unhandled: false };
    let status_name = machine.symbol("status_code");
    let close_name = machine.symbol("covgap_close");
    if let Value::Object(id) = exception
        && let Some(instance) = machine.heap.instance(*id)
        && machine.class_attribute(instance.class, close_name).is_some()
    {
        let code = machine.symbol("code");
        branch.kind = BranchKind::Close;
        branch.status = status_of(machine, exception, code);
        return branch;
    }
    let handler = machine.symbol("covgap_answer");
    for app in [app, outer] {
        let Value::Object(id) = app else { continue };
        let Some(instance) = machine.heap.instance(*id) else { continue };
        if machine.class_attribute(instance.class, handler).is_none() {
            continue;
        }
        let answered = machine.bounded(3_000, |machine| match machine.call_attribute(app, handler, Args::of([Value::None, exception.clone()])) {
            Err(Raise::Exhausted) => Err(Raise::Exhausted),
            Err(Raise::Exception(_)) => Ok(Value::None),
            ok => ok,
        });
        if let Ok(response @ (Value::Object(_) | Value::Union(_))) = answered {
            branch.status = status_of(machine, &response, status_name);
            if branch.status.is_some() {
                return branch;
            }
        }
    }
    branch.status = status_of(machine, exception, status_name);
    if branch.status.is_none() && !is_websocket {
        let known = matches!(exception, Value::Object(_));
        branch.is_unhandled = known;
        branch.status = known.then_some(500);
    }
    branch
}

fn status_of<'w>(machine: &mut Machine<'w>, value: &Value, name: Symbol) -> Option<u16> {
    for one in value.alternatives().to_vec() {
        let status = match machine.attribute(&one, name) {
            Ok(status) => status,
            Err(_) => continue,
        };
        for status in status.alternatives() {
            if let Value::Int(number) = machine.payload(status) {
                return u16::try_from(number).ok();
            }
        }
    }
    None
}

/// Does the framework check parameters of this route itself?
fn validates<'w>(machine: &mut Machine<'w>, entry: &Entry) -> bool {
    let flag = machine.symbol("covgap_validates");
    let Ok(Value::Bool(true)) = machine.attribute(&Value::Object(entry.route), flag) else { return false };
    let Ok(parameters) = machine.parameters_of(&entry.endpoint) else { return false };
    let dependency = machine.symbol("dependency");
    let connection = machine.symbol("covgap_connection");
    parameters.into_iter().any(|parameter| {
        let injected = |machine: &mut Machine<'w>, value: &Value| machine.has_attribute(value, dependency) == Some(true);
        if parameter.default.as_ref().is_some_and(|value| injected(machine, value)) {
            return false;
        }
        let Some(annotation) = parameter.annotation else { return false };
        if let Value::Object(id) = &annotation {
            if machine.class_attribute(*id, connection).is_some() {
                return false;
            }
            if let crate::project::values::heap::Object::Alias { arguments, .. } = machine.heap.get(*id) {
                let arguments = arguments.clone();
                if arguments.iter().any(|argument| injected(machine, argument)) {
                    return false;
                }
            }
        }
        let spelled = machine.spelled(parameter.name);
        let in_path = entry.path.contains(&format!("{{{spelled}"));
        !(in_path && annotation == Value::Native(crate::project::values::natives::Native::str))
    })
}
