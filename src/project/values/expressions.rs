//! Expressions: from the lowered program to abstract values.
//!
//! `f"{settings.PREFIX}/items/{item.id}"` becomes the text of the setting, `/items/`, and a hole.

use std::sync::Arc;

use crate::facts::program::{
    Argument, ArgumentKind, BinaryOperator, Clause, CompareOperator, Expr, ExprId, NameId, Piece,
    Span, UnaryOperator,
};
use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::{DictObject, ListKind, ListObject, Object};
use crate::project::values::machine::{Eval, Frame, Locals, Machine, Raise, Scope};
use crate::project::values::natives::Native;
use crate::project::values::numbers::Float;
use crate::project::values::value::{Claim, HOLE_TEXT, LONGEST_TEXT, Reason, Value};

impl<'w> Machine<'w> {
    pub fn eval(&mut self, frame: &mut Frame<'w>, id: ExprId) -> Eval {
        let unit = frame.unit;
        let facts = &unit.facts;
        Ok(match facts.expr(id) {
            Expr::None => Value::None,
            Expr::True => Value::Bool(true),
            Expr::False => Value::Bool(false),
            Expr::Ellipsis => Value::Ellipsis,
            Expr::Int(number) => Value::Int(number),
            Expr::Float(bits) => Value::Float(Float::of_bits(bits)),
            Expr::Number | Expr::Broken => Value::Unknown(Reason::Construct),
            Expr::Text(text) | Expr::Bytes(text) => {
                Value::Text(unit.texts[text.0 as usize].clone())
            }
            Expr::FString(pieces) => self.eval_fstring(frame, pieces)?,
            Expr::Local(slot) => {
                let value = self.local(frame, slot as usize);
                if value == Value::Unbound {
                    // A comprehension's name at class or module level, or a name that no walked path binds.
                    let name = facts
                        .function(frame.function)
                        .locals
                        .get(slot as usize)
                        .copied();
                    return Ok(match name.and_then(|name| self.find_outside(frame, name)) {
                        Some(value) => value,
                        None => Value::Unknown(Reason::Runtime),
                    });
                }
                value
            }
            Expr::Name(name) => self.name(frame, name)?,
            Expr::Attribute { object, name } => {
                self.step()?;
                let object = self.eval(frame, object)?;
                self.set_line(facts.expr_line(id));
                self.attribute(&object, unit.symbol(name))?
            }
            Expr::Subscript { object, index } => {
                self.step()?;
                let object = self.eval(frame, object)?;
                if let Expr::Slice(parts) = facts.expr(index) {
                    let parts = Span {
                        start: parts,
                        len: 3,
                    };
                    let mut bounds = Vec::with_capacity(3);
                    for &part in facts.expr_list(parts) {
                        bounds.push(self.eval(frame, part)?);
                    }
                    return self.slice(&object, &bounds);
                }
                let index = self.eval(frame, index)?;
                self.item(&object, &index)?
            }
            Expr::Slice(_) => Value::Unknown(Reason::Construct),
            Expr::Call {
                function,
                arguments,
            } => {
                self.step()?;
                return self.eval_call(frame, id, function, arguments, false);
            }
            Expr::Tuple(list) => {
                let list = self.eval_list(frame, list)?;
                if list.is_exact() {
                    Value::tuple(list.items)
                } else {
                    self.add_list(list)
                }
            }
            Expr::List(list) => {
                let list = self.eval_list(frame, list)?;
                self.add_list(list)
            }
            Expr::Set(list) => {
                let mut list = self.eval_list(frame, list)?;
                list.kind = ListKind::Set;
                for item in list.items.clone() {
                    self.hashed(&item)?;
                }
                self.add_list(list)
            }
            Expr::Dict(list) => self.eval_dict(frame, list)?,
            Expr::ListComp { element, clauses } => {
                self.eval_comprehension(frame, element, clauses, ListKind::List)?
            }
            Expr::SetComp { element, clauses } => {
                self.eval_comprehension(frame, element, clauses, ListKind::Set)?
            }
            Expr::Generator { element, clauses } => {
                self.eval_comprehension(frame, element, clauses, ListKind::Iterator)?
            }
            Expr::DictComp { pair, clauses } => {
                let [key, value] = facts.expr_list(Span {
                    start: pair,
                    len: 2,
                }) else {
                    return Ok(Value::Unknown(Reason::Construct));
                };
                let (key, value) = (*key, *value);
                let mut dict = DictObject::default();
                let mut open = false;
                let undecided = self.undecided;
                self.each(
                    frame,
                    facts.clauses[clauses.range()].to_vec(),
                    &mut open,
                    &mut |machine, frame| {
                        let key = machine.eval(frame, key)?;
                        let value = machine.eval(frame, value)?;
                        let known = dict.items.len();
                        machine.dict_put(&mut dict, key, value);
                        if machine.undecided > undecided {
                            dict.doubtful += dict.items.len() - known;
                        }
                        Ok(())
                    },
                )?;
                dict.is_open |= open;
                Value::Object(self.heap.add(Object::Dict(dict)))
            }
            Expr::Lambda(function) => self.make_function(frame, function)?,
            Expr::Unary { operator, operand } => {
                let value = self.eval(frame, operand)?;
                match operator {
                    UnaryOperator::Not => match self.truth(&value)? {
                        Some(truth) => Value::Bool(!truth),
                        None => match value {
                            // `assert not response.is_success`
                            Value::Claim(claim) if !claim.otherwise.is_empty() => {
                                Value::Claim(Arc::new(Claim {
                                    request: claim.request,
                                    ranges: claim.otherwise.clone(),
                                    otherwise: claim.ranges.clone(),
                                    texts: Vec::new(),
                                }))
                            }
                            _ => Value::Unknown(Reason::Runtime),
                        },
                    },
                    UnaryOperator::Minus => match value {
                        Value::Int(number) => Value::Int(number.wrapping_neg()),
                        Value::Float(number) => Value::Float(Float::new(-number.get())),
                        Value::Bool(truth) => Value::Int(-i64::from(truth)),
                        value => self
                            .special(&value, Symbol::NEG, Vec::new())?
                            .unwrap_or(Value::Unknown(Reason::Runtime)),
                    },
                    UnaryOperator::Plus | UnaryOperator::Invert => value,
                }
            }
            Expr::Binary {
                operator,
                left,
                right,
            } => {
                let left = self.eval(frame, left)?;
                let right = self.eval(frame, right)?;
                self.binary(operator, &left, &right)?
            }
            Expr::And(list) => self.eval_logic(frame, list, false)?,
            Expr::Or(list) => self.eval_logic(frame, list, true)?,
            Expr::Compare {
                operator,
                left,
                right,
            } => {
                let left = self.eval(frame, left)?;
                let right = self.eval(frame, right)?;
                self.compare(operator, &left, &right)?
            }
            Expr::IfElse { parts } => {
                let [test, yes, no] = facts.expr_list(Span {
                    start: parts,
                    len: 3,
                }) else {
                    return Ok(Value::Unknown(Reason::Construct));
                };
                let test = self.eval(frame, *test)?;
                match self.truth(&test)? {
                    Some(true) => self.eval(frame, *yes)?,
                    Some(false) => self.eval(frame, *no)?,
                    None => {
                        let mark = self.enter_undecided();
                        let yes = self.eval(frame, *yes);
                        let no = self.eval(frame, *no);
                        self.leave_undecided(mark);
                        match (yes, no) {
                            (Ok(yes), Ok(no)) => yes.or(no),
                            (Ok(value), Err(Raise::Exception(raised)))
                            | (Err(Raise::Exception(raised)), Ok(value)) => {
                                self.may_raise(*raised);
                                value
                            }
                            (Err(raise), _) | (_, Err(raise)) => return Err(raise),
                        }
                    }
                }
            }
            Expr::Await(inner) => {
                let noted = self.log.blocking.len();
                let value = self.eval(frame, inner)?;
                if self.notes_blocking {
                    self.forget_awaited(&value, noted);
                }
                self.awaited(value)?
            }
            Expr::Yield(inner) => {
                let value = self.eval(frame, inner)?;
                frame.yielded.push(value.clone());
                self.give(frame, value);
                self.suspend(frame);
                Value::Unknown(Reason::Runtime)
            }
            Expr::YieldFrom(inner) => {
                let value = self.eval(frame, inner)?;
                let (items, _) = self.iterate(&value)?;
                frame.yielded.extend(items);
                Value::Unknown(Reason::Runtime)
            }
            Expr::Walrus { target, value } => {
                let value = self.eval(frame, value)?;
                self.assign(frame, target, value.clone())?;
                value
            }
            Expr::Starred(inner) | Expr::DoubleStarred(inner) => self.eval(frame, inner)?,
        })
    }

