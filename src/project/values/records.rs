//! Records: instances of models and dataclasses whose values came from elsewhere, known by the types of their fields.
//!
//! After `item = Item(**response.json())`, `item.slug` is some text, although the class says `slug: str = ""`.

use crate::facts::program::ParameterKind;
use crate::project::symbols::Symbol;
use crate::project::values::heap::{FunctionObject, Object};
use crate::project::values::machine::{Machine, Raise};
use crate::project::values::value::{ObjectId, Value};
use crate::project::world::ModuleKind;

impl<'w> Machine<'w> {
    /// A declared field of a record that is only known by its type: its default where that says something, else what its
    /// annotation says. What a test reads was filled by the project, so an empty default does not say anything there.
    pub(super) fn field_of_record(
        &mut self,
        id: ObjectId,
        class: ObjectId,
        name: Symbol,
    ) -> Result<Option<Value>, Raise> {
        if !self.is_record(class) || !self.declares(class, name) {
            return Ok(None);
        }
        let is_in_test = self
            .own_activation()
            .is_some_and(|activation| activation.kind == ModuleKind::Test);
        // What nobody made may have any value of its type.
        let is_doubted = self.doubts_types
            && self
                .heap
                .instance(id)
                .is_some_and(|instance| instance.is_expected);
        let value = match self.default_of(class, name)? {
            Some(default) if !(is_doubted || is_in_test && is_empty(&default)) => Some(default),
            _ => self.field_of(class, name)?,
        };
        if let Some(value) = &value {
            self.write_attribute(id, name, value.clone(), false);
        }
        Ok(value)
    }

    /// Does a library make the constructor from the annotated names of the class? One of the project's that takes whatever
    /// it is given by name hands that on to it.
    fn is_record(&self, class: ObjectId) -> bool {
        let Some(found) = self.heap.class(class) else {
            return false;
        };
        for parent in &found.mro {
            let Value::Object(parent) = parent else {
                continue;
            };
            let init = self.heap.class(*parent);
            match init.and_then(|parent| parent.names.get(Symbol::INIT)) {
                None => {}
                Some(Value::Object(init)) => match self.heap.get(*init) {
                    Object::Function(function)
                        if self.world.kind(function.module) == ModuleKind::Model =>
                    {
                        return true;
                    }
                    Object::Function(function) if self.takes_any_name(function) => {}
                    _ => return false,
                },
                Some(_) => return false,
            }
        }
        false
    }

    /// `def __init__(self, **data)`
    fn takes_any_name(&self, function: &FunctionObject) -> bool {
        let unit = self.world.code(function.module, function.function);
        unit.is_some_and(|unit| {
            let parameters = unit.facts.function(function.function).parameters;
            let mut parameters = unit.facts.parameter_list(parameters).iter();
            parameters.any(|parameter| parameter.kind == ParameterKind::DoubleStar)
        })
    }

    fn declares(&self, class: ObjectId, name: Symbol) -> bool {
        self.heap.class(class).is_some_and(|class| {
            class.mro.iter().any(|one| match one {
                Value::Object(parent) => self
                    .heap
                    .class(*parent)
                    .is_some_and(|parent| parent.fields.iter().any(|(field, _)| *field == name)),
                _ => false,
            })
        })
    }
}

/// `None` and `""`, which stand for what is not there yet.
fn is_empty(value: &Value) -> bool {
    *value == Value::None || value.literal() == Some("")
}
