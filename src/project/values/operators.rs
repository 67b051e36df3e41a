//! Operators: truth, equality, comparison, arithmetic on texts and numbers, and what comparisons say about statuses.
//!
//! `response.status_code in (200, 201)` is a claim about the answer; `"/api" + path` is a text; `x == 1` of an unknown `x` is unknown.

use std::sync::Arc;

use crate::facts::program::CompareOperator;
use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::{InstanceObject, Object};
use crate::project::values::machine::{Eval, Machine, Raise};
use crate::project::values::natives::Native;
use crate::project::values::numbers::order_of_numbers;
use crate::project::values::texts::may_equal;
use crate::project::values::value::{Claim, HOLE, HOLE_TEXT, Reason, Value};

impl<'w> Machine<'w> {
    /// True, false, or not known. Calls `__bool__` and `__len__` of the project's classes.
    pub fn truth(&mut self, value: &Value) -> Result<Option<bool>, Raise> {
        Ok(match value {
            Value::None => Some(false),
            Value::Bool(truth) => Some(*truth),
            Value::Int(number) => Some(*number != 0),
            Value::Float(number) => Some(number.get() != 0.0),
            Value::Text(text) => {
                if text.is_empty() {
                    Some(false)
                } else if text.chars().all(|c| c == HOLE) {
                    None
                } else {
                    Some(true)
                }
            }
            Value::Tuple(items) => Some(!items.is_empty()),
            // Only type checkers run what it guards.
            Value::Native(Native::op_type_checking) => Some(false),
            Value::Ellipsis | Value::Method(_) | Value::Native(_) => Some(true),
            Value::Object(object) => match self.heap.get(*object) {
                Object::List(list) => list.truth(),
                Object::Dict(dict) => dict.truth(),
                Object::Instance(instance) if self.doubts_types && instance.is_expected => None,
                Object::Instance(instance) => {
                    let payload = instance.payload.clone();
                    let class = instance.class;
                    if let Some((function, _)) = self.class_attribute(class, Symbol::BOOL) {
                        let result = self.call_bound(value, &function, Args::default())?;
                        return if matches!(result, Value::Object(_)) {
                            Ok(None)
                        } else {
                            self.truth(&result)
                        };
                    }
                    if payload.is_none()
                        && let Some(length) = self.special(value, Symbol::LEN, Vec::new())?
                    {
                        return match length {
                            Value::Int(length) => Ok(Some(length != 0)),
                            _ => Ok(None),
                        };
                    }
                    match payload {
                        Some(payload) => self.truth(&payload)?,
                        None => Some(true),
                    }
                }
                _ => Some(true),
            },
            Value::Union(values) => {
                let mut result = None;
                for (position, value) in values.iter().enumerate() {
                    let one = self.truth(value)?;
                    if position == 0 {
                        result = one;
                    } else if one != result {
                        return Ok(None);
                    }
                }
                result
            }
            Value::Unbound
            | Value::Unknown(_)
            | Value::External(_)
            | Value::Status(_)
            | Value::Claim(_)
            | Value::Super(_) => None,
        })
    }

    /// What is left of a value once it is known to be truthy.
    pub fn truthy_part(&mut self, value: &Value) -> Value {
        let Value::Union(values) = value else {
            return value.clone();
        };
        let mut result = Value::Unbound;
        for one in values.iter() {
            if !matches!(one, Value::None | Value::Bool(false) | Value::Int(0)) {
                result = result.or(one.clone());
            }
        }
        if result == Value::Unbound {
            value.clone()
        } else {
            result
        }
    }

