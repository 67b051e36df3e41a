//! Attributes, items and iteration: how objects are read and written.
//!
//! `self.router.prefix` looks at the instance, then along the class's resolution order; a property runs its getter.

use std::sync::Arc;

use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::{DescriptorKind, DictObject, ListKind, ListObject, ModuleState, Object};
use crate::project::values::log::Effect;
use crate::project::values::machine::{Eval, Machine, Raise};
use crate::project::values::natives::Native;
use crate::project::values::value::{Callee, HOLE, Method, ObjectId, Reason, Value};

impl<'w> Machine<'w> {
    pub fn attribute(&mut self, object: &Value, name: Symbol) -> Eval {
        match object {
            Value::Object(id) => self.object_attribute(*id, name),
            Value::Union(values) => {
                let values = values.clone();
                self.call_each(&values, |machine, one| if *one == Value::None { Ok(Value::Unbound) } else { machine.attribute(one, name) })
            }
            Value::External(path) => {
                let suffix = format!(".{}", self.spelled(name));
                Ok(self.external_path(*path, &suffix))
            }
            Value::Text(_) | Value::Tuple(_) => Ok(Value::Method(Arc::new(Method { receiver: object.clone(), function: Callee::Builtin(name) }))),
            Value::Super(pair) => {
                let pair = pair.clone();
                self.super_attribute(pair.0, &pair.1, name)
            }
            Value::Method(method) => {
                let method = method.clone();
                match (name, &method.function) {
                    (Symbol::SELF_ATTR, _) => Ok(method.receiver.clone()),
                    (Symbol::FUNC_ATTR, Callee::Function(function)) => Ok(Value::Object(*function)),
                    (_, Callee::Function(function)) => self.object_attribute(*function, name),
                    (_, Callee::Builtin(_)) => Ok(Value::Unknown(Reason::Construct)),
                }
            }
            Value::Native(native) => Ok(self.native_attribute(*native, name)),
            Value::Unknown(reason) => Ok(Value::Unknown(*reason)),
            Value::Status(_) if name == Symbol::VALUE => Ok(object.clone()),
            _ if name == Symbol::CLASS => Ok(self.class_value(object)),
            Value::Unbound | Value::None | Value::Ellipsis | Value::Bool(_) | Value::Int(_) | Value::Status(_) | Value::Claim(_) => {
                Ok(Value::Unknown(Reason::Attribute))
            }
        }
    }

