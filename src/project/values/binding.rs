//! Binding: what an assignment does to names, attributes and items, and how tuples are taken apart.
//!
//! `method, url = row` binds both; inside an undecided branch, what was bound before remains possible.

use crate::facts::program::{Expr, ExprId, Span};
use crate::project::symbols::Symbol;
use crate::project::values::heap::{AnnotationPlace, Object};
use crate::project::values::machine::{Frame, Locals, Machine, Raise, Scope};
use crate::project::values::value::{Reason, Value};

impl<'w> Machine<'w> {
    pub fn assign(
        &mut self,
        frame: &mut Frame<'w>,
        target: ExprId,
        value: Value,
    ) -> Result<(), Raise> {
        let facts = &frame.unit.facts;
        match facts.expr(target) {
            Expr::Local(slot) => self.set_local(frame, slot as usize, value),
            Expr::Name(name) => {
                let symbol = frame.unit.symbol(name);
                self.bind_name(frame, symbol, value);
            }
            Expr::Attribute { object, name } => {
                let object = self.eval(frame, object)?;
                let symbol = frame.unit.symbol(name);
                for one in object.alternatives() {
                    self.set_attribute(one, symbol, value.clone())?;
                }
            }
            Expr::Subscript { object, index } => {
                let object = self.eval(frame, object)?;
                let index = self.eval(frame, index)?;
                for one in object.alternatives() {
                    self.set_item(one, index.clone(), value.clone())?;
                }
            }
            Expr::Tuple(list) | Expr::List(list) => self.unpack(frame, list, &value)?,
            Expr::Starred(inner) => self.assign(frame, inner, value)?,
            _ => {}
        }
        Ok(())
    }

    pub(super) fn unpack(
        &mut self,
        frame: &mut Frame<'w>,
        targets: Span,
        value: &Value,
    ) -> Result<(), Raise> {
        let facts = &frame.unit.facts;
        let targets = facts.expr_list(targets);
        let (items, is_open) = match value {
            Value::Union(_) => (Vec::new(), true),
            other => self.iterate(other)?,
        };
        let star = targets
            .iter()
            .position(|&target| matches!(facts.expr(target), Expr::Starred(_)));
        if let Value::Union(alternatives) = value {
            // Several tuples: column by column.
            let mut columns = vec![Value::Unbound; targets.len()];
            for alternative in alternatives.iter() {
                let (items, _) = self.iterate(alternative)?;
                for (column, slot) in columns.iter_mut().enumerate() {
                    let item = items
                        .get(column)
                        .cloned()
                        .unwrap_or(Value::Unknown(Reason::Runtime));
                    if items.len() == targets.len() || star.is_some() || items.is_empty() {
                        *slot = std::mem::replace(slot, Value::Unbound).or(item);
                    }
                }
            }
            for (&target, column) in targets.iter().zip(columns) {
                let column = if column == Value::Unbound {
                    Value::Unknown(Reason::Runtime)
                } else {
                    column
                };
                self.assign(frame, target, column)?;
            }
            return Ok(());
        }
        let unknown = self.unknown_item(value);
        match star {
            Some(star) if !is_open && items.len() + 1 >= targets.len() => {
                let after = targets.len() - star - 1;
                for (position, &target) in targets.iter().enumerate() {
                    let item = match position.cmp(&star) {
                        std::cmp::Ordering::Less => items[position].clone(),
                        std::cmp::Ordering::Equal => {
                            self.new_list(items[star..items.len() - after].to_vec(), false)
                        }
                        std::cmp::Ordering::Greater => {
                            items[items.len() - (targets.len() - position)].clone()
                        }
                    };
                    self.assign(frame, target, item)?;
                }
            }
            _ => {
                for (position, &target) in targets.iter().enumerate() {
                    let item = items
                        .get(position)
                        .cloned()
                        .unwrap_or_else(|| unknown.clone());
                    self.assign(frame, target, item)?;
                }
            }
        }
        Ok(())
    }

    pub fn set_local(&mut self, frame: &mut Frame<'w>, slot: usize, value: Value) {
        match &mut frame.locals {
            Locals::Own(values) => {
                if let Some(local) = values.get_mut(slot) {
                    *local = value;
                }
            }
            Locals::Shared(object) => {
                if let Object::Frame(shared) = self.heap.get_mut(*object)
                    && let Some(local) = shared.values.get_mut(slot)
                {
                    *local = value;
                }
            }
        }
    }

    /// Binds a name in the scope of the frame: a local, a class attribute, a global, or a name of an enclosing function.
    pub fn bind_name(&mut self, frame: &mut Frame<'w>, name: Symbol, value: Value) {
        let unit = frame.unit;
        match &mut frame.scope {
            Scope::Class { names, .. } => names.set(name, value),
            Scope::Module(module) => {
                let module = *module;
                self.set_global(module, name, value);
            }
            Scope::Function => {
                let function = unit.facts.function(frame.function);
                if let Some(slot) = function
                    .locals
                    .iter()
                    .position(|local| unit.symbol(*local) == name)
                {
                    self.set_local(frame, slot, value);
                    return;
                }
                let is_global = function
                    .globals
                    .iter()
                    .any(|global| unit.symbol(*global) == name);
                if !is_global && self.set_in_closure(frame.closure, unit, name, &value) {
                    return;
                }
                if let Some(module) = self.module_object(unit.id) {
                    self.set_global(module, name, value);
                }
            }
        }
    }

