//! Arithmetic: `+`, `%` and their relatives on texts, numbers, lists and dicts, and how values are spelled as text.
//!
//! `"/items/%s" % item.id` is `/items/` and a hole.

use std::sync::Arc;

use crate::facts::program::BinaryOperator;
use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::expressions::{alternatives, cross, is_in_place};
use crate::project::values::formats;
use crate::project::values::heap::{LONGEST_LIST, ListKind, ListObject, Object};
use crate::project::values::machine::{Eval, Machine, Raise};
use crate::project::values::numbers::{self, Number};
use crate::project::values::value::{HOLE_TEXT, LONGEST_TEXT, Reason, Value};

/// A text that is repeated to more bytes than this is one hole.
const LONGEST_REPEATED: usize = 20_000;
/// Most elements of a list that is repeated.
const MOST_REPEATED: usize = 1_000;

impl<'w> Machine<'w> {
    pub fn binary(&mut self, operator: BinaryOperator, left: &Value, right: &Value) -> Eval {
        if matches!(left, Value::Union(_)) || matches!(right, Value::Union(_)) {
            let mut result = Value::Unbound;
            if left.alternatives().len() * right.alternatives().len() > 36 {
                return Ok(if operator == BinaryOperator::Add {
                    Value::hole()
                } else {
                    Value::Unknown(Reason::Bound)
                });
            }
            for one in left.alternatives() {
                for two in right.alternatives() {
                    if matches!(one, Value::None) || matches!(two, Value::None) {
                        continue;
                    }
                    let value = self.binary(operator, one, two)?;
                    result = result.or(value);
                }
            }
            return Ok(if result == Value::Unbound {
                Value::Unknown(Reason::Runtime)
            } else {
                result
            });
        }
        // `(response.status_code == 404) & (response.text == "gone")`
        if matches!(operator, BinaryOperator::BitAnd | BinaryOperator::BitOr) {
            let claims: Vec<Value> = [left, right]
                .into_iter()
                .filter(|one| matches!(one, Value::Claim(_)))
                .cloned()
                .collect();
            if !claims.is_empty() {
                return Ok(self.combine_claims(claims, operator == BinaryOperator::BitOr, 2));
            }
        }
        let (left_payload, right_payload) = (self.payload(left), self.payload(right));
        Ok(match (operator, &left_payload, &right_payload) {
            (BinaryOperator::Add, Value::Text(one), Value::Text(two)) => {
                if one.len() + two.len() > LONGEST_TEXT {
                    return Ok(Value::hole());
                }
                Value::Text(Arc::from(format!("{one}{two}")))
            }
            (BinaryOperator::Add, Value::Text(one), Value::Unknown(_) | Value::External(_)) => {
                Value::Text(Arc::from(format!("{one}{HOLE_TEXT}")))
            }
            (BinaryOperator::Add, Value::Unknown(_) | Value::External(_), Value::Text(two)) => {
                Value::Text(Arc::from(format!("{HOLE_TEXT}{two}")))
            }
            (BinaryOperator::Modulo, Value::Text(template), _) => {
                let template = template.clone();
                self.percent_format(&template, right)?
            }
            (BinaryOperator::Multiply, Value::Text(text), Value::Int(count))
            | (BinaryOperator::Multiply, Value::Int(count), Value::Text(text)) => {
                let count = usize::try_from(*count).unwrap_or(0);
                if text.len().saturating_mul(count) <= LONGEST_REPEATED {
                    Value::text(&text.repeat(count))
                } else {
                    Value::hole()
                }
            }
            (BinaryOperator::Multiply, Value::Object(list), Value::Int(count))
            | (BinaryOperator::Multiply, Value::Int(count), Value::Object(list))
                if self.heap.list(*list).is_some() =>
            {
                let once = self.heap.list(*list).cloned().unwrap_or_default();
                let count = usize::try_from(*count).unwrap_or(0);
                if once.items.len().saturating_mul(count) > MOST_REPEATED {
                    return Ok(Value::Unknown(Reason::Bound));
                }
                let mut list = ListObject::default();
                for _ in 0..count {
                    list.extend(once.clone());
                }
                list.kind = ListKind::List;
                self.add_list(list)
            }
            (BinaryOperator::BitAnd, Value::Bool(one), Value::Bool(two)) => Value::Bool(one & two),
            (BinaryOperator::BitOr, Value::Bool(one), Value::Bool(two)) => Value::Bool(one | two),
            (BinaryOperator::BitXor, Value::Bool(one), Value::Bool(two)) => Value::Bool(one ^ two),
            (
                _,
                Value::Int(_) | Value::Float(_) | Value::Bool(_),
                Value::Int(_) | Value::Float(_) | Value::Bool(_),
            ) => {
                let numbers = Number::of(&left_payload).zip(Number::of(&right_payload));
                let result = numbers.and_then(|(one, two)| numbers::arithmetic(operator, one, two));
                result.unwrap_or(Value::Unknown(Reason::Runtime))
            }
            (BinaryOperator::Add, Value::Tuple(one), Value::Tuple(two)) => {
                if one.len() + two.len() > LONGEST_LIST {
                    return Ok(Value::Unknown(Reason::Bound));
                }
                Value::tuple([&one[..], &two[..]].concat())
            }
            (BinaryOperator::Add, Value::Object(one), two) if self.heap.list(*one).is_some() => {
                let mut list = self.heap.list(*one).cloned().unwrap_or_default();
                let more = self.elements(two)?;
                list.extend(more);
                list.kind = ListKind::List;
                self.add_list(list)
            }
            (
                BinaryOperator::Subtract
                | BinaryOperator::BitAnd
                | BinaryOperator::BitOr
                | BinaryOperator::BitXor,
                Value::Object(one),
                two,
            ) if self.heap.list(*one).is_some() => {
                let list = self.heap.list(*one).cloned().unwrap_or_default();
                self.set_operation(operator, list, two)?
            }
            (BinaryOperator::BitOr, Value::Object(one), _)
                if matches!(self.heap.get(*one), Object::Dict(_)) =>
            {
                let Object::Dict(dict) = self.heap.get(*one) else {
                    return Ok(Value::Unknown(Reason::Construct));
                };
                let mut dict = dict.clone();
                self.dict_merge(&mut dict, right);
                Value::Object(self.heap.add(Object::Dict(dict)))
            }
            _ => {
                if let Some(result) = self.own_operator(operator, left, right)? {
                    return Ok(result);
                }
                if operator == BinaryOperator::BitOr
                    && (self.is_class(left) || self.is_class(right))
                {
                    // `A | None` in an annotation.
                    return Ok(left.clone().or(right.clone()));
                }
                Value::Unknown(Reason::Runtime)
            }
        })
    }

