//! Classes and functions as objects: definition, instantiation, resolution order, what is an instance of what.
//!
//! `class Users(Base): …` runs its body, linearizes its bases and calls `__init_subclass__`; `Users(db)` runs `__init__`.

use crate::facts::program::{ClassId, FunctionId, ParameterKind, Span};
use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::{ClassObject, FunctionObject, ListObject, Names, Object};
use crate::project::values::machine::{Eval, Frame, Locals, Machine, Raise, Scope};
use crate::project::values::value::{ObjectId, Reason, Value};

impl<'w> Machine<'w> {
    /// The frame's own object, when inner functions can see its locals.
    pub(super) fn closure_of(&self, frame: &Frame<'w>) -> Option<ObjectId> {
        match (&frame.scope, &frame.locals) {
            (Scope::Function, Locals::Shared(object)) => Some(*object),
            (Scope::Function, Locals::Own(_)) | (Scope::Class { .. }, _) => frame.closure,
            (Scope::Module(_), _) => None,
        }
    }

    pub fn make_function(&mut self, frame: &mut Frame<'w>, number: FunctionId) -> Eval {
        let unit = frame.unit;
        let facts = unit.facts.function(number);
        let mut defaults = Vec::new();
        for parameter in unit.facts.parameter_list(facts.parameters) {
            if let Some(default) = parameter.default {
                defaults.push(self.eval(frame, default)?);
            }
        }
        let closure = self.closure_of(frame);
        let object = FunctionObject {
            module: unit.id,
            function: number,
            closure,
            class: None,
            defaults,
            attributes: Names::default(),
        };
        Ok(Value::Object(self.heap.add(Object::Function(object))))
    }

    pub fn define_function(
        &mut self,
        frame: &mut Frame<'w>,
        number: FunctionId,
    ) -> Result<(Symbol, Value), Raise> {
        let unit = frame.unit;
        let facts = unit.facts.function(number);
        let name = unit.symbol(facts.name);
        let function = self.make_function(frame, number)?;
        let value = self.decorate(frame, facts.decorators, function)?;
        Ok((name, value))
    }

    /// Applies decorators from the inside out. One that is not known is taken to return what it was given.
    pub(super) fn decorate(
        &mut self,
        frame: &mut Frame<'w>,
        decorators: Span,
        mut value: Value,
    ) -> Eval {
        let unit = frame.unit;
        let list = unit.facts.expr_list(decorators);
        let mut callees = Vec::with_capacity(list.len());
        for &decorator in list {
            self.set_line(unit.facts.expr_line(decorator));
            callees.push((
                self.eval(frame, decorator)?,
                unit.facts.expr_line(decorator),
            ));
        }
        for (callee, line) in callees.into_iter().rev() {
            self.set_line(line);
            if callee.is_opaque() {
                continue;
            }
            let result = match self.call(&callee, Args::of([value.clone()])) {
                Ok(result) => result,
                Err(Raise::Exhausted) => return Err(Raise::Exhausted),
                Err(Raise::Exception(_)) => Value::Unknown(Reason::Raised),
            };
            if !result.is_opaque() && result != Value::None {
                value = result;
            }
        }
        Ok(value)
    }

    pub fn define_class(
        &mut self,
        frame: &mut Frame<'w>,
        number: ClassId,
    ) -> Result<(Symbol, Value), Raise> {
        let unit = frame.unit;
        let facts = unit.facts.class(number);
        let args = self.eval_arguments(frame, unit.facts.argument_list(facts.arguments))?;
        let name = unit.symbol(facts.name);
        let closure = self.closure_of(frame);
        let bases: Vec<Value> = args
            .positional
            .iter()
            .map(|base| self.base_of(base))
            .collect();
        let subclasses = self.heap.add(Object::List(ListObject::default()));
        // The object exists before its body runs, so that the functions in it know their class.
        let class = self.heap.add(Object::Class(Box::new(ClassObject {
            module: unit.id,
            class: Some(number),
            name,
            metaclass: self.metaclass_of(&args, &bases),
            bases: bases.clone(),
            mro: Vec::new(),
            names: Names::default(),
            fields: Vec::new(),
            closure,
            subclasses,
        })));
        let mut mro = vec![Value::Object(class)];
        mro.extend(self.linearize(&bases));
        if let Object::Class(object) = self.heap.get_mut(class) {
            object.mro = mro;
        }
        let mut body = Frame {
            scope: Scope::Class {
                names: Names::default(),
                fields: Vec::new(),
            },
            ..Frame::new(
                unit,
                frame.function,
                Locals::Own(Vec::new()),
                closure,
                Some(class),
            )
        };
        let done = self.exec_body(&mut body, facts.body);
        let Scope::Class { names, fields } = body.scope else {
            return Ok((name, Value::Unknown(Reason::Construct)));
        };
        if let Err(Raise::Exhausted) = done {
            return Err(Raise::Exhausted);
        }
        for (_, value) in names.entries() {
            self.own_function(value, class);
        }
        if let Object::Class(object) = self.heap.get_mut(class) {
            object.names = names;
            object.fields = fields;
        }
        let named = args.named.into_iter();
        let named = named.filter(|(name, _)| *name != Symbol::METACLASS);
        let made = self.made_by_metaclass(class, named.collect())?;
        let value = self.decorate(frame, facts.decorators, made)?;
        Ok((name, value))
    }