    pub fn local(&self, frame: &Frame<'w>, slot: usize) -> Value {
        match &frame.locals {
            Locals::Own(values) => values.get(slot).cloned().unwrap_or(Value::Unbound),
            Locals::Shared(object) => match self.heap.get(*object) {
                Object::Frame(shared) => shared.values.get(slot).cloned().unwrap_or(Value::Unbound),
                _ => Value::Unbound,
            },
        }
    }

    fn name(&mut self, frame: &mut Frame<'w>, name: NameId) -> Eval {
        if let Scope::Class { names, .. } = &frame.scope
            && let Some(value) = names.get(frame.unit.symbol(name))
        {
            return Ok(value.clone());
        }
        match self.find_outside(frame, name) {
            Some(value) => Ok(value),
            None if self.is_unbound(frame, name) => {
                let says = format!("name '{}' is not defined", frame.unit.facts.name(name));
                Err(self.error("NameError", &says))
            }
            None => Ok(Value::Unknown(Reason::Import)),
        }
    }

    /// A name of an enclosing function, the module or the builtins.
    fn find_outside(&mut self, frame: &Frame<'w>, name: NameId) -> Option<Value> {
        let mut closure = frame.closure;
        while let Some(object) = closure {
            let Object::Frame(shared) = self.heap.get(object) else {
                break;
            };
            let locals = &frame.unit.facts.function(shared.function).locals;
            if let Some(slot) = locals.iter().position(|local| *local == name)
                && shared.values[slot] != Value::Unbound
            {
                return Some(shared.values[slot].clone());
            }
            closure = shared.closure;
        }
        let symbol = frame.unit.symbol(name);
        if let Some(module) = self.module_object(frame.unit.id)
            && let Object::Module(object) = self.heap.get(module)
            && let Some(value) = object.names.get(&symbol)
        {
            return Some(value.clone());
        }
        self.builtin(symbol)
    }

