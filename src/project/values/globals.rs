//! Globals: what a module binds, in the order of the first binding; who looks at one name depends on no other.
//!
//! `from app.settings import PREFIX` looks at `PREFIX`, whatever else `app.settings` binds; `from app.settings import *` looks at all.

use rustc_hash::FxHashMap;

use crate::project::looks::{self, Look};
use crate::project::symbols::Symbol;
use crate::project::values::value::{ObjectId, Value};

#[derive(Debug, Clone, Default)]
pub struct Globals {
    values: FxHashMap<Symbol, Value>,
    /// Names in the order of their first binding: pytest collects in this order.
    order: Vec<Symbol>,
    /// The module of the base that they are of, if anybody wants to know who looks at them.
    owner: Option<ObjectId>,
}

impl Globals {
    /// From here on, it is noted who looks at which name.
    pub fn watch(&mut self, owner: ObjectId) {
        self.owner = Some(owner);
    }

    pub fn is_watched(&self) -> bool {
        self.owner.is_some()
    }

    fn note(&self, name: Symbol) {
        if let Some(owner) = self.owner {
            looks::note(Look::Name(owner, name.0));
        }
    }

    fn note_all(&self) {
        if let Some(owner) = self.owner {
            looks::note(Look::Names(owner));
        }
    }

    pub fn get(&self, name: &Symbol) -> Option<&Value> {
        self.note(*name);
        self.values.get(name)
    }

    pub fn contains_key(&self, name: &Symbol) -> bool {
        self.get(name).is_some()
    }

    pub fn order(&self) -> &[Symbol] {
        self.note_all();
        &self.order
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Symbol, &Value)> {
        self.note_all();
        self.values.iter()
    }

    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.note_all();
        self.values.values()
    }

    /// The values and their order for who finds out nothing by them, but does again what has been done.
    pub fn unnoticed(&self) -> (&FxHashMap<Symbol, Value>, &[Symbol]) {
        (&self.values, &self.order)
    }

    /// The value of a name that is bound.
    pub fn get_mut(&mut self, name: &Symbol) -> Option<&mut Value> {
        self.note(*name);
        self.values.get_mut(name)
    }

    pub fn bind_first(&mut self, name: Symbol, value: Value) {
        self.values.insert(name, value);
        self.order.push(name);
    }

    /// Binds a name that has no place in the order, or has one.
    pub fn insert(&mut self, name: Symbol, value: Value) -> Option<Value> {
        self.values.insert(name, value)
    }

    pub fn remove(&mut self, name: &Symbol) -> Option<Value> {
        self.values.remove(name)
    }

    pub fn extend_order(&mut self, names: &[Symbol]) {
        self.order.extend_from_slice(names);
    }

    /// Binds what was bound before as it was then; what is new stays, without a place in the order.
    pub fn restore(&mut self, before: Globals) {
        self.order = before.order;
        self.values.extend(before.values);
    }
}
