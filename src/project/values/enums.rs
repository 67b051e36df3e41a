//! Enums: the plain values of a class's body become its members, and `auto()` asks the class what it stands for.
//!
//! After `class Area(StrEnum): NORTH = auto()`, `Area.NORTH.value` is `"north"`, and `Area("north")` is that member.

use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::{InstanceObject, Names, Object};
use crate::project::values::machine::Machine;
use crate::project::values::natives::Native;
use crate::project::values::value::{ObjectId, Reason, Value};

impl<'w> Machine<'w> {
    /// Has its `__init_subclass__` made members of it?
    pub(super) fn is_enum(&self, class: ObjectId) -> bool {
        let class = self.heap.class(class);
        class.is_some_and(|class| class.names.get(Symbol::MEMBER_NAMES).is_some())
    }

    pub(super) fn enum_member(&mut self, class: ObjectId, value: Option<&Value>) -> Value {
        let (members, _) = self.enum_members(class);
        let mut result = Value::Unbound;
        for member in members {
            let inner = match &member {
                Value::Object(id) => self
                    .heap
                    .instance(*id)
                    .and_then(|instance| instance.attributes.get(Symbol::VALUE).cloned()),
                _ => None,
            };
            match (value, inner) {
                (Some(value), Some(inner)) => match self.equal(&inner, value) {
                    Some(true) => return member,
                    Some(false) => {}
                    None => result = result.or(member),
                },
                _ => result = result.or(member),
            }
        }
        if result == Value::Unbound {
            Value::Unknown(Reason::Runtime)
        } else {
            result
        }
    }

    /// Turns the plain values of an enum's body into its members.
    pub fn make_members(&mut self, class: ObjectId) {
        let Some(object) = self.heap.class(class) else {
            return;
        };
        let native = object.mro.iter().find_map(|one| match one {
            Value::Native(native) => Some(*native),
            _ => None,
        });
        let entries: Vec<(Symbol, Value)> = object.names.entries().to_vec();
        let mut names = Vec::new();
        let mut before: Vec<Value> = Vec::new();
        for (name, value) in entries {
            let spelled = self.spelled(name);
            let is_plain = match &value {
                Value::Object(id) => match self.heap.get(*id) {
                    Object::Function(_)
                    | Object::Descriptor { .. }
                    | Object::Class(_)
                    | Object::Partial { .. } => false,
                    Object::Instance(_)
                    | Object::List(_)
                    | Object::Dict(_)
                    | Object::Module(_)
                    | Object::Frame(_)
                    | Object::Alias { .. } => true,
                },
                _ => true,
            };
            if spelled.starts_with('_') || !is_plain {
                continue;
            }
            let value = match value {
                Value::Native(Native::op_auto) => self.next_member_value(class, &spelled, &before),
                other => other,
            };
            before.push(value.clone());
            let payload = match (native, &value) {
                (Some(Native::str | Native::int), Value::Tuple(items)) => items.first().cloned(),
                (Some(Native::str | Native::int), value) => Some(value.clone()),
                _ => None,
            };
            let mut attributes = Names::default();
            let inner = match (&value, &payload) {
                (Value::Tuple(_), Some(payload)) => payload.clone(),
                _ => value.clone(),
            };
            attributes.set(Symbol::VALUE, inner.clone());
            attributes.set(self.symbol("_value_"), inner);
            attributes.set(self.symbol("name"), Value::Text(spelled.clone()));
            attributes.set(self.symbol("_name_"), Value::Text(spelled.clone()));
            let member = self.heap.add(Object::Instance(InstanceObject {
                class,
                attributes,
                payload,
                is_opaque: false,
                is_expected: false,
            }));
            self.initialize_member(class, member, &value);
            names.push(Value::Text(spelled));
            if let Object::Class(object) = self.heap.get_mut(class) {
                object.names.set(name, Value::Object(member));
            }
        }
        if names.is_empty() {
            return;
        }
        let names = Value::tuple(names);
        let key = Symbol::MEMBER_NAMES;
        if let Object::Class(object) = self.heap.get_mut(class) {
            object.names.set(key, names);
        }
    }

    /// An enum's own `__init__` is given what stands in the body, a tuple as several arguments.
    fn initialize_member(&mut self, class: ObjectId, member: ObjectId, value: &Value) {
        let Some((init @ Value::Object(_), _)) = self.class_attribute(class, Symbol::INIT) else {
            return;
        };
        let args = match value {
            Value::Tuple(items) => Args::of(items.iter().cloned()),
            value => Args::of([value.clone()]),
        };
        // What it raises, it raises while the class is made; the member is there all the same.
        let _ = self.call_bound(&Value::Object(member), &init, args);
    }

    /// What `auto()` stands for: what `_generate_next_value_` says, else one more than the last number.
    fn next_member_value(&mut self, class: ObjectId, name: &str, before: &[Value]) -> Value {
        let generator = self.symbol("_generate_next_value_");
        if let Some((function, _)) = self.class_attribute(class, generator) {
            let function = match &function {
                Value::Object(id) => match self.heap.get(*id) {
                    Object::Descriptor { function, .. } => function.clone(),
                    _ => function.clone(),
                },
                _ => function.clone(),
            };
            let last = self.new_list(before.to_vec(), false);
            let args = Args::of([
                Value::text(name),
                Value::Int(1),
                Value::Int(before.len() as i64),
                last,
            ]);
            return match self.call(&function, args) {
                Ok(value) => value,
                Err(_) => Value::Unknown(Reason::Runtime),
            };
        }
        let last = before.iter().rev().find_map(|value| match value {
            Value::Int(number) => Some(*number),
            _ => None,
        });
        Value::Int(last.map_or(1, |number| number.saturating_add(1)))
    }
}
