//! Attributes, items and iteration: how objects are read and written.
//!
//! `self.router.prefix` looks at the instance, then along the class's resolution order; a property runs its getter.

use std::sync::Arc;

use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::{DescriptorKind, Object};
use crate::project::values::log::{DoubleSeen, Effect};
use crate::project::values::machine::{Eval, Machine, Raise};
use crate::project::values::natives::Native;
use crate::project::values::value::{Callee, Method, ObjectId, Reason, Value};
use crate::project::world::ModuleKind;

impl<'w> Machine<'w> {
    pub fn attribute(&mut self, object: &Value, name: Symbol) -> Eval {
        match object {
            Value::Object(id) => self.object_attribute(*id, name),
            Value::Union(values) => {
                let values = values.clone();
                self.call_each(&values, |machine, one| {
                    if *one == Value::None {
                        Ok(Value::Unbound)
                    } else {
                        machine.attribute(one, name)
                    }
                })
            }
            // Nothing of the project's stands in a library's class.
            Value::External(_) if name == Symbol::DICT => Ok(self.new_dict(Vec::new())),
            Value::External(path) => {
                let found = self.external_path(*path, name);
                Ok(self.module_of_model(&found).unwrap_or(found))
            }
            Value::Text(_) | Value::Tuple(_) => Ok(Value::Method(Arc::new(Method {
                receiver: object.clone(),
                function: Callee::Builtin(name),
            }))),
            Value::Super(pair) => {
                let pair = pair.clone();
                self.super_attribute(pair.0, &pair.1, name)
            }
            Value::Method(method) => {
                let method = method.clone();
                match (name, &method.function) {
                    (Symbol::SELF_ATTR, _) => Ok(method.receiver.clone()),
                    (Symbol::CALL, _) => Ok(object.clone()),
                    (Symbol::FUNC_ATTR, Callee::Function(function)) => Ok(Value::Object(*function)),
                    (_, Callee::Function(function)) => self.object_attribute(*function, name),
                    (_, Callee::Builtin(_)) => Ok(Value::Unknown(Reason::Construct)),
                }
            }
            Value::Native(native) => Ok(self.native_attribute(*native, name)),
            Value::Unknown(reason) => Ok(Value::Unknown(*reason)),
            Value::Status(_) if name == Symbol::VALUE => Ok(object.clone()),
            _ if name == Symbol::CLASS => Ok(self.class_value(object)),
            Value::Unbound
            | Value::None
            | Value::Ellipsis
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Status(_)
            | Value::Claim(_) => Ok(Value::Unknown(Reason::Attribute)),
        }
    }

    /// The model of a module whose package has none: `urllib.parse` after `import urllib.parse`.
    fn module_of_model(&mut self, path: &Value) -> Option<Value> {
        let Value::External(path) = path else {
            return None;
        };
        let model = self.world.model(&self.spelled(*path))?;
        self.import_module(model).map(Value::Object)
    }