    pub(super) fn set_in_closure(
        &mut self,
        mut closure: Option<crate::project::values::value::ObjectId>,
        unit: &crate::project::world::Unit,
        name: Symbol,
        value: &Value,
    ) -> bool {
        while let Some(object) = closure {
            let Object::Frame(shared) = self.heap.get(object) else {
                return false;
            };
            closure = shared.closure;
            let locals = &unit.facts.function(shared.function).locals;
            if let Some(slot) = locals.iter().position(|local| unit.symbol(*local) == name) {
                let weak = self.is_weak(object);
                if let Object::Frame(shared) = self.heap.get_mut(object) {
                    let before = std::mem::replace(&mut shared.values[slot], Value::Unbound);
                    shared.values[slot] = if weak {
                        before.or(value.clone())
                    } else {
                        value.clone()
                    };
                }
                return true;
            }
        }
        false
    }

    pub fn set_global(
        &mut self,
        module: crate::project::values::value::ObjectId,
        name: Symbol,
        value: Value,
    ) {
        let weak = self.is_weak(module);
        if let Object::Module(object) = self.heap.get_mut(module) {
            match object.names.get_mut(&name) {
                Some(before) if weak => {
                    *before = std::mem::replace(before, Value::Unbound).or(value)
                }
                Some(before) => *before = value,
                None => {
                    object.names.bind_first(name, value);
                }
            }
        }
    }

    pub(super) fn declare(&mut self, frame: &mut Frame<'w>, target: ExprId, annotation: ExprId) {
        let unit = frame.unit;
        let place = AnnotationPlace {
            module: unit.id,
            expr: annotation,
        };
        if let (Scope::Class { fields, .. }, Expr::Name(name)) =
            (&mut frame.scope, unit.facts.expr(target))
        {
            let name = unit.symbol(name);
            if !fields.iter().any(|(known, _)| *known == name) {
                fields.push((name, place));
            }
        }
    }

    pub(super) fn delete(&mut self, frame: &mut Frame<'w>, target: ExprId) -> Result<(), Raise> {
        if let Expr::Subscript { object, index } = frame.unit.facts.expr(target) {
            let object = self.eval(frame, object)?;
            let index = self.eval(frame, index)?;
            for one in object.alternatives() {
                self.delete_item(one, &index)?;
            }
        }
        if let Expr::Attribute { object, name } = frame.unit.facts.expr(target)
            && let Value::Object(id) = self.eval(frame, object)?
            && !self.is_weak(id)
        {
            let name = frame.unit.symbol(name);
            let names = match self.heap.get_mut(id) {
                Object::Function(function) => Some(&mut function.attributes),
                Object::Instance(instance) => Some(&mut instance.attributes),
                Object::Class(class) => Some(&mut class.names),
                _ => None,
            };
            if let Some(names) = names {
                names.remove(name);
            }
        }
        Ok(())
    }

    /// `assert isinstance(x, C)` and `assert x is not None`: from here on, `x` is that.
    pub(super) fn narrow(&mut self, frame: &mut Frame<'w>, test: ExprId) -> Result<(), Raise> {
        let facts = &frame.unit.facts;
        match facts.expr(test) {
            Expr::Call {
                function,
                arguments,
            } => {
                let list = facts.argument_list(arguments);
                let [subject, class] = list else {
                    return Ok(());
                };
                let Expr::Local(slot) = facts.expr(subject.value) else {
                    return Ok(());
                };
                let Value::Native(crate::project::values::natives::Native::isinstance) =
                    self.eval(frame, function)?
                else {
                    return Ok(());
                };
                let known = self.local(frame, slot as usize);
                if known.is_opaque() && !matches!(known, Value::Unknown(Reason::Answer(_))) {
                    let class = self.eval(frame, class.value)?;
                    let instance = self.instance_of(&class)?;
                    self.set_local(frame, slot as usize, instance);
                }
            }
            Expr::Compare {
                operator: crate::facts::program::CompareOperator::IsNot,
                left,
                right,
            } => {
                if let (Expr::Local(slot), Expr::None) = (facts.expr(left), facts.expr(right))
                    && let Value::Union(values) = self.local(frame, slot as usize)
                {
                    let mut rest = Value::Unbound;
                    for value in values.iter().filter(|value| **value != Value::None) {
                        rest = rest.or(value.clone());
                    }
                    self.set_local(frame, slot as usize, rest);
                }
            }
            _ => {}
        }
        Ok(())
    }
}
