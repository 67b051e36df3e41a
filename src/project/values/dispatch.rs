//! Dispatch: which applications answer behind a callable that speaks ASGI.
//!
//! `app = Timing(app)`, whose `__call__` awaits `self.app(scope, receive, send)`, answers what the inner application answers; a
//! function that asks the path and awaits one of two applications answers what both do.

use crate::project::served::has_routes;
use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::{DictObject, Object};
use crate::project::values::log::Log;
use crate::project::values::machine::{Activation, Machine, Raise};
use crate::project::values::operations::STEPS_OF_A_START;
use crate::project::values::room::Bound;
use crate::project::values::value::{ObjectId, Reason, Value};
use crate::project::world::{ModuleId, ModuleKind};

/// Steps that one call may take.
const STEPS_OF_A_DISPATCH: u64 = 4_000;
/// Most wrappers around each other whose insides are asked for at a time.
const MOST_NESTED: usize = 4;

impl<'w> Machine<'w> {
    /// Is the function that runs what a route calls, or what decorators around it call?
    pub(super) fn calls_for_a_handler(&self) -> bool {
        let own = |activation: &&Activation| activation.kind == ModuleKind::App;
        let mut running = self.stack.iter().rev().filter(own);
        let is_inner = |activation: &Activation| {
            let (module, function) = (activation.module, activation.function);
            self.world.code(module, function).is_some_and(|unit| {
                let function = unit.facts.function(function);
                let name = unit.facts.name(function.qualified_name);
                name.contains("<locals>")
            })
        };
        running.next().is_some() && running.all(is_inner)
    }

    /// The applications that the callable passes requests on to, in the order in which it may.
    ///
    /// It is called once for each kind of connection, with a path that is not known; an application that is called so notes a
    /// request, and nothing else of the call is kept.
    pub fn apps_behind(&mut self, callee: &Value) -> Result<Vec<Value>, Raise> {
        if self.dispatching >= MOST_NESTED || !self.is_asgi_callable(callee) {
            return Ok(Vec::new());
        }
        self.dispatching += 1;
        // A number of a request is of one request only: those that the test has sent keep theirs.
        let fresh = Log {
            next_request: self.log.next_request,
            ..Log::default()
        };
        let log = std::mem::replace(&mut self.log, fresh);
        let mark = self.pending.len();
        let depth = self.stack.len();
        let before = self.enter_undecided();
        let mut failure = None;
        for kind in ["http", "websocket"] {
            let scope = self.unknown_scope(kind);
            let unknown = Value::Unknown(Reason::Runtime);
            self.stack.push(Activation {
                module: ModuleId(0),
                function: crate::facts::program::FunctionId(0),
                kind: ModuleKind::Model,
                line: 0,
            });
            let done = self.bounded(STEPS_OF_A_DISPATCH, |machine| {
                machine.call(callee, Args::of([scope, unknown.clone(), unknown]))
            });
            self.stack.truncate(depth);
            if let Err(Raise::Exhausted) = done {
                failure = Some(Raise::Exhausted);
                break;
            }
        }
        self.leave_undecided(before);
        self.pending.truncate(mark);
        let seen = std::mem::replace(&mut self.log, log);
        self.log.next_request = seen.next_request;
        self.dispatching -= 1;
        if let Some(failure) = failure {
            return Err(failure);
        }
        let mut apps: Vec<Value> = Vec::new();
        for app in seen.requests.into_iter().filter_map(|request| request.app) {
            if app != *callee && !apps.contains(&app) {
                apps.push(app);
            }
        }
        Ok(apps)
    }

    /// Starts the application, or those behind it, once.
    pub(super) fn begin_lifespan(&mut self, app: &Value) -> Result<(), Raise> {
        let Value::Object(id) = app else {
            return Ok(());
        };
        self.note_start(*id);
        if self.log.lifespans.contains(id) {
            return Ok(());
        }
        self.log.lifespans.push(*id);
        let starts = self.symbol("covgap_start");
        let is_own = self
            .heap
            .instance(*id)
            .is_none_or(|instance| self.class_attribute(instance.class, starts).is_some());
        if is_own {
            return self.start_in_test(*id);
        }
        for inner in self.apps_behind(app)? {
            self.begin_lifespan(&inner)?;
        }
        Ok(())
    }

    /// Starts an application; of one that gets its routes only now, the steps that this takes are not the test's.
    fn start_in_test(&mut self, app: ObjectId) -> Result<(), Raise> {
        if has_routes(self, app) {
            // A start that has no end leaves the test what it needs for its requests.
            let started = self.bounded(Bound::share(4, 5), |machine| {
                let started = machine.start(app, STEPS_OF_A_START);
                started.map(|()| Value::None)
            });
            return started.map(drop);
        }
        let before = self.steps;
        self.grant(STEPS_OF_A_START);
        let started = self.start(app, STEPS_OF_A_START);
        self.take_back_steps(STEPS_OF_A_START.saturating_sub(self.steps - before));
        started
    }

    /// What a class of a library that wraps applications makes: it answers what the application that it is given answers.
    pub(super) fn wrapped_app(&self, path: Symbol, args: &Args) -> Option<Value> {
        let spelled = self.spelling(path);
        let wraps = &self.world.rules.names.wrappers;
        if !wraps
            .iter()
            .any(|ending| spelled.ends_with(ending.as_str()))
        {
            return None;
        }
        let mut given = args
            .positional
            .iter()
            .chain(args.named.iter().map(|(_, value)| value));
        given
            .find(|value| self.is_marked(value, "covgap_app"))
            .cloned()
    }

    /// A function or an instance with a `__call__` of the project or of a model.
    fn is_asgi_callable(&self, callee: &Value) -> bool {
        match callee {
            Value::Object(id) => match self.heap.get(*id) {
                Object::Function(_) | Object::Partial { .. } => true,
                Object::Instance(instance) => {
                    self.class_attribute(instance.class, Symbol::CALL).is_some()
                }
                _ => false,
            },
            Value::Method(_) => true,
            _ => false,
        }
    }

    /// What a server tells an application about a connection of which nothing is known but its kind.
    fn unknown_scope(&mut self, kind: &str) -> Value {
        let headers = self.new_list(Vec::new(), true);
        let items = [
            ("type", Value::text(kind)),
            ("method", Value::hole()),
            ("path", Value::hole()),
            ("root_path", Value::text("")),
            ("headers", headers),
        ];
        let dict = DictObject {
            items: items
                .into_iter()
                .map(|(key, value)| (Value::text(key), value))
                .collect(),
            is_open: true,
            doubtful: 0,
        };
        Value::Object(self.heap.add(Object::Dict(dict)))
    }
}

impl Args {
    /// There are arguments, and none of them is known: each may be anything, or one of many.
    pub(super) fn tells_nothing(&self) -> bool {
        let mut values = self
            .positional
            .iter()
            .chain(self.named.iter().map(|(_, value)| value))
            .peekable();
        values.peek().is_some()
            && values.all(|value| match value {
                Value::Unknown(_) => true,
                Value::Union(several) => several.len() > 3 || several.iter().any(Value::is_unknown),
                _ => false,
            })
    }
}
