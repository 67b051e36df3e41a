//! Statements: runs a body, deciding the branches that known values decide and joining the others.
//!
//! `if settings.DEBUG: app.include_router(debug)` runs its body for sure when the setting is known to be true, not at all when
//! it is known to be false, and otherwise under a condition that every effect of the body carries.

use crate::facts::program::{ExprId, Span, Stmt, StmtId};
use crate::project::values::heap::Object;
use crate::project::values::machine::{
    Flow, Frame, Locals, MOST_TURNS, Machine, Raise, Raised, Scope,
};
use crate::project::values::natives::Native;
use crate::project::values::room::Bound;
use crate::project::values::value::{Reason, Value};
use crate::project::world::{CodePlace, ModuleKind};

/// Steps that one statement of what makes or starts an application may take even when few are left.
const STEPS_OF_A_FORGIVEN_STATEMENT: u64 = 40_000;

/// Steps that one call from a test into the project's own code may take at least, and one from what prepares tests; a call may
/// take its share of those that are left.
const STEPS_OF_A_DIRECT_CALL: u64 = 5_000;
const STEPS_OF_A_PREPARING_CALL: u64 = 40_000;
const SHARE_OF_A_DIRECT_CALL: u64 = 12;

pub type Done = Result<Flow, Raise>;

/// A copy of the locals, to run a second branch from the same start.
pub struct Saved(pub(super) Option<Vec<Value>>);

impl<'w> Machine<'w> {
    pub fn exec_body(&mut self, frame: &mut Frame<'w>, body: Span) -> Done {
        let unit = frame.unit;
        let forgives = self.forgives
            && self.tries == 0
            && unit.kind == ModuleKind::App
            && matches!(frame.scope, Scope::Function);
        // In a `try`, what fails has to come out.
        let shares = (self.shares || self.forgives && self.tries > 0)
            && unit.kind == ModuleKind::App
            && (self.shares || matches!(frame.scope, Scope::Function));
        for &statement in frame.left_of(body) {
            if frame.goes_on_behind(statement)? {
                continue;
            }
            let flow = if forgives {
                self.exec_forgiving(frame, statement)?
            } else if shares {
                self.exec_sharing(frame, statement)?
            } else {
                self.exec(frame, statement)?
            };
            if frame.stops_at(statement) {
                return Ok(Flow::Return);
            }
            match flow {
                Flow::Normal => {}
                left => return Ok(left),
            }
        }
        Ok(Flow::Normal)
    }

    /// Runs a body; where the steps do not suffice, it returns what it has so far.
    pub(super) fn exec_at_most(
        &mut self,
        frame: &mut Frame<'w>,
        body: Span,
        bound: impl Into<Bound>,
    ) -> Result<Result<Flow, Raise>, Raise> {
        let mut outcome = Ok(Flow::Normal);
        let value = self.bounded(bound, |machine| {
            match machine.exec_body(frame, body) {
                Err(Raise::Exhausted) => return Err(Raise::Exhausted),
                other => outcome = other,
            }
            Ok(Value::None)
        })?;
        if let Value::Unknown(reason) = value {
            frame.returned.get_or_insert(Value::Unknown(reason));
            outcome = Ok(Flow::Return);
        }
        Ok(outcome)
    }

    /// The body of a function of the project that a test calls itself. What it raises must not cut the test off: it may be our
    /// imprecision.
    pub(super) fn exec_called_by_a_test(
        &mut self,
        frame: &mut Frame<'w>,
        body: Span,
        is_generator: bool,
    ) -> Done {
        let (depth, mark) = (self.stack.len(), self.pending.len());
        let least = if self.prepares || !self.importing.is_empty() {
            STEPS_OF_A_PREPARING_CALL
        } else {
            STEPS_OF_A_DIRECT_CALL
        };
        let bound = Bound::share(1, SHARE_OF_A_DIRECT_CALL).at_least(least);
        let before = self.save_locals(frame);
        let shares = std::mem::replace(&mut self.shares, true);
        let mut done = self.exec_at_most(frame, body, bound);
        if let Ok(Err(Raise::Exception(_))) = &done
            && !is_generator
            && !self.forgives
        {
            // Whether somebody catches it is not among the arguments.
            self.spoil_summaries();
            // What nobody expects to fail works, or the test would not pass.
            if self.tries == 0 {
                self.stack.truncate(depth);
                self.swap_locals(frame, before);
                self.forgives = true;
                done = self.exec_at_most(frame, body, bound);
                self.forgives = false;
            }
        }
        self.shares = shares;
        self.stack.truncate(depth);
        self.pending.truncate(mark);
        match done? {
            Err(Raise::Exception(_)) => {
                let returned = frame.returned.take();
                frame.returned = Some(returned.unwrap_or(Value::Unknown(Reason::Raised)));
                Ok(Flow::Return)
            }
            other => other,
        }
    }