    fn eval_list(&mut self, frame: &mut Frame<'w>, list: Span) -> Result<ListObject, Raise> {
        let facts = &frame.unit.facts;
        let mut all = ListObject {
            items: Vec::with_capacity(list.len as usize),
            ..ListObject::default()
        };
        for &item in facts.expr_list(list) {
            if let Expr::Starred(inner) = facts.expr(item) {
                let value = self.eval(frame, inner)?;
                let more = self.elements(&value)?;
                all.extend(more);
            } else {
                all.items.push(self.eval(frame, item)?);
            }
        }
        Ok(all)
    }

    fn eval_dict(&mut self, frame: &mut Frame<'w>, list: Span) -> Eval {
        let facts = &frame.unit.facts;
        let mut dict = DictObject::default();
        for pair in facts.expr_list(list).chunks(2) {
            let [key, value] = pair else { continue };
            if let Expr::DoubleStarred(inner) = facts.expr(*key) {
                let other = self.eval(frame, inner)?;
                self.dict_merge(&mut dict, &other);
            } else {
                let key = self.eval(frame, *key)?;
                let value = self.eval(frame, *value)?;
                self.hashed(&key)?;
                self.dict_put(&mut dict, key, value);
            }
        }
        Ok(Value::Object(self.heap.add(Object::Dict(dict))))
    }

