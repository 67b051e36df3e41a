//! Blocking calls: where the project's code waits for a network, a file or a clock, and which `async def` waits with it.
//!
//! ```python
//! def fetch(url):                 # called by `load`: the call waits in `load`
//!     return requests.get(url)
//!
//! async def load(url):
//!     return fetch(url)           # noted
//!     return await asyncio.to_thread(fetch, url)    # not: a thread waits
//! ```
//! Which calls wait is data: `rules/blocking.toml`. What is awaited does not block, whatever it is.

use std::sync::Arc;

use crate::facts::program::FunctionId;
use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::machine::{Activation, Machine};
use crate::project::values::value::{ObjectId, Value};
use crate::project::world::{ModuleId, ModuleKind, Unit};

/// Most calls that one run notes.
const MOST_CALLS: usize = 400;

/// A call that waits, and all that was running when it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockingCall {
    /// Position in the rules.
    pub rule: usize,
    pub path: Arc<str>,
    pub has_timeout: bool,
    /// Innermost first.
    pub frames: Vec<Activation>,
    pub end: End,
}

/// Who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The `async def` at this position of the frames.
    Async(usize),
    /// A thread, or the process before it serves anything.
    Elsewhere,
    /// That depends on who calls the outermost frame.
    Open,
}

/// Which function of a library it is, for an object of which class.
type FunctionKey = (ModuleId, FunctionId, Option<ObjectId>);

/// What was looked up before.
#[derive(Debug, Default)]
pub struct Known {
    paths: rustc_hash::FxHashMap<Symbol, Option<usize>>,
    functions: rustc_hash::FxHashMap<FunctionKey, Option<(usize, Arc<str>)>>,
    builtins: rustc_hash::FxHashMap<&'static str, Option<usize>>,
}

impl<'w> Machine<'w> {
    fn is_called_by_project(&self) -> bool {
        self.stack
            .last()
            .is_some_and(|activation| activation.kind == ModuleKind::App)
    }

    /// A call of something of a library that no model describes.
    pub(super) fn external_may_block(&mut self, path: Symbol, args: &Args) {
        if !self.is_called_by_project() {
            return;
        }
        let rule = match self.blocking_known.paths.get(&path) {
            Some(rule) => *rule,
            None => {
                let rule = self.world.rules.blocking.find(&self.spelled(path));
                self.blocking_known.paths.insert(path, rule);
                rule
            }
        };
        if let Some(rule) = rule {
            let path = self.spelled(path);
            self.note_blocking(rule, path, args);
        }
    }

    /// A call of a function of a model.
    pub(super) fn model_may_block(
        &mut self,
        unit: &'w Unit,
        function: FunctionId,
        receiver: Option<&Value>,
        args: &Args,
    ) {
        if !self.is_called_by_project() {
            return;
        }
        let class = match receiver {
            Some(Value::Object(object)) => {
                self.heap.instance(*object).map(|instance| instance.class)
            }
            _ => None,
        };
        let key = (unit.id, function, class);
        let found = match self.blocking_known.functions.get(&key) {
            Some(found) => found.clone(),
            None => {
                let path = self.path_of(unit, function, class);
                let rule = self.world.rules.blocking.find(&path);
                let found = rule.map(|rule| (rule, Arc::from(path)));
                self.blocking_known.functions.insert(key, found.clone());
                found
            }
        };
        if let Some((rule, path)) = found {
            self.note_blocking(rule, path, args);
        }
    }

    /// `requests.get`, or `httpx.AsyncClient().get` for what that class inherits.
    fn path_of(&self, unit: &Unit, function: FunctionId, class: Option<ObjectId>) -> String {
        let facts = unit.facts.function(function);
        let own = class.and_then(|class| {
            let class = self.heap.class(class)?;
            class.mro.iter().find_map(|one| match one {
                Value::Object(id) => self
                    .heap
                    .class(*id)
                    .filter(|class| self.world.kind(class.module) == ModuleKind::Model),
                _ => None,
            })
        });
        match own.and_then(|class| Some((class, self.world.named(class.module)?))) {
            Some((class, home)) => format!(
                "{}.{}().{}",
                home.name,
                self.spelled(class.name),
                unit.facts.name(facts.name)
            ),
            None => format!("{}.{}", unit.name, unit.facts.name(facts.qualified_name)),
        }
    }

    /// A call of a function of Python itself.
    pub(super) fn builtin_may_block(&mut self, name: &'static str, args: &Args) {
        if !self.is_called_by_project() {
            return;
        }
        let rules = &self.world.rules.blocking;
        let known = &mut self.blocking_known.builtins;
        if let Some(rule) = *known.entry(name).or_insert_with(|| rules.find(name)) {
            self.note_blocking(rule, Arc::from(name), args);
        }
    }

