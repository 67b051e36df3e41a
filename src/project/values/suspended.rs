//! Suspended generators: the function behind a context manager stands at its `yield` while the block of the `with` runs.
//!
//! ```python
//! @contextmanager
//! def logged_in(name):
//!     app.dependency_overrides[current_user] = lambda: name
//!     yield TestClient(app)
//!     app.dependency_overrides.clear()      # when the block has ended, and not before
//! ```
//! A frame is kept as an object of the heap, with the statement at which it stands and the contexts that it has entered, so that it
//! is taken back and remembered as all objects are. It goes on statement by statement: what is not on the way to that statement is
//! left out. A `yield` in a branch that may not be taken does not suspend: then the function runs to its end at once; behind one in a
//! loop nothing more runs.
//!
//! Source: <https://docs.python.org/3/library/contextlib.html#contextlib.contextmanager>

use crate::facts::program::{Span, Stmt, StmtId};
use crate::project::values::calls::Args;
use crate::project::values::heap::{FrameObject, ListKind, Object};
use crate::project::values::machine::{Activation, Eval, Frame, Locals, Machine, Raise, Raised};
use crate::project::values::room::Bound;
use crate::project::values::statements::Done;
use crate::project::values::value::Value;
use crate::project::world::{CodePlace, Unit};

/// Where a frame stands.
#[derive(Debug, Default)]
pub enum Suspension {
    /// It runs to its end.
    #[default]
    Never,
    /// It stops at its first `yield` that is surely reached: as many undecided conditions are around it as were around the call.
    AtYield { undecided: usize },
    /// Its statement has yielded.
    Yielded,
    /// It has stopped at a statement, in these contexts, the innermost first.
    At(StmtId, Vec<Value>),
    /// It goes on behind a statement, in these contexts; there, this is raised.
    Behind(StmtId, Vec<Value>, Option<Box<Raised>>),
}

impl Suspension {
    pub(super) fn has_stopped(&self) -> bool {
        matches!(self, Suspension::Yielded | Suspension::At(..))
    }

    /// The statement behind which the frame goes on.
    fn behind(&self) -> Option<StmtId> {
        match self {
            Suspension::Behind(at, ..) => Some(*at),
            _ => None,
        }
    }
}

/// Does the statement lie in one of these, or below one on a way on which a frame goes on?
fn leads_to(unit: &Unit, body: Span, at: StmtId) -> bool {
    let facts = &unit.facts;
    let mut statements = facts.stmt_list(body).iter();
    statements.any(|&statement| {
        statement == at
            || match facts.stmt(statement) {
                Stmt::With { body, .. } | Stmt::Try { body, .. } => leads_to(unit, body, at),
                Stmt::If {
                    body, otherwise, ..
                } => leads_to(unit, body, at) || leads_to(unit, otherwise, at),
                _ => false,
            }
    })
}

impl<'w> Frame<'w> {
    /// The statements of a body that are still to run.
    pub(super) fn left_of(&self, body: Span) -> &'w [StmtId] {
        let unit = self.unit;
        let statements = unit.facts.stmt_list(body);
        let Some(at) = self.suspension.behind() else {
            return statements;
        };
        let one = |position: usize| Span {
            start: body.start + position as u32,
            len: 1,
        };
        let first = (0..statements.len()).find(|position| leads_to(unit, one(*position), at));
        &statements[first.unwrap_or_default()..]
    }

    /// Is it the statement behind which the frame goes on? Then it does. The error is what is raised there.
    pub(super) fn goes_on_behind(&mut self, statement: StmtId) -> Result<bool, Raise> {
        if self.suspension.behind() != Some(statement) {
            return Ok(false);
        }
        match std::mem::take(&mut self.suspension) {
            Suspension::Behind(.., Some(raised)) => Err(Raise::Exception(raised)),
            _ => Ok(true),
        }
    }

    /// The branch of a condition on the way to where the frame goes on.
    pub(super) fn branch_to_go_on(&self, branches: [Span; 2]) -> Option<Span> {
        let at = self.suspension.behind()?;
        let mut branches = branches.into_iter();
        branches.find(|branch| leads_to(self.unit, *branch, at))
    }

    /// A statement has run: does the frame stop there?
    pub(super) fn stops_at(&mut self, statement: StmtId) -> bool {
        if let Suspension::Yielded = self.suspension {
            self.suspension = Suspension::At(statement, Vec::new());
        }
        self.suspension.has_stopped()
    }

    /// The context in which the frame was, if it goes on in it.
    pub(super) fn context_to_go_on(&mut self) -> Option<Value> {
        match &mut self.suspension {
            Suspension::Behind(_, contexts, _) => contexts.pop(),
            _ => None,
        }
    }

    /// Has the frame stopped in this context?
    pub(super) fn stays_in(&mut self, context: &Value) -> bool {
        if let Suspension::At(_, contexts) = &mut self.suspension {
            contexts.push(context.clone());
        }
        self.suspension.has_stopped()
    }
}