    pub fn equal(&self, left: &Value, right: &Value) -> Option<bool> {
        match (left, right) {
            (Value::Union(values), other) | (other, Value::Union(values)) => {
                let mut result = None;
                for (position, value) in values.iter().enumerate() {
                    let one = self.equal(value, other);
                    if position == 0 {
                        result = one;
                    } else if one != result {
                        return None;
                    }
                }
                result
            }
            (
                Value::Unknown(_)
                | Value::External(_)
                | Value::Unbound
                | Value::Status(_)
                | Value::Claim(_),
                _,
            )
            | (
                _,
                Value::Unknown(_)
                | Value::External(_)
                | Value::Unbound
                | Value::Status(_)
                | Value::Claim(_),
            ) => {
                if let (Value::External(left), Value::External(right)) = (left, right)
                    && left == right
                {
                    return Some(true);
                }
                None
            }
            (Value::Text(left), Value::Text(right)) => same_text(left, right),
            (
                Value::Bool(_) | Value::Int(_) | Value::Float(_),
                Value::Bool(_) | Value::Int(_) | Value::Float(_),
            ) => Some(order_of_numbers(left, right) == Some(std::cmp::Ordering::Equal)),
            (Value::Tuple(left), Value::Tuple(right)) => self.all_equal(left, right),
            (Value::Object(left), Value::Object(right)) if left == right => Some(true),
            (Value::Object(left_id), Value::Object(right_id)) => {
                match (self.heap.get(*left_id), self.heap.get(*right_id)) {
                    (Object::Instance(one), Object::Instance(two)) => {
                        match (&one.payload, &two.payload) {
                            (Some(one), Some(two)) => self.equal(one, two),
                            (None, None)
                                if one.class == two.class
                                    && self.is_enum_member(left)
                                    && self.is_enum_member(right) =>
                            {
                                Some(false)
                            }
                            // Of these models instances of one class are what their text says.
                            (None, None) if one.class == two.class => {
                                let mark = Symbol::TEXT_MARK;
                                let texts = one.attributes.get(mark).zip(two.attributes.get(mark));
                                match texts {
                                    Some((one, two)) => self.equal(one, two),
                                    None => self.equal_records(one, two),
                                }
                            }
                            _ => None,
                        }
                    }
                    (Object::List(one), Object::List(two)) if one.is_exact() && two.is_exact() => {
                        self.all_equal(&one.items, &two.items)
                    }
                    (
                        Object::Class(_) | Object::Function(_),
                        Object::Class(_) | Object::Function(_),
                    ) => Some(false),
                    (Object::Instance(one), Object::Class(_) | Object::Function(_))
                    | (Object::Class(_) | Object::Function(_), Object::Instance(one))
                        if one.payload.is_none()
                            && self.class_attribute(one.class, Symbol::EQ).is_none()
                            && !self.has_foreign_base(one.class) =>
                    {
                        Some(false)
                    }
                    _ => None,
                }
            }
            (Value::Object(object), other) | (other, Value::Object(object)) => {
                match self.heap.get(*object) {
                    Object::Instance(instance) => match &instance.payload {
                        Some(payload) => self.equal(payload, other),
                        None if *other == Value::None => Some(false),
                        None => None,
                    },
                    _ if matches!(
                        other,
                        Value::None
                            | Value::Text(_)
                            | Value::Int(_)
                            | Value::Float(_)
                            | Value::Bool(_)
                            | Value::Native(_)
                    ) =>
                    {
                        Some(false)
                    }
                    _ => None,
                }
            }
            (left, right) => Some(left == right),
        }
    }