    /// A statement that seems to raise, or that is too much, is left behind.
    fn exec_forgiving(&mut self, frame: &mut Frame<'w>, statement: StmtId) -> Done {
        let mut outcome = Ok(Flow::Normal);
        // Half of what is left, so that what comes after a heavy statement is run on each level of calls.
        let bound = Bound::share(1, 2).at_least(STEPS_OF_A_FORGIVEN_STATEMENT);
        self.bounded(bound, |machine| {
            match machine.exec(frame, statement) {
                Err(Raise::Exhausted) => return Err(Raise::Exhausted),
                other => outcome = other,
            }
            Ok(Value::None)
        })?;
        match outcome {
            Err(Raise::Exception(_)) => Ok(Flow::Normal),
            other => other,
        }
    }

    /// A simple statement that takes half of the steps that are left is left behind, and what it would bind is not known.
    fn exec_sharing(&mut self, frame: &mut Frame<'w>, statement: StmtId) -> Done {
        let facts = &frame.unit.facts;
        let (Stmt::Expr(_) | Stmt::Assign { .. }) = facts.stmt(statement) else {
            return self.exec(frame, statement);
        };
        let mut outcome = Ok(Flow::Normal);
        let done = self.bounded(Bound::share(1, 2), |machine| {
            match machine.exec(frame, statement) {
                Err(Raise::Exhausted) => return Err(Raise::Exhausted),
                other => outcome = other,
            }
            Ok(Value::None)
        })?;
        if let (Value::Unknown(reason), Stmt::Assign { targets, .. }) =
            (done, facts.stmt(statement))
        {
            for &target in facts.expr_list(targets) {
                self.assign(frame, target, Value::Unknown(reason))?;
            }
        }
        outcome
    }

    pub(super) fn exec(&mut self, frame: &mut Frame<'w>, id: StmtId) -> Done {
        self.step()?;
        let facts = &frame.unit.facts;
        self.set_line(facts.stmt_line(id));
        match facts.stmt(id) {
            Stmt::Expr(value) => {
                self.eval(frame, value)?;
            }
            Stmt::Assign { targets, value } => {
                let value = self.eval(frame, value)?;
                for &target in facts.expr_list(targets) {
                    self.assign(frame, target, value.clone())?;
                }
            }
            Stmt::AugAssign {
                operator,
                target,
                value,
            } => {
                let before = self.eval(frame, target)?;
                let added = self.eval(frame, value)?;
                if !self.extend_in_place(operator, &before, &added)? {
                    let after = self.binary(operator, &before, &added)?;
                    self.assign(frame, target, after)?;
                }
            }
            Stmt::AnnAssign {
                target,
                annotation,
                value,
            } => {
                let value = self.eval(frame, value)?;
                self.declare(frame, target, annotation);
                self.assign(frame, target, value)?;
            }
            Stmt::Declare { target, annotation } => self.declare(frame, target, annotation),
            Stmt::Return(value) => {
                let value = match value {
                    Some(value) => self.eval_returned(frame, value)?,
                    None => Value::None,
                };
                frame.expected.returns += 1;
                frame.returned = Some(match frame.returned.take() {
                    Some(before) => before.or(value),
                    None => value,
                });
                return Ok(Flow::Return);
            }
            Stmt::Raise(exception) => return Err(self.raise(frame, id, exception)),
            Stmt::Assert { test, message } => {
                let value = self.eval(frame, test)?;
                self.log.asserts += 1;
                self.claim(&value);
                if matches!(value, Value::Object(_)) {
                    self.truth(&value)?;
                }
                if let Some(message) = message {
                    self.explain(&value, facts.text(message));
                }
                if self.finds_nothing {
                    self.must_hold(&value)?;
                }
                self.narrow(frame, test)?;
            }
            Stmt::Delete(targets) => {
                for &target in facts.expr_list(targets) {
                    self.delete(frame, target)?;
                }
            }
            Stmt::Pass | Stmt::Broken => {}
            Stmt::Break => return Ok(Flow::Break),
            Stmt::Continue => return Ok(Flow::Continue),
            Stmt::Import(aliases) => {
                self.import(frame, aliases)?;
                self.stop_after(frame, id)?;
            }
            Stmt::ImportFrom {
                module,
                level,
                aliases,
            } => {
                self.import_from(frame, module, level, aliases)?;
                self.stop_after(frame, id)?;
            }
            Stmt::If {
                test,
                body,
                otherwise,
            } => {
                if let Some(branch) = frame.branch_to_go_on([body, otherwise]) {
                    return self.exec_body(frame, branch);
                }
                let value = self.eval(frame, test)?;
                if let (Value::Native(Native::op_type_checking), Scope::Module(module)) =
                    (&value, &frame.scope)
                {
                    self.for_types.push((*module, frame.unit, body));
                }
                let decided = if self.visits_all_branches(frame) {
                    None
                } else {
                    self.truth(&value)?
                };
                match decided {
                    Some(true) => return self.exec_body(frame, body),
                    Some(false) => return self.exec_body(frame, otherwise),
                    None if matches!(value, Value::Claim(_)) => {
                        return self.exec_claimed(frame, &value, body, otherwise);
                    }
                    None => {
                        return self.exec_either(
                            frame,
                            |machine, frame| machine.exec_body(frame, body),
                            |machine, frame| machine.exec_body(frame, otherwise),
                        );
                    }
                }
            }
            Stmt::For {
                target,
                iterable,
                body,
                otherwise,
            } => return self.exec_for(frame, target, iterable, body, otherwise),
            Stmt::While {
                test,
                body,
                otherwise,
            } => return self.exec_while(frame, test, body, otherwise),
            Stmt::With { items, body } => {
                return self.exec_with(frame, items.range(), body);
            }
            Stmt::Try {
                body,
                handlers,
                tail,
                otherwise_len,
            } => {
                let otherwise = Span {
                    start: tail.start,
                    len: otherwise_len,
                };
                let finally = Span {
                    start: tail.start + otherwise_len,
                    len: tail.len - otherwise_len,
                };
                return self.exec_try(frame, body, handlers, otherwise, finally);
            }
            Stmt::Match { subject, cases } => return self.exec_match(frame, subject, cases),
            Stmt::FunctionDef(function) => {
                let (name, value) = self.define_function(frame, function)?;
                self.bind_name(frame, name, value);
            }
            Stmt::ClassDef(class) => {
                let (name, value) = self.define_class(frame, class)?;
                self.bind_name(frame, name, value);
            }
        }
        Ok(Flow::Normal)
    }

