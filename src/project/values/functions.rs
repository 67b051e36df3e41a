//! Functions: which code a callable value stands for, and of what kind it is.
//!
//! `@cached def read(): …` is the project's `read` under a wrapper; `inspect.iscoroutinefunction(read)` decides which wrapper it gets.

use crate::project::symbols::Symbol;
use crate::project::values::heap::Object;
use crate::project::values::machine::Machine;
use crate::project::values::value::{Callee, Value};
use crate::project::world::{ModuleId, ModuleKind};

impl<'w> Machine<'w> {
    /// Is it an `async def` that yields nothing?
    pub(super) fn is_coroutine_function(&self, value: &Value) -> Option<bool> {
        match value {
            Value::Object(id) => match self.heap.get(*id) {
                Object::Function(function) => {
                    let (module, code) = (function.module, function.function);
                    let unit = self.world.code(module, code)?;
                    let facts = unit.facts.function(code);
                    (unit.kind != ModuleKind::Model)
                        .then_some(facts.is_async && !facts.is_generator)
                }
                Object::Partial { function, .. } => self.is_coroutine_function(function),
                Object::Class(_) => Some(false),
                _ => None,
            },
            Value::Method(method) => match &method.function {
                Callee::Function(function) => self.is_coroutine_function(&Value::Object(*function)),
                Callee::Builtin(_) => None,
            },
            _ => None,
        }
    }

    /// Has a function an `except`, or the body of a class or of one that it inherits?
    pub(super) fn catches(&self, value: &Value) -> bool {
        if let Value::Object(id) = value
            && let Some(class) = self.heap.class(*id)
        {
            let classes = class.mro.iter().filter_map(|one| match one {
                Value::Object(id) => self.heap.class(*id),
                _ => None,
            });
            return classes
                .filter_map(|one| Some((one, self.world.loaded(one.module)?)))
                .any(|(one, unit)| {
                    one.class.is_some_and(|class| {
                        let body = unit.facts.class(class);
                        unit.facts.catches_between(body.line, body.last_line)
                    })
                });
        }
        let code = self.code_of(value);
        let unit = code
            .and_then(|(module, function)| Some((self.world.code(module, function)?, function)));
        unit.is_some_and(|(unit, function)| {
            let body = unit.facts.function(function);
            unit.facts.catches_between(body.line, body.last_line)
        })
    }

    /// The project's function behind a value, under wrappers.
    pub fn code_of(&self, value: &Value) -> Option<(ModuleId, crate::facts::program::FunctionId)> {
        match value {
            Value::Object(id) => match self.heap.get(*id) {
                Object::Function(function) => {
                    if let Some(wrapped) = function.attributes.get(Symbol::WRAPPED) {
                        return self.code_of(wrapped);
                    }
                    if self.world.kind(function.module) == ModuleKind::Model {
                        None
                    } else {
                        Some((function.module, function.function))
                    }
                }
                Object::Class(_) => match self.class_attribute(*id, Symbol::INIT) {
                    Some((function, _)) => self.code_of(&function),
                    None => None,
                },
                Object::Descriptor { function, .. } | Object::Partial { function, .. } => {
                    self.code_of(function)
                }
                Object::Instance(instance) => match instance.attributes.get(Symbol::WRAPPED) {
                    Some(wrapped) => self.code_of(wrapped),
                    None => match self.class_attribute(instance.class, Symbol::CALL) {
                        Some((function, _)) => self.code_of(&function),
                        None => None,
                    },
                },
                _ => None,
            },
            Value::Method(method) => match method.function {
                Callee::Function(function) => self.code_of(&Value::Object(function)),
                Callee::Builtin(_) => None,
            },
            _ => None,
        }
    }
}
