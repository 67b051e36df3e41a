//! Blocks: `with`, `try` and `match`.
//!
//! `try: … except NotFound: raise HTTPException(404)` runs the handler for what the body raised, and for what a library may raise.

use super::statements::{Done, Saved, exception_of};
use crate::facts::program::{ExprId, Handler, Span};
use crate::project::values::machine::{Flow, Frame, Machine, Raise, Raised};
use crate::project::values::value::{MOST_ALTERNATIVES, ObjectId, Reason, Value};
use crate::project::world::{CodePlace, ModuleKind};

/// Most classes of exceptions that one handler runs for, one after the other.
const MOST_CLASSES: usize = 10;

impl<'w> Machine<'w> {
    pub(super) fn exec_with(
        &mut self,
        frame: &mut Frame<'w>,
        mut items: std::ops::Range<usize>,
        body: Span,
    ) -> Done {
        let Some(position) = items.next() else {
            return self.exec_body(frame, body);
        };
        let item = frame.unit.facts.with_items[position];
        let context = match frame.context_to_go_on() {
            Some(context) => context,
            None => {
                let context = self.eval(frame, item.context)?;
                let entered = self.enter_context(&context)?;
                if let Some(target) = item.target {
                    self.assign(frame, target, entered)?;
                }
                context
            }
        };
        let mark = self.pending.len();
        // `with pytest.raises(…)`: what is called in it may fail.
        let may_fail = frame.unit.kind == ModuleKind::Test && self.swallows(&context)?;
        self.tries += usize::from(may_fail);
        let done = self.exec_with(frame, items, body);
        self.tries -= usize::from(may_fail).min(self.tries);
        if frame.stays_in(&context) {
            return done;
        }
        match done {
            Err(Raise::Exception(raised)) => {
                if self.exit_context(&context, Some(&raised.exception))? == Some(true) {
                    Ok(Flow::Normal)
                } else {
                    Err(Raise::Exception(raised))
                }
            }
            other => {
                let raised: Option<Value> = self
                    .pending
                    .get(mark)
                    .map(|raised| raised.exception.clone());
                if self.exit_context(&context, None)? == Some(true)
                    || raised.is_some() && self.swallows(&context)?
                {
                    self.pending.truncate(mark);
                }
                other
            }
        }
    }