impl<'w> Machine<'w> {
    /// A frame yields: does it stop?
    pub(super) fn suspend(&self, frame: &mut Frame<'w>) {
        if let Suspension::AtYield { undecided } = frame.suspension {
            frame.suspension = match undecided == self.undecided {
                true => Suspension::Yielded,
                false => Suspension::Never,
            };
        }
    }

    /// What a function that was to be suspended gives: what it yields, and what [`Machine::resume`] needs, if it has stopped.
    pub(super) fn with_suspension(&mut self, frame: Frame<'w>, yielded: Value) -> Value {
        let Suspension::At(at, contexts) = frame.suspension else {
            return yielded;
        };
        let object = match frame.locals {
            Locals::Shared(object) => object,
            Locals::Own(values) => self.heap.add(Object::Frame(FrameObject {
                module: frame.unit.id,
                function: frame.function,
                values,
                closure: frame.closure,
                class: frame.class,
            })),
        };
        Value::tuple(vec![
            yielded,
            Value::Object(object),
            Value::Int(i64::from(at.0)),
            Value::tuple(contexts),
        ])
    }

    /// Calls a generator function until it yields for the first time. Gives what it yields, and the rest of it, or None.
    pub(super) fn begin(&mut self, function: &Value, positional: &Value, named: &Value) -> Eval {
        let (positional, is_open) = self.iterate(positional)?;
        let mut args = Args {
            is_open,
            ..Args::of(positional)
        };
        self.spread_named(named, &mut args);
        let outer = std::mem::replace(&mut self.suspends, true);
        let result = self.call(function, args);
        self.suspends = outer;
        let result = result?;
        if let Value::Tuple(parts) = &result
            && let [yielded, rest @ ..] = &parts[..]
            && let Value::Object(id) = yielded
            && let Some(list) = self.heap.list(*id)
            && list.kind == ListKind::Iterator
            && rest.len() == 3
        {
            let rest = Value::tuple(rest.to_vec());
            return Ok(Value::tuple(vec![yielded.clone(), rest]));
        }
        Ok(Value::tuple(vec![result, Value::None]))
    }

    /// Runs the rest of a function, with an exception that comes out of the block. Is that swallowed?
    pub(super) fn resume(&mut self, rest: &Value, exception: &Value) -> Eval {
        let Value::Tuple(parts) = rest else {
            return Ok(Value::None);
        };
        let [
            Value::Object(object),
            Value::Int(at),
            Value::Tuple(contexts),
        ] = &parts[..]
        else {
            return Ok(Value::None);
        };
        let Object::Frame(found) = self.heap.get(*object) else {
            return Ok(Value::None);
        };
        let (module, function) = (found.module, found.function);
        let (closure, class) = (found.closure, found.class);
        let Some(unit) = self.world.code(module, function) else {
            return Ok(Value::None);
        };
        let at = StmtId(*at as u32);
        let body = unit.facts.function(function).body;
        if !leads_to(unit, body, at) {
            return Ok(Value::None);
        }
        let place = CodePlace {
            module,
            line: unit.facts.stmt_line(at),
        };
        let raised = (*exception != Value::None).then(|| {
            Box::new(Raised {
                place,
                exception: exception.clone(),
            })
        });
        let is_raised = raised.is_some();
        let mut frame = Frame {
            suspension: Suspension::Behind(at, contexts.to_vec(), raised),
            ..Frame::new(unit, function, Locals::Shared(*object), closure, class)
        };
        match self.run_rest(&mut frame, body)? {
            Err(Raise::Exhausted) => Err(Raise::Exhausted),
            Err(Raise::Exception(other)) if is_raised && other.exception != *exception => {
                Err(Raise::Exception(other))
            }
            // What seems to fail where nothing did is most likely our imprecision.
            Err(Raise::Exception(_)) => Ok(Value::Bool(false)),
            Ok(_) if is_raised => Ok(Value::Bool(true)),
            Ok(_) => Ok(Value::None),
        }
    }

    fn run_rest(&mut self, frame: &mut Frame<'w>, body: Span) -> Result<Done, Raise> {
        let depth = self.stack.len();
        self.stack.push(Activation {
            module: frame.unit.id,
            function: frame.function,
            kind: frame.unit.kind,
            line: frame.unit.facts.function(frame.function).line,
        });
        let done = self.exec_at_most(frame, body, Bound::share(1, 4));
        self.stack.truncate(depth);
        done
    }
}
