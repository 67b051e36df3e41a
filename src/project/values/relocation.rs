//! Relocation: the objects of a summary, numbered so that they can stand for others.
//!
//! In the summary of `def pair(a): return [a, Point()]` the argument is `ARGUMENT + 0`, the list and the point are `MADE + 0` and
//! `MADE + 1`, and the class of the point keeps its number.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::project::values::heap::{
    ClassObject, DictObject, FrameObject, FunctionObject, InstanceObject, ListObject, Object,
};
use crate::project::values::machine::Raised;
use crate::project::values::value::{Callee, Method, ObjectId, Value};

/// Numbers from here on are objects that the call made.
pub const MADE: u32 = 0x8000_0000;
/// Numbers from here on are objects that the arguments lead to.
pub const ARGUMENT: u32 = 0xC000_0000;

pub struct Relocation {
    arguments: FxHashMap<ObjectId, u32>,
    /// What was older than the call.
    mark: u32,
    /// In the order in which they were met.
    pub made: Vec<ObjectId>,
    known: FxHashMap<ObjectId, u32>,
    /// The highest number that stands for itself.
    pub highest_plain: u32,
}

impl Relocation {
    pub fn new(arguments: &[ObjectId], mark: u32) -> Relocation {
        Relocation {
            arguments: arguments
                .iter()
                .enumerate()
                .map(|(position, id)| (*id, position as u32))
                .collect(),
            mark,
            made: Vec::new(),
            known: FxHashMap::default(),
            highest_plain: 0,
        }
    }

    pub fn number(&mut self, id: ObjectId) -> ObjectId {
        if let Some(position) = self.arguments.get(&id) {
            return ObjectId(ARGUMENT + position);
        }
        if id.0 < self.mark {
            self.highest_plain = self.highest_plain.max(id.0);
            return id;
        }
        let made = &mut self.made;
        let position = *self.known.entry(id).or_insert_with(|| {
            made.push(id);
            made.len() as u32 - 1
        });
        ObjectId(MADE + position)
    }

    /// Does it have a number already, or stand for itself?
    pub fn is_known(&self, id: ObjectId) -> bool {
        id.0 < self.mark || self.known.contains_key(&id)
    }

    /// Does it stand for itself?
    pub fn is_plain(&self, id: ObjectId) -> bool {
        id.0 < self.mark && !self.arguments.contains_key(&id)
    }

    pub fn raised(&mut self, raised: &Raised) -> Raised {
        Raised {
            exception: relocate(&raised.exception, &mut |id| self.number(id)),
            place: raised.place,
        }
    }
}

/// The value with other objects.
pub fn relocate(value: &Value, change: &mut impl FnMut(ObjectId) -> ObjectId) -> Value {
    relocated(value, change).unwrap_or_else(|| value.clone())
}

/// None: it has no other objects, and stays.
fn relocated(value: &Value, change: &mut impl FnMut(ObjectId) -> ObjectId) -> Option<Value> {
    match value {
        Value::Object(id) => other(*id, change).map(Value::Object),
        Value::Tuple(items) => others(items, change).map(|items| Value::Tuple(Arc::new(items))),
        Value::Union(items) => others(items, change).map(|items| Value::Union(Arc::new(items))),
        Value::Method(method) => {
            let function = match &method.function {
                Callee::Function(id) => other(*id, change).map(Callee::Function),
                Callee::Builtin(_) => None,
            };
            let receiver = relocated(&method.receiver, change);
            (function.is_some() || receiver.is_some()).then(|| {
                Value::Method(Arc::new(Method {
                    receiver: receiver.unwrap_or_else(|| method.receiver.clone()),
                    function: function.unwrap_or_else(|| method.function.clone()),
                }))
            })
        }
        Value::Super(pair) => {
            let class = other(pair.0, change);
            let receiver = relocated(&pair.1, change);
            (class.is_some() || receiver.is_some()).then(|| {
                Value::Super(Arc::new((
                    class.unwrap_or(pair.0),
                    receiver.unwrap_or_else(|| pair.1.clone()),
                )))
            })
        }
        Value::Unbound
        | Value::Unknown(_)
        | Value::None
        | Value::Ellipsis
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::External(_)
        | Value::Native(_)
        | Value::Status(_)
        | Value::Claim(_) => None,
    }
}