    pub(super) fn exec_try(
        &mut self,
        frame: &mut Frame<'w>,
        body: Span,
        handlers: Span,
        otherwise: Span,
        finally: Span,
    ) -> Done {
        let mark = self.pending.len();
        let before = self.save_locals(frame);
        self.tries += 1;
        let strange = self.strange_calls + self.bound_reached;
        let mut done = self.exec_body(frame, body);
        self.tries = self.tries.saturating_sub(1);
        if frame.suspension.has_stopped() {
            return done;
        }
        let mut caught: Vec<Raised> = self.pending.split_off(mark.min(self.pending.len()));
        if let Ok(Flow::Normal) = done
            && otherwise.len > 0
        {
            done = self.exec_body(frame, otherwise);
        }
        let certain = match done {
            Err(Raise::Exhausted) => return done,
            Err(Raise::Exception(raised)) => {
                caught.push(*raised);
                done = Ok(Flow::Normal);
                true
            }
            Ok(_) => false,
        };
        let handler_list = &frame.unit.facts.handlers[handlers.range()];
        let mut outcome = if certain {
            None
        } else {
            Some(done.unwrap_or(Flow::Normal))
        };
        let mut uncaught_certain = None;
        let raised_count = caught.len();
        let mut taken: Vec<(usize, Vec<Raised>)> = Vec::new();
        for (position, raised) in caught.into_iter().enumerate() {
            let is_certain = certain && position + 1 == raised_count;
            let mut open = true;
            for (number, handler) in handler_list.iter().enumerate() {
                match self.handles(frame, handler, &raised.exception)? {
                    Some(false) => continue,
                    decided => {
                        match taken.iter_mut().find(|(known, _)| *known == number) {
                            Some((_, list)) => list.push(raised.clone()),
                            None => taken.push((number, vec![raised.clone()])),
                        }
                        if decided == Some(true) {
                            open = false;
                            break;
                        }
                    }
                }
            }
            if open {
                if is_certain {
                    uncaught_certain = Some(raised);
                } else {
                    self.may_raise(raised);
                }
            }
        }
        // A handler that no known exception reaches may still be reached by one that libraries raise; one of the project's own was
        // seen if all of the project's code was that ran, and whether a name is bound is always seen.
        let is_all_seen = self.doubts_types && strange == self.strange_calls + self.bound_reached;
        for (number, handler) in handler_list.iter().enumerate() {
            let is_taken = taken.iter().any(|(known, _)| *known == number);
            if is_taken
                || certain
                || is_all_seen && self.is_for_own(frame, handler)?
                || self.is_for_names(frame, handler)?
            {
                continue;
            }
            taken.push((number, Vec::new()));
        }
        let mut taken = self.by_class(taken);
        taken.sort_by_key(|(number, _)| *number);
        // What seems certain where an application is made may be the interpreter's own imprecision.
        let is_single = handler_list.len() == 1 || self.doubts_types && taken.len() == 1;
        for (number, raised) in taken {
            let handler = handler_list[number];
            if is_single && certain && uncaught_certain.is_none() && outcome.is_none() {
                if self.observed == Some((frame.unit.id, frame.function)) && self.undecided == 0 {
                    let (module, line) = (frame.unit.id, handler.line);
                    self.log.caught.push(CodePlace { module, line });
                }
                // The only way on leads through this handler.
                outcome = Some(self.run_handler(frame, &handler, raised)?);
                continue;
            }
            let reached = outcome.is_some();
            let flow = outcome.unwrap_or(Flow::Normal);
            if !reached {
                match self.exec_either(
                    frame,
                    |machine, frame| machine.run_handler(frame, &handler, raised),
                    |_, _| Ok(Flow::Normal),
                ) {
                    Ok(done) => outcome = Some(done),
                    Err(raise) => uncaught_certain = uncaught_certain.or(exception_of(raise)?),
                }
                continue;
            }
            // The handler starts from what the body may have left undone.
            let after = self.save_locals(frame);
            self.join_saved(frame, &before);
            let mark = self.enter_undecided();
            let done = self.run_handler(frame, &handler, raised);
            self.leave_undecided(mark);
            let after_handler = self.swap_locals(frame, after);
            match done {
                Ok(Flow::Normal) => {
                    if flow == Flow::Normal {
                        self.join_locals(frame, after_handler);
                    } else {
                        self.swap_locals(frame, after_handler);
                    }
                    outcome = Some(Flow::Normal);
                }
                Ok(Flow::Return) => {}
                Ok(Flow::Break) => frame.may_have_left = true,
                Ok(Flow::Continue) => {}
                Err(Raise::Exception(raised)) => self.may_raise(*raised),
                Err(Raise::Exhausted) => return Err(Raise::Exhausted),
            }
        }
        if finally.len > 0 {
            match self.exec_body(frame, finally)? {
                Flow::Normal => {}
                left => return Ok(left),
            }
        }
        match (outcome, uncaught_certain) {
            (None, Some(raised)) => Err(Raise::Exception(Box::new(raised))),
            (Some(flow), Some(raised)) => {
                self.may_raise(raised);
                Ok(flow)
            }
            (Some(flow), None) => Ok(flow),
            (None, None) => Ok(Flow::Normal),
        }
    }

    /// A handler of several classes runs for each of them: what it does may depend on the class.
    fn by_class(&self, taken: Vec<(usize, Vec<Raised>)>) -> Vec<(usize, Vec<Raised>)> {
        let mut groups = Vec::new();
        for (number, raised) in taken {
            let mut known: Vec<(Option<ObjectId>, Vec<Raised>)> = Vec::new();
            for one in raised {
                let class = match &one.exception {
                    Value::Object(object) => {
                        self.heap.instance(*object).map(|instance| instance.class)
                    }
                    _ => None,
                };
                let is_full = known.len() >= MOST_CLASSES;
                match known.iter_mut().find(|(other, list)| {
                    (*other == class || is_full) && list.len() < MOST_ALTERNATIVES
                }) {
                    Some((_, list)) => list.push(one),
                    None => known.push((class, vec![one])),
                }
            }
            if known.is_empty() {
                known.push((None, Vec::new()));
            }
            groups.extend(known.into_iter().map(|(_, list)| (number, list)));
        }
        groups
    }

    pub(super) fn join_saved(&mut self, frame: &mut Frame<'w>, before: &Saved) {
        if let Saved(Some(values)) = before {
            self.join_locals(frame, Saved(Some(values.clone())));
        }
    }