    /// Tells the attributes of a class what they are called there.
    ///
    /// Source: <https://docs.python.org/3/reference/datamodel.html#object.__set_name__>
    pub(super) fn name_attributes(&mut self, class: ObjectId) -> Result<(), Raise> {
        let Some(found) = self.heap.class(class) else {
            return Ok(());
        };
        let named: Vec<(Symbol, ObjectId)> = found
            .names
            .entries()
            .iter()
            .filter_map(|(name, value)| match value {
                Value::Object(id) => Some((*name, *id)),
                _ => None,
            })
            .collect();
        for (name, id) in named {
            let Some(of) = self.heap.instance(id).map(|instance| instance.class) else {
                continue;
            };
            let Some((function, _)) = self.class_attribute(of, Symbol::SET_NAME) else {
                continue;
            };
            let args = Args {
                positional: smallvec::smallvec![
                    Value::Object(class),
                    Value::text(&self.spelled(name))
                ],
                ..Args::default()
            };
            if let Err(Raise::Exhausted) = self.call_bound(&Value::Object(id), &function, args) {
                return Err(Raise::Exhausted);
            }
        }
        Ok(())
    }

    /// Tells functions of a class body which class they belong to, for `super()`.
    pub(super) fn own_function(&mut self, value: &Value, class: ObjectId) {
        let Value::Object(object) = value else { return };
        match self.heap.get(*object) {
            Object::Function(function) if function.class.is_none() => {
                if let Object::Function(function) = self.heap.get_mut(*object) {
                    function.class = Some(class);
                }
            }
            Object::Descriptor { function, .. } => {
                let function = function.clone();
                self.own_function(&function, class);
            }
            Object::Function(_)
            | Object::Class(_)
            | Object::Instance(_)
            | Object::List(_)
            | Object::Dict(_)
            | Object::Module(_)
            | Object::Frame(_)
            | Object::Alias { .. }
            | Object::Partial { .. } => {}
        }
    }

    pub(super) fn base_of(&self, base: &Value) -> Value {
        match base {
            Value::Object(object) => match self.heap.get(*object) {
                Object::Alias { origin, .. } => self.base_of(&origin.clone()),
                Object::Class(_) => base.clone(),
                Object::Function(_)
                | Object::Instance(_)
                | Object::List(_)
                | Object::Dict(_)
                | Object::Module(_)
                | Object::Frame(_)
                | Object::Descriptor { .. }
                | Object::Partial { .. } => Value::Unknown(Reason::Library),
            },
            Value::Union(values) => values
                .iter()
                .find(|value| matches!(value, Value::Object(_)))
                .cloned()
                .unwrap_or(Value::Unknown(Reason::Library)),
            Value::Native(_) | Value::External(_) => base.clone(),
            _ => Value::Unknown(Reason::Library),
        }
    }

    /// C3 linearization of the bases, or the nearest to it.
    pub(super) fn linearize(&self, bases: &[Value]) -> Vec<Value> {
        let mut lists: Vec<Vec<Value>> = bases
            .iter()
            .map(|base| match base {
                Value::Object(object) => self
                    .heap
                    .class(*object)
                    .map_or_else(Vec::new, |class| class.mro.clone()),
                other => vec![other.clone()],
            })
            .collect();
        if let [single] = bases {
            // Nothing to merge, which a chain of thousands of classes would feel.
            let mut ancestors = lists.pop().unwrap_or_default();
            if ancestors.is_empty() {
                ancestors.push(single.clone());
            }
            return ancestors;
        }
        for list in &mut lists {
            list.truncate(MOST_ANCESTORS);
        }
        lists.push(bases.to_vec());
        let mut result: Vec<Value> = Vec::new();
        loop {
            lists.retain(|list| !list.is_empty());
            if lists.is_empty() {
                return result;
            }
            let head = lists
                .iter()
                .map(|list| &list[0])
                .find(|head| !lists.iter().any(|list| list[1..].contains(head)))
                .unwrap_or(&lists[0][0])
                .clone();
            for list in &mut lists {
                list.retain(|value| *value != head);
            }
            if !result.contains(&head) {
                result.push(head);
            }
        }
    }
}

/// Most ancestors of one base that are merged with those of another.
const MOST_ANCESTORS: usize = 500;

/// A parameter with its evaluated annotation and default.
pub struct ParameterSeen {
    pub name: Symbol,
    pub annotation: Option<Value>,
    pub default: Option<Value>,
    pub kind: ParameterKind,
}