    fn eval_fstring(&mut self, frame: &mut Frame<'w>, pieces: Span) -> Eval {
        let unit = frame.unit;
        let mut texts = vec![String::new()];
        for piece in &unit.facts.pieces[pieces.range()] {
            match *piece {
                Piece::Text(text) => texts
                    .iter_mut()
                    .for_each(|all| all.push_str(&unit.texts[text.0 as usize])),
                Piece::Value {
                    value,
                    conversion,
                    specification,
                } => {
                    let value = self.eval(frame, value)?;
                    let specification = match specification.len {
                        0 => Value::text(""),
                        _ => self.eval_fstring(frame, specification)?,
                    };
                    let parts = match specification.literal() {
                        Some(specification) => self.formats(&value, conversion, specification)?,
                        None => vec![HOLE_TEXT.to_string()],
                    };
                    texts = cross(texts, &parts);
                }
            }
        }
        Ok(alternatives(texts))
    }

    /// `a and b`, `a or b`: the operand that decides, or all that may.
    fn eval_logic(&mut self, frame: &mut Frame<'w>, list: Span, decides: bool) -> Eval {
        let facts = &frame.unit.facts;
        let mut result = Value::Unbound;
        let operands = facts.expr_list(list);
        let mut claims: Vec<Value> = Vec::new();
        let mut mark = None;
        for (position, &operand) in operands.iter().enumerate() {
            let value = match self.eval(frame, operand) {
                Ok(value) => value,
                Err(Raise::Exception(raised)) if mark.is_some() => {
                    self.may_raise(*raised);
                    break;
                }
                Err(raise) => {
                    if let Some(mark) = mark {
                        self.leave_undecided(mark);
                    }
                    return Err(raise);
                }
            };
            if matches!(value, Value::Claim(_)) {
                claims.push(value.clone());
            }
            let last = position + 1 == operands.len();
            match self.truth(&value)? {
                Some(truth) if truth == decides => {
                    result = result.or(value);
                    break;
                }
                Some(_) if !last => {}
                Some(_) => result = result.or(value),
                None => {
                    // Only the truthy part of the left operand is left of `a or b`.
                    let kept = if decides && !last {
                        self.truthy_part(&value)
                    } else {
                        value
                    };
                    result = result.or(kept);
                    if !last && mark.is_none() {
                        mark = Some(self.enter_undecided());
                    }
                }
            }
        }
        if let Some(mark) = mark {
            self.leave_undecided(mark);
        }
        if !claims.is_empty() {
            return Ok(self.combine_claims(claims, decides, operands.len()));
        }
        Ok(if result == Value::Unbound {
            Value::Unknown(Reason::Runtime)
        } else {
            result
        })
    }

    fn eval_comprehension(
        &mut self,
        frame: &mut Frame<'w>,
        element: ExprId,
        clauses: Span,
        kind: ListKind,
    ) -> Eval {
        let clauses: Vec<Clause> = frame.unit.facts.clauses[clauses.range()].to_vec();
        let mut list = ListObject {
            kind,
            ..ListObject::default()
        };
        let mut is_open = false;
        let undecided = self.undecided;
        self.each(frame, clauses, &mut is_open, &mut |machine, frame| {
            list.items.push(machine.eval(frame, element)?);
            list.doubtful += usize::from(machine.undecided > undecided);
            Ok(())
        })?;
        list.is_open = is_open;
        Ok(self.add_list(list))
    }