    fn object_attribute(&mut self, id: ObjectId, name: Symbol) -> Eval {
        let value = Value::Object(id);
        match self.heap.get(id) {
            Object::Instance(instance) => {
                if let Some(value) = instance.attributes.get(name) {
                    return Ok(value.clone());
                }
                let class = instance.class;
                let (payload, is_opaque) = (instance.payload.clone(), instance.is_opaque);
                match name {
                    Symbol::CLASS => return Ok(Value::Object(class)),
                    Symbol::DICT => {
                        let entries = instance.attributes.entries.clone();
                        let items = entries.into_iter().map(|(name, value)| (Value::Text(self.world.symbols.text(name)), value)).collect();
                        return Ok(self.new_dict(items));
                    }
                    _ => {}
                }
                if is_opaque && self.class_attribute(class, name).is_none() {
                    self.initialize(id)?;
                    if let Some(value) = self.heap.instance(id).and_then(|instance| instance.attributes.get(name)) {
                        return Ok(value.clone());
                    }
                }
                if let Some((found, _)) = self.class_attribute(class, name) {
                    return self.bind_attribute(&value, &found);
                }
                if let Some(payload) = payload {
                    return self.attribute(&payload, name);
                }
                if let Some((function, _)) = self.class_attribute(class, Symbol::GETATTR) {
                    let spelled = Value::Text(self.spelled(name));
                    return self.call_bound(&value, &function, Args::of([spelled]));
                }
                if let Some(field) = self.field_of(class, name)? {
                    if let Object::Instance(instance) = self.heap.get_mut(id) {
                        instance.attributes.set(name, field.clone());
                    }
                    return Ok(field);
                }
                Ok(Value::Unknown(if self.has_foreign_base(class) { Reason::Library } else { Reason::Attribute }))
            }
            Object::Class(class) => {
                match name {
                    Symbol::NAME => return Ok(Value::Text(self.spelled(class.name))),
                    Symbol::QUALNAME => {
                        let unit = self.world.unit(class.module);
                        let text = unit.map(|unit| unit.facts.name(unit.facts.class(class.class).qualified_name).to_string());
                        return Ok(Value::text(&text.unwrap_or_default()));
                    }
                    Symbol::MRO => return Ok(Value::tuple(class.mro.clone())),
                    Symbol::BASES => return Ok(Value::tuple(class.bases.clone())),
                    Symbol::MODULE => {
                        let text = self.world.unit(class.module).map(|unit| unit.name.clone());
                        return Ok(Value::text(&text.unwrap_or_default()));
                    }
                    Symbol::DICT => {
                        let entries = class.names.entries.clone();
                        let items = entries.into_iter().map(|(name, value)| (Value::Text(self.world.symbols.text(name)), value)).collect();
                        return Ok(self.new_dict(items));
                    }
                    Symbol::SUBCLASSES => return Ok(Value::Method(Arc::new(Method { receiver: value, function: Callee::Builtin(name) }))),
                    _ => {}
                }
                match self.class_attribute(id, name) {
                    Some((Value::Object(found), _)) => match self.heap.get(found) {
                        Object::Descriptor { kind: DescriptorKind::Static, function } => Ok(function.clone()),
                        Object::Descriptor { kind: DescriptorKind::Class, function } => {
                            let function = function.clone();
                            self.bind_attribute(&value, &function)
                        }
                        _ => Ok(Value::Object(found)),
                    },
                    Some((found, _)) => Ok(found),
                    None => Ok(Value::Unknown(if self.has_foreign_base(id) { Reason::Library } else { Reason::Attribute })),
                }
            }
            Object::Module(module) => {
                if let Some(value) = module.names.get(&name) {
                    return Ok(value.clone());
                }
                let module = module.module;
                self.module_attribute(id, module, name)
            }
            Object::Function(function) => {
                if let Some(value) = function.attributes.get(name) {
                    return Ok(value.clone());
                }
                let (module, number) = (function.module, function.function);
                let Some(unit) = self.world.unit(module) else { return Ok(Value::Unknown(Reason::Import)) };
                let facts = unit.facts.function(number);
                Ok(match name {
                    Symbol::NAME => Value::text(unit.facts.name(facts.name)),
                    Symbol::QUALNAME => Value::text(unit.facts.name(facts.qualified_name)),
                    Symbol::MODULE => Value::text(&unit.name),
                    Symbol::DICT => {
                        let entries = match self.heap.get(id) {
                            Object::Function(function) => function.attributes.entries.clone(),
                            _ => Vec::new(),
                        };
                        let items = entries.into_iter().map(|(name, value)| (Value::Text(self.world.symbols.text(name)), value)).collect();
                        self.new_dict(items)
                    }
                    Symbol::CALL => value,
                    _ => Value::Unknown(Reason::Attribute),
                })
            }
            Object::Descriptor { function, .. } => {
                let function = function.clone();
                let setter = self.spelled(name);
                if matches!(&*setter, "setter" | "getter" | "deleter") {
                    // `@name.setter` leaves the property as it is.
                    return Ok(Value::Method(Arc::new(Method { receiver: value, function: Callee::Builtin(name) })));
                }
                self.attribute(&function, name)
            }
            Object::Alias { origin, arguments } => {
                let (origin, arguments) = (origin.clone(), arguments.clone());
                match &*self.spelled(name) {
                    "__origin__" => Ok(origin),
                    "__args__" => Ok(Value::tuple(arguments)),
                    _ => self.attribute(&origin, name),
                }
            }
            Object::Partial { function, .. } => {
                let function = function.clone();
                if &*self.spelled(name) == "func" { Ok(function) } else { self.attribute(&function, name) }
            }
            Object::List(_) | Object::Dict(_) => {
                if name == Symbol::CLASS {
                    return Ok(self.class_value(&value));
                }
                Ok(Value::Method(Arc::new(Method { receiver: value, function: Callee::Builtin(name) })))
            }
            Object::Frame(_) => Ok(Value::Unknown(Reason::Construct)),
        }
    }