    pub(super) fn raise(
        &mut self,
        frame: &mut Frame<'w>,
        id: StmtId,
        exception: Option<ExprId>,
    ) -> Raise {
        let place = CodePlace {
            module: frame.unit.id,
            line: frame.unit.facts.stmt_line(id),
        };
        let Some(exception) = exception else {
            return match frame.handled.pop() {
                Some(raised) => Raise::Exception(Box::new(raised)),
                None => Raise::Exception(Box::new(Raised {
                    exception: Value::Unknown(Reason::Raised),
                    place,
                })),
            };
        };
        let mut value = match self.eval(frame, exception) {
            Ok(value) => value,
            Err(raise) => return raise,
        };
        self.set_line(place.line);
        if self.is_class(&value) {
            value = match self.call(&value, Default::default()) {
                Ok(value) => value,
                Err(raise) => return raise,
            };
        }
        if self.is_assertion_error(&value) {
            self.log.asserts += 1;
        }
        // An exception that comes from a helper is raised where the statement stands; one that was caught keeps its origin.
        if let Value::Union(values) = &value {
            let mut caught = Vec::new();
            for one in values.clone().iter() {
                if let Value::Object(object) = one
                    && let Some(place) = self.origin(*object)
                {
                    let exception = one.clone();
                    caught.push(Raised { exception, place });
                }
            }
            if let Some(last) = caught.pop() {
                for other in caught {
                    self.may_raise(other);
                }
                return Raise::Exception(Box::new(last));
            }
        }
        let place = match &value {
            Value::Object(object) => self.origin(*object).unwrap_or(place),
            _ => place,
        };
        Raise::Exception(Box::new(Raised {
            exception: value,
            place,
        }))
    }

    /// What a handler may do does not depend on what the process has done before: state that looks known is not.
    pub(super) fn visits_all_branches(&self, frame: &Frame<'w>) -> bool {
        self.visited.is_some() && frame.unit.kind != ModuleKind::Model
    }

    // ---- branches -------------------------------------------------------------------------------------------------

    pub fn save_locals(&self, frame: &Frame<'w>) -> Saved {
        Saved(match &frame.locals {
            Locals::Own(values) if !values.is_empty() => Some(values.clone()),
            Locals::Shared(object) => match self.heap.get(*object) {
                Object::Frame(shared) => Some(shared.values.clone()),
                _ => None,
            },
            Locals::Own(_) => None,
        })
    }