    /// Runs `work` for each element that the clauses let through, undecided where it may not be; `is_open` when there may be others.
    fn each(
        &mut self,
        frame: &mut Frame<'w>,
        mut clauses: Vec<Clause>,
        is_open: &mut bool,
        work: &mut dyn FnMut(&mut Self, &mut Frame<'w>) -> Result<(), Raise>,
    ) -> Result<(), Raise> {
        if clauses.is_empty() {
            return work(self, frame);
        }
        let rest = clauses.split_off(1);
        let clause = clauses[0];
        let iterable = self.eval(frame, clause.iterable)?;
        let list = self.elements(&iterable)?;
        let sure = list.sure();
        let mut items = list.items;
        items.truncate(crate::project::values::machine::MOST_TURNS);
        if list.is_open {
            *is_open = true;
            items.push(self.unknown_item(&iterable));
        }
        for (position, item) in items.into_iter().enumerate() {
            self.step()?;
            self.assign(frame, clause.target, item)?;
            let mut passes = Some(true);
            for &condition in frame.unit.facts.expr_list(clause.conditions) {
                let value = self.eval(frame, condition)?;
                passes = match (passes, self.truth(&value)?) {
                    (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    (Some(false), _) => Some(false),
                    _ => None,
                };
                if passes == Some(false) {
                    break;
                }
            }
            // Of an element that there may not be, nothing is certain.
            match passes.filter(|passes| !passes || position < sure) {
                Some(true) => self.each(frame, rest.clone(), is_open, work)?,
                Some(false) => {}
                None => {
                    let mark = self.enter_undecided();
                    let done = self.each(frame, rest.clone(), is_open, work);
                    self.leave_undecided(mark);
                    match done {
                        Err(Raise::Exception(raised)) => self.may_raise(*raised),
                        other => other?,
                    }
                }
            }
        }
        Ok(())
    }

    // ---- calls ----------------------------------------------------------------------------------------------------

    fn eval_call(
        &mut self,
        frame: &mut Frame<'w>,
        id: ExprId,
        function: ExprId,
        arguments: Span,
        hands_on: bool,
    ) -> Eval {
        let unit = frame.unit;
        let line = unit.facts.expr_line(id);
        if let Expr::Attribute { object, name } = unit.facts.expr(function) {
            let receiver = self.eval(frame, object)?;
            let args = self.eval_arguments(frame, unit.facts.argument_list(arguments))?;
            self.set_line(line);
            self.is_handed_on = hands_on;
            let result = self.call_attribute(&receiver, unit.symbol(name), args);
            self.is_handed_on = false;
            return result;
        }
        let callee = self.eval(frame, function)?;
        if let Value::Native(native) = callee {
            match native {
                Native::super_ if arguments.len == 0 => return Ok(self.zero_super(frame)),
                Native::locals => return Ok(self.locals_dict(frame)),
                Native::globals => {
                    return Ok(match self.module_object(unit.id) {
                        // Whoever is given them may bind names.
                        Some(module) if matches!(frame.scope, Scope::Module(_)) => {
                            self.leave_open(module);
                            self.attribute(&Value::Object(module), Symbol::DICT)?
                        }
                        Some(module) => self.attribute(&Value::Object(module), Symbol::DICT)?,
                        None => Value::Unknown(Reason::Construct),
                    });
                }
                _ => {}
            }
        }
        let args = self.eval_arguments(frame, unit.facts.argument_list(arguments))?;
        self.set_line(line);
        self.is_handed_on = hands_on;
        let result = self.call(&callee, args);
        self.is_handed_on = false;
        result
    }

    /// The value of a `return`. A call there hands on what it gives, unless the function awaits.
    pub(super) fn eval_returned(&mut self, frame: &mut Frame<'w>, id: ExprId) -> Eval {
        let facts = &frame.unit.facts;
        let Expr::Call {
            function,
            arguments,
        } = facts.expr(id)
        else {
            return self.eval(frame, id);
        };
        self.step()?;
        let around = facts.function(frame.function);
        let hands_on = !around.is_async && !around.is_generator;
        self.eval_call(frame, id, function, arguments, hands_on)
    }

    pub fn eval_arguments(
        &mut self,
        frame: &mut Frame<'w>,
        arguments: &[Argument],
    ) -> Result<Args, Raise> {
        let mut args = Args::default();
        for argument in arguments {
            let value = self.eval(frame, argument.value)?;
            match argument.kind {
                ArgumentKind::Positional => args.positional.push(value),
                ArgumentKind::Keyword(name) => args.named.push((frame.unit.symbol(name), value)),
                ArgumentKind::Star => {
                    let list = self.elements(&value)?;
                    args.is_open |= !list.is_exact();
                    args.positional.extend(list.items);
                }
                ArgumentKind::DoubleStar => self.spread_named(&value, &mut args),
            }
        }
        Ok(args)
    }

    pub(super) fn spread_named(&mut self, value: &Value, args: &mut Args) {
        let payload = self.payload(value);
        if let Value::Object(object) = &payload
            && let Object::Dict(dict) = self.heap.get(*object)
        {
            let items = dict.items.clone();
            args.is_open |= dict.is_open || dict.doubtful > 0;
            for (key, value) in items {
                match key.literal() {
                    Some(name) => {
                        let name = self.symbol(name);
                        if !args.named.iter().any(|(known, _)| *known == name) {
                            args.named.push((name, value));
                        }
                    }
                    None => args.is_open = true,
                }
            }
        } else {
            args.is_open = true;
        }
    }

    fn zero_super(&mut self, frame: &mut Frame<'w>) -> Value {
        let Some(class) = frame.class.or_else(|| self.class_of_closure(frame.closure)) else {
            return Value::Unknown(Reason::Construct);
        };
        let receiver = if frame.unit.facts.function(frame.function).locals.is_empty() {
            Value::Unknown(Reason::Construct)
        } else {
            self.local(frame, 0)
        };
        Value::Super(std::sync::Arc::new((class, receiver)))
    }

    fn class_of_closure(
        &self,
        mut closure: Option<crate::project::values::value::ObjectId>,
    ) -> Option<crate::project::values::value::ObjectId> {
        while let Some(object) = closure {
            let Object::Frame(shared) = self.heap.get(object) else {
                return None;
            };
            if shared.class.is_some() {
                return shared.class;
            }
            closure = shared.closure;
        }
        None
    }

    fn locals_dict(&mut self, frame: &mut Frame<'w>) -> Value {
        let unit = frame.unit;
        let mut dict = DictObject::default();
        let locals = &unit.facts.function(frame.function).locals;
        for (slot, name) in locals.iter().enumerate() {
            let value = self.local(frame, slot);
            if value != Value::Unbound {
                dict.items
                    .push((Value::text(unit.facts.name(*name)), value));
            }
        }
        Value::Object(self.heap.add(Object::Dict(dict)))
    }

    pub fn add_list(&mut self, list: ListObject) -> Value {
        Value::Object(self.heap.add(Object::List(list)))
    }

    pub fn new_list(&mut self, items: Vec<Value>, is_open: bool) -> Value {
        self.add_list(ListObject {
            items,
            is_open,
            ..ListObject::default()
        })
    }

    pub fn new_dict(&mut self, items: Vec<(Value, Value)>) -> Value {
        Value::Object(self.heap.add(Object::Dict(DictObject {
            items,
            ..DictObject::default()
        })))
    }
}

/// Every text followed by every part, up to a bound.
pub fn cross(texts: Vec<String>, parts: &[String]) -> Vec<String> {
    let longest = |texts: &[String]| texts.iter().map(String::len).max().unwrap_or(0);
    if longest(&texts) + longest(parts) > LONGEST_TEXT {
        return vec![HOLE_TEXT.to_string()];
    }
    if let [part] = parts {
        return texts.into_iter().map(|text| text + part).collect();
    }
    let mut result = Vec::with_capacity(texts.len() * parts.len());
    for text in &texts {
        for part in parts {
            result.push(format!("{text}{part}"));
        }
    }
    if result.len() > crate::project::values::value::MOST_ALTERNATIVES {
        return texts.into_iter().map(|text| text + HOLE_TEXT).collect();
    }
    result
}

/// One text, or a union of texts.
pub fn alternatives(texts: Vec<String>) -> Value {
    let mut value = Value::Unbound;
    for text in texts {
        value = value.or(Value::text(&text));
    }
    value
}

/// `x += y` for lists and dicts changes the object itself.
pub fn is_in_place(operator: BinaryOperator) -> bool {
    matches!(operator, BinaryOperator::Add | BinaryOperator::BitOr)
}

/// Comparisons that only say something about identity or membership.
pub fn is_membership(operator: CompareOperator) -> bool {
    matches!(operator, CompareOperator::In | CompareOperator::NotIn)
}
