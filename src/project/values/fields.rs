//! Fields: how instances of data classes and models are filled.
//!
//! `class Item: name: str; size: int = 1` and `Item("a")`: `name` is given, `size` is the class's.

use std::rc::Rc;

use crate::facts::program::Expr;
use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::{AnnotationPlace, Names, Object, Stamp};
use crate::project::values::machine::{Machine, Raise};
use crate::project::values::value::{ObjectId, Value};
use crate::project::world::ModuleKind;

/// The names of a class's fields, those of its bases first, and the objects that say so, as they were.
pub struct FieldNames {
    names: Vec<Symbol>,
    looked_at: Vec<(ObjectId, Stamp)>,
}

impl<'w> Machine<'w> {
    /// Fills an instance from the annotated names of its class: given by position, by name, by default, else by type.
    pub(super) fn fill_fields(
        &mut self,
        instance: &Value,
        positional: &Value,
        named: &Value,
    ) -> Result<(), Raise> {
        let Value::Object(id) = instance else {
            return Ok(());
        };
        let Some(class) = self.heap.instance(*id).map(|instance| instance.class) else {
            return Ok(());
        };
        let (given, _) = self.iterate(positional)?;
        let mut given = given.into_iter();
        let named = match named {
            Value::Object(dict) => match self.heap.get(*dict) {
                Object::Dict(dict) => dict.clone(),
                _ => Default::default(),
            },
            _ => Default::default(),
        };
        let Some(fields) = self.field_names(class) else {
            return Ok(());
        };
        let mut filled = Vec::with_capacity(fields.names.len());
        let mut done = Ok(());
        for &name in &fields.names {
            let spelled = self.spelling(name);
            let mut items = named.items.iter();
            let by_name = items.find(|(key, _)| key.literal() == Some(spelled));
            let by_name = by_name.map(|(_, value)| value.clone());
            let value = match by_name.or_else(|| given.next()) {
                Some(value) => value,
                None if named.is_open => continue,
                None => match self.default_of(class, name) {
                    Ok(Some(value)) => value,
                    Ok(None) => continue,
                    Err(raise) => {
                        done = Err(raise);
                        break;
                    }
                },
            };
            filled.push((name, value));
        }
        self.write_attributes(*id, filled);
        done?;
        if named.is_open
            && let Object::Instance(instance) = self.heap.get_mut(*id)
        {
            // `Item(**answer.json())`: the others are known by their types, once they are asked for.
            instance.is_opaque = true;
        }
        for (key, value) in &named.items {
            if let Some(key) = key.literal() {
                let name = self.symbol(key);
                if self
                    .heap
                    .instance(*id)
                    .is_some_and(|instance| instance.attributes.get(name).is_none())
                {
                    self.write_attribute(*id, name, value.clone(), false);
                }
            }
        }
        Ok(())
    }

    /// Writes several attributes of an instance, each name once.
    fn write_attributes(&mut self, id: ObjectId, values: Vec<(Symbol, Value)>) {
        if values.is_empty() {
            return;
        }
        if let Object::Instance(instance) = self.heap.get_mut(id) {
            if instance.attributes.entries().is_empty() {
                instance.attributes = Names::of(values);
            } else {
                for (name, value) in values {
                    instance.attributes.set(name, value);
                }
            }
        }
    }

    /// The names of a class's fields.
    pub(super) fn field_names_of(&mut self, class: &Value) -> Value {
        let fields = match class {
            Value::Object(class) => self.field_names(*class),
            _ => None,
        };
        let names = fields.iter().flat_map(|fields| &fields.names);
        let names = names.map(|name| Value::Text(self.world.symbols.text(*name)));
        let names = names.collect();
        self.new_list(names, fields.is_none())
    }

    /// The names of a class's functions that bear a mark (`function.mark = …`), those of its bases first.
    pub(super) fn marked_names_of(&mut self, class: &Value, mark: &Value) -> Value {
        let mark = mark.literal().map(|mark| self.symbol(mark));
        let class = match class {
            Value::Object(class) => self.heap.class(*class),
            _ => None,
        };
        let (Some(mark), Some(class)) = (mark, class) else {
            return self.new_list(Vec::new(), true);
        };
        let mut found: Vec<Symbol> = Vec::new();
        for parent in class.mro.iter().rev() {
            let Value::Object(parent) = parent else {
                continue;
            };
            let Some(parent) = self.heap.class(*parent) else {
                continue;
            };
            for (name, value) in parent.names.entries() {
                found.retain(|known| known != name);
                if self.bears(value, mark) {
                    found.push(*name);
                }
            }
        }
        let names = found.into_iter();
        let names = names.map(|name| Value::Text(self.world.symbols.text(name)));
        let names = names.collect();
        self.new_list(names, false)
    }