    pub(super) fn swap_locals(&mut self, frame: &mut Frame<'w>, values: Saved) -> Saved {
        let Saved(Some(values)) = values else {
            return values;
        };
        Saved(Some(match &mut frame.locals {
            Locals::Own(own) => std::mem::replace(own, values),
            Locals::Shared(object) => match self.heap.get_mut(*object) {
                Object::Frame(shared) => std::mem::replace(&mut shared.values, values),
                _ => values,
            },
        }))
    }

    pub(super) fn join_locals(&mut self, frame: &mut Frame<'w>, other: Saved) {
        let Saved(Some(other)) = other else { return };
        let join = |own: &mut Vec<Value>| {
            for (mine, theirs) in own.iter_mut().zip(other) {
                if *mine != theirs {
                    *mine = std::mem::replace(mine, Value::Unbound).or(theirs);
                }
            }
        };
        match &mut frame.locals {
            Locals::Own(own) => join(own),
            Locals::Shared(object) => {
                if let Object::Frame(shared) = self.heap.get_mut(*object) {
                    join(&mut shared.values);
                }
            }
        }
    }

    /// Runs both, as if a condition that is not known chose between them.
    pub fn exec_either(
        &mut self,
        frame: &mut Frame<'w>,
        first: impl FnOnce(&mut Self, &mut Frame<'w>) -> Done,
        second: impl FnOnce(&mut Self, &mut Frame<'w>) -> Done,
    ) -> Done {
        let before = self.save_locals(frame);
        let mark = self.enter_undecided();
        let one = first(self, frame);
        let after_one = self.swap_locals(frame, before);
        let two = second(self, frame);
        self.leave_undecided(mark);
        if let Err(Raise::Exhausted) = one {
            return one;
        }
        if let Err(Raise::Exhausted) = two {
            return two;
        }
        let alive = |done: &Done| matches!(done, Ok(Flow::Normal));
        match (alive(&one), alive(&two)) {
            (true, true) => {
                self.join_locals(frame, after_one);
                Ok(Flow::Normal)
            }
            (true, false) => {
                if matches!(two, Ok(Flow::Break | Flow::Continue)) {
                    self.join_locals(frame, after_one);
                } else {
                    self.swap_locals(frame, after_one);
                }
                self.note_left(frame, two);
                Ok(Flow::Normal)
            }
            (false, true) => {
                if matches!(one, Ok(Flow::Break | Flow::Continue)) {
                    self.join_locals(frame, after_one);
                }
                self.note_left(frame, one);
                Ok(Flow::Normal)
            }
            (false, false) => {
                if matches!(one, Ok(Flow::Break | Flow::Continue))
                    || matches!(two, Ok(Flow::Break | Flow::Continue))
                {
                    self.join_locals(frame, after_one);
                }
                match (one, two) {
                    (Err(Raise::Exception(raised)), Err(other)) => {
                        self.may_raise(*raised);
                        Err(other)
                    }
                    (Err(Raise::Exception(raised)), other)
                    | (other, Err(Raise::Exception(raised))) => {
                        self.may_raise(*raised);
                        other
                    }
                    (Ok(Flow::Break), _) | (_, Ok(Flow::Break)) => Ok(Flow::Break),
                    (Ok(Flow::Continue), _) | (_, Ok(Flow::Continue)) => Ok(Flow::Continue),
                    (_, other) => other,
                }
            }
        }
    }

    /// A branch that may have been taken has left.
    pub(super) fn note_left(&mut self, frame: &mut Frame<'w>, done: Done) {
        match done {
            Err(Raise::Exception(raised)) => self.may_raise(*raised),
            Ok(Flow::Break) => frame.may_have_left = true,
            Ok(_) | Err(Raise::Exhausted) => {}
        }
    }

    // ---- loops ----------------------------------------------------------------------------------------------------

    pub(super) fn exec_for(
        &mut self,
        frame: &mut Frame<'w>,
        target: ExprId,
        iterable: ExprId,
        body: Span,
        otherwise: Span,
    ) -> Done {
        let iterable = self.eval(frame, iterable)?;
        let list = self.elements(&iterable)?;
        let (is_open, sure) = (list.is_open, list.sure());
        let outer = std::mem::replace(&mut frame.may_have_left, false);
        let mut result = Ok(Flow::Normal);
        let mut left = false;
        for (position, item) in list.items.into_iter().take(MOST_TURNS).enumerate() {
            let is_doubtful = position >= sure && !frame.may_have_left;
            let done = if frame.may_have_left || is_doubtful {
                self.doubted += usize::from(is_doubtful);
                let done = self.exec_either(
                    frame,
                    |machine, frame| {
                        machine.assign(frame, target, item)?;
                        machine.exec_body(frame, body)
                    },
                    |_, _| Ok(Flow::Normal),
                );
                self.doubted -= usize::from(is_doubtful);
                done
            } else {
                self.assign(frame, target, item)?;
                self.exec_body(frame, body)
            };
            match done {
                Ok(Flow::Normal | Flow::Continue) => {}
                Ok(Flow::Break) => {
                    left = true;
                    break;
                }
                other => {
                    result = other;
                    left = true;
                    break;
                }
            }
        }
        if is_open && !left {
            let before = self.save_locals(frame);
            let unknown = self.unknown_item(&iterable);
            let done = self.exec_either(
                frame,
                |machine, frame| {
                    machine.assign(frame, target, unknown)?;
                    machine.exec_body(frame, body)
                },
                |_, _| Ok(Flow::Normal),
            )?;
            self.forget_changed(frame, before, |value| {
                matches!(value, Value::Int(_) | Value::Float(_))
            });
            if done == Flow::Return {
                result = Ok(Flow::Return);
                left = true;
            }
        }
        let may_have_left = std::mem::replace(&mut frame.may_have_left, outer);
        match result {
            Ok(Flow::Normal) if !left => self.exec_otherwise(frame, otherwise, may_have_left),
            other => other,
        }
    }

    /// What a loop does that no `break` has left.
    fn exec_otherwise(
        &mut self,
        frame: &mut Frame<'w>,
        otherwise: Span,
        may_have_left: bool,
    ) -> Done {
        if !may_have_left {
            return self.exec_body(frame, otherwise);
        }
        self.exec_either(
            frame,
            |machine, frame| machine.exec_body(frame, otherwise),
            |_, _| Ok(Flow::Normal),
        )
    }

    pub(super) fn exec_while(
        &mut self,
        frame: &mut Frame<'w>,
        test: ExprId,
        body: Span,
        otherwise: Span,
    ) -> Done {
        const MOST: usize = 24;
        let outer = std::mem::replace(&mut frame.may_have_left, false);
        let mut before = Saved(None);
        let is_number = |value: &Value| matches!(value, Value::Int(_) | Value::Float(_));
        for _ in 0..MOST {
            let value = self.eval(frame, test)?;
            match self.truth(&value)? {
                Some(false) => {
                    let may_have_left = std::mem::replace(&mut frame.may_have_left, outer);
                    return self.exec_otherwise(frame, otherwise, may_have_left);
                }
                Some(true) if !frame.may_have_left => {
                    before = self.save_locals(frame);
                    match self.exec_body(frame, body)? {
                        Flow::Normal | Flow::Continue => {}
                        Flow::Break => {
                            frame.may_have_left = outer;
                            return Ok(Flow::Normal);
                        }
                        Flow::Return => {
                            frame.may_have_left = outer;
                            return Ok(Flow::Return);
                        }
                    }
                }
                // It may have been left, or goes on.
                Some(true) => {
                    self.forget_changed(frame, before, is_number);
                    frame.may_have_left = outer;
                    return Ok(Flow::Normal);
                }
                None => {
                    let before = self.save_locals(frame);
                    let done = self.exec_either(
                        frame,
                        |machine, frame| machine.exec_body(frame, body),
                        |_, _| Ok(Flow::Normal),
                    )?;
                    self.forget_changed(frame, before, is_number);
                    frame.may_have_left = outer;
                    return Ok(if done == Flow::Return {
                        Flow::Return
                    } else {
                        Flow::Normal
                    });
                }
            }
        }
        self.forget_changed(frame, before, |_| true);
        frame.may_have_left = outer;
        Ok(Flow::Normal)
    }

    /// What a loop counts goes on being counted behind its last turn that is run here.
    fn forget_changed(&mut self, frame: &mut Frame<'w>, before: Saved, counts: fn(&Value) -> bool) {
        let Saved(Some(before)) = before else { return };
        for (slot, value) in before.iter().enumerate() {
            let now = self.local(frame, slot);
            if now != *value && counts(value) && !matches!(now, Value::Object(_)) {
                self.set_local(frame, slot, Value::Unknown(Reason::Bound));
            }
        }
    }
}

pub(super) fn exception_of(raise: Raise) -> Result<Option<Raised>, Raise> {
    match raise {
        Raise::Exception(raised) => Ok(Some(*raised)),
        Raise::Exhausted => Err(Raise::Exhausted),
    }
}
