//! Records: instances of models and dataclasses whose values came from elsewhere, known by the types of their fields.
//!
//! After `item = Item(**response.json())`, `item.slug` is some text, although the class says `slug: str = ""`.

use crate::project::symbols::Symbol;
use crate::project::values::heap::Object;
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

    /// Does a library make the constructor from the annotated names of the class?
    fn is_record(&self, class: ObjectId) -> bool {
        match self.class_attribute(class, Symbol::INIT) {
            Some((Value::Object(function), _)) => matches!(
                self.heap.get(function),
                Object::Function(function) if self.world.kind(function.module) == ModuleKind::Model
            ),
            _ => false,
        }
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
