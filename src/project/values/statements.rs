//! Statements: runs a body, deciding the branches that known values decide and joining the others.
//!
//! `if settings.DEBUG: app.include_router(debug)` runs its body for sure when the setting is known to be true, not at all when
//! it is known to be false, and otherwise under a condition that every effect of the body carries.

use crate::facts::program::{Expr, ExprId, Handler, Pattern, PatternId, Span, Stmt, StmtId};
use crate::project::values::heap::{AnnotationPlace, Object};
use crate::project::values::machine::{Flow, Frame, Locals, MOST_TURNS, Machine, Raise, Raised, Scope};
use crate::project::values::value::{Reason, Value};
use crate::project::symbols::Symbol;
use crate::project::world::CodePlace;

type Done = Result<Flow, Raise>;

/// A copy of the locals, to run a second branch from the same start.
pub struct Saved(Option<Vec<Value>>);

impl<'w> Machine<'w> {
    pub fn exec_body(&mut self, frame: &mut Frame<'w>, body: Span) -> Done {
        let unit = frame.unit;
        for &statement in unit.facts.stmt_list(body) {
            match self.exec(frame, statement)? {
                Flow::Normal => {}
                left => return Ok(left),
            }
        }
        Ok(Flow::Normal)
    }

    fn exec(&mut self, frame: &mut Frame<'w>, id: StmtId) -> Done {
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
            Stmt::AugAssign { operator, target, value } => {
                let before = self.eval(frame, target)?;
                let added = self.eval(frame, value)?;
                if !self.extend_in_place(operator, &before, &added)? {
                    let after = self.binary(operator, &before, &added)?;
                    self.assign(frame, target, after)?;
                }
            }
            Stmt::AnnAssign { target, annotation, value } => {
                let value = self.eval(frame, value)?;
                self.declare(frame, target, annotation);
                self.assign(frame, target, value)?;
            }
            Stmt::Declare { target, annotation } => self.declare(frame, target, annotation),
            Stmt::Return(value) => {
                let value = match value {
                    Some(value) => self.eval(frame, value)?,
                    None => Value::None,
                };
                frame.returned = Some(match frame.returned.take() {
                    Some(before) => before.or(value),
                    None => value,
                });
                return Ok(Flow::Return);
            }
            Stmt::Raise(exception) => return Err(self.raise(frame, id, exception)),
            Stmt::Assert { test } => {
                let value = self.eval(frame, test)?;
                self.log.asserts += 1;
                self.claim(&value);
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
            Stmt::Import(aliases) => self.import(frame, aliases)?,
            Stmt::ImportFrom { module, level, aliases } => self.import_from(frame, module, level, aliases)?,
            Stmt::If { test, body, otherwise } => {
                let value = self.eval(frame, test)?;
                let decided = if self.visits_all_branches(frame) { None } else { self.truth(&value)? };
                match decided {
                    Some(true) => return self.exec_body(frame, body),
                    Some(false) => return self.exec_body(frame, otherwise),
                    None => return self.exec_either(frame, |machine, frame| machine.exec_body(frame, body), |machine, frame| machine.exec_body(frame, otherwise)),
                }
            }
            Stmt::For { target, iterable, body, otherwise } => return self.exec_for(frame, target, iterable, body, otherwise),
            Stmt::While { test, body, otherwise } => return self.exec_while(frame, test, body, otherwise),
            Stmt::With { items, body } => {
                return self.exec_with(frame, items.range(), body);
            }
            Stmt::Try { body, handlers, tail, otherwise_len } => {
                let otherwise = Span { start: tail.start, len: otherwise_len };
                let finally = Span { start: tail.start + otherwise_len, len: tail.len - otherwise_len };
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

    fn raise(&mut self, frame: &mut Frame<'w>, id: StmtId, exception: Option<ExprId>) -> Raise {
        let place = CodePlace { module: frame.unit.id, line: frame.unit.facts.stmt_line(id) };
        let Some(exception) = exception else {
            return match frame.handled.pop() {
                Some(raised) => Raise::Exception(Box::new(raised)),
                None => Raise::Exception(Box::new(Raised { exception: Value::Unknown(Reason::Raised), place })),
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
        // An exception that comes from a helper is raised where the statement stands; one that was caught keeps its origin.
        let mut place = place;
        if let Value::Object(object) = &value {
            match self.origins.get(object) {
                Some(origin) => place = *origin,
                None => {
                    self.origins.insert(*object, place);
                }
            }
        }
        Raise::Exception(Box::new(Raised { exception: value, place }))
    }

    /// What a handler may do does not depend on what the process has done before: state that looks known is not.
    fn visits_all_branches(&self, frame: &Frame<'w>) -> bool {
        self.visited.is_some() && frame.unit.kind != crate::project::world::ModuleKind::Model
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

    fn swap_locals(&mut self, frame: &mut Frame<'w>, values: Saved) -> Saved {
        let Saved(Some(values)) = values else { return values };
        Saved(Some(match &mut frame.locals {
            Locals::Own(own) => std::mem::replace(own, values),
            Locals::Shared(object) => match self.heap.get_mut(*object) {
                Object::Frame(shared) => std::mem::replace(&mut shared.values, values),
                _ => values,
            },
        }))
    }

    fn join_locals(&mut self, frame: &mut Frame<'w>, other: Saved) {
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
                if matches!(one, Ok(Flow::Break | Flow::Continue)) || matches!(two, Ok(Flow::Break | Flow::Continue)) {
                    self.join_locals(frame, after_one);
                }
                match (one, two) {
                    (Err(Raise::Exception(raised)), Err(other)) => {
                        self.may_raise(*raised);
                        Err(other)
                    }
                    (Err(Raise::Exception(raised)), other) | (other, Err(Raise::Exception(raised))) => {
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
    fn note_left(&mut self, frame: &mut Frame<'w>, done: Done) {
        match done {
            Err(Raise::Exception(raised)) => self.may_raise(*raised),
            Ok(Flow::Break) => frame.may_have_left = true,
            Ok(_) | Err(Raise::Exhausted) => {}
        }
    }

    // ---- loops ----------------------------------------------------------------------------------------------------

    fn exec_for(&mut self, frame: &mut Frame<'w>, target: ExprId, iterable: ExprId, body: Span, otherwise: Span) -> Done {
        let iterable = self.eval(frame, iterable)?;
        let (items, is_open) = self.iterate(&iterable)?;
        let outer = std::mem::replace(&mut frame.may_have_left, false);
        let mut result = Ok(Flow::Normal);
        let mut left = false;
        for item in items.into_iter().take(MOST_TURNS) {
            self.assign(frame, target, item)?;
            let done = if frame.may_have_left {
                self.exec_either(frame, |machine, frame| machine.exec_body(frame, body), |_, _| Ok(Flow::Normal))
            } else {
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
            let unknown = self.unknown_item(&iterable);
            let done = self.exec_either(
                frame,
                |machine, frame| {
                    machine.assign(frame, target, unknown)?;
                    machine.exec_body(frame, body)
                },
                |_, _| Ok(Flow::Normal),
            )?;
            if done == Flow::Return {
                result = Ok(Flow::Return);
                left = true;
            }
        }
        frame.may_have_left = outer;
        match result {
            Ok(Flow::Normal) if !left => self.exec_body(frame, otherwise),
            other => other,
        }
    }

    fn exec_while(&mut self, frame: &mut Frame<'w>, test: ExprId, body: Span, otherwise: Span) -> Done {
        const MOST: usize = 24;
        let outer = std::mem::replace(&mut frame.may_have_left, false);
        for _ in 0..MOST {
            let value = self.eval(frame, test)?;
            match self.truth(&value)? {
                Some(false) => {
                    frame.may_have_left = outer;
                    return self.exec_body(frame, otherwise);
                }
                Some(true) if !frame.may_have_left => match self.exec_body(frame, body)? {
                    Flow::Normal | Flow::Continue => {}
                    Flow::Break => {
                        frame.may_have_left = outer;
                        return Ok(Flow::Normal);
                    }
                    Flow::Return => {
                        frame.may_have_left = outer;
                        return Ok(Flow::Return);
                    }
                },
                Some(true) => break,
                None => {
                    let done = self.exec_either(frame, |machine, frame| machine.exec_body(frame, body), |_, _| Ok(Flow::Normal))?;
                    frame.may_have_left = outer;
                    return Ok(if done == Flow::Return { Flow::Return } else { Flow::Normal });
                }
            }
        }
        frame.may_have_left = outer;
        Ok(Flow::Normal)
    }

    // ---- with, try, match -----------------------------------------------------------------------------------------

    fn exec_with(&mut self, frame: &mut Frame<'w>, mut items: std::ops::Range<usize>, body: Span) -> Done {
        let Some(position) = items.next() else { return self.exec_body(frame, body) };
        let item = frame.unit.facts.with_items[position];
        let context = self.eval(frame, item.context)?;
        let entered = self.enter_context(&context)?;
        if let Some(target) = item.target {
            self.assign(frame, target, entered)?;
        }
        let mark = self.pending.len();
        let done = self.exec_with(frame, items, body);
        match done {
            Err(Raise::Exception(raised)) => {
                if self.exit_context(&context, Some(&raised.exception))? == Some(true) {
                    Ok(Flow::Normal)
                } else {
                    Err(Raise::Exception(raised))
                }
            }
            other => {
                let raised: Option<Value> = self.pending.get(mark).map(|raised| raised.exception.clone());
                if self.exit_context(&context, None)? == Some(true) || raised.is_some() && self.swallows(&context)? {
                    self.pending.truncate(mark);
                }
                other
            }
        }
    }

    fn exec_try(&mut self, frame: &mut Frame<'w>, body: Span, handlers: Span, otherwise: Span, finally: Span) -> Done {
        let mark = self.pending.len();
        let before = self.save_locals(frame);
        let mut done = self.exec_body(frame, body);
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
        let mut outcome = if certain { None } else { Some(done.unwrap_or(Flow::Normal)) };
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
        // A handler that no known exception reaches may still be reached by one that libraries raise.
        for number in 0..handler_list.len() {
            if !taken.iter().any(|(known, _)| *known == number) && !certain {
                taken.push((number, Vec::new()));
            }
        }
        taken.sort_by_key(|(number, _)| *number);
        for (number, raised) in taken {
            let handler = handler_list[number];
            if handler_list.len() == 1 && certain && uncaught_certain.is_none() && outcome.is_none() {
                // The only way on leads through this handler.
                outcome = Some(self.run_handler(frame, &handler, raised)?);
                continue;
            }
            let reached = outcome.is_some();
            let flow = outcome.unwrap_or(Flow::Normal);
            if !reached {
                match self.exec_either(frame, |machine, frame| machine.run_handler(frame, &handler, raised), |_, _| Ok(Flow::Normal)) {
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

    fn join_saved(&mut self, frame: &mut Frame<'w>, before: &Saved) {
        if let Saved(Some(values)) = before {
            self.join_locals(frame, Saved(Some(values.clone())));
        }
    }

    fn run_handler(&mut self, frame: &mut Frame<'w>, handler: &Handler, raised: Vec<Raised>) -> Done {
        if let Some(target) = handler.target {
            let mut value = None::<Value>;
            for one in &raised {
                if let Value::Object(object) = &one.exception {
                    self.origins.entry(*object).or_insert(one.place);
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
                        self.instance_of(&class)?
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
            && again.exception == Value::Unknown(Reason::Raised)
        {
            // A bare `raise` of an exception that only a library could have raised: nothing of the project's ends here.
            done = Ok(Flow::Return);
        }
        frame.handled.truncate(depth);
        done
    }

    /// Does the handler take this exception?
    fn handles(&mut self, frame: &mut Frame<'w>, handler: &Handler, exception: &Value) -> Result<Option<bool>, Raise> {
        let Some(class) = handler.exception else { return Ok(Some(true)) };
        let class = self.eval(frame, class)?;
        Ok(self.is_instance(exception, &class))
    }

    fn exec_match(&mut self, frame: &mut Frame<'w>, subject: ExprId, cases: Span) -> Done {
        let value = self.eval(frame, subject)?;
        self.exec_cases(frame, &value, cases.range())
    }

    fn exec_cases(&mut self, frame: &mut Frame<'w>, subject: &Value, mut cases: std::ops::Range<usize>) -> Done {
        let Some(position) = cases.next() else { return Ok(Flow::Normal) };
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

    fn matches(&mut self, frame: &mut Frame<'w>, subject: &Value, pattern: PatternId) -> Result<Option<bool>, Raise> {
        let facts = &frame.unit.facts;
        Ok(match facts.patterns[pattern.0 as usize] {
            Pattern::Value(value) => {
                let value = self.eval(frame, value)?;
                self.equal(subject, &value)
            }
            Pattern::Capture(None) | Pattern::Star(None) => Some(true),
            Pattern::Capture(Some(target)) | Pattern::Star(Some(target)) => {
                self.assign(frame, target, subject.clone())?;
                Some(true)
            }
            Pattern::As { pattern, target } => {
                let matches = self.matches(frame, subject, pattern)?;
                self.assign(frame, target, subject.clone())?;
                matches
            }
            Pattern::Or(list) => {
                let mut result = Some(false);
                for &one in &facts.pattern_lists[list.range()] {
                    match self.matches(frame, subject, one)? {
                        Some(true) => return Ok(Some(true)),
                        Some(false) => {}
                        None => result = None,
                    }
                }
                result
            }
            Pattern::Sequence(list) => {
                let patterns = &facts.pattern_lists[list.range()];
                let items = match subject {
                    Value::Tuple(items) => Some(items.to_vec()),
                    Value::Object(object) => self.heap.list(*object).filter(|list| !list.is_open).map(|list| list.items.clone()),
                    _ => None,
                };
                match items {
                    Some(items) if items.len() == patterns.len() => {
                        let mut result = Some(true);
                        for (item, &pattern) in items.iter().zip(patterns) {
                            match self.matches(frame, item, pattern)? {
                                Some(true) => {}
                                Some(false) => return Ok(Some(false)),
                                None => result = None,
                            }
                        }
                        result
                    }
                    Some(_) if !patterns.iter().any(|p| matches!(facts.patterns[p.0 as usize], Pattern::Star(_))) => Some(false),
                    _ => {
                        for &pattern in patterns {
                            self.matches(frame, &Value::Unknown(Reason::Runtime), pattern)?;
                        }
                        None
                    }
                }
            }
            Pattern::Mapping(list) => {
                for &pattern in &facts.pattern_lists[list.range()] {
                    self.matches(frame, &Value::Unknown(Reason::Runtime), pattern)?;
                }
                None
            }
            Pattern::Class { class, patterns } => {
                let class = self.eval(frame, class)?;
                let fits = self.is_instance(subject, &class);
                if fits != Some(false) {
                    for &pattern in &facts.pattern_lists[patterns.range()] {
                        self.matches(frame, &Value::Unknown(Reason::Runtime), pattern)?;
                    }
                }
                if fits == Some(true) && patterns.len > 0 { None } else { fits }
            }
            Pattern::Broken => None,
        })
    }

    // ---- binding --------------------------------------------------------------------------------------------------

    pub fn assign(&mut self, frame: &mut Frame<'w>, target: ExprId, value: Value) -> Result<(), Raise> {
        let facts = &frame.unit.facts;
        match facts.expr(target) {
            Expr::Local(slot) => self.set_local(frame, slot as usize, value),
            Expr::Name(name) => {
                let symbol = frame.unit.symbol(name);
                self.bind_name(frame, symbol, value);
            }
            Expr::Attribute { object, name } => {
                let object = self.eval(frame, object)?;
                let symbol = frame.unit.symbol(name);
                for one in object.alternatives() {
                    self.set_attribute(one, symbol, value.clone())?;
                }
            }
            Expr::Subscript { object, index } => {
                let object = self.eval(frame, object)?;
                let index = self.eval(frame, index)?;
                for one in object.alternatives() {
                    self.set_item(one, index.clone(), value.clone())?;
                }
            }
            Expr::Tuple(list) | Expr::List(list) => self.unpack(frame, list, &value)?,
            Expr::Starred(inner) => self.assign(frame, inner, value)?,
            _ => {}
        }
        Ok(())
    }

    fn unpack(&mut self, frame: &mut Frame<'w>, targets: Span, value: &Value) -> Result<(), Raise> {
        let facts = &frame.unit.facts;
        let targets = facts.expr_list(targets);
        let (items, is_open) = match value {
            Value::Union(_) => (Vec::new(), true),
            other => self.iterate(other)?,
        };
        let star = targets.iter().position(|&target| matches!(facts.expr(target), Expr::Starred(_)));
        if let Value::Union(alternatives) = value {
            // Several tuples: column by column.
            let mut columns = vec![Value::Unbound; targets.len()];
            for alternative in alternatives.iter() {
                let (items, _) = self.iterate(alternative)?;
                for (column, slot) in columns.iter_mut().enumerate() {
                    let item = items.get(column).cloned().unwrap_or(Value::Unknown(Reason::Runtime));
                    if items.len() == targets.len() || star.is_some() || items.is_empty() {
                        *slot = std::mem::replace(slot, Value::Unbound).or(item);
                    }
                }
            }
            for (&target, column) in targets.iter().zip(columns) {
                let column = if column == Value::Unbound { Value::Unknown(Reason::Runtime) } else { column };
                self.assign(frame, target, column)?;
            }
            return Ok(());
        }
        let unknown = self.unknown_item(value);
        match star {
            Some(star) if !is_open && items.len() + 1 >= targets.len() => {
                let after = targets.len() - star - 1;
                for (position, &target) in targets.iter().enumerate() {
                    let item = match position.cmp(&star) {
                        std::cmp::Ordering::Less => items[position].clone(),
                        std::cmp::Ordering::Equal => self.new_list(items[star..items.len() - after].to_vec(), false),
                        std::cmp::Ordering::Greater => items[items.len() - (targets.len() - position)].clone(),
                    };
                    self.assign(frame, target, item)?;
                }
            }
            _ => {
                for (position, &target) in targets.iter().enumerate() {
                    let item = items.get(position).cloned().unwrap_or_else(|| unknown.clone());
                    self.assign(frame, target, item)?;
                }
            }
        }
        Ok(())
    }

    pub fn set_local(&mut self, frame: &mut Frame<'w>, slot: usize, value: Value) {
        match &mut frame.locals {
            Locals::Own(values) => {
                if let Some(local) = values.get_mut(slot) {
                    *local = value;
                }
            }
            Locals::Shared(object) => {
                if let Object::Frame(shared) = self.heap.get_mut(*object)
                    && let Some(local) = shared.values.get_mut(slot)
                {
                    *local = value;
                }
            }
        }
    }

    /// Binds a name in the scope of the frame: a local, a class attribute, a global, or a name of an enclosing function.
    pub fn bind_name(&mut self, frame: &mut Frame<'w>, name: Symbol, value: Value) {
        let unit = frame.unit;
        match &mut frame.scope {
            Scope::Class { names, .. } => names.set(name, value),
            Scope::Module(module) => {
                let module = *module;
                self.set_global(module, name, value);
            }
            Scope::Function => {
                let function = unit.facts.function(frame.function);
                if let Some(slot) = function.locals.iter().position(|local| unit.symbol(*local) == name) {
                    self.set_local(frame, slot, value);
                    return;
                }
                let is_global = function.globals.iter().any(|global| unit.symbol(*global) == name);
                if !is_global && self.set_in_closure(frame.closure, unit, name, &value) {
                    return;
                }
                if let Some(module) = self.module_object(unit.id) {
                    self.set_global(module, name, value);
                }
            }
        }
    }

    fn set_in_closure(&mut self, mut closure: Option<crate::project::values::value::ObjectId>, unit: &crate::project::world::Unit, name: Symbol, value: &Value) -> bool {
        while let Some(object) = closure {
            let Object::Frame(shared) = self.heap.get(object) else { return false };
            closure = shared.closure;
            let locals = &unit.facts.function(shared.function).locals;
            if let Some(slot) = locals.iter().position(|local| unit.symbol(*local) == name) {
                let weak = self.is_weak(object);
                if let Object::Frame(shared) = self.heap.get_mut(object) {
                    let before = std::mem::replace(&mut shared.values[slot], Value::Unbound);
                    shared.values[slot] = if weak { before.or(value.clone()) } else { value.clone() };
                }
                return true;
            }
        }
        false
    }

    pub fn set_global(&mut self, module: crate::project::values::value::ObjectId, name: Symbol, value: Value) {
        let weak = self.is_weak(module);
        if let Object::Module(object) = self.heap.get_mut(module) {
            match object.names.get_mut(&name) {
                Some(before) if weak => *before = std::mem::replace(before, Value::Unbound).or(value),
                Some(before) => *before = value,
                None => {
                    object.names.insert(name, value);
                    object.order.push(name);
                }
            }
        }
    }

    fn declare(&mut self, frame: &mut Frame<'w>, target: ExprId, annotation: ExprId) {
        let unit = frame.unit;
        let place = AnnotationPlace { module: unit.id, expr: annotation };
        if let (Scope::Class { fields, .. }, Expr::Name(name)) = (&mut frame.scope, unit.facts.expr(target)) {
            let name = unit.symbol(name);
            if !fields.iter().any(|(known, _)| *known == name) {
                fields.push((name, place));
            }
        }
    }

    fn delete(&mut self, frame: &mut Frame<'w>, target: ExprId) -> Result<(), Raise> {
        if let Expr::Subscript { object, index } = frame.unit.facts.expr(target) {
            let object = self.eval(frame, object)?;
            let index = self.eval(frame, index)?;
            for one in object.alternatives() {
                self.delete_item(one, &index)?;
            }
        }
        Ok(())
    }

    /// `assert isinstance(x, C)` and `assert x is not None`: from here on, `x` is that.
    fn narrow(&mut self, frame: &mut Frame<'w>, test: ExprId) -> Result<(), Raise> {
        let facts = &frame.unit.facts;
        match facts.expr(test) {
            Expr::Call { function, arguments } => {
                let list = facts.argument_list(arguments);
                let [subject, class] = list else { return Ok(()) };
                let Expr::Local(slot) = facts.expr(subject.value) else { return Ok(()) };
                let Value::Native(crate::project::values::natives::Native::isinstance) = self.eval(frame, function)? else {
                    return Ok(());
                };
                if self.local(frame, slot as usize).is_opaque() {
                    let class = self.eval(frame, class.value)?;
                    let instance = self.instance_of(&class)?;
                    self.set_local(frame, slot as usize, instance);
                }
            }
            Expr::Compare { operator: crate::facts::program::CompareOperator::IsNot, left, right } => {
                if let (Expr::Local(slot), Expr::None) = (facts.expr(left), facts.expr(right))
                    && let Value::Union(values) = self.local(frame, slot as usize)
                {
                    let mut rest = Value::Unbound;
                    for value in values.iter().filter(|value| **value != Value::None) {
                        rest = rest.or(value.clone());
                    }
                    self.set_local(frame, slot as usize, rest);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn exception_of(raise: Raise) -> Result<Option<Raised>, Raise> {
    match raise {
        Raise::Exception(raised) => Ok(Some(*raised)),
        Raise::Exhausted => Err(Raise::Exhausted),
    }
}