    /// Two instances of one class whose constructor is made from its fields.
    fn equal_records(&self, one: &InstanceObject, two: &InstanceObject) -> Option<bool> {
        let is_known = |one: &InstanceObject| !one.is_opaque && !one.is_expected;
        let is_record = self.is_parsed(one.class)
            && self.class_attribute(one.class, Symbol::EQ).is_none()
            && is_known(one)
            && is_known(two);
        let (fields, others) = (one.attributes.entries(), two.attributes.entries());
        if !is_record || fields.len() != others.len() {
            return None;
        }
        let mut result = Some(true);
        for (name, value) in fields {
            match self.equal(value, two.attributes.get(*name)?) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => result = None,
            }
        }
        result
    }

    pub(super) fn all_equal(&self, left: &[Value], right: &[Value]) -> Option<bool> {
        if left.len() != right.len() {
            return Some(false);
        }
        let mut result = Some(true);
        for (one, two) in left.iter().zip(right) {
            match self.equal(one, two) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => result = None,
            }
        }
        result
    }

    pub(super) fn is_enum_member(&self, value: &Value) -> bool {
        let Value::Object(object) = value else {
            return false;
        };
        self.heap
            .instance(*object)
            .is_some_and(|instance| instance.attributes.get(Symbol::VALUE).is_some())
    }

    pub fn compare(&mut self, operator: CompareOperator, left: &Value, right: &Value) -> Eval {
        if let Some(claim) = self.claim_of(operator, left, right)? {
            return Ok(claim);
        }
        if let Some(claim) = self.answer_claim(operator, left, right) {
            return Ok(claim);
        }
        let known = |truth: Option<bool>| match truth {
            Some(truth) => Value::Bool(truth),
            None => Value::Unknown(Reason::Runtime),
        };
        let not = |truth: Option<bool>| known(truth.map(|truth| !truth));
        if let Some(result) = self.special_order(operator, left, right)? {
            return Ok(known(self.truth(&result)?));
        }
        Ok(match operator {
            CompareOperator::Equal | CompareOperator::NotEqual => {
                if let Some(result) = self.own_equality(left, right)? {
                    return Ok(known(if operator == CompareOperator::Equal {
                        result
                    } else {
                        result.map(|r| !r)
                    }));
                }
                if operator == CompareOperator::Equal {
                    known(self.equal(left, right))
                } else {
                    not(self.equal(left, right))
                }
            }
            CompareOperator::Is => known(self.identical(left, right)),
            CompareOperator::IsNot => not(self.identical(left, right)),
            CompareOperator::In => known(self.contains(right, left)?),
            CompareOperator::NotIn => not(self.contains(right, left)?),
            CompareOperator::Less => known(self.order(left, right).map(|order| order.is_lt())),
            CompareOperator::LessEqual => known(self.order(left, right).map(|order| order.is_le())),
            CompareOperator::Greater => known(self.order(left, right).map(|order| order.is_gt())),
            CompareOperator::GreaterEqual => {
                known(self.order(left, right).map(|order| order.is_ge()))
            }
        })
    }

    /// `__eq__` of a class of the project or a model.
    pub(super) fn own_equality(
        &mut self,
        left: &Value,
        right: &Value,
    ) -> Result<Option<Option<bool>>, Raise> {
        let Value::Object(object) = left else {
            return Ok(None);
        };
        let Some(instance) = self.heap.instance(*object) else {
            return Ok(None);
        };
        let class = instance.class;
        let Some((function, _)) = self.class_attribute(class, Symbol::EQ) else {
            return Ok(None);
        };
        let mut args = Args::default();
        args.positional.push(right.clone());
        let result = self.call_bound(left, &function, args)?;
        Ok(Some(self.truth(&result)?))
    }

    pub(super) fn identical(&self, left: &Value, right: &Value) -> Option<bool> {
        match (left, right) {
            (Value::Object(object), Value::None) | (Value::None, Value::Object(object))
                if self.doubts_types
                    && self
                        .heap
                        .instance(*object)
                        .is_some_and(|instance| instance.is_expected) =>
            {
                None
            }
            (Value::Object(left), Value::Object(right)) => Some(left == right),
            (
                Value::None,
                Value::Object(_)
                | Value::Text(_)
                | Value::Int(_)
                | Value::Bool(_)
                | Value::Tuple(_)
                | Value::Native(_)
                | Value::Method(_),
            )
            | (
                Value::Object(_)
                | Value::Text(_)
                | Value::Int(_)
                | Value::Bool(_)
                | Value::Tuple(_)
                | Value::Native(_)
                | Value::Method(_),
                Value::None,
            ) => Some(false),
            _ => self.equal(left, right),
        }
    }

    pub(super) fn order(&self, left: &Value, right: &Value) -> Option<std::cmp::Ordering> {
        match (left, right) {
            (
                Value::Bool(_) | Value::Int(_) | Value::Float(_),
                Value::Bool(_) | Value::Int(_) | Value::Float(_),
            ) => order_of_numbers(left, right),
            (Value::Text(left), Value::Text(right))
                if !left.contains(HOLE) && !right.contains(HOLE) =>
            {
                Some(left.cmp(right))
            }
            (Value::Tuple(left), Value::Tuple(right)) => {
                for (one, two) in left.iter().zip(right.iter()) {
                    match self.order(one, two)? {
                        std::cmp::Ordering::Equal => {}
                        other => return Some(other),
                    }
                }
                Some(left.len().cmp(&right.len()))
            }
            (Value::Object(object), other) => match self
                .heap
                .instance(*object)
                .and_then(|instance| instance.payload.clone())
            {
                Some(payload) => self.order(&payload, other),
                None => None,
            },
            (other, Value::Object(object)) => match self
                .heap
                .instance(*object)
                .and_then(|instance| instance.payload.clone())
            {
                Some(payload) => self.order(other, &payload),
                None => None,
            },
            _ => None,
        }
    }

    pub(super) fn contains(
        &mut self,
        container: &Value,
        item: &Value,
    ) -> Result<Option<bool>, Raise> {
        match container {
            Value::Text(text) => {
                return Ok(match item.literal() {
                    Some(part) if text.contains(part) => Some(true),
                    Some(_) if !text.contains(HOLE) => Some(false),
                    _ => None,
                });
            }
            Value::Union(_) | Value::Unknown(_) | Value::External(_) => return Ok(None),
            Value::Tuple(items) => return Ok(self.any_equal(&**items, item, false)),
            Value::Object(object) => match self.heap.get(*object) {
                Object::Dict(dict) => {
                    let keys = dict.items.iter().map(|(key, _)| key);
                    return Ok(self.any_equal(keys, item, dict.is_open));
                }
                Object::List(list) => {
                    return Ok(self.any_equal(&list.items, item, list.is_open));
                }
                Object::Instance(instance) => {
                    let payload = instance.payload.clone();
                    let own = self.special(container, Symbol::CONTAINS, vec![item.clone()])?;
                    return match (own, payload) {
                        (Some(result), _) => self.truth(&result),
                        (None, Some(payload)) => self.contains(&payload, item),
                        (None, None) => Ok(None),
                    };
                }
                _ => {}
            },
            _ => {}
        }
        let (items, is_open) = self.iterate(container)?;
        Ok(self.any_equal(&items, item, is_open))
    }

    pub(super) fn any_equal<'v>(
        &self,
        items: impl IntoIterator<Item = &'v Value>,
        item: &Value,
        is_open: bool,
    ) -> Option<bool> {
        let mut result = if is_open { None } else { Some(false) };
        for one in items {
            match self.equal(one, item) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => result = None,
            }
        }
        result
    }

    // ---- statuses ---------------------------------------------------------------------------------------------------

    pub(super) fn claim_of(
        &mut self,
        operator: CompareOperator,
        left: &Value,
        right: &Value,
    ) -> Eval2 {
        let (request, other, operator) = match (left, right) {
            (Value::Status(request), other) => (*request, other, operator),
            (other, Value::Status(request)) => (*request, other, mirrored(operator)),
            (Value::Claim(claim), Value::Bool(true))
                if matches!(operator, CompareOperator::Is | CompareOperator::Equal) =>
            {
                return Ok(Some(Value::Claim(claim.clone())));
            }
            // `sum(r.status_code == 429 for r in responses) == 2`, and `codes.count(429) >= 1`
            (Value::Claim(claim), Value::Int(1..))
                if matches!(
                    operator,
                    CompareOperator::Equal | CompareOperator::GreaterEqual
                ) =>
            {
                return Ok(Some(Value::Claim(claim.clone())));
            }
            (Value::Claim(claim), Value::Int(0..)) if operator == CompareOperator::Greater => {
                return Ok(Some(Value::Claim(claim.clone())));
            }
            (Value::Claim(_), _) | (_, Value::Claim(_)) => {
                return Ok(Some(Value::Unknown(Reason::Runtime)));
            }
            _ => return self.claim_of_collected(operator, left, right),
        };
        let ranges = match operator {
            CompareOperator::Equal | CompareOperator::Is => self.statuses_in(other)?,
            CompareOperator::In => {
                let (items, is_open) = self.iterate(other)?;
                let mut ranges = Vec::new();
                for item in &items {
                    ranges.extend(self.statuses_in(item)?);
                }
                if is_open { Vec::new() } else { ranges }
            }
            CompareOperator::Less => self
                .number(other)
                .map(|limit| vec![(0, limit.saturating_sub(1))])
                .unwrap_or_default(),
            CompareOperator::LessEqual => self
                .number(other)
                .map(|limit| vec![(0, limit)])
                .unwrap_or_default(),
            CompareOperator::Greater => self
                .number(other)
                .map(|limit| vec![(limit.saturating_add(1), 599)])
                .unwrap_or_default(),
            CompareOperator::GreaterEqual => self
                .number(other)
                .map(|limit| vec![(limit, 599)])
                .unwrap_or_default(),
            CompareOperator::NotEqual | CompareOperator::NotIn | CompareOperator::IsNot => {
                let otherwise = match self.statuses_in(other)? {
                    one if !one.is_empty() => one,
                    _ => {
                        let (items, is_open) = match other {
                            Value::Tuple(_) | Value::Object(_) => self.iterate(other)?,
                            _ => (Vec::new(), true),
                        };
                        let mut several = Vec::new();
                        for item in items.iter().filter(|_| !is_open) {
                            several.extend(self.statuses_in(item)?);
                        }
                        several
                    }
                };
                let ranges = failures_beside(&otherwise);
                return Ok(Some(Value::Claim(Arc::new(Claim {
                    request,
                    ranges,
                    otherwise,
                    ..Claim::default()
                }))));
            }
        };
        let otherwise = match operator {
            CompareOperator::Less | CompareOperator::LessEqual => ranges
                .first()
                .map(|(_, most)| vec![(most.saturating_add(1), 599)])
                .unwrap_or_default(),
            CompareOperator::Greater | CompareOperator::GreaterEqual => ranges
                .first()
                .map(|(least, _)| vec![(0, least.saturating_sub(1))])
                .unwrap_or_default(),
            _ => Vec::new(),
        };
        Ok(Some(Value::Claim(Arc::new(Claim {
            request,
            ranges,
            otherwise,
            texts: Vec::new(),
        }))))
    }

    pub fn number(&self, value: &Value) -> Option<u16> {
        match value {
            Value::Int(number) => u16::try_from(*number).ok(),
            Value::Object(object) => match self.heap.instance(*object)?.payload.as_ref()? {
                Value::Int(number) => u16::try_from(*number).ok(),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn statuses_in(&mut self, value: &Value) -> Result<Vec<(u16, u16)>, Raise> {
        let mut ranges = Vec::new();
        for one in value.alternatives() {
            if let Some(status) = self.number(one) {
                ranges.push((status, status));
            } else if let Value::Object(object) = one
                && let Some(instance) = self.heap.instance(*object)
                && let Some(inner) = instance.attributes.get(Symbol::VALUE).cloned()
                && let Some(status) = self.number(&inner)
            {
                ranges.push((status, status));
            }
        }
        Ok(ranges)
    }
}

pub(super) type Eval2 = Result<Option<Value>, Raise>;

pub(super) fn mirrored(operator: CompareOperator) -> CompareOperator {
    match operator {
        CompareOperator::Less => CompareOperator::Greater,
        CompareOperator::LessEqual => CompareOperator::GreaterEqual,
        CompareOperator::Greater => CompareOperator::Less,
        CompareOperator::GreaterEqual => CompareOperator::LessEqual,
        same @ (CompareOperator::Equal
        | CompareOperator::NotEqual
        | CompareOperator::In
        | CompareOperator::NotIn
        | CompareOperator::Is
        | CompareOperator::IsNot) => same,
    }
}

/// Whether two texts are the same; None: what nobody knows of them may make them so. Most pairs are told apart by an end.
fn same_text(left: &str, right: &str) -> Option<bool> {
    let hole = HOLE_TEXT.as_bytes();
    let apart = |one: Option<&u8>, two: Option<&u8>, of_hole: u8| match (one, two) {
        (Some(one), Some(two)) => one != two && *one != of_hole && *two != of_hole,
        _ => false,
    };
    let (one, two) = (left.as_bytes(), right.as_bytes());
    if apart(one.first(), two.first(), hole[0])
        || apart(one.last(), two.last(), hole[hole.len() - 1])
    {
        return Some(false);
    }
    let is_known = |text: &str| !text.as_bytes().contains(&hole[0]) || !text.contains(HOLE);
    if left == right {
        return is_known(left).then_some(true);
    }
    let may_be = !(is_known(left) && is_known(right)) && may_equal(left, right);
    if may_be { None } else { Some(false) }
}

/// What is left when the answer is not one of these statuses, if that is that all is well: an error, or a redirect.
pub(super) fn failures_beside(statuses: &[(u16, u16)]) -> Vec<(u16, u16)> {
    let is_well = statuses
        .iter()
        .any(|(low, high)| (*low..=*high).contains(&200));
    let is_success = statuses.iter().all(|(_, high)| *high < 300);
    if is_well && is_success {
        vec![(300, 599)]
    } else {
        Vec::new()
    }
}