    /// A class attribute seen through an instance.
    pub fn bind_attribute(&mut self, receiver: &Value, found: &Value) -> Eval {
        let Value::Object(object) = found else {
            return Ok(found.clone());
        };
        match self.heap.get(*object) {
            Object::Function(_) => Ok(self.bound_method(receiver.clone(), *object)),
            Object::Descriptor { kind, function } => {
                let (kind, function) = (*kind, function.clone());
                match kind {
                    DescriptorKind::Property => self.call_bound(receiver, &function, Args::default()),
                    DescriptorKind::Static => Ok(function),
                    DescriptorKind::Class => {
                        let class = self.class_value(receiver);
                        self.bind_attribute(&class, &function)
                    }
                }
            }
            Object::Instance(instance) => {
                let class = instance.class;
                match self.class_attribute(class, Symbol::GET) {
                    Some((function, _)) => {
                        let owner = self.class_value(receiver);
                        self.call_bound(found, &function, Args::of([receiver.clone(), owner]))
                    }
                    None => Ok(found.clone()),
                }
            }
            _ => Ok(found.clone()),
        }
    }

    fn super_attribute(&mut self, class: ObjectId, receiver: &Value, name: Symbol) -> Eval {
        let of = match receiver {
            Value::Object(object) => match self.heap.get(*object) {
                Object::Instance(instance) => Some(instance.class),
                Object::Class(_) => Some(*object),
                _ => None,
            },
            _ => None,
        };
        let Some(mro) = of.and_then(|of| self.heap.class(of)).or_else(|| self.heap.class(class)).map(|class| class.mro.clone()) else {
            return Ok(Value::Unknown(Reason::Construct));
        };
        let after = mro.iter().position(|one| *one == Value::Object(class)).map_or(0, |position| position + 1);
        for one in &mro[after..] {
            match one {
                Value::Object(parent) => {
                    if let Some(found) = self.heap.class(*parent).and_then(|class| class.names.get(name)).cloned() {
                        return self.bind_attribute(receiver, &found);
                    }
                }
                Value::Native(native) => {
                    if let Some(value) = self.native_super(*native, receiver, name) {
                        return Ok(value);
                    }
                }
                _ => return Ok(Value::Unknown(Reason::Library)),
            }
        }
        // `object` has them all.
        Ok(Value::Native(Native::nothing))
    }

    /// The first class along the resolution order that has the name, and what it has.
    pub fn class_attribute(&self, class: ObjectId, name: Symbol) -> Option<(Value, ObjectId)> {
        let class = self.heap.class(class)?;
        for one in &class.mro {
            if let Value::Object(parent) = one
                && let Some(parent_class) = self.heap.class(*parent)
                && let Some(found) = parent_class.names.get(name)
            {
                return Some((found.clone(), *parent));
            }
        }
        None
    }

    pub fn has_foreign_base(&self, class: ObjectId) -> bool {
        self.heap.class(class).is_some_and(|class| class.mro.iter().any(Value::is_opaque))
    }

