//! How a call leaves what was there before it, so that it can be left so again.
//!
//! `global logger; logger = make()` leaves the module with another `logger`; all else in it stays, however much it is.

use crate::project::symbols::{Symbol, Symbols};
use crate::project::values::heap::{ModuleObject, Object};
use crate::project::values::relocation::{relocate, relocate_object};
use crate::project::values::value::{ObjectId, Value};

/// An object that a call has written to, as it is left.
pub enum Left {
    Whole(Object),
    /// Names that a module binds anew, or not any more, by their texts; and those that it has not had before, as they came.
    Names {
        bound: Box<[(Symbol, Option<Value>)]>,
        first_bound: Box<[Symbol]>,
    },
}

impl Left {
    /// What became of an object; None if that can't be said. `before` is only asked for where not all of the object is kept.
    pub fn of<'b>(
        symbols: &Symbols,
        before: impl FnOnce() -> Option<&'b Object>,
        now: &Object,
        number: &mut impl FnMut(ObjectId) -> ObjectId,
    ) -> Option<Left> {
        let Object::Module(now) = now else {
            return relocate_object(now, number).map(Left::Whole);
        };
        let Some(Object::Module(before)) = before() else {
            return None;
        };
        let ((_, before_order), (_, order)) = (before.names.unnoticed(), now.names.unnoticed());
        let known = before_order.len();
        if before.state != now.state || order.get(..known) != Some(before_order) {
            return None;
        }
        let mut bound = changed_names(before, now);
        bound.sort_by_key(|(name, _)| symbols.spelling(*name));
        let bound = bound.into_iter();
        let bound = bound.map(|(name, value)| (name, value.map(|value| relocate(value, number))));
        Some(Left::Names {
            bound: bound.collect(),
            first_bound: order[known..].into(),
        })
    }

    /// Leaves an object so that was then as this one is now; None if it can't be.
    pub fn put(
        &self,
        object: &mut Object,
        back: &mut impl FnMut(ObjectId) -> ObjectId,
    ) -> Option<()> {
        match (self, object) {
            (Left::Whole(left), object) => *object = relocate_object(left, back)?,
            (Left::Names { bound, first_bound }, Object::Module(module)) => {
                for (name, value) in bound {
                    match value {
                        Some(value) => module.names.insert(*name, relocate(value, back)),
                        None => module.names.remove(name),
                    };
                }
                module.names.extend_order(first_bound);
            }
            (Left::Names { .. }, _) => return None,
        }
        Some(())
    }
}

/// The names that a module binds otherwise than before, in no order; None stands for those that it does not bind any more.
pub fn changed_names<'o>(
    before: &'o ModuleObject,
    now: &'o ModuleObject,
) -> Vec<(Symbol, Option<&'o Value>)> {
    let ((before, _), (now, _)) = (before.names.unnoticed(), now.names.unnoticed());
    let names = now.iter();
    let new = names.filter(|(name, value)| before.get(name) != Some(value));
    let lost = before.keys();
    let lost = lost.filter(|name| !now.contains_key(name));
    new.map(|(name, value)| (*name, Some(value)))
        .chain(lost.map(|name| (*name, None)))
        .collect()
}
