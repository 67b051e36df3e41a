//! Sorting: `sorted(values, key=…)` and `list.sort`, for keys that are known.
//!
//! `routes.sort(key=lambda route: route.path)` decides which route stands first. Where one key is not known, the order stays.

use std::cmp::Ordering;

use crate::project::values::calls::Args;
use crate::project::values::machine::{Machine, Raise};
use crate::project::values::numbers::order_of_numbers;
use crate::project::values::value::Value;

impl<'w> Machine<'w> {
    /// The items in order, as the arguments `key` and `reverse` of a call ask for it.
    pub(super) fn sorted(&mut self, items: Vec<Value>, args: &Args) -> Result<Vec<Value>, Raise> {
        let named = |text: &str| args.keyword(self.symbol(text));
        let (key, reverse) = (named("key"), named("reverse"));
        let is_reversed = match &reverse {
            Some(value) => self.truth(value)? == Some(true),
            None => false,
        };
        let mut rows = Vec::with_capacity(items.len());
        for item in items {
            let by = match &key {
                Some(key) if *key != Value::None => self.call(key, Args::of([item.clone()]))?,
                _ => item.clone(),
            };
            let by = self.payload(&by);
            rows.push((by, item));
        }
        let before: Vec<Value> = rows.iter().map(|(_, item)| item.clone()).collect();
        rows.sort_by(|one, two| {
            let (one, two) = if is_reversed { (two, one) } else { (one, two) };
            order(&one.0, &two.0)
        });
        let is_decided = rows.windows(2).all(|pair| decides(&pair[0].0, &pair[1].0));
        if !is_decided {
            return Ok(before);
        }
        Ok(rows.into_iter().map(|(_, item)| item).collect())
    }
}

/// Would Python find the same order, comparing only what is known of the two? A tuple decides at its first difference.
fn decides(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            order_of_numbers(one, two).is_some()
        }
        (Value::Bool(_), Value::Bool(_)) => true,
        (Value::Text(_), Value::Text(_)) => one.literal().is_some() && two.literal().is_some(),
        (Value::Tuple(ones), Value::Tuple(twos)) => {
            for (one, two) in ones.iter().zip(twos.iter()) {
                if !decides(one, two) {
                    return false;
                }
                if order(one, two).is_ne() {
                    return true;
                }
            }
            true
        }
        _ => false,
    }
}

/// An order of all values, which is Python's where [`decides`] says so.
fn order(one: &Value, two: &Value) -> Ordering {
    match (one, two) {
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            order_of_numbers(one, two).unwrap_or(Ordering::Equal)
        }
        (Value::Bool(one), Value::Bool(two)) => one.cmp(two),
        (Value::Text(one), Value::Text(two)) => one.cmp(two),
        (Value::Tuple(ones), Value::Tuple(twos)) => ones
            .iter()
            .zip(twos.iter())
            .map(|(one, two)| order(one, two))
            .find(|decided| decided.is_ne())
            .unwrap_or(ones.len().cmp(&twos.len())),
        _ => rank(one).cmp(&rank(two)),
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Bool(_) => 0,
        Value::Int(_) | Value::Float(_) => 1,
        Value::Text(_) => 2,
        Value::Tuple(_) => 3,
        _ => 4,
    }
}