fn other(id: ObjectId, change: &mut impl FnMut(ObjectId) -> ObjectId) -> Option<ObjectId> {
    let new = change(id);
    (new != id).then_some(new)
}

fn others(values: &[Value], change: &mut impl FnMut(ObjectId) -> ObjectId) -> Option<Vec<Value>> {
    let mut changed: Option<Vec<Value>> = None;
    for (position, value) in values.iter().enumerate() {
        match (relocated(value, change), &mut changed) {
            (None, None) => {}
            (None, Some(changed)) => changed.push(value.clone()),
            (Some(value), Some(changed)) => changed.push(value),
            (Some(value), None) => {
                let mut first = Vec::with_capacity(values.len());
                first.extend_from_slice(&values[..position]);
                first.push(value);
                changed = Some(first);
            }
        }
    }
    changed
}

fn relocate_all(values: &[Value], change: &mut impl FnMut(ObjectId) -> ObjectId) -> Vec<Value> {
    values.iter().map(|value| relocate(value, change)).collect()
}

/// The object with other objects in it. None for a module, which is never made by a call.
pub fn relocate_object(
    object: &Object,
    change: &mut impl FnMut(ObjectId) -> ObjectId,
) -> Option<Object> {
    Some(match object {
        Object::Function(function) => Object::Function(FunctionObject {
            module: function.module,
            function: function.function,
            closure: function.closure.map(&mut *change),
            class: function.class.map(&mut *change),
            defaults: relocate_all(&function.defaults, change),
            attributes: function.attributes.map(|value| relocated(value, change)),
        }),
        Object::Class(class) => Object::Class(Box::new(ClassObject {
            module: class.module,
            class: class.class,
            name: class.name,
            metaclass: class.metaclass.map(&mut *change),
            bases: relocate_all(&class.bases, change),
            mro: relocate_all(&class.mro, change),
            names: class.names.map(|value| relocated(value, change)),
            fields: class.fields.clone(),
            closure: class.closure.map(&mut *change),
            subclasses: change(class.subclasses),
        })),
        Object::Instance(instance) => Object::Instance(InstanceObject {
            class: change(instance.class),
            attributes: instance.attributes.map(|value| relocated(value, change)),
            payload: instance
                .payload
                .as_ref()
                .map(|value| relocate(value, change)),
            is_opaque: instance.is_opaque,
            is_expected: instance.is_expected,
        }),
        Object::List(list) => Object::List(ListObject {
            items: relocate_all(&list.items, change),
            is_open: list.is_open,
            doubtful: list.doubtful,
            kind: list.kind,
        }),
        Object::Dict(dict) => Object::Dict(DictObject {
            items: dict
                .items
                .iter()
                .map(|(key, value)| (relocate(key, change), relocate(value, change)))
                .collect(),
            is_open: dict.is_open,
            doubtful: dict.doubtful,
        }),
        Object::Frame(frame) => Object::Frame(FrameObject {
            module: frame.module,
            function: frame.function,
            values: relocate_all(&frame.values, change),
            closure: frame.closure.map(&mut *change),
            class: frame.class.map(&mut *change),
        }),
        Object::Descriptor { kind, function } => Object::Descriptor {
            kind: *kind,
            function: relocate(function, change),
        },
        Object::Alias { origin, arguments } => Object::Alias {
            origin: relocate(origin, change),
            arguments: relocate_all(arguments, change),
        },
        Object::Partial {
            function,
            positional,
            named,
        } => Object::Partial {
            function: relocate(function, change),
            positional: relocate_all(positional, change),
            named: named
                .iter()
                .map(|(name, value)| (*name, relocate(value, change)))
                .collect(),
        },
        Object::Module(_) => return None,
    })
}