    pub(super) fn own_operator(
        &mut self,
        operator: BinaryOperator,
        left: &Value,
        right: &Value,
    ) -> Result<Option<Value>, Raise> {
        let (name, reflected) = match operator {
            BinaryOperator::Add => (Symbol::ADD, Symbol::RADD),
            BinaryOperator::Subtract => (Symbol::SUB, Symbol::RSUB),
            BinaryOperator::Multiply => (Symbol::MUL, Symbol::RMUL),
            BinaryOperator::Divide => (Symbol::TRUEDIV, Symbol::RTRUEDIV),
            BinaryOperator::BitOr => (Symbol::OR, Symbol::ROR),
            BinaryOperator::BitAnd => (Symbol::AND, Symbol::RAND),
            BinaryOperator::Modulo => (Symbol::MOD, Symbol::RMOD),
            _ => return Ok(None),
        };
        if let Value::Object(object) = left
            && let Some(instance) = self.heap.instance(*object)
            && let Some((function, _)) = self.class_attribute(instance.class, name)
        {
            let mut args = Args::default();
            args.positional.push(right.clone());
            return Ok(Some(self.call_bound(left, &function, args)?));
        }
        if let Value::Object(object) = right
            && let Some(instance) = self.heap.instance(*object)
            && let Some((function, _)) = self.class_attribute(instance.class, reflected)
        {
            let mut args = Args::default();
            args.positional.push(left.clone());
            return Ok(Some(self.call_bound(right, &function, args)?));
        }
        Ok(None)
    }

    /// `list += more` and `dict |= more`; false when the target has to be bound anew.
    pub fn extend_in_place(
        &mut self,
        operator: BinaryOperator,
        target: &Value,
        added: &Value,
    ) -> Result<bool, Raise> {
        let Value::Object(object) = target else {
            return Ok(false);
        };
        if !is_in_place(operator) {
            return Ok(false);
        }
        match self.heap.get(*object) {
            Object::List(_) => {
                self.extend_list(*object, added)?;
                Ok(true)
            }
            Object::Dict(_) => {
                self.update_dict(*object, added);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// The ways in which a value may be spelled as text, holes where it is not known.
    pub fn spellings(&mut self, value: &Value) -> Result<Vec<String>, Raise> {
        let mut texts = Vec::new();
        let several = value.alternatives().len() > 1;
        for one in value.alternatives() {
            if several && *one == Value::None {
                continue;
            }
            let text = match one {
                Value::Text(text) => text.to_string(),
                Value::Int(number) => number.to_string(),
                Value::Float(number) => number.spelled(),
                Value::Bool(true) => "True".into(),
                Value::Bool(false) => "False".into(),
                Value::None => "None".into(),
                Value::Object(object) => match self.heap.get(*object) {
                    Object::Instance(instance) => {
                        let payload = instance.payload.clone();
                        let spelled = self.special_text(one, payload)?;
                        if spelled != *one {
                            texts.extend(self.spellings(&spelled)?);
                            continue;
                        }
                        HOLE_TEXT.into()
                    }
                    _ => HOLE_TEXT.into(),
                },
                _ => HOLE_TEXT.into(),
            };
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        if texts.is_empty() {
            texts.push("None".into());
        }
        Ok(texts)
    }

    pub(super) fn percent_format(&mut self, template: &str, right: &Value) -> Eval {
        let values: Vec<Value> = match right {
            Value::Tuple(items) => items.to_vec(),
            other => vec![other.clone()],
        };
        let mut texts = vec![String::new()];
        let mut next = 0;
        let mut rest = template;
        while let Some(at) = rest.find('%') {
            texts.iter_mut().for_each(|text| text.push_str(&rest[..at]));
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('%') {
                texts.iter_mut().for_each(|text| text.push('%'));
                rest = after;
                continue;
            }
            let value = if let Some(after) = rest.strip_prefix('(') {
                let Some(end) = after.find(')') else { break };
                let key = Value::text(&after[..end]);
                rest = &after[end + 1..];
                self.item(right, &key)?
            } else {
                next += 1;
                values
                    .get(next - 1)
                    .cloned()
                    .unwrap_or(Value::Unknown(Reason::Runtime))
            };
            let (taken, found) = formats::percent(rest);
            rest = rest.get(taken..).unwrap_or("");
            let parts = match found {
                Some((conversion, specification)) => {
                    self.formats(&value, conversion, &specification)?
                }
                None => vec![HOLE_TEXT.to_string()],
            };
            texts = cross(texts, &parts);
        }
        texts.iter_mut().for_each(|text| text.push_str(rest));
        Ok(alternatives(texts))
    }
}