    /// Has somebody set the attribute on the function, or on the one in `classmethod(…)`?
    fn bears(&self, value: &Value, mark: Symbol) -> bool {
        let Value::Object(id) = value else {
            return false;
        };
        match self.heap.get(*id) {
            Object::Function(function) => function.attributes.get(mark).is_some(),
            Object::Descriptor { function, .. } => self.bears(function, mark),
            _ => false,
        }
    }

    /// None: it is no class.
    fn field_names(&mut self, class: ObjectId) -> Option<Rc<FieldNames>> {
        if let Some(known) = self.field_names.get(&class) {
            let mut looked_at = known.looked_at.iter();
            if looked_at.all(|(id, stamp)| self.heap.stamp_of(*id) == Some(*stamp)) {
                if self.heap.touched().is_watching() {
                    for (id, _) in &known.looked_at {
                        self.heap.get(*id);
                    }
                }
                for (id, _) in &known.looked_at {
                    self.heap.look_at_all(*id);
                }
                return Some(known.clone());
            }
        }
        let found = Rc::new(self.find_field_names(class)?);
        self.field_names.insert(class, found.clone());
        Some(found)
    }

    fn find_field_names(&self, class: ObjectId) -> Option<FieldNames> {
        let mut looked_at = vec![class];
        let mut names: Vec<Symbol> = Vec::new();
        for parent in self.heap.class(class)?.mro.iter().rev() {
            let Value::Object(parent) = parent else {
                continue;
            };
            looked_at.push(*parent);
            let Some(parent) = self.heap.class(*parent) else {
                continue;
            };
            if self.world.kind(parent.module) == ModuleKind::Model {
                continue;
            }
            let own = |name: Symbol| parent.fields.iter().any(|(field, _)| *field == name);
            let declared = parent.fields.iter();
            let declared = declared.filter(|(_, place)| !self.is_of_the_class(*place));
            let mut fields: Vec<Symbol> = declared.map(|(name, _)| *name).collect();
            // `x = attr.ib()` has no annotation.
            for (name, value) in parent.names.entries() {
                let Value::Object(id) = value else { continue };
                let Object::Instance(instance) = self.heap.get(*id) else {
                    continue;
                };
                if own(*name) {
                    continue;
                }
                looked_at.push(*id);
                let classes = self.heap.class(instance.class).map(|class| &class.mro);
                let classes = classes.into_iter().flatten();
                looked_at.extend(classes.filter_map(|class| match class {
                    Value::Object(class) => Some(*class),
                    _ => None,
                }));
                if self.has_mark(value, Symbol::FIELD_MARK) {
                    fields.push(*name);
                }
            }
            for name in fields {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        looked_at.sort_unstable();
        looked_at.dedup();
        let looked_at = looked_at.into_iter();
        let stamped = looked_at.filter_map(|id| Some((id, self.heap.stamp_of(id)?)));
        Some(FieldNames {
            names,
            looked_at: stamped.collect(),
        })
    }

    /// `ClassVar[…]`: what is annotated so is the class's, and no field of its instances.
    ///
    /// Source: <https://docs.python.org/3/library/typing.html#typing.ClassVar>
    pub(super) fn is_of_the_class(&self, annotation: AnnotationPlace) -> bool {
        let Some(unit) = self.world.named(annotation.module) else {
            return false;
        };
        let facts = &unit.facts;
        let outermost = match facts.expr(annotation.expr) {
            Expr::Subscript { object, .. } => facts.expr(object),
            other => other,
        };
        match outermost {
            Expr::Name(name) | Expr::Attribute { name, .. } => facts.name(name) == "ClassVar",
            _ => false,
        }
    }

    /// What the class says that a field is where nobody says anything else.
    pub(super) fn default_of(
        &mut self,
        class: ObjectId,
        name: Symbol,
    ) -> Result<Option<Value>, Raise> {
        let Some((value, _)) = self.class_attribute(class, name) else {
            return Ok(None);
        };
        if self.has_mark(&value, Symbol::FIELD_MARK) {
            let default = self.attribute(&value, Symbol::DEFAULT)?;
            if !default.is_unknown() {
                return Ok(Some(default));
            }
            let factory = self.attribute(&value, Symbol::DEFAULT_FACTORY)?;
            if factory.is_unknown() || factory == Value::None {
                return Ok(None);
            }
            return Ok(Some(self.call(&factory, Args::default())?));
        }
        Ok(Some(value))
    }
}