    pub(super) fn run_handler(
        &mut self,
        frame: &mut Frame<'w>,
        handler: &Handler,
        raised: Vec<Raised>,
    ) -> Done {
        let mut made = Value::Unknown(Reason::Raised);
        if let Some(target) = handler.target {
            let mut value = None::<Value>;
            for one in &raised {
                if let Value::Object(object) = &one.exception {
                    self.raised_at(*object, one.place);
                }
                value = Some(match value {
                    Some(before) => before.or(one.exception.clone()),
                    None => one.exception.clone(),
                });
            }
            let value = match value {
                Some(value) => value,
                None => match handler.exception {
                    Some(class) => {
                        let class = self.eval(frame, class)?;
                        made = self.instance_of(&class)?;
                        // Whoever raises it again raises what came from a library.
                        if let (Value::Object(object), Some(module)) =
                            (&made, self.world.model("builtins"))
                        {
                            self.raised_at(*object, CodePlace { module, line: 0 });
                        }
                        made.clone()
                    }
                    None => Value::Unknown(Reason::Raised),
                },
            };
            self.assign(frame, target, value)?;
        }
        let depth = frame.handled.len();
        frame.handled.extend(raised.iter().rev().cloned());
        let rethrows = raised.len();
        let mut done = self.exec_body(frame, handler.body);
        // A bare `raise` re-raises each of them.
        if rethrows > 1
            && let Err(Raise::Exception(_)) = &done
            && frame.handled.len() < depth + rethrows
        {
            while frame.handled.len() > depth {
                if let Some(other) = frame.handled.pop() {
                    self.may_raise(other);
                }
            }
        }
        if raised.is_empty()
            && let Err(Raise::Exception(again)) = &done
            && (again.exception == Value::Unknown(Reason::Raised)
                || matches!(made, Value::Object(_)) && again.exception == made)
        {
            // A `raise` of an exception that only a library could have raised: nothing of the project's ends here.
            done = Ok(Flow::Return);
        }
        frame.handled.truncate(depth);
        done
    }

    /// Does the handler take this exception?
    pub(super) fn handles(
        &mut self,
        frame: &mut Frame<'w>,
        handler: &Handler,
        exception: &Value,
    ) -> Result<Option<bool>, Raise> {
        let Some(class) = handler.exception else {
            return Ok(Some(true));
        };
        let class = self.eval(frame, class)?;
        Ok(self.is_instance(exception, &class))
    }

    /// Does it handle only exceptions whose classes are the project's, or of a library whose model raises them itself?
    fn is_for_own(&mut self, frame: &mut Frame<'w>, handler: &Handler) -> Result<bool, Raise> {
        let told = self.symbol("covgap_told");
        self.is_for_all_of(frame, handler, |machine, class| {
            machine.class_attribute(class, told).is_some()
                || machine
                    .kind_of_class(class)
                    .is_some_and(|kind| kind != ModuleKind::Model)
        })
    }

    /// Is it for what Python itself raises and nobody else, as for a name that is not bound?
    fn is_for_names(&mut self, frame: &mut Frame<'w>, handler: &Handler) -> Result<bool, Raise> {
        let of_names = self.symbol("covgap_of_names");
        self.is_for_all_of(frame, handler, |machine, class| {
            machine.class_attribute(class, of_names).is_some()
        })
    }

    fn is_for_all_of(
        &mut self,
        frame: &mut Frame<'w>,
        handler: &Handler,
        is_it: impl Fn(&Self, ObjectId) -> bool,
    ) -> Result<bool, Raise> {
        let Some(class) = handler.exception else {
            return Ok(false);
        };
        let classes = match self.eval(frame, class)? {
            Value::Tuple(classes) => classes.to_vec(),
            class => vec![class],
        };
        let is_it = |class: &Value| matches!(class, Value::Object(id) if is_it(self, *id));
        Ok(classes.iter().all(is_it))
    }

    pub(super) fn exec_match(
        &mut self,
        frame: &mut Frame<'w>,
        subject: ExprId,
        cases: Span,
    ) -> Done {
        let value = self.eval(frame, subject)?;
        self.exec_cases(frame, &value, cases.range())
    }

    pub(super) fn exec_cases(
        &mut self,
        frame: &mut Frame<'w>,
        subject: &Value,
        mut cases: std::ops::Range<usize>,
    ) -> Done {
        let Some(position) = cases.next() else {
            return Ok(Flow::Normal);
        };
        let case = frame.unit.facts.cases[position];
        let mut matches = self.matches(frame, subject, case.pattern)?;
        if matches != Some(false)
            && let Some(guard) = case.guard
        {
            let value = self.eval(frame, guard)?;
            matches = match (matches, self.truth(&value)?) {
                (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
        }
        match matches {
            Some(true) => self.exec_body(frame, case.body),
            Some(false) => self.exec_cases(frame, subject, cases),
            None => {
                let rest = cases.clone();
                self.exec_either(
                    frame,
                    |machine, frame| machine.exec_body(frame, case.body),
                    |machine, frame| machine.exec_cases(frame, subject, rest),
                )
            }
        }
    }
}