    /// A declared field without a value: an instance of its annotation.
    fn field_of(&mut self, class: ObjectId, name: Symbol) -> Result<Option<Value>, Raise> {
        let Some(found) = self.heap.class(class) else { return Ok(None) };
        for one in found.mro.clone() {
            let Value::Object(parent) = one else { continue };
            let Some(parent_class) = self.heap.class(parent) else { continue };
            let closure = parent_class.closure;
            if let Some((_, place)) = parent_class.fields.iter().find(|(field, _)| *field == name) {
                let place = *place;
                let Some(unit) = self.world.unit(place.module) else { return Ok(None) };
                let value = self.instance_of_annotation(unit, place.expr, closure)?;
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    pub fn set_attribute(&mut self, object: &Value, name: Symbol, value: Value) -> Result<(), Raise> {
        let Value::Object(id) = object else {
            if let Value::Method(method) = object
                && let Callee::Function(function) = method.function
            {
                return self.set_attribute(&Value::Object(function), name, value);
            }
            return Ok(());
        };
        let weak = self.is_weak(*id);
        if let Object::Instance(instance) = self.heap.get(*id)
            && let Some((function, _)) = self.class_attribute(instance.class, Symbol::SETATTR)
        {
            let spelled = Value::Text(self.spelled(name));
            self.call_bound(object, &function, Args::of([spelled, value]))?;
            return Ok(());
        }
        self.write_attribute(*id, name, value, weak);
        Ok(())
    }

    pub fn write_attribute(&mut self, id: ObjectId, name: Symbol, value: Value, weak: bool) {
        let join = |before: Option<&Value>, value: Value| match before {
            Some(before) if weak => before.clone().or(value),
            _ => value,
        };
        match self.heap.get_mut(id) {
            Object::Instance(instance) => {
                let value = join(instance.attributes.get(name), value);
                instance.attributes.set(name, value);
            }
            Object::Class(class) => {
                let value = join(class.names.get(name), value);
                class.names.set(name, value);
            }
            Object::Function(function) => {
                let value = join(function.attributes.get(name), value);
                function.attributes.set(name, value);
            }
            Object::Module(_) => self.set_global(id, name, value),
            Object::List(_) | Object::Dict(_) | Object::Frame(_) | Object::Descriptor { .. } | Object::Alias { .. } | Object::Partial { .. } => {}
        }
    }

    /// Puts a fixture's patch in place again.
    pub fn apply(&mut self, effect: &Effect) -> Result<(), Raise> {
        match effect {
            Effect::Attribute { object: Value::Object(id), name, value, before: _ } => self.write_attribute(*id, *name, value.clone(), false),
            Effect::Attribute { .. } => {}
            Effect::Item { object, key, value } => self.set_item(object, key.clone(), value.clone())?,
        }
        Ok(())
    }

    // ---- items and iteration ------------------------------------------------------------------------------------------

    /// The list, dict or text behind an instance of a subclass of it.
    pub fn payload(&self, value: &Value) -> Value {
        if let Value::Object(object) = value
            && let Some(instance) = self.heap.instance(*object)
            && let Some(payload) = &instance.payload
        {
            return payload.clone();
        }
        value.clone()
    }

    pub fn item(&mut self, object: &Value, index: &Value) -> Eval {
        match object {
            Value::Union(values) => {
                let values = values.clone();
                return self.call_each(&values, |machine, one| if *one == Value::None { Ok(Value::Unbound) } else { machine.item(one, index) });
            }
            Value::Tuple(items) => {
                let items = items.clone();
                return Ok(self.pick(&items, false, index));
            }
            Value::Text(text) => {
                return Ok(match index {
                    Value::Int(_) if text.contains(HOLE) => Value::hole(),
                    Value::Int(position) => {
                        let count = text.chars().count() as i64;
                        let position = if *position < 0 { count + position } else { *position };
                        match text.chars().nth(position.max(0) as usize) {
                            Some(c) => Value::text(&c.to_string()),
                            None => Value::hole(),
                        }
                    }
                    _ => Value::hole(),
                });
            }
            Value::Native(_) => return Ok(self.alias(object.clone(), index)),
            Value::External(_) => return Ok(object.clone()),
            Value::Unknown(reason) => return Ok(Value::Unknown(*reason)),
            _ => {}
        }
        let Value::Object(id) = object else { return Ok(Value::Unknown(Reason::Construct)) };
        match self.heap.get(*id) {
            Object::List(list) => {
                let (items, is_open) = (list.items.clone(), list.is_open);
                Ok(self.pick(&items, is_open, index))
            }
            Object::Dict(dict) => {
                let dict = dict.clone();
                Ok(self.dict_get(&dict, index).unwrap_or(Value::Unknown(Reason::Runtime)))
            }
            Object::Instance(instance) => {
                let (class, payload) = (instance.class, instance.payload.clone());
                if let Some((function, _)) = self.class_attribute(class, Symbol::GETITEM) {
                    return self.call_bound(object, &function, Args::of([index.clone()]));
                }
                match payload {
                    Some(payload) => self.item(&payload, index),
                    None => Ok(Value::Unknown(Reason::Library)),
                }
            }
            Object::Class(_) => {
                if let Some((function, _)) = self.class_attribute(*id, Symbol::CLASS_GETITEM) {
                    return self.call_bound(object, &function, Args::of([index.clone()]));
                }
                if let Some(name) = index.literal()
                    && let Some((found, _)) = self.class_attribute(*id, self.world.symbols.intern(name))
                    && self.is_enum_class(*id)
                {
                    return Ok(found);
                }
                Ok(self.alias(object.clone(), index))
            }
            Object::Alias { origin, .. } => {
                let origin = origin.clone();
                Ok(self.alias(origin, index))
            }
            _ => Ok(Value::Unknown(Reason::Construct)),
        }
    }

    fn alias(&mut self, origin: Value, index: &Value) -> Value {
        let arguments = match index {
            Value::Tuple(items) => items.to_vec(),
            other => vec![other.clone()],
        };
        Value::Object(self.heap.add(Object::Alias { origin, arguments }))
    }

    fn pick(&mut self, items: &[Value], is_open: bool, index: &Value) -> Value {
        if let Value::Int(position) = self.payload(index) {
            let position = if position < 0 && !is_open { items.len() as i64 + position } else { position };
            if let Some(item) = usize::try_from(position).ok().and_then(|position| items.get(position)) {
                return item.clone();
            }
            return Value::Unknown(Reason::Runtime);
        }
        let mut result = if is_open { Value::Unknown(Reason::Runtime) } else { Value::Unbound };
        for item in items {
            result = result.or(item.clone());
        }
        if result == Value::Unbound { Value::Unknown(Reason::Runtime) } else { result }
    }

    pub fn slice(&mut self, object: &Value, bounds: &[Value]) -> Eval {
        let (items, text) = match self.payload(object) {
            Value::Tuple(items) => (items.to_vec(), None),
            Value::Text(text) if !text.contains(HOLE) => (Vec::new(), Some(text)),
            Value::Text(text) => {
                // A prefix cut off a text with holes keeps what follows, if the cut lies before the first hole.
                if let (Value::Int(from), Value::None) = (&bounds[0], &bounds[1])
                    && *from >= 0
                    && text.find(HOLE).is_some_and(|hole| *from as usize <= hole)
                    && text.is_char_boundary(*from as usize)
                {
                    return Ok(Value::text(&text[*from as usize..]));
                }
                return Ok(Value::hole());
            }
            Value::Object(id) => match self.heap.list(id) {
                Some(list) if !list.is_open => (list.items.clone(), None),
                Some(list) => {
                    let items = list.items.clone();
                    return Ok(self.new_list(items, true));
                }
                None => return Ok(Value::Unknown(Reason::Construct)),
            },
            Value::Unknown(reason) => return Ok(Value::Unknown(reason)),
            Value::External(path) => return Ok(Value::External(path)),
            _ => return Ok(Value::Unknown(Reason::Construct)),
        };
        let count = text.as_ref().map_or(items.len(), |text| text.chars().count()) as i64;
        let bound = |value: &Value, absent: i64| match value {
            Value::None => Some(absent),
            Value::Int(number) => Some(if *number < 0 { (count + number).max(0) } else { (*number).min(count) }),
            _ => None,
        };
        let step = match &bounds[2] {
            Value::None => 1,
            Value::Int(step) if *step != 0 => *step,
            _ => return Ok(Value::Unknown(Reason::Runtime)),
        };
        let (Some(from), Some(to)) = (bound(&bounds[0], 0), bound(&bounds[1], count)) else {
            return Ok(if text.is_some() { Value::hole() } else { self.new_list(items, true) });
        };
        let mut positions: Vec<usize> = (from..to.max(from)).map(|position| position as usize).collect();
        if step < 0 {
            positions.reverse();
        }
        let positions = positions.into_iter().step_by(step.unsigned_abs() as usize);
        Ok(match text {
            Some(text) => {
                let chars: Vec<char> = text.chars().collect();
                Value::text(&positions.map(|position| chars[position]).collect::<String>())
            }
            None => {
                let items = positions.map(|position| items[position].clone()).collect();
                if matches!(object, Value::Tuple(_)) { Value::tuple(items) } else { self.new_list(items, false) }
            }
        })
    }

    pub fn set_item(&mut self, object: &Value, index: Value, value: Value) -> Result<(), Raise> {
        let Value::Object(id) = object else { return Ok(()) };
        match self.heap.get(*id) {
            Object::Instance(instance) => {
                let (class, payload) = (instance.class, instance.payload.clone());
                if let Some((function, _)) = self.class_attribute(class, Symbol::SETITEM) {
                    self.call_bound(object, &function, Args::of([index, value]))?;
                } else if let Some(payload) = payload {
                    self.set_item(&payload, index, value)?;
                }
            }
            Object::Dict(_) => {
                let weak = self.is_weak(*id);
                let Object::Dict(dict) = self.heap.get(*id) else { return Ok(()) };
                let mut dict = dict.clone();
                if weak && let Some(before) = self.dict_get(&dict, &index) {
                    self.dict_put(&mut dict, index, before.or(value));
                } else {
                    self.dict_put(&mut dict, index, value);
                }
                *self.heap.get_mut(*id) = Object::Dict(dict);
            }
            Object::List(_) => {
                if let Object::List(list) = self.heap.get_mut(*id) {
                    match index {
                        Value::Int(position) => {
                            let position = if position < 0 { list.items.len() as i64 + position } else { position };
                            if let Some(slot) = usize::try_from(position).ok().and_then(|position| list.items.get_mut(position)) {
                                *slot = value;
                            }
                        }
                        _ => {
                            list.items.push(value);
                            list.is_open = true;
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    pub fn delete_item(&mut self, object: &Value, index: &Value) -> Result<(), Raise> {
        let Value::Object(id) = object else { return Ok(()) };
        if let Object::Instance(instance) = self.heap.get(*id) {
            let (class, payload) = (instance.class, instance.payload.clone());
            if let Some((function, _)) = self.class_attribute(class, Symbol::DELITEM) {
                self.call_bound(object, &function, Args::of([index.clone()]))?;
            } else if let Some(payload) = payload {
                self.delete_item(&payload, index)?;
            }
            return Ok(());
        }
        if self.undecided > 0 {
            return Ok(());
        }
        if let Object::Dict(dict) = self.heap.get(*id) {
            let keep: Vec<(Value, Value)> = dict.items.iter().filter(|(key, _)| self.equal(key, index) != Some(true)).cloned().collect();
            if let Object::Dict(dict) = self.heap.get_mut(*id) {
                dict.items = keep;
            }
        }
        Ok(())
    }

    /// The elements that iterating gives, and whether there may be others.
    pub fn iterate(&mut self, value: &Value) -> Result<(Vec<Value>, bool), Raise> {
        Ok(match value {
            Value::Tuple(items) => (items.to_vec(), false),
            Value::Text(text) if !text.contains(HOLE) => (text.chars().take(200).map(|c| Value::text(&c.to_string())).collect(), text.len() > 200),
            Value::Union(values) => {
                let mut items = Vec::new();
                for value in values.clone().iter() {
                    items.extend(self.iterate(value)?.0);
                }
                items.truncate(200);
                (items, true)
            }
            Value::Object(id) => match self.heap.get(*id) {
                Object::List(list) => (list.items.clone(), list.is_open),
                Object::Dict(dict) => (dict.items.iter().map(|(key, _)| key.clone()).collect(), dict.is_open),
                Object::Instance(instance) => {
                    let (class, payload) = (instance.class, instance.payload.clone());
                    if let Some((function, _)) = self.class_attribute(class, Symbol::ITER).or_else(|| self.class_attribute(class, Symbol::AITER)) {
                        let result = self.call_bound(value, &function, Args::default())?;
                        if result == *value { (Vec::new(), true) } else { self.iterate(&result)? }
                    } else if let Some(payload) = payload {
                        self.iterate(&payload)?
                    } else {
                        (Vec::new(), true)
                    }
                }
                Object::Class(_) => self.enum_members(*id),
                _ => (Vec::new(), true),
            },
            _ => (Vec::new(), true),
        })
    }

    /// What an element that is not known looks like.
    pub fn unknown_item(&mut self, iterable: &Value) -> Value {
        match iterable {
            Value::Unknown(reason) => Value::Unknown(*reason),
            Value::External(path) => self.external_path(*path, "[]"),
            Value::Text(_) => Value::hole(),
            Value::Object(id) => match self.heap.get(*id) {
                Object::Alias { arguments, .. } => arguments.first().cloned().unwrap_or(Value::Unknown(Reason::Runtime)),
                _ => Value::Unknown(Reason::Runtime),
            },
            _ => Value::Unknown(Reason::Runtime),
        }
    }

    pub fn enum_members(&self, class: ObjectId) -> (Vec<Value>, bool) {
        let Some(object) = self.heap.class(class) else { return (Vec::new(), true) };
        let members: Vec<Value> = object
            .names
            .entries
            .iter()
            .filter(|(_, value)| matches!(value, Value::Object(id) if self.heap.instance(*id).is_some_and(|instance| instance.class == class)))
            .map(|(_, value)| value.clone())
            .collect();
        let is_open = members.is_empty();
        (members, is_open)
    }

    fn is_enum_class(&self, class: ObjectId) -> bool {
        !self.enum_members(class).1
    }

    pub fn dict_get(&self, dict: &DictObject, key: &Value) -> Option<Value> {
        let mut may = Value::Unbound;
        for (known, value) in dict.items.iter().rev() {
            match self.equal(known, key) {
                Some(true) => return Some(if may == Value::Unbound { value.clone() } else { may.or(value.clone()) }),
                Some(false) => {}
                None => may = may.or(value.clone()),
            }
        }
        if may != Value::Unbound {
            return Some(may.or(Value::Unknown(Reason::Runtime)));
        }
        if dict.is_open { Some(Value::Unknown(Reason::Runtime)) } else { None }
    }

    pub fn dict_put(&self, dict: &mut DictObject, key: Value, value: Value) {
        if dict.items.len() < 64 || matches!(key, Value::Text(_)) {
            for (known, slot) in &mut dict.items {
                let same = match (&*known, &key) {
                    (Value::Text(one), Value::Text(two)) => one == two && !one.contains(HOLE),
                    (one, two) => self.equal(one, two) == Some(true),
                };
                if same {
                    *slot = value;
                    return;
                }
            }
        }
        if key.is_opaque() {
            dict.is_open = true;
        }
        dict.items.push((key, value));
    }

    pub fn dict_merge(&mut self, dict: &mut DictObject, other: &Value) {
        match self.payload(other) {
            Value::Object(id) => match self.heap.get(id) {
                Object::Dict(more) => {
                    let more = more.clone();
                    dict.is_open |= more.is_open;
                    for (key, value) in more.items {
                        self.dict_put(dict, key, value);
                    }
                }
                Object::List(list) => {
                    let list = list.clone();
                    dict.is_open |= list.is_open;
                    for pair in list.items {
                        if let Ok((items, false)) = self.iterate(&pair)
                            && let [key, value] = &items[..]
                        {
                            self.dict_put(dict, key.clone(), value.clone());
                        }
                    }
                }
                _ => dict.is_open = true,
            },
            Value::None => {}
            _ => dict.is_open = true,
        }
    }

    // ---- contexts -------------------------------------------------------------------------------------------------------

    pub fn enter_context(&mut self, context: &Value) -> Eval {
        match context {
            Value::Union(values) => {
                let values = values.clone();
                self.call_each(&values, |machine, one| if *one == Value::None { Ok(Value::Unbound) } else { machine.enter_context(one) })
            }
            Value::Object(id) => match self.heap.get(*id) {
                Object::Instance(instance) => {
                    let class = instance.class;
                    for name in [Symbol::ENTER, Symbol::AENTER] {
                        if let Some((function, _)) = self.class_attribute(class, name) {
                            return self.call_bound(context, &function, Args::default());
                        }
                    }
                    Ok(context.clone())
                }
                Object::List(list) if list.kind == ListKind::Iterator => Ok(list.items.first().cloned().unwrap_or(Value::Unknown(Reason::Runtime))),
                _ => Ok(context.clone()),
            },
            other => Ok(other.clone()),
        }
    }

    /// Runs the exit; does it swallow the exception?
    pub fn exit_context(&mut self, context: &Value, exception: Option<&Value>) -> Result<Option<bool>, Raise> {
        let Value::Object(id) = context else { return Ok(None) };
        let Some(instance) = self.heap.instance(*id) else { return Ok(None) };
        let class = instance.class;
        for name in [Symbol::EXIT, Symbol::AEXIT] {
            if let Some((function, _)) = self.class_attribute(class, name) {
                let (kind, value) = match exception {
                    Some(exception) => (self.class_value(exception), exception.clone()),
                    None => (Value::None, Value::None),
                };
                let result = self.call_bound(context, &function, Args::of([kind, value, Value::None]))?;
                return Ok(match result {
                    Value::Bool(truth) => Some(truth),
                    _ => None,
                });
            }
        }
        Ok(None)
    }

    /// Does the context swallow exceptions, asked without one?
    pub fn swallows(&mut self, context: &Value) -> Result<bool, Raise> {
        let Value::Object(id) = context else { return Ok(false) };
        let Some(instance) = self.heap.instance(*id) else { return Ok(false) };
        let class = instance.class;
        let name = self.symbol("covgap_swallows");
        Ok(matches!(self.class_attribute(class, name), Some((Value::Bool(true), _))))
    }

    pub fn module_state(&self, id: ObjectId) -> Option<&ModuleState> {
        match self.heap.get(id) {
            Object::Module(module) => Some(&module.state),
            _ => None,
        }
    }

    pub fn list_of(&mut self, items: Vec<Value>, kind: ListKind) -> Value {
        Value::Object(self.heap.add(Object::List(ListObject { items, is_open: false, kind })))
    }
}