    fn note_blocking(&mut self, rule: usize, path: Arc<str>, args: &Args) {
        // A constructor that runs because somebody asked for an attribute has run long before.
        if !self.initializing.is_empty() {
            return;
        }
        let rules = &self.world.rules.blocking.blocking[rule];
        let names_it = |name: &Symbol| {
            let name = self.spelled(*name);
            rules.timeout.iter().any(|known| **known == *name)
        };
        let has_timeout =
            rules.bounded || args.is_open || args.named.iter().any(|(name, _)| names_it(name));
        let call = BlockingCall {
            rule,
            path,
            has_timeout,
            frames: Vec::new(),
            end: End::Open,
        };
        let call = self.continued(call);
        self.log.note_blocking(call);
    }

    /// The call with everything around it that is running now.
    fn continued(&self, mut call: BlockingCall) -> BlockingCall {
        for activation in self.stack.iter().rev() {
            call.frames.push(*activation);
            if call.end == End::Open {
                call.end = self.end_at(&call.frames);
            }
        }
        call
    }

    /// Does the outermost of these frames end the search for who waits?
    fn end_at(&self, frames: &[Activation]) -> End {
        let Some(last) = frames.last() else {
            return End::Open;
        };
        let Some(unit) = self.world.code(last.module, last.function) else {
            return End::Open;
        };
        let facts = unit.facts.function(last.function);
        if last.kind != ModuleKind::Model {
            return if last.function == FunctionId(0) {
                End::Elsewhere
            } else if facts.is_async {
                End::Async(frames.len() - 1)
            } else {
                End::Open
            };
        }
        let rules = &self.world.rules.blocking;
        let path = format!("{}.{}", unit.name, unit.facts.name(facts.qualified_name));
        if rules.is_thread(&path) || rules.is_thread_of_plain(&unit.name) {
            End::Elsewhere
        } else {
            End::Open
        }
    }

    /// A call that is awaited was none that blocks: the value says which. `before` calls had been noted before it.
    pub(super) fn forget_awaited(&mut self, value: &Value, before: usize) {
        if self.log.blocking.len() <= before {
            return;
        }
        // One of them for each object that the method may be one of.
        for one in value.alternatives() {
            let Value::External(path) = one else { continue };
            let path = self.spelled(*path);
            let noted = self.log.blocking[before..].iter().rposition(|call| {
                call.frames.len() == self.stack.len() && path.strip_suffix("()") == Some(&call.path)
            });
            if let Some(position) = noted {
                self.log.blocking.remove(before + position);
            }
        }
    }

    /// Calls noted while a function of this machine ran, as they are for any caller of it.
    pub(super) fn apart_from_caller(&self, calls: Vec<BlockingCall>) -> Vec<BlockingCall> {
        let around = self.stack.len();
        let cut = |mut call: BlockingCall| {
            let inside = call.frames.len().saturating_sub(around);
            call.frames.truncate(inside);
            let is_inside = match call.end {
                End::Async(position) => position < inside,
                End::Open => false,
                End::Elsewhere => {
                    (1..=inside).any(|length| self.end_at(&call.frames[..length]) == End::Elsewhere)
                }
            };
            if !is_inside {
                call.end = End::Open;
            }
            call
        };
        calls.into_iter().map(cut).collect()
    }

    /// Notes them for the present caller.
    pub(super) fn resume_blocking(&mut self, calls: &[BlockingCall]) {
        for call in calls {
            let call = self.continued(call.clone());
            self.log.note_blocking(call);
        }
    }
}

impl crate::project::values::log::Log {
    /// One way to each call is enough for each of those who wait.
    pub fn note_blocking(&mut self, call: BlockingCall) {
        let who = |call: &BlockingCall| match call.end {
            End::Async(position) => call
                .frames
                .get(position)
                .map(|frame| (frame.module, frame.function)),
            End::Elsewhere | End::Open => None,
        };
        let place =
            |call: &BlockingCall| call.frames.first().map(|frame| (frame.module, frame.line));
        let has_room = self.blocking.len() < MOST_CALLS;
        let known = self.blocking.iter_mut().find(|known| {
            known.path == call.path
                && place(known) == place(&call)
                && who(known) == who(&call)
                && matches!(known.end, End::Open) == matches!(call.end, End::Open)
        });
        match known {
            Some(known) => known.has_timeout &= call.has_timeout,
            None if has_room => self.blocking.push(call),
            None => self.dropped = self.dropped.or(call.frames.first().copied()),
        }
    }
}