    pub(super) fn object_attribute(&mut self, id: ObjectId, name: Symbol) -> Eval {
        let value = Value::Object(id);
        match self.heap.get(id) {
            Object::Instance(instance) => {
                let is_doubted = self.doubts_types && instance.is_expected;
                if let Some(value) = instance.attributes.get(name) {
                    return Ok(doubted(value.clone(), is_doubted));
                }
                let class = instance.class;
                let (payload, is_opaque) = (instance.payload.clone(), instance.is_opaque);
                match name {
                    Symbol::CLASS => return Ok(Value::Object(class)),
                    Symbol::DICT => {
                        let entries = instance.attributes.entries().to_vec();
                        let items = entries
                            .into_iter()
                            .map(|(name, value)| {
                                (Value::Text(self.world.symbols.text(name)), value)
                            })
                            .collect();
                        return Ok(self.new_dict(items));
                    }
                    _ => {}
                }
                if is_opaque && let Some(value) = self.field_of_record(id, class, name)? {
                    return Ok(value);
                }
                if is_opaque && self.class_attribute(class, name).is_none() {
                    self.initialize(id)?;
                    if let Some(value) = self
                        .heap
                        .instance(id)
                        .and_then(|instance| instance.attributes.get(name))
                    {
                        return Ok(doubted(value.clone(), is_doubted));
                    }
                }
                if let Some((found, _)) = self.class_attribute(class, name) {
                    let bound = self.bind_attribute(&value, &found)?;
                    return Ok(doubted(bound, is_doubted));
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
                Ok(Value::Unknown(if self.has_foreign_base(class) {
                    Reason::Library
                } else {
                    Reason::Attribute
                }))
            }
            Object::Class(class) => {
                match name {
                    Symbol::NAME => return Ok(Value::Text(self.spelled(class.name))),
                    Symbol::QUALNAME => {
                        let (name, module) = (class.name, class.module);
                        let text = class.class.and_then(|class| {
                            let facts = &self.world.named(module)?.facts;
                            Some(facts.name(facts.class(class).qualified_name).to_string())
                        });
                        let text = text.unwrap_or_else(|| self.spelled(name).to_string());
                        return Ok(Value::text(&text));
                    }
                    Symbol::MRO => return Ok(Value::tuple(class.mro.clone())),
                    Symbol::BASES => return Ok(Value::tuple(class.bases.clone())),
                    Symbol::MODULE => {
                        let text = self.world.named(class.module).map(|unit| unit.name.clone());
                        return Ok(Value::text(&text.unwrap_or_default()));
                    }
                    Symbol::DICT => {
                        let entries = class.names.entries().to_vec();
                        let items = entries
                            .into_iter()
                            .map(|(name, value)| {
                                (Value::Text(self.world.symbols.text(name)), value)
                            })
                            .collect();
                        return Ok(self.new_dict(items));
                    }
                    Symbol::ANNOTATIONS => return self.annotations_of(id),
                    Symbol::SUBCLASSES | Symbol::MRO_METHOD
                        if self.class_attribute(id, name).is_none() =>
                    {
                        return Ok(Value::Method(Arc::new(Method {
                            receiver: value,
                            function: Callee::Builtin(name),
                        })));
                    }
                    _ => {}
                }
                match self.class_attribute(id, name) {
                    Some((Value::Object(found), _)) => match self.heap.get(found) {
                        Object::Descriptor {
                            kind: DescriptorKind::Static,
                            function,
                        } => Ok(function.clone()),
                        Object::Descriptor {
                            kind: DescriptorKind::Class,
                            function,
                        } => {
                            let function = function.clone();
                            self.bind_attribute(&value, &function)
                        }
                        Object::Instance(instance) => {
                            match self.class_attribute(instance.class, Symbol::GET) {
                                Some((function, _)) => {
                                    let args = Args::of([Value::None, value]);
                                    self.call_bound(&Value::Object(found), &function, args)
                                }
                                None => Ok(Value::Object(found)),
                            }
                        }
                        _ => Ok(Value::Object(found)),
                    },
                    Some((found, _)) => Ok(found),
                    None if name == Symbol::MEMBERS && self.is_enum_class(id) => {
                        Ok(self.members_by_name(id))
                    }
                    None if let Some(found) = self.of_metaclass(id, name) => {
                        self.bind_attribute(&value, &found)
                    }
                    None if let Some(function) = self.of_metaclass(id, Symbol::GETATTR) => {
                        let spelled = Value::Text(self.spelled(name));
                        self.call_bound(&value, &function, Args::of([spelled]))
                    }
                    None if name == Symbol::NEW => Ok(Value::Native(Native::op_plain)),
                    None => Ok(Value::Unknown(if self.has_foreign_base(id) {
                        Reason::Library
                    } else {
                        Reason::Attribute
                    })),
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
                let unit = match name {
                    Symbol::WRAPPED => self.world.code(module, number),
                    _ => self.world.named(module),
                };
                let Some(unit) = unit else {
                    return Ok(Value::Unknown(Reason::Import));
                };
                let facts = unit.facts.function(number);
                Ok(match name {
                    Symbol::NAME => Value::text(unit.facts.name(facts.name)),
                    Symbol::QUALNAME => Value::text(unit.facts.name(facts.qualified_name)),
                    Symbol::MODULE => Value::text(&unit.name),
                    Symbol::DICT => {
                        let entries = match self.heap.get(id) {
                            Object::Function(function) => function.attributes.entries().to_vec(),
                            _ => Vec::new(),
                        };
                        let items = entries
                            .into_iter()
                            // What wraps a function with a cache has none of its own.
                            .filter(|(name, _)| !matches!(*name, Symbol::KEPT | Symbol::SETTER))
                            .map(|(name, value)| {
                                (Value::Text(self.world.symbols.text(name)), value)
                            })
                            .collect();
                        self.new_dict(items)
                    }
                    Symbol::CALL => value,
                    // A decorator that was left aside, as `lru_cache` is, wraps the function.
                    Symbol::WRAPPED if facts.decorators.len > 0 => value,
                    _ => Value::Unknown(Reason::Attribute),
                })
            }
            Object::Descriptor { function, .. } => {
                let function = function.clone();
                let setter = self.spelled(name);
                if &*setter == "fget" {
                    return Ok(function);
                }
                if matches!(&*setter, "setter" | "getter" | "deleter") {
                    // `@name.setter` leaves the property as it is.
                    return Ok(Value::Method(Arc::new(Method {
                        receiver: value,
                        function: Callee::Builtin(name),
                    })));
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
                if &*self.spelled(name) == "func" {
                    Ok(function)
                } else {
                    self.attribute(&function, name)
                }
            }
            Object::List(_) | Object::Dict(_) => {
                if name == Symbol::CLASS {
                    return Ok(self.class_value(&value));
                }
                Ok(Value::Method(Arc::new(Method {
                    receiver: value,
                    function: Callee::Builtin(name),
                })))
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
                    DescriptorKind::Property => self.computed(receiver, &function),
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

    pub(super) fn super_attribute(
        &mut self,
        class: ObjectId,
        receiver: &Value,
        name: Symbol,
    ) -> Eval {
        let Some(mro) = self
            .class_of_super(class, receiver)
            .and_then(|of| self.heap.class(of))
            .or_else(|| self.heap.class(class))
            .map(|class| class.mro.clone())
        else {
            return Ok(Value::Unknown(Reason::Construct));
        };
        let after = mro
            .iter()
            .position(|one| *one == Value::Object(class))
            .map_or(0, |position| position + 1);
        for one in &mro[after..] {
            match one {
                Value::Object(parent) => {
                    if let Some(found) = self
                        .heap
                        .class(*parent)
                        .and_then(|class| class.names.get(name))
                        .cloned()
                    {
                        return self.bind_attribute(receiver, &found);
                    }
                }
                Value::Native(Native::type_) => break,
                Value::Native(native) => {
                    if let Some(value) = self.native_super(*native, receiver, name) {
                        return Ok(value);
                    }
                }
                _ => {
                    let of_type = self.of_type(receiver, name);
                    return Ok(of_type.unwrap_or(Value::Unknown(Reason::Library)));
                }
            }
        }
        if let Some(value) = self.of_type(receiver, name) {
            return Ok(value);
        }
        if name == Symbol::NEW {
            return Ok(Value::Native(Native::op_plain));
        }
        // `object` has them all.
        Ok(match self.native_attribute(Native::object, name) {
            function @ Value::Native(Native::op_set_plain | Native::getattr | Native::delattr) => {
                Value::Object(self.heap.add(Object::Partial {
                    function,
                    positional: vec![receiver.clone()],
                    named: Vec::new(),
                }))
            }
            _ => Value::Native(Native::nothing),
        })
    }

    /// `object.__setattr__(receiver, name, value)`, which asks no `__setattr__` of the class.
    pub(super) fn set_plain(&mut self, receiver: &Value, name: &Value, value: Value) -> Value {
        if let (Value::Object(id), Some(name)) = (receiver, name.literal()) {
            let (name, weak) = (self.symbol(name), self.is_weak(*id));
            self.write_attribute(*id, name, value, weak);
        }
        Value::None
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

    /// `cls.__annotations__`: the declared names of the class itself.
    fn annotations_of(&mut self, class: ObjectId) -> Eval {
        let Some(found) = self.heap.class(class) else {
            return Ok(Value::Unknown(Reason::Construct));
        };
        let (closure, fields) = (found.closure, found.fields.clone());
        let mut items = Vec::with_capacity(fields.len());
        for (name, place) in fields {
            let annotation = match self.world.named(place.module) {
                Some(unit) => self.annotation(unit, place.expr, closure)?,
                None => Value::Unknown(Reason::Import),
            };
            items.push((Value::Text(self.spelled(name)), annotation));
        }
        Ok(self.new_dict(items))
    }

    pub fn has_foreign_base(&self, class: ObjectId) -> bool {
        self.heap
            .class(class)
            .is_some_and(|class| class.mro.iter().any(Value::is_opaque))
    }

    /// A declared field without a value: an instance of its annotation.
    pub(super) fn field_of(
        &mut self,
        class: ObjectId,
        name: Symbol,
    ) -> Result<Option<Value>, Raise> {
        let Some(found) = self.heap.class(class) else {
            return Ok(None);
        };
        for one in found.mro.clone() {
            let Value::Object(parent) = one else { continue };
            let Some(parent_class) = self.heap.class(parent) else {
                continue;
            };
            let closure = parent_class.closure;
            if let Some((_, place)) = parent_class.fields.iter().find(|(field, _)| *field == name) {
                let place = *place;
                let Some(unit) = self.world.named(place.module) else {
                    return Ok(None);
                };
                let value = self.instance_of_annotation(unit, place.expr, closure)?;
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    pub fn set_attribute(
        &mut self,
        object: &Value,
        name: Symbol,
        value: Value,
    ) -> Result<(), Raise> {
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
        if let Some((setter, receiver)) = self.setter_of(*id, name) {
            let mut args = Args::of([value]);
            args.positional.insert_many(0, receiver);
            self.call(&setter, args)?;
            return Ok(());
        }
        if !self.watched.is_empty() {
            self.note_assigned(*id, name, &value);
        }
        self.write_attribute(*id, name, value, weak);
        Ok(())
    }

    /// A property with the function that is given what is assigned to it, if there is one.
    pub(super) fn property(&mut self, getter: Value, setter: Option<Value>) -> Value {
        if let (Value::Object(id), Some(setter)) = (&getter, setter)
            && let Object::Function(function) = self.heap.get(*id)
        {
            let mut function = function.clone();
            function.attributes.set(Symbol::SETTER, setter);
            let own = Value::Object(self.heap.add(Object::Function(function)));
            return self.descriptor(DescriptorKind::Property, own);
        }
        self.descriptor(DescriptorKind::Property, getter)
    }

    /// Who is told that an attribute of an instance is assigned to, with the arguments that come before the value: the setter of a
    /// property, or the `__set__` of a descriptor.
    ///
    /// Source: <https://docs.python.org/3/howto/descriptor.html#descriptor-protocol>
    fn setter_of(&self, id: ObjectId, name: Symbol) -> Option<(Value, Vec<Value>)> {
        let class = self.heap.instance(id)?.class;
        let (Value::Object(found), _) = self.class_attribute(class, name)? else {
            return None;
        };
        let receiver = Value::Object(id);
        match self.heap.get(found) {
            Object::Descriptor {
                kind: DescriptorKind::Property,
                function: Value::Object(getter),
            } => {
                let Object::Function(getter) = self.heap.get(*getter) else {
                    return None;
                };
                let setter = getter.attributes.get(Symbol::SETTER)?;
                Some((setter.clone(), vec![receiver]))
            }
            Object::Instance(descriptor) => {
                let (setter, _) = self.class_attribute(descriptor.class, Symbol::SET)?;
                Some((setter, vec![Value::Object(found), receiver]))
            }
            _ => None,
        }
    }

    /// `platform.connect = AsyncMock()` in a test takes the place of a watched function.
    fn note_assigned(&mut self, id: ObjectId, name: Symbol, value: &Value) {
        let is_by_test = self
            .stack
            .last()
            .is_some_and(|activation| activation.kind == ModuleKind::Test);
        let Some(instance) = self.heap.instance(id).filter(|_| is_by_test) else {
            return;
        };
        let Some((before, _)) = self.class_attribute(instance.class, name) else {
            return;
        };
        let function = self.code_of(&before);
        let is_replaced = function.is_some_and(|function| self.watched.contains(&function));
        if is_replaced && self.code_of(value) != function {
            let replaces = format!(
                "{}.{}",
                self.describe(&Value::Object(id)),
                self.spelled(name)
            );
            let place = self.own_place();
            self.log.doubles.push(DoubleSeen {
                replaces: Arc::from(replaces),
                how: Arc::from("python/assignment"),
                place,
                function,
                library: None,
                by: None,
                by_library: None,
            });
        }
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
            // What is read off a class method is read off its function.
            Object::Descriptor {
                function: Value::Object(function),
                ..
            } => {
                let function = *function;
                self.write_attribute(function, name, value, weak);
            }
            Object::List(_)
            | Object::Dict(_)
            | Object::Frame(_)
            | Object::Descriptor { .. }
            | Object::Alias { .. }
            | Object::Partial { .. } => {}
        }
    }

    /// Puts a fixture's patch in place again.
    pub fn apply(&mut self, effect: &Effect) -> Result<(), Raise> {
        match effect {
            Effect::Attribute {
                object: Value::Object(id),
                name,
                value,
                before: _,
            } => self.write_attribute(*id, *name, value.clone(), false),
            Effect::Attribute { .. } => {}
            Effect::Item { object, key, value } => {
                self.set_item(object, key.clone(), value.clone())?
            }
        }
        Ok(())
    }
}

/// A default of a class says little about an instance that nobody made.
fn doubted(value: Value, is_doubted: bool) -> Value {
    match value {
        Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) if is_doubted => {
            value.or(Value::Unknown(Reason::Attribute))
        }
        value => value,
    }
}
