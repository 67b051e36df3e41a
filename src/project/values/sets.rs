//! Sets: what `-`, `&`, `|` and `^` leave of two of them.
//!
//! `missing = set(required) - set(os.environ)` holds what is required, but nothing of it surely.

use crate::facts::program::BinaryOperator;
use crate::project::values::heap::{ListKind, ListObject, Object};
use crate::project::values::machine::{Eval, Machine, Raise};
use crate::project::values::value::{ObjectId, Value};

impl<'w> Machine<'w> {
    /// The elements that iterating gives, in a list of their own.
    pub fn elements(&mut self, value: &Value) -> Result<ListObject, Raise> {
        let doubtful = match self.payload(value) {
            Value::Object(id) => match self.heap.get(id) {
                Object::List(list) => list.doubtful,
                Object::Dict(dict) => dict.doubtful,
                _ => 0,
            },
            // Those of one or of the other.
            Value::Union(_) => usize::MAX,
            _ => 0,
        };
        let (items, is_open) = self.iterate(value)?;
        Ok(ListObject {
            doubtful: doubtful.min(items.len()),
            items,
            is_open,
            kind: ListKind::List,
        })
    }

    /// `list.extend(more)`; in a branch that may not be taken, none of it is sure.
    pub fn extend_list(&mut self, id: ObjectId, more: &Value) -> Result<(), Raise> {
        let mut more = self.elements(more)?;
        if self.is_weak(id) {
            more.doubtful = more.items.len();
        }
        if let Object::List(list) = self.heap.get_mut(id) {
            list.extend(more);
        }
        Ok(())
    }

    /// `dict.update(more)`; in a branch that may not be taken, no entry that is new is sure.
    pub fn update_dict(&mut self, id: ObjectId, more: &Value) {
        let Object::Dict(dict) = self.heap.get(id) else {
            return;
        };
        let mut dict = dict.clone();
        let known = dict.items.len();
        self.dict_merge(&mut dict, more);
        if self.is_weak(id) {
            dict.doubtful += dict.items.len() - known;
        }
        *self.heap.get_mut(id) = Object::Dict(dict);
    }

    pub fn set_operation(
        &mut self,
        operator: BinaryOperator,
        left: ListObject,
        right: &Value,
    ) -> Eval {
        let right = self.elements(right)?;
        let result = match operator {
            BinaryOperator::BitAnd => self.part_of(&left, &right, true),
            BinaryOperator::Subtract => self.part_of(&left, &right, false),
            BinaryOperator::BitOr => {
                let more = self.part_of(&right, &left, false);
                let mut both = left;
                both.extend(more);
                both
            }
            _ => {
                let more = self.part_of(&right, &left, false);
                let mut both = self.part_of(&left, &right, false);
                both.extend(more);
                both
            }
        };
        Ok(self.add_list(ListObject {
            kind: ListKind::Set,
            ..result
        }))
    }

    /// The elements that the other has too, or has not. Those of which that is not known come last.
    fn part_of(&self, one: &ListObject, other: &ListObject, is_shared: bool) -> ListObject {
        let mut sure = Vec::new();
        let mut doubtful = Vec::new();
        for (position, item) in one.items.iter().enumerate() {
            let is_in_other =
                match self.any_equal(&other.items[..other.sure()], item, other.is_open) {
                    Some(true) => Some(true),
                    found => self
                        .any_equal(&other.items[other.sure()..], item, false)
                        .filter(|may_be| !may_be)
                        .and(found),
                };
            match is_in_other {
                Some(is_in) if is_in != is_shared => {}
                Some(_) if position < one.sure() => sure.push(item.clone()),
                _ => doubtful.push(item.clone()),
            }
        }
        let count = doubtful.len();
        sure.append(&mut doubtful);
        ListObject {
            items: sure,
            is_open: one.is_open,
            doubtful: count,
            kind: ListKind::Set,
        }
    }
}
