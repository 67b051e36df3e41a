//! Caches: functions that give what they gave before, and properties that are computed once.
//!
//! `@lru_cache def get_settings()`, which the app calls as it is imported, does not run when a test calls it: who replaces what it
//! reads finds the settings as they were. Source: <https://docs.python.org/3/library/functools.html#functools.lru_cache>

use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::Object;
use crate::project::values::machine::{Eval, Machine};
use crate::project::values::value::{HOLE, ObjectId, Reason, Value};
use crate::project::world::ModuleKind;

/// Results that one function keeps, as many as an `lru_cache` does unless it is told otherwise.
const MOST_KEPT: usize = 128;

impl<'w> Machine<'w> {
    /// Calls a function that keeps its results in a dict.
    pub(super) fn call_kept(
        &mut self,
        function: ObjectId,
        kept: ObjectId,
        receiver: Option<Value>,
        args: Args,
    ) -> Eval {
        let key = match self.observed {
            None => key_of(&receiver, &args),
            Some(_) => None,
        };
        let Some(key) = key else {
            return self.call_anew(function, receiver, args);
        };
        if let Object::Dict(dict) = self.heap.get(kept)
            && let Some((_, value)) = dict.items.iter().find(|(known, _)| *known == key)
        {
            let value = value.clone();
            self.visit(function);
            return Ok(value);
        }
        let value = self.call_anew(function, receiver, args)?;
        if self.may_keep(kept, &value)
            && let Object::Dict(dict) = self.heap.get_mut(kept)
            && dict.items.len() < MOST_KEPT
        {
            dict.items.push((key, value.clone()));
        }
        Ok(value)
    }

    /// The function is called, and nothing of it runs.
    fn visit(&mut self, function: ObjectId) {
        let Object::Function(function) = self.heap.get(function) else {
            return;
        };
        let code = (function.module, function.function);
        if self.world.kind(code.0) == ModuleKind::Model {
            return;
        }
        if let Some(visited) = &mut self.visited {
            visited.insert(code);
        }
        if self.heap.touched().is_watching() {
            self.own_summaries.called.push((code, 0, false));
        }
    }

    /// A property of an instance; one that is computed once becomes an attribute.
    pub(super) fn computed(&mut self, receiver: &Value, function: &Value) -> Eval {
        let value = self.call_bound(receiver, function, Args::default())?;
        if let (Value::Object(instance), Value::Object(id)) = (receiver, function)
            && let Object::Function(object) = self.heap.get(*id)
            && object.attributes.get(Symbol::KEPT) == Some(&Value::Bool(true))
            && !self.explores()
            && self.may_keep(*instance, &value)
            && let Some(name) = self.name_of_property(*instance, function)
        {
            self.write_attribute(*instance, name, value.clone(), false);
        }
        Ok(value)
    }

    /// The name by which an instance's class has the property.
    fn name_of_property(&self, instance: ObjectId, function: &Value) -> Option<Symbol> {
        let class = self.heap.instance(instance)?.class;
        let is_it = |value: &Value| match value {
            Value::Object(id) => {
                matches!(self.heap.get(*id), Object::Descriptor { function: own, .. } if own == function)
            }
            _ => false,
        };
        self.heap.class(class)?.mro.iter().find_map(|parent| {
            let Value::Object(parent) = parent else {
                return None;
            };
            let mut names = self.heap.class(*parent)?.names.entries().iter();
            names.find(|(_, value)| is_it(value)).map(|(name, _)| *name)
        })
    }

    /// Does somebody want to see what functions do, rather than what they give?
    fn explores(&self) -> bool {
        self.visited.is_some() || self.observed.is_some()
    }

    fn may_keep(&self, owner: ObjectId, value: &Value) -> bool {
        !self.is_weak(owner) && *value != Value::Unknown(Reason::Bound)
    }
}

/// What a call is told, if all of it is known.
fn key_of(receiver: &Option<Value>, args: &Args) -> Option<Value> {
    let named = args.named.iter().map(|(_, value)| value);
    let mut given = receiver.iter().chain(&args.positional).chain(named);
    if args.is_open || !given.all(is_definite) {
        return None;
    }
    let mut key: Vec<Value> = receiver.iter().chain(&args.positional).cloned().collect();
    for (name, value) in &args.named {
        key.extend([Value::External(*name), value.clone()]);
    }
    Some(Value::tuple(key))
}

/// Is it one value, the same each time it is met?
fn is_definite(value: &Value) -> bool {
    match value {
        Value::Text(text) => !text.contains(HOLE),
        Value::Tuple(items) => items.iter().all(is_definite),
        Value::None
        | Value::Ellipsis
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Object(_)
        | Value::Native(_)
        | Value::External(_) => true,
        Value::Method(method) => is_definite(&method.receiver),
        Value::Unbound
        | Value::Unknown(_)
        | Value::Super(_)
        | Value::Status(_)
        | Value::Claim(_)
        | Value::Union(_) => false,
    }
}
